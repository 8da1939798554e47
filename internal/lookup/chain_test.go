package lookup

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/query"
	"oots/edm"
	"oots/internal/clock"
)

// An instance is one directory of a union: what it holds, and which lines it speaks.
type instance struct {
	catalog *directory.Catalogue
	speaks  []directory.Version
	deaf    bool // Accept-Version is ignored, as on the test platform: answers come in the first line it speaks
}

// A union is several instances, by host name.
type union struct {
	wire
	hosts map[string]*instance
	log   []string // host, query and version offered
}

func (u *union) RoundTrip(q *http.Request) (*http.Response, error) {
	in := u.hosts[q.URL.Host]
	if in == nil {
		return nil, errors.New("no such host")
	}
	s := &query.Server{Service: query.EB, Records: func() *directory.Catalogue { return in.catalog }, Answer: u.answer, Signer: u.signer,
		Now: func() time.Time { return start }, NewID: func() string { return "id" }, Log: slog.New(slog.DiscardHandler), PlainHost: true}
	if strings.HasPrefix(q.URL.Path, "/dsd/") {
		s.Service = query.DSD
	}
	offered := q.Header.Get("Accept-Version")
	u.log = append(u.log, q.URL.Host+" "+query.ID(q.URL.Query().Get("queryId")).Short()+" "+strings.ReplaceAll(offered, "oots-cs:v", ""))
	var understood []string
	for _, v := range strings.Split(offered, ", ") {
		if slices.Contains(in.speaks, directory.Version(v)) {
			understood = append(understood, v)
		}
	}
	q = q.Clone(q.Context())
	q.Header.Set("Accept-Version", strings.Join(append(understood, "oots-cs:v9.9"), ","))
	if in.deaf {
		q.Header.Set("Accept-Version", string(in.speaks[0]))
	}
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, q)
	return rec.Result(), nil
}

const (
	accHost      = "https://sr.acc.oots.tech.ec.europa.eu/"
	accDiploma   = accHost + "requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39"
	accDiplomaEL = accHost + "evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
)

func accCatalogue() *directory.Catalogue {
	c := catalogue()
	c.Requirements[0].ID = accDiploma
	c.Requirements[0].Lists[0].Types[0].Classification = accDiplomaEL
	c.Services = c.Services[:1]
	c.Services[0].Classification = accDiplomaEL
	c.Services[0].Classifications = nil
	c.Services[0].ConformsTo = []edm.Version{edm.V10, edm.V20}
	return c
}

