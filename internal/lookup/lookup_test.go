package lookup

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"oots/directory"
	"oots/directory/jades"
	"oots/directory/query"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/corpus"
)

var start = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

const (
	host      = "https://sr.oots.tech.ec.europa.eu/"
	diploma   = host + "requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39"
	diplomaEL = host + "evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
	registry  = "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77"
)

func en(s string) edm.Texts { return edm.Texts{{Lang: "EN", Value: s}} }

func catalogue() *directory.Catalogue {
	provider := func(id, name string) directory.DataService {
		party := edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:EL", Value: name}
		return directory.DataService{ID: id, Classification: diplomaEL, Titles: en("Diploma"), Distributions: []edm.Distribution{{Format: "application/pdf"}},
			AccessPoint: party, ConformsTo: []edm.Version{edm.V20},
			Publisher:       directory.Publisher{ID: party, Names: en(name), Address: edm.Address{Country: "EL"}, Jurisdiction: directory.Jurisdiction{Country: "EL"}},
			Classifications: []directory.Concept{{ID: registry, Type: directory.ConceptString, Descriptions: en("Which?"), SupportedValues: []string{name}}}}
	}
	return &directory.Catalogue{
		Requirements: []directory.Requirement{{ID: diploma, Names: en("Degree"),
			Frameworks: []directory.ReferenceFramework{{ID: "d0b0a2d8-7b2b-4a55-8a4b-2b1f4a3b9c77", Procedures: []string{"T3"}, Jurisdiction: directory.Jurisdiction{Country: "AT"}}},
			Lists: []directory.EvidenceTypeList{{ID: "5f4de7bf-6f0b-4a6f-8f2e-0f8a2d6f1b20", Types: []directory.EvidenceType{{Classification: diplomaEL, Titles: en("Diploma")}},
				Jurisdiction: directory.Jurisdiction{Country: "EL"}}}}},
		Services: []directory.DataService{provider("11111111-1111-4111-8111-111111111111", "ATH"), provider("22222222-2222-4222-8222-222222222222", "THE")},
	}
}

