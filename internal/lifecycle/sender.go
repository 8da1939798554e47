package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"oots/directory/lcm"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/store"
)

// A SentState says how far a submission to another instance has come.
type SentState string

// The states: Waiting for the answer, then one of the others. Undelivered is a message that did not arrive.
const (
	Waiting     SentState = "waiting"
	Accepted    SentState = "accepted"
	Refused     SentState = "refused"
	Undelivered SentState = "undelivered"
)

// A Sent is a submission to another instance.
type Sent struct {
	Request        string         // @id
	Receiver       edm.Identifier // access point
	ConversationID string
	MessageID      string
	At             time.Time
	State          SentState
	AnsweredAt     time.Time // zero while waiting
	Code           string    // ebMS code of an undelivered one, else the first LCM code of a refusal; "" for none
	Answer         []byte    // rs:RegistryResponse as it came
}

// A SentStore keeps submissions to other instances.
type SentStore interface {
	// AddSent stores s. It reports false when there is one of that request already.
	AddSent(tx *store.Tx, s Sent) (bool, error)
	// Unanswered reports whether a submission to a receiver waits for its answer.
	Unanswered(tx *store.Tx, receiver edm.Identifier) (bool, error)
	// SentByMessage and SentByRequest find one; store.ErrNotFound when there is none.
	SentByMessage(tx *store.Tx, messageID string) (Sent, error)
	SentByRequest(tx *store.Tx, request string) (Sent, error)
	// Settle ends a waiting one as s says. It reports false when it does not wait any more.
	Settle(tx *store.Tx, s Sent) (bool, error)
}

// ErrWaiting says that the receiver still owes an answer: submissions are never sent in parallel.
var ErrWaiting = errors.New("an earlier submission to this access point waits for its answer")

// ErrSent says that a request of that id was sent before.
var ErrSent = errors.New("a submission with this id was sent before")

// A Sender is the other end: a Member State that publishes to the instance of somebody else. [TDD 3.6.3 §9]
type Sender struct {
	DB             *store.DB
	Store          SentStore
	Outbox         Outbox
	Clock          clock.Clock
	Log            *slog.Logger
	AccessPoint    edm.Identifier // ours
	OriginalSender edm.Identifier // the authority that submits
}

// Send sends a document to an instance. The answer comes later. The error is an *lcm.Error, ErrWaiting, ErrSent, or
// a fault of ours.
func (s *Sender) Send(ctx context.Context, to, recipient edm.Identifier, document []byte) (Sent, error) {
	parsed, err := lcm.Parse(document)
	if err != nil {
		return Sent{}, err
	}
	out := Sent{Request: parsed.ID, Receiver: to, ConversationID: s.Clock.NewUUID(), At: s.Clock.Now().UTC(), State: Waiting}
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		if waits, err := s.Store.Unanswered(tx, to); err != nil || waits {
			return errors.Join(err, condition(waits, ErrWaiting))
		}
		out.MessageID, err = s.Outbox.Submit(tx, Envelope{
			ConversationID: out.ConversationID, Action: SubmitObjectsRequest, From: s.AccessPoint, To: to,
			OriginalSender: s.OriginalSender, FinalRecipient: recipient, Body: document,
		})
		if err != nil {
			return err
		}
		fresh, err := s.Store.AddSent(tx, out)
		return errors.Join(err, condition(err == nil && !fresh, ErrSent))
	})
	if err != nil {
		return Sent{}, err
	}
	return out, nil
}

func condition(holds bool, err error) error {
	if holds {
		return err
	}
	return nil
}

// Receive takes the answer to a submission within tx. An answer that belongs to none, or comes from somebody else,
// is logged and dropped.
func (s *Sender) Receive(tx *store.Tx, e Envelope) error {
	log := s.Log.With("message", e.MessageID, "conversation", e.ConversationID, "action", string(e.Action))
	answer, err := lcm.ParseResponse(e.Body)
	if err != nil {
		log.Warn("answer to a submission cannot be read", "err", err)
		return nil
	}
	sent, err := s.find(tx, e, answer)
	if errors.Is(err, store.ErrNotFound) {
		log.Warn("answer to no submission of ours")
		return nil
	}
	if err != nil {
		return err
	}
	if sent.Receiver != e.From || sent.ConversationID != e.ConversationID {
		log.Warn("answer to a submission from another party, or in another conversation")
		return nil
	}
	sent.State, sent.AnsweredAt, sent.Answer = Accepted, s.Clock.Now().UTC(), e.Body
	if !answer.Success {
		sent.State = Refused
		if len(answer.Exceptions) > 0 {
			sent.Code = answer.Exceptions[0].Code
		}
	}
	settled, err := s.Store.Settle(tx, sent)
	if err == nil {
		log.Info("submission answered", "request", sent.Request, "state", string(sent.State), "code", sent.Code, "first", settled)
	}
	return err
}

// find finds what an answer belongs to: by the message that it answers, else by the id of the request.
func (s *Sender) find(tx *store.Tx, e Envelope, answer *lcm.Response) (Sent, error) {
	if e.RefToMessageID != "" {
		sent, err := s.Store.SentByMessage(tx, e.RefToMessageID)
		if !errors.Is(err, store.ErrNotFound) {
			return sent, err
		}
	}
	if answer.Request == "" {
		return Sent{}, store.ErrNotFound
	}
	return s.Store.SentByRequest(tx, answer.Request)
}

// Undeliverable ends a submission whose message did not arrive, within tx. It does nothing for other messages.
func (s *Sender) Undeliverable(tx *store.Tx, messageID, code string) error {
	sent, err := s.Store.SentByMessage(tx, messageID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	sent.State, sent.AnsweredAt, sent.Code = Undelivered, s.Clock.Now().UTC(), code
	_, err = s.Store.Settle(tx, sent)
	return err
}

// Sent is what became of a submission; store.ErrNotFound when there is none of that request.
func (s *Sender) Sent(ctx context.Context, request string) (out Sent, err error) {
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		out, err = s.Store.SentByRequest(tx, request)
		if err != nil {
			return fmt.Errorf("submission %s: %w", request, err)
		}
		return nil
	})
	return out, err
}
