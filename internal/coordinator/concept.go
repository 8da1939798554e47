package coordinator

import (
	"cmp"
	"slices"
	"strings"

	"oots/directory"
)

// maxConcepts bounds the questions of one form.
const maxConcepts = 12

// concepts are the questions that the data services of the draft ask, each once.
func (d *draft) concepts() []directory.Concept {
	var out []directory.Concept
	seen := map[string]bool{}
	all := d.at(directory.DataServiceDirectory).Services
	for i := range all {
		for _, c := range all[i].Classifications {
			if id := strings.ToLower(c.ID); !seen[id] {
				seen[id] = true
				out = append(out, c)
			}
		}
	}
	slices.SortFunc(out, func(a, b directory.Concept) int { return cmp.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID)) })
	return out[:min(len(out), maxConcepts)]
}

// of is the concept of the service with this identifier, nil when it does not have it.
func (s *serviceSheet) concept(id string) *directory.Concept {
	for i := range s.Service.Classifications {
		if sameID(s.Service.Classifications[i].ID, id) {
			return &s.Service.Classifications[i]
		}
	}
	return nil
}

// asked are the concepts of the service and of the draft.
func (s *serviceSheet) asked() []directory.Concept {
	out := slices.Clone(s.Service.Classifications)
	for _, c := range s.d.concepts() {
		if s.concept(c.ID) == nil {
			c.SupportedValues = nil
			out = append(out, c)
		}
	}
	return out
}

// conceptGroups ask for which answers the provider is the right one.
func (s *serviceSheet) conceptGroups(v *visit, in input) []group {
	g := group{ID: "questions", Title: v.T("coordinator/concept.questions"), Hint: v.T("coordinator/concept.questionsHint")}
	for _, c := range s.asked() {
		hint := v.T("coordinator/concept.valuesHint")
		if c.CodeList != "" {
			hint = v.T("coordinator/concept.codesHint", "list", c.CodeList)
		}
		if c.Kind() == directory.ConceptBoolean {
			hint = v.T("coordinator/concept.booleanHint")
		}
		g.Fields = append(g.Fields, field{Form: "area", Name: "values-" + strings.ToLower(c.ID), Label: cmp.Or(v.In(c.Descriptions).Value, c.ID), Hint: hint, Value: strings.Join(c.SupportedValues, "\n")})
	}
	lists := []option{{Value: "", Label: v.T("coordinator/concept.noList"), Chosen: s.Asked.List == ""}}
	for _, l := range s.d.at(directory.SemanticRepository).CodeLists {
		lists = append(lists, option{Value: l.URL, Label: l.URL, Chosen: l.URL == s.Asked.List})
	}
	kinds := []option{
		{Value: directory.ConceptCodeList, Label: v.T("coordinator/concept.codelist"), Chosen: s.Asked.Type == directory.ConceptCodeList},
		{Value: directory.ConceptString, Label: v.T("coordinator/concept.string"), Chosen: s.Asked.Type == directory.ConceptString},
		{Value: directory.ConceptBoolean, Label: v.T("coordinator/concept.boolean"), Chosen: s.Asked.Type == directory.ConceptBoolean},
	}
	added := group{ID: "question", Title: v.T("coordinator/concept.new"), Hint: v.T("coordinator/concept.newHint"), Fields: []field{
		texts(v, "question", v.T("coordinator/concept.question"), "", s.Asked.Texts, false, in.more("question")),
		choice("questionType", v.T("coordinator/concept.type"), "", kinds),
		choice("questionList", v.T("coordinator/concept.list"), "", lists),
		{Form: "area", Name: "questionValues", Label: v.T("coordinator/concept.values"), Hint: v.T("coordinator/concept.valuesHint"), Value: strings.Join(s.Asked.Values, "\n")},
	}}
	return []group{g, added}
}

func (s *serviceSheet) takeConcepts(v *visit, in input, m *mistakes) {
	var out []directory.Concept
	for _, c := range s.asked() {
		if c.SupportedValues = valuesOf(in.Get("values-" + strings.ToLower(c.ID))); len(c.SupportedValues) > 0 {
			out = append(out, c)
		}
	}
	q := &s.Asked
	q.Texts, q.Type, q.List, q.Values = in.texts("question"), in.text("questionType"), in.text("questionList"), valuesOf(in.Get("questionValues"))
	m.wantTexts(v, "question", q.Texts, false)
	if len(q.Texts) > 0 && in.Get("more") == "" {
		c := directory.Concept{ID: q.ID, Type: q.Type, Descriptions: q.Texts, SupportedValues: q.Values}
		if q.Type == directory.ConceptCodeList {
			c.CodeList, c.ValueExpression = q.List, q.List
			if q.List == "" {
				m.add("questionList", v.T("coordinator/concept.wantList"))
			}
		}
		if len(q.Values) == 0 {
			m.add("questionValues", v.T("coordinator/concept.wantValues"))
		}
		if len(*m) == 0 {
			out = append(out, c)
		}
	}
	s.Service.Classifications = out
}

// valuesOf are the lines of a text, each once.
func valuesOf(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}
