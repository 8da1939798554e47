package backend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/swa"
	"oots/internal/gateway"
	"oots/internal/store"
)

// A Submission is a message as a back end hands it over.
type Submission struct {
	// Message is the header. MessageID "" is a new one, From may be zero and is ours then; Timestamp and Parts are made
	// by the access point. Whatever else is set is compared with the P-Mode.
	Message  ebms.UserMessage
	Payloads []as4.Payload // leading document first; content ids with or without a domain
}

// Submit checks a message against the P-Modes and stores it durably with the outgoing entity; it is sent then. It
// returns the message id. The same account that submits the same message under the same id again gets the same answer:
// clients repeat a request whose answer was lost. Errors for the back end are *Error; then nothing is stored. The
// contents of the payloads remain the caller's, who gives them to Discard in the end.
func (s *Service) Submit(ctx context.Context, a Account, in Submission) (messageID string, err error) {
	m := &in.Message
	if err := checkSubmission(a, m); err != nil {
		return "", err
	}
	way, err := s.way(m)
	if err != nil {
		return "", err
	}
	payloads, err := s.payloads(in.Payloads, way.Leg)
	if err != nil {
		return "", err
	}
	print, err := fingerprint(m, payloads)
	if err != nil {
		return "", err
	}
	had := false
	err = s.c.Store.View(ctx, func(tx *store.Tx) (err error) {
		had, err = s.repeated(tx, m.MessageID, a.Name, print)
		return err
	})
	if err != nil || had {
		return m.MessageID, err
	}
	p, err := s.c.Gateway.Prepare(gateway.Submission{
		To: way.Peer.ID, Service: m.Service, Action: m.Action, MessageID: m.MessageID, RefToMessageID: m.RefToMessageID,
		ConversationID: m.ConversationID, Properties: m.Properties, Payloads: payloads,
	})
	if err != nil {
		return "", refused(err)
	}
	messageID = p.MessageID()
	err = s.c.Store.Update(ctx, func(tx *store.Tx) error {
		if had, err = s.repeated(tx, m.MessageID, a.Name, print); err != nil || had {
			return err // the same request came twice at the same time
		}
		at, err := s.c.Gateway.Commit(tx, p)
		if err != nil {
			return refused(err)
		}
		return s.c.Store.PutSent(tx, Sent{
			MessageID: messageID, Account: a.Name, Fingerprint: print, ConversationID: m.ConversationID,
			OriginalSender: corner(m, ebms.OriginalSender), FinalRecipient: corner(m, ebms.FinalRecipient), CreatedAt: at,
		})
	})
	if err != nil || had {
		if left := p.Discard(err); left != nil {
			s.c.Log.Error("backend: what was spooled could not be removed", "message", messageID, "err", left)
		}
	}
	if err != nil {
		return "", err
	}
	s.c.Log.Info("message submitted by a back end", "message", messageID, "account", a.Name, "conversation", m.ConversationID, "action", m.Action)
	return messageID, nil
}

// repeated tells whether the account has submitted the same message under the id before; an error when the id has been
// used for another.
func (s *Service) repeated(tx *store.Tx, id, account, print string) (bool, error) {
	if id == "" {
		return false, nil
	}
	old, err := s.c.Store.Sent(tx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case old.Account == account && old.Fingerprint == print:
		return true, nil
	}
	return false, &Error{Kind: Duplicate, Code: "EBMS:0003", Field: "MessageInfo/MessageId", Message: "the id has been used for another message"}
}

// refused makes an answer for the back end of what the access point found wrong.
func refused(err error) error {
	var e *ebms.Error
	if errors.As(err, &e) {
		return &Error{Kind: Refused, Code: e.Code, Message: e.Detail}
	}
	return err
}

// corner is the value of a corner's property; "" when there is none.
func corner(m *ebms.UserMessage, name string) string {
	p, _ := m.Property(name)
	return p.Value
}

// checkSubmission checks what needs no P-Mode.
func checkSubmission(a Account, m *ebms.UserMessage) error {
	if id := m.MessageID; id != "" {
		if err := CheckMessageID(id, "MessageInfo/MessageId"); err != nil {
			return err
		}
	}
	if id := m.RefToMessageID; id != "" {
		if err := CheckMessageID(id, "MessageInfo/RefToMessageId"); err != nil {
			return err
		}
	}
	switch {
	case m.Action == "":
		return fail(Invalid, "CollaborationInfo/Action", "is missing or empty")
	case m.Service.Value == "":
		return fail(Invalid, "CollaborationInfo/Service", "is missing or empty")
	case m.To.ID.Value == "":
		return &Error{Kind: Parties, Code: "EBMS:0003", Field: "PartyInfo/To/PartyId", Message: "is missing or empty: the receiver is not looked up"}
	}
	if !a.sees(corner(m, ebms.OriginalSender)) {
		return fail(Denied, "MessageProperties/Property[originalSender]", "is not the original user of the account")
	}
	return nil
}

// CheckMessageID checks an id that a back end gives; field is its name in the error.
func CheckMessageID(id, field string) error {
	switch {
	case id == "":
		return fail(Invalid, field, "is missing or empty")
	case len(id) > 255:
		return fail(Invalid, field, "has %d characters, more than 255", len(id))
	case strings.ContainsAny(id, "<>"):
		return fail(Invalid, field, "has angle brackets")
	}
	for i := 0; i < len(id); i++ {
		if id[i] < 0x20 || id[i] > 0x7e {
			return fail(Invalid, field, "has a character outside printable ASCII")
		}
	}
	return nil
}

