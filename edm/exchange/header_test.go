package exchange

import (
	"slices"
	"testing"

	"oots/edm"
	"oots/rule"
)

func goodRequest() Envelope {
	return Envelope{
		Header: Header{
			MessageID:       "m1@ap.example",
			From:            edm.Identifier{Scheme: edm.SchemeUnregistered + "AT", Value: "AP_AT_01"},
			To:              edm.Identifier{Scheme: edm.SchemeUnregistered + "EL", Value: "AP_EL_01"},
			Action:          ExecuteQueryRequest,
			ConversationID:  "a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22",
			ExchangeID:      "d2b8f0a6-1c4e-4f93-a705-6e8d9b2c3f33",
			SpecificationID: edm.V20,
			OriginalSender:  edm.Identifier{Scheme: edm.SchemeUnregistered + "AT", Value: "ER"},
			FinalRecipient:  edm.Identifier{Scheme: edm.SchemeEAS + "9933", Value: "EP"},
			PropertyNames:   []string{PropertyOriginalSender, PropertyFinalRecipient, PropertyExchangeID, PropertySpecificationID},
		},
		Body:     []byte("<q/>"),
		BodyType: MediaTypeRegRep,
	}
}

func TestCheckEnvelope(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*Envelope)
		want []rule.ID // in order; nil means accepted
	}{
		{"ok", func(*Envelope) {}, nil},
		{"ok/sending", func(e *Envelope) { e.PropertyNames, e.BodyType = nil, "" }, nil},
		{"ok/oots scheme", func(e *Envelope) { e.From.Scheme = edm.SchemeUnregistered + "oots" }, nil},
		{"ok/properties in another order", func(e *Envelope) { slices.Reverse(e.PropertyNames) }, nil},
		{"ok/upper case and white space", func(e *Envelope) { e.ConversationID = "\n A4C1E7F2-90B3-4D58-8E61-2F7B9C0D1E22 " }, nil},
		{"ok/attachment in a response", func(e *Envelope) {
			e.Action, e.Attachments = ExecuteQueryResponse, []Attachment{{ContentID: "a@b"}}
		}, nil},
		{"party scheme of another network", func(e *Envelope) { e.To.Scheme = edm.SchemeEAS + "0204" }, []rule.ID{"R-EDM-ebMS-006"}},
		{"party scheme with unknown country", func(e *Envelope) { e.To.Scheme = edm.SchemeUnregistered + "GR" }, []rule.ID{"R-EDM-ebMS-006"}},
		{"conversation", func(e *Envelope) { e.ConversationID = "session-7" }, []rule.ID{"R-EDM-ebMS-017"}},
		{"conversation as URN", func(e *Envelope) { e.ConversationID = "urn:uuid:" + e.ConversationID }, []rule.ID{"R-EDM-ebMS-017"}},
		{"property too many", func(e *Envelope) { e.PropertyNames = append(e.PropertyNames, "trackingIdentifier") }, []rule.ID{"R-EDM-ebMS-018"}},
		{"header of 1.2", func(e *Envelope) {
			e.PropertyNames, e.ExchangeID, e.SpecificationID = e.PropertyNames[:2], "", ""
		}, []rule.ID{"R-EDM-ebMS-019", "R-EDM-ebMS-019", "R-EDM-ebMS-018"}},
		{"property twice", func(e *Envelope) { e.PropertyNames[3] = PropertyExchangeID },
			[]rule.ID{"R-EDM-ebMS-019", "R-EDM-ebMS-019"}},
		{"sender without type", func(e *Envelope) { e.OriginalSender.Scheme = "" }, []rule.ID{"R-EDM-ebMS-021"}},
		{"two parts in a request", func(e *Envelope) { e.Attachments = []Attachment{{}} }, []rule.ID{"R-EDM-ebMS-023"}},
		{"two parts in an error", func(e *Envelope) { e.Action, e.Attachments = ExceptionResponse, []Attachment{{}} }, []rule.ID{"R-EDM-ebMS-023"}},
		{"another action", func(e *Envelope) { e.Action = "ExecuteQuery" }, []rule.ID{RuleAction}},
		{"another action with two parts", func(e *Envelope) { e.Action, e.Attachments, e.BodyType = "executequeryresponse", []Attachment{{}}, "x" }, []rule.ID{RuleAction}},
		{"media type of a request", func(e *Envelope) { e.BodyType = "application/xml" }, []rule.ID{"R-EDM-ebMS-030"}},
		{"media type of a response", func(e *Envelope) { e.Action, e.BodyType = ExecuteQueryResponse, "text/xml" }, []rule.ID{"R-EDM-ebMS-032"}},
		{"response body second", func(e *Envelope) { e.Action, e.BodyAt = ExecuteQueryResponse, 1 }, []rule.ID{"R-EDM-ebMS-032"}},
		{"exchange", func(e *Envelope) { e.ExchangeID = "7" }, []rule.ID{"R-EDM-ebMS-037"}},
		{"exchange and a no-break space", func(e *Envelope) { e.ExchangeID += "\u00a0" }, []rule.ID{"R-EDM-ebMS-037"}},
		{"version with space", func(e *Envelope) { e.SpecificationID = "oots-edm:v2.0 " }, []rule.ID{"R-EDM-ebMS-038"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := goodRequest()
			tc.edit(&e)
			if got := ids(CheckEnvelope(e)); !slices.Equal(got, tc.want) {
				t.Errorf("rules %v, want %v", got, tc.want)
			}
		})
	}
}

