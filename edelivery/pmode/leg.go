package pmode

import (
	"slices"
	"strings"
	"time"

	"oots/edelivery/ebms"
)

// A Leg is one kind of message that a process lets parties send: service, action and agreement, who may send it
// to us and to whom we may, and what is agreed on its properties, payloads and repetition. [ebMS3 Appendix D]
type Leg struct {
	Name      string // in the P-Mode file
	Process   string // in the P-Mode file
	Service   ebms.Service
	Action    string
	Agreement ebms.Service // zero means that the message has no eb:AgreementRef
	MPC       string       // message partition channel; "" and ebms.DefaultMPC are the same

	InitiatorRole string // eb:Role of who sends
	ResponderRole string // eb:Role of who receives

	Receive []ebms.PartyID // peers that may send it to us
	Send    []ebms.PartyID // peers that we may send it to

	Properties []Property      // nil means those of the set
	Payloads   *PayloadProfile // nil means any

	Compress           bool  // payloads that we send
	Retry              Retry // of what we send
	DuplicateDetection bool
	NonRepudiation     bool // receipts carry the digests of what was signed
	Errors             ErrorHandling
	Retention          Retention
}

// Never is a retention without end.
const Never = time.Duration(-1)

// Retention is how long a message is kept after an event; 0 deletes its payloads at once, Never keeps them. What a
// P-Mode file does not say is Never.
type Retention struct {
	Downloaded   time.Duration // since the back end took it
	Undownloaded time.Duration // since it was received, when no back end took it
	SentSuccess  time.Duration // since its receipt came
	SentFailure  time.Duration // since it was given up
	Metadata     time.Duration // of its entry after its payloads; used when DeleteMetadata
	// DeleteMetadata deletes the entry too; otherwise it stays and says that the payloads are deleted.
	DeleteMetadata bool
}

// ErrorHandling says who learns of errors. [ebMS3 Appendix D: PMode[1].ErrorHandling]
type ErrorHandling struct {
	AsResponse                     bool // errors go into the HTTP response
	NotifyProducer, NotifyConsumer bool // a back end learns of errors in processing
	DeliveryFailureNotifyProducer  bool // a back end learns that its message did not arrive
}

// A PayloadProfile is what payloads a message of a leg has.
type PayloadProfile struct {
	Name     string
	MaxSize  int64 // bytes of all payloads when decompressed; 0 is no limit
	Payloads []PayloadRule
}

// A PayloadRule is one payload of a profile.
type PayloadRule struct {
	CID      string // Content-ID with or without "cid:"; "" is any
	MimeType string // "" is any
	Required bool
	InBody   bool // in the SOAP body, which the profile does not allow
}

// Check compares the parts of a message with the profile: each required payload is there and no other than those
// named. [AS4 1.15 §3.2: EBMS:0010]
func (p *PayloadProfile) Check(parts []ebms.PartInfo) *ebms.Error {
	if p == nil || len(p.Payloads) == 0 {
		return nil
	}
	seen := make([]bool, len(p.Payloads))
	for _, part := range parts {
		i := slices.IndexFunc(p.Payloads, func(r PayloadRule) bool { return r.fits(part) })
		if i < 0 {
			return ebms.NewError(ebms.ProcessingModeMismatch, "payload %.80q is not in the payload profile", part.Href)
		}
		seen[i] = true
	}
	for i, r := range p.Payloads {
		if r.Required && !seen[i] {
			return ebms.NewError(ebms.ProcessingModeMismatch, "the payload %.80q of the payload profile is missing", r.CID)
		}
	}
	return nil
}

func (r PayloadRule) fits(part ebms.PartInfo) bool {
	if r.CID != "" && !strings.EqualFold(strings.TrimPrefix(r.CID, "cid:"), strings.TrimPrefix(part.Href, "cid:")) {
		return false
	}
	if r.MimeType == "" {
		return true
	}
	for _, p := range part.Properties {
		if p.Name == "MimeType" {
			return strings.EqualFold(p.Value, r.MimeType)
		}
	}
	return false
}

