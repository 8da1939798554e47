package requester_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/store"
)

// TestTwoBrowsersGoToThePreviewAtOnce has one second request, and one link, whoever is faster.
func TestTwoBrowsersGoToThePreviewAtOnce(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	_, id := p.ask(eleni)
	p.deliver()
	p.wantState(id, exchange.PreviewRequired)
	services := []*requester.Service{p.requester, nil}
	p.restart()
	services[1] = p.requester
	before := len(p.sent)
	var all sync.WaitGroup
	links := make([]string, 6)
	for i := range links {
		all.Go(func() {
			var err error
			if links[i], err = services[i%2].GoToPreview(context.Background(), id); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, l := range links {
		if l != links[0] || l == "" {
			t.Errorf("link %q", l)
		}
	}
	if n := len(p.sent) - before; n != 1 {
		t.Errorf("%d second requests", n)
	}
}

// TestAskedTwiceAtOnce has one exchange, whichever click was first.
func TestAskedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, err := p.requester.Open(t.Context(), "T3", eleni)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	ids := make([]string, 6)
	for i := range ids {
		all.Go(func() {
			var err error
			if ids[i], err = p.requester.Ask(context.Background(), diplomaAsk(app.ID)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("exchanges %v", ids)
		}
	}
	if len(p.sent) != 1 {
		t.Errorf("%d requests", len(p.sent))
	}
}

// TestAnswerTimeoutAndResetAtOnce ends the exchange in one way: what is delivered belongs to an answered
// exchange, and what is not answered has delivered nothing.
func TestAnswerTimeoutAndResetAtOnce(t *testing.T) {
	t.Parallel()
	for range 6 {
		p, app, id := answered(t)
		e := p.last()
		p.clock.Add(exchange.DefaultRequester.T3 + time.Second) // sent in time, and late to arrive
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if err := p.at.DB.Update(context.Background(), func(tx *store.Tx) error { return p.requester.Receive(tx, e) }); err != nil {
					t.Error(err)
				}
			})
		}
		all.Go(func() {
			if _, err := p.requester.Expire(context.Background()); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if err := p.requester.Reset(context.Background(), app, requirement); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		x := p.exchange(id)
		if !x.State.Settled() || len(x.Evidence) != 0 {
			t.Errorf("exchange is %s with %d documents, after it was given up", x.State, len(x.Evidence))
		}
		if n := rows(t, p.at.DB, "requester_evidence"); n != 0 {
			t.Errorf("%d documents are kept", n)
		}
		settled := 0
		for _, name := range p.atLog.names() {
			if name == exchange.TimeoutConcluded || name == exchange.EvidenceDelivered {
				settled++
			}
		}
		if settled > 1 {
			t.Errorf("it ended %d times: %v", settled, p.atLog.names())
		}
	}
}
