package edm

import (
	"slices"
	"strings"

	"oots/codelist"
)

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