// TestOneVersionPerChain runs the whole chain through instances that speak different lines.
func TestOneVersionPerChain(t *testing.T) {
	all := []directory.Version{directory.V20, directory.V12, directory.V11, directory.V10}
	old := []directory.Version{directory.V12, directory.V11, directory.V10}
	first := []directory.Version{directory.V10}
	for _, tc := range []struct {
		name        string
		at, el      instance
		requirement string // as EvidenceTypes returned it
		want        []string
	}{
		{"all speak the newest", instance{speaks: all}, instance{speaks: all}, accDiploma, []string{
			"at eb-requirements 2.0, 1.2, 1.1, 1.0", "el eb-evidence-types 2.0", "el dsd-data-services 2.0"}},
		{"the asking country speaks an older line", instance{speaks: old}, instance{speaks: all}, accDiploma, []string{
			"at eb-requirements 2.0, 1.2, 1.1, 1.0", "el eb-evidence-types 1.2", "el dsd-data-services 1.2"}},
		{"the providing country speaks an older line", instance{speaks: all}, instance{speaks: old}, accDiploma, []string{
			"at eb-requirements 2.0, 1.2, 1.1, 1.0", "el eb-evidence-types 2.0", "at eb-requirements 1.2", "el eb-evidence-types 1.2", "el dsd-data-services 1.2"}},
		{"the providing country speaks the first line, with other identifiers", instance{speaks: all}, instance{speaks: first}, host + "requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39", []string{
			"at eb-requirements 2.0, 1.2, 1.1, 1.0", "el eb-evidence-types 2.0", "at eb-requirements 1.2", "el eb-evidence-types 1.2",
			"at eb-requirements 1.1", "el eb-evidence-types 1.1", "at eb-requirements 1.0", "el eb-evidence-types 1.0", "el dsd-data-services 1.0"}},
		{"the providing country ignores what is offered", instance{speaks: all}, instance{speaks: first, deaf: true}, host + "requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39", []string{
			"at eb-requirements 2.0, 1.2, 1.1, 1.0", "el eb-evidence-types 2.0", "at eb-requirements 1.2", "el eb-evidence-types 1.2",
			"at eb-requirements 1.1", "el eb-evidence-types 1.1", "at eb-requirements 1.0", "el eb-evidence-types 1.0", "el dsd-data-services 1.0"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			signer, trust := identity(t)
			tc.at.catalog, tc.el.catalog = accCatalogue(), accCatalogue()
			u := &union{wire: wire{t: t, signer: signer}, hosts: map[string]*instance{"at": &tc.at, "el": &tc.el}}
			c := New(Deps{
				Locator: Static{
					{query.EB, "AT"}: {BaseURL: "https://at/eb/", Trust: trust}, {query.EB, "EL"}: {BaseURL: "https://el/eb/", Trust: trust},
					{query.DSD, "EL"}: {BaseURL: "https://el/dsd/", Trust: trust},
				},
				Transport: u, Log: slog.New(slog.DiscardHandler), Country: "AT", Clock: clock.Clock{Now: func() time.Time { return start }},
			})
			rs, err := c.Requirements(t.Context(), "T3", "AT")
			if err != nil {
				t.Fatal(err)
			}
			r, err := c.EvidenceTypes(t.Context(), rs[0].ID, "EL")
			if err != nil {
				t.Fatal(err)
			}
			if r.ID != tc.requirement {
				t.Errorf("the chain went on with %s", r.ID)
			}
			ds, err := c.DataServices(t.Context(), directory.DataServiceQuery{Classification: r.Lists[0].Types[0].Classification, Country: "EL"})
			if err != nil || len(ds) != 1 || ds[0].AccessPoint.Value != "ATH" {
				t.Fatalf("%+v %v", ds, err)
			}
			if !slices.Equal(u.log, tc.want) {
				t.Errorf("asked\n%s\nwant\n%s", strings.Join(u.log, "\n"), strings.Join(tc.want, "\n"))
			}
		})
	}
}

// TestDirectorySpeaksOlder: the broker speaks 2.0 and the directory of the same country 1.2 only.
func TestDirectorySpeaksOlder(t *testing.T) {
	signer, trust := identity(t)
	u := &union{wire: wire{t: t, signer: signer}, hosts: map[string]*instance{
		"eb":  {catalog: accCatalogue(), speaks: []directory.Version{directory.V20, directory.V12}},
		"dsd": {catalog: accCatalogue(), speaks: []directory.Version{directory.V12}},
	}}
	c := New(Deps{
		Locator:   Static{{query.EB, ""}: {BaseURL: "https://eb/eb/", Trust: trust}, {query.DSD, ""}: {BaseURL: "https://dsd/dsd/", Trust: trust}},
		Transport: u, Log: slog.New(slog.DiscardHandler), Country: "AT", Clock: clock.Clock{Now: func() time.Time { return start }},
	})
	rs, err := c.Requirements(t.Context(), "T3", "AT")
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.EvidenceTypes(t.Context(), rs[0].ID, "EL")
	if err != nil {
		t.Fatal(err)
	}
	ds, err := c.DataServices(t.Context(), directory.DataServiceQuery{Classification: r.Lists[0].Types[0].Classification, Country: "EL"})
	if err != nil || len(ds) != 1 {
		t.Fatalf("%+v %v", ds, err)
	}
	want := []string{"eb eb-requirements 2.0, 1.2, 1.1, 1.0", "eb eb-evidence-types 2.0", "dsd dsd-data-services 2.0",
		"eb eb-requirements 1.2", "eb eb-evidence-types 1.2", "dsd dsd-data-services 1.2"}
	if !slices.Equal(u.log, want) {
		t.Errorf("asked\n%s", strings.Join(u.log, "\n"))
	}
	u.log = nil
	var none *directory.Refusal
	_, err = c.DataServices(t.Context(), directory.DataServiceQuery{Classification: accDiplomaEL, Country: "EL", Answers: map[string]string{registry: "x"}})
	if !errors.As(err, &none) || none.Code != "DSD:ERR:0003" {
		t.Errorf("a wrong parameter: %v", err)
	}
	if n := len(u.log); n > 2 {
		t.Errorf("a wrong parameter made the chain go down: %v", u.log)
	}
}

