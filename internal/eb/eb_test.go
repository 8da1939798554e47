package eb

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"log/slog"
	"math/big"
	"net/http/httptest"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/jades"
	"oots/directory/query"
	"oots/internal/clock"
	"oots/internal/corpus"
)

var start = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

type source struct{ c *directory.Catalogue }

func (s source) Catalogue() *directory.Catalogue { return s.c }

// acceptance is the catalogue of the acceptance environment with the lists of two countries.
func acceptance(t testing.TB) source {
	t.Helper()
	var c directory.Catalogue
	for _, name := range []string{"eb_requirements_catalogue", "eb_evidence_types_fi", "eb_evidence_types_fr"} {
		a, err := query.Read(corpus.Read(t, "common-services/oots-france/responses/"+name+".xml"))
		if err != nil {
			t.Fatal(err)
		}
		c = c.Merge(directory.Catalogue{Requirements: a.Requirements})
	}
	return source{&c}
}

func signer(t testing.TB) (*jades.Signer, jades.Policy) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "EB"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, NotBefore: start.Add(-time.Hour), NotAfter: start.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s, err := jades.NewSigner(key, []*x509.Certificate{c}, start)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(c)
	return s, jades.Policy{Roots: roots}
}

func deps(t testing.TB) (Deps, jades.Policy) {
	s, p := signer(t)
	return Deps{Source: acceptance(t), Signer: s, Log: slog.New(slog.DiscardHandler),
		Clock: clock.Clock{Now: func() time.Time { return start }, NewUUID: func() string { return "id" }}}, p
}

func TestQueries(t *testing.T) {
	d, policy := deps(t)
	h := New(d)
	const test = "https://sr.acc.oots.tech.ec.europa.eu/requirements/00000000-0000-0000-0000-000000000000"
	for _, tc := range []struct {
		name  string
		query query.Request
		want  directory.Counts
		err   string
	}{
		{"the whole catalogue", query.Request{Query: query.Requirements}, directory.Counts{Requirements: 53, Frameworks: 687, Countries: 27}, ""},
		{"one country, its frameworks only", query.Request{Query: query.Requirements, Country: "EL"}, directory.Counts{Requirements: 8, Frameworks: 8, Countries: 1}, ""},
		{"one procedure in one country", query.Request{Query: query.Requirements, Country: "AT", Procedure: "T3"}, directory.Counts{Requirements: 3, Frameworks: 3, Countries: 1}, ""},
		{"nothing", query.Request{Query: query.Requirements, Country: "LI", Procedure: "T3"}, directory.Counts{}, "EB:ERR:0001: EMPTY_RESULT"},
		{"lists of one country, frameworks of all", query.Request{Query: query.EvidenceTypes, Requirement: test, Country: "FI"}, directory.Counts{Requirements: 1, Frameworks: 41, Countries: 24, Lists: 1}, ""},
		{"lists of all countries", query.Request{Query: query.EvidenceTypes, Requirement: test}, directory.Counts{Requirements: 1, Frameworks: 41, Countries: 24, Lists: 2}, ""},
		{"country without list", query.Request{Query: query.EvidenceTypes, Requirement: test, Country: "AT"}, directory.Counts{}, "EB:ERR:0001: EMPTY_RESULT"},
		{"unknown requirement", query.Request{Query: query.EvidenceTypes, Requirement: test + "0"}, directory.Counts{}, "EB:ERR:0002: " + test + "0"},
		{"query of the other directory", query.Request{Query: query.DataServices}, directory.Counts{}, "EB:ERR:0007: queryId"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := httptest.NewRequest("GET", tc.query.URL("/eb"), nil)
			q.Header.Set(query.HeaderAcceptVersion, string(directory.V20))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, q)
			if _, err := jades.Verify(w.Header(), w.Body.Bytes(), policy, start); err != nil {
				t.Fatal(err)
			}
			a, err := query.Read(w.Body.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if a.Err != nil {
				got = a.Err.Error()
			}
			if got != tc.err {
				t.Fatalf("got %q, want %q", got, tc.err)
			}
			c := directory.Catalogue{Requirements: a.Requirements}
			if n := c.Counts(); n != tc.want {
				t.Errorf("got %+v, want %+v", n, tc.want)
			}
			if fs := c.Check(); len(fs) > 0 {
				t.Errorf("own answer breaks %v", fs[0])
			}
		})
	}
}

// BenchmarkCatalogue answers with the whole catalogue of 687 frameworks: kept with its signature, and made each
// time.
func BenchmarkCatalogue(b *testing.B) {
	for name, cache := range map[string]int{"kept": 0, "made": -1} {
		b.Run(name, func(b *testing.B) {
			d, _ := deps(b)
			d.CacheBytes = cache
			h := New(d)
			target := (&query.Request{Query: query.Requirements}).URL("/eb")
			b.ReportAllocs()
			for b.Loop() {
				q := httptest.NewRequest("GET", target, nil)
				q.Header.Set(query.HeaderAcceptVersion, string(directory.V20))
				w := httptest.NewRecorder()
				h.ServeHTTP(w, q)
				b.SetBytes(int64(w.Body.Len()))
			}
		})
	}
}
