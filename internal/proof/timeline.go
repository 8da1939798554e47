package proof

import (
	"slices"
	"time"
)

// A Step is one thing that happened.
type Step struct {
	At        time.Time `json:"at"`
	Clock     string    `json:"clock"`  // ours or theirs
	Source    string    `json:"source"` // log, message, receipt or attempt
	What      string    `json:"what"`   // event of the log, "submitted", "received", "signed", or the outcome of an attempt
	Box       Box       `json:"box,omitempty"`
	MessageID string    `json:"messageId,omitempty"`
	RequestID string    `json:"requestId,omitempty"`
	Position  int64     `json:"position,omitempty"` // of the row in the log
	Code      string    `json:"code,omitempty"`
	Detail    string    `json:"detail,omitempty"`
	Actor     string    `json:"actor,omitempty"`
}

// The clocks and sources of a Step.
const (
	Ours   = "ours"
	Theirs = "theirs"

	FromLog     = "log"
	FromMessage = "message"
	FromReceipt = "receipt"
	FromAttempt = "attempt"
)

// timeline orders everything by time; what has the same time keeps the order of the log, messages before their attempts
// and those before receipts.
func timeline(t *Trace) []Step {
	out := []Step{}
	for i := range t.Messages {
		m := &t.Messages[i]
		what := "received"
		if m.Box == Out {
			what = "submitted"
		}
		step := Step{At: m.At, Clock: Ours, Source: FromMessage, What: what, Box: m.Box, MessageID: m.MessageID, Detail: m.Action}
		out = append(out, step)
		if m.Box == In && !m.Sent.IsZero() {
			step.At, step.Clock, step.What = m.Sent, Theirs, "signed"
			out = append(out, step)
		}
		for _, a := range m.Attempts {
			out = append(out, Step{At: a.At, Clock: Ours, Source: FromAttempt, What: a.Outcome, Box: m.Box, MessageID: m.MessageID, Code: a.Code, Detail: a.Detail})
		}
		if !m.Receipt.IsZero() {
			s := Step{At: m.Receipt, Clock: Theirs, Source: FromReceipt, What: "signed", Box: m.Box, MessageID: m.MessageID, Detail: m.ReceiptID}
			if m.Box == In {
				s.Clock = Ours
			}
			out = append(out, s)
		}
	}
	for _, r := range t.rows {
		out = append(out, Step{At: r.At, Clock: Ours, Source: FromLog, What: r.Event, Box: Box(r.Box), MessageID: r.MessageID, RequestID: r.RequestID,
			Position: r.Position, Code: r.Code, Detail: r.Detail, Actor: r.Actor})
	}
	rank := map[string]int{FromMessage: 0, FromLog: 1, FromAttempt: 2, FromReceipt: 3}
	slices.SortStableFunc(out, func(a, b Step) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		if a.Source != b.Source {
			return rank[a.Source] - rank[b.Source]
		}
		return int(a.Position - b.Position)
	})
	return out
}
