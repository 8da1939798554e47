package directoryxml

import (
	"fmt"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/regrep"
	"oots/xml/xmltree"
)

// An Error says that an element is not what its name promises.
type Error struct {
	Line int // of the element, 1-based
	Msg  string
}

// Error gives line and reason.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// ReadRequirement reads an sdg:Requirement. The error is an *Error when e is another element, or when the
// requirement or a list or framework in it has no identifier.
func ReadRequirement(e *xmltree.Element) (directory.Requirement, error) {
	if !e.Is(regrep.NamespaceSDG, "Requirement") {
		return directory.Requirement{}, other(e, "sdg:Requirement")
	}
	r := directory.Requirement{ID: value(e, "Identifier"), Names: readTexts(e, "Name"), Descriptions: readTexts(e, "Description")}
	if r.ID == "" {
		return directory.Requirement{}, missing(e, "Identifier")
	}
	for f := range e.All(regrep.NamespaceSDG, "ReferenceFramework") {
		framework, err := readFramework(f)
		if err != nil {
			return directory.Requirement{}, err
		}
		r.Frameworks = append(r.Frameworks, framework)
	}
	for l := range e.All(regrep.NamespaceSDG, "EvidenceTypeList") {
		list, err := readList(l)
		if err != nil {
			return directory.Requirement{}, err
		}
		r.Lists = append(r.Lists, list)
	}
	return r, nil
}

func readFramework(e *xmltree.Element) (directory.ReferenceFramework, error) {
	f := directory.ReferenceFramework{
		ID:           value(e, "Identifier"),
		Titles:       readTexts(e, "Title"),
		Descriptions: readTexts(e, "Description"),
		Jurisdiction: readJurisdiction(e.First(regrep.NamespaceSDG, "Jurisdiction")),
	}
	if f.ID == "" {
		return f, missing(e, "Identifier")
	}
	for p := range e.All(regrep.NamespaceSDG, "RelatedTo") {
		if code := value(p, "Identifier"); code != "" {
			f.Procedures = append(f.Procedures, code)
		}
	}
	return f, nil
}

func readList(e *xmltree.Element) (directory.EvidenceTypeList, error) {
	l := directory.EvidenceTypeList{
		ID:                value(e, "Identifier"),
		Names:             readTexts(e, "Name"),
		MatchType:         value(e, "MatchType"),
		MatchDescriptions: readTexts(e, "MatchDescription"),
		Jurisdiction:      readJurisdiction(e.First(regrep.NamespaceSDG, "Jurisdiction")),
	}
	if l.ID == "" {
		return l, missing(e, "Identifier")
	}
	for t := range e.All(regrep.NamespaceSDG, "EvidenceType") {
		et := readEvidenceType(t)
		if et.Classification == "" {
			return l, missing(t, "EvidenceTypeClassification")
		}
		l.Types = append(l.Types, et)
		if l.Jurisdiction.Country == "" { // 1.x: the types carry it
			l.Jurisdiction = readJurisdiction(t.First(regrep.NamespaceSDG, "Jurisdiction"))
		}
	}
	return l, nil
}

func readEvidenceType(e *xmltree.Element) directory.EvidenceType {
	return directory.EvidenceType{
		Classification: value(e, "EvidenceTypeClassification"),
		Titles:         readTexts(e, "Title"),
		Descriptions:   readTexts(e, "Description"),
	}
}

func readJurisdiction(e *xmltree.Element) directory.Jurisdiction {
	j := directory.Jurisdiction{Country: value(e, "AdminUnitLevel1")}
	for a := range e.All(regrep.NamespaceSDG, "AdditionalJurisdictionClassification") {
		list, _ := a.Attr("", "listID")
		j.Additional = append(j.Additional, directory.Coded{List: trim(list), Code: a.Value()})
	}
	return j
}

// ReadDataServices reads an sdg:DataServiceEvidenceType. The 1.0 and 1.1 lines put several access services
// into one; each gives a record. The error is an *Error when e is another element, or has no identifier,
// classification or access service.
func ReadDataServices(e *xmltree.Element) ([]directory.DataService, error) {
	if !e.Is(regrep.NamespaceSDG, "DataServiceEvidenceType") {
		return nil, other(e, "sdg:DataServiceEvidenceType")
	}
	t := readEvidenceType(e)
	record := directory.DataService{
		ID:              value(e, "Identifier"),
		Classification:  t.Classification,
		Titles:          t.Titles,
		Descriptions:    t.Descriptions,
		Distributions:   readDistributions(e),
		LoA:             edm.LoA(value(e, "AuthenticationLevelOfAssurance")),
		Classifications: readConcepts(e, "EvidenceProviderClassification"),
	}
	switch {
	case record.ID == "":
		return nil, missing(e, "Identifier")
	case record.Classification == "":
		return nil, missing(e, "EvidenceTypeClassification")
	}
	var all []directory.DataService
	for a := range e.All(regrep.NamespaceSDG, "AccessService") {
		s := record
		s.AccessPoint = readIdentifier(a)
		s.AccessName = readTexts(a, "Name")
		for v := range a.All(regrep.NamespaceSDG, "ConformsTo") {
			s.ConformsTo = append(s.ConformsTo, edm.Version(v.Value()))
		}
		p := a.First(regrep.NamespaceSDG, "Publisher")
		if s.AccessPoint.Value == "" || value(p, "Identifier") == "" {
			return nil, &Error{Line: a.Line, Msg: "sdg:AccessService without its own or its publisher's identifier"}
		}
		s.Publisher = readPublisher(p)
		s.Classifications = withValues(record.Classifications, readConcepts(p, "ClassificationConcept"))
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, missing(e, "AccessService")
	}
	return all, nil
}

