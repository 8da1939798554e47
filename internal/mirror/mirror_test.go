package mirror

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/jades"
	"oots/directory/query"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/corpus"
	"oots/internal/dsd"
	"oots/internal/eb"
)

var start = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

// An original is a directory in memory.
type original struct {
	t       testing.TB
	handler http.Handler
	trust   jades.Policy
	catalog *directory.Catalogue

	mu    sync.Mutex
	asked []string
	fail  func(n int, r *query.Request) error
}

func (o *original) Catalogue() *directory.Catalogue { return o.catalog }

func newOriginal(t testing.TB) *original {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "directories"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, NotBefore: start.AddDate(-1, 0, 0), NotAfter: start.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jades.NewSigner(key, []*x509.Certificate{c}, start)
	if err != nil {
		t.Fatal(err)
	}
	o := &original{t: t, trust: jades.Policy{Roots: x509.NewCertPool()}, catalog: catalogue()}
	o.trust.Roots.AddCert(c)
	clk := clock.Clock{Now: func() time.Time { return start }, NewUUID: func() string { return "id" }}
	mux := http.NewServeMux()
	mux.Handle("/eb/", eb.New(eb.Deps{Source: o, Signer: signer, Clock: clk, Log: slog.New(slog.DiscardHandler)}))
	mux.Handle("/dsd/", dsd.New(dsd.Deps{Source: o, Signer: signer, Clock: clk, Log: slog.New(slog.DiscardHandler)}))
	o.handler = mux
	return o
}

const sr = "https://sr.oots.tech.ec.europa.eu/"

func en(s string) edm.Texts { return edm.Texts{{Lang: "EN", Value: s}} }

// catalogue has two requirements; AT and EL issue something for the first, nobody for the second; the diploma
// of EL has two providers that a question tells apart.
func catalogue() *directory.Catalogue {
	country := func(c string) directory.Jurisdiction { return directory.Jurisdiction{Country: c} }
	kind := func(c string) string {
		return sr + "evidencetypeclassifications/" + c + "/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
	}
	list := func(n, c string) directory.EvidenceTypeList {
		return directory.EvidenceTypeList{ID: "10000000-0000-4000-8000-00000000000" + n, Names: en("List"), Jurisdiction: country(c),
			Types: []directory.EvidenceType{{Classification: kind(c), Titles: en("Diploma"), Jurisdictions: []directory.Jurisdiction{country(c)}}}}
	}
	framework := func(n, c, p string) directory.ReferenceFramework {
		return directory.ReferenceFramework{ID: "f0000000-0000-4000-8000-00000000000" + n, Titles: en("F"), Procedures: []string{p}, Jurisdiction: country(c)}
	}
	service := func(n, c, name string, concepts ...directory.Concept) directory.DataService {
		party := edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:" + c, Value: name}
		return directory.DataService{ID: "d0000000-0000-4000-8000-00000000000" + n, Classification: kind(c), Titles: en("Diploma"),
			Distributions: []edm.Distribution{{Format: "application/pdf"}}, AccessPoint: party, ConformsTo: []edm.Version{edm.V20, edm.V12},
			Publisher: directory.Publisher{ID: party, Names: en(name), Address: edm.Address{Country: c}, Jurisdiction: country(c)}, Classifications: concepts}
	}
	town := func(v string) directory.Concept {
		return directory.Concept{ID: "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77", Type: directory.ConceptString, Descriptions: en("Town?"), SupportedValues: []string{v}}
	}
	return &directory.Catalogue{
		Requirements: []directory.Requirement{
			{ID: sr + "requirements/0a000000-0000-4000-8000-000000000001", Names: en("A"), Frameworks: []directory.ReferenceFramework{framework("1", "AT", "T3"), framework("2", "EL", "T1")},
				Lists: []directory.EvidenceTypeList{list("1", "AT"), list("2", "EL")}},
			{ID: sr + "requirements/0b000000-0000-4000-8000-000000000002", Names: en("B"), Frameworks: []directory.ReferenceFramework{framework("3", "AT", "T3")}},
		},
		Services: []directory.DataService{service("1", "AT", "VIE"), service("2", "EL", "ATH", town("ATH")), service("3", "EL", "THE", town("THE"))},
	}
}

