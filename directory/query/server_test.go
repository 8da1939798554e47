package query

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"oots/directory"
)

const (
	reqURL   = "https://sr.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39"
	typeURL  = "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/AT/3c0d8a52-6b8e-4f0e-9c47-0a1f5d2e7b11"
	officeID = "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77"
)

func testCatalogue() *directory.Catalogue {
	r, s, _ := sample()
	s.Classifications = s.Classifications[:1]
	return &directory.Catalogue{Requirements: []directory.Requirement{r}, Services: []directory.DataService{s}}
}

func TestNegotiate(t *testing.T) {
	for _, tc := range []struct {
		lines []string
		want  directory.Version
	}{
		{[]string{"oots-cs:v2.0"}, directory.V20},
		{[]string{"oots-cs:v1.2, oots-cs:v2.0"}, directory.V20},
		{[]string{"oots-cs:v9.0,, oots-cs:v2.0 ,"}, directory.V20},
		{[]string{"oots-cs:v1.0", "oots-cs:v2.0"}, directory.V20},
		{[]string{"oots-cs:v1.0, oots-cs:v1.2, oots-cs:v1.1"}, directory.V12},
		{[]string{"oots-cs:v1.1"}, directory.V11},
		{nil, directory.V10},
		{[]string{""}, directory.V10},
		{[]string{" , "}, directory.V10},
		{[]string{"oots-cs:v1.3"}, ""},
		{[]string{"OOTS-CS:V2.0"}, ""},
		{[]string{"oots-cs:v2.0;q=1"}, ""},
		{[]string{"oots-edm:v2.0"}, ""},
	} {
		if got := Negotiate(tc.lines); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.lines, got, tc.want)
		}
	}
}

