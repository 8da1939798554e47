package pmode

import (
	"unicode/utf8"

	"oots/edelivery/ebms"
)

// Match finds the P-Mode of a received message and returns the party that it must come from. test says
// that it is a ping, which is answered and never delivered. Unknown party: EBMS:0003; unknown role,
// service, action, agreement or channel: EBMS:0001; all known but not together, or a property that is
// not as agreed: EBMS:0010. [AS4 1.15 §3.2, §4.1]
func (s *Set) Match(m *ebms.UserMessage) (peer Party, test bool, err *ebms.Error) {
	peer, ok := s.Peer(m.From.ID)
	if !ok {
		return Party{}, false, ebms.NewError(ebms.ValueInconsistent, "eb:From names no party that is known here")
	}
	// A message for somebody else is never relayed.
	if !s.names(&s.Self, m.To.ID) {
		return Party{}, false, ebms.NewError(ebms.ValueInconsistent, "eb:To does not name this access point")
	}
	if s.Legs != nil {
		return s.matchByLeg(m, peer)
	}
	if err := s.matchRoles(m, peer); err != nil {
		return Party{}, false, err
	}
	test = m.Service.Value == ebms.TestService && m.Action == ebms.TestAction
	if err := s.matchCollaboration(m, peer, test); err != nil {
		return Party{}, false, err
	}
	if err := s.CheckProperties(m.Properties); err != nil {
		return Party{}, false, err
	}
	return peer, test, nil
}

// matchByLeg is Match of a set with legs.
func (s *Set) matchByLeg(m *ebms.UserMessage, peer Party) (Party, bool, *ebms.Error) {
	test := m.Service.Value == ebms.TestService && m.Action == ebms.TestAction
	leg, err := s.matchLeg(m, peer, test)
	if err != nil {
		return Party{}, false, err
	}
	if err := s.CheckMessage(m.Properties, leg); err != nil {
		return Party{}, false, err
	}
	if leg == nil || test {
		return peer, test, nil
	}
	if err := leg.Payloads.Check(m.Parts); err != nil {
		return Party{}, false, err
	}
	if p := leg.Payloads; p != nil && p.MaxSize > 0 && (peer.Limits.Plain == 0 || p.MaxSize < peer.Limits.Plain) {
		peer.Limits.Plain = p.MaxSize
	}
	return peer, false, nil
}

func (s *Set) matchRoles(m *ebms.UserMessage, peer Party) *ebms.Error {
	if s.same(m.From.Role, peer.Role) && s.same(m.To.Role, s.Self.Role) {
		return nil
	}
	for _, role := range [...]string{m.From.Role, m.To.Role} {
		if !s.knownRole(role) {
			return ebms.NewError(ebms.ValueNotRecognized, "eb:Role is not known here")
		}
	}
	return ebms.NewError(ebms.ProcessingModeMismatch, "eb:Role is not that of the party")
}

func (s *Set) knownRole(role string) bool {
	if s.same(role, s.Self.Role) {
		return true
	}
	for i := range s.Peers {
		if s.same(role, s.Peers[i].Role) {
			return true
		}
	}
	return false
}

func (s *Set) matchCollaboration(m *ebms.UserMessage, peer Party, test bool) *ebms.Error {
	actions, known := s.actions(m.Service)
	switch {
	case m.MPC != "" && m.MPC != ebms.DefaultMPC:
		return ebms.NewError(ebms.ValueNotRecognized, "the message partition channel is not known here")
	case !s.same(m.AgreementRef, s.Agreement.Value) || !s.same(m.AgreementType, s.Agreement.Type):
		return ebms.NewError(ebms.ValueNotRecognized, "eb:AgreementRef is not known here")
	case test:
		return nil // a P-Mode for the test service exists for every pair of parties [AS4 1.15 §3.2]
	case !known:
		return ebms.NewError(ebms.ValueNotRecognized, "eb:Service is not known here")
	case !s.in(actions, m.Action) && s.hasAction(m.Action):
		return ebms.NewError(ebms.ProcessingModeMismatch, "eb:Action belongs to another eb:Service")
	case !s.in(actions, m.Action):
		return ebms.NewError(ebms.ValueNotRecognized, "eb:Action is not known here")
	case peer.Actions != nil && !s.in(peer.Actions, m.Action):
		return ebms.NewError(ebms.ProcessingModeMismatch, "no P-Mode lets this party send this eb:Action")
	}
	return nil
}

// CheckProperties compares message properties with those agreed. The gateway applies it to its own
// messages too, because the peer will.
func (s *Set) CheckProperties(ps []ebms.Property) *ebms.Error {
	return s.checkProperties(ps, s.Properties)
}

// CheckMessage is CheckProperties for a message of one leg; nil is none.
func (s *Set) CheckMessage(ps []ebms.Property, leg *Leg) *ebms.Error {
	if leg != nil && leg.Properties != nil {
		return s.checkProperties(ps, leg.Properties)
	}
	return s.checkProperties(ps, s.Properties)
}

func (s *Set) checkProperties(ps []ebms.Property, all []Property) *ebms.Error {
	count := make(map[string]int, len(ps))
	for _, p := range ps {
		count[p.Name]++
		agreed, ok := property(all, p.Name)
		if !ok {
			if s.UnknownProperties == RefuseUnknown {
				return ebms.NewError(ebms.ProcessingModeMismatch, "message property %.40q is not agreed", p.Name)
			}
			continue
		}
		if count[p.Name] > 1 {
			return ebms.NewError(ebms.ValueInconsistent, "message property %s occurs twice", p.Name)
		}
		if !agreed.Datatype.fits(p.Value) {
			return ebms.NewError(ebms.ProcessingModeMismatch, "message property %s is not of the type %s", p.Name, agreed.Datatype)
		}
		limit := agreed.MaxLength
		if limit == 0 {
			limit = 1024
		}
		if utf8.RuneCountInString(p.Value) > limit {
			return ebms.NewError(ebms.ProcessingModeMismatch, "message property %s is longer than %d characters", p.Name, limit)
		}
		if agreed.Required && p.Value == "" {
			return ebms.NewError(ebms.ProcessingModeMismatch, "message property %s is empty", p.Name)
		}
	}
	for _, agreed := range all {
		if agreed.Required && count[agreed.Name] == 0 {
			return ebms.NewError(ebms.ProcessingModeMismatch, "message property %s is missing", agreed.Name)
		}
	}
	return nil
}

func property(all []Property, name string) (Property, bool) {
	for _, p := range all {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}
