package proof

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"oots/edm/exchange"
	"oots/internal/audit"
)

// A FindingCode names a gap or a contradiction.
type FindingCode string

// The gaps: something that should be there is not. The contradictions: two things that cannot both be.
const (
	ReceiptMissing   FindingCode = "receipt-missing"        // acknowledged, and no receipt is kept
	NotAcknowledged  FindingCode = "not-acknowledged"       // sent, and no receipt has come
	MessageMissing   FindingCode = "message-missing"        // the log knows a message that the access point does not have
	EnvelopeMissing  FindingCode = "envelope-missing"       // of a message only the facts are left
	NotLogged        FindingCode = "not-logged"             // a message without a row of the log
	FirstMissing     FindingCode = "first-request-missing"  // a second request without a first
	RequestMissing   FindingCode = "request-missing"        // an answer without a request
	AnswerMissing    FindingCode = "answer-missing"         // a request without an answer, a refusal or a timeout
	TooMany          FindingCode = "too-many"               // the conversation goes on for ever
	SignatureWrong   FindingCode = "signature-wrong"        // a message does not verify
	ReceiptWrong     FindingCode = "receipt-wrong"          // a receipt does not verify, or is not for this message
	RowChanged       FindingCode = "row-changed"            // a row does not have its hash, or a document its digest
	LogBroken        FindingCode = "log-broken"             // of an export: the rows do not lead to a checkpoint, so it has no log
	Unproven         FindingCode = "unproven"               // of an export: a message or a receipt that would not verify lies with what is not
	PayloadUnproven  FindingCode = "payload-unproven"       // of an export: what is kept of a part does not have the digest that was signed
	LogContradicts   FindingCode = "log-contradicts"        // a row was made of another message than the one that is kept
	TimesContradict  FindingCode = "times-contradict"       // a receipt before its message, further than clocks differ
	HeaderContradict FindingCode = "identifiers-contradict" // the header under signature says another identifier
)

// A Finding is one gap or contradiction.
type Finding struct {
	Code      FindingCode `json:"code"`
	Box       Box         `json:"box,omitempty"`
	MessageID string      `json:"messageId,omitempty"`
	Exchange  string      `json:"exchangeId,omitempty"`
	Position  int64       `json:"position,omitempty"`
	Detail    string      `json:"detail"`
}

// Skew is how far the clocks of two access points may differ before times contradict each other.
const Skew = 15 * time.Minute

func findings(t *Trace) []Finding {
	out := []Finding{}
	add := func(f Finding) { out = append(out, f) }
	for i := range t.Messages {
		messageFindings(&t.Messages[i], t.rows, add)
	}
	logFindings(t, add)
	for _, x := range t.Exchanges {
		exchangeFindings(x, t.rows, add)
	}
	return out
}

func messageFindings(m *Traced, rows []audit.Stored, add func(Finding)) {
	say := func(code FindingCode, format string, args ...any) {
		add(Finding{Code: code, Box: m.Box, MessageID: m.MessageID, Exchange: m.ExchangeID, Detail: fmt.Sprintf(format, args...)})
	}
	switch {
	case m.message.Envelope == nil:
		say(EnvelopeMissing, "the envelope is not kept any more")
	case m.wrong != nil:
		say(SignatureWrong, "the message does not verify: %v", m.wrong)
	default:
		if user, err := m.signed.user(); err == nil && (user.MessageID != m.MessageID || user.ConversationID != m.ConversationID) {
			say(HeaderContradict, "the header under signature has another message or conversation identifier")
		}
	}
	switch {
	case m.message.Receipt != nil && m.refused != nil:
		say(ReceiptWrong, "the receipt does not prove anything: %v", m.refused)
	case m.message.Receipt == nil && (m.Box == In || m.State == "acknowledged"):
		say(ReceiptMissing, "the message counts as acknowledged, and there is no receipt")
	case m.message.Receipt == nil:
		say(NotAcknowledged, "no receipt has come; the message is %s %s", m.State, m.ErrorCode)
	case m.ack != nil && m.Receipt.Before(m.Sent.Add(-Skew)):
		say(TimesContradict, "the receipt is dated %v before the message", m.Sent.Sub(m.Receipt))
	}
	if !slices.ContainsFunc(rows, func(r audit.Stored) bool { return r.MessageID == m.MessageID }) {
		say(NotLogged, "the log has no row about the message")
	}
}

func logFindings(t *Trace, add func(Finding)) {
	missing := map[string]bool{}
	for i := range t.rows {
		r := &t.rows[i]
		say := func(code FindingCode, detail string) {
			add(Finding{Code: code, Box: Box(r.Box), MessageID: r.MessageID, Exchange: r.ExchangeID, Position: r.Position, Detail: detail})
		}
		if r.Check() != nil || r.Document != nil && digest(r.Document) != r.DocumentSHA256 {
			say(RowChanged, "the row was changed after it was written")
		}
		if r.MessageID == "" {
			continue
		}
		kept := slices.IndexFunc(t.Messages, func(m Traced) bool { return m.MessageID == r.MessageID })
		if kept < 0 {
			if !missing[r.MessageID] && r.Event != "refused" {
				say(MessageMissing, "the access point does not have the message any more, or never had it")
			}
			missing[r.MessageID] = true
			continue
		}
		if m := &t.Messages[kept]; !covers(r, m) {
			say(LogContradicts, "the row was made of other signed content than the message that is kept")
		}
	}
}

// covers reports whether what a row says was signed is what m holds. Rows about payloads or refused messages say nothing
// that could be compared.
func covers(r *audit.Stored, m *Traced) bool {
	if r.SignedSHA256 == "" || m.signed == nil || r.Box != "" && Box(r.Box) != m.Box {
		return true
	}
	switch r.Event {
	case "submitted", "sent", "received": // a duplicate may have been signed anew
		return r.SignedSHA256 == digest(m.message.Envelope)
	case "acknowledged":
		return m.message.Receipt == nil || r.SignedSHA256 == digest(m.message.Receipt) || r.SignedSHA256 == digest(envelopeOf(m.message.Receipt))
	}
	return true
}

// exchangeFindings holds the order of an exchange: a first request, perhaps a second, and an answer. [TDD 4.4]
func exchangeFindings(id string, rows []audit.Stored, add func(Finding)) {
	var first, second, answered, ended bool
	for i := range rows {
		r := &rows[i]
		if r.ExchangeID != id || r.Kind != audit.Exchange {
			continue
		}
		switch exchange.EventName(r.Event) {
		case exchange.RequestSent, exchange.RequestReceived:
			if isSecond(r) {
				second = true
			} else {
				first = true
			}
		case exchange.ResponseReceived, exchange.ResponseSent, exchange.ErrorReceived, exchange.ErrorSent:
			answered = true
		case exchange.RequestRefused, exchange.ResponseRefused, exchange.Undelivered, exchange.TimeoutConcluded:
			ended = true
		}
	}
	say := func(code FindingCode, detail string) { add(Finding{Code: code, Exchange: id, Detail: detail}) }
	switch {
	case second && !first:
		say(FirstMissing, "there is a second request and no first")
	case answered && !first && !second && !ended:
		say(RequestMissing, "there is an answer and no request")
	case (first || second) && !answered && !ended:
		say(AnswerMissing, "there is a request and neither an answer nor its end")
	}
}

// isSecond reports whether a request is the second one of an exchange with a preview: it says where that was. [TDD 4.9]
func isSecond(r *audit.Stored) bool { return bytes.Contains(r.Document, []byte(`"PreviewLocation"`)) }
