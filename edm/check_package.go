package edm

import (
	"strconv"
	"strings"

	"oots/codelist"
	"oots/rule"
)

// packages checks the documents of an answer: in packages since 2.0, in a flat list before.
func (c *checker) packages(all []Package) {
	ids := make(map[string]struct{})
	for i := range all {
		p, here := &all[i], place{step: "Package", n: i + 1}
		if c.Before(V20) {
			c.documents(p.Documents, ids, &here)
		} else {
			c.pack(p, ids, &here)
		}
	}
}

// documents checks those that stand together in a package, or beside each other in a flat list.
func (c *checker) documents(all []Document, ids map[string]struct{}, here *place) {
	for i := range all {
		at := here.item("Document", i)
		c.document(&all[i], ids, &at)
	}
}

// pack checks one package: the documents, and that one of them is the main evidence. [TDD 4.5.2 §2.1]
func (c *checker) pack(p *Package, ids map[string]struct{}, here *place) {
	c.objectID(p.ID, ids, here, "@id")
	c.documents(p.Documents, ids, here)
	mains := 0
	for i := range p.Documents {
		if p.Documents[i].Kind == MainEvidence {
			mains++
		}
	}
	c.fatal("R-EDM-RESP-S047", mains > 0, here, "", "", "a main evidence in the package")
	if mains > 1 {
		c.add(RuleOneMain, rule.Warning, here, "", strconv.Itoa(mains)+" main evidences", "one main evidence; each is taken as an evidence of its own")
	}
}

func (c *checker) objectID(id string, ids map[string]struct{}, p *place, step string) {
	if id == "" {
		c.fatal("R-EDM-RESP-S036", false, p, step, "", "an id")
		return
	}
	c.fatal("R-EDM-RESP-S037", c.IsURNUUID(strings.Trim(id, " \t\r\n")), p, step, id, "urn:uuid: and a UUID")
	c.unique(id, ids, p, step)
}

func (c *checker) unique(id string, ids map[string]struct{}, p *place, step string) {
	_, seen := ids[id]
	c.fatal(RuleUniqueID, !seen, p, step, id, "an id of its own")
	ids[id] = struct{}{}
}

func (c *checker) document(d *Document, ids map[string]struct{}, here *place) {
	c.objectID(d.ObjectID, ids, here, "@id")
	if !c.Before(V20) {
		c.placed(d, ids, here)
	}
	c.fatal("R-EDM-RESP-S033", d.ContentID != "", here, "RepositoryItemRef", "", "a reference to the attachment")
	c.fatal("R-EDM-RESP-S035", d.Title != "", here, "RepositoryItemRef/@title", "", "a title")
	evidence := here.in("Evidence")
	c.evidence(&d.Evidence, c.kindOf(d), &evidence)
}

// kindOf is what a document counts as: in a flat list each one is an evidence of its own.
func (c *checker) kindOf(d *Document) DocumentKind {
	if c.Before(V20) {
		return MainEvidence
	}
	return d.Kind
}

// placed checks what a document is in its package.
func (c *checker) placed(d *Document, ids map[string]struct{}, here *place) {
	c.fatal("R-EDM-RESP-S065", IsURNUUID(d.ClassificationID), here, "Classification/@id", d.ClassificationID, "urn:uuid: and a UUID")
	if d.ClassificationID != "" {
		c.unique(d.ClassificationID, ids, here, "Classification/@id")
	}
	c.fatal("R-EDM-RESP-S049", c.Has(codelist.DocumentKinds, string(d.Kind)), here, "Classification/@classificationNode", string(d.Kind),
		"MainEvidence, Annex, HumanReadableVersion or Translation")
	if d.Kind != MainEvidence && c.Has(codelist.DocumentKinds, string(d.Kind)) {
		c.fatal("R-EDM-RESP-S050", d.AssociationID != "", here, "", "", "an association with the main evidence")
	}
	if d.AssociationID != "" {
		c.objectID(d.AssociationID, ids, here, "Association/@id")
	}
}
