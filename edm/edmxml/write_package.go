package edmxml

import (
	"oots/edm"
	"oots/regrep"
)

// classificationScheme is the scheme of the node that says what a document is. [R-EDM-RESP-S048]
const classificationScheme = "urn:fdc:oots:classification:edm"

// pack writes a package: the documents, then one association from each supplementary document to the main
// evidence. [R-EDM-RESP-S050]
func pack(w *regrep.Writer, p *edm.Package, says dialect) {
	w.Open("rim:RegistryObject", "xsi:type", "rim:RegistryPackageType", "id", p.ID)
	w.Open("rim:RegistryObjectList")
	for i := range p.Documents {
		document(w, &p.Documents[i], says)
	}
	target := ""
	if m := p.Main(); m != nil {
		target = m.ObjectID
	}
	for i := range p.Documents {
		d := &p.Documents[i]
		if d.Kind == edm.MainEvidence {
			continue
		}
		w.Empty("rim:RegistryObject", "xsi:type", "rim:AssociationType", "id", d.AssociationID,
			"type", regrep.AssociationPrefix+string(d.Kind), "sourceObject", d.ObjectID, "targetObject", target)
	}
	w.Close()
	w.Close()
}

// flat writes documents beside each other, as an answer does up to 1.2: what belongs to which, and which is the
// main evidence, has no place there.
func flat(w *regrep.Writer, all []edm.Document, says dialect) {
	for i := range all {
		document(w, &all[i], says)
	}
}

func document(w *regrep.Writer, d *edm.Document, says dialect) {
	w.Open("rim:RegistryObject", "xsi:type", "rim:ExtrinsicObjectType", "id", d.ObjectID)
	w.AnySlot("EvidenceMetadata", func() { evidence(w, &d.Evidence, says) })
	if says.packages {
		w.Empty("rim:Classification", "id", d.ClassificationID, "classificationScheme", classificationScheme,
			"classificationNode", string(d.Kind))
	}
	w.Empty("rim:RepositoryItemRef", "xlink:href", "cid:"+d.ContentID, "xlink:title", d.Title)
	w.Close()
}
