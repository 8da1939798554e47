package requester_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/matching"
	"oots/internal/provider"
	"oots/internal/register"
	"oots/internal/requester"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

const (
	requirement = "https://sr.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39"
	diplomaType = "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
	unregister  = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:"
	returnBase  = "https://localhost:8441/return/"
	previewBase = "https://localhost:8442/preview/"
)

func unregistered(country, value string) edm.Identifier {
	return edm.Identifier{Scheme: unregister + country, Value: value}
}

func en(s string) edm.Texts { return edm.Texts{{Lang: "EN", Value: s}} }

// A fakeClock stands still until a test moves it.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A pair is two Member States in one process, AT that asks and EL that answers, with a post between them
// that a test can stop, read and falsify.
type pair struct {
	t     *testing.T
	clock *fakeClock
	log   *bytes.Buffer
	mu    sync.Mutex          // guards post, sent and seq, when a test has several goroutines
	post  []exchange.Envelope // submitted and not yet delivered
	sent  []exchange.Envelope // everything ever submitted
	seq   int

	dirs           []string // of the two databases
	at, el         *sqlstore.Store
	atLog, elLog   *journal
	requester      *requester.Service
	provider       *provider.Service
	policy         provider.Policy
	previewAllowed func(string) bool
	withhold       []string
	exempt         []string
	retention      requester.Retention
	register       provider.Register // of every authority; nil is the demonstration's
	subjects       provider.Subjects
}

func newPair(t *testing.T, options ...func(*pair)) *pair {
	t.Helper()
	p := &pair{
		t: t, clock: &fakeClock{now: time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)}, log: new(bytes.Buffer),
		atLog: &journal{}, elLog: &journal{}, policy: provider.DefaultPolicy,
	}
	p.policy.PreviewDescriptions = en("Look at your diploma and choose what may be sent")
	for _, o := range options {
		o(p)
	}
	key := bytes.Repeat([]byte{7}, 32)
	p.dirs = []string{t.TempDir(), t.TempDir()}
	p.at, p.el = open(t, p.dirs[0], key), open(t, p.dirs[1], key)
	p.restart()
	return p
}

