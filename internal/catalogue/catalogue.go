// Package catalogue is what an instance of the Common Services holds, for everybody to read: which procedures of a
// life event ask for what, what proves it in each country, and who provides that evidence. [TDD 3.1, 3.2]
// [Regulation (EU) 2018/1724 annex II]
//
//	p, err := catalogue.New(catalogue.Config{Base: "/catalogue", Source: service, Clock: clock.System(), Log: log})
//	http.Handle("/catalogue/", p)
//
// The pages need no script, know no users and change nothing. They are made of one index of the catalogue in
// force, which is built when the source has another one; long lists come in pages.
package catalogue

import (
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/web"
)

// Files are the texts and screens.
//
//go:embed texts all:templates
var Files embed.FS

// A Source has the catalogue in force. A catalogue is never changed: another one is another pointer.
type Source interface {
	Catalogue() *directory.Catalogue
}

// Config is what a Page needs.
type Config struct {
	Base   string // path below which everything lies, such as "/catalogue"; "" for the root
	Home   string // where the name of the site leads to; "" is the first page of ours
	Source Source
	// Asset is the address of the page on an identifier in a Semantic Repository, "" when there is none. Nil links
	// none.
	Asset func(identifier string) string
	Demo  bool           // says on every page that all is invented
	HTTP  bool           // browsers reach the site without TLS: on this machine only
	Zone  *time.Location // for times on pages; nil is UTC
	Clock clock.Clock
	Log   *slog.Logger
}

// A Page is an http.Handler for all addresses below the base.
type Page struct {
	config Config
	site   *web.Site[struct{}]
	mux    *http.ServeMux

	building sync.Mutex // one builder of an index at a time
	index    atomic.Pointer[index]
}

type visit = web.Visit[struct{}]

// New makes the pages.
func New(c Config) (*Page, error) {
	if c.Source == nil || c.Clock.Now == nil || c.Log == nil {
		return nil, errors.New("catalogue: a source, a clock and a logger are needed")
	}
	if c.Home == "" {
		c.Home = c.Base + "/"
	}
	p := &Page{config: c, mux: http.NewServeMux(), site: &web.Site[struct{}]{
		Names: edm.Texts{{Lang: "", Value: "oots"}}, Home: c.Home, Base: c.Base, Demo: c.Demo, Roomy: true, Zone: c.Zone,
		Cookie: "oots_catalogue", Insecure: c.HTTP, Clock: c.Clock, Log: c.Log,
	}}
	if err := p.site.Use(Files); err != nil {
		return nil, err
	}
	p.site.Mount(p.mux)
	for path, show := range map[string]func(*visit) error{
		"/{$}":                      p.start,
		"/search":                   p.search,
		"/matrix":                   p.matrix,
		"/procedures/{code}":        p.procedure,
		"/requirements/{key}":       p.requirement,
		"/requirements/{key}/xml":   p.requirementXML,
		"/evidence-types/{key}":     p.evidence,
		"/evidence-types/{key}/xml": p.evidenceXML,
		"/providers/{key}":          p.provider,
		"/providers/{key}/xml":      p.providerXML,
		"/countries/{code}":         p.country,
	} {
		p.mux.Handle("GET "+c.Base+path, p.site.Handle(show))
	}
	p.mux.Handle("/", p.site.Missing())
	return p, nil
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

// current is the index of the catalogue in force. While a new one is built, others still read the one before.
func (p *Page) current() *index {
	c, x := p.config.Source.Catalogue(), p.index.Load()
	if x != nil && x.catalogue == c {
		return x
	}
	if x != nil && !p.building.TryLock() {
		return x
	}
	if x == nil {
		p.building.Lock()
	}
	defer p.building.Unlock()
	if x = p.index.Load(); x == nil || x.catalogue != c {
		x = newIndex(c)
		p.index.Store(x)
	}
	return x
}

// asset is the link to an identifier, "" for none.
func (p *Page) asset(identifier string) string {
	if p.config.Asset == nil {
		return ""
	}
	return p.config.Asset(identifier)
}

// An identifier is shown with the page on it, if there is one.
type identifier struct{ Value, URL string }

func (p *Page) identify(s string) identifier { return identifier{s, p.asset(s)} }
