package directoryxml

import (
	"oots/directory"
	"oots/regrep"
	"oots/xml/xmltree"
)

// ReadRequirement reads an sdg:Requirement. The error is an *Error when e is another element, or when the
// requirement or a list or framework in it has no identifier.
func ReadRequirement(e *xmltree.Element) (directory.Requirement, error) {
	if err := expect(e, "Requirement"); err != nil {
		return directory.Requirement{}, err
	}
	r := directory.Requirement{ID: value(e, "Identifier"), Names: readTexts(e, "Name"), Descriptions: readTexts(e, "Description")}
	if r.ID == "" {
		return directory.Requirement{}, missing(e, "Identifier")
	}
	for f := range e.All(regrep.NamespaceSDG, "ReferenceFramework") {
		framework, err := ReadFramework(f)
		if err != nil {
			return directory.Requirement{}, err
		}
		r.Frameworks = append(r.Frameworks, framework)
	}
	for l := range e.All(regrep.NamespaceSDG, "EvidenceTypeList") {
		list, err := ReadList(l)
		if err != nil {
			return directory.Requirement{}, err
		}
		r.Lists = append(r.Lists, list)
	}
	return r, nil
}

// ReadFramework reads an sdg:ReferenceFramework. The error is an *Error when e is another element or has no
// identifier.
func ReadFramework(e *xmltree.Element) (directory.ReferenceFramework, error) {
	if err := expect(e, "ReferenceFramework"); err != nil {
		return directory.ReferenceFramework{}, err
	}
	f := directory.ReferenceFramework{
		ID:           value(e, "Identifier"),
		Titles:       readTexts(e, "Title"),
		Descriptions: readTexts(e, "Description"),
		Jurisdiction: ReadJurisdiction(e),
	}
	if f.ID == "" {
		return directory.ReferenceFramework{}, missing(e, "Identifier")
	}
	for p := range e.All(regrep.NamespaceSDG, "RelatedTo") {
		if code := value(p, "Identifier"); code != "" {
			f.Procedures = append(f.Procedures, code)
		}
	}
	return f, nil
}

// ReadList reads an sdg:EvidenceTypeList. Up to 1.2 its types have the jurisdiction: the list takes the
// country of the first. The error is an *Error when e is another element or has no identifier, or when a type
// has no classification.
func ReadList(e *xmltree.Element) (directory.EvidenceTypeList, error) {
	if err := expect(e, "EvidenceTypeList"); err != nil {
		return directory.EvidenceTypeList{}, err
	}
	l := directory.EvidenceTypeList{
		ID:                value(e, "Identifier"),
		Names:             readTexts(e, "Name"),
		MatchType:         value(e, "MatchType"),
		MatchDescriptions: readTexts(e, "MatchDescription"),
		Jurisdiction:      ReadJurisdiction(e),
	}
	if l.ID == "" {
		return directory.EvidenceTypeList{}, missing(e, "Identifier")
	}
	for t := range e.All(regrep.NamespaceSDG, "EvidenceType") {
		et, err := ReadEvidenceType(t)
		if err != nil {
			return directory.EvidenceTypeList{}, err
		}
		l.Types = append(l.Types, et)
		if l.Jurisdiction.Country == "" && len(et.Jurisdictions) > 0 {
			l.Jurisdiction.Country = et.Jurisdictions[0].Country
		}
	}
	return l, nil
}

// ReadEvidenceType reads an sdg:EvidenceType. The error is an *Error when e is another element or has no
// classification.
func ReadEvidenceType(e *xmltree.Element) (directory.EvidenceType, error) {
	if err := expect(e, "EvidenceType"); err != nil {
		return directory.EvidenceType{}, err
	}
	t := evidenceTypeOf(e)
	if t.Classification == "" {
		return directory.EvidenceType{}, missing(e, "EvidenceTypeClassification")
	}
	for j := range e.All(regrep.NamespaceSDG, "Jurisdiction") {
		t.Jurisdictions = append(t.Jurisdictions, jurisdictionOf(j))
	}
	return t, nil
}

// evidenceTypeOf reads what an sdg:EvidenceType and an sdg:DataServiceEvidenceType begin with.
func evidenceTypeOf(e *xmltree.Element) directory.EvidenceType {
	return directory.EvidenceType{
		Classification: value(e, "EvidenceTypeClassification"),
		Titles:         readTexts(e, "Title"),
		Descriptions:   readTexts(e, "Description"),
	}
}
