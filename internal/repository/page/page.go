// Package page is the Semantic Repository for people and for programs: every persistent address answers with a
// page, with metadata in XML, JSON-LD or Turtle, or with the asset itself, as the client asks; lists are found by
// type, country, text and version, by hand or through an interface described by OpenAPI 3.1. [TDD 3.3]
//
//	p, err := page.New(page.Config{Service: s, Path: "/sr", Clock: clock.System(), Log: log})
//	mux.Handle("/sr/", p)
//
// A client chooses a form by Accept, or by ?format= in a link. Addresses of the Semantic Repository under any of its
// hosts have the same path here. The pages need no script.
package page

import (
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/repository"
	"oots/internal/web"
)

// Files are the texts and screens.
//
//go:embed texts all:templates
var Files embed.FS

// Config is what a Page needs.
type Config struct {
	Service *repository.Service
	Path    string // below which everything lies on its host, such as "/sr"; "" for the root
	Home    string // where the name of the site leads to; "" is the first page of ours
	Version string // of the program, for the description of the interface
	Demo    bool   // says on every page that all is invented
	HTTP    bool   // browsers reach the site without TLS: on this machine only
	// Who says whose token an upload has; nil for a repository without uploads. It takes as long for a wrong one.
	Who   func(token string) (repository.Actor, bool)
	Clock clock.Clock
	Log   *slog.Logger
}

// A Page is an http.Handler for all addresses below the path.
type Page struct {
	config Config
	site   *web.Site[struct{}]
	mux    *http.ServeMux
}

type visit = web.Visit[struct{}]

// New makes the page.
func New(c Config) (*Page, error) {
	if c.Service == nil || c.Clock.Now == nil || c.Log == nil {
		return nil, errors.New("page: a repository, a clock and a logger are needed")
	}
	if c.Home == "" {
		c.Home = c.Path + "/"
	}
	p := &Page{config: c, mux: http.NewServeMux(), site: &web.Site[struct{}]{
		Names: edm.Texts{{Lang: "", Value: "Semantic Repository"}}, Home: c.Home, Base: c.Path, Help: c.Path + "/about", Demo: c.Demo,
		Cookie: "oots_sr", Insecure: c.HTTP, Clock: c.Clock, Log: c.Log,
	}}
	if err := p.site.Use(Files); err != nil {
		return nil, err
	}
	p.site.Mount(p.mux)
	p.mux.Handle("GET "+c.Path+"/{$}", p.site.Handle(p.front))
	p.mux.Handle("GET "+c.Path+"/assets", p.site.Handle(p.list))
	p.mux.Handle("GET "+c.Path+"/about", p.site.Handle(p.about))
	p.mountAPI()
	p.mux.HandleFunc(c.Path+"/{path...}", p.dereference)
	p.mux.Handle("/", p.site.Missing())
	return p, nil
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

// local is the path of an asset on this host, or of one of its versions.
func (p *Page) local(a *repository.Asset, version string) string {
	return p.config.Path + "/" + strings.TrimPrefix(p.config.Service.Address(a, version), p.config.Service.Base()+"/")
}
