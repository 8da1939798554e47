package backend

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/store"
)

// A NoticeKind is what a back end is told.
type NoticeKind string

// The kinds of notices, in the words of configurations in use. SubmitMessage hands the whole message over.
const (
	SubmitMessage  NoticeKind = "SUBMIT_MESSAGE"
	ReceiveSuccess NoticeKind = "RECEIVE_SUCCESS"
	SendSuccess    NoticeKind = "SEND_SUCCESS"
	SendFailed     NoticeKind = "SEND_FAILURE"
	StatusChange   NoticeKind = "MESSAGE_STATUS_CHANGE"
	DeletedMessage NoticeKind = "DELETED"
)

var noticeKinds = []NoticeKind{SubmitMessage, ReceiveSuccess, SendSuccess, SendFailed, StatusChange, DeletedMessage}

// A Rule says which back end is told of what. The first rule that fits the recipient of a message counts.
type Rule struct {
	Name      string
	Recipient string // value of finalRecipient; "" is any
	URL       string // https, or http to the same machine
	Kinds     []NoticeKind
	Retry     pmode.Retry // after the first attempt; zero is one attempt
	Username  string      // of HTTP Basic; "" is none
	Password  string
	Pusher    Pusher // how it is told; nil is that of Config
	// Keep leaves a message pending that SubmitMessage has handed over; otherwise it is downloaded then.
	Keep bool
}

// Check reports what is wrong with a rule.
func (r *Rule) Check() error {
	u, err := url.Parse(r.URL)
	switch {
	case r.Name == "":
		return errors.New("backend: rule without a name")
	case err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && local(u.Hostname())):
		return fmt.Errorf("backend: rule %s: the address is neither https nor on this machine", r.Name)
	case len(r.Kinds) == 0:
		return fmt.Errorf("backend: rule %s: no kinds of notices", r.Name)
	}
	for _, k := range r.Kinds {
		if !slices.Contains(noticeKinds, k) {
			return fmt.Errorf("backend: rule %s: unknown kind %q", r.Name, k)
		}
	}
	return nil
}

func local(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// A NoticeState is where a notice stands.
type NoticeState string

// The states: NoticeWaiting → NoticeSending → NoticeDone, or back, or NoticeFailed.
const (
	NoticeWaiting NoticeState = "waiting"
	NoticeSending NoticeState = "sending"
	NoticeDone    NoticeState = "done"
	NoticeFailed  NoticeState = "failed"
)

// A Notice is one thing to be told to a back end.
type Notice struct {
	ID        string
	MessageID string
	Kind      NoticeKind
	Status    Status // for StatusChange
	Rule      string
	Attempts  int // those begun
	CreatedAt time.Time
	Position  int64 // among the notices of a message, which are told in this order
}

// A Push is a notice as it is told. Message is set for SubmitMessage only.
type Push struct {
	Notice
	Rule    Rule
	Message *Received
}

// A Pusher tells one notice to a back end; nil means that it was taken.
type Pusher interface {
	Push(ctx context.Context, p Push) error
}

// notify stores the notices of these kinds that the rule of the recipient wants.
func (s *Service) notify(tx *store.Tx, messageID, recipient string, status Status, kinds ...NoticeKind) error {
	i := slices.IndexFunc(s.c.Rules, func(r Rule) bool { return r.Recipient == "" || r.Recipient == recipient })
	if i < 0 {
		return nil
	}
	now := s.c.Clock.Now()
	for _, k := range kinds {
		if !slices.Contains(s.c.Rules[i].Kinds, k) {
			continue
		}
		n := Notice{ID: s.c.Clock.NewUUID(), MessageID: messageID, Kind: k, Status: status, Rule: s.c.Rules[i].Name, CreatedAt: now}
		if err := s.c.Store.PutNotice(tx, n); err != nil {
			return err
		}
		tx.After(s.wake)
	}
	return nil
}

func (s *Service) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

// Sent tells the back end that its message has arrived: it is the gateway's consumer of success.
func (s *Service) Sent(tx *store.Tx, messageID string) error {
	return s.settled(tx, messageID, SendSuccess, Acknowledged)
}

// Fail tells the back end that its message will not arrive: it is the gateway's consumer of failure. The code is in
// Errors.
func (s *Service) Fail(tx *store.Tx, messageID, code string) error {
	return s.settled(tx, messageID, SendFailed, SendFailure)
}

func (s *Service) settled(tx *store.Tx, messageID string, kind NoticeKind, status Status) error {
	m, err := s.c.Store.Sent(tx, messageID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // not a message of a back end
	}
	if err != nil {
		return err
	}
	return s.notify(tx, messageID, m.FinalRecipient, status, StatusChange, kind)
}

// Recover takes up the notices that an earlier life of this process had claimed. Call it once, before Run.
func (s *Service) Recover(ctx context.Context) error {
	return s.c.Store.Update(ctx, func(tx *store.Tx) error { return s.c.Store.ReleaseNotices(tx, s.c.Owner) })
}

// Run tells notices until ctx ends. Poll is how often it looks for those that nobody announced.
func (s *Service) Run(ctx context.Context, poll time.Duration) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if _, err := s.Push(ctx); err != nil && ctx.Err() == nil {
			s.c.Log.Error("backend: notices could not be told", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.woken:
		case <-tick.C:
		}
	}
}

