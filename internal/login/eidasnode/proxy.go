package eidasnode

import (
	"net/http"
	"net/url"
	"slices"

	"oots/edm"
	eid "oots/eid/eidas"
	"oots/eid/saml"
	"oots/internal/clock"
	"oots/internal/login/demo"
	"oots/internal/web"
)

// personPage lets the user be one of the test persons of the country.
type personPage struct {
	web.Frame
	Country string
	Persons []row
	Levels  []level
	Passage string
	Site    string // that asks
}

type row struct {
	demo.Person
	Outcome string
}

type level struct {
	LoA     edm.LoA
	Name    string
	Checked bool
	Weak    bool // below what was asked
}

// consentPage shows what would be sent.
type consentPage struct {
	web.Frame
	Country, Passage, Person string
	LoA                      edm.LoA
	Site                     string
	Fields                   []field
}

type field struct {
	Name, Value string
	Required    bool
}

// leavePage carries the answer to the site by POST.
type leavePage struct {
	web.Frame
	Address, Response, RelayState, Site string
	Agreed                              bool
}

// receive takes the connector's request as the proxy service of a country does.
func (n *Node) receive(v *visit) error {
	country := v.R.PathValue("country")
	if !slices.Contains(n.Countries(), country) {
		return web.NotFound
	}
	m, err := saml.FromQuery(v.R.URL.RawQuery)
	if err != nil {
		return n.refused(err)
	}
	request, _, err := saml.ReadRequest(m, saml.RequestContext{
		Destination: n.Base + "/eidas/" + country + "/request", Policy: n.policy, Replay: &n.replay, Now: n.Clock.Now(),
		Peer: func(entity string) (*saml.Metadata, bool) { return n.connectorMetadata(), entity == n.connectorID() },
	})
	if err != nil {
		return n.refused(err)
	}
	p, ok := n.find(m.RelayState)
	if !ok || p.own == nil || p.own.ID != request.ID || p.country != country {
		return web.NotFound
	}
	p.received = request
	n.update(m.RelayState, p)
	return v.Redirect("/eidas/" + country + "/person?" + url.Values{"login": {m.RelayState}}.Encode())
}

// under returns the passage that a form or an address names, when it has come to the proxy service of the country.
func (n *Node) under(v *visit) (string, passage, error) {
	name := v.R.FormValue("login")
	p, ok := n.find(name)
	if !ok || p.received == nil || p.country != v.R.PathValue("country") {
		return "", p, web.NotFound
	}
	return name, p, nil
}

// choose shows the persons, and after one is chosen what would be sent.
func (n *Node) choose(v *visit) error {
	name, p, err := n.under(v)
	if err != nil {
		return err
	}
	if v.R.Method == http.MethodPost {
		person, ok := n.person(p, v.R.PostForm.Get("person"))
		if !ok {
			return n.show(v, http.StatusUnprocessableEntity, name, p, v.T("login/eidasnode/proxy.nobody"))
		}
		return n.askConsent(v, name, p, person, levelOf(v.R.PostForm.Get("loa")))
	}
	return n.show(v, http.StatusOK, name, p, "")
}

// persons are those of the country who are of the kind that was asked for.
func (n *Node) persons(p passage) []demo.Person {
	var out []demo.Person
	for _, x := range n.Persons {
		if x.Identity.Country == p.country && (x.Identity.Legal != nil) == p.received.Legal() {
			out = append(out, x)
		}
	}
	return out
}

func (n *Node) person(p passage, key string) (demo.Person, bool) {
	list := n.persons(p)
	i := slices.IndexFunc(list, func(x demo.Person) bool { return x.Key == key })
	if i < 0 {
		return demo.Person{}, false
	}
	return list[i], true
}

// levelOf takes the highest for what is no level.
func levelOf(s string) edm.LoA {
	if l := edm.LoA(s); l.AtLeast(edm.Low) {
		return l
	}
	return edm.High
}

