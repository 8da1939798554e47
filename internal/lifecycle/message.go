package lifecycle

import (
	"fmt"

	"oots/directory/lcm"
	"oots/edm"
	"oots/internal/store"
)

// An Action is what a message of the service LifecycleManager is for. [TDD 3.6.3]
type Action string

// The actions of a submission: the request, and the two answers.
const (
	SubmitObjectsRequest  Action = "SubmitObjectsRequest"
	SubmitObjectsResponse Action = "SubmitObjectsResponse"
	ExceptionResponse     Action = "ExceptionResponse"
)

// The ebMS service of submissions. [OASIS ebXML Messaging Protocol Binding for RegRep 1.0]
const (
	ServiceType  = "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0"
	ServiceValue = "LifecycleManager"
)

// MediaType is that of every payload.
const MediaType = "application/x-ebrs+xml"

// An Envelope is one message as it came, or is to go.
type Envelope struct {
	MessageID      string // given by the access point when it goes
	RefToMessageID string // the message that it answers; "" for none
	ConversationID string
	Action         Action
	From, To       edm.Identifier // access points, by their authenticated party ids
	OriginalSender edm.Identifier
	FinalRecipient edm.Identifier
	Body           []byte // the one payload; nil when the message has none, or several
}

// An Outbox hands messages to the access point. What it is given leaves when tx commits.
type Outbox interface {
	Submit(tx *store.Tx, e Envelope) (messageID string, err error)
}

// A Desk takes submissions that come by message. Each is handled in the transaction that marks it as handled, and
// answered in it: what it changes, its answer and its log are there together or not at all.
type Desk struct {
	Service *Service
	Outbox  Outbox
	// States are the Member States by their access points: party id to country. A sender without a state is refused.
	States map[edm.Identifier]string
}

// Receive takes one message within tx and answers it. An error means that it is offered again.
func (d *Desk) Receive(tx *store.Tx, e Envelope) error {
	if e.Action != SubmitObjectsRequest {
		d.Service.d.Log.Warn("message is no submission", "message", e.MessageID, "action", string(e.Action))
		return nil
	}
	who := Submitter{Country: d.States[e.From], Actor: e.From.Value}
	document := e.Body
	if document == nil {
		document = []byte{}
	}
	o, err := d.Service.SubmitTx(tx, who, Proposal{Document: document}, Message{MessageID: e.MessageID, ConversationID: e.ConversationID})
	if err != nil {
		return fmt.Errorf("submission %s: %w", e.MessageID, err)
	}
	answer := Envelope{
		RefToMessageID: e.MessageID, ConversationID: e.ConversationID, Action: SubmitObjectsResponse,
		From: e.To, To: e.From, OriginalSender: e.FinalRecipient, FinalRecipient: e.OriginalSender, Body: o.Response(),
	}
	if lcm.Refuses(o.Findings) {
		answer.Action = ExceptionResponse
	}
	_, err = d.Outbox.Submit(tx, answer)
	return err
}