// An identity signs answers and says whom to trust.
func identity(t testing.TB) (*jades.Signer, jades.Policy) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "directories"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, NotBefore: start.AddDate(-30, 0, 0), NotAfter: start.AddDate(30, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s, err := jades.NewSigner(key, []*x509.Certificate{c}, start.AddDate(-29, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(c)
	return s, jades.Policy{Roots: roots}
}

// A wire is both directories in memory. Each exchange may be changed by edit, called with its number from 1.
type wire struct {
	t       *testing.T
	catalog *directory.Catalogue
	signer  *jades.Signer
	edit    func(n int, res *http.Response) error
	asked   []*http.Request
}

func (w *wire) RoundTrip(q *http.Request) (*http.Response, error) {
	w.asked = append(w.asked, q)
	s := &query.Server{Service: query.EB, Records: func() *directory.Catalogue { return w.catalog }, Answer: w.answer, Signer: w.signer,
		Now: func() time.Time { return start }, NewID: func() string { return "id" }, Log: slog.New(slog.DiscardHandler)}
	if strings.HasPrefix(q.URL.Path, "/dsd/") {
		s.Service = query.DSD
	}
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, q)
	res := rec.Result()
	if w.edit != nil {
		if err := w.edit(len(w.asked), res); err != nil {
			return nil, err
		}
	}
	return res, nil
}

func (w *wire) answer(dst []byte, x *directory.Index, l directory.Line, r *query.Request) ([]byte, int, error) {
	switch r.Query {
	case query.Requirements:
		rs, err := x.Requirements(directory.RequirementQuery{Procedure: r.Procedure, Country: r.Country})
		if err != nil {
			return nil, 0, err
		}
		return query.AppendRequirements(dst, l, rs), len(rs), nil
	case query.EvidenceTypes:
		found, err := x.EvidenceTypes(l, directory.EvidenceTypeQuery{Requirement: r.Requirement, Country: r.Country})
		if err != nil {
			return nil, 0, err
		}
		return query.AppendRequirements(dst, l, []directory.Requirement{found}), 1, nil
	}
	ds, err := x.DataServices(l, r.DataServiceQuery())
	if err != nil {
		return nil, 0, err
	}
	return query.AppendDataServices(dst, l, ds, edm.Version(r.Specification)), len(ds), nil
}

// requirements and services are answers of version 2.0.
func requirements(rs []directory.Requirement) []byte {
	return query.AppendRequirements(nil, directory.Line{Version: directory.V20}, rs)
}

func services(ds []directory.DataService) []byte {
	return query.AppendDataServices(nil, directory.Line{Version: directory.V20}, ds, "")
}

// client returns a Client over a wire with a clock that starts at start and can be set.
func client(t *testing.T) (*Client, *wire, *time.Time) {
	t.Helper()
	signer, trust := identity(t)
	w := &wire{t: t, catalog: catalogue(), signer: signer}
	now := start
	c := New(Deps{
		Locator: Static{
			{query.EB, ""}:  {BaseURL: "https://query.test/eb/", Trust: trust},
			{query.DSD, ""}: {BaseURL: "https://query.test/dsd", Trust: trust},
		},
		Transport: w, Log: slog.New(slog.DiscardHandler), Country: "AT", Versions: []directory.Version{directory.V20},
		Clock: clock.Clock{Now: func() time.Time { return now }, NewUUID: func() string { return "id" }},
	})
	return c, w, &now
}

// TestChain runs the queries of a requester, the question included.
func TestChain(t *testing.T) {
	c, w, _ := client(t)
	ctx := t.Context()
	var tapped []string
	c.d.Tap = func(q, url string, status int, h http.Header, body []byte) {
		if status != 200 || h.Get(jades.HeaderSignature) == "" || !bytes.Contains(body, []byte("QueryResponse")) || !strings.HasPrefix(url, "https://query.test/") {
			t.Errorf("tap saw %s %s %d", q, url, status)
		}
		tapped = append(tapped, q)
	}
	rs, err := c.Requirements(ctx, "T3", "AT")
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.EvidenceTypes(ctx, rs[0].ID, "EL")
	if err != nil {
		t.Fatal(err)
	}
	q := directory.DataServiceQuery{Classification: r.Lists[0].Types[0].Classification, Country: "EL", Specification: edm.V20}
	_, err = c.DataServices(ctx, q)
	var ask *directory.Question
	if !errors.As(err, &ask) {
		t.Fatalf("got %v, want a question", err)
	}
	q.Answers = map[string]string{ask.Concepts[0].ID: "THE"}
	ds, err := c.DataServices(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	if len(ds) != 1 || ds[0].Publisher.ID.Value != "THE" {
		t.Errorf("got %+v", ds)
	}
	if got := strings.Join(tapped, " "); got != "eb-requirements eb-evidence-types dsd-data-services dsd-data-services" {
		t.Errorf("tapped %s", got)
	}
	for _, q := range w.asked {
		if q.Header.Get("Accept") != "application/x-ebrs+xml" || q.Header.Get("Accept-Version") != "oots-cs:v2.0" || q.Header.Get("Accept-Encoding") != "identity" || q.Header.Get("Cookie") != "" {
			t.Errorf("asked with %v", q.Header)
		}
	}
}

func TestCache(t *testing.T) {
	c, w, now := client(t)
	ctx := t.Context()
	asked := func(want int, what string) {
		t.Helper()
		if len(w.asked) != want {
			t.Errorf("%s: %d queries, want %d", what, len(w.asked), want)
		}
	}
	for range 2 {
		if _, err := c.Requirements(ctx, "T3", "AT"); err != nil {
			t.Fatal(err)
		}
	}
	asked(1, "the same query")
	c.Requirements(ctx, "T3", "EL") // EB:ERR:0001
	c.Requirements(ctx, "T3", "EL")
	asked(3, "refusals are not kept")
	q := directory.DataServiceQuery{Classification: diplomaEL, Country: "EL", Specification: edm.V20}
	c.DataServices(ctx, q)
	c.DataServices(ctx, q)
	asked(5, "questions are not kept")
	q.Answers = map[string]string{registry: "ATH"}
	c.DataServices(ctx, q)
	c.DataServices(ctx, q)
	asked(7, "answers of a user are not kept")
	w.catalog.Services = w.catalog.Services[:1]
	w.catalog.Services[0].Classifications = nil
	q.Answers = nil
	c.DataServices(ctx, q)
	*now = start.Add(59 * time.Minute)
	c.DataServices(ctx, q)
	asked(8, "data services live an hour")
	*now = start.Add(time.Hour)
	c.DataServices(ctx, q)
	c.Requirements(ctx, "T3", "AT")
	asked(9, "data services live an hour, the catalogue longer")
	*now = start.Add(24 * time.Hour)
	c.Requirements(ctx, "T3", "AT")
	asked(10, "the catalogue lives a day")
}

// TestStaleIdentifier: a 0002 downstream drops the answer that the identifier came from.
func TestStaleIdentifier(t *testing.T) {
	c, w, _ := client(t)
	ctx := t.Context()
	c.EvidenceTypes(ctx, diploma, "EL")
	c.EvidenceTypes(ctx, diploma, "EL")
	w.catalog = &directory.Catalogue{Requirements: w.catalog.Requirements}
	w.catalog.Requirements[0].Lists[0].Types[0].Classification = diplomaEL + "0"
	_, err := c.DataServices(ctx, directory.DataServiceQuery{Classification: diplomaEL, Country: "EL"})
	if err == nil || err.Error() != "DSD:ERR:0002: "+diplomaEL {
		t.Fatal(err)
	}
	r, err := c.EvidenceTypes(ctx, diploma, "EL")
	if err != nil || r.Lists[0].Types[0].Classification != diplomaEL+"0" || len(w.asked) != 3 {
		t.Errorf("%d queries, %v", len(w.asked), err)
	}
}

// body replaces the body of an answer and keeps it signed.
func (w *wire) body(res *http.Response, b []byte) {
	digest, sig, err := w.signer.Sign(b)
	if err != nil {
		w.t.Fatal(err)
	}
	res.Header.Set("Digest", digest)
	res.Header.Set("Oots-Response-Sig", sig)
	res.Body = io.NopCloser(bytes.NewReader(b))
}

func TestNeverNothing(t *testing.T) {
	other := *catalogue()
	other.Requirements[0].Frameworks[0].Jurisdiction.Country = "FI"
	for _, tc := range []struct {
		name   string
		edit   func(*wire, *http.Response)
		reason string
	}{
		{"no signature", func(_ *wire, r *http.Response) { r.Header.Del("Oots-Response-Sig") }, "not to be trusted"},
		{"changed body", func(_ *wire, r *http.Response) { r.Body = io.NopCloser(strings.NewReader("<x/>")) }, "not to be trusted"},
		{"another signer", func(w *wire, r *http.Response) { w.signer, _ = identity(w.t); w.body(r, []byte("<x/>")) }, "not to be trusted"},
		{"a status without body", func(_ *wire, r *http.Response) {
			r.StatusCode, r.Header, r.Body = 500, http.Header{}, http.NoBody
		}, "(HTTP 500)"},
		{"a redirect", func(_ *wire, r *http.Response) {
			r.StatusCode, r.Body = 302, http.NoBody
			r.Header = http.Header{"Location": {"https://elsewhere.test/"}}
		}, "(HTTP 302)"},
		{"JSON of a test platform", func(w *wire, r *http.Response) { r.StatusCode = 404; w.body(r, []byte(`{"error":"none"}`)) }, "not understood"},
		{"success without records", func(w *wire, r *http.Response) { w.body(r, requirements(nil)) }, "not understood"},
		{"another version", func(w *wire, r *http.Response) {
			b := requirements(catalogue().Requirements)
			w.body(r, bytes.Replace(b, []byte("oots-cs:v2.0"), []byte("oots-cs:v1.2"), 1))
		}, "of version oots-cs:v1.2"},
		{"no version", func(w *wire, r *http.Response) {
			b := requirements(catalogue().Requirements)
			w.body(r, bytes.Replace(b, []byte("SpecificationIdentifier"), []byte("Other"), 1))
		}, "of version none"},
		{"an answer to another country", func(w *wire, r *http.Response) {
			w.body(r, requirements(other.Requirements))
		}, "a framework of another country"},
		{"an answer to another query", func(w *wire, r *http.Response) {
			w.body(r, services(catalogue().Services))
		}, "no requirements"},
		{"too long", func(w *wire, r *http.Response) { r.Body = io.NopCloser(io.LimitReader(zeros{}, query.MaxAnswer+1)) }, "too long"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, w, _ := client(t)
			w.edit = func(_ int, res *http.Response) error { tc.edit(w, res); return nil }
			_, err := c.Requirements(t.Context(), "T3", "AT")
			var f *Failure
			if !errors.As(err, &f) || !strings.Contains(err.Error(), tc.reason) {
				t.Fatalf("got %v, want a failure %q", err, tc.reason)
			}
			if len(w.asked) != 1 {
				t.Errorf("asked %d times", len(w.asked))
			}
			w.edit = nil
			if tc.name == "another signer" {
				return
			}
			if _, err := c.Requirements(t.Context(), "T3", "AT"); err != nil {
				t.Errorf("the failure was kept: %v", err)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestMisfit(t *testing.T) {
	for _, tc := range []struct {
		name   string
		reason string
		swap   func() []byte
	}{
		{"another requirement", "another requirement", func() []byte {
			rs := catalogue().Requirements
			rs[0].ID += "0"
			return requirements(rs)
		}},
		{"two requirements", "not one requirement", func() []byte {
			return requirements(append(catalogue().Requirements, catalogue().Requirements...))
		}},
		{"list of another country", "a list of another country", func() []byte {
			rs := catalogue().Requirements
			rs[0].Lists[0].Jurisdiction.Country = "FI"
			return requirements(rs)
		}},
		{"no list", "no list", func() []byte {
			rs := catalogue().Requirements
			rs[0].Lists = nil
			return requirements(rs)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, w, _ := client(t)
			w.edit = func(_ int, res *http.Response) error { w.body(res, tc.swap()); return nil }
			if _, err := c.EvidenceTypes(t.Context(), diploma, "EL"); err == nil || !strings.Contains(err.Error(), tc.reason) {
				t.Errorf("got %v, want %q", err, tc.reason)
			}
		})
	}
	for _, tc := range []struct {
		reason string
		edit   func(*directory.DataService)
	}{
		{"another evidence type", func(s *directory.DataService) { s.Classification += "0" }},
		{"a provider of another country", func(s *directory.DataService) { s.Publisher.Jurisdiction.Country = "FI" }},
	} {
		t.Run(tc.reason, func(t *testing.T) {
			c, w, _ := client(t)
			w.edit = func(_ int, res *http.Response) error {
				ds := catalogue().Services
				tc.edit(&ds[1])
				w.body(res, services(ds))
				return nil
			}
			q := directory.DataServiceQuery{Classification: diplomaEL, Country: "EL", Answers: map[string]string{registry: "SECRETTOWN"}}
			_, err := c.DataServices(t.Context(), q)
			if err == nil || !strings.Contains(err.Error(), tc.reason) {
				t.Fatalf("got %v, want %q", err, tc.reason)
			}
			if strings.Contains(err.Error(), "SECRETTOWN") {
				t.Errorf("the error tells the user's answer: %v", err)
			}
		})
	}
}

func TestRetries(t *testing.T) {
	down := func(status int) func(*http.Response) error {
		return func(r *http.Response) error {
			r.StatusCode, r.Header, r.Body = status, http.Header{}, http.NoBody
			return nil
		}
	}
	broken := func(*http.Response) error { return errors.New("connection reset") }
	for _, tc := range []struct {
		name  string
		fault func(*http.Response) error
		times int // faults before good answers
		asked int
		ok    bool
		took  time.Duration
	}{
		{"502 once", down(502), 1, 2, true, 250 * time.Millisecond},
		{"503 twice", down(503), 2, 3, true, 1250 * time.Millisecond},
		{"504 for ever", down(504), 9, 3, false, 1250 * time.Millisecond},
		{"broken connection once", broken, 1, 2, true, 250 * time.Millisecond},
		{"500 is not repeated", down(500), 1, 1, false, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, w, _ := client(t)
				w.edit = func(n int, res *http.Response) error {
					if n <= tc.times {
						return tc.fault(res)
					}
					return nil
				}
				before := time.Now()
				_, err := c.Requirements(t.Context(), "T3", "AT")
				if (err == nil) != tc.ok || len(w.asked) != tc.asked {
					t.Errorf("asked %d times, want %d; error %v", len(w.asked), tc.asked, err)
				}
				if took := time.Since(before); took != tc.took {
					t.Errorf("waited %v, want %v", took, tc.took)
				}
			})
		})
	}
	t.Run("the user leaves", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, w, _ := client(t)
			w.edit = func(_ int, res *http.Response) error { return down(503)(res) }
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if _, err := c.Requirements(ctx, "T3", "AT"); err == nil || len(w.asked) != 1 {
				t.Errorf("asked %d times, error %v", len(w.asked), err)
			}
		})
	})
}

