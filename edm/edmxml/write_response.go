package edmxml

import (
	"oots/edm"
	"oots/regrep"
)

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

func writeResponse(w *regrep.Writer, r *edm.Response, says dialect) {
	openResponse(w, r.RequestID, string(r.Status))
	w.StringSlot(specification, string(r.Version))
	w.StringSlot("EvidenceResponseIdentifier", r.ID)
	if !r.IssuedAt.IsZero() {
		w.TimeSlot("IssueDateTime", r.IssuedAt)
	}
	if !r.AvailableAt.IsZero() {
		w.TimeSlot("ResponseAvailableDateTime", r.AvailableAt)
	}
	w.AnyCollectionSlot("EvidenceProvider", len(r.Providers), func(i int) { fullAgent(w, &r.Providers[i]) })
	w.AnySlot("EvidenceRequester", func() { namedAgent(w, &r.Requester) })
	objectList(w, r.Packages, says)
	w.Close()
}

// objectList writes the list also when it is empty, which 2.0 demands of an Unavailable response too and earlier
// lines allow. [R-EDM-RESP-S007] [open-questions C11]
func objectList(w *regrep.Writer, all []edm.Package, says dialect) {
	if len(all) == 0 {
		w.Empty("rim:RegistryObjectList")
		return
	}
	w.Open("rim:RegistryObjectList")
	for i := range all {
		if says.packages {
			pack(w, &all[i], says)
		} else {
			flat(w, all[i].Documents, says)
		}
	}
	w.Close()
}
