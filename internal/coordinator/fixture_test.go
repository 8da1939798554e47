package coordinator_test

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/coordinator"
	"oots/internal/lifecycle"
	"oots/internal/sqlstore"
	"oots/internal/web/webtest"
)

const (
	sr     = "https://sr.oots.tech.ec.europa.eu/"
	birth  = sr + "requirements/528adc38-092d-40ce-a3af-d838ec06a349"
	home   = sr + "requirements/9d2a8ac8-9eb1-4ab2-ab1c-1d2a8f1b3c4d"
	scheme = "urn:cef.eu:names:identifier:EAS:9938"
)

var now = time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)

func en(s string) edm.Texts { return edm.Texts{{Lang: "EN", Value: s}} }

// An office is an instance with the editor on it.
type office struct {
	t         testing.TB
	store     *sqlstore.Store
	lifecycle *lifecycle.Service
	page      *coordinator.Page
	server    *httptest.Server
	clock     clock.Clock
	log       bytes.Buffer
}

// demo are the accounts of the demonstration.
var demo = []coordinator.Account{
	{Name: "lu-editor", Country: "LU", Role: coordinator.Editor}, {Name: "lu-second", Country: "LU", Role: coordinator.Editor},
	{Name: "lu-reader", Country: "LU", Role: coordinator.Reader}, {Name: "at-editor", Country: "AT", Role: coordinator.Editor},
	{Name: "operator", Country: "EU", Role: coordinator.Keeper},
}

// newOffice opens an instance that knows two requirements; edit may change the configuration.
func newOffice(t testing.TB, edit func(*coordinator.Config)) *office {
	t.Helper()
	o := &office{t: t, clock: clock.Clock{Now: func() time.Time { return now }, NewUUID: clock.UUID}}
	var err error
	if o.store, err = sqlstore.Open(t.Context(), t.TempDir(), bytes.Repeat([]byte{9}, 32)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.store.Close() })
	log := slog.New(slog.NewTextHandler(&o.log, nil))
	if o.lifecycle, err = lifecycle.Open(t.Context(), lifecycle.Deps{DB: o.store.DB, Store: o.store.Lifecycle(), Clock: o.clock, Log: log}); err != nil {
		t.Fatal(err)
	}
	o.replace(lifecycle.Submitter{Actor: "operator", Keeper: true}, directory.Partition{Country: "EU", Service: directory.EvidenceBroker, Catalogue: directory.Catalogue{
		Requirements: []directory.Requirement{{ID: birth, Names: edm.Texts{{Lang: "EN", Value: "Proof of birth"}, {Lang: "EL", Value: "Γέννηση"}}}, {ID: home, Names: en("Proof of residence")}},
	}})
	c := coordinator.Config{DB: o.store.DB, Store: o.store.Coordinator(), Sessions: o.store.Sessions(func() time.Time { return now }), Lifecycle: o.lifecycle, Demo: demo, Clock: o.clock, Log: log}
	if edit != nil {
		edit(&c)
	}
	if o.page, err = coordinator.New(c); err != nil {
		t.Fatal(err)
	}
	return o
}

// replace puts partitions in force behind the editor's back.
func (o *office) replace(who lifecycle.Submitter, ps ...directory.Partition) {
	o.t.Helper()
	out, err := o.lifecycle.Replace(o.t.Context(), who, ps, lifecycle.OriginImport, "")
	if err != nil || !out.Accepted {
		o.t.Fatalf("%v, %v", out.Findings, err)
	}
}

// serve starts the editor.
func (o *office) serve() *office {
	o.server = webtest.Serve(o.t, o.page)
	return o
}

// as is a browser in which a demonstration account is logged in.
func (o *office) as(name string) *webtest.Browser {
	o.t.Helper()
	b := webtest.NewBrowser(o.t, o.server, "en")
	p := b.Get("/login").On(o.t, 200, "login")
	_, form := p.Form(o.t, "/demo")
	form.Set("name", name)
	b.Post("/demo", form).To(o.t, "/")
	return b
}

// fill sends the form of a page with more said in it, and follows to what comes next.
func fill(b *webtest.Browser, p *webtest.Page, action string, pairs ...string) *webtest.Page {
	edit := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		edit.Add(pairs[i], pairs[i+1])
	}
	return b.Land(b.Submit(p, action, edit))
}

// link is the address of the first link that says text.
func link(t testing.TB, p *webtest.Page, text string) string {
	t.Helper()
	for _, a := range p.Tags("a") {
		if strings.Contains(a.Text(), text) {
			return a.Attr["href"]
		}
	}
	t.Fatalf("%s has no link %q", p.Path, text)
	return ""
}

// broker is what Luxembourg might say to the broker: one procedure, one list.
func broker(title string) directory.Partition {
	j := directory.Jurisdiction{Country: "LU"}
	return directory.Partition{Country: "LU", Service: directory.EvidenceBroker, Catalogue: directory.Catalogue{Requirements: []directory.Requirement{{
		ID:         birth,
		Frameworks: []directory.ReferenceFramework{{ID: "0a000000-0000-4000-8000-000000000001", Titles: en(title), Procedures: []string{"V1"}, Jurisdiction: j}},
		Lists: []directory.EvidenceTypeList{{ID: "0a000000-0000-4000-8000-000000000002", Names: en("By certificate"), Jurisdiction: j,
			Types: []directory.EvidenceType{{Classification: sr + "evidencetypeclassifications/LU/0a000000-0000-4000-8000-000000000003", Titles: en("Birth certificate")}}}},
	}}}}
}

var luxembourg = lifecycle.Submitter{Country: "LU", Actor: "AP_LU"}

func counts(o *office) map[string]int {
	c := lcm.Counts(o.lifecycle.Active("LU", directory.EvidenceBroker).Catalogue)
	for n, x := range lcm.Counts(o.lifecycle.Active("LU", directory.DataServiceDirectory).Catalogue) {
		c[n] += x
	}
	for n, x := range lcm.Counts(o.lifecycle.Active("LU", directory.SemanticRepository).Catalogue) {
		c[n] += x
	}
	return c
}

// chosen is the value of the option of a list that says text.
func chosen(t testing.TB, p *webtest.Page, name, text string) string {
	t.Helper()
	for _, o := range p.With("name", name).Tags("option") {
		if strings.Contains(o.Text(), text) {
			return o.Attr["value"]
		}
	}
	t.Fatalf("%s offers no %q in %s", p.Path, text, name)
	return ""
}