// TestNoCommonLine: nothing is left to try, and the first refusal is told.
func TestNoCommonLine(t *testing.T) {
	signer, trust := identity(t)
	u := &union{wire: wire{t: t, signer: signer}, hosts: map[string]*instance{
		"at": {catalog: accCatalogue(), speaks: []directory.Version{directory.V20}}, "el": {catalog: accCatalogue(), speaks: []directory.Version{directory.V12}}}}
	c := New(Deps{
		Locator:   Static{{query.EB, "AT"}: {BaseURL: "https://at/eb/", Trust: trust}, {query.EB, "EL"}: {BaseURL: "https://el/eb/", Trust: trust}},
		Transport: u, Log: slog.New(slog.DiscardHandler), Country: "AT", Clock: clock.Clock{Now: func() time.Time { return start }},
	})
	rs, err := c.Requirements(t.Context(), "T3", "AT")
	if err != nil {
		t.Fatal(err)
	}
	var no *directory.Refusal
	if _, err := c.EvidenceTypes(t.Context(), rs[0].ID, "EL"); !errors.As(err, &no) || no.Code != "EB:ERR:0003" {
		t.Errorf("%v", err)
	}
}

// TestRenewedOnce: an identifier that the directory does not know is asked for once more when the broker, asked
// anew, still names it, and no more.
func TestRenewedOnce(t *testing.T) {
	bare := &directory.Catalogue{Requirements: []directory.Requirement{{ID: diploma}}} // DSD:ERR:0002: nobody names the type
	for _, tc := range []struct {
		name    string
		becomes []*directory.Catalogue // after the first, second, … query
		code    string
		want    string
	}{
		{"it is there again", []*directory.Catalogue{bare, catalogue()}, "", "eb-evidence-types dsd-data-services eb-evidence-types dsd-data-services"},
		{"it stays away", []*directory.Catalogue{bare, catalogue(), bare}, "DSD:ERR:0002", "eb-evidence-types dsd-data-services eb-evidence-types dsd-data-services"},
		{"the broker has dropped it", []*directory.Catalogue{bare}, "DSD:ERR:0002", "eb-evidence-types dsd-data-services eb-evidence-types"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, w, _ := client(t)
			w.edit = func(n int, _ *http.Response) error {
				if n <= len(tc.becomes) {
					w.catalog = tc.becomes[n-1]
				}
				return nil
			}
			if _, err := c.EvidenceTypes(t.Context(), diploma, "EL"); err != nil {
				t.Fatal(err)
			}
			_, err := c.DataServices(t.Context(), directory.DataServiceQuery{Classification: diplomaEL, Country: "EL"})
			var no *directory.Refusal
			var ask *directory.Question
			if tc.code == "" && !errors.As(err, &ask) || tc.code != "" && (!errors.As(err, &no) || no.Code != tc.code) {
				t.Errorf("%v", err)
			}
			if got := asked(w); got != tc.want {
				t.Errorf("asked %s", got)
			}
		})
	}
}

