package lookup

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"oots/directory"
	"oots/directory/discovery"
	"oots/directory/jades"
	"oots/directory/query"
	"oots/internal/clock"
)

// slowWire answers after a while and counts who is inside at the same time.
type slowWire struct {
	*wire
	mu     sync.Mutex
	inside int
	most   int
	total  int
	wait   time.Duration
	fault  func(*http.Response) error
}

func (s *slowWire) RoundTrip(q *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.inside++
	s.total++
	s.most = max(s.most, s.inside)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.inside--; s.mu.Unlock() }()
	select {
	case <-time.After(s.wait):
	case <-q.Context().Done():
		return nil, q.Context().Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	res, err := s.wire.RoundTrip(q)
	if err == nil && s.fault != nil {
		err = s.fault(res)
	}
	if err != nil {
		return nil, err
	}
	return res, nil
}

// count is how many queries came.
func (s *slowWire) count() int { s.mu.Lock(); defer s.mu.Unlock(); return s.total }

// fail sets what happens to the next ones.
func (s *slowWire) fail(fault func(*http.Response) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// A journal is a log that is read while it is written.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) { j.mu.Lock(); defer j.mu.Unlock(); return j.b.Write(p) }
func (j *journal) String() string              { j.mu.Lock(); defer j.mu.Unlock(); return j.b.String() }
func (j *journal) Reset()                      { j.mu.Lock(); defer j.mu.Unlock(); j.b.Reset() }

// lasting is a client inside a bubble of synctest: its clock is that of the bubble.
func lasting(t *testing.T, edit func(*Deps)) (*Client, *slowWire, *journal) {
	t.Helper()
	time.Sleep(time.Until(start))
	c, w, _ := client(t)
	s := &slowWire{wire: w, wait: time.Millisecond}
	var log journal
	d := c.d
	d.Transport, d.Clock, d.Log = s, clock.Clock{Now: time.Now}, slog.New(slog.NewTextHandler(&log, nil))
	if edit != nil {
		edit(&d)
	}
	c = New(d)
	t.Cleanup(c.Close)
	return c, s, &log
}

func down(r *http.Response) error { return errors.New("connection refused") }

func TestOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w, log := lasting(t, nil)
		ask := func() error { _, err := c.Requirements(t.Context(), "T3", "AT"); return err }
		want := func(what string, ok, stale bool, total int) {
			t.Helper()
			synctest.Wait()
			log.Reset()
			err := ask()
			synctest.Wait()
			if (err == nil) != ok || strings.Contains(log.String(), "stale answer used") != stale || w.count() != total {
				t.Errorf("%s: %v, %d queries (want %d), log %s", what, err, w.count(), total, log)
			}
		}
		want("first", true, false, 1)
		w.fail(down)
		time.Sleep(11 * time.Hour)
		want("fresh", true, false, 1)
		time.Sleep(2 * time.Hour)
		want("old enough to refresh behind its use", true, false, 2)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if w.count() != 4 {
			t.Errorf("%d queries: not refreshed behind", w.count())
		}
		time.Sleep(11*time.Hour + time.Minute)
		want("stale", true, true, 7)
		want("the host is left alone", true, true, 7)
		time.Sleep(pauseAfterTrouble)
		w.fail(nil)
		want("it is over", true, false, 8)
		w.fail(down)
		time.Sleep(24*time.Hour + 7*24*time.Hour)
		want("an outage too long", false, false, 11)
		var f *Failure
		if err := ask(); !errors.As(err, &f) {
			t.Errorf("%v", err)
		}
	})
}

func TestRefusalEndsWhatWasKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w, _ := lasting(t, nil)
		if _, err := c.Requirements(t.Context(), "T3", "AT"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Hour)
		w.catalog = &directory.Catalogue{}
		var no *directory.Refusal
		if _, err := c.Requirements(t.Context(), "T3", "AT"); !errors.As(err, &no) {
			t.Errorf("%v", err)
		}
		w.fail(down)
		var f *Failure
		if _, err := c.Requirements(t.Context(), "T3", "AT"); !errors.As(err, &f) {
			t.Errorf("an answer that the directory took back is used: %v", err)
		}
	})
}

func TestShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w, _ := lasting(t, nil)
		w.wait = time.Second
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if _, err := c.Requirements(t.Context(), "T3", "AT"); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		ctx, leave := context.WithTimeout(t.Context(), time.Millisecond)
		defer leave()
		var f *Failure
		if _, err := c.Requirements(ctx, "T3", "AT"); !errors.As(err, &f) {
			t.Errorf("who left: %v", err)
		}
		all.Wait()
		if w.count() != 1 {
			t.Errorf("%d queries for 51 who ask the same", w.count())
		}
		if _, err := c.Requirements(ctx, "T3", "FI"); err == nil {
			t.Error("nobody waits")
		}
		synctest.Wait()
		if w.inside != 0 {
			t.Error("a query goes on for nobody")
		}
	})
}

func TestFewAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, w, _ := lasting(t, nil)
		w.wait = time.Second
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				c.Requirements(t.Context(), fmt.Sprintf("T%d", i+1), "AT")
			})
		}
		all.Wait()
		if w.most != maxParallel || w.count() != 20 {
			t.Errorf("%d at a time, %d in all", w.most, w.count())
		}
	})
}

func TestRetryAfter(t *testing.T) {
	busy := func(status int, value string) func(*http.Response) error {
		return func(r *http.Response) error {
			r.StatusCode, r.Header, r.Body = status, http.Header{"Retry-After": {value}}, http.NoBody
			return nil
		}
	}
	for _, tc := range []struct {
		name   string
		fault  func(*http.Response) error
		total  int           // queries of the first call
		silent time.Duration // nobody asks within
	}{
		{"a minute", busy(503, "60"), 1, time.Minute},
		{"too many", busy(429, "120"), 1, 2 * time.Minute},
		{"a date", busy(503, start.Add(5*time.Minute).Format(http.TimeFormat)), 1, 5*time.Minute - 10*time.Second},
		{"for ever", busy(503, "99999999999"), 1, maxPause},
		{"a year", busy(503, "31536000"), 1, maxPause},
		{"a moment is waited for", busy(503, "1"), 3, time.Second},
		{"nonsense", busy(503, "soon"), 3, pauseAfterTrouble},
		{"not of this status", busy(500, "60"), 1, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, w, _ := lasting(t, nil)
				w.fail(tc.fault)
				if _, err := c.Requirements(t.Context(), "T3", "AT"); err == nil || w.count() != tc.total {
					t.Errorf("%d queries, %v", w.count(), err)
				}
				w.fail(nil)
				if tc.silent == 0 {
					return
				}
				time.Sleep(tc.silent - time.Second/2)
				if _, err := c.Requirements(t.Context(), "T3", "AT"); err == nil || !errors.Is(err, errResting) || w.count() != tc.total {
					t.Errorf("asked within the pause: %v", err)
				}
				time.Sleep(time.Minute)
				if _, err := c.Requirements(t.Context(), "T3", "AT"); err != nil {
					t.Errorf("after the pause: %v", err)
				}
			})
		})
	}
}

