package edm

import (
	"slices"
	"strings"

	"oots/codelist"
	"oots/rule"
)

// CheckRequest returns the rules that r breaks of those of its release line, in the order of the message. What
// only the XML shows, such as the types of slots, is judged by package edmxml; what the line cannot say and
// writers leave out is not judged. [TDD 4.5.1]
func (rs *Rules) CheckRequest(r *Request) []rule.Finding {
	c := &checker{Ruleset: rs.In(r.Version)}
	c.requestHead(r)
	c.requirements(r.Requirements)
	c.requesters(r.Requesters)
	c.requestProvider(&r.Provider)
	c.classifications(r.ProviderClassifications)
	c.evidenceRequest(&r.Evidence)
	c.subject(r)
	c.representatives(r)
	return c.findings
}

func (c *checker) requestHead(r *Request) {
	root := at("QueryRequest")
	if r.ID == "" {
		c.fatal("R-EDM-REQ-S003", false, &root, "@id", "", "an id")
	} else {
		c.fatal("R-EDM-REQ-S004", c.IsURNUUID(strings.Trim(r.ID, " \t\r\n")), &root, "@id", r.ID, "urn:uuid: and a UUID")
	}
	if r.Version == "" {
		c.slot("R-EDM-REQ-S005", false, "SpecificationIdentifier")
	} else {
		here := at("SpecificationIdentifier")
		c.fatal("R-EDM-REQ-C001", r.Version == c.Version(), &here, "", string(r.Version), string(c.Version()))
	}
	c.slot("R-EDM-REQ-S006", !r.IssuedAt.IsZero(), "IssueDateTime")
	if r.Procedure == "" {
		c.slot("R-EDM-REQ-S007", false, "Procedure")
	} else {
		here := at("Procedure")
		c.fatal("R-EDM-REQ-C003", c.Has(codelist.Procedures, r.Procedure), &here, "", r.Procedure, "a code of Procedures or 00")
	}
	c.fatal("R-EDM-REQ-C069", r.Lang == "" || c.Has(codelist.Languages, r.Lang), &root, "@xml:lang", r.Lang, "a code of LanguageCode in upper case")
	together := (r.PreviewLocation == "") == (r.ReturnLocation == "")
	c.fatal("R-EDM-REQ-S062", together, &root, "", "", "PreviewLocation and ReturnLocation together, or neither")
	c.https("R-EDM-REQ-C005", r.PreviewLocation, "PreviewLocation")
	c.https("R-EDM-REQ-C120", r.ReturnLocation, "ReturnLocation")
}

// slot records that a slot is missing.
func (c *checker) slot(id rule.ID, ok bool, name string) {
	if !ok {
		here := at(name)
		c.fatal(id, false, &here, "", "0 slots "+name, "exactly one slot "+name)
	}
}

// https checks an address; it is not shown, because a preview link is a secret.
func (c *checker) https(id rule.ID, address, slot string) {
	if address != "" {
		here := at(slot)
		c.fatal(id, strings.HasPrefix(address, "https://"), &here, "", "", "an https:// address")
	}
}

func (c *checker) requirements(all []Requirement) {
	c.slot("R-EDM-REQ-S011", len(all) > 0, "Requirements")
	slot := at("Requirements")
	for i := range all {
		q, here := &all[i], slot.item("Requirement", i)
		c.fatal("R-EDM-REQ-C008", c.requirementURL(strings.Trim(q.ID, " \t\r\n")), &here, "Identifier", q.ID,
			"the Semantic Repository URL of a requirement")
		c.fatal(RuleNamed, len(q.Names) > 0, &here, "Name", "", "at least one name")
		if c.Before(V11) {
			c.fatal("R-EDM-REQ-S038", q.ID != "" && len(q.Names) > 0, &here, "", "", "an identifier and a name")
		}
		c.texts(q.Names, "R-EDM-REQ-C009", "R-EDM-REQ-C010", "R-EDM-REQ-C092", &here, "Name")
		c.texts(q.Descriptions, "R-EDM-REQ-C093", "R-EDM-REQ-C094", "R-EDM-REQ-C092", &here, "Description")
		c.languages(q.Names, &here, "Name")
		c.languages(q.Descriptions, &here, "Description")
	}
}

