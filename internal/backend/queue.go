package backend

import (
	"context"
	"errors"
	"time"

	"oots/edelivery/ebms"
	"oots/internal/gateway"
	"oots/internal/store"
)

// Consume puts a delivery into the queue: it is the gateway's consumer. A message is there once, because the gateway
// marks it as handled in the same transaction.
func (s *Service) Consume(tx *store.Tx, d gateway.Delivery) error {
	r := Received{Message: d.Message, Payloads: d.Payloads, State: Ready, ReceivedAt: s.c.Clock.Now()}
	for i := range r.Payloads {
		if i < len(r.Message.Parts) {
			r.Payloads[i].Properties = r.Message.Parts[i].Properties
		}
	}
	if err := s.c.Store.PutReceived(tx, r); err != nil {
		return err
	}
	recipient := corner(&d.Message, ebms.FinalRecipient)
	return s.notify(tx, d.Message.MessageID, recipient, "", SubmitMessage, ReceiveSuccess)
}

// Pending lists the ids of messages that the account has not downloaded yet, oldest first, at most as many as
// Config.Pending.
func (s *Service) Pending(ctx context.Context, a Account, f Filter) (ids []string, err error) {
	if !s.narrow(a, &f) {
		return nil, nil
	}
	err = s.c.Store.View(ctx, func(tx *store.Tx) error {
		ids, err = s.c.Store.Pending(tx, f)
		return err
	})
	return ids, err
}

// narrow restricts f to what the account may see; false is nothing.
func (s *Service) narrow(a Account, f *Filter) bool {
	if f.Limit <= 0 || f.Limit > s.c.Pending {
		f.Limit = s.c.Pending
	}
	if a.Role == Admin {
		return true
	}
	if f.FinalRecipient == "" {
		f.FinalRecipient = a.OriginalUser
	}
	return a.sees(f.FinalRecipient)
}

// A Retrieval is a message on its way to a back end. It ends with Done or Release.
type Retrieval struct {
	Received
	service *Service
	holder  string // "" when nothing is claimed
}

// lease is how long a retrieval may take, at least.
const lease = 2 * time.Minute

// Retrieve returns a message with its payloads. With mark the caller holds it, so that no two callers get it at once;
// it is downloaded when Done is called, which belongs behind the last byte of the answer, and pending again when
// Release is, or when the process dies and the lease runs out. For Config.Grace after that it can be retrieved again:
// who crashed with the answer in hand has not lost it.
func (s *Service) Retrieve(ctx context.Context, a Account, messageID string, mark bool) (*Retrieval, error) {
	if err := CheckMessageID(messageID, "messageID"); err != nil {
		return nil, err
	}
	now := s.c.Clock.Now()
	since := now.Add(-max(s.c.Grace, 0))
	r := &Retrieval{service: s, holder: s.c.Clock.NewUUID()}
	err := s.c.Store.Update(ctx, func(tx *store.Tx) error {
		old, err := s.c.Store.Received(tx, messageID)
		if err != nil {
			return err
		}
		switch {
		case !a.sees(corner(&old.Message, ebms.FinalRecipient)), old.State == Deleted, old.State == Downloaded && !old.DownloadedAt.After(since):
			return store.ErrNotFound
		}
		r.Received, err = s.c.Store.Claim(tx, messageID, r.holder, now, now.Add(lease), since)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return fail(Busy, "messageID", "Message with id [%s] is being retrieved by another call", messageID)
		case err != nil:
			return err
		case !mark:
			r.holder, err = "", s.c.Store.Unclaim(tx, messageID, r.holder, time.Time{})
			return err
		}
		var total int64
		for _, p := range r.Payloads {
			total += size(p.Content)
		}
		return s.c.Store.Extend(tx, messageID, r.holder, now.Add(lease+time.Duration(total>>18)*time.Second))
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, notFound(messageID)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Done marks the message as downloaded, if it was retrieved to be.
func (r *Retrieval) Done(ctx context.Context) error { return r.end(ctx, r.service.c.Clock.Now()) }

// Release leaves the message as it was before.
func (r *Retrieval) Release(ctx context.Context) error { return r.end(ctx, time.Time{}) }

func (r *Retrieval) end(ctx context.Context, at time.Time) error {
	if r.holder == "" {
		return nil
	}
	holder := r.holder
	r.holder = ""
	st := r.service.c.Store
	return st.Update(ctx, func(tx *store.Tx) error { return st.Unclaim(tx, r.Message.MessageID, holder, at) })
}

// MarkDownloaded marks a message as downloaded that was retrieved without being marked. Marking again changes nothing.
func (s *Service) MarkDownloaded(ctx context.Context, a Account, messageID string) error {
	if err := CheckMessageID(messageID, "messageID"); err != nil {
		return err
	}
	err := s.c.Store.Update(ctx, func(tx *store.Tx) error {
		r, err := s.c.Store.Received(tx, messageID)
		if err != nil {
			return err
		}
		if !a.sees(corner(&r.Message, ebms.FinalRecipient)) {
			return store.ErrNotFound
		}
		if r.State != Ready {
			return nil
		}
		return s.c.Store.Mark(tx, messageID, s.c.Clock.Now())
	})
	if errors.Is(err, store.ErrNotFound) {
		return notFound(messageID)
	}
	return err
}

// purgeBatch is how many messages one transaction of Purge deletes.
const purgeBatch = 100

// Purge deletes the payloads of messages whose time is over and returns how many; what is known of them stays.
func (s *Service) Purge(ctx context.Context) (int, error) {
	now := s.c.Clock.Now()
	downloaded, received := now.Add(-max(s.c.Grace, 0)), time.Time{}
	if s.c.Keep > 0 {
		received = now.Add(-s.c.Keep)
	}
	for total := 0; ; {
		n := 0
		err := s.c.Store.Update(ctx, func(tx *store.Tx) error {
			ids, err := s.c.Store.Expired(tx, downloaded, received, now, purgeBatch)
			if err != nil {
				return err
			}
			for _, id := range ids {
				r, err := s.c.Store.Received(tx, id)
				if err != nil {
					return err
				}
				if err := s.c.Store.Delete(tx, id, now); err != nil {
					return err
				}
				if err := s.notify(tx, id, corner(&r.Message, ebms.FinalRecipient), "", DeletedMessage); err != nil {
					return err
				}
			}
			n = len(ids)
			return nil
		})
		total += n
		if err != nil || n < purgeBatch {
			return total, err
		}
	}
}
