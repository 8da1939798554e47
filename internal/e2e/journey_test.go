package e2e

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/demo"
	"oots/internal/node"
)

func TestEvidenceAfterPreview(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ subject, procedure, from, to string }{
		{"eleni", "T3", "AT", "EL"},
		{"hans", "T3", "EL", "AT"},
		{"julia", "T1", "EL", "AT"},
		{"eleni", "V1", "AT", "EL"},
		{"hans", "R1", "EL", "AT"},
		{"hans", "S1", "EL", "AT"},
	} {
		t.Run(tc.subject+" "+tc.procedure, func(t *testing.T) {
			t.Parallel()
			u := newUnion(t)
			r, err := u.journey(tc.subject, tc.procedure).Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if r.From != tc.from || r.To != tc.to {
				t.Errorf("%s asked %s", r.From, r.To)
			}
			if len(r.Exchanges) != 1 || r.Exchanges[0].State != exchange.Answered {
				t.Fatalf("exchanges: %+v", r.Exchanges)
			}
			if len(r.Evidence) != 1 || !bytes.HasPrefix(r.Evidence[0].Content, []byte("%PDF-")) || r.Evidence[0].Format != "application/pdf" {
				t.Fatalf("%d documents", len(r.Evidence))
			}
			x := r.Exchanges[0]
			asking, answering := u.Sides(person(t, tc.subject))
			wantEvents(t, asking, x.ID, "explicit_request_given", "request_sent", "error_received", "request_sent", "response_received", "evidence_delivered")
			// The user may decide before the second request has arrived. [TDD 4.9]
			wantEvents(t, answering, x.ID, "request_received", "error_sent", "request_received", "response_sent")
			wantEvents(t, answering, x.ID, "preview_opened", "preview_decision", "response_sent")
			if n := len(u.net.as4); n != 4 {
				t.Errorf("%d messages went over the wire, want 4", n)
			}
			for _, m := range u.net.as4 {
				if bytes.Contains(m.body, []byte("FamilyName")) || bytes.Contains(m.body, []byte("%PDF")) {
					t.Error("something went in clear")
				}
			}
		})
	}
}

// events are the names of the log's entries about one exchange.
func events(m *node.MemberState, exchangeID string) ([]string, error) {
	lines, err := m.Log(context.Background(), exchangeID)
	var out []string
	for _, l := range lines {
		out = append(out, string(l.Event))
	}
	return out, err
}

// wantEvents checks that the log of m has the events in this order; others may stand between.
func wantEvents(t *testing.T, m *node.MemberState, exchangeID string, want ...string) {
	t.Helper()
	got, err := events(m, exchangeID)
	if err != nil {
		t.Fatal(err)
	}
	rest := got
	for _, w := range want {
		i := slices.Index(rest, w)
		if i < 0 {
			t.Errorf("%s: no %s (any more) in %v", m.Country, w, got)
			return
		}
		rest = rest[i+1:]
	}
}

func TestOutcomesOnDemand(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		subject string
		decline bool
		state   exchange.RequesterState
		code    edm.Code
	}{
		{"eleni", true, exchange.Empty, ""},
		{"nikos", false, exchange.Failed, edm.ObjectNotFound},
		{"anna", false, exchange.Failed, edm.ObjectNotFound},
		{"kostas", false, exchange.Empty, ""},
		{"maria", false, exchange.Failed, edm.QueryFailed},
		{"dimitris", false, exchange.Expired, edm.TimedOut},
		{"sofia", false, exchange.Deferred, ""},
		{"franz", false, exchange.Failed, edm.ObjectNotFound},
		{"eva", false, exchange.Failed, edm.QueryFailed},
		{"otto", false, exchange.Expired, edm.TimedOut},
		{"lena", false, exchange.Deferred, ""},
	} {
		name := tc.subject
		if tc.decline {
			name += " declines"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUnion(t)
			j := u.journey(tc.subject, "T3")
			j.Decline = tc.decline
			r, err := j.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			x := r.Exchanges[0]
			if x.State != tc.state || x.Error != tc.code || len(r.Evidence) != 0 {
				t.Errorf("state %s, error %q, %d documents", x.State, x.Error, len(r.Evidence))
			}
		})
	}
}