func (o *original) fetch(ctx context.Context, r *query.Request) (Answer, error) {
	o.mu.Lock()
	o.asked = append(o.asked, r.URL(""))
	n, fail := len(o.asked), o.fail
	o.mu.Unlock()
	if fail != nil {
		if err := fail(n, r); err != nil {
			return Answer{}, err
		}
	}
	h, body := get(o.t, o.handler, r.URL("/"+string(r.Query.Service())), string(r.Version), 200)
	if _, err := jades.Verify(h, body, o.trust, start); err != nil {
		return Answer{}, err
	}
	a, err := query.Read(body)
	return Answer{a, h, body}, err
}

func get(t testing.TB, h http.Handler, url, version string, status int) (http.Header, []byte) {
	t.Helper()
	q := httptest.NewRequest("GET", url, nil)
	if version != "" {
		q.Header.Set("Accept-Version", version)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, q)
	if rec.Code != status {
		t.Fatalf("%s: status %d, want %d", url, rec.Code, status)
	}
	return rec.Result().Header, rec.Body.Bytes()
}

func (o *original) copier(edit func(*Copier)) *Copier {
	c := &Copier{Fetch: o.fetch, Trust: o.trust, Now: func() time.Time { return start }, Log: slog.New(slog.DiscardHandler)}
	if edit != nil {
		edit(c)
	}
	return c
}

func TestCopyAndServe(t *testing.T) {
	for _, tc := range []struct {
		name    string
		edit    func(*Copier)
		answers int
		refused int
	}{
		// 1 whole; AT, EL, T1, T3, T1 in EL, T3 in AT; 2 requirements; 2 lists by country; 2 types.
		{"one line", nil, 1 + 6 + 2 + 2 + 2, 2},
		{"with specifications", func(c *Copier) { c.Specifications = []string{"", "oots-edm:v2.0", "oots-edm:v1.0"} }, 11 + 2*3, 5},
		{"with refusals", func(c *Copier) { c.Refusals = true }, 13 + 2, 4},
		{"all lines", func(c *Copier) {
			c.Versions = []directory.Version{directory.V20, directory.V12, directory.V11, directory.V10}
		}, 4 * 13, 8},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := newOriginal(t)
			dir := t.TempDir()
			var last Progress
			sum, err := o.copier(func(c *Copier) {
				if tc.edit != nil {
					tc.edit(c)
				}
				c.Progress = func(p Progress) { last = p }
			}).Copy(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			if sum.Answers != tc.answers || sum.Refusals != tc.refused || last.Done != tc.answers || last.Known != tc.answers || last.Failed+last.Reused > 0 {
				t.Errorf("%+v, %+v, want %d answers with %d refusals", sum, last, tc.answers, tc.refused)
			}
			m, err := Load(dir, o.trust, start)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Summary(); got.Answers != sum.Answers || got.Bytes != sum.Bytes {
				t.Errorf("loaded %+v, copied %+v", got, sum)
			}
			versions := []string{"oots-cs:v2.0"}
			if tc.name == "all lines" {
				versions = []string{"oots-cs:v2.0", "oots-cs:v1.2", "oots-cs:v1.1", "oots-cs:v1.0", "", "oots-cs:v1.1, oots-cs:v1.2"}
			}
			for _, url := range o.asked {
				service := "/dsd"
				if strings.Contains(url, "%3Aeb%3A") {
					service = "/eb"
				}
				for _, v := range versions {
					h, body := get(t, m, "https://mirror.test/x"+service+url, v, 200)
					oh, obody := get(t, o.handler, service+url, v, 200)
					if !bytes.Equal(body, obody) || h.Get("Digest") != oh.Get("Digest") || h.Get("Content-Type") != oh.Get("Content-Type") {
						t.Errorf("%s %s: not the bytes of the original", v, url)
					}
					if _, err := jades.Verify(h, body, o.trust, start); err != nil {
						t.Errorf("%s %s: %v", v, url, err)
					}
				}
			}
		})
	}
}