func (c *checker) requesters(all []Agent) {
	if len(all) == 0 {
		c.slot("R-EDM-REQ-S012", false, "EvidenceRequester")
		return
	}
	rules := agentRules{
		scheme: "R-EDM-REQ-C011", grammar: "R-EDM-REQ-C012", lang: "R-EDM-REQ-C108", given: "R-EDM-REQ-C109",
		classGiven: "R-EDM-REQ-C013", classIn: "R-EDM-REQ-C014", classes: []AgentClass{EvidenceRequester, IntermediaryPlatform},
		loose:   []AgentClass{EvidenceRequester, IntermediaryPlatform, EvidenceProvider, ErrorProvider},
		country: "R-EDM-REQ-C015", region: "R-EDM-REQ-C016", length: "R-EDM-REQ-C092",
	}
	slot := at("EvidenceRequester")
	for i := range all {
		here := slot.item("Agent", i)
		c.agent(&all[i], &rules, &here)
		c.languages(all[i].Names, &here, "Name")
	}
	c.oneOf(all, EvidenceRequester, "R-EDM-REQ-C074", "R-EDM-REQ-C073", &slot)
}

func (c *checker) requestProvider(a *Agent) {
	if a.ID == (Identifier{}) && len(a.Names) == 0 {
		c.slot("R-EDM-REQ-S013", false, "EvidenceProvider")
		return
	}
	rules := agentRules{
		scheme: "R-EDM-REQ-C017", grammar: "R-EDM-REQ-C018", lang: "R-EDM-REQ-C110", given: "R-EDM-REQ-C111",
		length: "R-EDM-REQ-C092",
	}
	slot := at("EvidenceProvider")
	here := slot.in("Agent")
	only := a.Address == nil && a.Class == ""
	if c.Before(V11) { // asks for both and closes nothing
		only = a.ID.Value != "" && len(a.Names) > 0
	}
	c.fatal("R-EDM-REQ-S043", only, &here, "", "", "identifier and names only")
	c.agent(a, &rules, &here)
	c.languages(a.Names, &here, "Name")
}

// languages warns of a text that a request says twice in one language; strict refuses it. The rule that forbids it
// has no known text. [open-questions B11]
func (c *checker) languages(t Texts, here *place, step string) {
	severity := rule.Warning
	if c.Strict() {
		severity = rule.Fatal
	}
	c.onceEach(RuleContent, severity, t, here, step)
}

// classifications checks the user's answers to the questions of the directory. [TDD 4.5.1 §3.6]
func (c *checker) classifications(all []ProviderClassification) {
	slot := at("EvidenceProviderClassification")
	for i := range all {
		q, here := &all[i], slot.item("EvidenceProviderClassification", i)
		c.fatal("R-EDM-REQ-C019", endsInUUID(strings.Trim(q.ID, " \t\r\n")), &here, "Identifier", q.ID, "a UUID")
		c.texts(q.Descriptions, "R-EDM-REQ-C021", "R-EDM-REQ-C022", "R-EDM-REQ-C092", &here, "Description")
		c.languages(q.Descriptions, &here, "Description")
		c.minText("R-EDM-REQ-C092", q.ValueExpression, &here, "ValueExpression")
		c.conceptType(q, &here)
		if q.Type == "codelist" {
			c.codelistConcept(q, &here)
		}
	}
}

func (c *checker) conceptType(q *ProviderClassification, here *place) {
	if blank(q.Type) {
		c.fatal("R-EDM-REQ-C020", false, here, "Type", "", "a type")
	} else {
		c.fatal("R-EDM-REQ-C095", c.Has(codelist.ConceptTypes, c.conceptTypeOf(q)), here, "Type", q.Type, "string, boolean or codelist")
	}
	chosen := len(q.Values) > 0 && !slices.ContainsFunc(q.Values, blank)
	c.fatal("R-EDM-REQ-C023", chosen, here, "SupportedValue", "", "the value chosen")
	c.fatal("R-EDM-REQ-C102", chosen || !c.Has(codelist.ConceptTypes, q.Type), here, "SupportedValue", "", "the value chosen")
	for _, v := range q.Values {
		isBool := v == "true" || v == "false" || v == "1" || v == "0"
		c.fatal("R-EDM-REQ-C104", q.Type != "boolean" || isBool || blank(v), here, "SupportedValue", "", "true or false")
	}
	if q.ValueExpression != "" {
		ok := len(q.ValueExpression) >= 8 && strings.EqualFold(q.ValueExpression[:8], "https://")
		c.fatal("R-EDM-REQ-C101", ok, here, "ValueExpression", q.ValueExpression, "an https:// address")
	}
}

// conceptTypeOf folds the case of a type in 1.1, as the samples of 1.0 write Codelist. [open-questions B10]
func (c *checker) conceptTypeOf(q *ProviderClassification) string {
	if c.Before(V12) && !c.Strict() {
		return strings.ToLower(q.Type)
	}
	return q.Type
}

