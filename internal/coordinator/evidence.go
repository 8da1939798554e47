package coordinator

import (
	"slices"

	"oots/directory"
	"oots/directory/lcm"
)

// typeSheet is an evidence type: one document of the country, in every list that names it.
type typeSheet struct {
	Type directory.EvidenceType

	d *draft
}

func openType(_ *Page, d *draft, id string, _ input) (sheet, bool) {
	for _, t := range d.types() {
		if t.Classification == id {
			return &typeSheet{Type: t, d: d}, true
		}
	}
	return nil, false // a new one begins in a list
}

func (s *typeSheet) id() string    { return s.Type.Classification }
func (s *typeSheet) title() string { return titleOf(s.Type.Titles) }
func (s *typeSheet) fresh() bool   { return false }
func (s *typeSheet) content() any  { return s }

func (s *typeSheet) groups(v *visit, in input) []group {
	return []group{{ID: "words", Title: v.T("coordinator/evidence.words"), Fields: []field{
		texts(v, "title", v.T("coordinator/evidence.titles"), v.T("coordinator/evidence.titlesHint"), s.Type.Titles, false, in.more("title")),
		texts(v, "description", v.T("coordinator/evidence.descriptions"), "", s.Type.Descriptions, true, in.more("description")),
		fact(v.T("coordinator/evidence.identifier"), s.Type.Classification),
	}}}
}

func (s *typeSheet) take(v *visit, in input) mistakes {
	var m mistakes
	s.Type.Titles, s.Type.Descriptions = in.texts("title"), in.texts("description")
	m.wantTexts(v, "title", s.Type.Titles, true)
	m.wantTexts(v, "description", s.Type.Descriptions, false)
	return m
}

func (s *typeSheet) put(d *draft) {
	p := d.edit(directory.EvidenceBroker)
	s.each(p, func(l *directory.EvidenceTypeList, at int) { l.Types[at] = s.Type })
}

// remove takes the type out of every list; a list that has no other is left without, and the check says so.
func (s *typeSheet) remove(d *draft) {
	p := d.edit(directory.EvidenceBroker)
	s.each(p, func(l *directory.EvidenceTypeList, at int) { l.Types = slices.Delete(l.Types, at, at+1) })
}

func (s *typeSheet) each(p *directory.Partition, f func(l *directory.EvidenceTypeList, at int)) {
	for i := range p.Requirements {
		for j := range p.Requirements[i].Lists {
			l := &p.Requirements[i].Lists[j]
			if at := slices.IndexFunc(l.Types, func(t directory.EvidenceType) bool { return t.Classification == s.Type.Classification }); at >= 0 {
				f(l, at)
			}
		}
	}
}

func (s *typeSheet) concerns(f *lcm.Finding) bool {
	return f.Node == lcm.NodeEvidenceType && f.Record == s.Type.Classification
}
