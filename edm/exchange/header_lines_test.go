package exchange

import (
	"slices"
	"testing"

	"oots/edm"
	"oots/rule"
)

// goodRequestOf is a request as a peer of a release line sends it.
func goodRequestOf(v edm.Version) Envelope {
	e := goodRequest()
	if v.Before(edm.V20) {
		e.PropertyNames, e.ExchangeID, e.SpecificationID = e.PropertyNames[:2], "", ""
	}
	e.Follow(v)
	return e
}

// TestHeadersOfEachLine breaks each rule in each line that has it, and shows that it is none in the others.
func TestHeadersOfEachLine(t *testing.T) {
	t.Parallel()
	all := []edm.Version{edm.V10, edm.V11, edm.V12, edm.V20}
	for _, tc := range []struct {
		name  string
		lines []edm.Version // in which want is broken; nothing is in the others
		edit  func(*Envelope)
		want  []rule.ID
	}{
		{"ok", all, func(*Envelope) {}, nil},
		{"ok/sending", all, func(e *Envelope) { e.PropertyNames, e.BodyType = nil, "" }, nil},
		{"party scheme", all[1:], func(e *Envelope) { e.To.Scheme = edm.SchemeUnregistered + "oots-simulator" }, []rule.ID{"R-EDM-ebMS-006"}},
		{"conversation", all, func(e *Envelope) { e.ConversationID = "session-7" }, []rule.ID{"R-EDM-ebMS-017"}},
		{"foreign property", all, func(e *Envelope) { e.PropertyNames = append(e.PropertyNames, "trackingIdentifier") }, []rule.ID{"R-EDM-ebMS-018"}},
		{"property renamed", all, func(e *Envelope) { e.PropertyNames[0] = "sender" }, []rule.ID{"R-EDM-ebMS-019"}},
		{"property without value", all, func(e *Envelope) { e.FinalRecipient.Value = "" }, []rule.ID{"R-EDM-ebMS-019"}},
		{"sender without type", all[1:], func(e *Envelope) { e.OriginalSender.Scheme = "" }, []rule.ID{"R-EDM-ebMS-021"}},
		{"two parts", all, func(e *Envelope) { e.Attachments = []Attachment{{}} }, []rule.ID{"R-EDM-ebMS-023"}},
		{"media type", all, func(e *Envelope) { e.BodyType = "application/xml" }, []rule.ID{"R-EDM-ebMS-030"}},
		{"response body second", all, func(e *Envelope) { e.Action, e.BodyAt = ExecuteQueryResponse, 1 }, []rule.ID{"R-EDM-ebMS-032"}},
		{"no exchange", all[3:], func(e *Envelope) { e.ExchangeID = "" }, []rule.ID{"R-EDM-ebMS-019"}},
		{"malformed exchange", all[3:], func(e *Envelope) { e.ExchangeID = "7" }, []rule.ID{"R-EDM-ebMS-037"}},
	} {
		for _, v := range all {
			t.Run(tc.name+" "+v.Line(), func(t *testing.T) {
				e := goodRequestOf(v)
				tc.edit(&e)
				want := tc.want
				if !slices.Contains(tc.lines, v) {
					want = nil
				}
				if got := ids(CheckEnvelope(e)); !slices.Equal(got, want) {
					t.Errorf("rules %v, want %v", got, want)
				}
			})
		}
	}
}

// TestPropertiesOf20OnAnEarlierLine are for the log, and refused by an operator who wants every severity as
// published. [open-questions A3]
func TestPropertiesOf20OnAnEarlierLine(t *testing.T) {
	t.Parallel()
	for _, v := range []edm.Version{edm.V10, edm.V11, edm.V12} {
		e := goodRequest()
		e.SpecificationID = v
		e.Follow(v)
		if fs := CheckEnvelope(e); !slices.Equal(ids(fs), []rule.ID{"R-EDM-ebMS-018"}) || rule.Refuses(fs) {
			t.Errorf("%s: %v, want one warning", v, fs)
		}
		if fs := CheckEnvelopeWith(e, &edm.Rules{Strict: true}); !slices.Equal(ids(fs), []rule.ID{"R-EDM-ebMS-018"}) || !rule.Refuses(fs) {
			t.Errorf("%s, strict: %v, want a refusal", v, fs)
		}
		if fs := CheckVersion(e.Header, v); fs != nil {
			t.Errorf("%s: %v", v, fs)
		}
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name             string
		announced, body  edm.Version
		exchange         string
		follows, answers edm.Version
	}{
		{"2.0", edm.V20, edm.V20, "x", edm.V20, edm.V20},
		{"1.2", "", edm.V12, "", edm.V12, edm.V12},
		{"1.0", "", edm.V10, "", edm.V10, edm.V10},
		{"header before body", edm.V20, edm.V12, "x", edm.V20, edm.V20},
		{"2.0 without SpecificationId", "", edm.V20, "x", edm.V20, edm.V20},
		{"unreadable body of 1.x", "", "", "", edm.V12, edm.V12},
		{"unreadable body of 2.0", "", "", "x", edm.V20, edm.V20},
		{"unknown line", "oots-edm:v3.0", "oots-edm:v3.0", "x", "oots-edm:v3.0", edm.V20},
		{"unknown line between ours", "", "oots-edm:v1.10", "", "oots-edm:v1.10", edm.V12},
		{"unknown line before ours", "", "oots-edm:v0.9", "", edm.V12, edm.V12},
		{"no version", "oots-edm:v2.0 ", "v2", "x", "oots-edm:v2.0 ", edm.V20},
	} {
		h := Header{SpecificationID: tc.announced, ExchangeID: tc.exchange}
		h.Follow(tc.body)
		if h.Version != tc.follows || h.Follows() != tc.answers {
			t.Errorf("%s: follows %q, answers in %q", tc.name, h.Version, h.Follows())
		}
	}
}

// TestAnswerOfAnEarlierLine keeps to two properties, although we know the exchange.
func TestAnswerOfAnEarlierLine(t *testing.T) {
	t.Parallel()
	for _, v := range []edm.Version{edm.V10, edm.V11, edm.V12, edm.V20} {
		asked := goodRequestOf(v)
		h := Request(asked.ConversationID, goodRequest().ExchangeID, v, asked.From, asked.To, asked.OriginalSender, asked.FinalRecipient)
		if !h.Answerable() {
			t.Errorf("%s: not answerable", v)
		}
		for _, sent := range []Header{h, h.Answer(ExecuteQueryResponse)} {
			received := Header{From: sent.From, To: sent.To, Action: sent.Action, ConversationID: sent.ConversationID, PropertyNames: []string{}}
			for _, p := range sent.Properties() {
				received.Receive(p)
			}
			received.Follow(v)
			if fs := CheckHeader(received); fs != nil || received.Follows() != v {
				t.Errorf("%s: %v in %s", v, fs, received.Follows())
			}
		}
	}
	without := goodRequest().Header
	without.ExchangeID = ""
	if without.Answerable() {
		t.Error("2.0 without exchange identifier cannot be answered")
	}
}
