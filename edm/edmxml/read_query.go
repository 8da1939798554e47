package edmxml

import (
	"oots/edm"
	"oots/regrep"
	"oots/xml/xmltree"
)

// query reads query:Query and the response option before it: what is asked for and about whom.
func (r *reader) query(query *xmltree.Element, q *edm.Request) {
	option := r.root.First(regrep.NamespaceQuery, "ResponseOption")
	returns, _ := option.Attr("", "returnType")
	r.Check("R-EDM-REQ-C024", returns == regrep.LeafClassWithRepositoryItem, or(option, r.root), returns, regrep.LeafClassWithRepositoryItem)
	definition, _ := query.Attr("", "queryDefinition")
	r.Check("R-EDM-REQ-C025", definition == documentQuery, or(query, r.root), definition, documentQuery)

	s := regrep.ReadSlots(query)
	s.Parent = or(query, r.root)
	r.Only("R-EDM-REQ-S049", s, "EvidenceRequest", "LegalPerson", "NaturalPerson", "AuthorizedRepresentative",
		"AuthorizedRepresentativeLegalPerson")
	r.Check("R-EDM-REQ-S016", s.Count("NaturalPerson")+s.Count("LegalPerson") == 1, s.Parent, "",
		"either a natural person or a legal person")
	r.evidenceRequest(s, q)
	r.subject(s, q)
	r.representatives(s, q)
}

// or returns e, or the element to blame when e is not there.
func or(e, other *xmltree.Element) *xmltree.Element {
	if e != nil {
		return e
	}
	return other
}

func (r *reader) subject(s regrep.Slots, q *edm.Request) {
	r.Type("R-EDM-REQ-S035", s, "NaturalPerson", regrep.AnyValue)
	r.Type("R-EDM-REQ-S034", s, "LegalPerson", regrep.AnyValue)
	if slot, ok := s.Get("NaturalPerson"); ok {
		r.Holds("R-EDM-REQ-S046", slot.Value, sdgName("Person"))
		if e := slot.Value.First(sdg, "Person"); e != nil {
			q.NaturalPerson = r.person(e, personWire{
				schemeGiven: "R-EDM-REQ-C041", scheme: "R-EDM-REQ-C042", blank: "R-EDM-REQ-C038", pattern: "R-EDM-REQ-C040",
			})
		}
	}
	if slot, ok := s.Get("LegalPerson"); ok {
		r.Holds("R-EDM-REQ-S047", slot.Value, sdgName("LegalPerson"))
		if e := slot.Value.First(sdg, "LegalPerson"); e != nil {
			q.LegalPerson = r.legalPerson(e, "R-EDM-REQ-C052", "R-EDM-REQ-C053")
		}
	}
}

// representatives reads who acts for the subject. Several mandates are one scope: that of the natural
// representative, else of the legal one.
func (r *reader) representatives(s regrep.Slots, q *edm.Request) {
	r.Type("R-EDM-REQ-S036", s, "AuthorizedRepresentative", regrep.AnyValue)
	r.Type("R-EDM-REQ-S055", s, "AuthorizedRepresentativeLegalPerson", regrep.AnyValue)
	if slot, ok := s.Get("AuthorizedRepresentative"); ok {
		r.Holds("R-EDM-REQ-S048", slot.Value, sdgName("Person"))
		if e := slot.Value.First(sdg, "Person"); e != nil {
			q.Representative = r.person(e, personWire{
				schemeGiven: "R-EDM-REQ-C062", scheme: "R-EDM-REQ-C063", blank: "R-EDM-REQ-C060", pattern: "R-EDM-REQ-C061",
			})
			q.RepresentativePowerScope = r.powerScope(e, "R-EDM-REQ-C081")
		}
	}
	if slot, ok := s.Get("AuthorizedRepresentativeLegalPerson"); ok {
		r.Holds("R-EDM-REQ-S056", slot.Value, sdgName("LegalPerson"))
		if e := slot.Value.First(sdg, "LegalPerson"); e != nil {
			q.RepresentativeLegal = r.legalPerson(e, "R-EDM-REQ-C086", "R-EDM-REQ-C087")
			if scope := r.powerScope(e, "R-EDM-REQ-C091"); q.RepresentativePowerScope == "" {
				q.RepresentativePowerScope = scope
			}
		}
	}
}

func (r *reader) evidenceRequest(s regrep.Slots, q *edm.Request) {
	const name = "EvidenceRequest"
	r.One("R-EDM-REQ-S015", s, name)
	r.Type("R-EDM-REQ-S033", s, name, regrep.AnyValue)
	slot, _ := s.Get(name)
	r.Holds("R-EDM-REQ-S044", slot.Value, sdgName("DataServiceEvidenceType"))
	e := slot.Value.First(sdg, "DataServiceEvidenceType")
	if e == nil {
		return
	}
	r.Children("R-EDM-REQ-S045", e, sdg, "Identifier", "EvidenceTypeClassification", "Title", "Description", "DistributedAs")
	q.Evidence = readConformance(e)
	q.Evidence.ID = e.First(sdg, "Identifier").Value()
	for d := range e.All(sdg, "DistributedAs") {
		q.Evidence.Distributions = append(q.Evidence.Distributions, readDistribution(d))
		if d.First(sdg, "Transformation") != nil {
			r.Check("R-EDM-REQ-C072", d.First(sdg, "ConformsTo") != nil, d, "", "a data model beside a transformation")
			r.Check(edm.RuleContent, false, d.First(sdg, "Transformation"), "", "no transformation, which 2.0 has given up")
		}
	}
}

// readConformance reads classification, titles and descriptions. The classification is compared as
// written. [R-EDM-REQ-C027]
func readConformance(e *xmltree.Element) edm.EvidenceType {
	return edm.EvidenceType{
		Classification: e.First(sdg, "EvidenceTypeClassification").Text(),
		Titles:         readTexts(e, "Title"),
		Descriptions:   readTexts(e, "Description"),
	}
}

func readDistribution(e *xmltree.Element) edm.Distribution {
	d := edm.Distribution{
		Format:     e.First(sdg, "Format").Value(),
		ConformsTo: e.First(sdg, "ConformsTo").Value(),
	}
	for l := range e.All(sdg, "Language") {
		d.Languages = append(d.Languages, l.Value())
	}
	for k := range e.All(sdg, "AssociatedDocumentRequest") {
		d.Associated = append(d.Associated, edm.DocumentKind(k.Value()))
	}
	return d
}
