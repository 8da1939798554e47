package provider_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/provider"
	"oots/internal/store"
)

// wantOneAnswer fails unless exactly one message has left.
func (d *desk) wantOneAnswer() {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.out) != 1 {
		d.t.Fatalf("%d answers\n%s", len(d.out), &d.log)
	}
}

// TestNoTransactionIsOpenWhileTheRegisterIsAsked writes to the store from inside of the register.
func TestNoTransactionIsOpenWhileTheRegisterIsAsked(t *testing.T) {
	t.Parallel()
	var d *desk
	d = newDesk(t, registerFunc(func(p edm.Person) ([]provider.Record, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := d.store.DB.Update(ctx, func(*store.Tx) error { return nil }); err != nil {
			t.Errorf("the store is held: %v", err)
		}
		return records(p)
	}), nil)
	d.receive(d.envelope(goodRequest()))
	d.wantOneAnswer()
}

// TestKilledWhileTheRegisterIsAsked stops the process in the middle of a look-up.
func TestKilledWhileTheRegisterIsAsked(t *testing.T) {
	t.Parallel()
	ctx, kill := context.WithCancel(t.Context())
	calls := 0
	d := newDesk(t, registerFunc(func(p edm.Person) ([]provider.Record, error) {
		if calls++; calls == 1 {
			kill()
			return nil, context.Canceled
		}
		return records(p)
	}), nil)
	d.accept(d.envelope(goodRequest()))
	if n, err := d.service.Answer(ctx); n != 0 || !errors.Is(err, context.Canceled) || len(d.out) != 0 {
		t.Fatalf("answered %d, %v", n, err)
	}
	next := d.another()
	if n, err := next.Answer(t.Context()); n != 0 || err != nil {
		t.Fatalf("a claimed request is looked after twice: %d, %v", n, err)
	}
	if err := next.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := next.Answer(t.Context()); n != 1 || err != nil {
		t.Fatalf("after the restart: %d, %v", n, err)
	}
	d.wantOneAnswer()
	if n, err := next.Answer(t.Context()); n != 0 || err != nil || calls != 2 {
		t.Errorf("it goes on: %d, %v, asked %d times", n, err, calls)
	}
}

// TestClaimsRunOut has a process that died for good: another one takes over when its claim is over.
func TestClaimsRunOut(t *testing.T) {
	t.Parallel()
	calls := 0
	ctx, kill := context.WithCancel(t.Context())
	d := newDesk(t, registerFunc(func(p edm.Person) ([]provider.Record, error) {
		if calls++; calls == 1 {
			kill()
		}
		return records(p)
	}), func(s *provider.Settings) { s.Lookup = time.Second })
	d.accept(d.envelope(goodRequest()))
	d.service.Answer(ctx)
	d.settings.Owner = "another"
	other := d.another()
	if err := other.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, _ := other.Answer(t.Context()); n != 0 {
		t.Fatal("it took what another process looks after")
	}
	d.now = d.now.Add(time.Minute)
	if n, err := other.Answer(t.Context()); n != 1 || err != nil {
		t.Errorf("after the claim: %d, %v", n, err)
	}
	d.wantOneAnswer()
}

// TestAnsweredOnceWhateverHappensMeanwhile lets somebody else settle the request while the register is asked.
func TestAnsweredOnceWhateverHappensMeanwhile(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		meanwhile func(*desk) error
		code      edm.Code
	}{
		{"another process answers", func(d *desk) error {
			other := d.another()
			if err := other.Recover(d.t.Context()); err != nil {
				return err
			}
			_, err := other.Answer(d.t.Context())
			return err
		}, edm.MissingAuthorization},
		{"T1 ends", func(d *desk) error {
			d.now = d.now.Add(exchange.DefaultProvider.T1 + time.Millisecond)
			n, err := d.service.Expire(d.t.Context())
			if n != 1 {
				d.t.Errorf("expired %d", n)
			}
			return err
		}, edm.TimedOut},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var d *desk
			calls := 0
			d = newDesk(t, registerFunc(func(p edm.Person) ([]provider.Record, error) {
				if calls++; calls == 1 {
					if err := tc.meanwhile(d); err != nil {
						t.Error(err)
					}
				}
				return records(p)
			}), nil)
			d.receive(d.envelope(goodRequest()))
			d.wantOneAnswer()
			if _, x := d.answer(); x == nil || x.Exceptions[0].Code != tc.code {
				t.Errorf("answer %+v, want %s", x, tc.code)
			}
		})
	}
}