func TestParse(t *testing.T) {
	known := directory.NewIndex(testCatalogue())
	q := func(id ID, pairs ...string) string {
		s := "queryId=" + url.QueryEscape(string(id))
		for i := 0; i < len(pairs); i += 2 {
			s += "&" + pairs[i] + "=" + url.QueryEscape(pairs[i+1])
		}
		return s
	}
	dsd := func(pairs ...string) string {
		return q(DataServices, append([]string{"evidence-type-classification", typeURL, "country-code", "AT"}, pairs...)...)
	}
	for _, tc := range []struct {
		name    string
		service Service
		raw     string
		accept  string
		want    string // refusal, "" for none
	}{
		{"requirements of everything", EB, q(Requirements), "oots-cs:v2.0", ""},
		{"requirements", EB, q(Requirements, "procedure-id", "T2", "country-code", "EL"), "oots-cs:v2.0", ""},
		{"system check", EB, q(Requirements, "procedure-id", "00"), "oots-cs:v2.0", ""},
		{"incomplete", EB, q(Requirements, "return-incomplete", "perhaps"), "oots-cs:v2.0", ""},
		{"raw colons and slashes", EB, "queryId=" + string(EvidenceTypes) + "&requirement-id=" + reqURL, "oots-cs:v2.0", ""},
		{"data services", DSD, dsd("specification", "oots-edm:v2.0"), "oots-cs:v2.0", ""},
		{"answer", DSD, dsd(officeID, "A"), "oots-cs:v2.0", ""},
		{"answer in capitals", DSD, dsd(strings.ToUpper(officeID), "A"), "oots-cs:v2.0", ""},
		{"nothing", EB, "", "oots-cs:v2.0", "EB:ERR:0007: queryId"},
		{"nothing", DSD, "", "oots-cs:v2.0", "DSD:ERR:0004: queryId"},
		{"query of the other service", EB, dsd(), "oots-cs:v2.0", "EB:ERR:0007: queryId"},
		{"query of the other service", DSD, q(Requirements), "oots-cs:v2.0", "DSD:ERR:0004: queryId"},
		{"query before version", EB, "queryId=x", "", "EB:ERR:0007: queryId"},
		{"version before parameters", EB, q(Requirements, "x", "y"), "oots-cs:v9.0", "EB:ERR:0003: Accept-Version"},
		{"version not served", DSD, dsd(), "oots-cs:v3.0", "DSD:ERR:0003: Accept-Version"},
		{"ill-formed query string", EB, q(Requirements) + "&a=%zz", "oots-cs:v2.0", "EB:ERR:0003: query string"},
		{"repeated query", EB, q(Requirements) + "&" + q(Requirements), "oots-cs:v2.0", "EB:ERR:0003: queryId"},
		{"repeated parameter", EB, q(Requirements, "country-code", "AT", "country-code", "AT"), "oots-cs:v2.0", "EB:ERR:0003: country-code"},
		{"repeated answer in two spellings", DSD, dsd(officeID, "A", strings.ToUpper(officeID), "A"), "oots-cs:v2.0", "DSD:ERR:0003: " + officeID},
		{"unknown parameter", EB, q(Requirements, "depth", "1"), "oots-cs:v2.0", "EB:ERR:0003: depth"},
		{"parameters are case sensitive", EB, q(Requirements, "Country-Code", "AT"), "oots-cs:v2.0", "EB:ERR:0003: Country-Code"},
		{"withdrawn parameter", EB, q(Requirements, "country-code", "AT", "jurisdiction-admin-l2", "AT1"), "oots-cs:v2.0", "EB:ERR:0003: jurisdiction-admin-l2"},
		{"withdrawn parameter", DSD, dsd("evidence-type-id", officeID), "oots-cs:v2.0", "DSD:ERR:0003: evidence-type-id"},
		{"concept of nobody", DSD, dsd("00000000-3f24-4b6a-9e88-d1c2b3a49f77", "A"), "oots-cs:v2.0", "DSD:ERR:0003: 00000000-3f24-4b6a-9e88-d1c2b3a49f77"},
		{"empty answer", DSD, dsd(officeID, ""), "oots-cs:v2.0", "DSD:ERR:0003: " + officeID},
		{"parameter of a hostile name", EB, q(Requirements, "%3Cscript%3E%0A"+strings.Repeat("x", 80), "1"), "oots-cs:v2.0", "EB:ERR:0003: <script>?" + strings.Repeat("x", 51)},
		{"no requirement", EB, q(EvidenceTypes, "country-code", "AT"), "oots-cs:v2.0", "EB:ERR:0003: requirement-id"},
		{"empty requirement", EB, q(EvidenceTypes, "requirement-id", ""), "oots-cs:v2.0", "EB:ERR:0003: requirement-id"},
		{"no evidence type", DSD, q(DataServices, "country-code", "AT"), "oots-cs:v2.0", "DSD:ERR:0003: evidence-type-classification"},
		{"no country", DSD, q(DataServices, "evidence-type-classification", typeURL), "oots-cs:v2.0", "DSD:ERR:0003: country-code"},
		{"procedure in lower case", EB, q(Requirements, "procedure-id", "t2"), "oots-cs:v2.0", "EB:ERR:0005: procedure-id"},
		{"procedure with a zero", EB, q(Requirements, "procedure-id", "T02"), "oots-cs:v2.0", "EB:ERR:0005: procedure-id"},
		{"unknown procedure", EB, q(Requirements, "procedure-id", "Q77"), "oots-cs:v2.0", "EB:ERR:0005: procedure-id"},
		{"procedure before country", EB, q(Requirements, "procedure-id", "t2", "country-code", "at"), "oots-cs:v2.0", "EB:ERR:0005: procedure-id"},
		{"country in lower case", EB, q(Requirements, "country-code", "at"), "oots-cs:v2.0", "EB:ERR:0006: country-code"},
		{"Greece is EL", EB, q(Requirements, "country-code", "GR"), "oots-cs:v2.0", "EB:ERR:0006: country-code"},
		{"country of no list", DSD, q(DataServices, "evidence-type-classification", typeURL, "country-code", "GR"), "oots-cs:v2.0", "DSD:ERR:0003: country-code"},
		{"specification of the directories", DSD, dsd("specification", "oots-cs:v2.0"), "oots-cs:v2.0", "DSD:ERR:0003: specification"},
		{"specification with a zero", DSD, dsd("specification", "oots-edm:v02.0"), "oots-cs:v2.0", "DSD:ERR:0003: specification"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := Parse(tc.service, tc.raw, accepting(tc.accept), known)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if r == nil {
				t.Fatal("no request for the log")
			}
		})
	}
}

