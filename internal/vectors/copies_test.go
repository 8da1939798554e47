package vectors

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"

	"oots/internal/gateway"
	"oots/internal/store"
)

func corpusAccess(t *testing.T) (*access, func(id string) entity) {
	t.Helper()
	run := corpusRun(t)
	modes, err := ReadPModes(run.PModes, run.Keys, run.Choice)
	if err != nil {
		t.Fatal(err)
	}
	self, err := run.Keys.Identity(modes.Self)
	if err != nil {
		t.Fatal(err)
	}
	a, err := openAccess(context.Background(), modes, self)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.close() })
	return a, func(id string) entity {
		e, err := (&Case{ID: id}).read(corpusMessagesDir(t))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

// D02: copies of one message that arrive at the same time are delivered once, and all get the same receipt.
func TestCopiesAtOnce(t *testing.T) {
	t.Parallel()
	a, read := corpusAccess(t)
	e := read("v03-one-payload")
	answers := make([]*answer, 8)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() {
			r, err := http.NewRequest(http.MethodPost, "https://access.point.invalid/", bytes.NewReader(e.body))
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Content-Type", e.contentType)
			answers[i] = &answer{header: http.Header{}}
			a.gateway.ServeHTTP(answers[i], r)
		})
	}
	group.Wait()
	if _, err := a.gateway.Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(a.arrived) != 1 {
		t.Errorf("%d deliveries", len(a.arrived))
	}
	for i, w := range answers {
		if w.status != http.StatusOK || !bytes.Equal(w.body.Bytes(), answers[0].body.Bytes()) || w.body.Len() == 0 {
			t.Errorf("copy %d: status %d, another receipt than copy 0", i, w.status)
		}
	}
}

// D05: a message whose storing failed is not remembered: the retry is taken like a first copy.
func TestRetryAfterFailure(t *testing.T) {
	t.Parallel()
	a, read := corpusAccess(t)
	e := read("v04-two-payloads")
	a.store.Store = &failingOnce{Store: a.store.Store}
	w, err := a.post(context.Background(), e)
	if err != nil || w.status != http.StatusServiceUnavailable || w.body.Len() != 0 || len(a.arrived) != 0 {
		t.Fatalf("status %d, %d bytes, %d deliveries, %v", w.status, w.body.Len(), len(a.arrived), err)
	}
	w, err = a.post(context.Background(), e)
	if err != nil || w.status != http.StatusOK || len(a.arrived) != 1 {
		t.Fatalf("status %d, %d deliveries, %v", w.status, len(a.arrived), err)
	}
	if err := checkReferences(e, w.body.Bytes()); err != nil {
		t.Error(err)
	}
}

// failingOnce loses the first message that is to be stored.
type failingOnce struct {
	gateway.Store
	failed bool
}

func (f *failingOnce) PutInbound(tx *store.Tx, in gateway.Inbound) error {
	if !f.failed {
		f.failed = true
		return errors.New("disk gone")
	}
	return f.Store.PutInbound(tx, in)
}