// Push tells every notice that is due and returns how many it tried.
func (s *Service) Push(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		var notice Notice
		now := s.c.Clock.Now()
		err := s.c.Store.Update(ctx, func(tx *store.Tx) (err error) {
			notice, err = s.c.Store.ClaimNotice(tx, now, s.c.Owner, now.Add(pushLease))
			return err
		})
		if errors.Is(err, store.ErrNotFound) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if err := s.push(ctx, notice); err != nil {
			return n, err
		}
	}
}

// A push that takes longer than pushTime has failed; pushLease is longer, so that no two processes tell one notice at
// once.
const (
	pushTime  = 4 * time.Minute
	pushLease = 5 * time.Minute
)

// push tells one notice and stores what came of it.
func (s *Service) push(ctx context.Context, n Notice) error {
	i := slices.IndexFunc(s.c.Rules, func(r Rule) bool { return r.Name == n.Rule })
	if i < 0 {
		return s.settle(ctx, n, NoticeFailed, "the rule is not configured any more", time.Time{})
	}
	p := Push{Notice: n, Rule: s.c.Rules[i]}
	if n.Kind == SubmitMessage {
		r, err := s.Retrieve(ctx, Account{Role: Admin}, n.MessageID, !p.Rule.Keep)
		var e *Error
		if errors.As(err, &e) && e.Kind == Missing {
			return s.settle(ctx, n, NoticeDone, "", time.Time{}) // the back end has fetched it meanwhile
		}
		if err != nil {
			return s.again(ctx, p, err)
		}
		if r.State != Ready {
			return errors.Join(r.Release(ctx), s.settle(ctx, n, NoticeDone, "", time.Time{}))
		}
		p.Message = &r.Received
		if err := s.tell(ctx, p); err != nil {
			return errors.Join(r.Release(context.WithoutCancel(ctx)), s.again(ctx, p, err))
		}
		if err := r.Done(ctx); err != nil {
			return err
		}
		return s.settle(ctx, n, NoticeDone, "", time.Time{})
	}
	if err := s.tell(ctx, p); err != nil {
		return s.again(ctx, p, err)
	}
	return s.settle(ctx, n, NoticeDone, "", time.Time{})
}

func (s *Service) tell(ctx context.Context, p Push) error {
	ctx, cancel := context.WithTimeout(ctx, pushTime)
	defer cancel()
	how := p.Rule.Pusher
	if how == nil {
		how = s.c.Pusher
	}
	return how.Push(ctx, p)
}

// again gives a notice another time, or ends it when the attempts of its rule are used up.
func (s *Service) again(ctx context.Context, p Push, cause error) error {
	log := s.c.Log.With("message", p.MessageID, "kind", p.Kind, "rule", p.Rule.Name, "attempt", p.Attempts)
	plan := p.Rule.Retry.Attempts()
	if p.Attempts >= len(plan) {
		log.Error("a back end does not take a notice; it waits for an operator", "err", cause)
		return s.settle(ctx, p.Notice, NoticeFailed, cause.Error(), time.Time{})
	}
	log.Warn("a back end did not take a notice; it is told again", "err", cause)
	return s.settle(ctx, p.Notice, NoticeWaiting, cause.Error(), s.c.Clock.Now().Add(plan[p.Attempts]-plan[p.Attempts-1]))
}

func (s *Service) settle(ctx context.Context, n Notice, state NoticeState, reason string, next time.Time) error {
	return s.c.Store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		return s.c.Store.SettleNotice(tx, n.ID, s.c.Owner, state, reason, next)
	})
}

// PushFailed lists the messages of which a notice was not taken.
func (s *Service) PushFailed(ctx context.Context, a Account, f Filter) (ids []string, err error) {
	if !s.narrow(a, &f) {
		return nil, nil
	}
	err = s.c.Store.View(ctx, func(tx *store.Tx) error {
		ids, err = s.c.Store.FailedNotices(tx, f)
		return err
	})
	return ids, err
}

// PushAgain tells the failed notices of these messages again: of all, or of none when one of them has none.
func (s *Service) PushAgain(ctx context.Context, a Account, ids []string) error {
	if len(ids) == 0 || len(ids) > s.c.Pending {
		return fail(Invalid, "messageID", "%d ids; between 1 and %d are accepted", len(ids), s.c.Pending)
	}
	for _, id := range ids {
		if err := CheckMessageID(id, "messageID"); err != nil {
			return err
		}
	}
	return s.c.Store.Update(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			if a.Role != Admin {
				r, err := s.c.Store.Received(tx, id)
				if errors.Is(err, store.ErrNotFound) || err == nil && !a.sees(corner(&r.Message, ebms.FinalRecipient)) {
					return notFound(id)
				}
				if err != nil {
					return err
				}
			}
			if err := s.c.Store.Renotify(tx, id, s.c.Clock.Now()); errors.Is(err, store.ErrNotFound) {
				return notFound(id)
			} else if err != nil {
				return err
			}
		}
		tx.After(s.wake)
		return nil
	})
}
