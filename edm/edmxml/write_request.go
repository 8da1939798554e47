package edmxml

import (
	"strings"

	"oots/edm"
	"oots/regrep"
)

// documentQuery is the @queryDefinition of every evidence request. [R-EDM-REQ-C025]
const documentQuery = "DocumentQuery"

// writeRequest keeps the order in which the chapter lists the slots, although their order is free.
func writeRequest(w *regrep.Writer, r *edm.Request, says dialect) {
	wish := ""
	if says.wish {
		wish = r.Lang
	}
	w.Open("query:QueryRequest",
		"xmlns:query", regrep.NamespaceQuery,
		"xmlns:rim", regrep.NamespaceRIM,
		"xmlns:sdg", regrep.NamespaceSDG,
		"xmlns:xsi", regrep.NamespaceXSI,
		"xml:lang", wish,
		"id", r.ID)
	headSlots(w, r, says)
	agentSlots(w, r, says)
	w.Empty("query:ResponseOption", "returnType", regrep.LeafClassWithRepositoryItem)
	w.Open("query:Query", "queryDefinition", documentQuery)
	subjectSlots(w, r, says)
	w.AnySlot("EvidenceRequest", func() { evidenceType(w, &r.Evidence, says) })
	w.Close()
	w.Close()
}

func headSlots(w *regrep.Writer, r *edm.Request, says dialect) {
	w.StringSlot(specification, string(r.Version))
	if !r.IssuedAt.IsZero() {
		w.TimeSlot("IssueDateTime", r.IssuedAt)
	}
	procedureSlot(w, r.Procedure, says)
	if r.PreviewLocation != "" {
		w.StringSlot("PreviewLocation", r.PreviewLocation)
	}
	if says.returnLocation && r.ReturnLocation != "" {
		w.StringSlot("ReturnLocation", r.ReturnLocation)
	}
	w.BoolSlot("PossibilityForPreview", r.PossibilityForPreview)
	w.BoolSlot("ExplicitRequestGiven", r.ExplicitRequestGiven)
}

// procedureSlot writes the code as plain text, or as an international string in English, as a code has no
// language. [R-EDM-REQ-S022, R-EDM-REQ-C004]
func procedureSlot(w *regrep.Writer, code string, says dialect) {
	switch {
	case !says.procedureText:
		w.StringSlot("Procedure", code)
	case code != "":
		w.InternationalSlot("Procedure", []regrep.LocalizedString{{Lang: "EN", Value: code}})
	}
}

func agentSlots(w *regrep.Writer, r *edm.Request, says dialect) {
	if n := len(r.Requirements); n > 0 || r.Version != edm.V10 { // 1.0 lets the slot be missing [R-EDM-REQ-S011]
		w.AnyCollectionSlot("Requirements", n, func(i int) { requirement(w, &r.Requirements[i], says) })
	}
	w.AnyCollectionSlot("EvidenceRequester", len(r.Requesters), func(i int) { fullAgent(w, &r.Requesters[i]) })
	w.AnySlot("EvidenceProvider", func() { namedAgent(w, &r.Provider) })
	if n := len(r.ProviderClassifications); n > 0 {
		w.AnyCollectionSlot("EvidenceProviderClassification", n, func(i int) { classification(w, &r.ProviderClassifications[i]) })
	}
}

func subjectSlots(w *regrep.Writer, r *edm.Request, says dialect) {
	if r.NaturalPerson != nil {
		w.AnySlot("NaturalPerson", func() { person(w, r.NaturalPerson, "", says) })
	}
	if r.LegalPerson != nil {
		w.AnySlot("LegalPerson", func() { legalPerson(w, r.LegalPerson, "", says) })
	}
	if r.Representative != nil {
		w.AnySlot("AuthorizedRepresentative", func() { person(w, r.Representative, r.RepresentativePowerScope, says) })
	}
	if says.legalAgent && r.RepresentativeLegal != nil {
		w.AnySlot("AuthorizedRepresentativeLegalPerson", func() {
			legalPerson(w, r.RepresentativeLegal, r.RepresentativePowerScope, says)
		})
	}
}

func requirement(w *regrep.Writer, q *edm.Requirement, says dialect) {
	w.Open("sdg:Requirement")
	w.Text("sdg:Identifier", q.ID)
	texts(w, "sdg:Name", q.Names)
	if says.described {
		texts(w, "sdg:Description", q.Descriptions)
	}
	w.Close()
}

func classification(w *regrep.Writer, q *edm.ProviderClassification) {
	w.Open("sdg:EvidenceProviderClassification")
	w.Text("sdg:Identifier", q.ID, "schemeID", q.CodeList)
	w.Text("sdg:Type", q.Type)
	w.TextIf("sdg:ValueExpression", q.ValueExpression)
	texts(w, "sdg:Description", q.Descriptions)
	w.Open("sdg:SupportedValue")
	for _, v := range q.Values {
		w.Text(valueName(q), v)
	}
	w.Close()
	w.Close()
}

// valueName is the element that holds a value of that kind.
func valueName(q *edm.ProviderClassification) string {
	switch {
	case strings.EqualFold(q.Type, "boolean"): // as 1.0 writes types
		return "sdg:BooleanValue"
	case q.Dates:
		return "sdg:DateValue"
	}
	return "sdg:StringValue"
}

func evidenceType(w *regrep.Writer, e *edm.EvidenceType, says dialect) {
	w.Open("sdg:DataServiceEvidenceType")
	w.Text("sdg:Identifier", e.ID)
	w.Text("sdg:EvidenceTypeClassification", e.Classification)
	texts(w, "sdg:Title", e.Titles)
	texts(w, "sdg:Description", e.Descriptions)
	for i := range e.Distributions {
		wanted(w, &e.Distributions[i], says)
	}
	w.Close()
}

// wanted writes the form that the requester can take.
func wanted(w *regrep.Writer, d *edm.Distribution, says dialect) {
	w.Open("sdg:DistributedAs")
	w.Text("sdg:Format", d.Format)
	if says.wanted {
		for _, l := range d.Languages {
			w.Text("sdg:Language", l)
		}
	}
	w.TextIf("sdg:ConformsTo", d.ConformsTo)
	if says.transformation {
		w.TextIf("sdg:Transformation", d.Transformation)
	}
	if says.wanted {
		for _, k := range d.Associated {
			w.Text("sdg:AssociatedDocumentRequest", string(k))
		}
	}
	w.Close()
}