// TestEverySubjectIsTried keeps the table above complete.
func TestEverySubjectIsTried(t *testing.T) {
	t.Parallel()
	tried := "eleni hans julia nikos anna kostas maria dimitris sofia franz eva otto lena aigaion eleni-aigaion donaublick hans-donaublick"
	for _, s := range demo.Subjects() {
		if !strings.Contains(tried, s.Key) {
			t.Errorf("nothing tests %s", s.Key)
		}
	}
}

func TestCrashAtEveryStep(t *testing.T) {
	t.Parallel()
	u := newUnion(t)
	crashes := 0
	var app string
	// The journey is run again from its application after each crash, as the program does after a restart.
	result := func() *node.Result {
		for range 50 {
			k := u.journey("eleni", "T3")
			k.Application = app
			stop := errors.New("crash")
			k.Opened = func(id string) { app = id }
			k.Wait = func(ctx context.Context) error {
				u.clock.advance(time.Second)
				// One piece of work at a time, then a crash.
				for _, m := range u.States {
					if n, err := m.Gateway.Send(ctx); n > 0 || err != nil {
						break
					}
					if n, err := m.Gateway.Deliver(ctx); n > 0 || err != nil {
						break
					}
					if n, err := m.Provider.Answer(ctx); n > 0 || err != nil {
						break
					}
					if n, err := m.Provider.Answer(ctx); n > 0 || err != nil {
						break
					}
				}
				return stop
			}
			r, err := k.Run(context.Background())
			if err == nil {
				return r
			}
			if !errors.Is(err, stop) {
				t.Fatal(err)
			}
			u.crash()
			crashes++
		}
		t.Fatal("the exchange does not end")
		return nil
	}()
	if len(result.Evidence) != 1 || result.Exchanges[0].State != exchange.Answered {
		t.Fatalf("after %d crashes: %+v", crashes, result.Exchanges)
	}
	if crashes < 5 {
		t.Errorf("only %d crashes", crashes)
	}
	asking, answering := u.Sides(person(t, "eleni"))
	wantCount(t, asking, result.Exchanges[0].ID, "evidence_delivered", 1)
	wantCount(t, asking, result.Exchanges[0].ID, "request_sent", 2)
	wantCount(t, answering, result.Exchanges[0].ID, "response_sent", 1)
	wantCount(t, answering, result.Exchanges[0].ID, "request_received", 2)
}

func wantCount(t *testing.T, m *node.MemberState, exchangeID, event string, want int) {
	t.Helper()
	got, err := events(m, exchangeID)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range got {
		if e == event {
			n++
		}
	}
	if n != want {
		t.Errorf("%s: %s happened %d times, want %d: %v", m.Country, event, n, want, got)
	}
}

func TestLostAnswersDoubleNothing(t *testing.T) {
	t.Parallel()
	u := newUnion(t)
	n := 0
	u.net.lose = func(*http.Request, []byte) string {
		if n++; n%2 == 1 {
			return "answer" // every first copy arrives without the sender knowing
		}
		return ""
	}
	j := u.journey("hans", "T3")
	waits := 0
	j.Wait = func(ctx context.Context) error {
		if waits++; waits > 100 {
			return errors.New("the journey does not end")
		}
		u.clock.advance(30 * time.Second)
		return u.Step(ctx)
	}
	r, err := j.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if r.Exchanges[0].State != exchange.Answered || len(r.Evidence) != 1 {
		t.Fatalf("%+v", r.Exchanges)
	}
	for range 8 { // the senders try again, although everything has arrived
		u.clock.advance(3 * time.Minute)
		u.step()
	}
	asking, answering := u.Sides(person(t, "hans"))
	wantCount(t, asking, r.Exchanges[0].ID, "evidence_delivered", 1)
	wantCount(t, answering, r.Exchanges[0].ID, "request_received", 2)
	wantCount(t, answering, r.Exchanges[0].ID, "response_sent", 1)
	copies := map[string]int{}
	for _, m := range u.net.as4 {
		copies[string(m.body)]++
	}
	again := 0
	for _, n := range copies {
		if n > 1 {
			again++
		}
	}
	if len(copies) != 4 || again < 2 {
		t.Errorf("%d different entities, %d of them sent again", len(copies), again)
	}
}

func TestUnreachableProvider(t *testing.T) {
	t.Parallel()
	u := newUnion(t)
	u.net.lose = func(*http.Request, []byte) string { return "request" }
	j := u.journey("eleni", "T3")
	r, err := j.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Exchanges[0].State; !s.Settled() || s == exchange.Answered {
		t.Errorf("state %s", s)
	}
}
