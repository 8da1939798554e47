package discovery

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"oots/directory"
)

// names answers from a map and counts; a name that is missing has no record.
type names struct {
	mu    sync.Mutex
	base  map[string]string
	ttl   time.Duration
	err   error
	asked int
	slow  time.Duration
}

func (n *names) Lookup(ctx context.Context, name string) (Answer, error) {
	n.mu.Lock()
	n.asked++
	base, err, slow := n.base[name], n.err, n.slow
	n.mu.Unlock()
	time.Sleep(slow) // inside a bubble of synctest
	switch {
	case err != nil:
		return Answer{}, &Trouble{Name: name, Err: err}
	case base == "":
		return Answer{TTL: n.ttl}, ErrNoRecord
	}
	return Answer{TTL: n.ttl, Records: []Record{record(1, 1, "U", "!.*!"+base+"!")}}, nil
}

const (
	nameAT = "at.eb.v1.cs.acc.oots.tech.ec.europa.eu."
	nameFI = "fi.eb.v1.cs.acc.oots.tech.ec.europa.eu."
)

func finder(n *names, edit func(*Options)) *Finder {
	o := Options{Resolver: n, Environment: Acceptance, Own: "AT", Now: time.Now, Log: silent}
	if edit != nil {
		edit(&o)
	}
	return NewFinder(o)
}

func TestFind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		n := &names{base: map[string]string{nameAT: "https://at.test/eb"}, ttl: 10 * time.Minute}
		f := finder(n, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		find := func(country string) (Place, error) { return f.Find(t.Context(), directory.EvidenceBroker, country) }
		want := func(what string, p Place, err error, base string, stale bool, asked int) {
			t.Helper()
			if (base == "") != (err != nil) || p.Base != base || p.Stale != stale || n.asked != asked {
				t.Errorf("%s: %+v, %v, asked %d times; want %q, stale %v, %d", what, p, err, n.asked, base, stale, asked)
			}
		}
		p, err := find("AT")
		want("first", p, err, "https://at.test/eb/", false, 1)
		time.Sleep(10*time.Minute - time.Second)
		p, err = find("AT")
		want("within the TTL", p, err, "https://at.test/eb/", false, 1)
		time.Sleep(time.Second)
		n.base[nameAT] = "https://new.test/eb/"
		p, err = find("AT")
		want("after the TTL", p, err, "https://new.test/eb/", false, 2)
		if !strings.Contains(log.String(), "changed=true") {
			t.Error("a change is not told")
		}

		n.ttl = 48 * time.Hour
		time.Sleep(10 * time.Minute)
		find("AT")
		time.Sleep(time.Hour - time.Second)
		p, err = find("AT")
		want("within the ceiling", p, err, "https://new.test/eb/", false, 3)
		n.err = errors.New("no server answers")
		time.Sleep(time.Second)
		p, err = find("AT")
		want("outage", p, err, "https://new.test/eb/", true, 4)
		if !strings.Contains(log.String(), "last good record used") {
			t.Error("the use of the last good record is not told")
		}
		p, err = find("AT")
		want("nobody is asked at once again", p, err, "https://new.test/eb/", true, 4)
		time.Sleep(rest)
		p, err = find("AT")
		want("asked again", p, err, "https://new.test/eb/", true, 5)
		time.Sleep(lastGood)
		p, err = find("AT")
		want("an outage too long", p, err, "", false, 6)
		var trouble *Trouble
		if !errors.As(err, &trouble) || errors.Is(err, ErrNoRecord) {
			t.Errorf("%v is no trouble", err)
		}
		n.err = nil
		time.Sleep(rest)
		p, err = find("AT")
		want("it is over", p, err, "https://new.test/eb/", false, 7)

		p, err = find("FI")
		want("no such country", p, err, "", false, 8)
		if !errors.Is(err, ErrNoRecord) {
			t.Errorf("%v is not ErrNoRecord", err)
		}
		find("FI")
		want("absence is remembered", p, err, "", false, 8)
		time.Sleep(absence)
		find("FI")
		want("and not for long", p, err, "", false, 9)

		delete(n.base, nameAT)
		time.Sleep(time.Hour)
		p, err = find("AT")
		want("a country leaves: the last good place does not outlive that", p, err, "", false, 10)
	})
}

func TestBrokenRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &names{base: map[string]string{nameAT: "https://at.test/eb"}, ttl: time.Minute}
		f := finder(n, nil)
		f.Find(t.Context(), directory.EvidenceBroker, "AT")
		n.base[nameAT] = "http://at.test/eb"
		time.Sleep(time.Minute)
		if p, err := f.Find(t.Context(), directory.EvidenceBroker, "AT"); err != nil || !p.Stale || p.Base != "https://at.test/eb/" {
			t.Errorf("%+v %v: a broken record must not take the place away", p, err)
		}
		n.base[nameFI] = "http://fi.test/eb"
		var broken *RecordError
		if _, err := f.Find(t.Context(), directory.EvidenceBroker, "FI"); !errors.As(err, &broken) {
			t.Errorf("%v", err)
		}
	})
}

func TestFallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &names{base: map[string]string{nameAT: "https://at.test/eb"}, ttl: time.Minute}
		f := finder(n, func(o *Options) { o.Fallback = true })
		p, err := f.Find(t.Context(), directory.EvidenceBroker, "FI")
		if err != nil || p.Base != "https://at.test/eb/" || !p.Fallback || p.Country != "AT" {
			t.Errorf("%+v %v", p, err)
		}
		n.err = errors.New("silence")
		time.Sleep(time.Hour)
		if p, err := f.Find(t.Context(), directory.EvidenceBroker, "FI"); err == nil {
			t.Errorf("%+v: trouble with one country is no reason to ask another", p)
		}
	})
}

func TestOverrides(t *testing.T) {
	n := &names{}
	f := finder(n, func(o *Options) {
		o.Overrides = map[Where]string{{directory.EvidenceBroker, ""}: "https://all.test/eb", {directory.EvidenceBroker, "FI"}: "https://fi.test/eb", {directory.DataServiceDirectory, ""}: "http://all.test"}
	})
	for country, want := range map[string]string{"AT": "https://all.test/eb/", "FI": "https://fi.test/eb/"} {
		if p, err := f.Find(t.Context(), directory.EvidenceBroker, country); err != nil || p.Base != want {
			t.Errorf("%s: %+v %v", country, p, err)
		}
	}
	if _, err := f.Find(t.Context(), directory.DataServiceDirectory, "AT"); err == nil {
		t.Error("http was accepted")
	}
	if n.asked != 0 {
		t.Error("the DNS was asked")
	}
}

func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &names{base: map[string]string{nameAT: "https://at.test/eb"}, ttl: time.Minute, slow: time.Second}
		f := finder(n, nil)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := f.Find(t.Context(), directory.EvidenceBroker, "AT"); err != nil {
					t.Error(err)
				}
			})
		}
		left, leave := context.WithCancel(t.Context())
		leave()
		if _, err := f.Find(left, directory.EvidenceBroker, "AT"); err == nil {
			t.Error("who left got an answer")
		}
		all.Wait()
		if n.asked != 1 {
			t.Errorf("asked %d times, want once", n.asked)
		}
	})
}

// kept is a Memory.
type kept map[string]string

func (k kept) LoadPlace(name string) (string, time.Time, bool) {
	base, ok := k[name]
	return base, time.Now().Add(-time.Hour), ok
}

func (k kept) SavePlace(name, base string, _ time.Time) error { k[name] = base; return nil }

func TestMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := kept{}
		n := &names{base: map[string]string{nameAT: "https://at.test/eb"}, ttl: time.Minute}
		finder(n, func(o *Options) { o.Memory = k }).Find(t.Context(), directory.EvidenceBroker, "AT")
		n.err = errors.New("silence")
		f := finder(n, func(o *Options) { o.Memory = k })
		if p, err := f.Find(t.Context(), directory.EvidenceBroker, "AT"); err != nil || !p.Stale || p.Base != "https://at.test/eb/" {
			t.Errorf("after a restart in an outage: %+v %v", p, err)
		}
		n.err, n.base = nil, nil
		time.Sleep(time.Hour)
		f.Find(t.Context(), directory.EvidenceBroker, "AT")
		if k[nameAT] != "" {
			t.Error("a country that left is still remembered")
		}
	})
}