func open(t *testing.T, dir string, key []byte) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), dir, key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// restart makes new services over the same stores.
func (p *pair) restart() {
	p.t.Helper()
	c := clock.Clock{Now: p.clock.Now, NewUUID: clock.UUID}
	logger := slog.New(slog.NewTextHandler(p.log, nil))
	var err error
	p.requester, err = requester.New(requester.Deps{
		DB: p.at.DB, Store: p.at.Requester(), Outbox: p, Directory: fakeDirectory{}, Journal: p.atLog, Clock: c, Log: logger,
		Settings: requester.Settings{
			Country: "AT", AccessPoint: unregistered("AT", "AP_AT_01"), Timeouts: exchange.DefaultRequester, ReturnBase: returnBase,
			Requester: edm.Agent{
				ID: unregistered("AT", "DEMO-AT-UNI"), Names: edm.Texts{{Lang: "DE", Value: "Demo-Universität Donau"}},
				Address: &edm.Address{Country: "AT"}, Class: edm.EvidenceRequester,
			},
			PreviewAllowed: p.previewAllowed, WithholdIdentifier: p.withhold, Exempt: p.exempt, Retention: p.retention,
		},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	reg, err := register.Open("EL", p.clock.Now)
	if err != nil {
		p.t.Fatal(err)
	}
	var services []provider.DataService
	for _, a := range reg.Offices() {
		o, err := reg.Office(a.ID)
		if err != nil {
			p.t.Fatal(err)
		}
		var reg provider.Register = office{o}
		if p.register != nil {
			reg = p.register
		}
		services = append(services, provider.DataService{
			Agent: a, Register: reg, EvidenceTypes: o.EvidenceTypes(), Formats: []string{"application/pdf"}, Subjects: p.subjects,
		})
	}
	p.provider, err = provider.New(provider.Deps{
		DB: p.el.DB, Store: p.el.Provider(), Outbox: p, Journal: p.elLog, Clock: c, Log: logger,
		Settings: provider.Settings{
			AccessPoint: unregistered("EL", "AP_EL_01"), Services: services, PreviewBase: previewBase,
			Timeouts: exchange.DefaultProvider, Policy: p.policy,
		},
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// Submit is the outbox of both sides: what it takes is on its way once the transaction is committed.
func (p *pair) Submit(tx *store.Tx, e exchange.Envelope) (string, time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq++
	e.MessageID, e.Timestamp = fmt.Sprintf("m%d@post.example", p.seq), p.clock.Now()
	e.PropertyNames = []string{"originalSender", "finalRecipient", "ExchangeId", "SpecificationId"}
	e.BodyType = exchange.MediaTypeRegRep
	tx.After(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.post, p.sent = append(p.post, e), append(p.sent, e)
	})
	return e.MessageID, e.Timestamp, nil
}

// deliver brings every message that is on its way, and what these cause, and returns how many those were.
func (p *pair) deliver() int {
	p.t.Helper()
	n := 0
	for len(p.post) > 0 {
		e := p.post[0]
		p.post = p.post[1:]
		p.bring(e)
		n++
	}
	return n
}

// bring hands one message to the side that it is addressed to.
func (p *pair) bring(e exchange.Envelope) {
	p.t.Helper()
	var err error
	if e.To.Value == "AP_EL_01" {
		err = p.el.DB.Update(p.t.Context(), func(tx *store.Tx) error { return p.provider.Receive(tx, e) })
		if err == nil {
			_, err = p.provider.Answer(p.t.Context())
		}
	} else {
		err = p.at.DB.Update(p.t.Context(), func(tx *store.Tx) error { return p.requester.Receive(tx, e) })
	}
	if err != nil {
		p.t.Fatalf("message %s: %v", e.MessageID, err)
	}
}

// lose drops every message that is on its way.
func (p *pair) lose() { p.post = nil }

// last is the message submitted last.
func (p *pair) last() exchange.Envelope { return p.sent[len(p.sent)-1] }

// person is a test subject as her eID says who she is.
func person(family, given string, born edm.Date, id string) login.Identity {
	return login.Identity{Country: "EL", Person: edm.Person{LoA: edm.High, Identifier: id, FamilyName: family, GivenName: given, DateOfBirth: born}}
}

var (
	eleni    = person("Papadopoulou", "Eleni", "1998-03-25", "EL/AT/DEMO1001")
	nikos    = person("Oikonomou", "Nikos", "1990-11-02", "EL/AT/DEMO1002")
	maria    = person("Georgiou", "Maria", "1985-07-14", "EL/AT/DEMO1003")
	dimitris = person("Vasileiou", "Dimitris", "1979-01-30", "EL/AT/DEMO1004")
	sofia    = person("Nikolaidou", "Sofia", "2001-09-09", "EL/AT/DEMO1005")
	anna     = person("Dimou", "Anna", "1993-05-05", "EL/AT/DEMO1006")
	kostas   = person("Makris", "Kostas", "1988-12-12", "EL/AT/DEMO1007")
)

// ask opens an application for user and asks for the diploma; nothing is delivered yet.
func (p *pair) ask(user login.Identity) (applicationID, exchangeID string) {
	p.t.Helper()
	app, err := p.requester.Open(p.t.Context(), "T3", user)
	if err != nil {
		p.t.Fatal(err)
	}
	id, err := p.requester.Ask(p.t.Context(), diplomaAsk(app.ID))
	if err != nil {
		p.t.Fatal(err)
	}
	return app.ID, id
}

func diplomaAsk(applicationID string) requester.Ask {
	return requester.Ask{
		ApplicationID: applicationID, RequirementID: requirement, Service: diplomaService(), Country: "EL",
		Text: "I ask Demo Registry of Athens to send my diploma.", Lang: "EN",
	}
}

func diplomaService() directory.DataService {
	return directory.DataService{
		ID: "2f6c5f0e-93f1-4a0e-8a5c-1f1b6b0c7d10", Classification: diplomaType, Titles: en("Diploma"),
		Distributions: []edm.Distribution{{Format: "application/pdf", Languages: []string{"EL"}}},
		AccessPoint:   unregistered("EL", "AP_EL_01"), ConformsTo: []edm.Version{edm.V20}, LoA: edm.Substantial,
		Publisher: directory.Publisher{ID: unregistered("EL", "DEMO-EL-ATH"), Names: en("Demo Registry of Athens")},
	}
}

// exchange returns the exchange as the requester sees it.
func (p *pair) exchange(id string) requester.Exchange {
	p.t.Helper()
	x, err := p.requester.Exchange(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return x
}

func (p *pair) wantState(id string, want exchange.RequesterState) requester.Exchange {
	p.t.Helper()
	x := p.exchange(id)
	if x.State != want {
		p.t.Fatalf("exchange is %s (%s %s), want %s\n%s", x.State, x.Error, x.Reason, want, p.log)
	}
	return x
}

func (p *pair) wantCard(applicationID string, want requester.CardState) {
	p.t.Helper()
	a, err := p.requester.Application(p.t.Context(), applicationID)
	if err != nil {
		p.t.Fatal(err)
	}
	if got := a.Cards[0].State; got != want {
		p.t.Errorf("card is %s, want %s", got, want)
	}
}

// preview follows the link and returns its token.
func (p *pair) preview(id string) string {
	p.t.Helper()
	location, err := p.requester.GoToPreview(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return path.Base(location)
}

func (p *pair) identify(token string, user login.Identity) {
	p.t.Helper()
	if err := p.provider.Identify(p.t.Context(), token, user); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) decide(token string, chosen ...string) {
	p.t.Helper()
	if err := p.provider.Decide(p.t.Context(), token, chosen); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) expire() (asked, answered int) {
	p.t.Helper()
	asked, err := p.requester.Expire(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	if answered, err = p.provider.Expire(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	return asked, answered
}

// journal keeps the names of events.
type journal struct {
	mu     sync.Mutex
	events []exchange.Event
}

func (j *journal) Record(tx *store.Tx, e exchange.Event) error {
	tx.After(func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.events = append(j.events, e)
	})
	return nil
}

func (j *journal) names() []exchange.EventName {
	var out []exchange.EventName
	for _, e := range j.events {
		out = append(out, e.Name)
	}
	return out
}

func wantEvents(t *testing.T, j *journal, want ...exchange.EventName) {
	t.Helper()
	if got := j.names(); !slices.Equal(got, want) {
		t.Errorf("events\n  %v, want\n  %v", got, want)
	}
}

// noNames fails when a name of the subject is in the log lines of either side.
func (p *pair) noNames() {
	p.t.Helper()
	for _, s := range []string{"Papadopoulou", "Eleni", "1998-03-25", "DEMO1001", "Georgiou", "Maria"} {
		if strings.Contains(p.log.String(), s) {
			p.t.Errorf("%q is in the log:\n%s", s, p.log)
		}
	}
}

type fakeDirectory struct{}

func (fakeDirectory) Requirements(context.Context, string, string) ([]directory.Requirement, error) {
	return []directory.Requirement{{ID: requirement, Names: en("Completed tertiary education")}}, nil
}

func (fakeDirectory) EvidenceTypes(context.Context, string, string) (directory.Requirement, error) {
	return directory.Requirement{}, &directory.Refusal{Code: "EB:ERR:0001"}
}

func (fakeDirectory) DataServices(context.Context, directory.DataServiceQuery) ([]directory.DataService, error) {
	return []directory.DataService{diplomaService()}, nil
}

// office is one authority of the register as the provider wants a register to be.
type office struct{ *register.Office }

func (o office) Find(ctx context.Context, s provider.Subject, evidenceType string, languages []string) ([]provider.Record, error) {
	docs, err := o.Office.Find(ctx, *s.Natural, evidenceType, languages)
	var later register.NotYet
	switch {
	case errors.Is(err, matching.ErrNoPerson):
		return nil, provider.ErrNoPerson
	case errors.Is(err, matching.ErrSeveralPersons):
		return nil, provider.ErrSeveralPersons
	case errors.Is(err, register.ErrSilent):
		return nil, provider.ErrSilent
	case errors.As(err, &later):
		return nil, provider.NotYet{At: later.At}
	}
	var out []provider.Record
	for _, d := range docs {
		out = append(out, provider.Record{
			EvidenceID: d.ID, Title: d.Title, Issuer: d.Issuer, IssuingDate: d.Issued, MediaType: d.MediaType,
			Language: d.Language, Content: d.Content, FileName: d.FileName,
		})
	}
	return out, err
}

// files reads every file below dir.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out[file], err = os.ReadFile(file)
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("%s: %d files, %v", dir, len(out), err)
	}
	return out
}
