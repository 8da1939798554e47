package edmxml

import (
	"strings"

	"oots/edm"
	"oots/regrep"
	"oots/rule"
)

// kindRules are the numbers for one kind of supplementary document. They are crossed in the published list:
// S059 to S061 are not in the order of S052 to S054.
type kindRules struct {
	kind                  edm.DocumentKind
	source, target, bound rule.ID
}

var kinds = [...]kindRules{
	{edm.Annex, "R-EDM-RESP-S052", "R-EDM-RESP-S056", "R-EDM-RESP-S059"},
	{edm.HumanReadableVersion, "R-EDM-RESP-S053", "R-EDM-RESP-S057", "R-EDM-RESP-S061"},
	{edm.Translation, "R-EDM-RESP-S054", "R-EDM-RESP-S058", "R-EDM-RESP-S060"},
}

// associations judges how the documents of one package hang together: each supplementary document is the
// source of an association of its kind, whose target is the main evidence. [R-EDM-RESP-S050 to S061]
func (r *reader) associations(members []member, p *edm.Package) {
	byID := make(map[string]*member, len(members))
	bySource := make(map[string][]*member, len(members))
	for i := range members {
		m := &members[i]
		if m.index >= 0 {
			byID[m.id] = m
		} else {
			bySource[m.from] = append(bySource[m.from], m)
		}
	}
	for i := range members {
		m := &members[i]
		if m.index < 0 {
			r.association(m, byID)
			continue
		}
		for _, k := range kinds {
			if m.kind == k.kind {
				p.Documents[m.index].AssociationID = r.bound(m, bySource[m.id], k)
			}
		}
	}
}

// association judges both ends by the type of the association.
func (r *reader) association(m *member, byID map[string]*member) {
	for _, k := range kinds {
		if m.assoc != regrep.AssociationPrefix+string(k.kind) {
			continue
		}
		source, target := byID[m.from], byID[m.into]
		r.Check(k.source, source != nil && source.kind == k.kind, m.e, m.from, "a source classified "+string(k.kind))
		r.Check(k.target, target != nil && target.kind == edm.MainEvidence, m.e, m.into, "a target classified MainEvidence")
		return
	}
	r.Add(edm.RuleContent, rule.Warning, m.e, m.assoc, "an association of type Annex, HumanReadableVersion or Translation")
}

// bound returns the id of the association that starts from the document; one of its kind wins.
func (r *reader) bound(m *member, from []*member, k kindRules) string {
	r.Check("R-EDM-RESP-S050", len(from) > 0, m.e, "", "an association that starts from this document")
	id, ok := "", false
	for _, a := range from {
		if typed := strings.HasSuffix(a.assoc, "AssociationType:"+string(k.kind)); id == "" || typed && !ok {
			id, ok = a.id, typed
		}
	}
	r.Check(k.bound, ok, m.e, "", "an association of type "+string(k.kind))
	return id
}
