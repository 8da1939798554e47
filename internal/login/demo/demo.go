// Package demo is a login.Method that lets anybody be one of the invented test persons: the page says so,
// lists them with what will happen to each, and takes the level of assurance from the user. It stands
// where an eIDAS login stands in a real portal and proves nothing about anybody. [TDD 2]
package demo

import (
	"embed"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/web"
)

// Files are the texts and the page.
//
//go:embed texts all:templates
var Files embed.FS

// An Outcome is what a test person is there to show.
type Outcome string

// The outcomes on demand.
const (
	Success Outcome = "success" // documents are found, previewed and sent
	Letters Outcome = "letters" // as Success, with letters outside ASCII in the name
	Nobody  Outcome = "nobody"  // the register knows no such person
	Several Outcome = "several" // the register knows two
	Nothing Outcome = "nothing" // the person is known, the document is not
	Failure Outcome = "failure" // the register fails
	Silence Outcome = "silence" // the provider never answers
	Later   Outcome = "later"   // the document is there in some days
)

// A Person is one test person.
type Person struct {
	Key      string         // stable, for tests: "eleni"
	Identity login.Identity // what the login says; the user chooses the level of assurance
	Outcome  Outcome        // what the page says beside her
}

// Born is when the natural person was born who sits at the screen; "" for a company by itself.
func (p Person) Born() edm.Date {
	if r := p.Identity.Representative; r != nil {
		return r.DateOfBirth
	}
	return p.Identity.Person.DateOfBirth
}

// Original is her name in the script of her country, or that of the company; "" when the same.
func (p Person) Original() string {
	if l := p.Identity.Legal; l != nil && p.Identity.Representative == nil {
		return l.LegalNameOriginal
	}
	return strings.TrimSpace(p.Identity.OriginalGivenName + " " + p.Identity.OriginalFamilyName)
}

// Config is what a Method needs.
type Config struct {
	Names   edm.Texts // of the authority whose site the page belongs to
	Country string    // of that site
	Lang    string    // when the browser wants none of ours; "" is that of the country
	Cookie  string    // of the site's sessions: the choice of language is kept beside it
	Persons []Person  // in the order of the page; those of one country together
	Zone    *time.Location
	Clock   clock.Clock
	Log     *slog.Logger
}

// A Method is the demonstration eID.
type Method struct {
	site    *web.Site[struct{}]
	country string
	persons []Person
}

// New makes the method.
func New(c Config) (*Method, error) {
	site := &web.Site[struct{}]{
		Names: c.Names, Country: c.Country, Lang: c.Lang, Home: "/", Base: "/login/demo", Demo: true, Personal: true, Zone: c.Zone,
		Cookie: c.Cookie, Clock: c.Clock, Log: c.Log,
	}
	return &Method{site: site, country: c.Country, persons: c.Persons}, site.Use(Files)
}

// Name implements login.Method.
func (*Method) Name() string { return "demo" }

// Start implements login.Method.
func (*Method) Start(next string, level edm.LoA) string {
	return login.Address("/login/demo/", next, level)
}

// Mount implements login.Method.
func (m *Method) Mount(mux *http.ServeMux, done func(http.ResponseWriter, *http.Request, login.Identity, string)) {
	m.site.Mount(mux)
	mux.Handle("GET /login/demo/{$}", m.site.Handle(m.choose))
	mux.Handle("POST /login/demo/{$}", m.site.Handle(func(v *visit) error { return m.complete(v, done) }))
	mux.Handle("/login/demo/", m.site.Missing())
}

type visit = web.Visit[struct{}]

// Persons returns the test persons in the order of the page.
func (m *Method) Persons() []Person { return m.persons }