// TestDisk: a requester goes on through an outage after a restart, with answers that are verified again.
func TestDisk(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var locator Locator
		open := func(fault func(*http.Response) error) (*Client, *slowWire, *journal) {
			disk, err := OpenDisk(dir)
			if err != nil {
				t.Fatal(err)
			}
			c, w, log := lasting(t, func(d *Deps) { d.Disk = disk })
			if locator == nil {
				locator = c.d.Locator
			}
			c.d.Locator = locator
			w.fail(fault)
			return c, w, log
		}
		ctx := t.Context()
		c, w, _ := open(nil)
		c.Requirements(ctx, "T3", "AT")
		c.EvidenceTypes(ctx, diploma, "EL")
		q := directory.DataServiceQuery{Classification: diplomaEL, Country: "EL"}
		c.DataServices(ctx, q) // a question
		q.Answers = map[string]string{registry: "ATH"}
		c.DataServices(ctx, q)
		c.Requirements(ctx, "T3", "FI") // a refusal
		if w.count() != 5 {
			t.Fatalf("%d queries", w.count())
		}
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		if len(files) != 2 {
			t.Errorf("on disk: %v, want the two catalogue answers", files)
		}
		for _, f := range files {
			if b, err := os.ReadFile(f); err != nil || bytes.Contains(b, []byte("ATH</")) || !bytes.Contains(b, []byte("oots-response-sig: ")) {
				t.Errorf("%s %v", f, err)
			}
			if info, _ := os.Stat(f); info.Mode().Perm() != 0o600 {
				t.Errorf("%s is readable by others", f)
			}
		}

		time.Sleep(26 * time.Hour)
		c, _, log := open(down)
		rs, err := c.Requirements(ctx, "T3", "AT")
		if err != nil || len(rs) != 1 || !strings.Contains(log.String(), "stale answer used") {
			t.Fatalf("after a restart in an outage: %v", err)
		}
		if _, err := c.EvidenceTypes(ctx, rs[0].ID, "EL"); err != nil {
			t.Errorf("%v", err)
		}

		for _, f := range files {
			b, _ := os.ReadFile(f)
			os.WriteFile(f, bytes.Replace(b, []byte(">EL<"), []byte(">FI<"), 1), 0o600)
		}
		c, _, log = open(down)
		if _, err := c.EvidenceTypes(ctx, diploma, "EL"); err == nil || !strings.Contains(log.String(), "a kept answer is no longer good") || !strings.Contains(log.String(), "step 1") {
			t.Errorf("a tampered file: %v, %s", err, log)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
			t.Errorf("the tampered file stays: %v", left)
		}
	})
}

// TestDiskTrust: what is on disk is judged by today's roots and rules, and by its own question.
func TestDiskTrust(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		disk, err := OpenDisk(dir)
		if err != nil {
			t.Fatal(err)
		}
		c, w, _ := lasting(t, func(d *Deps) { d.Disk = disk })
		c.Requirements(t.Context(), "T3", "AT")
		c.EvidenceTypes(t.Context(), diploma, "EL")
		key := func(r *query.Request) string {
			return keyOf(r, "https://query.test/eb/", []directory.Version{directory.V20})
		}
		asks := &query.Request{Query: query.Requirements, Procedure: "T3", Country: "AT"}
		other := &query.Request{Query: query.Requirements, Procedure: "T1", Country: "AT"}
		s, ok := disk.load(key(asks))
		if !ok {
			t.Fatal("not on disk")
		}
		if err := disk.save(key(other), s); err != nil {
			t.Fatal(err)
		}
		fresh := New(c.d)
		w.fail(down)
		if _, err := fresh.Requirements(t.Context(), "T1", "AT"); err == nil {
			t.Error("the answer to another question was taken from disk")
		}
		nobody := c.d
		nobody.Locator = Static{{query.EB, ""}: {BaseURL: "https://query.test/eb/", Trust: jades.Policy{Roots: x509.NewCertPool()}}}
		if _, err := New(nobody).Requirements(t.Context(), "T3", "AT"); err == nil {
			t.Error("a signer who is no longer trusted")
		}
	})
}

func TestDiskIsBounded(t *testing.T) {
	disk, err := OpenDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i := range maxFiles + 2*sweepEvery {
		name := filepath.Join(disk.dir, fmt.Sprintf("%06d%s", i, answerSuffix))
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := start.Add(time.Duration(i) * time.Second)
		os.Chtimes(name, at, at)
	}
	os.WriteFile(filepath.Join(disk.dir, "tmp-1"), nil, 0o600)
	if err := disk.save("key", saved{at: start}); err != nil {
		t.Fatal(err)
	}
	files, _ := os.ReadDir(disk.dir)
	if len(files) != maxFiles-sweepEvery+1 {
		t.Errorf("%d files", len(files))
	}
	if _, err := os.Stat(filepath.Join(disk.dir, "000000"+answerSuffix)); err == nil {
		t.Error("the oldest is still there")
	}
	if base, _, ok := disk.LoadPlace("at.eb.test."); ok || base != "" {
		t.Error("a place from nowhere")
	}
	if err := disk.SavePlace("at.eb.test.", "https://at.test/", start); err != nil {
		t.Fatal(err)
	}
	if base, at, ok := disk.LoadPlace("at.eb.test."); !ok || base != "https://at.test/" || !at.Equal(start) {
		t.Errorf("%q %v %v", base, at, ok)
	}
	for range 2 {
		if err := disk.SavePlace("at.eb.test.", "", start); err != nil {
			t.Error(err)
		}
	}
	if _, _, ok := disk.LoadPlace("at.eb.test."); ok {
		t.Error("a place that is gone")
	}
}