// TestURL gives a client's query to the server's parser.
func TestURL(t *testing.T) {
	r := Request{Query: DataServices, Classification: typeURL, Country: "AT", Specification: "oots-edm:v2.0", Answers: map[string]string{officeID: "A b+&=Ω"}}
	for _, base := range []string{"https://query.test/dsd", "https://query.test/dsd/"} {
		u, err := url.Parse(r.URL(base))
		if err != nil {
			t.Fatal(err)
		}
		if u.Path != "/dsd/rest/search" || strings.Contains(u.RawQuery, "+") || !strings.Contains(u.RawQuery, "A%20b%2B%26%3D%CE%A9") {
			t.Errorf("got %s", u)
		}
		back, err := Parse(DSD, u.RawQuery, accepting("oots-cs:v2.0"), directory.NewIndex(testCatalogue()))
		if err != nil {
			t.Fatal(err)
		}
		if back.Answers[officeID] != r.Answers[officeID] || back.Classification != typeURL || back.Country != "AT" || back.Specification != "oots-edm:v2.0" {
			t.Errorf("got %+v", back)
		}
	}
	if s := r.Redacted("https://query.test/dsd"); strings.Contains(s, "A%20b") || !strings.Contains(s, officeID) {
		t.Errorf("redacted: %s", s)
	}
}

// fakeSigner signs with a word.
type fakeSigner struct{ err error }

func (f fakeSigner) Sign(body []byte) (string, string, error) { return "digest", "signature", f.err }
func (fakeSigner) KeyID() string                              { return "key" }

func testServer(log io.Writer, signer Signer) *Server {
	c := testCatalogue()
	return &Server{
		Service: DSD,
		Records: func() *directory.Catalogue { return c },
		Answer: func(dst []byte, x *directory.Index, l directory.Line, r *Request) ([]byte, int, error) {
			ds, err := x.DataServices(l, r.DataServiceQuery())
			if err != nil {
				return nil, 0, err
			}
			return AppendDataServices(dst, l, ds, ""), len(ds), nil
		},
		Signer: signer,
		Now:    func() time.Time { return time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC) },
		NewID:  func() string { return "line" },
		Log:    slog.New(slog.NewTextHandler(log, nil)),
	}
}

func TestServer(t *testing.T) {
	good := (&Request{Query: DataServices, Classification: typeURL, Country: "AT", Answers: map[string]string{officeID: "A"}}).URL("/dsd")
	for _, tc := range []struct {
		name, method, target string
		status               int
		contains             string // in a RegRep answer
	}{
		{"success", "GET", good, 200, "OFFICE"},
		{"refusal is 200", "GET", "/dsd/rest/search?queryId=x", 200, "DSD:ERR:0004"},
		{"question is 200", "GET", strings.Split(good, "&"+officeID)[0], 200, "DSD:ERR:0005"},
		{"head", "HEAD", good, 200, ""},
		{"post", "POST", good, 405, ""},
		{"other path", "GET", "/dsd/rest/restore", 404, ""},
		{"two megabytes", "GET", good + "&x=" + strings.Repeat("a", 2<<20), 200, `DSD:ERR:0003" detail="query string"`},
		{"two megabytes before the query", "GET", "/dsd/rest/search?x=" + strings.Repeat("a", 2<<20) + "&" + strings.SplitN(good, "?", 2)[1], 200, `DSD:ERR:0003" detail="query string"`},
		{"two megabytes of nothing", "GET", "/dsd/rest/search?" + strings.Repeat("&", 2<<20), 200, "DSD:ERR:0004"},
		{"a hundred thousand parameters", "GET", "/dsd/rest/search?" + strings.Repeat("a=b&", 100_000), 200, "DSD:ERR:0004"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := httptest.NewRequest(tc.method, tc.target, nil)
			q.Header.Set("Accept-Version", "oots-cs:v2.0")
			q.Header.Set("Accept-Encoding", "gzip")
			w := httptest.NewRecorder()
			testServer(io.Discard, fakeSigner{}).ServeHTTP(w, q)
			res := w.Result()
			if res.StatusCode != tc.status {
				t.Fatalf("status %d, want %d", res.StatusCode, tc.status)
			}
			h := res.Header
			if signed := h.Get("Digest") == "digest" && h.Get("Oots-Response-Sig") == "signature"; signed != (tc.status == 200) {
				t.Errorf("signed is %v", signed)
			}
			if tc.status == 200 && (h.Get("Content-Type") != "application/x-ebrs+xml" || h.Get("Content-Encoding") != "" || h.Get("Set-Cookie") != "") {
				t.Errorf("headers %v", h)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers %v", h)
			}
			b, _ := io.ReadAll(res.Body)
			if !strings.Contains(string(b), tc.contains) || tc.method == "HEAD" && len(b) > 0 {
				t.Errorf("body %.300s", b)
			}
			if tc.status == 405 && h.Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow %q", h.Get("Allow"))
			}
		})
	}
}