func (n *Node) show(v *visit, status int, name string, p passage, wrong string) error {
	page := personPage{Frame: v.Frame(v.T("login/eidasnode/proxy.title", "country", v.Country(p.country))), Country: p.country, Passage: name, Site: p.site.ProviderName}
	for _, x := range n.persons(p) {
		page.Persons = append(page.Persons, row{Person: x, Outcome: demo.Explain(v.Printer, x.Outcome)})
	}
	if wrong != "" && len(page.Persons) > 0 {
		page.Errors = []web.FieldError{{Field: "person-" + page.Persons[0].Key, Text: wrong}}
	}
	for _, l := range []level{
		{LoA: edm.High, Name: v.T("login/eidasnode/proxy.high"), Checked: true}, {LoA: edm.Substantial, Name: v.T("login/eidasnode/proxy.substantial")},
		{LoA: edm.Low, Name: v.T("login/eidasnode/proxy.low")},
	} {
		l.Weak = !p.received.Accepts(eid.LevelOf(l.LoA))
		page.Levels = append(page.Levels, l)
	}
	return v.Show(status, "person", &page)
}

// askConsent shows each attribute that would go to the site.
func (n *Node) askConsent(v *visit, name string, p passage, x demo.Person, l edm.LoA) error {
	page := consentPage{
		Frame: v.Frame(v.T("login/eidasnode/proxy.consent")), Country: p.country, Passage: name, Person: x.Key, LoA: l, Site: p.site.ProviderName,
	}
	for _, a := range sent(x.Identity, p.received) {
		d, _ := eid.Define(a.Name)
		f := field{Name: label(v.Printer, a.Name), Required: d.Mandatory || d.Representative}
		for i, value := range a.Values {
			if i > 0 {
				f.Value += " · "
			}
			f.Value += value.Text
		}
		page.Fields = append(page.Fields, f)
	}
	return v.Show(http.StatusOK, "consent", &page)
}

// consent sends the answer: the person, or that there is none.
func (n *Node) consent(v *visit) error {
	name, p, err := n.under(v)
	if err != nil {
		return err
	}
	x, ok := n.person(p, v.R.PostForm.Get("person"))
	agreed := v.R.PostForm.Get("answer") == "agree"
	if agreed && !ok {
		return n.show(v, http.StatusUnprocessableEntity, name, p, v.T("login/eidasnode/proxy.nobody"))
	}
	if !n.end(name) {
		return web.NotFound
	}
	response, err := n.proxyAnswer(p, x, eid.LevelOf(levelOf(v.R.PostForm.Get("loa"))), agreed)
	if err != nil {
		return err
	}
	// Connector and service are one process here: the answer need not travel through the browser between them.
	forSite, err := n.answer(url.Values{"SAMLResponse": {response}, "RelayState": {name}}, p)
	if err != nil {
		return err
	}
	page := leavePage{Frame: v.Frame(v.T("login/eidasnode/proxy.leave")), Address: p.site.ConsumerURL, Response: forSite, RelayState: p.siteRelay, Site: p.site.ProviderName, Agreed: agreed}
	page.Leads = true
	return v.Show(http.StatusOK, "leave", &page)
}

// proxyAnswer is the signed answer of the proxy service to the connector.
func (n *Node) proxyAnswer(p passage, x demo.Person, l eid.Level, agreed bool) (string, error) {
	now := n.Clock.Now()
	r := &saml.Response{
		ID: "_" + clock.Token(16), AssertionID: "_" + clock.Token(16), IssueInstant: now, Issuer: n.ProxyID(p.country),
		Destination: p.received.ConsumerURL, InResponseTo: p.received.ID, Audience: p.received.Issuer,
	}
	switch {
	case !agreed:
		r.Status, r.SubStatus = saml.StatusResponder, saml.StatusRequestDenied
	case !p.received.Accepts(l):
		r.Status, r.SubStatus = saml.StatusResponder, saml.StatusNoAuthnContext
	default:
		r.Attributes = sent(x.Identity, p.received)
		r.NameID, r.NameIDFormat = nameID(x.Identity), saml.NameIDPersistent
		r.Level, r.AuthnInstant, r.NotOnOrAfter = l, now, now.Add(saml.Strict().Lifetime)
	}
	return r.Write(n.proxies[p.country].signer, saml.EncryptionKey{Certificate: n.connector.cert}, n.policy)
}