func TestServe(t *testing.T) {
	o := newOriginal(t)
	dir := t.TempDir()
	if _, err := o.copier(nil).Copy(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	m, err := Load(dir, o.trust, start)
	if err != nil {
		t.Fatal(err)
	}
	const id = "queryId=urn:fdc:oots:eb:ebxml-regrep:queries:requirements-by-procedure-and-jurisdiction"
	for _, tc := range []struct {
		name, method, url, version string
		status                     int
	}{
		{"as copied", "GET", "/eb/rest/search?" + id + "&procedure-id=T3&country-code=AT", "oots-cs:v2.0", 200},
		{"other order", "GET", "/eb/rest/search?country-code=AT&procedure-id=T3&" + id, "oots-cs:v2.0", 200},
		{"other escapes", "GET", "/eb/rest/search?" + strings.ReplaceAll(id, ":", "%3a") + "&procedure-id=%543&country-code=AT", "oots-cs:v2.0", 200},
		{"head", "HEAD", "/eb/rest/search?" + id, "oots-cs:v2.0", 200},
		{"one of several versions", "GET", "/eb/rest/search?" + id, "oots-cs:v9.9, oots-cs:v2.0 ,oots-cs:v1.0", 200},
		{"not copied", "GET", "/eb/rest/search?" + id + "&country-code=FI", "oots-cs:v2.0", 404},
		{"no version is the first", "GET", "/eb/rest/search?" + id, "", 404},
		{"another version", "GET", "/eb/rest/search?" + id, "oots-cs:v1.2", 404},
		{"another service", "GET", "/dsd/rest/search?" + id, "oots-cs:v2.0", 404},
		{"twice", "GET", "/eb/rest/search?" + id + "&" + id, "oots-cs:v2.0", 404},
		{"too long", "GET", "/eb/rest/search?" + id + "&x=" + strings.Repeat("x", 20000), "oots-cs:v2.0", 404},
		{"malformed", "GET", "/eb/rest/search?" + id + "&%zz", "oots-cs:v2.0", 404},
		{"elsewhere", "GET", "/sr/rest/search?" + id, "oots-cs:v2.0", 404},
		{"the manifest", "GET", "/manifest.jsonl", "", 404},
		{"post", "POST", "/eb/rest/search?" + id, "oots-cs:v2.0", 405},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := httptest.NewRequest(tc.method, tc.url, nil)
			if tc.version != "" {
				q.Header.Set("Accept-Version", tc.version)
			}
			rec := httptest.NewRecorder()
			m.ServeHTTP(rec, q)
			if rec.Code != tc.status || (rec.Header().Get("Oots-Response-Sig") != "") != (tc.status == 200) {
				t.Errorf("status %d, want %d", rec.Code, tc.status)
			}
			if tc.method == "HEAD" && rec.Body.Len() > 0 {
				t.Error("HEAD with a body")
			}
		})
	}
}