// way finds the P-Mode of a message. Party ids, roles and agreement that the back end gives must be those of the
// P-Mode. [AS4 1.15 §3.2]
func (s *Service) way(m *ebms.UserMessage) (pmode.Outgoing, error) {
	modes := s.c.PModes.PModes()
	same := func(a, b string) bool { return a == b || modes.FoldCase && strings.EqualFold(a, b) }
	own := modes.Self.ID
	if from := m.From.ID; from.Value != "" && !(same(from.Value, own.Value) && same(from.Type, own.Type)) {
		return pmode.Outgoing{}, &Error{Kind: Parties, Code: "EBMS:0003", Field: "PartyInfo/From/PartyId", Message: "is not this access point"}
	}
	if _, ok := modes.Peer(m.To.ID); !ok {
		return pmode.Outgoing{}, &Error{Kind: Parties, Code: "EBMS:0003", Field: "PartyInfo/To/PartyId", Message: "no P-Mode names this access point"}
	}
	way, ok := modes.Outgoing(m.To.ID, m.Service, m.Action)
	if !ok {
		return pmode.Outgoing{}, &Error{Kind: Refused, Code: "EBMS:0010", Field: "CollaborationInfo", Message: "no matching leg or process for service, action and receiver"}
	}
	for _, c := range []struct{ field, got, want string }{
		{"PartyInfo/From/Role", m.From.Role, way.FromRole},
		{"PartyInfo/To/Role", m.To.Role, way.ToRole},
		{"CollaborationInfo/AgreementRef", m.AgreementRef, way.Agreement.Value},
	} {
		if c.got != "" && !same(c.got, c.want) {
			return pmode.Outgoing{}, &Error{Kind: Refused, Code: "EBMS:0010", Field: c.field, Message: "is not that of the P-Mode"}
		}
	}
	if e := modes.CheckMessage(m.Properties, way.Leg); e != nil {
		return pmode.Outgoing{}, &Error{Kind: Refused, Code: e.Code, Field: "MessageProperties", Message: e.Detail}
	}
	return way, nil
}

// payloads judges the payloads of a submission and completes their content ids. Samples of deployed back ends call a
// payload "message"; the profile wants a domain behind it, which is ours. [RFC 2392]
func (s *Service) payloads(given []as4.Payload, leg *pmode.Leg) ([]as4.Payload, error) {
	out := make([]as4.Payload, len(given))
	parts := make([]ebms.PartInfo, len(given))
	for i, p := range given {
		field := "PayloadInfo/PartInfo[" + p.ContentID + "]"
		parts[i] = ebms.PartInfo{Href: "cid:" + p.ContentID, Properties: append([]ebms.Property{{Name: ebms.MimeType, Value: p.MimeType}}, p.Properties...)}
		if !strings.Contains(p.ContentID, "@") {
			p.ContentID += "@" + s.c.Suffix
		}
		if err := swa.CheckContentID(p.ContentID); err != nil {
			return nil, fail(Payloads, field+"/@href", "is not a content id that can be sent")
		}
		if _, err := swa.ParseMediaType(p.MimeType); err != nil {
			return nil, fail(Payloads, field+"/PartProperties/Property[MimeType]", "is no media type")
		}
		p.Compress = leg == nil || leg.Compress
		out[i] = p
	}
	if leg != nil && leg.Payloads != nil {
		if e := leg.Payloads.Check(parts); e != nil {
			return nil, &Error{Kind: Refused, Code: e.Code, Field: "PayloadInfo", Message: e.Detail}
		}
	}
	return out, nil
}

// fingerprint is the same for the same header and payloads.
func fingerprint(m *ebms.UserMessage, payloads []as4.Payload) (string, error) {
	h := sha256.New()
	type part struct {
		ID, Type string
		More     []ebms.Property
		Size     int64
	}
	said := struct {
		Header []any
		Parts  []part
	}{Header: []any{m.MessageID, m.RefToMessageID, m.From, m.To, m.AgreementRef, m.AgreementType, m.Service, m.Action, m.ConversationID, m.Properties}}
	for _, p := range payloads {
		said.Parts = append(said.Parts, part{p.ContentID, p.MimeType, p.Properties, size(p.Content)})
	}
	if err := json.NewEncoder(h).Encode(said); err != nil {
		return "", err
	}
	for _, p := range payloads {
		if p.Content == nil {
			continue
		}
		r, err := p.Content.Open()
		if err != nil {
			return "", err
		}
		_, err = io.Copy(h, r)
		r.Close()
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func size(c as4.Content) int64 {
	if c == nil {
		return 0
	}
	return c.Size()
}

// A Spooled is a part that an interface has read for a submission.
type Spooled struct {
	Part    as4.Spooled
	Content as4.Content // nil when the part was not finished
}

// Discard removes the parts that no message is made of: what was compressed, refused, or sent a second time. What
// cannot be removed is swept at the next start.
func (s *Service) Discard(ctx context.Context, parts []Spooled) {
	for _, p := range parts {
		held := false
		if p.Content != nil {
			err := s.c.Store.View(context.WithoutCancel(ctx), func(tx *store.Tx) (err error) {
				held, err = s.c.Store.Holds(tx, p.Content)
				return err
			})
			if err != nil {
				s.c.Log.Error("backend: a part is left to be swept", "err", err)
				continue
			}
		}
		if held {
			continue
		}
		if err := p.Part.Discard(); err != nil {
			s.c.Log.Error("backend: a part could not be removed", "err", err)
		}
	}
}
