package directory

import (
	"fmt"
	"regexp"
	"strings"

	"oots/codelist"
	"oots/edm"
	"oots/rule"
)

// The forms of identifiers. UUIDs inside Semantic Repository URLs are lower case; bare ones may be either,
// and version bits are not looked at: the nil UUID is a test requirement. [TDD 3.2.4]
var (
	requirementURL    = regexp.MustCompile(`^https://sr(\.[a-zA-Z]+)?\.oots\.tech\.ec\.europa\.eu/requirements/[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$`)
	classificationURL = regexp.MustCompile(`^https://sr(\.[a-zA-Z]+)?\.oots\.tech\.ec\.europa\.eu/evidencetypeclassifications/([A-Z]{2}|oots)/[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$`)
	dataModelURL      = regexp.MustCompile(`^https://sr(\.[a-zA-Z]+)?\.oots\.tech\.ec\.europa\.eu/datamodels/.`)
	codeListURL       = regexp.MustCompile(`^https://sr(\.[a-zA-Z]+)?\.oots\.tech\.ec\.europa\.eu/codelists/[A-Z]{2}/[A-Za-z0-9]{2,50}$`)
	bareUUID          = regexp.MustCompile(`^(?i)[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$`)
	procedureCode     = regexp.MustCompile(`^([A-Z]+[1-9][0-9]*|00)$`)
	exchangeVersion   = regexp.MustCompile(`^oots-edm:v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`)
)

// IsProcedureCode reports whether s has the form of a code of Procedures. [TDD 3.2.4]
func IsProcedureCode(s string) bool { return procedureCode.MatchString(s) }

// IsCountryCode reports whether s is a code of OOTS_Country. EL is Greece, and EU is a code.
func IsCountryCode(s string) bool { return codelist.OOTSCountries.Has(s) }

// IsUUID reports whether s is a bare UUID in either case.
func IsUUID(s string) bool { return bareUUID.MatchString(s) }

// Check returns the rules of oots-cs:v2.0 that the records of c break, each at the record that breaks it.
// The path names records by their identifiers.
func (c *Catalogue) Check() []rule.Finding {
	var k checker
	for i := range c.Requirements {
		k.requirement(&c.Requirements[i])
	}
	for i := range c.Services {
		k.service(&c.Services[i])
	}
	return k.findings
}

// A checker collects findings; path is the record under examination.
type checker struct {
	findings []rule.Finding
	path     string
}

// want records rule id at field of the record unless ok.
func (k *checker) want(ok bool, id rule.ID, field, got, want string) {
	if ok {
		return
	}
	if len(got) > 120 {
		got = strings.ToValidUTF8(got[:120], "")
	}
	k.findings = append(k.findings, rule.Finding{Rule: id, Path: k.path + "/" + field, Got: got, Want: want})
}

// within runs f with one more step of the path.
func (k *checker) within(step, id string, f func()) {
	outer := k.path
	k.path = fmt.Sprintf("%s/%s[%s]", outer, step, id)
	f()
	k.path = outer
}

const (
	wantUUID     = "a UUID"
	wantLanguage = "a language code of two upper-case letters"
	wantCountry  = "a country of OOTS"
)

// texts checks that each text says its language: missing is one rule, malformed another.
func (k *checker) texts(ts edm.Texts, field string, missing, malformed rule.ID) {
	for _, t := range ts {
		if t.Lang == "" {
			k.want(false, missing, field+"/@lang", "", wantLanguage)
			continue
		}
		k.want(len(t.Lang) == 2 && codelist.Languages.Has(t.Lang), malformed, field+"/@lang", t.Lang, wantLanguage)
	}
}

func (k *checker) requirement(r *Requirement) {
	k.within("Requirement", r.ID, func() {
		k.want(requirementURL.MatchString(r.ID), "R-EB-REQ-C001", "Identifier", r.ID, "the Semantic Repository URL of a requirement")
		k.texts(r.Names, "Name", "R-EB-REQ-C003", "R-EB-REQ-C002")
		k.want(len(r.Frameworks) > 0, "R-EB-REQ-S017", "ReferenceFramework", "", "at least one framework")
		for i := range r.Frameworks {
			k.framework(&r.Frameworks[i])
		}
		for i := range r.Lists {
			k.list(&r.Lists[i])
		}
	})
}