// TestResume breaks a copy off after each number of answers, with a crash in the middle of a line, and goes on.
func TestResume(t *testing.T) {
	for n := 1; n < 13; n += 3 {
		o := newOriginal(t)
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		o.fail = func(i int, _ *query.Request) error {
			if i == n {
				cancel()
				return context.Canceled
			}
			return nil
		}
		if _, err := o.copier(func(c *Copier) { c.Parallel = 1 }).Copy(ctx, dir); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		f, err := os.OpenFile(filepath.Join(dir, manifestName), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(`{"query":"eb-req`)
		f.Close()
		o.fail, o.asked = nil, nil
		var last Progress
		sum, err := o.copier(func(c *Copier) { c.Progress = func(p Progress) { last = p } }).Copy(t.Context(), dir)
		if err != nil || sum.Answers != 13 || last.Reused != n-1 || len(o.asked) != 13-(n-1) {
			t.Errorf("broken off at %d: %v, %+v, asked %d", n, err, last, len(o.asked))
		}
		if _, err := Load(dir, o.trust, start); err != nil {
			t.Error(err)
		}
	}
}

func TestMaxAge(t *testing.T) {
	o := newOriginal(t)
	dir := t.TempDir()
	o.copier(nil).Copy(t.Context(), dir)
	o.asked = nil
	later := func(c *Copier) { c.MaxAge, c.Now = time.Hour, func() time.Time { return start.Add(2 * time.Hour) } }
	if sum, err := o.copier(later).Copy(t.Context(), dir); err != nil || len(o.asked) != 13 || sum.Answers != 13 {
		t.Errorf("%v, asked %d", err, len(o.asked))
	}
	m, err := Load(dir, o.trust, start)
	if err != nil {
		t.Fatal(err)
	}
	if s := m.Summary(); s.Answers != 13 || !s.Oldest.Equal(start.Add(2*time.Hour)) {
		t.Errorf("%+v", s)
	}
}

func TestIncomplete(t *testing.T) {
	o := newOriginal(t)
	dir := t.TempDir()
	o.fail = func(_ int, r *query.Request) error {
		if r.Query == query.DataServices && r.Country == "EL" {
			return errors.New("down")
		}
		return nil
	}
	var left *Incomplete
	sum, err := o.copier(nil).Copy(t.Context(), dir)
	if !errors.As(err, &left) || len(left.Failed) != 1 || sum.Answers != 12 {
		t.Errorf("%v %+v", err, sum)
	}
	o.fail = nil
	if sum, err := o.copier(nil).Copy(t.Context(), dir); err != nil || sum.Answers != 13 {
		t.Errorf("%v %+v", err, sum)
	}
	o.fail = func(n int, _ *query.Request) error { return fmt.Errorf("fault %d", n) }
	if _, err := o.copier(nil).Copy(t.Context(), t.TempDir()); err == nil {
		t.Error("without a catalogue")
	}
}

// TestTampered changes a mirror in one way: it is refused whole, and the file is named.
func TestTampered(t *testing.T) {
	o := newOriginal(t)
	stranger := newOriginal(t)
	good := t.TempDir()
	if _, err := o.copier(nil).Copy(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(good, "*", "*.xml"))
	if err != nil || len(files) != 13 {
		t.Fatalf("%d files", len(files))
	}
	victim := strings.TrimSuffix(files[0], ".xml")
	other := strings.TrimSuffix(files[1], ".xml")
	name := filepath.Base(victim)
	edit := func(suffix string, f func([]byte) []byte) func(dir string) {
		return func(dir string) { rewrite(t, filepath.Join(dir, filepath.Base(filepath.Dir(victim)), name+suffix), f) }
	}
	for _, tc := range []struct {
		name  string
		edit  func(dir string)
		trust jades.Policy
		want  []string
	}{
		{"a byte of a body", edit(".xml", func(b []byte) []byte { b[len(b)/2] ^= 1; return b }), o.trust, []string{name + ".xml", "step 1"}},
		{"a body cut short", edit(".xml", func(b []byte) []byte { return b[:10] }), o.trust, []string{name + ".xml", "step 1"}},
		{"an editor's line feed", edit(".xml", func(b []byte) []byte { return append(b, '\n') }), o.trust, []string{name + ".xml", "step 1"}},
		{"a digest that fits a changed body", func(dir string) {
			edit(".xml", func(b []byte) []byte { return []byte("<x/>") })(dir)
			edit(".headers", func(b []byte) []byte {
				before, _, _ := bytes.Cut(b, []byte("digest: "))
				return append(before, "digest: "+jades.Digest([]byte("<x/>"))+"\n"...)
			})(dir)
		}, o.trust, []string{name + ".xml", "step 10"}},
		{"headers removed", edit(".headers", func([]byte) []byte { return nil }), o.trust, []string{name + ".headers", "content type"}},
		{"headers doubled", edit(".headers", func(b []byte) []byte { return append(b, b...) }), o.trust, []string{name + ".headers", "content type"}},
		{"another content type", edit(".headers", func(b []byte) []byte {
			return bytes.Replace(b, []byte("content-type: application/x-ebrs+xml"), []byte("content-type: text/html"), 1)
		}), o.trust, []string{name + ".headers", "content type"}},
		{"headers no headers", edit(".headers", func(b []byte) []byte { return []byte("hello") }), o.trust, []string{name + ".headers"}},
		{"a file removed", func(dir string) { os.Remove(filepath.Join(dir, filepath.Base(filepath.Dir(victim)), name+".xml")) }, o.trust, []string{name + ".xml", "no such file"}},
		{"two pairs exchanged", func(dir string) {
			rewrite(t, filepath.Join(dir, manifestName), func(b []byte) []byte {
				s := strings.NewReplacer(name, "\x00", filepath.Base(other), name).Replace(string(b))
				return []byte(strings.ReplaceAll(s, "\x00", filepath.Base(other)))
			})
		}, o.trust, []string{name + ".xml", filepath.Base(other) + ".xml"}},
		{"a country of the manifest", func(dir string) {
			rewrite(t, filepath.Join(dir, manifestName), func(b []byte) []byte {
				return bytes.ReplaceAll(b, []byte(`"country":"AT"`), []byte(`"country":"FI"`))
			})
		}, o.trust, []string{"another question"}},
		{"a version of the manifest", func(dir string) {
			rewrite(t, filepath.Join(dir, manifestName), func(b []byte) []byte { return bytes.Replace(b, []byte("v2.0"), []byte("v1.2"), 1) })
		}, o.trust, []string{"oots-cs:v2.0 under a question of oots-cs:v1.2"}},
		{"an outcome of the manifest", func(dir string) {
			rewrite(t, filepath.Join(dir, manifestName), func(b []byte) []byte {
				return bytes.Replace(b, []byte("EB:ERR:0001"), []byte("EB:ERR:0002"), 1)
			})
		}, o.trust, []string{"EB:ERR:0002"}},
		{"a way out of the folder", func(dir string) {
			rewrite(t, filepath.Join(dir, manifestName), func(b []byte) []byte {
				return bytes.Replace(b, []byte(`"file":"`), []byte(`"file":"../../../../../../../etc/`), 1)
			})
		}, o.trust, []string{"escapes"}},
		{"a line of the manifest", func(dir string) {
			rewrite(t, filepath.Join(dir, manifestName), func(b []byte) []byte { return append([]byte("{}\n"), b...) })
		}, o.trust, []string{"manifest.jsonl line 1"}},
		{"nothing", func(dir string) { os.Remove(filepath.Join(dir, manifestName)) }, o.trust, []string{"holds no mirror"}},
		{"another signer", func(string) {}, stranger.trust, []string{name + ".xml", "step 7", filepath.Base(other) + ".xml"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
				t.Fatal(err)
			}
			tc.edit(dir)
			m, err := Load(dir, tc.trust, start)
			if err == nil || m != nil {
				t.Fatal("accepted")
			}
			for _, w := range tc.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q is not in: %v", w, err)
				}
			}
		})
	}
	if _, err := Load(good, o.trust, start.AddDate(2, 0, 0)); err == nil {
		t.Error("a mirror whose signer has expired")
	}
}

