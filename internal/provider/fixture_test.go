package provider_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/provider"
	"oots/internal/sqlstore"
	"oots/internal/store"
	"oots/rule"
)

const (
	previewBase  = "https://preview.example.el/s/"
	returnTo     = "https://portal.example.at/return/Qm4l0xV8uR2"
	unregistered = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:"
	typeUUID     = "7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
	typeURL      = "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/" + typeUUID
	conversation = "a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22"
	exchangeID   = "d2b8f0a6-1c4e-4f93-a705-6e8d9b2c3f33"
)

func en(s string) edm.Texts { return edm.Texts{{Lang: "EN", Value: s}} }

func agent(country, value string) edm.Agent {
	return edm.Agent{ID: edm.Identifier{Scheme: unregistered + country, Value: value}, Names: en(value)}
}

// registerFunc is a register in one function.
type registerFunc func(p edm.Person) ([]provider.Record, error)

func (f registerFunc) Find(_ context.Context, s provider.Subject, _ string, _ []string) ([]provider.Record, error) {
	return f(*s.Natural)
}

// failing is a register that only fails.
func failing(err error) registerFunc {
	return func(edm.Person) ([]provider.Record, error) { return nil, err }
}

// patientFunc is a register that knows how long it may take, and what is wanted.
type patientFunc func(ctx context.Context, languages []string) ([]provider.Record, error)

func (f patientFunc) Find(ctx context.Context, _ provider.Subject, _ string, languages []string) ([]provider.Record, error) {
	return f(ctx, languages)
}

// records are two diplomas of whoever is asked for.
func records(edm.Person) ([]provider.Record, error) {
	r := provider.Record{
		EvidenceID: "6f1f3c0e-2a44-4d0b-9a53-7b1e5f9c0a01", Title: "Diploma", Issuer: agent("EL", "DEMO-EL-ATH"), IssuingDate: "2021-07-16",
		MediaType: "application/pdf", Language: "EL", Content: []byte("%PDF-first"),
	}
	second := r
	second.EvidenceID, second.Content = "6f1f3c0e-2a44-4d0b-9a53-7b1e5f9c0a02", []byte("%PDF-second")
	return []provider.Record{r, second}, nil
}

// A desk is a provider with everything around it.
type desk struct {
	t        testing.TB
	now      time.Time
	log      bytes.Buffer
	store    *sqlstore.Store
	service  *provider.Service
	settings provider.Settings

	refuse error // of the access point

	mu     sync.Mutex // guards what follows, when a test has several goroutines
	out    []exchange.Envelope
	events []exchange.Event
	seq    int
}

func newDesk(t testing.TB, find provider.Register, edit func(*provider.Settings)) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)}
	ep := agent("EL", "DEMO-EL-ATH")
	ep.Class, ep.Address = edm.EvidenceProvider, &edm.Address{Country: "EL"}
	d.settings = provider.Settings{
		AccessPoint: edm.Identifier{Scheme: unregistered + "EL", Value: "AP_EL_01"}, PreviewBase: previewBase,
		Timeouts: exchange.DefaultProvider, Policy: provider.DefaultPolicy,
		Services: []provider.DataService{{Agent: ep, Register: find, EvidenceTypes: []string{typeUUID}, Formats: []string{"application/pdf"}}},
	}
	if edit != nil {
		edit(&d.settings)
	}
	var err error
	if d.store, err = sqlstore.Open(t.Context(), t.TempDir(), bytes.Repeat([]byte{9}, 32)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.store.Close() })
	d.service = d.another()
	return d
}

// another is a new Service over the same store.
func (d *desk) another() *provider.Service { return d.over(d.store.Provider()) }

