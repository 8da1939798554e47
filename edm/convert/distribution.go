package convert

import (
	"slices"

	"oots/codelist"
	"oots/edm"
	"oots/rule"
)

// evidenceType moves the wishes of a request between 2.0, where each of several distributions has languages and
// associated documents, and 1.x, which has one distribution at most and one language for the request.
// [TDD 4.5.1 §3.7] [R-EDM-REQ-C032, R-EDM-REQ-C069]
func (c *conversion) evidenceType(r *edm.Request) {
	const path = "EvidenceRequest/DataServiceEvidenceType"
	c.url(&r.Evidence.Classification, path+"/EvidenceTypeClassification")
	all := append([]edm.Distribution(nil), r.Evidence.Distributions...)
	for i := range all {
		at := item(path+"/DistributedAs", i)
		c.urls(&all[i], at)
		c.model(&all[i], at)
	}
	switch {
	case c.under(edm.V20):
		all = c.oneDistribution(r, all, path+"/DistributedAs")
	case c.over(edm.V20):
		all = c.severalDistributions(r, all, path+"/DistributedAs")
	}
	if c.to == edm.V10 && len(all) == 0 {
		all = c.inventPDF(path+"/DistributedAs", "1.0 wants exactly one [R-EDM-REQ-S045]")
	}
	c.described(&r.Evidence, path, "R-EDM-REQ-S045")
	r.Evidence.Distributions = all
}

// inventPDF is the form that is asked for where a line wants one and the request has none.
func (c *conversion) inventPDF(path, why string) []edm.Distribution {
	c.add(Invented, item(path, 0), "a form of the evidence: PDF", why)
	return []edm.Distribution{{Format: "application/pdf"}}
}

// described gives an evidence type the description that 1.0 demands.
func (c *conversion) described(t *edm.EvidenceType, path string, id rule.ID) {
	if c.to == edm.V10 && len(t.Descriptions) == 0 && len(t.Titles) > 0 {
		t.Descriptions = t.Titles
		c.add(Invented, path+"/Description", "a description of the evidence type", "1.0 demands one; taken from the titles ["+string(id)+"]")
	}
}

func (c *conversion) oneDistribution(r *edm.Request, all []edm.Distribution, path string) []edm.Distribution {
	const one = "up to 1.2 a request has one distribution at most [R-EDM-REQ-C032]"
	for i := 1; i < len(all); i++ {
		c.add(Lost, item(path, i), "a further form of the evidence", one)
	}
	if len(all) == 0 {
		return all
	}
	all = all[:1]
	d := &all[0]
	if r.Lang == "" && len(d.Languages) > 0 {
		r.Lang, d.Languages = d.Languages[0], d.Languages[1:] // @xml:lang is the same wish
	}
	loseAll(c, &d.Languages, item(path, 0)+"/Language", "the languages wished for behind the first", "up to 1.2 a request wishes for one language [R-EDM-REQ-C069]")
	d.Languages = nil
	loseAll(c, &d.Associated, item(path, 0)+"/AssociatedDocumentRequest", "the associated documents wished for", "up to 1.2 a request cannot ask for them [R-EDM-REQ-C119]")
	return all
}

func (c *conversion) severalDistributions(r *edm.Request, all []edm.Distribution, path string) []edm.Distribution {
	if len(all) == 0 {
		all = c.inventPDF(path, "since 2.0 a request has at least one distribution [R-EDM-REQ-C032]")
	}
	for i := range all {
		if r.Lang != "" && len(all[i].Languages) == 0 {
			all[i].Languages = []string{r.Lang}
		}
		lose(c, &all[i].Transformation, item(path, i)+"/Transformation", "the transformation of a data model", "2.0 has none [TDD 4.5.1 §3.7]")
	}
	r.Lang = ""
	return all
}

// urls moves the URLs of a form to the host of later lines.
func (c *conversion) urls(d *edm.Distribution, path string) {
	c.url(&d.ConformsTo, path+"/ConformsTo")
	if c.to.Before(edm.V20) {
		c.url(&d.Transformation, path+"/Transformation")
	}
}

// model drops a data model beside an unstructured format, which 1.0 lets stand. [R-EDM-REQ-C107, R-EDM-RESP-C050]
func (c *conversion) model(d *edm.Distribution, path string) {
	unstructured := codelist.MediaTypes.HasIn(c.to.Line(), d.Format) && !codelist.Structured(d.Format)
	if c.to != edm.V10 && unstructured {
		lose(c, &d.ConformsTo, path+"/ConformsTo", "the data model of an unstructured format", "later lines refuse it [R-EDM-REQ-C107]")
		if d.Transformation != "" {
			lose(c, &d.Transformation, path+"/Transformation", "the transformation of an unstructured format", "it needs a data model [R-EDM-REQ-C072]")
		}
	}
}

// rendition reduces the form of a document that is delivered. [TDD 4.5.2 §3.3]
func (c *conversion) rendition(d *edm.Distribution, path string) {
	c.urls(d, path)
	c.model(d, path)
	if c.over(edm.V20) {
		lose(c, &d.Transformation, path+"/Transformation", "the transformation of a data model", "2.0 has none [TDD 4.5.2 §3.3]")
	}
	d.Languages = slices.Clone(d.Languages)
}