func rewrite(t testing.TB, file string, f func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	after := f(bytes.Clone(b))
	if bytes.Equal(b, after) {
		t.Fatalf("%s is not changed", file)
	}
	if err := os.WriteFile(file, after, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestCaptured copies from what the acceptance environment really answered: the catalogue and the little that
// was captured beside it.
func TestCaptured(t *testing.T) {
	const test = "https://sr.acc.oots.tech.ec.europa.eu/requirements/00000000-0000-0000-0000-000000000000"
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(corpus.Read(t, "common-services/oots-france/trust-anchors/services_communs_acc.pem")) {
		t.Fatal("no root")
	}
	trust := jades.Policy{Roots: roots, Subject: jades.Commission()}
	captured := func(r *query.Request) string {
		switch {
		case r.Query == query.Requirements && r.Country == "" && r.Procedure == "":
			return "eb_requirements_catalogue"
		case r.Query == query.Requirements && r.Country == "FR" && r.Procedure == "":
			return "eb_requirements_fr"
		case r.Query == query.EvidenceTypes && r.Requirement == test && (r.Country == "FI" || r.Country == ""):
			return "eb_evidence_types_fi"
		case r.Query == query.DataServices && r.Country == "FI":
			return "dsd_data_services_fi"
		}
		return ""
	}
	c := &Copier{Trust: trust, Now: func() time.Time { return start }, Log: slog.New(slog.DiscardHandler),
		Fetch: func(_ context.Context, r *query.Request) (Answer, error) {
			name := captured(r)
			if name == "" {
				return Answer{}, fs.ErrNotExist
			}
			dir := "common-services/oots-france/responses/"
			h, err := jades.ReadHeaders(corpus.Read(t, dir+name+".headers"))
			if err != nil {
				return Answer{}, err
			}
			body := corpus.Read(t, dir+name+".xml")
			a, err := query.Read(body)
			return Answer{a, h, body}, err
		}}
	dir := t.TempDir()
	var left *Incomplete
	sum, err := c.Copy(t.Context(), dir)
	if !errors.As(err, &left) || sum.Answers != 5 || sum.Refusals != 0 {
		t.Fatalf("%v, %+v", err, sum)
	}
	m, err := Load(dir, trust, start)
	if err != nil {
		t.Fatal(err)
	}
	r := &query.Request{Query: query.Requirements}
	h, body := get(t, m, r.URL("/eb"), "oots-cs:v2.0", 200)
	if !bytes.Equal(body, corpus.Read(t, "common-services/oots-france/responses/eb_requirements_catalogue.xml")) {
		t.Error("not the captured bytes")
	}
	if s, err := jades.Verify(h, body, trust, start); err != nil || s.Certificate.Subject.CommonName != "EC-OOTS-CS-ACC" {
		t.Errorf("%v", err)
	}
}

// FuzzManifest: a manifest that is read never leads out of its folder or to another kind of question.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"query":"eb-requirements","version":"oots-cs:v2.0","file":"eb/a","outcome":"Success","records":1,"at":"2026-08-01T00:00:00Z"}` + "\n"))
	f.Add([]byte(`{"query":"dsd-data-services","file":"../a"}` + "\n{"))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, manifestName), b, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := Load(dir, jades.Policy{}, start)
		if err == nil || m != nil {
			t.Fatal("nothing was verified")
		}
	})
}
