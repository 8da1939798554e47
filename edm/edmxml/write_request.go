package edmxml

import (
	"strings"

	"oots/edm"
	"oots/regrep"
)

// The attribute that carries the scope of a mandate. [TDD 4.5.1 §3.8] [R-EDM-REQ-C081]
const (
	powerScopeName = "PowerOfRepresentationScope"
	powerScopeURI  = "http://data.europa.eu/p4s/attributes/PowerOfRepresentationScope"
)

// writeRequest20 keeps the order in which the chapter lists the slots, although their order is free.
func writeRequest20(w *regrep.Writer, r *edm.Request) {
	w.Open("query:QueryRequest",
		"xmlns:query", regrep.NamespaceQuery,
		"xmlns:rim", regrep.NamespaceRIM,
		"xmlns:sdg", regrep.NamespaceSDG,
		"xmlns:xsi", regrep.NamespaceXSI,
		"id", r.ID)
	requestSlots(w, r)
	w.Empty("query:ResponseOption", "returnType", regrep.LeafClassWithRepositoryItem)
	w.Open("query:Query", "queryDefinition", documentQuery)
	subjectSlots(w, r)
	w.AnySlot("EvidenceRequest", func() { evidenceType(w, &r.Evidence) })
	w.Close()
	w.Close()
}

// documentQuery is the @queryDefinition of every evidence request. [R-EDM-REQ-C025]
const documentQuery = "DocumentQuery"

func requestSlots(w *regrep.Writer, r *edm.Request) {
	w.StringSlot("SpecificationIdentifier", string(r.Version))
	if !r.IssuedAt.IsZero() {
		w.TimeSlot("IssueDateTime", r.IssuedAt)
	}
	w.StringSlot("Procedure", r.Procedure)
	if r.PreviewLocation != "" {
		w.StringSlot("PreviewLocation", r.PreviewLocation)
	}
	if r.ReturnLocation != "" {
		w.StringSlot("ReturnLocation", r.ReturnLocation)
	}
	w.BoolSlot("PossibilityForPreview", r.PossibilityForPreview)
	w.BoolSlot("ExplicitRequestGiven", r.ExplicitRequestGiven)
	w.AnyCollectionSlot("Requirements", len(r.Requirements), func(i int) { requirement(w, &r.Requirements[i]) })
	w.AnyCollectionSlot("EvidenceRequester", len(r.Requesters), func(i int) { fullAgent(w, &r.Requesters[i]) })
	w.AnySlot("EvidenceProvider", func() { namedAgent(w, &r.Provider) })
	if n := len(r.ProviderClassifications); n > 0 {
		w.AnyCollectionSlot("EvidenceProviderClassification", n, func(i int) { classification(w, &r.ProviderClassifications[i]) })
	}
}

func subjectSlots(w *regrep.Writer, r *edm.Request) {
	if r.NaturalPerson != nil {
		w.AnySlot("NaturalPerson", func() { person(w, r.NaturalPerson, "") })
	}
	if r.LegalPerson != nil {
		w.AnySlot("LegalPerson", func() { legalPerson(w, r.LegalPerson, "") })
	}
	if r.Representative != nil {
		w.AnySlot("AuthorizedRepresentative", func() { person(w, r.Representative, r.RepresentativePowerScope) })
	}
	if r.RepresentativeLegal != nil {
		w.AnySlot("AuthorizedRepresentativeLegalPerson", func() { legalPerson(w, r.RepresentativeLegal, r.RepresentativePowerScope) })
	}
}

func requirement(w *regrep.Writer, q *edm.Requirement) {
	w.Open("sdg:Requirement")
	w.Text("sdg:Identifier", q.ID)
	texts(w, "sdg:Name", q.Names)
	texts(w, "sdg:Description", q.Descriptions)
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

func evidenceType(w *regrep.Writer, e *edm.EvidenceType) {
	w.Open("sdg:DataServiceEvidenceType")
	w.Text("sdg:Identifier", e.ID)
	w.Text("sdg:EvidenceTypeClassification", e.Classification)
	texts(w, "sdg:Title", e.Titles)
	texts(w, "sdg:Description", e.Descriptions)
	for i := range e.Distributions {
		distribution(w, "sdg:DistributedAs", &e.Distributions[i])
	}
	w.Close()
}

func distribution(w *regrep.Writer, name string, d *edm.Distribution) {
	w.Open(name)
	w.Text("sdg:Format", d.Format)
	for _, l := range d.Languages {
		w.Text("sdg:Language", l)
	}
	w.TextIf("sdg:ConformsTo", d.ConformsTo)
	for _, k := range d.Associated {
		w.Text("sdg:AssociatedDocumentRequest", string(k))
	}
	w.Close()
}