func TestLocate(t *testing.T) {
	s := Static{{query.EB, "AT"}: {BaseURL: "https://at.test/eb"}, {query.EB, ""}: {BaseURL: "https://all.test/eb/"}, {query.DSD, "FI"}: {BaseURL: "http://fi.test/"}}
	for _, tc := range []struct {
		place Place
		want  string
		err   string
	}{
		{Place{query.EB, "AT"}, "https://at.test/eb", ""},
		{Place{query.EB, "EL"}, "https://all.test/eb/", ""},
		{Place{query.DSD, "AT"}, "", "registered"},
		{Place{query.DSD, "FI"}, "", "not a plain https URL"},
	} {
		e, err := s.Locate(t.Context(), tc.place.Service, tc.place.Country)
		if tc.err == "" && (err != nil || e.BaseURL != tc.want) || tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
			t.Errorf("%v: %v, %v", tc.place, e.BaseURL, err)
		}
	}
	c, w, _ := client(t)
	c.d.Locator = Static{}
	var f *Failure
	if _, err := c.Requirements(t.Context(), "T3", ""); !errors.As(err, &f) || !errors.Is(err, ErrNotRegistered) || len(w.asked) != 0 {
		t.Errorf("got %v", err)
	}
}

const towns = `<g:CodeList xmlns:g="http://docs.oasis-open.org/codelist/ns/genericode/1.0/"><ColumnSet><Column Id="code"/><Column Id="name-EN"/></ColumnSet>
<SimpleCodeList><Row><Value><SimpleValue>ATH</SimpleValue></Value><Value><SimpleValue>Athens</SimpleValue></Value></Row></SimpleCodeList></g:CodeList>`

