package requester_test

import (
	"errors"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/provider"
	"oots/internal/requester"
)

// TestTimeoutTable goes to the last instant of every interval of the table, on both sides, where all is still in
// time, and one millisecond further, where it is over. [TDD 4.4.3]
func TestTimeoutTable(t *testing.T) {
	t.Parallel()
	asked := exchange.DefaultRequester
	answers := exchange.DefaultProvider
	for _, tc := range []struct {
		name  string
		limit time.Duration
		begin func(*pair) string        // until the interval runs; returns the exchange
		check func(*pair, string, bool) // what is so at its last instant, and behind it
	}{
		{"T1/requester", asked.T1, sent, concluded},
		{"T1/provider", answers.T1 - time.Second, sent, func(p *pair, id string, over bool) { // a second is left for the register
			if over {
				p.clock.Add(time.Second)
			}
			p.deliver() // the request was on its way all the time: its own timestamp counts
			if over {
				wantTimedOut(p, id)
				return
			}
			p.wantState(id, exchange.PreviewRequired)
		}},
		{"T2/requester", asked.T2, linked, func(p *pair, id string, over bool) {
			_, err := p.requester.GoToPreview(p.t.Context(), id)
			if errors.Is(err, requester.ErrNoPreview) != over {
				p.t.Errorf("the way to the preview: %v", err)
			}
			if over {
				p.expire()
				p.wantState(id, exchange.Expired)
			}
		}},
		{"T2/provider", answers.T2, linked, func(p *pair, id string, over bool) {
			p.previewIs(id, over)
			if over {
				if _, n := p.expire(); n != 1 {
					p.t.Errorf("%d previews ended", n)
				}
				if n := p.deliver(); n != 0 {
					p.t.Errorf("%d messages: there is nothing to answer", n)
				}
			}
		}},
		{"T2/provider, second request on its way", answers.T2, followed, func(p *pair, id string, over bool) {
			p.deliver() // sent in time: it is not late because it travelled
			p.previewIs(id, false)
		}},
		{"T3/requester", asked.T3, arrived, concluded},
		{"T3/provider", answers.T3, arrived, func(p *pair, id string, over bool) { decides(p, id, over, over) }},
		{"T3/provider, user came first", answers.T3, func(p *pair) string {
			id := followed(p)
			p.identify(p.preview(id), eleni)
			p.deliver()
			return id
		}, func(p *pair, id string, over bool) { decides(p, id, over, over) }},
		{"T3/provider, user decided first", answers.T3, func(p *pair) string {
			id := followed(p)
			p.identify(p.preview(id), eleni)
			p.decide(p.preview(id), "0")
			return id
		}, func(p *pair, id string, over bool) {
			p.deliver() // the second request comes at last
			if over {
				wantTimedOut(p, id)
				return
			}
			p.wantState(id, exchange.Answered)
		}},
	} {
		for _, over := range []bool{false, true} {
			name := tc.name + "/in time"
			if over {
				name = tc.name + "/over"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p := newPair(t)
				id := tc.begin(p)
				p.clock.Add(tc.limit)
				if over {
					p.clock.Add(time.Millisecond)
				}
				tc.check(p, id, over)
			})
		}
	}
}

// sent, linked, followed and arrived are an exchange whose request is on its way, whose link has come, whose second
// request is on its way, and whose second request has arrived.
func sent(p *pair) string { _, id := p.ask(eleni); return id }

func linked(p *pair) string {
	id := sent(p)
	p.deliver()
	p.wantState(id, exchange.PreviewRequired)
	return id
}

func followed(p *pair) string {
	id := linked(p)
	p.preview(id)
	return id
}

func arrived(p *pair) string {
	id := followed(p)
	p.deliver()
	return id
}

// concluded checks that the requester ends an exchange itself behind the interval, and takes no later answer.
func concluded(p *pair, id string, over bool) {
	p.t.Helper()
	before := p.exchange(id).State
	n, err := p.requester.Expire(p.t.Context())
	if err != nil || (n == 1) != over {
		p.t.Fatalf("concluded %d, %v", n, err)
	}
	if !over {
		p.wantState(id, before)
		return
	}
	if x := p.wantState(id, exchange.Expired); x.Error != edm.TimedOut {
		p.t.Errorf("code %s", x.Error)
	}
	p.deliver()
	p.wantState(id, exchange.Expired)
}

// wantTimedOut checks that the provider answered that the time is over.
func wantTimedOut(p *pair, id string) {
	p.t.Helper()
	p.deliver()
	if x := p.wantState(id, exchange.Expired); x.Error != edm.TimedOut {
		p.t.Errorf("code %s", x.Error)
	}
}

// previewIs checks whether the link still shows the preview.
func (p *pair) previewIs(id string, over bool) {
	p.t.Helper()
	_, err := p.provider.Session(p.t.Context(), p.link(id))
	if errors.Is(err, provider.ErrExpired) != over || err != nil && !over {
		p.t.Errorf("the preview: %v", err)
	}
}

// link is the token of the preview, without following it.
func (p *pair) link(id string) string {
	p.t.Helper()
	return p.exchange(id).Preview.Location[len(previewBase):]
}

// decides releases the evidence at the end of T3: late is refused, and the provider has to answer by itself.
func decides(p *pair, id string, over, late bool) {
	p.t.Helper()
	token := p.link(id)
	err := p.provider.Identify(p.t.Context(), token, eleni)
	if err == nil {
		err = p.provider.Decide(p.t.Context(), token, []string{"0"})
	}
	if errors.Is(err, provider.ErrExpired) != late {
		p.t.Fatalf("the decision: %v", err)
	}
	if !over {
		p.deliver()
		p.wantState(id, exchange.Answered)
		return
	}
	if _, n := p.expire(); n != 1 {
		p.t.Errorf("%d previews ended", n)
	}
	wantTimedOut(p, id)
}