func (k *checker) framework(f *ReferenceFramework) {
	k.within("ReferenceFramework", f.ID, func() {
		k.want(bareUUID.MatchString(f.ID), "R-EB-REQ-C004", "Identifier", f.ID, wantUUID)
		k.texts(f.Titles, "Title", "R-EB-REQ-C006", "R-EB-REQ-C005")
		k.texts(f.Descriptions, "Description", "R-EB-REQ-C008", "R-EB-REQ-C007")
		k.want(len(f.Procedures) > 0, "R-EB-REQ-S020", "RelatedTo", "", "at least one procedure")
		for _, p := range f.Procedures {
			k.want(codelist.Procedures.Has(p), "R-EB-REQ-C012", "RelatedTo/Identifier", p, "a code of Procedures")
		}
		if f.Jurisdiction.Country == "" {
			k.want(false, "R-EB-REQ-S021", "Jurisdiction", "", "a jurisdiction")
			return
		}
		k.want(IsCountryCode(f.Jurisdiction.Country), "R-EB-REQ-C009", "Jurisdiction/AdminUnitLevel1", f.Jurisdiction.Country, wantCountry)
	})
}

func (k *checker) list(l *EvidenceTypeList) {
	k.within("EvidenceTypeList", l.ID, func() {
		k.want(bareUUID.MatchString(l.ID), "R-EB-EVI-C013", "Identifier", l.ID, wantUUID)
		k.texts(l.Names, "Name", "R-EB-EVI-C015", "R-EB-EVI-C014")
		k.want((len(l.Types) > 0) != (l.MatchType == NoMatch), "R-EB-EVI-S015", "EvidenceType", l.MatchType, "evidence types, or NoMatch and none")
		k.want(l.MatchType == "" || l.MatchType == NoMatch, "R-EB-EVI-C043", "MatchType", l.MatchType, NoMatch)
		for _, t := range l.MatchDescriptions {
			k.want(t.Lang != "", "R-EB-EVI-C045", "MatchDescription/@lang", "", wantLanguage)
		}
		k.want(l.Jurisdiction.Country != "", "R-EB-EVI-C021", "Jurisdiction", "", "a jurisdiction")
		k.want(l.Jurisdiction.Country == "" || IsCountryCode(l.Jurisdiction.Country), "R-EB-EVI-C022", "Jurisdiction/AdminUnitLevel1", l.Jurisdiction.Country, wantCountry)
		for i := range l.Types {
			k.evidenceType(&l.Types[i])
		}
	})
}

func (k *checker) evidenceType(t *EvidenceType) {
	k.within("EvidenceType", t.Classification, func() {
		k.want(classificationURL.MatchString(t.Classification), "R-EB-EVI-C016", "EvidenceTypeClassification", t.Classification, "the Semantic Repository URL of an evidence type")
		k.texts(t.Titles, "Title", "R-EB-EVI-C018", "R-EB-EVI-C017")
		k.texts(t.Descriptions, "Description", "R-EB-EVI-C020", "R-EB-EVI-C019")
	})
}

func (k *checker) service(s *DataService) {
	k.within("DataServiceEvidenceType", s.ID, func() {
		k.want(bareUUID.MatchString(s.ID), "R-DSD-RESP-C002", "Identifier", s.ID, wantUUID)
		k.want(classificationURL.MatchString(s.Classification), "R-DSD-RESP-C003", "EvidenceTypeClassification", s.Classification, "the Semantic Repository URL of an evidence type")
		k.texts(s.Titles, "Title", "R-DSD-RESP-C005", "R-DSD-RESP-C004")
		k.texts(s.Descriptions, "Description", "R-DSD-RESP-C094", "R-DSD-RESP-C006")
		k.distributions(s.Distributions)
		k.want(s.AccessPoint.Value != "", "R-DSD-RESP-S014", "AccessService/Identifier", "", "an access service")
		k.party(s.AccessPoint, "AccessService/Identifier/@schemeID", "R-DSD-RESP-C012", "R-DSD-RESP-C014")
		k.want(len(s.ConformsTo) > 0, "R-DSD-RESP-C015", "AccessService/ConformsTo", "", "at least one exchange version")
		for _, v := range s.ConformsTo {
			k.want(exchangeVersion.MatchString(string(v)), "R-DSD-RESP-C015", "AccessService/ConformsTo", string(v), "oots-edm:v<major>.<minor>")
		}
		k.party(s.Publisher.ID, "Publisher/Identifier/@schemeID", "R-DSD-RESP-C016", "R-DSD-RESP-C017")
		k.want(IsCountryCode(s.Publisher.Address.Country), "R-DSD-RESP-C018", "Publisher/Address/AdminUnitLevel1", s.Publisher.Address.Country, wantCountry)
		k.want(IsCountryCode(s.Publisher.Jurisdiction.Country), "R-DSD-RESP-C020", "Publisher/Jurisdiction/AdminUnitLevel1", s.Publisher.Jurisdiction.Country, wantCountry)
		k.want(s.LoA == "" || s.LoA.AtLeast(edm.Low), "R-DSD-RESP-C008", "AuthenticationLevelOfAssurance", string(s.LoA), "Low, Substantial or High")
		for i := range s.Classifications {
			k.concept(&s.Classifications[i])
		}
	})
}

