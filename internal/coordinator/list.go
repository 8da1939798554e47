package coordinator

import (
	"cmp"
	"slices"
	"strings"

	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
)

// listSheet is one way to prove a requirement, or the declaration that there is none.
type listSheet struct {
	List        directory.EvidenceTypeList
	Requirement string
	NewTitles   edm.Texts // of an evidence type that is added here
	NewType     string    // its classification

	d     *draft
	isNew bool
}

func openList(p *Page, d *draft, id string, query input) (sheet, bool) {
	s := &listSheet{d: d, NewType: p.url("evidencetypeclassifications/" + d.country + "/" + p.config.Clock.NewUUID())}
	broker := d.at(directory.EvidenceBroker)
	for i := range broker.Requirements {
		for j := range broker.Requirements[i].Lists {
			if l := &broker.Requirements[i].Lists[j]; sameID(l.ID, id) {
				s.List, s.Requirement = *l, broker.Requirements[i].ID
				return s, true
			}
		}
	}
	s.isNew = true
	s.List = directory.EvidenceTypeList{ID: cmp.Or(id, p.config.Clock.NewUUID()), Jurisdiction: d.jurisdiction()}
	s.Requirement = query.Get("requirement")
	return s, id == "" || directory.IsUUID(id)
}

func (s *listSheet) id() string    { return s.List.ID }
func (s *listSheet) title() string { return titleOf(s.List.Names) }

func (s *listSheet) fresh() bool { return s.isNew }

func (s *listSheet) content() any {
	return &listSheet{List: s.List, Requirement: s.Requirement}
}

func (s *listSheet) groups(v *visit, in input) []group {
	nothing := s.List.MatchType == directory.NoMatch
	var chosen []string
	for i := range s.List.Types {
		chosen = append(chosen, s.List.Types[i].Classification)
	}
	return []group{
		{ID: "proves", Title: v.T("coordinator/list.proves"), Fields: []field{
			must(v, "requirement", v.T("coordinator/list.requirement"), requirementOptions(v, s.d, []string{s.Requirement})),
			texts(v, "name", v.T("coordinator/list.names"), v.T("coordinator/list.namesHint"), s.List.Names, false, in.more("name")),
			choice("match", v.T("coordinator/list.match"), "", []option{
				{Value: "", Label: v.T("coordinator/list.some"), Chosen: !nothing}, {Value: directory.NoMatch, Label: v.T("coordinator/list.none"), Chosen: nothing},
			}),
		}},
		{ID: "types", Title: v.T("coordinator/list.types"), Hint: v.T("coordinator/list.typesHint"), Fields: []field{
			choices("type", v.T("coordinator/list.type"), v.T("coordinator/list.typeHint"), typeOptions(v, s.d, chosen)),
			texts(v, "new", v.T("coordinator/list.new"), v.T("coordinator/list.newHint"), s.NewTitles, false, in.more("new")),
		}},
		{ID: "nothing", Title: v.T("coordinator/list.nothing"), Fields: []field{
			texts(v, "reason", v.T("coordinator/list.reason"), v.T("coordinator/list.reasonHint"), s.List.MatchDescriptions, true, in.more("reason")),
			fact(v.T("coordinator/list.identifier"), s.List.ID),
		}},
	}
}

// types are the evidence types of the draft, each once, by title.
func (d *draft) types() []directory.EvidenceType {
	var out []directory.EvidenceType
	broker := d.at(directory.EvidenceBroker)
	seen := map[string]bool{}
	for i := range broker.Requirements {
		for j := range broker.Requirements[i].Lists {
			for _, t := range broker.Requirements[i].Lists[j].Types {
				if !seen[t.Classification] {
					seen[t.Classification] = true
					out = append(out, t)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b directory.EvidenceType) int {
		return cmp.Or(cmp.Compare(strings.ToLower(titleOf(a.Titles)), strings.ToLower(titleOf(b.Titles))), cmp.Compare(a.Classification, b.Classification))
	})
	return out
}

func typeOptions(v *visit, d *draft, chosen []string) []option {
	var out []option
	for _, t := range d.types() {
		out = append(out, option{Value: t.Classification, Label: cmp.Or(v.In(t.Titles).Value, t.Classification), Chosen: slices.Contains(chosen, t.Classification)})
	}
	return out
}

func (s *listSheet) take(v *visit, in input) mistakes {
	var m mistakes
	s.Requirement = in.text("requirement")
	s.List.Names, s.List.MatchDescriptions, s.NewTitles = in.texts("name"), in.texts("reason"), in.texts("new")
	m.wantTexts(v, "name", s.List.Names, true)
	if len(known([]string{s.Requirement}, requirementOptions(v, s.d, nil))) == 0 {
		m.add("requirement", v.T("coordinator/list.noRequirement"))
	}
	s.List.Types, s.List.MatchType = nil, ""
	for _, t := range s.d.types() {
		if slices.Contains(in.list("type"), t.Classification) {
			s.List.Types = append(s.List.Types, t)
		}
	}
	some := len(s.List.Types) > 0 || len(s.NewTitles) > 0
	if in.text("match") == directory.NoMatch {
		s.List.MatchType = directory.NoMatch
		m.wantTexts(v, "reason", s.List.MatchDescriptions, true)
		if some {
			m.add("match", v.T("coordinator/list.both"))
		}
		return m
	}
	s.List.MatchDescriptions = nil
	m.wantTexts(v, "new", s.NewTitles, false)
	if !some {
		m.add("type", v.T("coordinator/list.neither"))
	}
	return m
}

func (s *listSheet) put(d *draft) {
	if len(s.NewTitles) > 0 {
		s.List.Types = append(s.List.Types, directory.EvidenceType{Classification: s.NewType, Titles: s.NewTitles})
	}
	p := d.edit(directory.EvidenceBroker)
	s.drop(p)
	r := in(p, s.Requirement)
	r.Lists = append(r.Lists, s.List)
	slices.SortFunc(r.Lists, func(a, b directory.EvidenceTypeList) int { return cmp.Compare(listID(&a), listID(&b)) })
	tidy(p)
}

func (s *listSheet) remove(d *draft) {
	p := d.edit(directory.EvidenceBroker)
	s.drop(p)
	tidy(p)
}

func (s *listSheet) drop(p *directory.Partition) {
	for i := range p.Requirements {
		r := &p.Requirements[i]
		r.Lists = slices.DeleteFunc(r.Lists, func(l directory.EvidenceTypeList) bool { return sameID(l.ID, s.List.ID) })
	}
}

func (s *listSheet) concerns(f *lcm.Finding) bool {
	return f.Node == lcm.NodeList && sameID(f.Record, s.List.ID)
}
