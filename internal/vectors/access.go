package vectors

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/wssec"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// An access is one access point of ours over a database of its own in a temporary folder.
type access struct {
	gateway *gateway.Gateway
	store   *watched
	modes   *PModes
	dir     string
	db      *sqlstore.Store
	now     time.Time     // moved by cases about retries
	arrived []arrival     // since the last take
	failed  []string      // codes that the producer was told
	answer  http.Response // to the next message of ours; StatusCode 0 breaks the connection
	body    []byte        // of answer
}

// An arrival is one delivery as the consumer got it.
type arrival struct {
	messageID string
	parts     []Part
}

// watched passes on what happens to the outbox.
type watched struct {
	gateway.Store
	state gateway.State // of the message settled last; "" when it waits for the next attempt
	code  string
}

// SettleOutbound implements gateway.Store.
func (w *watched) SettleOutbound(tx *store.Tx, messageID, owner string, s gateway.State, code string, receipt []byte, at time.Time) error {
	w.state, w.code = s, code
	return w.Store.SettleOutbound(tx, messageID, owner, s, code, receipt, at)
}

// RetryOutbound implements gateway.Store.
func (w *watched) RetryOutbound(tx *store.Tx, messageID, owner, code string, next time.Time) error {
	w.state, w.code = "", code
	return w.Store.RetryOutbound(tx, messageID, owner, code, next)
}

// openAccess starts an access point for the party that modes are of.
func openAccess(ctx context.Context, modes *PModes, self wssec.Identity) (a *access, err error) {
	a = &access{modes: modes, now: time.Now().UTC()}
	if a.dir, err = os.MkdirTemp("", "oots-vectors-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			a.close()
			a = nil
		}
	}()
	sealing := make([]byte, 32)
	rand.Read(sealing)
	if a.db, err = sqlstore.Open(ctx, a.dir, sealing); err != nil {
		return nil, err
	}
	a.store = &watched{Store: a.db.Gateway()}
	a.gateway, err = gateway.New(gateway.Config{
		Self: self, PModes: modes.Set, Store: a.store, Spool: a.db.Spool,
		Client: &http.Client{Transport: a},
		Clock:  clock.Clock{Now: func() time.Time { return a.now }, NewUUID: clock.UUID},
		Suffix: "vectors.oots.example", Owner: "vectors",
		Retry:   gateway.DefaultRetry,
		Log:     slog.New(slog.DiscardHandler),
		Consume: a.consume,
		Fail: func(_ *store.Tx, _, code string) error {
			a.failed = append(a.failed, code)
			return nil
		},
	})
	return a, err
}

func (a *access) close() error {
	var err error
	if a.db != nil {
		err = a.db.Close()
	}
	if e := os.RemoveAll(a.dir); err == nil {
		err = e
	}
	return err
}

// consume measures what the consumer gets.
func (a *access) consume(_ *store.Tx, d gateway.Delivery) error {
	got := arrival{messageID: d.Message.MessageID}
	for i := range d.Payloads {
		p, err := measure(&d.Payloads[i])
		if err != nil {
			return err
		}
		got.parts = append(got.parts, p)
	}
	a.arrived = append(a.arrived, got)
	return nil
}

func measure(p *as4.Payload) (Part, error) {
	r, err := p.Content.Open()
	if err != nil {
		return Part{}, err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, r)
	return Part{ContentID: p.ContentID, MimeType: p.MimeType, Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// post gives the access point an entity as HTTP would, and hands over what is to be delivered.
func (a *access) post(ctx context.Context, e entity) (*answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://access.point.invalid/", bytes.NewReader(e.body))
	if err != nil {
		return nil, err
	}
	if e.contentType != "" {
		r.Header.Set("Content-Type", e.contentType)
	}
	w := &answer{header: http.Header{}}
	a.arrived = nil
	a.gateway.ServeHTTP(w, r)
	_, err = a.gateway.Deliver(ctx)
	return w, err
}

// An answer is an HTTP response in memory.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *answer) Header() http.Header { return w.header }

func (w *answer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *answer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// RoundTrip implements http.RoundTripper: it swallows the request and gives the prepared answer.
func (a *access) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		io.Copy(io.Discard, r.Body)
		r.Body.Close()
	}
	if a.answer.StatusCode == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	res := a.answer
	res.Request, res.Body, res.ContentLength = r, io.NopCloser(bytes.NewReader(a.body)), int64(len(a.body))
	return &res, nil
}
