package edmxml

import (
	"oots/edm"
	"oots/regrep"
)

// evidence writes the metadata of a document, in the order of the schema. [TDD 4.5.2 §3]
func evidence(w *regrep.Writer, e *edm.Evidence, says dialect) {
	w.Open("sdg:Evidence")
	w.Text("sdg:Identifier", e.ID)
	isAbout(w, e)
	if a := e.IssuingAuthority; a != nil {
		w.Open("sdg:IssuingAuthority")
		agentIdentity(w, a)
		w.Close()
	}
	if e.Conformance != nil {
		conformance(w, e.Conformance, says)
	}
	w.TextIf("sdg:IssuingDate", string(e.IssuingDate))
	distribution(w, &e.Distribution, says)
	if e.ValidFrom != "" || e.ValidUntil != "" {
		w.Open("sdg:ValidityPeriod")
		w.TextIf("sdg:StartDate", string(e.ValidFrom))
		w.TextIf("sdg:EndDate", string(e.ValidUntil))
		w.Close()
	}
	w.Close()
}

// conformance repeats the evidence type of the request. [open-questions C12]
func conformance(w *regrep.Writer, t *edm.EvidenceType, says dialect) {
	descriptions := t.Descriptions
	if says.titlesDescribe && len(descriptions) == 0 {
		descriptions = t.Titles
	}
	w.Open("sdg:IsConformantTo")
	w.Text("sdg:EvidenceTypeClassification", t.Classification)
	texts(w, "sdg:Title", t.Titles)
	texts(w, "sdg:Description", descriptions)
	w.Close()
}

// isAbout repeats who the evidence is about: the minimum data set only. [R-EDM-RESP-S041, R-EDM-RESP-S042]
func isAbout(w *regrep.Writer, e *edm.Evidence) {
	switch {
	case e.NaturalPerson != nil:
		w.Open("sdg:IsAbout")
		w.Open("sdg:NaturalPerson")
		minimumDataSet(w, e.NaturalPerson, "", "")
		w.TextIf("sdg:PlaceOfBirth", e.NaturalPerson.PlaceOfBirth)
		w.Close()
		w.Close()
	case e.LegalPerson != nil:
		w.Open("sdg:IsAbout")
		w.Open("sdg:LegalPerson")
		w.Text("sdg:LegalPersonIdentifier", e.LegalPerson.EIDASIdentifier, "schemeID", edm.SchemeEIDAS)
		w.Text("sdg:LegalName", e.LegalPerson.LegalName)
		w.Close()
		w.Close()
	}
}

// distribution writes the form of a document.
func distribution(w *regrep.Writer, d *edm.Distribution, says dialect) {
	w.Open("sdg:Distribution")
	w.Text("sdg:Format", d.Format)
	for _, l := range d.Languages {
		w.Text("sdg:Language", l)
	}
	w.TextIf("sdg:ConformsTo", d.ConformsTo)
	if says.transformation {
		w.TextIf("sdg:Transformation", d.Transformation)
	}
	w.Close()
}
