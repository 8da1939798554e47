package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/wssec"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// accessPoints is a pair in mode Durable.
type accessPoints struct {
	*wire
	load             Load
	sender, receiver wssec.Identity
	out, in          *gateway.Gateway
	outStore         *settled
	databases        []*sqlstore.Store
	dir              string
	payload          as4.Content
	stop             context.CancelFunc
	running          sync.WaitGroup
}

// settled tells senders when their message is settled.
type settled struct {
	gateway.Store
	waiting sync.Map // message id → chan gateway.State
}

// SettleOutbound implements gateway.Store.
func (s *settled) SettleOutbound(tx *store.Tx, messageID, owner string, state gateway.State, code string, receipt []byte, at time.Time) error {
	err := s.Store.SettleOutbound(tx, messageID, owner, state, code, receipt, at)
	if c, ok := s.waiting.Load(messageID); ok && err == nil {
		tx.After(func() { c.(chan gateway.State) <- state })
	}
	return err
}

// poll is how often the access points look for work that nobody announced: never, during a measurement.
const poll = time.Hour

func openDurable(ctx context.Context, load Load, keys *Keys) (_ pair, err error) {
	a := &accessPoints{load: load, payload: as4.Bytes(content(load.Payload))}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if a.sender, err = keys.identity(load.Key, sendingID.Value); err != nil {
		return nil, err
	}
	if a.receiver, err = keys.identity(load.Key, receivingID.Value); err != nil {
		return nil, err
	}
	if a.dir, err = os.MkdirTemp("", "oots-bench-"); err != nil {
		return nil, err
	}
	// The P-Modes want an https URL; over plain HTTP the request is turned to where the receiver really listens.
	if a.wire, err = openWire(load, keys, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.in.ServeHTTP(w, r) })); err != nil {
		return nil, err
	}
	client, url := a.client, a.url
	if !load.TLS {
		client, url = &http.Client{Transport: plainly{a.client.Transport}}, "https"+a.url[len("http"):]
	}
	sending, receiving := party(sendingID, url, a.sender), party(receivingID, url, a.receiver)
	config := gateway.Config{Client: client, Clock: clock.System(), Suffix: suffix, Inbound: max(16, 2*load.Concurrency), PerPartner: gateway.PartnerLimits{Inbound: max(16, 2*load.Concurrency)}, Log: slog.New(slog.DiscardHandler), Consume: consume, Fail: func(*store.Tx, string, string) error { return nil }}

	in := config
	in.Self, in.PModes, in.Owner = a.receiver, modes(receiving, sending), receivingID.Value
	if in.Store, in.Spool, err = a.database(ctx, receivingID.Value); err != nil {
		return nil, err
	}
	if a.in, err = gateway.New(in); err != nil {
		return nil, err
	}
	out := config
	out.Self, out.PModes, out.Owner = a.sender, modes(sending, receiving), sendingID.Value
	if out.Store, out.Spool, err = a.database(ctx, sendingID.Value); err != nil {
		return nil, err
	}
	a.outStore = &settled{Store: out.Store}
	out.Store = a.outStore
	if a.out, err = gateway.New(out); err != nil {
		return nil, err
	}
	// The receiver hands messages over in the background, as an access point in service does.
	background, stop := context.WithCancel(context.Background())
	a.stop = stop
	a.running.Go(func() { a.in.Run(background, poll) })
	return a, nil
}

// plainly sends requests for https URLs over plain HTTP.
type plainly struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (p plainly) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme = "http"
	return p.next.RoundTrip(r)
}

func (a *accessPoints) database(ctx context.Context, name string) (gateway.Store, as4.Spool, error) {
	sealing := make([]byte, 32)
	rand.Read(sealing)
	db, err := sqlstore.Open(ctx, filepath.Join(a.dir, name), sealing)
	if err != nil {
		return nil, nil, err
	}
	a.databases = append(a.databases, db)
	return db.Gateway(), db.Spool, nil
}

// consume reads what it is given, as a back end would.
func consume(_ *store.Tx, d gateway.Delivery) error {
	for i := range d.Payloads {
		r, err := d.Payloads[i].Content.Open()
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r)
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (a *accessPoints) operations() (func() error, error) { return operations(a.sender, a.receiver) }

// exchange submits a message, lets what is due be sent, and waits until its own message is settled: by this
// sender or, as claims are first come, by another.
func (a *accessPoints) exchange(ctx context.Context) error {
	done := make(chan gateway.State, 1)
	var id string
	err := a.outStore.Update(ctx, func(tx *store.Tx) (err error) {
		id, _, err = a.out.Submit(tx, gateway.Submission{
			To: receivingID, Action: action, ConversationID: clock.UUID(), Properties: properties, Payloads: payloads(a.load, a.payload),
		})
		a.outStore.waiting.Store(id, done)
		return err
	})
	defer a.outStore.waiting.Delete(id)
	if err != nil {
		return err
	}
	if _, err := a.out.Send(ctx); err != nil {
		return err
	}
	select {
	case state := <-done:
		if state != gateway.Acknowledged {
			return fmt.Errorf("message is %s", state)
		}
		return nil
	case <-time.After(time.Minute):
		return errors.New("message was not settled within a minute")
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *accessPoints) close() error {
	if a.stop != nil {
		a.stop()
	}
	a.running.Wait()
	var err error
	if a.wire != nil {
		err = a.wire.close()
	}
	for _, db := range a.databases {
		err = errors.Join(err, db.Close())
	}
	if a.dir != "" {
		err = errors.Join(err, os.RemoveAll(a.dir))
	}
	return err
}