// asked lists the queries of a wire.
func asked(w *wire) string {
	var names []string
	for _, q := range w.asked {
		names = append(names, query.ID(q.URL.Query().Get("queryId")).Short())
	}
	return strings.Join(names, " ")
}

// TestTerritory answers the question of 1.x for a territory.
func TestTerritory(t *testing.T) {
	const contextID = "5ce148b9-5578-4049-aecf-af7bb55714b5"
	cat := accCatalogue()
	second := cat.Services[0]
	second.ID = "33333333-3333-4333-8333-333333333333"
	second.AccessPoint.Value, second.Publisher.ID.Value = "THE", "THE"
	cat.Services = append(cat.Services, second)
	for i, region := range []string{"EL30", "EL52"} {
		cat.Services[i].Determination = &directory.Determination{ContextID: contextID, Contexts: en("Where do you live?"), Level: "NUTS2"}
		cat.Services[i].Publisher.Jurisdiction = directory.Jurisdiction{Country: "EL", Region: region}
	}
	signer, trust := identity(t)
	for _, v := range []directory.Version{directory.V10, directory.V11, directory.V12} {
		t.Run(string(v), func(t *testing.T) {
			u := &union{wire: wire{t: t, signer: signer}, hosts: map[string]*instance{"el": {catalog: cat, speaks: []directory.Version{v}}}}
			c := New(Deps{Locator: Static{{query.DSD, ""}: {BaseURL: "https://el/dsd/", Trust: trust}}, Versions: []directory.Version{v},
				Transport: u, Log: slog.New(slog.DiscardHandler), Clock: clock.Clock{Now: func() time.Time { return start }}})
			q := directory.DataServiceQuery{Classification: accDiplomaEL, Country: "EL", Specification: edm.V20}
			if v == directory.V10 {
				q.Classification = host + "evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
			}
			ask, err := question(c.DataServices(t.Context(), q))
			if err != nil {
				t.Fatal(err)
			}
			if ask.Determination == nil || ask.Determination.ContextID != contextID || ask.Determination.Level != "NUTS2" {
				t.Fatalf("asked %+v", ask.Determination)
			}
			q.EvidenceTypeID, q.ContextID, q.Region = ask.ID, ask.Determination.ContextID, "EL52"
			for range 2 {
				ds, err := c.DataServices(t.Context(), q)
				if err != nil || len(ds) != 1 || ds[0].AccessPoint.Value != "THE" {
					t.Fatalf("%+v %v", ds, err)
				}
			}
			if len(u.log) != 3 {
				t.Errorf("%d queries: what a user said was kept", len(u.log))
			}
		})
	}
}

func question(_ []directory.DataService, err error) (*directory.Question, error) {
	var q *directory.Question
	if errors.As(err, &q) {
		return q, nil
	}
	if err == nil {
		err = errors.New("no question")
	}
	return nil, err
}

func TestFetch(t *testing.T) {
	c, w, _ := client(t)
	got, err := c.Fetch(context.Background(), &query.Request{Query: query.Requirements, Procedure: "T3", Country: "AT"})
	if err != nil || got.Err != nil || len(got.Requirements) != 1 || got.BaseURL != "https://query.test/eb/" || got.Signature == nil || len(got.Body) == 0 || got.Header.Get("Digest") == "" {
		t.Errorf("%+v %v", got, err)
	}
	no, err := c.Fetch(context.Background(), &query.Request{Query: query.Requirements, Procedure: "T3", Country: "FI"})
	var refusal *directory.Refusal
	if err != nil || !errors.As(no.Err, &refusal) || !refusal.Empty() || len(no.Body) == 0 {
		t.Errorf("a refusal is an answer: %+v %v", no, err)
	}
	if len(w.asked) != 2 {
		t.Errorf("asked %d times", len(w.asked))
	}
}