// Outgoing is how a message to a peer is addressed.
type Outgoing struct {
	Peer             Party
	FromRole, ToRole string
	Agreement        ebms.Service
	MPC              string
	Leg              *Leg // nil when the set has no legs
}

// Outgoing finds the P-Mode of a message that we send; ok is false when there is none. The first leg wins.
// Messages of the test service go to every peer. [AS4 1.15 §3.2]
func (s *Set) Outgoing(to ebms.PartyID, service ebms.Service, action string) (out Outgoing, ok bool) {
	peer, ok := s.Peer(to)
	if !ok {
		return Outgoing{}, false
	}
	out = Outgoing{Peer: peer, FromRole: s.Self.Role, ToRole: peer.Role, Agreement: s.Agreement}
	test := service.Value == ebms.TestService && action == ebms.TestAction
	if s.Legs == nil {
		return out, test || s.Allows(service, action)
	}
	var any *Leg
	for i := range s.Legs {
		l := &s.Legs[i]
		if !slices.Contains(l.Send, peer.ID) {
			continue
		}
		if any == nil {
			any = l
		}
		if s.sameService(l.Service, service) && s.same(l.Action, action) {
			return out.by(l), true
		}
	}
	if test && any != nil {
		out = out.by(any)
		out.Leg = nil
		return out, true
	}
	return Outgoing{}, false
}

func (o Outgoing) by(l *Leg) Outgoing {
	o.FromRole, o.ToRole, o.Agreement, o.Leg = l.InitiatorRole, l.ResponderRole, l.Agreement, l
	if l.MPC != ebms.DefaultMPC {
		o.MPC = l.MPC
	}
	return o
}

func (s *Set) sameService(a, b ebms.Service) bool {
	return s.same(a.Value, b.Value) && s.same(a.Type, b.Type)
}

// matchLeg finds the leg by which a peer sent m to us. What no leg knows is EBMS:0001, what none has together is
// EBMS:0010. leg is nil for a ping that the test service of no leg covers.
func (s *Set) matchLeg(m *ebms.UserMessage, peer Party, test bool) (leg *Leg, err *ebms.Error) {
	var known struct{ agreement, service, action, mpc, from, to bool }
	agreement := ebms.Service{Value: m.AgreementRef, Type: m.AgreementType}
	for i := range s.Legs {
		l := &s.Legs[i]
		a, v := s.sameService(l.Agreement, agreement), s.sameService(l.Service, m.Service)
		c, p := s.same(l.Action, m.Action), channel(l.MPC) == channel(m.MPC)
		f, t := s.same(l.InitiatorRole, m.From.Role), s.same(l.ResponderRole, m.To.Role)
		known.agreement, known.service, known.action = known.agreement || a, known.service || v, known.action || c
		known.mpc, known.from, known.to = known.mpc || p, known.from || f, known.to || t
		if a && v && c && p && f && t && slices.Contains(l.Receive, peer.ID) {
			return l, nil
		}
	}
	switch {
	case !known.agreement:
		return nil, ebms.NewError(ebms.ValueNotRecognized, "eb:AgreementRef is not known here")
	case !known.from || !known.to:
		return nil, ebms.NewError(ebms.ValueNotRecognized, "eb:Role is not known here")
	case !known.mpc:
		return nil, ebms.NewError(ebms.ValueNotRecognized, "the message partition channel is not known here")
	case test:
		return nil, nil // a P-Mode for the test service exists for every pair of parties [AS4 1.15 §3.2]
	case !known.service:
		return nil, ebms.NewError(ebms.ValueNotRecognized, "eb:Service is not known here")
	case !known.action:
		return nil, ebms.NewError(ebms.ValueNotRecognized, "eb:Action is not known here")
	}
	return nil, ebms.NewError(ebms.ProcessingModeMismatch, "no process lets this party send this eb:Action of this eb:Service to us by this agreement")
}

func channel(mpc string) string {
	if mpc == "" {
		return ebms.DefaultMPC
	}
	return mpc
}