func ids(fs []rule.Finding) []rule.ID {
	var out []rule.ID
	for _, f := range fs {
		out = append(out, f.Rule)
	}
	return out
}

func TestResponseOrderIsOnlyAWarning(t *testing.T) {
	t.Parallel()
	e := Assemble(goodRequest().Header, []Attachment{
		{ContentID: "doc@x", MimeType: "application/pdf", Content: []byte("%PDF")},
		{ContentID: "body@x", MimeType: MediaTypeRegRep, Content: []byte("<q/>")},
	})
	e.Action = ExecuteQueryResponse
	if string(e.Body) != "<q/>" || e.BodyAt != 1 || e.Attachment("doc@x") == nil || e.Attachment("body@x") != nil {
		t.Fatalf("assembled %+v", e)
	}
	if fs := CheckEnvelope(e); len(fs) != 1 || rule.Refuses(fs) {
		t.Errorf("findings %v, want one warning", fs)
	}
}

func TestCheckVersion(t *testing.T) {
	t.Parallel()
	h := goodRequest().Header
	if fs := CheckVersion(h, edm.V20); fs != nil {
		t.Errorf("same version: %v", fs)
	}
	if fs := CheckVersion(h, edm.V12); !slices.Equal(ids(fs), []rule.ID{"R-EDM-ebMS-038"}) {
		t.Errorf("other version: %v", fs)
	}
}

func TestCornersAreForTheLog(t *testing.T) {
	t.Parallel()
	h := goodRequest().Header
	if fs := CheckCorners(h, h.OriginalSender, h.FinalRecipient); fs != nil {
		t.Errorf("same corners: %v", fs)
	}
	fs := CheckCorners(h, edm.Identifier{Value: "IP"}, h.FinalRecipient)
	if len(fs) != 1 || rule.Refuses(fs) {
		t.Errorf("other sender: %v, want one warning", fs)
	}
}

func TestAnswerGoesBackWhereTheRequestCameFrom(t *testing.T) {
	t.Parallel()
	h := goodRequest().Header
	a := h.Answer(ExceptionResponse)
	if a.From != h.To || a.To != h.From || a.OriginalSender != h.FinalRecipient || a.FinalRecipient != h.OriginalSender {
		t.Errorf("sides not swapped: %+v", a)
	}
	if a.ConversationID != h.ConversationID || a.ExchangeID != h.ExchangeID || a.SpecificationID != h.SpecificationID {
		t.Errorf("correlation lost: %+v", a)
	}
	if a.MessageID != "" || a.PropertyNames != nil || a.Action != ExceptionResponse {
		t.Errorf("copied too much: %+v", a)
	}
	if fs := CheckHeader(a); fs != nil {
		t.Errorf("the answer breaks %v", fs)
	}
	h.ExchangeID = "x"
	if h.Answerable() {
		t.Error("a malformed exchange identifier would have to be repeated")
	}
}
