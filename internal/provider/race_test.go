package provider_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/provider"
	"oots/internal/store"
)

// TestDecisionAndSecondRequestsAtOnce has two processes over one store, browsers that decide in different
// ways, and second requests, all at the same time: one decision counts, and evidence is sent once.
func TestDecisionAndSecondRequestsAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		d := newDesk(t, registerFunc(records), nil)
		token, second := d.link()
		if err := d.service.Identify(t.Context(), token, login.Identity{Person: *second.NaturalPerson}); err != nil {
			t.Fatal(err)
		}
		services := []*provider.Service{d.service, d.another()}
		before := len(d.out)
		var all sync.WaitGroup
		decided := make(chan []string, 8)
		for i, chosen := range [][]string{{"0"}, {"1"}, nil, {"0", "1"}} {
			all.Go(func() {
				err := services[i%2].Decide(t.Context(), token, chosen)
				if err == nil {
					decided <- chosen
				} else if !errors.Is(err, provider.ErrDecided) {
					t.Errorf("decision: %v", err)
				}
			})
		}
		for i := range 4 {
			again := *second
			again.ID = "urn:uuid:" + clock.UUID()
			e := d.envelope(&again)
			all.Go(func() {
				if err := d.store.DB.Update(context.Background(), func(tx *store.Tx) error { return services[i%2].Receive(tx, e) }); err != nil {
					t.Errorf("second request: %v", err)
				}
			})
		}
		all.Wait()
		close(decided)
		if len(decided) != 1 {
			t.Fatalf("%d decisions counted", len(decided))
		}
		chosen := <-decided
		responses := 0
		for _, e := range d.out[before:] {
			r, x, _, err := edmxml.ParseResponse(e.Body)
			switch {
			case err != nil:
				t.Fatal(err)
			case x != nil && x.Exceptions[0].Code != edm.InvalidRequest:
				t.Errorf("answer %s", x.Exceptions[0].Code)
			case r != nil:
				responses++
				if len(r.Packages) != len(chosen) || len(e.Attachments) != len(chosen) {
					t.Errorf("%d documents sent, %d were released", len(e.Attachments), len(chosen))
				}
			}
		}
		if n := len(d.out) - before; responses != 1 || n != 4 {
			t.Errorf("%d responses among %d answers to four second requests", responses, n)
		}
		if n := d.rows("provider_document"); n != 0 {
			t.Errorf("%d documents are kept", n)
		}
	}
}

// TestOneRequestTwiceAtOnce brings the same request through two access points.
func TestOneRequestTwiceAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	services := []*provider.Service{d.service, d.another()}
	e := d.envelope(goodRequest())
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			if err := d.store.DB.Update(context.Background(), func(tx *store.Tx) error { return services[i%2].Receive(tx, e) }); err != nil {
				t.Error(err)
			}
			if _, err := services[i%2].Answer(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	links := 0
	for _, out := range d.out {
		_, x, _, err := edmxml.ParseResponse(out.Body)
		if err != nil || x == nil {
			t.Fatalf("answer: %v", err)
		}
		if x.PreviewRequired() != nil {
			links++
		}
	}
	if links != 1 || len(d.out) != 6 || d.rows("provider_preview") != 1 {
		t.Errorf("%d links among %d answers", links, len(d.out))
	}
}