func (c *checker) codelistConcept(q *ProviderClassification, here *place) {
	c.fatal("R-EDM-REQ-C100", !blank(q.ValueExpression), here, "ValueExpression", "", "the address of the code list")
	if q.CodeList == "" {
		c.fatal("R-EDM-REQ-C096", false, here, "Identifier/@schemeID", "", "the code list of the concept")
		return
	}
	country, name, ok := codeListURL(q.CodeList)
	form := ok && len(country) == 2 && country == strings.ToUpper(country) && !strings.ContainsFunc(country, notLetter)
	named := len(name) >= 2 && len(name) <= 50 && !strings.ContainsFunc(name, notAlphanumeric)
	c.fatal("R-EDM-REQ-C097", form && named, here, "Identifier/@schemeID", q.CodeList, "the Semantic Repository URL of a code list")
	c.fatal("R-EDM-REQ-C098", c.Has(codelist.OOTSCountries, country), here, "Identifier/@schemeID", q.CodeList, "a country of OOTS_Country in the URL")
	c.fatal("R-EDM-REQ-C099", named, here, "Identifier/@schemeID", q.CodeList, "a name of 2 to 50 letters and digits at the end")
}

func (c *checker) subject(r *Request) {
	query := at("Query")
	one := (r.NaturalPerson == nil) != (r.LegalPerson == nil)
	c.fatal("R-EDM-REQ-S016", one, &query, "", "", "either a natural person or a legal person")
	if r.NaturalPerson != nil {
		slot := at("NaturalPerson")
		here := slot.in("Person")
		c.person(r.NaturalPerson, &personRules{
			loaGiven: "R-EDM-REQ-C036", loaIn: "R-EDM-REQ-C037", pattern: "R-EDM-REQ-C040", pattern10: "R-EDM-REQ-C039",
			identified: "R-EDM-REQ-C038", identifiedUntil: V20, birth: "R-EDM-REQ-C043",
			country: "R-EDM-REQ-C045", nationality: "R-EDM-REQ-C075", birthCountry: "R-EDM-REQ-C076",
			residence: "R-EDM-REQ-C077", length: "R-EDM-REQ-C092",
		}, &here)
	}
	if r.LegalPerson != nil {
		slot := at("LegalPerson")
		here := slot.in("LegalPerson")
		c.legal(r.LegalPerson, &legalRules{
			loaGiven: "R-EDM-REQ-C047", loaIn: "R-EDM-REQ-C048", idGiven: "R-EDM-REQ-C049", pattern: "R-EDM-REQ-C051", pattern10: "R-EDM-REQ-C050",
			otherScheme: "R-EDM-REQ-C054", otherSchemeCode: "R-EDM-REQ-C055", country: "R-EDM-REQ-C056",
			length: "R-EDM-REQ-C092",
		}, &here)
	}
}

func (c *checker) representatives(r *Request) {
	if r.Representative != nil {
		slot := at("AuthorizedRepresentative")
		here := slot.in("Person")
		c.person(r.Representative, &personRules{
			loaGiven: "R-EDM-REQ-C058", loaIn: "R-EDM-REQ-C059", pattern: "R-EDM-REQ-C061",
			identified: "R-EDM-REQ-C060", identifiedUntil: V11, birth: "R-EDM-REQ-C064",
			country: "R-EDM-REQ-C067", nationality: "R-EDM-REQ-C078", birthCountry: "R-EDM-REQ-C079",
			residence: "R-EDM-REQ-C080", gender: "R-EDM-REQ-C124", eidasGender: "R-EDM-REQ-C126", length: "R-EDM-REQ-C092",
		}, &here)
		c.mandates("R-EDM-REQ-C081", r.RepresentativePowerScope, r.Representative.Attributes, false, &here)
	}
	if r.RepresentativeLegal != nil {
		slot := at("AuthorizedRepresentativeLegalPerson")
		here := slot.in("LegalPerson")
		c.legal(r.RepresentativeLegal, &legalRules{
			loaGiven: "R-EDM-REQ-C082", loaIn: "R-EDM-REQ-C083", idGiven: "R-EDM-REQ-C084", pattern: "R-EDM-REQ-C085",
			otherScheme: "R-EDM-REQ-C088", otherSchemeCode: "R-EDM-REQ-C089", length: "R-EDM-REQ-C092",
		}, &here)
		c.mandates("R-EDM-REQ-C091", r.RepresentativePowerScope, r.RepresentativeLegal.Attributes, true, &here)
	}
}

// mandates checks every sector attribute of a representative as a mandate, as the assertions do.
func (c *checker) mandates(id rule.ID, scope string, all []SectorAttribute, legal bool, here *place) {
	const want = "codes of Procedures separated by commas"
	c.fatal(id, scope == "" || c.IsMandate(scope, legal), here, "SectorSpecificAttribute/AttributeValue", "", want)
	for i := range all {
		at := here.item("SectorSpecificAttribute", i)
		c.fatal(id, c.IsMandate(all[i].Value, legal), &at, "AttributeValue", "", want)
	}
}