// TestRegisterThatHangs is given up after its time, and the request is answered.
func TestRegisterThatHangs(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"passes the reason on": context.DeadlineExceeded, "has its own words": errors.New("broken pipe")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, patientFunc(func(ctx context.Context, _ []string) ([]provider.Record, error) {
				<-ctx.Done()
				return nil, err
			}), func(s *provider.Settings) { s.Lookup = time.Millisecond })
			d.receive(d.envelope(goodRequest()))
			d.wantOneAnswer()
			d.wantCode(edm.TimedOut, "the register did not answer in time")
		})
	}
}

// TestNobodyLooksInTime leaves a request waiting beyond T1, whoever comes first then.
func TestNobodyLooksInTime(t *testing.T) {
	t.Parallel()
	for name, come := range map[string]func(*provider.Service, context.Context) (int, error){
		"timeouts": (*provider.Service).Expire, "look-up": (*provider.Service).Answer,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, registerFunc(func(edm.Person) ([]provider.Record, error) {
				t.Error("the register is asked after T1")
				return nil, nil
			}), nil)
			q := goodRequest()
			d.accept(d.envelope(q))
			d.now = d.now.Add(exchange.DefaultProvider.T1 + time.Millisecond)
			if n, err := come(d.service, t.Context()); n != 1 || err != nil {
				t.Fatalf("%d, %v", n, err)
			}
			d.wantOneAnswer()
			d.wantCode(edm.TimedOut, "")
			if _, x := d.answer(); x.RequestID != q.ID || x.Requester == nil {
				t.Errorf("answer names request %q and requester %v", x.RequestID, x.Requester)
			}
		})
	}
}

// TestWhatIsWanted has requests for several forms of the evidence. [open-questions B19]
func TestWhatIsWanted(t *testing.T) {
	t.Parallel()
	form := func(format, lang string) edm.Distribution {
		return edm.Distribution{Format: format, Languages: []string{lang}}
	}
	var asked []string
	d := newDesk(t, patientFunc(func(_ context.Context, languages []string) ([]provider.Record, error) {
		asked = languages
		all, err := records(edm.Person{})
		all[0].MediaType = "image/png"
		return all, err
	}), func(s *provider.Settings) { s.Policy.RequirePreview = false })
	q := goodRequest()
	q.Evidence.Distributions = []edm.Distribution{form("image/jpeg", "DE"), form("application/pdf", "EL")}
	d.receive(d.envelope(q))
	if !slices.Equal(asked, []string{"EL"}) {
		t.Errorf("the register was asked for %v", asked)
	}
	r, _ := d.answer()
	if r == nil || len(r.Packages) != 1 || len(d.out[0].Attachments) != 1 || d.out[0].Attachments[0].MimeType != "application/pdf" {
		t.Fatalf("answer %+v", r)
	}

	d = newDesk(t, registerFunc(func(p edm.Person) ([]provider.Record, error) {
		all, err := records(p)
		all[0].MediaType, all[1].MediaType = "image/png", "image/png"
		return all, err
	}), nil)
	d.receive(d.envelope(goodRequest()))
	d.wantCode(edm.UnsupportedCapability, "the evidence is in no format that was asked for")
}

// TestRun answers one request while the register hangs on another one.
func TestRun(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	slow := make(chan struct{})
	answered := make(chan string, 8)
	d := newDesk(t, registerFunc(func(p edm.Person) ([]provider.Record, error) {
		if p.GivenName == "Eleni" {
			<-slow
		}
		answered <- p.GivenName
		return records(p)
	}), nil)
	ended := make(chan struct{})
	go func() { defer close(ended); d.service.Run(ctx, time.Hour) }()
	d.accept(d.envelope(goodRequest()))
	other := goodRequest()
	other.NaturalPerson.GivenName = "Irini"
	d.accept(d.envelope(other))
	if first := <-answered; first != "Irini" {
		t.Errorf("%s was first", first)
	}
	close(slow)
	<-answered
	for d.sent() < 2 { // Run stores an answer behind the look-up
		d.service.Answer(t.Context())
	}
	stop()
	<-ended
	if d.sent() != 2 {
		t.Errorf("%d answers", d.sent())
	}
}

