package directoryxml

import (
	"slices"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/regrep"
	"oots/xml/xmltree"
)

// ReadDataServices reads an sdg:DataServiceEvidenceType. The 1.0 and 1.1 lines put several access services
// into one; each gives a record. The error is an *Error when e is another element, or has no identifier,
// classification or access service.
func ReadDataServices(e *xmltree.Element) ([]directory.DataService, error) {
	record, err := ReadPairing(e)
	if err != nil {
		return nil, err
	}
	var all []directory.DataService
	for a := range e.All(regrep.NamespaceSDG, "AccessService") {
		s, asked, err := ReadAccessService(a)
		if err != nil {
			return nil, err
		}
		if s.Publisher.ID.Value == "" {
			return nil, &Error{Line: a.Line, Msg: "sdg:AccessService without the identifier of its publisher"}
		}
		all = append(all, Join(record, s, asked))
	}
	if len(all) == 0 {
		return nil, missing(e, "AccessService")
	}
	return all, nil
}

// ReadPairing reads an sdg:DataServiceEvidenceType without its access services, as it is submitted. The error
// is an *Error when e is another element, or has no identifier or classification.
func ReadPairing(e *xmltree.Element) (directory.DataService, error) {
	if err := expect(e, "DataServiceEvidenceType"); err != nil {
		return directory.DataService{}, err
	}
	t := evidenceTypeOf(e)
	s := directory.DataService{
		ID:              value(e, "Identifier"),
		Classification:  t.Classification,
		Titles:          t.Titles,
		Descriptions:    t.Descriptions,
		Distributions:   readDistributions(e),
		LoA:             edm.LoA(value(e, "AuthenticationLevelOfAssurance")),
		Notes:           readTexts(e, "Note"),
		Classifications: readConcepts(e, "EvidenceProviderClassification"),
	}
	switch {
	case s.ID == "":
		return directory.DataService{}, missing(e, "Identifier")
	case s.Classification == "":
		return directory.DataService{}, missing(e, "EvidenceTypeClassification")
	}
	if d := e.First(regrep.NamespaceSDG, "EvidenceProviderJurisdictionDetermination"); d != nil {
		determination, err := ReadDetermination(d)
		if err != nil {
			return directory.DataService{}, err
		}
		s.Determination = &determination
	}
	return s, nil
}

// ReadAccessService reads an sdg:AccessService into the access point, the versions and the publisher of a
// record, and the concepts that 1.0 and 1.1 keep with the publisher, which may be absent. The error is an
// *Error when e is another element or has no identifier.
func ReadAccessService(e *xmltree.Element) (directory.DataService, []directory.Concept, error) {
	if err := expect(e, "AccessService"); err != nil {
		return directory.DataService{}, nil, err
	}
	s := directory.DataService{AccessPoint: readIdentifier(e), AccessName: readTexts(e, "Name")}
	if s.AccessPoint.Value == "" {
		return directory.DataService{}, nil, missing(e, "Identifier")
	}
	for v := range e.All(regrep.NamespaceSDG, "ConformsTo") {
		s.ConformsTo = append(s.ConformsTo, edm.Version(v.Value()))
	}
	p := e.First(regrep.NamespaceSDG, "Publisher")
	if p == nil {
		return s, nil, nil
	}
	var asked []directory.Concept
	var err error
	s.Publisher, asked, err = ReadPublisher(p)
	return s, asked, err
}

// ReadPublisher reads an sdg:Publisher, or the sdg:EvidenceProvider of a submission, and its concepts. The
// error is an *Error when e is another element. The identifier may be absent.
func ReadPublisher(e *xmltree.Element) (directory.Publisher, []directory.Concept, error) {
	if err := expect(e, "Publisher", "EvidenceProvider"); err != nil {
		return directory.Publisher{}, nil, err
	}
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
		Jurisdiction: ReadJurisdiction(e),
	}, readConcepts(e, "ClassificationConcept"), nil
}

// Join is the record of a pairing at an access service: what ReadPairing and ReadAccessService read, with the
// values that a publisher of 1.0 or 1.1 answers for.
func Join(pairing, access directory.DataService, asked []directory.Concept) directory.DataService {
	pairing.AccessPoint, pairing.AccessName = access.AccessPoint, access.AccessName
	pairing.ConformsTo, pairing.Publisher = access.ConformsTo, access.Publisher
	pairing.Classifications = withValues(pairing.Classifications, asked)
	return pairing
}

// withValues adds the values that 1.0 and 1.1 keep with the publisher to the concepts of the record.
func withValues(record, publisher []directory.Concept) []directory.Concept {
	if len(publisher) == 0 {
		return record
	}
	out := slices.Clone(record)
	for _, p := range publisher {
		i := slices.IndexFunc(out, func(c directory.Concept) bool { return strings.EqualFold(c.ID, p.ID) })
		if i < 0 {
			out = append(out, p)
			continue
		}
		out[i].SupportedValues, out[i].Dates = p.SupportedValues, p.Dates
	}
	return out
}

// ReadReduced reads the evidence type of a question into q.
func ReadReduced(e *xmltree.Element, q *directory.Question) error {
	if err := expect(e, "DataServiceEvidenceType"); err != nil {
		return err
	}
	q.ID = value(e, "Identifier")
	q.EvidenceType = evidenceTypeOf(e)
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
		conformsTo, part := value(d, "ConformsTo"), value(d, "Transformation")
		for f := range d.All(regrep.NamespaceSDG, "Format") { // 2.0 allows several
			all = append(all, edm.Distribution{Format: f.Value(), Languages: languages, ConformsTo: conformsTo, Transformation: part})
		}
	}
	return all
}

// ReadDetermination reads an sdg:EvidenceProviderJurisdictionDetermination. The error is an *Error when e is
// another element, or has no context id or level: without them the question cannot be answered.
func ReadDetermination(e *xmltree.Element) (directory.Determination, error) {
	if err := expect(e, "EvidenceProviderJurisdictionDetermination"); err != nil {
		return directory.Determination{}, err
	}
	d := directory.Determination{
		ContextID: value(e, "JurisdictionContextId"),
		Contexts:  readTexts(e, "JurisdictionContext"),
		Level:     value(e, "JurisdictionLevel"),
	}
	switch {
	case d.ContextID == "":
		return directory.Determination{}, missing(e, "JurisdictionContextId")
	case d.Level == "":
		return directory.Determination{}, missing(e, "JurisdictionLevel")
	}
	return d, nil
}
