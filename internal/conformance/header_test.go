package conformance

import (
	"slices"
	"testing"

	"oots/edm"
	"oots/edm/exchange"
	"oots/rule"
)

// headers edits the header of a valid request, response and error of each release line, and notes what fired
// and what is served.
func headers(t *testing.T, fired map[breach]bool, lines map[served]bool) {
	t.Helper()
	for _, v := range edm.Versions() {
		for _, action := range []exchange.Action{exchange.ExecuteQueryRequest, exchange.ExecuteQueryResponse, exchange.ExceptionResponse} {
			e := received(v, action)
			if fs := exchange.CheckEnvelope(e); len(fs) > 0 {
				t.Errorf("%s of %s: %v", action, v, fs)
				continue
			}
			if fs := exchange.CheckTransport(v, exchange.Role, exchange.Role, exchange.ServiceType, exchange.Service, nil); len(fs) > 0 {
				t.Errorf("%s: %v", v, fs)
			}
			for _, f := range exchange.CheckTransport(v, "x", "x", "x", "x", nil) {
				fired[breach{f.Rule, v.Line()}] = true
			}
			lines[served{rule.Header, v.Line()}] = true
			for _, edit := range headerEdits() {
				edited := e
				edited.PropertyNames = slices.Clone(e.PropertyNames)
				edit(&edited)
				for _, f := range exchange.CheckEnvelope(edited) {
					fired[breach{f.Rule, v.Line()}] = true
				}
			}
		}
	}
}

// received is a message as it comes from a peer of the release line.
func received(v edm.Version, action exchange.Action) exchange.Envelope {
	access := func(country string) edm.Identifier {
		return edm.Identifier{Scheme: edm.SchemeUnregistered + country, Value: "AP_" + country + "_01"}
	}
	sent := exchange.Request("a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22", "d2b8f0a6-1c4e-4f93-a705-6e8d9b2c3f33", v, access("AT"), access("EL"),
		edm.Identifier{Scheme: edm.SchemeUnregistered + "AT", Value: "ER"}, edm.Identifier{Scheme: edm.SchemeEAS + "9933", Value: "EP"})
	h := exchange.Header{From: sent.From, To: sent.To, Action: action, ConversationID: sent.ConversationID, PropertyNames: []string{}}
	for _, p := range sent.Properties() {
		h.Receive(p)
	}
	h.Follow(v)
	return exchange.Envelope{Header: h, BodyType: exchange.MediaTypeRegRep}
}

// headerEdits change everything that a header has in one place each.
func headerEdits() []func(*exchange.Envelope) {
	type envelope = exchange.Envelope
	return []func(*envelope){
		func(e *envelope) { e.From.Scheme = "" },
		func(e *envelope) { e.To.Scheme = edm.SchemeUnregistered + "GR" },
		func(e *envelope) { e.ConversationID = "x" },
		func(e *envelope) { e.Action = "x" },
		func(e *envelope) { e.OriginalSender.Scheme = "" },
		func(e *envelope) { e.OriginalSender.Value = "" },
		func(e *envelope) { e.FinalRecipient.Scheme = "" },
		func(e *envelope) { e.FinalRecipient.Value = "" },
		func(e *envelope) { e.ExchangeID = "x" },
		func(e *envelope) { e.SpecificationID += " " },
		func(e *envelope) { e.PropertyNames = e.PropertyNames[1:] },
		func(e *envelope) { e.PropertyNames = append(e.PropertyNames, "x") },
		func(e *envelope) { e.Attachments = []exchange.Attachment{{}} },
		func(e *envelope) { e.BodyType = "x" },
		func(e *envelope) { e.BodyAt = 1 },
	}
}