func (d *desk) sent() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.out)
}

// TestOneBrokenRequestDoesNotStopTheOthers makes a waiting request unreadable.
func TestOneBrokenRequestDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	broken := goodRequest()
	d.accept(d.envelope(broken))
	err := d.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE provider_waiting SET data = $1`, []byte("spoiled"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Second)
	d.accept(d.envelope(goodRequest()))
	if n, err := d.service.Answer(t.Context()); n != 1 || err == nil {
		t.Errorf("answered %d, %v; want one, and an error", n, err)
	}
	d.wantOneAnswer()
	d.now = d.now.Add(25 * time.Hour)
	if n, err := d.service.Purge(t.Context()); n == 0 || err != nil {
		t.Errorf("purged %d, %v", n, err)
	}
	if n := d.rows("provider_waiting"); n != 0 {
		t.Errorf("%d requests are kept", n)
	}
}

func (d *desk) rows(table string) int {
	d.t.Helper()
	n := 0
	if err := d.store.DB.View(d.t.Context(), func(tx *store.Tx) error { return tx.Row(`SELECT COUNT(*) FROM `+table, nil, &n) }); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// TestWaitingRequestsAreForgotten looks into the store after the answer.
func TestWaitingRequestsAreForgotten(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	d.accept(d.envelope(goodRequest()))
	if n := d.rows("provider_waiting"); n != 1 {
		t.Fatalf("%d requests wait", n)
	}
	if _, err := d.service.Answer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := d.rows("provider_waiting"); n != 0 {
		t.Errorf("%d requests wait after the answer", n)
	}
}

// TestPurge forgets a preview a day after its end, and not before.
func TestPurge(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	token, second := d.link()
	d.receive(d.envelope(second))
	d.release(token, second, "0")
	d.now = d.now.Add(24 * time.Hour)
	if n, err := d.service.Purge(t.Context()); n != 0 || err != nil {
		t.Fatalf("purged %d, %v", n, err)
	}
	if s, err := d.service.Session(t.Context(), token); !errors.Is(err, provider.ErrDecided) || s.ReturnLocation == "" {
		t.Errorf("session: %v", err)
	}
	d.now = d.now.Add(time.Millisecond)
	if n, err := d.service.Purge(t.Context()); n != 1 || err != nil {
		t.Fatalf("purged %d, %v", n, err)
	}
	if _, err := d.service.Session(t.Context(), token); !errors.Is(err, provider.ErrNoSession) {
		t.Errorf("session: %v", err)
	}
	second.ID = "urn:uuid:" + clock.UUID()
	d.receive(d.envelope(second))
	d.wantCode(edm.InvalidRequest, "the preview link is not known")
}

// TestPurgeOfWhatCouldNotBeEnded has an access point that takes no answer: the evidence does not stay for that.
func TestPurgeOfWhatCouldNotBeEnded(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	token, second := d.link()
	d.receive(d.envelope(second))
	d.refuse = errors.New("no P-Mode")
	d.now = d.now.Add(exchange.DefaultProvider.T3 + time.Second)
	if n, err := d.service.Expire(t.Context()); n != 0 || err == nil {
		t.Fatalf("expired %d, %v", n, err)
	}
	d.now = d.now.Add(24 * time.Hour)
	if n, err := d.service.Purge(t.Context()); n != 1 || err != nil {
		t.Fatalf("purged %d, %v", n, err)
	}
	if n := d.rows("provider_document"); n != 0 {
		t.Errorf("%d documents are kept", n)
	}
	if _, err := d.service.Session(t.Context(), token); !errors.Is(err, provider.ErrNoSession) {
		t.Errorf("session: %v", err)
	}
}
