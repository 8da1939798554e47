// Package preview is the preview space of a Member State: where a user sees the evidence that an authority
// of this country has prepared for another one, and decides whether it may be sent. [TDD 4.9]
// [SDGR art. 14(3)(f)] [IR 2022/1463 art. 15(1)]
//
// A link opens only what may be known to anybody who has it: who asks whom for what. Documents are shown
// to the browser in which the person of the request has logged in, and to no other. The way back to the
// requesting portal stands on every page. Viewing is a right, not a duty: the user may decide without
// opening a document.
//
// The package shows and asks; the provider's service keeps the evidence, compares persons and answers.
package preview

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/provider"
	"oots/internal/web"
)

// Files are the texts and screens.
//
//go:embed texts all:templates
var Files embed.FS

// A Provider holds the sessions of the preview space.
type Provider interface {
	// Session returns what is behind a link: provider.ErrNoSession for an unknown one; with
	// provider.ErrExpired and provider.ErrDecided the session comes along.
	Session(ctx context.Context, token string) (provider.PreviewSession, error)
	// ReturnTo notes the way back that the link of a portal up to release line 1.2 carries.
	ReturnTo(ctx context.Context, token, location string) error
	// Identify compares who logged in with who acted in the request; provider.ErrOtherPerson.
	Identify(ctx context.Context, token string, came login.Identity) error
	// Recognise does so with a login that was made for another link; it reports whether it serves.
	Recognise(ctx context.Context, token string, came login.Identity) (bool, error)
	// Supply takes the answers to the session's Questions, by URI; provider.ErrNotSure.
	Supply(ctx context.Context, token string, answers map[string]string) error
	// Document returns one document with its bytes; provider.ErrNotYou before Identify.
	Document(ctx context.Context, token, docID string) (provider.PreviewDocument, []byte, error)
	// Decide releases the chosen documents, and holds all others back, once.
	Decide(ctx context.Context, token string, chosen []string) error
}

// Config is what a Space needs.
type Config struct {
	Names    edm.Texts        // of the authority that runs the space
	Country  string           // code of OOTS_Country
	Lang     string           // when the browser wants none of ours; "" is that of the country
	Support  edm.Texts        // how to reach the help desk
	Provider Provider         // corner 4
	Logins   []login.Method   // all shown with the same weight
	Sessions web.SessionStore // outlives the process
	Cookie   string           // "" is "oots_", the country and "_preview"
	Demo     bool             // says on every page that all is invented
	HSTS     bool
	Zone     *time.Location // for times on pages; nil is UTC
	Limit    *web.Limiter   // of posts; nil for the default
	Clock    clock.Clock
	Log      *slog.Logger
}

// A Space is an http.Handler for everything below /preview/.
type Space struct {
	site     *web.Site[session]
	mux      *http.ServeMux
	support  edm.Texts
	provider Provider
	logins   []login.Method
}

// session is what the space remembers of a browser.
type session struct {
	Begun login.Begun     `json:"p,omitempty"`
	User  *login.Identity `json:"u,omitempty"` // who logged in last, and when
	Mine  []string        `json:"m,omitempty"` // tokens of the links that are hers, newest last
}

type visit = web.Visit[session]

// New makes the space. Its logins are not mounted: see Place.
func New(c Config) (*Space, error) {
	if c.Provider == nil || c.Sessions == nil || len(c.Logins) == 0 {
		return nil, errors.New("preview: a provider, sessions and a login are needed")
	}
	if c.Cookie == "" {
		c.Cookie = CookieName(c.Country)
	}
	s := &Space{
		site: &web.Site[session]{
			Names: c.Names, Country: c.Country, Lang: c.Lang, Home: "/preview/", Base: "/preview", Help: "/preview/help", Demo: c.Demo, Personal: true,
			Zone: c.Zone, Sessions: c.Sessions, Cookie: c.Cookie, HSTS: c.HSTS,
			Limit: c.Limit, Clock: c.Clock, Log: c.Log,
		},
		support: c.Support, provider: c.Provider, logins: c.Logins,
	}
	if err := s.site.Use(Files); err != nil {
		return nil, err
	}
	s.mux = s.routes()
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Space) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Place is the space as a place to log in for; give it to login.Mount.
func (s *Space) Place() login.Place { return login.Place{Prefix: "/preview/", Done: s.identified} }

func (s *Space) routes() *http.ServeMux {
	mux := http.NewServeMux()
	s.site.Mount(mux)
	open := func(pattern string, f func(*visit) error) { mux.Handle(pattern, s.site.Handle(f)) }
	open("GET /preview/{$}", s.home)
	open("GET /preview/help", s.help)

	const token = "/preview/{token}"
	open("GET "+token, s.live(s.arrival))
	open("GET "+token+"/login", s.live(s.loginChoice))
	open("GET "+token+"/identified", s.live(s.again))
	open("GET "+token+"/other", s.live(s.other))
	open("GET "+token+"/more", s.live(s.identifiedFor(s.more)))
	open("POST "+token+"/more", s.live(s.identifiedFor(s.supply)))
	open("GET "+token+"/documents", s.live(s.mine(s.documents)))
	open("GET "+token+"/documents/{document}", s.live(s.mine(s.document)))
	open("GET "+token+"/documents/{document}/file", s.live(s.mine(s.file)))
	open("GET "+token+"/decision", s.live(s.mine(s.decision)))
	open("POST "+token+"/decision", s.live(s.mine(s.decide)))
	open("GET "+token+"/result", s.result)
	open("POST "+token+"/logout", s.logout)
	mux.Handle("/preview/", s.site.Missing())
	return mux
}
