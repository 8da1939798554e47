package coordinator

import (
	"cmp"
	"slices"
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/directory/lcm"
)

// procedureSheet is a procedure as the country implements it, and the requirements that it asks for.
type procedureSheet struct {
	Framework    directory.ReferenceFramework
	Requirements []string

	d     *draft
	isNew bool
}

func openProcedure(p *Page, d *draft, id string, _ input) (sheet, bool) {
	s := &procedureSheet{d: d}
	for i := range d.at(directory.EvidenceBroker).Requirements {
		r := &d.at(directory.EvidenceBroker).Requirements[i]
		for j := range r.Frameworks {
			if sameID(r.Frameworks[j].ID, id) {
				s.Framework = r.Frameworks[j]
				s.Requirements = append(s.Requirements, r.ID)
			}
		}
	}
	if s.Framework.ID != "" {
		return s, true
	}
	s.isNew = true
	s.Framework = directory.ReferenceFramework{ID: cmp.Or(id, p.config.Clock.NewUUID()), Jurisdiction: d.jurisdiction()}
	return s, id == "" || directory.IsUUID(id)
}

func (s *procedureSheet) id() string    { return s.Framework.ID }
func (s *procedureSheet) title() string { return titleOf(s.Framework.Titles) }
func (s *procedureSheet) fresh() bool   { return s.isNew }
func (s *procedureSheet) content() any  { return s }

func (s *procedureSheet) groups(v *visit, in input) []group {
	var codes []option
	for _, row := range codelist.Procedures.Rows() {
		codes = append(codes, option{Value: row.Code, Label: row.Code, Hint: row.Label, Chosen: slices.Contains(s.Framework.Procedures, row.Code)})
	}
	return []group{
		{ID: "words", Title: v.T("coordinator/procedure.words"), Fields: []field{
			texts(v, "title", v.T("coordinator/procedure.titles"), v.T("coordinator/procedure.titlesHint"), s.Framework.Titles, false, in.more("title")),
			texts(v, "description", v.T("coordinator/procedure.descriptions"), "", s.Framework.Descriptions, true, in.more("description")),
		}},
		{ID: "asks", Title: v.T("coordinator/procedure.asks"), Fields: []field{
			choices("requirement", v.T("coordinator/procedure.requirements"), v.T("coordinator/procedure.requirementsHint"), requirementOptions(v, s.d, s.Requirements)),
		}},
		{ID: "codes", Title: v.T("coordinator/procedure.codes"), Fields: []field{
			choices("code", v.T("coordinator/procedure.code"), v.T("coordinator/procedure.codeHint"), codes),
			fact(v.T("coordinator/procedure.identifier"), s.Framework.ID),
		}},
	}
}

// requirementOptions are all requirements that are known, by name.
func requirementOptions(v *visit, d *draft, chosen []string) []option {
	var out []option
	seen := map[string]bool{}
	add := func(r *directory.Requirement) {
		if !seen[r.ID] {
			seen[r.ID] = true
			out = append(out, option{Value: r.ID, Label: cmp.Or(v.In(r.Names).Value, r.ID), Chosen: slices.Contains(chosen, r.ID)})
		}
	}
	for i := range d.all.Requirements {
		add(&d.all.Requirements[i])
	}
	own := d.at(directory.EvidenceBroker).Requirements
	for i := range own {
		add(&own[i])
	}
	slices.SortFunc(out, func(a, b option) int { return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	return out
}

func (s *procedureSheet) take(v *visit, in input) mistakes {
	var m mistakes
	s.Framework.Titles, s.Framework.Descriptions = in.texts("title"), in.texts("description")
	s.Framework.Procedures, s.Requirements = in.list("code"), known(in.list("requirement"), requirementOptions(v, s.d, nil))
	m.wantTexts(v, "title", s.Framework.Titles, true)
	m.wantTexts(v, "description", s.Framework.Descriptions, false)
	if len(s.Requirements) == 0 {
		m.add("requirement", v.T("coordinator/procedure.noRequirement"))
	}
	if len(s.Framework.Procedures) == 0 {
		m.add("code", v.T("coordinator/procedure.noCode"))
	}
	return m
}

// known are the values that stand among options.
func known(values []string, options []option) []string {
	var out []string
	for _, x := range values {
		if slices.ContainsFunc(options, func(o option) bool { return o.Value == x }) && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

func (s *procedureSheet) put(d *draft) {
	p := d.edit(directory.EvidenceBroker)
	for _, id := range s.Requirements {
		r := in(p, id)
		at := slices.IndexFunc(r.Frameworks, func(f directory.ReferenceFramework) bool { return sameID(f.ID, s.Framework.ID) })
		if at < 0 {
			r.Frameworks = append(r.Frameworks, s.Framework)
		} else {
			r.Frameworks[at] = s.Framework
		}
	}
	s.drop(p, s.Requirements)
}

func (s *procedureSheet) remove(d *draft) { s.drop(d.edit(directory.EvidenceBroker), nil) }

// drop takes the framework out of all requirements but some.
func (s *procedureSheet) drop(p *directory.Partition, keep []string) {
	for i := range p.Requirements {
		if r := &p.Requirements[i]; !slices.Contains(keep, r.ID) {
			r.Frameworks = slices.DeleteFunc(r.Frameworks, func(f directory.ReferenceFramework) bool { return sameID(f.ID, s.Framework.ID) })
		}
	}
	tidy(p)
}

func (s *procedureSheet) concerns(f *lcm.Finding) bool {
	return f.Node == lcm.NodeFramework && sameID(f.Record, s.Framework.ID)
}
