// Package ebms is the header of OASIS ebMS 3.0 as the eDelivery AS4 profile narrows it: user messages,
// signals, and the table of error codes. It reads and writes eb:Messaging; it knows neither MIME nor
// signatures. [ebMS3 §5.2] [AS4 1.15 §3.2]
package ebms

import "time"

// A PartyID names an access point. Type is a URI such as
// urn:oasis:names:tc:ebcore:partyid-type:unregistered:AT; both parts compare exactly.
type PartyID struct{ Type, Value string }

// A Party is one side of the transport: corner 2 or corner 3.
type Party struct {
	ID   PartyID
	Role string
}

// A Service is the eb:Service with its type.
type Service struct{ Type, Value string }

// A Property is an eb:Property of a message or of a part. Names compare exactly.
type Property struct{ Name, Type, Value string }

// A PartInfo is one reference to a MIME part. Href is "cid:" and the Content-ID without angle brackets.
type PartInfo struct {
	Href       string
	Properties []Property // MimeType, CompressionType, …; in the order of the wire
}

// A UserMessage is one eb:UserMessage.
type UserMessage struct {
	MPC            string    // "" means the default message partition channel
	Timestamp      time.Time // UTC; three fraction digits on the wire
	MessageID      string    // RFC 2822 msg-id without angle brackets, at most 255 characters
	RefToMessageID string    // only on request of the submitter
	From, To       Party
	AgreementRef   string // "" means absent
	AgreementType  string
	Service        Service
	Action         string
	ConversationID string
	Properties     []Property // originalSender, finalRecipient, …
	Parts          []PartInfo // in the order of the MIME parts
}

// Property returns the first message property called name, and whether there is one.
func (m *UserMessage) Property(name string) (Property, bool) {
	for _, p := range m.Properties {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}
