package edmxml

import (
	"cmp"

	"oots/edm"
	"oots/regrep"
)

func writeError(w *regrep.Writer, e *edm.ErrorResponse, says dialect) {
	openResponse(w, e.RequestID, string(edm.Failure))
	w.StringSlot(specification, string(e.Version))
	w.StringSlot("EvidenceResponseIdentifier", e.ID)
	w.AnySlot("ErrorProvider", func() { fullAgent(w, &e.Provider) })
	if e.Requester != nil {
		w.AnySlot("EvidenceRequester", func() { namedAgent(w, e.Requester) })
	}
	for i := range e.Exceptions {
		exception(w, &e.Exceptions[i], says)
	}
	w.Close()
}

// exception writes the row of the table that belongs to the code; a message of its own wins over the
// table's. [TDD 4.5.3]
func exception(w *regrep.Writer, x *edm.Exception, says dialect) {
	row, _ := x.Code.Row()
	out := regrep.Exception{Type: row.Type, Severity: x.Severity, Message: x.Message, Code: string(x.Code), Detail: x.Detail}
	if out.Message == "" {
		out.Message = row.Message
	}
	if out.Severity == "" {
		out.Severity = edm.SeverityError
	}
	w.Exception(out, func() {
		if !x.At.IsZero() {
			w.TimeSlot("Timestamp", x.At)
		}
		if x.Preview != nil {
			preview(w, x.Preview, says)
		}
	})
}

// preview writes where the user is sent. Up to 1.2 the method goes with the address: 1.2 demands it, and in all
// three lines none means GET. [R-EDM-ERR-S031]
func preview(w *regrep.Writer, p *edm.Preview, says dialect) {
	w.StringSlot("PreviewLocation", p.Location)
	if says.previewByMethod {
		w.StringSlot(previewMethod, cmp.Or(p.Method, "GET"))
	}
	if len(p.Descriptions) > 0 {
		w.InternationalSlot("PreviewDescription", localized(p.Descriptions))
	}
}

func localized(t edm.Texts) []regrep.LocalizedString {
	all := make([]regrep.LocalizedString, len(t))
	for i, x := range t {
		all[i] = regrep.LocalizedString{Lang: x.Lang, Value: x.Value}
	}
	return all
}