// ReadReduced reads the evidence type of a question into q.
func ReadReduced(e *xmltree.Element, q *directory.Question) error {
	if !e.Is(regrep.NamespaceSDG, "DataServiceEvidenceType") {
		return other(e, "sdg:DataServiceEvidenceType")
	}
	q.EvidenceType = readEvidenceType(e)
	q.Distributions = readDistributions(e)
	q.LoA = edm.LoA(value(e, "AuthenticationLevelOfAssurance"))
	if q.EvidenceType.Classification == "" {
		return missing(e, "EvidenceTypeClassification")
	}
	return nil
}

func readDistributions(e *xmltree.Element) []edm.Distribution {
	var all []edm.Distribution
	for d := range e.All(regrep.NamespaceSDG, "DistributedAs") {
		var languages []string
		for l := range d.All(regrep.NamespaceSDG, "Language") {
			languages = append(languages, l.Value())
		}
		conformsTo := value(d, "ConformsTo")
		for f := range d.All(regrep.NamespaceSDG, "Format") { // 2.0 allows several
			all = append(all, edm.Distribution{Format: f.Value(), Languages: languages, ConformsTo: conformsTo})
		}
	}
	return all
}

func readPublisher(e *xmltree.Element) directory.Publisher {
	a := e.First(regrep.NamespaceSDG, "Address")
	return directory.Publisher{
		ID:           readIdentifier(e),
		Names:        readTexts(e, "Name"),
		Descriptions: readTexts(e, "Description"),
		Address: edm.Address{
			FullAddress:       value(a, "FullAddress"),
			LocatorDesignator: value(a, "LocatorDesignator"),
			PostCode:          value(a, "PostCode"),
			PostCityName:      value(a, "PostCityName"),
			Thoroughfare:      value(a, "Thoroughfare"),
			Country:           value(a, "AdminUnitLevel1"),
			Region:            value(a, "AdminUnitLevel2"),
		},
		Jurisdiction: readJurisdiction(e.First(regrep.NamespaceSDG, "Jurisdiction")),
	}
}

// ReadConcept reads an sdg:EvidenceProviderClassification, or the sdg:ClassificationConcept of a 1.x
// publisher. The error is an *Error when it has no identifier.
func ReadConcept(e *xmltree.Element) (directory.Concept, error) {
	if !e.Is(regrep.NamespaceSDG, "EvidenceProviderClassification") && !e.Is(regrep.NamespaceSDG, "ClassificationConcept") {
		return directory.Concept{}, other(e, "sdg:EvidenceProviderClassification")
	}
	id := readIdentifier(e)
	if id.Value == "" {
		return directory.Concept{}, missing(e, "Identifier")
	}
	c := directory.Concept{
		ID:              id.Value,
		CodeList:        id.Scheme,
		Type:            conceptType(value(e, "Type")),
		ValueExpression: value(e, "ValueExpression"),
		Descriptions:    readTexts(e, "Description"),
	}
	for v := range e.First(regrep.NamespaceSDG, "SupportedValue").Elements() {
		if v.Name.Space != regrep.NamespaceSDG {
			continue
		}
		switch v.Name.Local {
		case "DateValue":
			c.Dates = true
		case "StringValue", "BooleanValue":
		default:
			continue
		}
		c.SupportedValues = append(c.SupportedValues, v.Value())
	}
	return c, nil
}

// conceptType lowers the spellings of old data: Codelist, stringValue.
func conceptType(s string) string {
	switch t := strings.TrimSuffix(strings.ToLower(s), "value"); t {
	case directory.ConceptString, directory.ConceptBoolean, directory.ConceptCodeList:
		return t
	}
	return s
}

// readConcepts reads the concepts that have an identifier.
func readConcepts(e *xmltree.Element, name string) []directory.Concept {
	var all []directory.Concept
	for k := range e.All(regrep.NamespaceSDG, name) {
		if c, err := ReadConcept(k); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// withValues adds the values that 1.0 and 1.1 keep with the publisher to the concepts of the record.
func withValues(record, publisher []directory.Concept) []directory.Concept {
	if len(publisher) == 0 {
		return record
	}
	out := append([]directory.Concept(nil), record...)
	for _, p := range publisher {
		found := false
		for i := range out {
			if strings.EqualFold(out[i].ID, p.ID) {
				out[i].SupportedValues, out[i].Dates, found = p.SupportedValues, p.Dates, true
			}
		}
		if !found {
			out = append(out, p)
		}
	}
	return out
}

func readIdentifier(e *xmltree.Element) edm.Identifier {
	id := e.First(regrep.NamespaceSDG, "Identifier")
	scheme, _ := id.Attr("", "schemeID")
	return edm.Identifier{Scheme: trim(scheme), Value: id.Value()}
}

func readTexts(e *xmltree.Element, name string) edm.Texts {
	var ts edm.Texts
	for t := range e.All(regrep.NamespaceSDG, name) {
		lang, _ := t.Attr("", "lang")
		if v := t.Value(); v != "" {
			ts = append(ts, edm.Text{Lang: trim(lang), Value: v})
		}
	}
	return ts
}

func value(e *xmltree.Element, name string) string {
	return e.First(regrep.NamespaceSDG, name).Value()
}

func trim(s string) string { return strings.Trim(s, " \t\r\n") }

func missing(e *xmltree.Element, name string) *Error {
	return &Error{Line: e.Line, Msg: fmt.Sprintf("sdg:%s without sdg:%s", e.Name.Local, name)}
}

func other(e *xmltree.Element, want string) *Error {
	if e == nil {
		return &Error{Msg: "no element " + want}
	}
	return &Error{Line: e.Line, Msg: fmt.Sprintf("element %s where %s is expected", e.Name.Local, want)}
}
