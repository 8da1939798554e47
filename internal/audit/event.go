package audit

import (
	"fmt"
	"time"

	"oots/internal/store"
)

// A MessageEvent is a fact about one message of the access point. No field holds payload or personal data. What comes from
// a sender that is not proven may be anything: see Unproven.
type MessageEvent struct {
	At             time.Time // zero: the clock's
	Name           string    // submitted, sent, acknowledged, failed, received, duplicate, refused, delivered, deleted, …
	Box            string    // "out" or "in"
	MessageID      string
	ConversationID string
	RefToMessageID string
	Partner        string // party id of the other access point
	Action         string
	Code           string // ebMS error
	Detail         string // in our words
	Actor          string // account of the operator whose act made it a fact: of resent, cancelled, resolved; "" when nobody acted
	SHA256         string // of the SOAP envelope or of the signal, hexadecimal; see Row.SignedSHA256

	// Count is how often it happened since Since, when one row stands for many: what strangers can repeat at will is
	// counted, and written once an hour. 0 and 1 are once.
	Count int
	Since time.Time
}

// Unproven is what of e goes into the log when nobody is proven to have sent the message. The log cannot be erased, so it
// keeps no text of a stranger: of the message id the digest, by which it is found, and of the rest what we say ourselves.
func (e MessageEvent) Unproven() MessageEvent {
	return MessageEvent{At: e.At, Name: e.Name, Box: e.Box, MessageID: UnprovenID(e.MessageID), Code: e.Code, Actor: e.Actor, SHA256: e.SHA256, Count: e.Count, Since: e.Since}
}

// UnprovenID is the form in which the log has the id of a message that nobody is proven to have sent; "" of "".
func UnprovenID(id string) string {
	if id == "" {
		return ""
	}
	return "sha256:" + hexSHA256([]byte(id))
}

// RecordMessage appends e within tx.
func (j *Journal) RecordMessage(tx *store.Tx, e MessageEvent) error {
	if e.Count > 1 {
		e.Detail = fmt.Sprintf("%d times since %s %s", e.Count, e.Since.UTC().Format(time.RFC3339), e.Detail)
	}
	return j.append(tx, Row{
		At: e.At, Kind: Message, Event: e.Name, Box: e.Box, MessageID: e.MessageID, ConversationID: e.ConversationID,
		RefToMessageID: e.RefToMessageID, Partner: e.Partner, Action: e.Action, Code: e.Code, Detail: e.Detail, Actor: e.Actor, SignedSHA256: e.SHA256,
	}, nil)
}

// An ActEvent is what an operator does or intends, of whatever the access point holds.
type ActEvent struct {
	At        time.Time // zero: the clock's
	Name      string    // such as resend, activate, invite
	Actor     string    // account of the operator, or the user of the system who gave a command
	Box       string    // of the message that it is about, as the next two
	MessageID string
	Partner   string
	Outcome   string // "" of an intent; done, or the code of why it was not
	Detail    string // what it is about, in our words
}

// RecordAct appends e within tx.
func (j *Journal) RecordAct(tx *store.Tx, e ActEvent) error {
	return j.append(tx, Row{
		At: e.At, Kind: Act, Event: e.Name, Box: e.Box, MessageID: e.MessageID, Partner: e.Partner, Code: e.Outcome, Detail: e.Detail, Actor: e.Actor,
	}, nil)
}