func TestRulePolicies(t *testing.T) {
	for policy, ok := range map[RulePolicy]bool{LogBrokenRules: true, RefuseBrokenRules: false} {
		c, w, _ := client(t)
		var log bytes.Buffer
		c.d.Rules, c.d.Log = policy, slog.New(slog.NewTextHandler(&log, nil))
		w.catalog.Requirements[0].Frameworks[0].ID = "no UUID"
		_, err := c.Requirements(t.Context(), "T3", "AT")
		if (err == nil) != ok || !strings.Contains(log.String(), "R-EB-REQ-C004") {
			t.Errorf("policy %d: %v\n%s", policy, err, &log)
		}
		if !ok && !strings.Contains(err.Error(), "R-EB-REQ-C004") {
			t.Errorf("the rule is not named: %v", err)
		}
	}
}

// TestDiscovered finds the directories through our name server and asks them, each under its own root.
func TestDiscovered(t *testing.T) {
	_, w, _ := client(t)
	signer, trust := identity(t)
	zone, err := discovery.NewZone(discovery.Testing, map[discovery.Where]string{
		{Service: directory.EvidenceBroker, Country: "AT"}:       "https://query.test/eb",
		{Service: directory.EvidenceBroker, Country: "EL"}:       "https://query.test/eb",
		{Service: directory.DataServiceDirectory, Country: "EL"}: "https://query.test/dsd",
	}, "localhost", time.Hour, 1)
	if err != nil {
		t.Fatal(err)
	}
	server, err := discovery.Listen("127.0.0.1:0", zone, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(t.Context())
	w.signer = signer
	open := func(trust map[string]jades.Policy) *Client {
		return New(Deps{Transport: w, Log: slog.New(slog.DiscardHandler), Country: "AT", Clock: clock.Clock{Now: func() time.Time { return start }},
			Locator: Discovered{Trust: trust, Finder: discovery.NewFinder(discovery.Options{
				Resolver: &discovery.Resolver{Servers: []string{server.Addr()}}, Environment: discovery.Testing, Own: "AT",
				Now: time.Now, Log: slog.New(slog.DiscardHandler)})}})
	}
	c := open(map[string]jades.Policy{"": trust})
	rs, err := c.Requirements(t.Context(), "T3", "")
	if err == nil {
		_, err = c.EvidenceTypes(t.Context(), rs[0].ID, "EL")
	}
	if err == nil {
		_, err = c.DataServices(t.Context(), directory.DataServiceQuery{Classification: diplomaEL, Country: "EL"})
	}
	var ask *directory.Question
	if !errors.As(err, &ask) {
		t.Errorf("%v", err)
	}
	if _, err := c.Requirements(t.Context(), "", "FI"); !errors.Is(err, ErrNotRegistered) {
		t.Errorf("a country without a record: %v", err)
	}
	_, other := identity(t)
	if _, err := open(map[string]jades.Policy{"": trust, "EL": other}).EvidenceTypes(t.Context(), diploma, "EL"); err == nil || !strings.Contains(err.Error(), "step 7") {
		t.Errorf("EL has a root of its own: %v", err)
	}
}

// TestEverythingIsDown restarts a client while neither the DNS nor the directory answers.
func TestEverythingIsDown(t *testing.T) {
	_, w, _ := client(t)
	signer, trust := identity(t)
	w.signer = signer
	zone, err := discovery.NewZone(discovery.Testing, map[discovery.Where]string{{Service: directory.EvidenceBroker, Country: "AT"}: "https://query.test/eb"}, "localhost", time.Hour, 1)
	if err != nil {
		t.Fatal(err)
	}
	server, err := discovery.Listen("127.0.0.1:0", zone, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	names, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- server.Serve(names) }()
	dir := t.TempDir()
	var log journal
	open := func(now time.Time) *Client {
		disk, err := OpenDisk(dir)
		if err != nil {
			t.Fatal(err)
		}
		at := func() time.Time { return now }
		logger := slog.New(slog.NewTextHandler(&log, nil))
		return New(Deps{Transport: w, Log: logger, Country: "AT", Clock: clock.Clock{Now: at}, Disk: disk, Delays: []time.Duration{},
			Locator: Discovered{Trust: map[string]jades.Policy{"": trust}, Finder: discovery.NewFinder(discovery.Options{
				Resolver: &discovery.Resolver{Servers: []string{server.Addr()}, Timeout: 100 * time.Millisecond}, Environment: discovery.Testing,
				Own: "AT", Memory: disk, Now: at, Log: logger})}})
	}
	if _, err := open(start).Requirements(t.Context(), "T3", "AT"); err != nil {
		t.Fatal(err)
	}
	stop()
	<-ended
	w.edit = func(int, *http.Response) error { return errors.New("connection refused") }
	rs, err := open(start.Add(48*time.Hour)).Requirements(t.Context(), "T3", "AT")
	if err != nil || len(rs) != 1 {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"last good record used", "stale answer used"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log.String())
		}
	}
	if _, err := open(start.Add(9*24*time.Hour)).Requirements(t.Context(), "T3", "AT"); err == nil {
		t.Error("an outage of nine days")
	}
}

