package web

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"oots/edm"
)

func TestSafeNext(t *testing.T) {
	t.Parallel()
	for next, ok := range map[string]bool{
		"/": true, "/a/b?c=d#e": true, "/return/abc": true,
		"": false, "a": false, "//evil.example": false, "/\\evil.example": false, "https://evil.example/": false,
		"/\tx": false, "/a\r\nSet-Cookie: x": false, "javascript:alert(1)": false, " /a": false, "/%5Cevil.example": false,
		"/" + strings.Repeat("a", 1024): false, "///evil.example": false, "/%2Fevil.example": false,
	} {
		want := next
		if !ok {
			want = "/fallback"
		}
		if got := SafeNext(next, "/fallback"); got != want {
			t.Errorf("SafeNext(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	for address, host := range map[string]string{
		"https://localhost:8442/preview/abc": "localhost:8442", "https://preview.example.gr/x?y=z": "preview.example.gr",
		"http://preview.example.gr/": "", "javascript:alert(1)": "", "//x.example/": "", "https://user:pw@x.example/": "",
		"https:///x": "", "https://x.example;script-src%20*/": "", "https://раураl.example/": "", "https://x.example\u202e/": "", "https://[2001:db8::1]:8443/x": "[2001:db8::1]:8443", "/local": "", "": "", "https://x.example/" + strings.Repeat("a", 2048): "",
	} {
		location, got, ok := Elsewhere(address)
		if got != host || ok != (host != "") || ok && location != address {
			t.Errorf("Elsewhere(%.60q) = %q, %q, %v", address, location, got, ok)
		}
	}
}

func TestFileName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"diploma.pdf": "diploma.pdf", "../../etc/passwd": "passwd", `C:\x\δίπλωμα.pdf`: "δίπλωμα.pdf", "": "document",
		"...": "document", "a\r\nb\"c.pdf": "abc.pdf", "x\u202efdp.exe": "xfdp.exe", strings.Repeat("ä", 200): strings.Repeat("ä", 100),
	} {
		if got := FileName(name); got != want {
			t.Errorf("FileName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestAwait(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		ready, gone time.Duration // 0 for never
		want        time.Duration
	}{
		"ready at once":    {time.Nanosecond, 0, lookEvery},
		"ready":            {3 * time.Second, 0, 3 * time.Second},
		"never":            {0, 0, holdFor},
		"the browser goes": {0, 5 * time.Second, 5 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			r := httptest.NewRequest("GET", "/", nil)
			if tc.gone > 0 {
				ctx, stop := context.WithTimeout(r.Context(), tc.gone)
				defer stop()
				r = r.WithContext(ctx)
			}
			v := &Visit[struct{}]{R: r}
			err := v.Await(func() (bool, error) { return tc.ready > 0 && time.Since(begun) >= tc.ready, nil })
			if got := time.Since(begun); err != nil || got != tc.want {
				t.Errorf("%s: %v after %v, want %v", name, err, got, tc.want)
			}
		})
	}
	v := &Visit[struct{}]{R: httptest.NewRequest("GET", "/", nil)}
	if err := v.Await(func() (bool, error) { return false, ErrNoSession }); err != ErrNoSession {
		t.Errorf("error %v", err)
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	l := &Limiter{Burst: 3, Every: time.Second}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 4 {
		if got := l.allow("a", now); got != (i < 3) {
			t.Errorf("post %d allowed: %v", i, got)
		}
	}
	if !l.allow("b", now) {
		t.Error("another client pays for the first")
	}
	if !l.allow("a", now.Add(time.Second)) || l.allow("a", now.Add(time.Second)) {
		t.Error("the bucket refills by other than one a second")
	}
	for i := range limiterClients + 10 {
		l.allow(fmt.Sprint(i), now)
	}
	if len(l.buckets) > limiterClients {
		t.Errorf("%d clients kept", len(l.buckets))
	}
}

func TestClientOfIPv6IsItsNetwork(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/", nil)
	for address, want := range map[string]string{"192.0.2.7:1234": "192.0.2.7", "[2001:db8:1:2:3:4:5:6]:99": "2001:db8:1:2::"} {
		r.RemoteAddr = address
		if got := client(r); got != want {
			t.Errorf("client of %s is %s", address, got)
		}
	}
}

func TestPrinter(t *testing.T) {
	t.Parallel()
	c, err := Load(Files)
	if err != nil {
		t.Fatal(err)
	}
	vienna := time.FixedZone("CET", 3600)
	at := time.Date(2026, 3, 25, 9, 5, 0, 0, time.UTC)
	texts := edm.Texts{{Lang: "EL", Value: "Δίπλωμα <1>"}, {Lang: "EN", Value: "Diploma"}}
	for lang, want := range map[string][]string{
		"en": {"25 March 1998", "25 March 2026 at 10:05 CET", "Greece", "Greek", "1.5 MB", "Diploma", "Diploma"},
		"de": {"25. März 1998", "25. März 2026 um 10:05 CET", "Griechenland", "Griechisch", "1,5 MB", `<bdi lang="en">Diploma</bdi>`, `<bdi lang="en">Diploma</bdi> <span class="shown-in">(auf Englisch)</span>`},
		"el": {"25 Μαρτίου 1998", "25 Μαρτίου 2026, ώρα 10:05 CET", "Ελλάδα", "Ελληνικά", "1,5 MB", "Δίπλωμα &lt;1&gt;", "Δίπλωμα &lt;1&gt;"},
	} {
		p := c.Printer(lang, vienna)
		got := []string{p.Date("1998-03-25"), p.Moment(at), p.Country("EL"), p.Language("EL"), p.Size(1_500_000), string(p.Show(texts)), string(p.Marked(texts))}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", lang, got[i], want[i])
			}
		}
	}
}

func TestParamsAreDataNotMarkup(t *testing.T) {
	t.Parallel()
	c, err := Load(Files)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Printer("en", nil)
	if got := p.H("web/_layout.user", "name", "<b>{name}</b>"); string(got) != "Logged in as &lt;b&gt;{name}&lt;/b&gt;" {
		t.Errorf("got %s", got)
	}
	if got := p.H("web/_layout.leave", "authority", Foreign{Value: `"x" & y`, Lang: "el"}); string(got) != `Back to <bdi lang="el">&#34;x&#34; &amp; y</bdi>` {
		t.Errorf("got %s", got)
	}
}

func TestCountries(t *testing.T) {
	t.Parallel()
	c, err := Load(Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range c.Languages() {
		list := c.Printer(lang, nil).Countries()
		if len(list) != 30 {
			t.Errorf("%d countries", len(list))
		}
		for _, x := range list {
			if x.Name == x.Code || x.Name == "" {
				t.Errorf("%s has no name in %s", x.Code, lang)
			}
		}
	}
	if list := c.Printer("de", nil).Countries(); list[0].Code != "BE" || list[19].Name != "Österreich" {
		t.Errorf("not sorted as German sorts: %v", list)
	}
}
