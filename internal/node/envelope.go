package node

import (
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/store"
)

// outbox is the requester's and the provider's way to the access point.
type outbox struct {
	gateway  *gateway.Gateway
	clock    clock.Clock
	suffix   string
	country  string
	recorder *Recorder                                  // nil when nothing is recorded
	change   func(country string, e *exchange.Envelope) // see Variant.Outgoing
}

// Submit implements requester.Outbox and provider.Outbox.
func (o *outbox) Submit(tx *store.Tx, e exchange.Envelope) (string, time.Time, error) {
	if o.change != nil {
		o.change(o.country, &e)
	}
	var id string
	if o.recorder != nil { // before the access point is woken
		tx.After(func() { o.recorder.Message(o.country, id, e) })
	}
	id, at, err := o.gateway.Submit(tx, submission(e, o.clock.NewUUID()+"@"+o.suffix))
	return id, at, err
}

// submission writes the header of e as properties and its body as the leading part, called contentID.
func submission(e exchange.Envelope, contentID string) gateway.Submission {
	s := gateway.Submission{
		To:             partyID(e.To),
		Action:         string(e.Action),
		ConversationID: e.ConversationID,
		Payloads:       []as4.Payload{{ContentID: contentID, MimeType: exchange.MediaTypeRegRep, Compress: true, Content: as4.Bytes(e.Body)}},
	}
	for _, p := range e.Properties() {
		s.Properties = append(s.Properties, ebms.Property{Name: p.Name, Type: p.Type, Value: p.Value})
	}
	for _, a := range e.Attachments {
		s.Payloads = append(s.Payloads, as4.Payload{ContentID: a.ContentID, MimeType: a.MimeType, Content: as4.Bytes(a.Content)})
	}
	return s
}

// envelope reads a delivery of the access point as a message of the exchange. Its parts are read whole: a
// message is bounded by the limits of the access point.
func envelope(d gateway.Delivery) (exchange.Envelope, error) {
	m := &d.Message
	h := exchange.Header{
		MessageID:      m.MessageID,
		Timestamp:      m.Timestamp,
		From:           identifier(m.From.ID),
		To:             identifier(m.To.ID),
		Action:         exchange.Action(m.Action),
		ConversationID: m.ConversationID,
		PropertyNames:  []string{},
	}
	for _, p := range m.Properties {
		h.Receive(exchange.Property{Name: p.Name, Type: p.Type, Value: p.Value})
	}
	parts := make([]exchange.Attachment, len(d.Payloads))
	for i, p := range d.Payloads {
		content, err := as4.ReadAll(p.Content)
		if err != nil {
			return exchange.Envelope{}, err
		}
		parts[i] = exchange.Attachment{ContentID: p.ContentID, MimeType: p.MimeType, Content: content}
	}
	return exchange.Assemble(h, parts), nil
}

func partyID(id edm.Identifier) ebms.PartyID { return ebms.PartyID{Type: id.Scheme, Value: id.Value} }

func identifier(id ebms.PartyID) edm.Identifier {
	return edm.Identifier{Scheme: id.Type, Value: id.Value}
}
