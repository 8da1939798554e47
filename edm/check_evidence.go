package edm

import (
	"strconv"
	"strings"

	"oots/codelist"
	"oots/rule"
)

// evidenceRequest checks what is asked for. [TDD 4.5.1 §3.7]
func (c *checker) evidenceRequest(e *EvidenceType) {
	if e.Empty() {
		c.slot("R-EDM-REQ-S015", false, "EvidenceRequest")
		return
	}
	slot := at("EvidenceRequest")
	here := slot.in("DataServiceEvidenceType")
	if c.Before(V11) { // asks for all that later lines allow
		ok := e.ID != "" && e.Classification != "" && len(e.Titles) > 0 && len(e.Descriptions) > 0 && len(e.Distributions) > 0
		c.fatal("R-EDM-REQ-S045", ok, &here, "", "", "identifier, classification, title, description and distribution")
	}
	if blank(e.ID) {
		c.fatal("R-EDM-REQ-C106", false, &here, "Identifier", "", "an identifier")
		c.fatal("R-EDM-REQ-C026", !c.Before(V11), &here, "Identifier", "", "a UUID") // 1.0 has no C106
	} else {
		c.fatal("R-EDM-REQ-C026", endsInUUID(strings.Trim(e.ID, " \t\r\n")), &here, "Identifier", e.ID, "a UUID")
	}
	c.fatal("R-EDM-REQ-C027", c.evidenceTypeURL(e.Classification), &here, "EvidenceTypeClassification", e.Classification,
		"the Semantic Repository URL of an evidence type")
	c.production("R-EDM-REQ-C115", e.Classification, &here, "EvidenceTypeClassification")
	c.fatal(RuleNamed, len(e.Titles) > 0, &here, "Title", "", "at least one title")
	c.texts(e.Titles, "R-EDM-REQ-C028", "R-EDM-REQ-C029", "R-EDM-REQ-C092", &here, "Title")
	c.texts(e.Descriptions, "R-EDM-REQ-C030", "R-EDM-REQ-C031", "R-EDM-REQ-C092", &here, "Description")
	c.languages(e.Titles, &here, "Title")
	c.languages(e.Descriptions, &here, "Description")
	c.distributions(e.Distributions, &here)
	for i := range e.Distributions {
		at := here.item("DistributedAs", i)
		c.requestedDistribution(&e.Distributions[i], &at)
	}
}

// distributions checks how many forms are wanted.
func (c *checker) distributions(all []Distribution, here *place) {
	if c.Before(V20) {
		c.fatal("R-EDM-REQ-C032", len(all) <= 1, here, "DistributedAs", strconv.Itoa(len(all))+" distributions", "one distribution at most")
	} else {
		c.fatal("R-EDM-REQ-C032", len(all) > 0, here, "DistributedAs", "", "at least one distribution")
	}
}

func (c *checker) requestedDistribution(d *Distribution, here *place) {
	c.fatal("R-EDM-REQ-C033", c.Has(codelist.MediaTypes, d.Format), here, "Format", d.Format, "a code of OOTSMediaTypes")
	if d.ConformsTo != "" {
		c.fatal("R-EDM-REQ-C034", c.dataModelURL(d.ConformsTo), here, "ConformsTo", d.ConformsTo, "the Semantic Repository URL of a data model")
		c.fatal("R-EDM-REQ-C107", !c.unstructured(d.Format), here, "ConformsTo", "", "no data model beside an unstructured format")
		c.production("R-EDM-REQ-C114", d.ConformsTo, here, "ConformsTo")
	} else if codelist.Structured(d.Format) {
		c.fatal(c.modelRule(d.Format), false, here, "ConformsTo", "", "the data model of a structured format")
	}
	if d.Transformation != "" {
		c.fatal("R-EDM-REQ-C035", c.dataModelURL(d.Transformation), here, "Transformation", d.Transformation,
			"the Semantic Repository URL of a data model")
		c.fatal("R-EDM-REQ-C072", d.ConformsTo != "", here, "", "", "a data model beside a transformation")
		c.production("R-EDM-REQ-C113", d.Transformation, here, "Transformation")
	}
	for i, l := range d.Languages {
		at := here.item("Language", i)
		c.fatal("R-EDM-REQ-C118", c.Has(codelist.Languages, l), &at, "", l, "a code of LanguageCode in upper case")
	}
	for i, k := range d.Associated {
		at := here.item("AssociatedDocumentRequest", i)
		c.fatal("R-EDM-REQ-C119", c.Has(codelist.AssociatedKinds, string(k)), &at, "", string(k), "Annex, HumanReadableVersion or Translation")
	}
}

// modelRule is the number under which a structured format wants its data model: 1.0 has one for both formats.
func (c *checker) modelRule(format string) rule.ID {
	if format == "application/json" && !c.Before(V11) {
		return "R-EDM-REQ-C071"
	}
	return "R-EDM-REQ-C070"
}

// production hints at a host that is not the production one.
func (c *checker) production(id rule.ID, url string, p *place, step string) {
	if url != "" && !inProduction(url) {
		c.add(id, rule.Caution, p, step, url, "the production host")
	}
}

func (c *checker) unstructured(format string) bool {
	return c.Has(codelist.MediaTypes, format) && !codelist.Structured(format)
}
