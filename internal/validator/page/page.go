// Package page is the validator for people and for programs: pages on which a document is pasted or chosen and its
// findings stand beside its source, and an HTTP interface described by OpenAPI 3.1. [TDD 3.6, 4.6]
//
//	p, err := page.New(page.Config{Clock: clock.System(), Log: log})
//	http.Serve(listener, p)
//
// Nothing of a document is stored or logged; a report is downloaded from the page itself, and a link to findings
// carries rules, lines and paths only. The pages need no script.
//
// Documents are bounded as validator.MaxBytes says, and so is how much is done at once. The package knows no users:
// whoever reaches it may use it.
package page

import (
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/validator"
	"oots/internal/web"
)

// Files are the texts and screens.
//
//go:embed texts all:templates
var Files embed.FS

// Config is what a Page needs.
type Config struct {
	Base    string       // path below which everything lies, such as "/validator"; "" for the root
	Home    string       // where the name of the site leads to; "" is the first page of ours
	Version string       // of the program, for the description of the interface
	Rules   *edm.Rules   // how the operator wants the rules applied; nil as published, in our readings
	HTTP    bool         // browsers reach the site without TLS: on this machine only
	Posts   *web.Limiter // bounds what one client may send; nil for the default
	Clock   clock.Clock
	Log     *slog.Logger
}

// upTo bounds the body of a request: two documents and what stands around them.
const upTo = 2*validator.MaxBytes + 1<<20

// waiting is how many requests may be received or judged at once. Each takes up to three times upTo while it is
// received, and those that are judged a hundred megabytes more for the largest document.
const waiting = 4

// A Page is an http.Handler for all addresses below the base.
type Page struct {
	config Config
	site   *web.Site[struct{}]
	desk   desk
	posts  *web.Limiter
	turns  chan struct{} // one for each request with a document
	mux    *http.ServeMux

	patience time.Duration // how long a request waits for its turn
}

type visit = web.Visit[struct{}]

// New makes the page.
func New(c Config) (*Page, error) {
	if c.Clock.Now == nil || c.Log == nil {
		return nil, errors.New("page: a clock and a logger are needed")
	}
	if c.Home == "" {
		c.Home = c.Base + "/"
	}
	if c.Posts == nil {
		c.Posts = web.DefaultLimit()
	}
	p := &Page{config: c, posts: c.Posts, mux: http.NewServeMux(), turns: make(chan struct{}, waiting), patience: 5 * time.Second, desk: newDesk(c.Rules, runtime.GOMAXPROCS(0)),
		site: &web.Site[struct{}]{
			Names: edm.Texts{{Lang: "", Value: "oots validator"}}, Home: c.Home, Base: c.Base, Help: c.Base + "/about",
			Cookie: "oots_validator", Insecure: c.HTTP, Limit: c.Posts, Clock: c.Clock, Log: c.Log,
		}}
	if err := p.site.Use(Files); err != nil {
		return nil, err
	}
	p.site.Mount(p.mux)
	p.mux.Handle("GET "+c.Base+"/{$}", p.site.Handle(p.start))
	p.mux.Handle("POST "+c.Base+"/{$}", p.bounded(p.site.HandleUpTo(upTo, p.check)))
	p.mux.Handle("GET "+c.Base+"/shared", p.site.Handle(p.shared))
	p.mux.Handle("GET "+c.Base+"/rules/{$}", p.site.Handle(p.rules))
	p.mux.Handle("GET "+c.Base+"/rules/{id}", p.site.Handle(p.rule))
	p.mux.Handle("GET "+c.Base+"/about", p.site.Handle(p.about))
	p.mountAPI()
	p.mux.Handle("/", p.site.Missing())
	return p, nil
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

// bounded lets at most waiting requests in at once, and waits a moment for a place.
func (p *Page) bounded(next http.Handler) http.Handler {
	full := p.site.Handle(func(v *visit) error {
		v.W.Header().Set("Retry-After", "5")
		return &web.Problem{Status: http.StatusServiceUnavailable, Kind: web.Busy, Back: p.config.Base + "/"}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !p.enter(r) {
			r = r.Clone(r.Context())
			r.Method, r.Body = http.MethodGet, http.NoBody
			full.ServeHTTP(w, r)
			return
		}
		defer p.leave()
		next.ServeHTTP(w, r)
	})
}

// enter takes a turn; it reports false when none came free in time.
func (p *Page) enter(r *http.Request) bool {
	select {
	case p.turns <- struct{}{}:
		return true
	default:
	}
	late := time.NewTimer(p.patience)
	defer late.Stop()
	select {
	case p.turns <- struct{}{}:
		return true
	case <-late.C:
	case <-r.Context().Done():
	}
	return false
}

func (p *Page) leave() { <-p.turns }