func TestCodeList(t *testing.T) {
	c, w, now := client(t)
	ctx := t.Context()
	const mine, theirs = host + "codelists/EL/Mine", host + "codelists/EL/Towns"
	if err := c.AddCodeList(mine, []byte(towns)); err != nil {
		t.Fatal(err)
	}
	if codes, err := c.CodeList(ctx, mine); err != nil || len(codes) != 1 || codes[0].Names.In("EN").Value != "Athens" || len(w.asked) != 0 {
		t.Errorf("given list: %v %v, asked %d times", codes, err, len(w.asked))
	}
	if err := c.AddCodeList(mine, []byte("<x/>")); err == nil {
		t.Error("a file that is no list")
	}
	answer := func(status int, body string) {
		w.edit = func(_ int, res *http.Response) error {
			res.StatusCode, res.Body = status, io.NopCloser(strings.NewReader(body))
			return nil
		}
	}
	answer(200, towns)
	for range 2 {
		if codes, err := c.CodeList(ctx, theirs); err != nil || codes[0].Code != "ATH" {
			t.Errorf("%v %v", codes, err)
		}
	}
	*now = start.Add(25 * time.Hour)
	c.CodeList(ctx, theirs)
	if len(w.asked) != 2 {
		t.Errorf("fetched %d times, want 2", len(w.asked))
	}
	for _, tc := range []struct {
		url, body string
		status    int
		asks      bool
	}{
		{"https://evil.test/codelists/EL/Towns", towns, 200, false},
		{"https://sr.oots.tech.ec.europa.eu.evil.test/x", towns, 200, false},
		{"https://sr.oots.tech.ec.europa.eu:444/x", towns, 200, false},
		{"https://me@sr.oots.tech.ec.europa.eu/x", towns, 200, false},
		{"http://sr.oots.tech.ec.europa.eu/codelists/EL/Towns", towns, 200, false},
		{"https://sr.acc.oots.tech.ec.europa.eu/codelists/EL/A", "<html/>", 200, true},
		{"https://sr.acc.oots.tech.ec.europa.eu/codelists/EL/A", towns, 404, true},
		{"https://sr.acc.oots.tech.ec.europa.eu/codelists/EL/A", strings.Repeat(" ", maxCodeList+1), 200, true},
	} {
		before := len(w.asked)
		answer(tc.status, tc.body)
		var f *Failure
		if _, err := c.CodeList(ctx, tc.url); !errors.As(err, &f) || len(w.asked) > before != tc.asks {
			t.Errorf("%s: %v, asked %v", tc.url, err, len(w.asked) > before)
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	c, _, now := client(t)
	for i := range maxEntries + 10 {
		*now = start.Add(time.Duration(i) * time.Second)
		c.put(strings.Repeat("k", i+1), entry{at: *now})
	}
	if len(c.cache) != maxEntries {
		t.Errorf("%d entries, want %d", len(c.cache), maxEntries)
	}
	if _, ok := c.cache["k"]; ok {
		t.Error("the oldest is still there")
	}
}

// TestOverTLS asks a real server through NewTransport.
func TestOverTLS(t *testing.T) {
	c, w, _ := client(t)
	server := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Accept-Encoding") != "identity" {
			t.Errorf("Accept-Encoding %q", q.Header.Get("Accept-Encoding"))
		}
		q.URL.Path = "/eb/rest/search"
		res, err := w.RoundTrip(q)
		if err != nil {
			t.Error(err)
			return
		}
		for k, v := range res.Header {
			rw.Header()[k] = v
		}
		io.Copy(rw, res.Body)
	}))
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	trust := c.d.Locator.(Static)[Place{query.EB, ""}].Trust
	c = New(Deps{Locator: Static{{query.EB, ""}: {BaseURL: server.URL, Trust: trust}}, Transport: NewTransport(roots), Log: slog.New(slog.DiscardHandler), Clock: c.d.Clock})
	if rs, err := c.Requirements(t.Context(), "T3", "AT"); err != nil || len(rs) != 1 {
		t.Errorf("%v %v", rs, err)
	}
}

