package ebms

import (
	"errors"
	"time"

	"oots/xml/xmltree"
)

var errNoElement = errors.New("ebms: no such element")

// maxUnits bounds the units of one eb:Messaging that are read before the count is judged.
const maxUnits = 8

// ReadMessaging reads eb:Messaging against the schema: names, order, cardinality. Field rules are applied
// to user messages, so what comes back has passed Check. Signals are read with the leniency that deployed
// peers need. The error is *Error. [ebMS3 §5.2]
func ReadMessaging(e *xmltree.Element) (*Messaging, error) {
	if !e.Is(NS, "Messaging") {
		return nil, NewError(InvalidHeader, "no eb:Messaging")
	}
	if e.Value() != "" {
		return nil, NewError(InvalidHeader, "text in eb:Messaging")
	}
	m := &Messaging{}
	for c := range e.Elements() {
		if len(m.Users)+len(m.Signals) == maxUnits {
			return nil, NewError(ValueInconsistent, "more than %d units in one message", maxUnits)
		}
		switch {
		case c.Is(NS, "SignalMessage"):
			if len(m.Users) > 0 {
				return nil, unexpected(c)
			}
			s, err := readSignal(c)
			if err != nil {
				return nil, err
			}
			m.Signals = append(m.Signals, *s)
		case c.Is(NS, "UserMessage"):
			u, err := readUser(c)
			if err != nil {
				return nil, err
			}
			m.Users = append(m.Users, *u)
		case c.Name.Space == NS:
			return nil, unexpected(c)
		}
	}
	return m, nil
}

// User returns the only unit of a message that must be one user message. Bundles are refused: a receiver
// that verifies one unit and processes another could be deceived. [AS4 1.15 §3.2]
func (m *Messaging) User() (*UserMessage, *Error) {
	switch {
	case len(m.Users)+len(m.Signals) > 1:
		return nil, NewError(ValueInconsistent, "more than one unit in a message")
	case len(m.Users) == 0:
		return nil, NewError(InvalidHeader, "no eb:UserMessage")
	}
	return &m.Users[0], nil
}

// PeekMessageID returns the MessageId of the first unit, for the RefToMessageId of an error signal about
// a message that could not be read. It is "" if there is none that may be repeated.
func PeekMessageID(messaging *xmltree.Element) string {
	for u := range messaging.Elements() {
		if id := u.First(NS, "MessageInfo").First(NS, "MessageId").Text(); checkMessageID(id, "") == nil {
			return id
		}
	}
	return ""
}

func readUser(e *xmltree.Element) (*UserMessage, error) {
	s := newSequence(e)
	var m UserMessage
	mpc, _ := e.Attr("", "mpc")
	m.MPC = trim(mpc)
	m.Timestamp, m.MessageID, m.RefToMessageID = readMessageInfo(s.child("MessageInfo"))
	parties := s.child("PartyInfo")
	m.From = readParty(parties.child("From"))
	m.To = readParty(parties.child("To"))
	parties.end()
	readCollaboration(s.child("CollaborationInfo"), &m)
	if ps := s.optional("MessageProperties"); ps != nil {
		m.Properties = readProperties(s.of(ps))
	}
	if pi := s.optional("PayloadInfo"); pi != nil {
		m.Parts = readParts(s.of(pi))
	}
	if err := s.end(); err != nil {
		return nil, err
	}
	if err := m.Check(); err != nil {
		return nil, err
	}
	return &m, nil
}

func readMessageInfo(s *sequence) (at time.Time, id, ref string) {
	stamp := s.one("Timestamp")
	// The text as it is: a MessageId with white space around it is refused, not repaired.
	id = s.one("MessageId").Text()
	ref = s.optional("RefToMessageId").Text()
	s.end()
	at, ok := ParseTimestamp(stamp.Text())
	if !ok {
		s.fail(NewError(InvalidHeader, "eb:Timestamp is no date and time"))
	}
	return at, id, ref
}

// readParty reads From or To. The schema allows several PartyId, the profile one. [AS4 1.15 §3.2]
func readParty(s *sequence) Party {
	id := s.one("PartyId")
	if s.optional("PartyId") != nil {
		s.fail(NewError(ValueInconsistent, "two PartyId in eb:%s", s.parent.Name.Local))
	}
	role := s.one("Role")
	s.end()
	return Party{ID: PartyID{Type: typeOf(id), Value: id.Value()}, Role: role.Value()}
}

func readCollaboration(s *sequence, m *UserMessage) {
	// An empty AgreementRef means none. Its pmode attribute is a hint that nothing here needs.
	if a := s.optional("AgreementRef"); a.Value() != "" {
		m.AgreementRef, m.AgreementType = a.Value(), typeOf(a)
	}
	service := s.one("Service")
	m.Service = Service{Type: typeOf(service), Value: service.Value()}
	m.Action = s.one("Action").Value()
	m.ConversationID = s.one("ConversationId").Value()
	s.end()
}

func readProperties(s *sequence) []Property {
	var ps []Property
	for p := s.one("Property"); p != nil; p = s.optional("Property") {
		name, _ := p.Attr("", "name")
		for c := range p.Elements() {
			s.fail(unexpected(c))
		}
		ps = append(ps, Property{Name: trim(name), Type: typeOf(p), Value: p.Text()})
	}
	s.end()
	return ps
}

func readParts(s *sequence) []PartInfo {
	var parts []PartInfo
	for p := s.one("PartInfo"); p != nil; p = s.optional("PartInfo") {
		href, _ := p.Attr("", "href")
		info := PartInfo{Href: trim(href)}
		part := s.of(p)
		for part.optional("Schema") != nil {
		}
		part.optional("Description")
		if pp := part.optional("PartProperties"); pp != nil {
			info.Properties = readProperties(part.of(pp))
		}
		part.end()
		parts = append(parts, info)
	}
	s.end()
	return parts
}

func typeOf(e *xmltree.Element) string {
	t, _ := e.Attr("", "type")
	return trim(t)
}

func unexpected(e *xmltree.Element) *Error {
	return NewError(InvalidHeader, "line %d: %.40q is not expected here", e.Line, e.Name.Local)
}