// TestServerLog: one line per query with the identifiers of concepts and without their values.
func TestServerLog(t *testing.T) {
	var log bytes.Buffer
	q := httptest.NewRequest("GET", (&Request{Query: DataServices, Classification: typeURL, Country: "AT", Answers: map[string]string{officeID: "SECRETTOWN"}}).URL("/dsd"), nil)
	q.Header.Set("Accept-Version", "oots-cs:v2.0")
	q.RemoteAddr = "192.0.2.77:5000"
	testServer(&log, fakeSigner{}).ServeHTTP(httptest.NewRecorder(), q)
	line := log.String()
	for _, want := range []string{"msg=query", officeID, "outcome=DSD:ERR:0001", "signer=key", "network=192.0.2.0/24", "country=AT", "version=oots-cs:v2.0", "digest=digest"} {
		if !strings.Contains(line, want) {
			t.Errorf("no %s in %s", want, line)
		}
	}
	for _, never := range []string{"SECRETTOWN", "192.0.2.77"} {
		if strings.Contains(line, never) {
			t.Errorf("%s in %s", never, line)
		}
	}
	if strings.Count(line, "\n") != 1 {
		t.Errorf("not one line: %s", line)
	}
}

func TestServerWithoutSignatureGivesNothing(t *testing.T) {
	w := httptest.NewRecorder()
	testServer(io.Discard, fakeSigner{errors.New("the key store is locked")}).ServeHTTP(w, httptest.NewRequest("GET", "/rest/search", nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "locked") || strings.Contains(w.Body.String(), "ERR") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// accepting is the header of a query that names these versions.
func accepting(versions string) http.Header {
	h := http.Header{"Accept": {MediaType}}
	if versions != "" {
		h.Set(HeaderAcceptVersion, versions)
	}
	return h
}

// FuzzParse: in every release line, a request that passes has a URL that parses to the same request.
func FuzzParse(f *testing.F) {
	known := directory.NewIndex(testCatalogue())
	f.Add("queryId=" + string(Requirements) + "&procedure-id=T1&country-code=DE&jurisdiction-admin-l2=DEF")
	f.Add("queryId=" + string(DataServices) + "&evidence-type-classification=x&country-code=AT&" + officeID + "=%41+b")
	f.Add("queryId=" + string(EvidenceTypes) + "&requirement-id=https://sr.oots.tech.europa.eu/requirements/0&&=&%zz")
	f.Fuzz(func(t *testing.T, raw string) {
		for _, s := range []Service{EB, DSD} {
			for _, v := range versions {
				r, err := Parse(s, raw, accepting(string(v)), known)
				if err != nil {
					continue
				}
				_, q, _ := strings.Cut(r.URL("x"), "?")
				again, err := Parse(s, q, accepting(string(v)), known)
				if err != nil || again.URL("x") != r.URL("x") {
					t.Fatalf("%q gives %q: %v", raw, q, err)
				}
			}
		}
	})
}
