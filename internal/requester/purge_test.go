package requester_test

import (
	"errors"
	"testing"
	"time"

	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/store"
)

var personal = []string{"requester_application", "requester_card", "requester_exchange", "requester_evidence"}

func (p *pair) purge(want int) {
	p.t.Helper()
	if n, err := p.requester.Purge(p.t.Context()); n != want || err != nil {
		p.t.Fatalf("purged %d, %v; want %d", n, err, want)
	}
}

// TestSubmittedApplicationsAreDeleted looks into the store a day after the evidence was handed over.
func TestSubmittedApplicationsAreDeleted(t *testing.T) {
	t.Parallel()
	p, app, id := answered(t)
	p.deliver()
	p.wantState(id, exchange.Answered)
	if err := p.requester.Submit(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	p.clock.Add(24 * time.Hour)
	p.purge(0)
	if _, _, err := p.requester.Evidence(t.Context(), id, "0"); err != nil {
		t.Errorf("the procedure has a day to fetch it: %v", err)
	}
	p.clock.Add(time.Millisecond)
	p.purge(1)
	for _, table := range personal {
		if n := rows(t, p.at.DB, table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
	if _, err := p.requester.Application(t.Context(), app); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("application: %v", err)
	}
	// What comes afterwards changes nothing and is no error.
	n := len(p.atLog.events)
	p.bring(p.last())
	if len(p.atLog.events) != n+1 || p.atLog.events[n].Name != exchange.ResponseRefused {
		t.Errorf("events %v", p.atLog.names()[n:])
	}
	err := p.at.DB.Update(t.Context(), func(tx *store.Tx) error { return p.requester.Undeliverable(tx, p.sent[0].MessageID, "EBMS:0301") })
	if err != nil {
		t.Errorf("message given up after the purge: %v", err)
	}
	if _, _, err := p.requester.Return(t.Context(), returnToken(t, p)); !errors.Is(err, requester.ErrNoReturn) {
		t.Errorf("return: %v", err)
	}
}

// TestAbandonedApplicationsAreDeleted counts from the last thing that happened.
func TestAbandonedApplicationsAreDeleted(t *testing.T) {
	t.Parallel()
	p, app, id := answered(t)
	p.clock.Add(20 * time.Minute)
	p.deliver()
	p.wantState(id, exchange.Answered)
	p.clock.Add(20 * time.Hour)
	if err := p.requester.Upload(t.Context(), app, requirement, "d.pdf", "application/pdf", []byte("%PDF-own")); err != nil {
		t.Fatal(err)
	}
	p.clock.Add(24 * time.Hour)
	p.purge(0)
	p.clock.Add(time.Millisecond)
	p.purge(1)
	for _, table := range personal {
		if n := rows(t, p.at.DB, table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

// TestPurgeWaitsForOpenExchanges has a retention shorter than the timeouts.
func TestPurgeWaitsForOpenExchanges(t *testing.T) {
	t.Parallel()
	p := newPair(t, func(p *pair) { p.retention = requester.Retention{Abandoned: time.Minute} })
	_, id := p.ask(eleni)
	p.clock.Add(2 * time.Minute)
	p.purge(0)
	p.wantState(id, exchange.Sent)
	p.clock.Add(exchange.DefaultRequester.T1)
	p.expire()
	p.purge(0) // its end is something that happened
	p.clock.Add(2 * time.Minute)
	p.purge(1)
}
