// Package portal is the procedure portal of a Member State: it leads a user through a procedure, lets her
// ask for evidence in other countries, explicitly and one document at a time, and shows what came of it,
// always with the way to upload the document herself beside it. [SDGR art. 14] [TDD 4.4, 4.9]
//
// Each screen is one file with its page and handlers, and one template of the same name. Choices on the
// way to an explicit request travel in the address, so that the browser's back button works and nothing
// is remembered before the user confirms. An application belongs to the session that opened it.
//
// The portal decides nothing about exchanges: it asks a Requester and shows states.
package portal

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/requester"
	"oots/internal/web"
)

// Files are the texts and screens.
//
//go:embed texts all:templates
var Files embed.FS

// A Requester does the work of corner 1.
type Requester interface {
	// Requirements are what a procedure of this country asks to be proved.
	Requirements(ctx context.Context, procedure string) ([]directory.Requirement, error)
	// Open begins an application for the user.
	Open(ctx context.Context, procedure string, user login.Identity) (requester.Application, error)
	// Application returns an application with its cards.
	Application(ctx context.Context, id string) (requester.Application, error)
	// EvidenceTypes says how a requirement is proved in a country; *directory.Refusal when it is not.
	EvidenceTypes(ctx context.Context, requirementID, country string) (directory.Requirement, error)
	// DataServices says who delivers an evidence type; *directory.Question when the user has to be asked
	// first, *directory.Refusal when nobody does.
	DataServices(ctx context.Context, q directory.DataServiceQuery) ([]directory.DataService, error)
	// Preflight says what would keep a request from being sent, before the user confirms it.
	Preflight(u login.Identity, procedure string, d directory.DataService) error
	// Forwarded is what a request would say about the user, and whether she has a preview.
	Forwarded(u login.Identity, procedure string, d directory.DataService) *edm.Request
	// Distribution is the form in which the evidence is asked for; the user may wish for a media type.
	Distribution(requirementID string, d directory.DataService, wished string) int
	// Collect and Drop change the basket of an application.
	Collect(ctx context.Context, applicationID string, wishes ...requester.Wish) error
	Drop(ctx context.Context, applicationID string, keys ...string) error
	// Raise takes a stronger login of the same user; requester.ErrOtherUser.
	Raise(ctx context.Context, applicationID string, user login.Identity) error
	// Applications and Conversations are the user's, newest first; the latter outlive the former.
	Applications(ctx context.Context, user login.Identity) ([]requester.Application, error)
	Conversations(ctx context.Context, user login.Identity) ([]string, error)
	// Ask sends the evidence request that the user has confirmed.
	Ask(ctx context.Context, a requester.Ask) (exchangeID string, err error)
	// Exchange returns the state of one exchange.
	Exchange(ctx context.Context, id string) (requester.Exchange, error)
	// GoToPreview sends the second request and returns where the user's browser goes.
	GoToPreview(ctx context.Context, exchangeID string) (location string, err error)
	// Return redeems the token of a return address.
	Return(ctx context.Context, token string) (applicationID, exchangeID string, err error)
	// Evidence returns one delivered document.
	Evidence(ctx context.Context, exchangeID, docID string) (requester.EvidenceDoc, []byte, error)
	// Upload stores the user's own file for a requirement.
	Upload(ctx context.Context, applicationID, requirementID, name, mediaType string, content []byte) error
	// Reset takes what proves a requirement out of the application again.
	Reset(ctx context.Context, applicationID, requirementID string) error
	// Submit ends the application.
	Submit(ctx context.Context, applicationID string) error
}

// A Code is an entry of a code list.
type Code struct {
	Value string    // as it goes into a query
	Names edm.Texts // what the user reads
}

// CodeLists resolves the code lists that questions of the directory refer to.
type CodeLists interface {
	// CodeList returns the entries of the list with the URL.
	CodeList(ctx context.Context, url string) ([]Code, error)
}

// A Procedure is one that the portal offers. [SDGR Annex II]
type Procedure struct {
	Code         string    // of Procedures: "T3"
	LifeEvent    LifeEvent // "" for none
	Named        bool      // only named in the navigation: it is not offered here
	Titles       edm.Texts // what the user wants
	Descriptions edm.Texts // who may use it and what comes out, in a few sentences
}

// A LifeEvent groups procedures by what happens in the life of a person or company. [SDGR Annex II]
type LifeEvent string

// The life events, in the order of the annex.
const (
	Birth     LifeEvent = "birth"
	Residence LifeEvent = "residence"
	Studying  LifeEvent = "studying"
	Working   LifeEvent = "working"
	Moving    LifeEvent = "moving"
	Retiring  LifeEvent = "retiring"
	Business  LifeEvent = "business"
)

// Config is what a Portal needs.
type Config struct {
	Names      edm.Texts // of the authority that runs the portal
	Country    string    // code of OOTS_Country
	Lang       string    // when the browser wants none of ours; "" is that of the country
	Support    edm.Texts // how to reach the help desk
	Procedures []Procedure
	Requester  Requester        // corner 1
	CodeLists  CodeLists        // for questions of the directory
	Journal    Journal          // nil shows no log
	Logins     []login.Method   // all shown with the same weight
	Sessions   web.SessionStore // outlives the process
	Cookie     string           // "" is "oots_" and the country
	Demo       bool             // says on every page that all is invented
	HSTS       bool
	Zone       *time.Location // for times on pages; nil is UTC
	Limit      *web.Limiter   // of posts; nil for the default
	Clock      clock.Clock
	Log        *slog.Logger
}

// A Portal is an http.Handler for everything that no other part of the host serves.
type Portal struct {
	site       *web.Site[session]
	mux        *http.ServeMux
	procedures []Procedure
	support    edm.Texts
	country    string
	requester  Requester
	codeLists  CodeLists
	journal    Journal
	logins     []login.Method
}

// session is what the portal remembers of a browser.
type session struct {
	Begun        login.Begun     `json:"p,omitempty"`
	User         *login.Identity `json:"u,omitempty"`
	Applications []string        `json:"a,omitempty"` // of the user, newest last
	Back         string          `json:"b,omitempty"` // where a stronger login leads to
}

type visit = web.Visit[session]

// New makes the portal. Its logins are not mounted: see Place.
func New(c Config) (*Portal, error) {
	if c.Requester == nil || c.CodeLists == nil || c.Sessions == nil || len(c.Logins) == 0 {
		return nil, errors.New("portal: a requester, code lists, sessions and a login are needed")
	}
	if c.Cookie == "" {
		c.Cookie = CookieName(c.Country)
	}
	p := &Portal{
		site: &web.Site[session]{
			Names: c.Names, Country: c.Country, Lang: c.Lang, Home: "/", Help: "/help", Demo: c.Demo, Personal: true, Zone: c.Zone,
			Sessions: c.Sessions, Cookie: c.Cookie, HSTS: c.HSTS,
			Limit: c.Limit, Clock: c.Clock, Log: c.Log,
		},
		procedures: c.Procedures, support: c.Support, country: c.Country,
		requester: c.Requester, codeLists: c.CodeLists, journal: c.Journal, logins: c.Logins,
	}
	if err := p.site.Use(Files); err != nil {
		return nil, err
	}
	p.mux = p.routes()
	return p, nil
}

// CookieName is the name of the session cookie on a site of country: ports of a host share cookies, so
// the name tells Member States apart.
func CookieName(country string) string { return "oots_" + lower(country) }

// ServeHTTP implements http.Handler.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

// Place is the portal as a place to log in for; give it to login.Mount.
func (p *Portal) Place() login.Place { return login.Place{Prefix: "/", Done: p.identified} }