// replay answers with captured answers of the acceptance environment, whatever the host.
type replay struct{ t *testing.T }

func (r replay) RoundTrip(q *http.Request) (*http.Response, error) {
	name := "dsd_data_services_fi"
	switch v := q.URL.Query(); {
	case query.ID(v.Get("queryId")) == query.EvidenceTypes:
		name = "eb_evidence_types_" + strings.ToLower(v.Get("country-code"))
	case query.ID(v.Get("queryId")) == query.Requirements && v.Get("procedure-id") != "":
		name = "eb_requirements_vides"
	case query.ID(v.Get("queryId")) == query.Requirements && v.Get("country-code") != "":
		name = "eb_requirements_fr"
	case query.ID(v.Get("queryId")) == query.Requirements:
		name = "eb_requirements_catalogue"
	case v.Get("country-code") != "FI":
		name = "dsd_aucun_service_fr"
	}
	h, body := capture(r.t, name)
	return &http.Response{StatusCode: 200, Header: h, Body: io.NopCloser(bytes.NewReader(body))}, nil
}

func capture(t testing.TB, name string) (http.Header, []byte) {
	t.Helper()
	dir := "common-services/oots-france/responses/"
	h := http.Header{}
	for line := range strings.Lines(string(corpus.Read(t, dir+name+".headers"))) {
		if k, v, ok := strings.Cut(line, ":"); ok {
			h.Add(k, strings.TrimSpace(v))
		}
	}
	return h, corpus.Read(t, dir+name+".xml")
}

