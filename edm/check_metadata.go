package edm

import (
	"strings"

	"oots/codelist"
	"oots/rule"
)

// evidence checks the metadata of one document: complete on the main evidence and up to 1.2 on each, next to
// nothing on the documents that belong to it. [TDD 4.5.2 §3] [R-EDM-RESP-S062, R-EDM-RESP-S063]
func (c *checker) evidence(e *Evidence, kind DocumentKind, here *place) {
	main := kind == MainEvidence
	if e.ID != "" || !main {
		c.fatal("R-EDM-RESP-C015", endsInUUID(strings.Trim(e.ID, " \t\r\n")), here, "Identifier", e.ID, "a UUID")
	}
	if main {
		id := rule.ID("R-EDM-RESP-S062")
		if c.Before(V20) {
			id = RuleComplete
		}
		ok := e.ID != "" && e.IssuingDate != "" && e.about() && e.IssuingAuthority != nil && e.Conformance != nil && e.Distribution.Format != ""
		c.fatal(id, ok, here, "", "", "identifier, subject, issuing authority, conformance, issuing date and distribution")
	} else if c.Has(codelist.DocumentKinds, string(kind)) {
		ok := e.IssuingDate == "" && !e.about() && e.IssuingAuthority == nil && e.Conformance == nil &&
			e.ValidFrom == "" && e.ValidUntil == "" && e.Distribution.ConformsTo == ""
		c.fatal("R-EDM-RESP-S063", ok, here, "", "", "identifier and distribution only, without data model")
	}
	c.isAbout(e, here)
	if e.IssuingAuthority != nil {
		at := here.in("IssuingAuthority")
		c.agent(e.IssuingAuthority, &agentRules{scheme: "R-EDM-RESP-C038", grammar: "R-EDM-RESP-C039", length: "R-EDM-RESP-C049"}, &at)
	}
	if e.Conformance != nil {
		at := here.in("IsConformantTo")
		c.conformance(e.Conformance, &at)
	}
	c.fatal("R-EDM-RESP-C016", e.IssuingDate == "" || c.isDate(e.IssuingDate), here, "IssuingDate", string(e.IssuingDate), "a day as YYYY-MM-DD")
	c.fatal("R-EDM-RESP-C040", e.ValidFrom == "" || c.isDate(e.ValidFrom), here, "ValidityPeriod/StartDate", string(e.ValidFrom), "a day as YYYY-MM-DD")
	c.fatal("R-EDM-RESP-C041", e.ValidUntil == "" || c.isDate(e.ValidUntil), here, "ValidityPeriod/EndDate", string(e.ValidUntil), "a day as YYYY-MM-DD")
	at := here.in("Distribution")
	c.documentDistribution(&e.Distribution, main, &at)
}

func (e *Evidence) about() bool { return e.NaturalPerson != nil || e.LegalPerson != nil }

// isAbout checks the subject: the minimum data set, without level of assurance.
func (c *checker) isAbout(e *Evidence, here *place) {
	about := here.in("IsAbout")
	if p := e.NaturalPerson; p != nil {
		at := about.in("NaturalPerson")
		only := p.LoA == "" && p.BirthName == "" && p.CurrentAddress == nil && p.Gender == "" && p.Nationalities == nil &&
			p.CountryOfBirth == "" && p.TownOfBirth == "" && p.CountryOfResidence == "" && p.PhoneNumber == "" && p.EmailAddress == ""
		c.fatal("R-EDM-RESP-S041", only, &at, "", "", "identifier, names, date and place of birth only")
		if p.Identifier == "" {
			c.add("R-EDM-RESP-C027", rule.Warning, &at, "Identifier", "", "the identifier of the subject")
		}
		c.person(p, &personRules{pattern: "R-EDM-RESP-C028", birth: "R-EDM-RESP-C032", length: "R-EDM-RESP-C049"}, &at)
	}
	if l := e.LegalPerson; l != nil {
		at := about.in("LegalPerson")
		only := l.LoA == "" && len(l.Identifiers) == 0 && l.Address == nil
		c.fatal("R-EDM-RESP-S042", only, &at, "", "", "LegalPersonIdentifier and LegalName only")
		c.legal(l, &legalRules{idGiven: "R-EDM-RESP-C033", pattern: "R-EDM-RESP-C035", length: "R-EDM-RESP-C049"}, &at)
	}
}

func (c *checker) conformance(t *EvidenceType, here *place) {
	only := t.ID == "" && len(t.Distributions) == 0
	c.fatal("R-EDM-RESP-S030", only, here, "", "", "classification, titles and descriptions only")
	c.fatal("R-EDM-RESP-C017", c.evidenceTypeURL(t.Classification), here, "EvidenceTypeClassification", t.Classification,
		"the Semantic Repository URL of an evidence type")
	c.fatal(RuleNamed, len(t.Titles) > 0, here, "Title", "", "at least one title")
	c.texts(t.Titles, "R-EDM-RESP-C018", "R-EDM-RESP-C019", "R-EDM-RESP-C049", here, "Title")
	c.texts(t.Descriptions, "R-EDM-RESP-C020", "R-EDM-RESP-C021", "R-EDM-RESP-C049", here, "Description")
}

// documentDistribution checks the form of a document. A data model beside an unstructured format is a fault
// that we do not make; since 2.0 the official assertion does not reach documents in packages, so edmxml does
// not ask it of others. [R-EDM-RESP-C050]
func (c *checker) documentDistribution(d *Distribution, main bool, here *place) {
	c.fatal("R-EDM-RESP-C058", d.Format != "", here, "Format", "", "exactly one format")
	c.fatal("R-EDM-RESP-C023", d.Format == "" || c.Has(codelist.MediaTypes, d.Format), here, "Format", d.Format, "a code of OOTSMediaTypes")
	for i, l := range d.Languages {
		at := here.item("Language", i)
		c.fatal("R-EDM-RESP-C026", c.Has(codelist.Languages, l), &at, "", l, "a code of LanguageCode in upper case")
	}
	c.transformation(d, here)
	if d.ConformsTo != "" {
		c.fatal("R-EDM-RESP-C022", c.dataModelURL(d.ConformsTo), here, "ConformsTo", d.ConformsTo, "the Semantic Repository URL of a data model")
		c.fatal("R-EDM-RESP-C050", !c.unstructured(d.Format), here, "ConformsTo", "", "no data model beside an unstructured format")
		return
	}
	// An annex cannot satisfy this rule and R-EDM-RESP-S063 at once: only the main evidence is asked.
	c.fatal("R-EDM-RESP-C044", !main || !codelist.Structured(d.Format), here, "ConformsTo", "", "the data model of a structured format")
}

// transformation checks how a structured document was cut down. 2.0 has none, and its content model refuses it.
func (c *checker) transformation(d *Distribution, here *place) {
	if d.Transformation == "" {
		return
	}
	c.fatal("R-EDM-RESP-C043", c.dataModelURL(d.Transformation), here, "Transformation", d.Transformation,
		"the Semantic Repository URL of a transformation")
	c.production("R-EDM-RESP-C055", d.Transformation, here, "Transformation")
	c.fatal("R-EDM-RESP-C045", d.ConformsTo != "", here, "Transformation", "", "a data model beside a transformation")
}
