package node

import (
	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/lifecycle"
	"oots/internal/store"
)

// submissions is the second service of an access point. [TDD 3.6.3]
var submissions = ebms.Service{Type: lifecycle.ServiceType, Value: lifecycle.ServiceValue}

// submissionModes are the P-Modes of submissions: three one-way legs.
func submissionModes() pmode.Collaboration {
	return pmode.Collaboration{Service: submissions, Actions: []string{
		string(lifecycle.SubmitObjectsRequest), string(lifecycle.SubmitObjectsResponse), string(lifecycle.ExceptionResponse),
	}}
}

// commonServicesModes are the P-Modes of an access point that takes submissions and nothing else.
func commonServicesModes(self pmode.Party, peers ...pmode.Party) *pmode.Set {
	c := submissionModes()
	for i := range peers {
		peers[i].Actions = []string{string(lifecycle.SubmitObjectsRequest)}
	}
	return &pmode.Set{Self: self, Peers: peers, Service: c.Service, Actions: c.Actions, Properties: pmode.FourCorner()}
}

// submissionOutbox is the way of submissions and their answers to the access point.
type submissionOutbox struct {
	gateway *gateway.Gateway
	clock   clock.Clock
	suffix  string
}

// Submit implements lifecycle.Outbox.
func (o *submissionOutbox) Submit(tx *store.Tx, e lifecycle.Envelope) (string, error) {
	id, _, err := o.gateway.Submit(tx, gateway.Submission{
		To: partyID(e.To), Service: submissions, Action: string(e.Action), ConversationID: e.ConversationID, RefToMessageID: e.RefToMessageID,
		Properties: []ebms.Property{
			{Name: ebms.OriginalSender, Type: e.OriginalSender.Scheme, Value: e.OriginalSender.Value},
			{Name: ebms.FinalRecipient, Type: e.FinalRecipient.Scheme, Value: e.FinalRecipient.Value},
		},
		Payloads: []as4.Payload{{ContentID: o.clock.NewUUID() + "@" + o.suffix, MimeType: exchange.MediaTypeRegRep, Compress: true, Content: as4.Bytes(e.Body)}},
	})
	return id, err
}

// submissionEnvelope reads a delivery of the access point as a submission or an answer to one.
func submissionEnvelope(d gateway.Delivery) (lifecycle.Envelope, error) {
	m := &d.Message
	e := lifecycle.Envelope{
		MessageID: m.MessageID, RefToMessageID: m.RefToMessageID, ConversationID: m.ConversationID, Action: lifecycle.Action(m.Action),
		From: identifier(m.From.ID), To: identifier(m.To.ID),
	}
	for _, p := range m.Properties {
		switch p.Name {
		case ebms.OriginalSender:
			e.OriginalSender = edm.Identifier{Scheme: p.Type, Value: p.Value}
		case ebms.FinalRecipient:
			e.FinalRecipient = edm.Identifier{Scheme: p.Type, Value: p.Value}
		}
	}
	if len(d.Payloads) != 1 {
		return e, nil // refused as unreadable
	}
	var err error
	e.Body, err = as4.ReadAll(d.Payloads[0].Content)
	return e, err
}