func TestServerProfile(t *testing.T) {
	good := x509.Certificate{KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"a.test"}, NotBefore: start, NotAfter: start.AddDate(0, 0, 398)}
	for _, tc := range []struct {
		want string // "" is as asked
		edit func(*x509.Certificate)
	}{
		{"", func(*x509.Certificate) {}},
		{"digitalSignature", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }},
		{"lacks serverAuth", func(c *x509.Certificate) { c.ExtKeyUsage = nil }},
		{"holds clientAuth", func(c *x509.Certificate) { c.ExtKeyUsage = append(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth) }},
		{"authority", func(c *x509.Certificate) { c.IsCA = true }},
		{"alternative name", func(c *x509.Certificate) { c.DNSNames = nil }},
		{"398 days", func(c *x509.Certificate) { c.NotAfter = c.NotAfter.Add(time.Second) }},
	} {
		c := good
		c.ExtKeyUsage = append([]x509.ExtKeyUsage{}, good.ExtKeyUsage...)
		tc.edit(&c)
		err := CheckServerProfile(&c)
		if (tc.want == "") != (err == nil) || err != nil && (!strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("want %q, got %v", tc.want, err)
		}
	}
}

// BenchmarkJudge decides on the captured catalogue of 619 kB: signature, document, rules, fit.
func BenchmarkJudge(b *testing.B) {
	h, body := capture(b, "eb_requirements_catalogue")
	c := New(Deps{Clock: clock.Clock{Now: func() time.Time { return start }}, Log: slog.New(slog.DiscardHandler)})
	r := &query.Request{Query: query.Requirements}
	at := Endpoint{Trust: acceptanceTrust(b)}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, fault := c.judge(r, c.d.Versions, at, h, body); fault != nil {
			b.Fatal(fault)
		}
	}
}

// BenchmarkKept answers from memory.
func BenchmarkKept(b *testing.B) {
	signer, trust := identity(b)
	w := &wire{catalog: catalogue(), signer: signer}
	c := New(Deps{Locator: Static{{query.EB, ""}: {BaseURL: "https://query.test/eb/", Trust: trust}}, Transport: w,
		Log: slog.New(slog.DiscardHandler), Country: "AT", Clock: clock.Clock{Now: func() time.Time { return start }}})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Requirements(context.Background(), "T3", "AT"); err != nil {
			b.Fatal(err)
		}
	}
}
