package edmxml

import (
	"oots/edm"
	"oots/regrep"
)

// classificationScheme is the scheme of the node that says what a document is. [R-EDM-RESP-S048]
const classificationScheme = "urn:fdc:oots:classification:edm"

func openResponse(w *regrep.Writer, requestID, status string) {
	w.Open("query:QueryResponse",
		"xmlns:query", regrep.NamespaceQuery,
		"xmlns:rim", regrep.NamespaceRIM,
		"xmlns:rs", regrep.NamespaceRS,
		"xmlns:sdg", regrep.NamespaceSDG,
		"xmlns:xlink", regrep.NamespaceXLink,
		"xmlns:xsi", regrep.NamespaceXSI,
		"requestId", requestID,
		"status", status)
}

func writeResponse20(w *regrep.Writer, r *edm.Response) {
	openResponse(w, r.RequestID, string(r.Status))
	w.StringSlot("SpecificationIdentifier", string(r.Version))
	w.StringSlot("EvidenceResponseIdentifier", r.ID)
	if !r.IssuedAt.IsZero() {
		w.TimeSlot("IssueDateTime", r.IssuedAt)
	}
	if !r.AvailableAt.IsZero() {
		w.TimeSlot("ResponseAvailableDateTime", r.AvailableAt)
	}
	w.AnyCollectionSlot("EvidenceProvider", len(r.Providers), func(i int) { fullAgent(w, &r.Providers[i]) })
	w.AnySlot("EvidenceRequester", func() { namedAgent(w, &r.Requester) })
	if len(r.Packages) == 0 {
		w.Empty("rim:RegistryObjectList") // also when Unavailable [R-EDM-RESP-S007]
	} else {
		w.Open("rim:RegistryObjectList")
		for i := range r.Packages {
			pack(w, &r.Packages[i])
		}
		w.Close()
	}
	w.Close()
}

// pack writes a package: the documents, then one association from each supplementary document to the main
// evidence. [R-EDM-RESP-S050]
func pack(w *regrep.Writer, p *edm.Package) {
	w.Open("rim:RegistryObject", "xsi:type", "rim:RegistryPackageType", "id", p.ID)
	w.Open("rim:RegistryObjectList")
	for i := range p.Documents {
		document(w, &p.Documents[i])
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

func document(w *regrep.Writer, d *edm.Document) {
	w.Open("rim:RegistryObject", "xsi:type", "rim:ExtrinsicObjectType", "id", d.ObjectID)
	w.AnySlot("EvidenceMetadata", func() { evidence(w, &d.Evidence) })
	w.Empty("rim:Classification", "id", d.ClassificationID, "classificationScheme", classificationScheme,
		"classificationNode", string(d.Kind))
	w.Empty("rim:RepositoryItemRef", "xlink:href", "cid:"+d.ContentID, "xlink:title", d.Title)
	w.Close()
}

func evidence(w *regrep.Writer, e *edm.Evidence) {
	w.Open("sdg:Evidence")
	w.Text("sdg:Identifier", e.ID)
	isAbout(w, e)
	if a := e.IssuingAuthority; a != nil {
		w.Open("sdg:IssuingAuthority")
		agentIdentity(w, a)
		w.Close()
	}
	if t := e.Conformance; t != nil {
		w.Open("sdg:IsConformantTo")
		w.Text("sdg:EvidenceTypeClassification", t.Classification)
		texts(w, "sdg:Title", t.Titles)
		texts(w, "sdg:Description", t.Descriptions)
		w.Close()
	}
	w.TextIf("sdg:IssuingDate", string(e.IssuingDate))
	distribution(w, "sdg:Distribution", &e.Distribution)
	if e.ValidFrom != "" || e.ValidUntil != "" {
		w.Open("sdg:ValidityPeriod")
		w.TextIf("sdg:StartDate", string(e.ValidFrom))
		w.TextIf("sdg:EndDate", string(e.ValidUntil))
		w.Close()
	}
	w.Close()
}

// isAbout repeats who the evidence is about: the minimum data set only. [R-EDM-RESP-S041, R-EDM-RESP-S042]
func isAbout(w *regrep.Writer, e *edm.Evidence) {
	switch {
	case e.NaturalPerson != nil:
		w.Open("sdg:IsAbout")
		w.Open("sdg:NaturalPerson")
		minimumDataSet(w, e.NaturalPerson)
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