// over is a new Service over a store.
func (d *desk) over(store provider.Store) *provider.Service {
	d.t.Helper()
	s, err := provider.New(provider.Deps{
		DB: d.store.DB, Store: store, Outbox: d, Journal: d, Log: slog.New(slog.NewTextHandler(&d.log, nil)),
		Clock: clock.Clock{Now: func() time.Time { return d.now }, NewUUID: clock.UUID}, Settings: d.settings,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// Submit implements provider.Outbox.
func (d *desk) Submit(tx *store.Tx, e exchange.Envelope) (string, time.Time, error) {
	if d.refuse != nil {
		return "", time.Time{}, d.refuse
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seq++
	e.MessageID, e.Timestamp = fmt.Sprintf("out%d@el.example", d.seq), d.now
	tx.After(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.out = append(d.out, e)
	})
	return e.MessageID, d.now, nil
}

// Record implements provider.Journal.
func (d *desk) Record(tx *store.Tx, e exchange.Event) error {
	tx.After(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.events = append(d.events, e)
	})
	return nil
}

// goodRequest is a first request that nothing is wrong with.
func goodRequest() *edm.Request {
	er := agent("AT", "DEMO-AT-UNI")
	er.Class, er.Address = edm.EvidenceRequester, &edm.Address{Country: "AT"}
	return &edm.Request{
		ID: "urn:uuid:" + clock.UUID(), Version: edm.V20, IssuedAt: time.Date(2026, 9, 14, 8, 29, 59, 0, time.UTC), Procedure: "T3",
		PossibilityForPreview: true, ExplicitRequestGiven: true,
		Requirements: []edm.Requirement{{ID: "https://sr.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39", Names: en("Tertiary education")}},
		Requesters:   []edm.Agent{er}, Provider: agent("EL", "DEMO-EL-ATH"),
		Evidence: edm.EvidenceType{
			ID: "2f6c5f0e-93f1-4a0e-8a5c-1f1b6b0c7d10", Classification: typeURL, Titles: en("Diploma"),
			Distributions: []edm.Distribution{{Format: "application/pdf"}},
		},
		NaturalPerson: &edm.Person{LoA: edm.High, Identifier: "EL/AT/DEMO1001", FamilyName: "Papadopoulou", GivenName: "Eleni", DateOfBirth: "1998-03-25"},
	}
}

// envelope packs q as its access point would bring it.
func (d *desk) envelope(q *edm.Request) exchange.Envelope {
	d.t.Helper()
	body, err := edmxml.AppendRequest(nil, q)
	if err != nil {
		d.t.Fatal(err)
	}
	h := exchange.Request(conversation, exchangeID, edm.V20, edm.Identifier{Scheme: unregistered + "AT", Value: "AP_AT_01"}, d.settings.AccessPoint,
		edm.Identifier{Scheme: unregistered + "AT", Value: "DEMO-AT-UNI"}, q.Provider.ID)
	h.MessageID, h.Timestamp = "in@at.example", d.now
	h.PropertyNames = []string{"originalSender", "finalRecipient", "ExchangeId", "SpecificationId"}
	return exchange.Envelope{Header: h, Body: body, BodyType: exchange.MediaTypeRegRep}
}

func (d *desk) receive(e exchange.Envelope) {
	d.t.Helper()
	d.accept(e)
	if _, err := d.service.Answer(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// accept brings a message; a first request then waits for its evidence.
func (d *desk) accept(e exchange.Envelope) {
	d.t.Helper()
	if err := d.store.DB.Update(d.t.Context(), func(tx *store.Tx) error { return d.service.Receive(tx, e) }); err != nil {
		d.t.Fatal(err)
	}
}

// answer returns the last message, parsed; rules that it breaks (but cautions) fail the test.
func (d *desk) answer() (*edm.Response, *edm.ErrorResponse) {
	d.t.Helper()
	if len(d.out) == 0 {
		d.t.Fatalf("no answer\n%s", &d.log)
	}
	e := d.out[len(d.out)-1]
	r, x, fs, err := edmxml.ParseResponse(e.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, f := range append(exchange.CheckEnvelope(e), fs...) {
		if f.Severity != rule.Caution { // an answer to an unreadable request cannot name id and requester
			d.t.Errorf("our answer: %v", f)
		}
	}
	return r, x
}

func (d *desk) wantCode(code edm.Code, detail string) {
	d.t.Helper()
	_, x := d.answer()
	if x == nil {
		d.t.Fatalf("answer is no error, want %s", code)
	}
	if got := x.Exceptions[0]; got.Code != code || detail != "" && got.Detail != detail || got.Severity != edm.SeverityError {
		d.t.Errorf("answer %s %q, want %s %q", got.Code, got.Detail, code, detail)
	}
}
