package edmxml

import (
	"slices"

	"oots/edm"
	"oots/regrep"
	"oots/rule"
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
	r.querySlots(s)
	r.Check("R-EDM-REQ-S016", s.Count("NaturalPerson")+s.Count("LegalPerson") == 1, s.Parent, "",
		"either a natural person or a legal person")
	r.evidenceRequest(s, q)
	r.subject(s, q)
	r.representatives(s, q)
}

// querySlots closes the list of slots; no rule of 1.0 does, so that a slot it does not know is warned of.
func (r *reader) querySlots(s regrep.Slots) {
	known := []string{"EvidenceRequest", "LegalPerson", "NaturalPerson", "AuthorizedRepresentative", "AuthorizedRepresentativeLegalPerson"}
	if r.says.legalAgent {
		r.Only("R-EDM-REQ-S049", s, known...)
		return
	}
	for i := range s.List {
		if !slices.Contains(known[:4], s.List[i].Name) {
			r.Add(edm.RuleContent, rule.Warning, s.List[i].Element, s.List[i].Name, "a slot that this release line knows here")
		}
	}
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
			r.knownPerson(e)
			q.NaturalPerson = r.person(e, personWire{
				schemeGiven: "R-EDM-REQ-C041", scheme: "R-EDM-REQ-C042", blank: "R-EDM-REQ-C038", pattern: "R-EDM-REQ-C040",
				pattern10: "R-EDM-REQ-C039",
			})
			q.NaturalPerson.Attributes, _ = r.attributes(e, "")
		}
	}
	if slot, ok := s.Get("LegalPerson"); ok {
		r.Holds("R-EDM-REQ-S047", slot.Value, sdgName("LegalPerson"))
		if e := slot.Value.First(sdg, "LegalPerson"); e != nil {
			r.knownLegalPerson(e)
			q.LegalPerson = r.legalPerson(e, "R-EDM-REQ-C052", "R-EDM-REQ-C053")
			q.LegalPerson.Attributes, _ = r.attributes(e, "")
		}
	}
}

// representatives reads who acts for the subject. The mandate is that of the natural representative, else of
// the legal one.
func (r *reader) representatives(s regrep.Slots, q *edm.Request) {
	r.Type("R-EDM-REQ-S036", s, "AuthorizedRepresentative", regrep.AnyValue)
	r.Type("R-EDM-REQ-S055", s, "AuthorizedRepresentativeLegalPerson", regrep.AnyValue)
	if slot, ok := s.Get("AuthorizedRepresentative"); ok {
		r.Holds("R-EDM-REQ-S048", slot.Value, sdgName("Person"))
		if e := slot.Value.First(sdg, "Person"); e != nil {
			r.knownPerson(e)
			q.Representative = r.person(e, personWire{
				schemeGiven: "R-EDM-REQ-C062", scheme: "R-EDM-REQ-C063", blank: "R-EDM-REQ-C060", pattern: "R-EDM-REQ-C061",
			})
			if g := e.First(sdg, "Gender"); g != nil && q.Representative.Gender == "" { // package edm takes it for none
				r.Check("R-EDM-REQ-C124", false, g, "", "a code of Gender")
			}
			q.Representative.Attributes, q.RepresentativePowerScope = r.attributes(e, "R-EDM-REQ-C081")
		}
	}
	if slot, ok := s.Get("AuthorizedRepresentativeLegalPerson"); ok {
		r.Holds("R-EDM-REQ-S056", slot.Value, sdgName("LegalPerson"))
		if e := slot.Value.First(sdg, "LegalPerson"); e != nil {
			r.knownLegalPerson(e)
			q.RepresentativeLegal = r.legalPerson(e, "R-EDM-REQ-C086", "R-EDM-REQ-C087")
			var scope string
			q.RepresentativeLegal.Attributes, scope = r.attributes(e, "R-EDM-REQ-C091")
			switch all := q.RepresentativeLegal.Attributes; {
			case q.RepresentativePowerScope == "":
				q.RepresentativePowerScope = scope
			case scope != "" && scope != q.RepresentativePowerScope && !carries(all, scope): // a mandate of its own
				q.RepresentativeLegal.Attributes = slices.Insert(all, 0, powerScope(scope))
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
	r.narrow("R-EDM-REQ-S045", e, 5, "Identifier", "EvidenceTypeClassification", "Title", "Description", "DistributedAs")
	q.Evidence = readConformance(e)
	q.Evidence.ID = e.First(sdg, "Identifier").Value()
	for d := range e.All(sdg, "DistributedAs") {
		q.Evidence.Distributions = append(q.Evidence.Distributions, r.wanted(d))
	}
	if q.Evidence.Empty() { // package edm takes it for a missing slot
		r.Check("R-EDM-REQ-C106", false, e, "", "an identifier")
		r.Check("R-EDM-REQ-C027", false, e, "", "the Semantic Repository URL of an evidence type")
		r.Check("R-EDM-REQ-C032", r.set.Before(edm.V20), e, "", "at least one distribution")
	}
}

// wanted reads a form that the requester can take. 2.0 has given transformations up.
func (r *reader) wanted(d *xmltree.Element) edm.Distribution {
	if r.says.transformation {
		r.known(d, "Format", "ConformsTo", "Transformation")
	} else {
		r.known(d, "Format", "Language", "ConformsTo", "AssociatedDocumentRequest", "Transformation")
	}
	if t := d.First(sdg, "Transformation"); t != nil {
		r.Check("R-EDM-REQ-C072", d.First(sdg, "ConformsTo") != nil, d, "", "a data model beside a transformation")
		r.Check(edm.RuleContent, r.says.transformation, t, "", "no transformation, which 2.0 has given up")
	}
	return r.readDistribution(d)
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

func (r *reader) readDistribution(e *xmltree.Element) edm.Distribution {
	d := edm.Distribution{
		Format:     r.code(e.First(sdg, "Format")),
		ConformsTo: e.First(sdg, "ConformsTo").Value(),

		Transformation: e.First(sdg, "Transformation").Value(),
	}
	for l := range e.All(sdg, "Language") {
		d.Languages = append(d.Languages, r.code(l))
	}
	for k := range e.All(sdg, "AssociatedDocumentRequest") {
		d.Associated = append(d.Associated, edm.DocumentKind(r.code(k)))
	}
	return d
}
