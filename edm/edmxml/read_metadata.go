package edmxml

import (
	"oots/codelist"
	"oots/edm"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// metadata reads the sdg:Evidence of a document and returns it, or nil when there is none.
func (r *reader) metadata(e *xmltree.Element, d *edm.Document) *xmltree.Element {
	const name = "EvidenceMetadata"
	s := regrep.ReadSlots(e)
	r.One("R-EDM-RESP-S015", s, name)
	r.Type("R-EDM-RESP-S024", s, name, regrep.AnyValue)
	slot, _ := s.Get(name)
	r.Holds("R-EDM-RESP-S029", slot.Value, sdgName("Evidence"))
	evidence := slot.Value.First(sdg, "Evidence")
	if evidence != nil {
		d.Evidence = r.evidence(evidence)
	}
	return evidence
}

// packed reads the metadata of a document in a package: complete on the main evidence, next to nothing on others.
func (r *reader) packed(e *xmltree.Element, d *edm.Document) {
	evidence := r.metadata(e, d)
	switch {
	case evidence == nil:
	case d.Kind == edm.MainEvidence:
		r.complete("R-EDM-RESP-S062", evidence)
	case r.set.Has(codelist.DocumentKinds, string(d.Kind)):
		for _, child := range [...]string{"IsAbout", "IssuingAuthority", "IsConformantTo", "IssuingDate", "ValidityPeriod"} {
			r.Check("R-EDM-RESP-S063", evidence.First(sdg, child) == nil, evidence, "", "no child "+child+" on a supplementary document")
		}
		model := evidence.First(sdg, "Distribution").First(sdg, "ConformsTo")
		r.Check("R-EDM-RESP-S063", model == nil, evidence, "", "no data model on a supplementary document")
	}
}

// complete wants all that the metadata of an evidence may not leave out.
func (r *reader) complete(id rule.ID, evidence *xmltree.Element) {
	for _, child := range [...]string{"Identifier", "IsAbout", "IssuingAuthority", "IsConformantTo", "IssuingDate", "Distribution"} {
		r.Check(id, evidence.First(sdg, child) != nil, evidence, "", "a child "+child+" in the metadata of an evidence")
	}
	if e := evidence.First(sdg, "Identifier"); e != nil && e.Value() == "" { // package edm takes it for a missing one
		r.Add("R-EDM-RESP-C015", rule.Fatal, e, "", "a UUID")
	}
}

func (r *reader) evidence(e *xmltree.Element) edm.Evidence {
	out := edm.Evidence{
		ID:          e.First(sdg, "Identifier").Value(),
		IssuingDate: edm.Date(e.First(sdg, "IssuingDate").Value()),
		ValidFrom:   edm.Date(e.First(sdg, "ValidityPeriod").First(sdg, "StartDate").Value()),
		ValidUntil:  edm.Date(e.First(sdg, "ValidityPeriod").First(sdg, "EndDate").Value()),
	}
	about := e.First(sdg, "IsAbout")
	if p := about.First(sdg, "NaturalPerson"); p != nil {
		r.Children("R-EDM-RESP-S041", p, sdg, "Identifier", "FamilyName", "GivenName", "DateOfBirth", "PlaceOfBirth")
		out.NaturalPerson = r.person(p, personWire{schemeGiven: "R-EDM-RESP-C030", scheme: "R-EDM-RESP-C031", pattern: "R-EDM-RESP-C028"})
	}
	if l := about.First(sdg, "LegalPerson"); l != nil {
		r.Children("R-EDM-RESP-S042", l, sdg, "LegalPersonIdentifier", "LegalName")
		out.LegalPerson = r.legalPerson(l, "R-EDM-RESP-C036", "R-EDM-RESP-C037")
	}
	if a := e.First(sdg, "IssuingAuthority"); a != nil {
		agent := r.readAgent(a)
		out.IssuingAuthority = &agent
	}
	if t := e.First(sdg, "IsConformantTo"); t != nil {
		r.Children("R-EDM-RESP-S030", t, sdg, "EvidenceTypeClassification", "Title", "Description")
		if r.set.Before(edm.V11) && r.set.Strict() { // the schema of 1.0 leaves it out, its rule does not [open-questions C12]
			r.Check("R-EDM-RESP-S030", t.First(sdg, "Description") != nil, t, "", "a description")
		}
		conformance := readConformance(t)
		out.Conformance = &conformance
	}
	if d := e.First(sdg, "Distribution"); d != nil {
		n := 0
		for f := range d.All(sdg, "Format") {
			if n++; f.Value() == "" { // package edm takes it for a missing one
				r.Add("R-EDM-RESP-C023", rule.Fatal, f, "", "a code of OOTSMediaTypes")
			}
		}
		r.Check("R-EDM-RESP-C058", n == 1, d, "", "exactly one format")
		if d.First(sdg, "Transformation") != nil {
			r.Check("R-EDM-RESP-C045", d.First(sdg, "ConformsTo") != nil, d, "", "a data model beside a transformation")
		}
		out.Distribution = r.readDistribution(d)
		if r.says.transformation {
			out.Distribution.Transformation = d.First(sdg, "Transformation").Value()
		}
	}
	return out
}