func acceptanceTrust(t testing.TB) jades.Policy {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(corpus.Read(t, "common-services/oots-france/trust-anchors/services_communs_acc.pem")) {
		t.Fatal("no root")
	}
	return jades.Policy{Roots: roots, Subject: jades.Commission()}
}

// TestCaptured runs the client against what the acceptance environment really answered.
func TestCaptured(t *testing.T) {
	const base = "https://query.cs.acc.oots.tech.ec.europa.eu/"
	const test = "https://sr.acc.oots.tech.ec.europa.eu/requirements/00000000-0000-0000-0000-000000000000"
	trust := acceptanceTrust(t)
	c := New(Deps{
		Locator:   Static{{Service: query.EB}: {BaseURL: base + "eb/", Trust: trust}, {Service: query.DSD}: {BaseURL: base + "dsd/", Trust: trust}},
		Transport: replay{t}, Log: slog.New(slog.DiscardHandler), Clock: clock.Clock{Now: func() time.Time { return start }},
	})
	ctx := t.Context()
	if rs, err := c.Requirements(ctx, "", ""); err != nil || len(rs) != 53 {
		t.Errorf("catalogue: %d, %v", len(rs), err)
	}
	if rs, err := c.Requirements(ctx, "", "FR"); err != nil || len(rs) != 1 {
		t.Errorf("FR: %d, %v", len(rs), err)
	}
	var none *directory.Refusal
	if _, err := c.Requirements(ctx, "W2", "FR"); !errors.As(err, &none) || !none.Empty() {
		t.Errorf("nothing: %v", err)
	}
	r, err := c.EvidenceTypes(ctx, test, "FI")
	if err != nil || len(r.Lists) != 1 {
		t.Fatalf("evidence types: %v", err)
	}
	ds, err := c.DataServices(ctx, directory.DataServiceQuery{Classification: r.Lists[0].Types[0].Classification, Country: "FI", Specification: edm.V20})
	if err != nil || len(ds) != 1 || ds[0].AccessPoint.Value != "AP_FI_03" {
		t.Errorf("data services: %+v, %v", ds, err)
	}
	if _, err := c.DataServices(ctx, directory.DataServiceQuery{Classification: r.Lists[0].Types[0].Classification, Country: "FR"}); !errors.As(err, &none) || !none.Empty() {
		t.Errorf("no data service: %v", err)
	}
	var f *Failure
	if _, err := c.EvidenceTypes(ctx, strings.Replace(test, "sr.acc.", "sr.", 1), "FI"); !errors.As(err, &f) || !strings.Contains(err.Error(), "another requirement") {
		t.Errorf("the requirement of another environment: %v", err)
	}
}

// BenchmarkCaptured verifies and reads the captured catalogue of 619 kB.
func BenchmarkCaptured(b *testing.B) {
	h, body := capture(b, "eb_requirements_catalogue")
	trust := acceptanceTrust(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jades.Verify(h, body, trust, start); err != nil {
			b.Fatal(err)
		}
		if _, err := query.Read(body); err != nil {
			b.Fatal(err)
		}
	}
}
