package convert

import (
	"oots/codelist"
	"oots/edm"
)

// flatten makes each document of each package an evidence of its own, as 1.x has them. A document that belongs
// to the main evidence takes over the metadata that every evidence of 1.x must have: that keeps its bytes and says
// whose they are; that it is a translation, an annex or a readable version is lost. A structured one is left out,
// because it has no data model, which 1.x demands. [TDD 4.5.2 §3.3] [R-EDM-RESP-C044]
func (c *conversion) flatten(all []edm.Package) []edm.Package {
	var out []edm.Package
	for i, p := range c.packages(all) {
		main := p.Main()
		for j, d := range p.Documents {
			if d.Kind != edm.MainEvidence {
				if main == nil || codelist.Structured(d.Evidence.Distribution.Format) {
					c.add(Lost, documentPath(i, j), "a structured "+words(d.Kind), "up to 1.2 it would be an evidence of its own, and need a data model that it may not have [R-EDM-RESP-C044, R-EDM-RESP-S063]")
					continue
				}
				c.add(Changed, documentPath(i, j), "a "+words(d.Kind), "up to 1.2 there are no packages: it becomes an evidence of its own, with the metadata of the main one [R-EDM-RESP-S066]")
				like(&d.Evidence, &main.Evidence)
			}
			d.Kind, d.ClassificationID, d.AssociationID = edm.MainEvidence, "", ""
			out = append(out, edm.Package{Documents: []edm.Document{d}})
		}
	}
	return out
}

// like gives an evidence the metadata of the one it belongs to, but identifier and form.
func like(e, main *edm.Evidence) {
	e.NaturalPerson, e.LegalPerson = main.NaturalPerson, main.LegalPerson
	e.IssuingAuthority, e.Conformance, e.IssuingDate = main.IssuingAuthority, main.Conformance, main.IssuingDate
}

// wrap puts each evidence into a package of its own. [R-EDM-RESP-S066]
func (c *conversion) wrap(all []edm.Package, id func(string) string) []edm.Package {
	var out []edm.Package
	for i, p := range c.packages(all) {
		for j, d := range p.Documents {
			path := documentPath(i, j)
			d.Kind, d.AssociationID = edm.MainEvidence, ""
			d.ClassificationID = "urn:uuid:" + id("classification "+d.ObjectID)
			if d.Title == "" {
				d.Title = titleOf(&d.Evidence)
				c.add(Invented, path+"/RepositoryItemRef/@title", "the title of a document", "mandatory since 2.0; taken from its evidence type [R-EDM-RESP-S035]")
			}
			c.add(Invented, path, "identifiers of package and classification", "2.0 puts each evidence into a package [R-EDM-RESP-S066]")
			out = append(out, edm.Package{ID: "urn:uuid:" + id("package "+d.ObjectID), Documents: []edm.Document{d}})
		}
	}
	return out
}

func titleOf(e *edm.Evidence) string {
	if e.Conformance != nil {
		if t := e.Conformance.Titles.In("EN").Value; t != "" {
			return t
		}
	}
	return "Evidence"
}

// words names a kind of document.
func words(k edm.DocumentKind) string {
	switch k {
	case edm.Translation:
		return "translation"
	case edm.HumanReadableVersion:
		return "human-readable version"
	case edm.Annex:
		return "annex"
	}
	return "document"
}

// document returns a converted copy.
func (c *conversion) document(d *edm.Document, path string) edm.Document {
	out := *d
	e := &out.Evidence
	path += "/Evidence"
	c.rendition(&e.Distribution, path+"/Distribution")
	if e.NaturalPerson != nil {
		p := *e.NaturalPerson
		if c.to == edm.V10 {
			c.identifier10(&p, path+"/IsAbout/NaturalPerson")
		}
		e.NaturalPerson = &p
	}
	if e.Conformance != nil {
		t := *e.Conformance
		c.url(&t.Classification, path+"/IsConformantTo/EvidenceTypeClassification")
		c.described(&t, path+"/IsConformantTo", "R-EDM-RESP-S030")
		e.Conformance = &t
	}
	return out
}
