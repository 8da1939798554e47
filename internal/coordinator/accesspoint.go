package coordinator

import (
	"cmp"
	"slices"

	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
)

// accessSheet is an access point with the lines of the exchange that it speaks, in every data service behind it.
type accessSheet struct {
	ID    edm.Identifier
	Names edm.Texts
	Lines []edm.Version

	d *draft
}

func openAccess(_ *Page, d *draft, id string, _ input) (sheet, bool) {
	for _, a := range d.accessPoints() {
		if partyID(a.ID) == id {
			a.d = d
			return &a, true
		}
	}
	return nil, false // a new one begins with a data service
}

// accessPoints are those of the draft, each once, by identifier.
func (d *draft) accessPoints() []accessSheet {
	var out []accessSheet
	seen := map[edm.Identifier]bool{}
	all := d.at(directory.DataServiceDirectory).Services
	for i := range all {
		if s := &all[i]; !seen[s.AccessPoint] {
			seen[s.AccessPoint] = true
			out = append(out, accessSheet{ID: s.AccessPoint, Names: s.AccessName, Lines: s.ConformsTo})
		}
	}
	slices.SortFunc(out, func(a, b accessSheet) int { return cmp.Compare(partyID(a.ID), partyID(b.ID)) })
	return out
}

func (s *accessSheet) id() string    { return partyID(s.ID) }
func (s *accessSheet) title() string { return s.ID.Value }
func (s *accessSheet) fresh() bool   { return false }
func (s *accessSheet) content() any  { return s }

func (s *accessSheet) groups(v *visit, in input) []group {
	return []group{{ID: "access", Title: v.T("coordinator/accesspoint.access"), Fields: []field{
		fact(v.T("coordinator/accesspoint.identifier"), partyID(s.ID)),
		linesField(v, s.Lines),
		texts(v, "accessName", v.T("coordinator/accesspoint.names"), "", s.Names, false, in.more("accessName")),
	}}}
}

// linesField asks which lines of the exchange an access point speaks.
func linesField(v *visit, chosen []edm.Version) field {
	var out []option
	for _, l := range edm.Versions() {
		out = append(out, option{Value: string(l), Label: string(l), Chosen: slices.Contains(chosen, l)})
	}
	return choices("line", v.T("coordinator/accesspoint.lines"), v.T("coordinator/accesspoint.linesHint"), out)
}

// takeLines reads linesField.
func takeLines(v *visit, in input, m *mistakes) []edm.Version {
	var out []edm.Version
	for _, l := range edm.Versions() {
		if slices.Contains(in.list("line"), string(l)) {
			out = append(out, l)
		}
	}
	if len(out) == 0 {
		m.add("line", v.T("coordinator/accesspoint.noLine"))
	}
	return out
}

func (s *accessSheet) take(v *visit, in input) mistakes {
	var m mistakes
	s.Lines, s.Names = takeLines(v, in, &m), in.texts("accessName")
	m.wantTexts(v, "accessName", s.Names, false)
	return m
}

func (s *accessSheet) put(d *draft) {
	p := d.edit(directory.DataServiceDirectory)
	for i := range p.Services {
		if p.Services[i].AccessPoint == s.ID {
			p.Services[i].AccessName, p.Services[i].ConformsTo = s.Names, s.Lines
		}
	}
}

// remove takes the access point out with all data services behind it.
func (s *accessSheet) remove(d *draft) {
	p := d.edit(directory.DataServiceDirectory)
	p.Services = slices.DeleteFunc(p.Services, func(x directory.DataService) bool { return x.AccessPoint == s.ID })
}

func (s *accessSheet) concerns(f *lcm.Finding) bool {
	return f.Node == lcm.NodeAccess && f.Record == s.ID.Value
}