// party checks the scheme of an access point or publisher.
func (k *checker) party(id edm.Identifier, field string, missing, malformed rule.ID) {
	if id.Scheme == "" {
		k.want(false, missing, field, "", "an identifier scheme")
		return
	}
	k.want(isPartyScheme(id.Scheme), malformed, field, id.Scheme, "an EAS or unregistered scheme")
}

// isPartyScheme reports whether s is of EAS, with a code of the list, or unregistered.
func isPartyScheme(s string) bool {
	if code, ok := strings.CutPrefix(s, "urn:cef.eu:names:identifier:EAS:"); ok {
		return codelist.EAS.Has(code)
	}
	return strings.HasPrefix(s, "urn:oasis:names:tc:ebcore:partyid-type:unregistered")
}

// unstructured reports whether a media type of OOTS carries no data model. [TDD 3.1.4]
func unstructured(mediaType string) bool {
	return codelist.MediaTypes.Has(mediaType) && !codelist.Structured(mediaType)
}

// distributions checks the data models: a structured form needs one unless an unstructured form stands
// beside it, an unstructured form has none.
func (k *checker) distributions(ds []edm.Distribution) {
	k.want(len(ds) > 0, "R-DSD-RESP-S027", "DistributedAs", "", "at least one distribution")
	waived := false
	for i := range ds {
		waived = waived || unstructured(ds[i].Format)
	}
	for i := range ds {
		d := &ds[i]
		k.want(codelist.MediaTypes.Has(d.Format), "R-DSD-RESP-C009", "DistributedAs/Format", d.Format, "a media type of OOTS")
		if d.ConformsTo == "" {
			k.want(d.Format != "application/xml" || waived, "R-DSD-RESP-C039", "DistributedAs/ConformsTo", "", "a data model")
			k.want(d.Format != "application/json" || waived, "R-DSD-RESP-C041", "DistributedAs/ConformsTo", "", "a data model")
			continue
		}
		k.want(!unstructured(d.Format), "R-DSD-RESP-C067", "DistributedAs/ConformsTo", d.ConformsTo, "no data model on "+d.Format)
		k.want(dataModelURL.MatchString(d.ConformsTo), "R-DSD-RESP-C010", "DistributedAs/ConformsTo", d.ConformsTo, "the Semantic Repository URL of a data model")
	}
}

// concept checks what becomes a question: the rules of DSD:ERR:0005 hold for the record it is made from.
func (k *checker) concept(c *Concept) {
	k.within("EvidenceProviderClassification", c.ID, func() {
		k.want(bareUUID.MatchString(c.ID), "R-DSD-RESP-C029", "Identifier", c.ID, wantUUID)
		k.want(c.Type != "", "R-DSD-RESP-C030", "Type", "", "string, boolean or codelist")
		k.want(c.Type == "" || c.Type == ConceptString || c.Type == ConceptBoolean || c.Type == ConceptCodeList, "R-DSD-ERR-C031", "Type", c.Type, "string, boolean or codelist")
		k.want(len(c.Descriptions) > 0, "R-DSD-RESP-C031", "Description", "", "the question in one language at least")
		k.texts(c.Descriptions, "Description", "R-DSD-RESP-C033", "R-DSD-RESP-C032")
		k.want(len(c.SupportedValues) > 0, "R-DSD-RESP-S013", "SupportedValue", "", "the values this provider answers for")
		if c.Type == ConceptCodeList {
			k.codeListConcept(c)
		}
	})
}

func (k *checker) codeListConcept(c *Concept) {
	if c.CodeList == "" {
		k.want(false, "R-DSD-ERR-C032", "Identifier/@schemeID", "", "the URL of the code list")
	} else {
		k.want(codeListURL.MatchString(c.CodeList), "R-DSD-ERR-C033", "Identifier/@schemeID", c.CodeList, "the URL of a Member State code list")
	}
	if c.ValueExpression == "" {
		k.want(false, "R-DSD-ERR-C037", "ValueExpression", "", "where the values are published")
		return
	}
	k.want(strings.HasPrefix(strings.ToLower(c.ValueExpression), "https://"), "R-DSD-ERR-C038", "ValueExpression", c.ValueExpression, "an https URL")
}
