package coordinator

import (
	"cmp"
	"slices"
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
)

// providerSheet is an evidence provider, in every data service that it has.
type providerSheet struct {
	Publisher directory.Publisher

	d *draft
}

// partyID names a provider or an access point in addresses.
func partyID(id edm.Identifier) string { return id.Scheme + " " + id.Value }

func openProvider(_ *Page, d *draft, id string, _ input) (sheet, bool) {
	for _, u := range d.publishers() {
		if partyID(u.ID) == id {
			return &providerSheet{Publisher: u, d: d}, true
		}
	}
	return nil, false // a new one begins with a data service
}

// publishers are the providers of the draft, each once, by name.
func (d *draft) publishers() []directory.Publisher {
	var out []directory.Publisher
	seen := map[edm.Identifier]bool{}
	all := d.at(directory.DataServiceDirectory).Services
	for i := range all {
		if u := all[i].Publisher; !seen[u.ID] {
			seen[u.ID] = true
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b directory.Publisher) int {
		return cmp.Or(cmp.Compare(strings.ToLower(titleOf(a.Names)), strings.ToLower(titleOf(b.Names))), cmp.Compare(a.ID.Value, b.ID.Value))
	})
	return out
}

func (s *providerSheet) id() string    { return partyID(s.Publisher.ID) }
func (s *providerSheet) title() string { return titleOf(s.Publisher.Names) }
func (s *providerSheet) fresh() bool   { return false }
func (s *providerSheet) content() any  { return s }

func (s *providerSheet) groups(v *visit, in input) []group {
	return []group{{ID: "provider", Title: v.T("coordinator/provider.provider"), Fields: append([]field{
		fact(v.T("coordinator/provider.identifier"), partyID(s.Publisher.ID)),
	}, publisherFields(v, in, &s.Publisher)...)}}
}

// publisherFields ask for what a provider is called and where it is.
func publisherFields(v *visit, in input, u *directory.Publisher) []field {
	a := u.Address
	return []field{
		texts(v, "providerName", v.T("coordinator/provider.names"), "", u.Names, false, in.more("providerName")),
		texts(v, "providerDescription", v.T("coordinator/provider.descriptions"), "", u.Descriptions, true, in.more("providerDescription")),
		line("street", v.T("coordinator/provider.street"), "", a.Thoroughfare),
		line("number", v.T("coordinator/provider.number"), "", a.LocatorDesignator),
		line("postcode", v.T("coordinator/provider.postcode"), "", a.PostCode),
		line("town", v.T("coordinator/provider.town"), "", a.PostCityName),
		line("address", v.T("coordinator/provider.address"), v.T("coordinator/provider.addressHint"), a.FullAddress),
	}
}

// takePublisher reads what publisherFields ask.
func takePublisher(v *visit, in input, u *directory.Publisher, country string, m *mistakes) {
	u.Names, u.Descriptions = in.texts("providerName"), in.texts("providerDescription")
	u.Address.Thoroughfare, u.Address.LocatorDesignator = in.text("street"), in.text("number")
	u.Address.PostCode, u.Address.PostCityName, u.Address.FullAddress = in.text("postcode"), in.text("town"), in.text("address")
	u.Address.Country = cmp.Or(u.Address.Country, country)
	if u.Jurisdiction.Country == "" {
		u.Jurisdiction.Country = country
	}
	m.wantTexts(v, "providerName", u.Names, true)
	m.wantTexts(v, "providerDescription", u.Descriptions, false)
}

func (s *providerSheet) take(v *visit, in input) mistakes {
	var m mistakes
	takePublisher(v, in, &s.Publisher, s.d.country, &m)
	return m
}

func (s *providerSheet) put(d *draft) {
	p := d.edit(directory.DataServiceDirectory)
	for i := range p.Services {
		if p.Services[i].Publisher.ID == s.Publisher.ID {
			p.Services[i].Publisher = s.Publisher
		}
	}
}

// remove takes the provider out with all its data services.
func (s *providerSheet) remove(d *draft) {
	p := d.edit(directory.DataServiceDirectory)
	p.Services = slices.DeleteFunc(p.Services, func(x directory.DataService) bool { return x.Publisher.ID == s.Publisher.ID })
}

func (s *providerSheet) concerns(f *lcm.Finding) bool {
	return f.Node == lcm.NodeProvider && f.Record == s.Publisher.ID.Value
}

// schemeOptions are the schemes of identifiers that parties use: those of EAS, and the unregistered one.
func schemeOptions(v *visit, chosen string) []option {
	out := []option{{Value: "", Label: v.T("coordinator/provider.chooseScheme"), Chosen: chosen == ""}}
	add := func(value, label string) {
		out = append(out, option{Value: value, Label: label, Chosen: value == chosen})
	}
	for _, code := range codelist.EAS.Codes() {
		label := strings.TrimSpace("EAS " + code + " " + codelist.EAS.Label(code))
		add("urn:cef.eu:names:identifier:EAS:"+code, label)
	}
	add(unregistered, v.T("coordinator/provider.unregistered"))
	if chosen != "" && !slices.ContainsFunc(out, func(o option) bool { return o.Value == chosen }) {
		add(chosen, chosen)
	}
	return out
}

const unregistered = "urn:oasis:names:tc:ebcore:partyid-type:unregistered"
