package coordinator

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/lifecycle"
	"oots/internal/store"
	"oots/internal/web"
)

// Files are the texts and screens.
//
//go:embed texts all:templates
var Files embed.FS

// A Lifecycle is what the editor needs of package lifecycle.
type Lifecycle interface {
	Catalogue() *directory.Catalogue
	Active(country string, service directory.Service) directory.Partition
	Partitions() []directory.Revision
	Newest() int64
	Check(ctx context.Context, who lifecycle.Submitter, p lifecycle.Proposal) (lifecycle.Outcome, error)
	Submit(ctx context.Context, who lifecycle.Submitter, p lifecycle.Proposal) (lifecycle.Outcome, error)
	History(ctx context.Context, country string, service directory.Service) ([]directory.Revision, error)
	Revision(ctx context.Context, number int64) (directory.Partition, error)
	Restore(ctx context.Context, who lifecycle.Submitter, number, base int64) (lifecycle.Outcome, error)
}

// Config is what a Page needs.
type Config struct {
	Base       string // path below which everything lies, such as "/coordinator"; "" for the root
	Home       string // where the name of the site leads to; "" is the first page of ours
	Catalogue  string // address of the public catalogue; "" for none
	Repository string // host of the Semantic Repository whose identifiers are made; "" is production
	DB         *store.DB
	Store      Store
	Sessions   web.SessionStore
	Lifecycle  Lifecycle
	Demo       []Account      // who anybody may be, where all is invented; nil everywhere else
	HTTP       bool           // browsers reach the site without TLS: on this machine only
	Zone       *time.Location // for times on pages; nil is UTC
	Clock      clock.Clock
	Log        *slog.Logger
}

// A Page is an http.Handler for all addresses below the base.
type Page struct {
	config   Config
	site     *web.Site[session]
	mux      *http.ServeMux
	attempts attempts
	hashing  chan struct{} // one for each password that is hashed at once
}

// A session is what the site remembers of one browser.
type session struct {
	Account string // "" before the login
	Mark    string // of the password that let the account in: a new invitation ends what began with the old one
	Country string // that is worked on
	Notice  string // to be shown once
}

type visit = web.Visit[session]

// The sizes of forms in bytes: a record, and a code list with its file.
const (
	recordLimit = 1 << 20
	schemeLimit = 16 << 20
)

// New makes the pages.
func New(c Config) (*Page, error) {
	if c.DB == nil || c.Store == nil || c.Sessions == nil || c.Lifecycle == nil || c.Clock.Now == nil || c.Log == nil {
		return nil, errors.New("coordinator: database, stores, life cycle, clock and logger are needed")
	}
	if c.Home == "" {
		c.Home = c.Base + "/"
	}
	if c.Repository == "" {
		c.Repository = "https://sr.oots.tech.ec.europa.eu"
	}
	p := &Page{config: c, mux: http.NewServeMux(), hashing: make(chan struct{}, 2), site: &web.Site[session]{
		Names: edm.Texts{{Lang: "", Value: "oots coordinator"}}, Home: c.Home, Base: c.Base, Demo: c.Demo != nil, Roomy: true, Zone: c.Zone,
		Sessions: c.Sessions, Cookie: "oots_coordinator", Insecure: c.HTTP, Clock: c.Clock, Log: c.Log,
	}}
	var err error
	if p.site.Catalog, err = web.Load(web.Files, Files); err != nil {
		return nil, err
	}
	if p.site.Screens, err = web.Parse(Files); err != nil {
		return nil, err
	}
	if err := p.site.Check(); err != nil {
		return nil, err
	}
	if err := p.putDemo(); err != nil {
		return nil, err
	}
	p.routes()
	return p, nil
}

// routes says which page lies where, and who may see it.
func (p *Page) routes() {
	b := p.config.Base
	p.site.Mount(p.mux)
	open := func(pattern string, f func(*visit) error) { p.mux.Handle(pattern, p.site.Handle(f)) }
	open("GET "+b+"/login", p.login)
	open("POST "+b+"/login", p.postLogin)
	open("POST "+b+"/demo", p.postDemo)
	open("POST "+b+"/logout", p.postLogout)
	open("GET "+b+"/welcome", p.welcome)
	open("POST "+b+"/welcome", p.postWelcome)

	for pattern, page := range map[string]restricted{
		"GET /{$}":                       {Reader, p.home},
		"POST /country":                  {Keeper, p.postCountry},
		"GET /list/{kind}":               {Reader, p.section},
		"GET /edit/{kind}":               {Reader, p.record},
		"POST /edit/{kind}":              {Editor, p.postRecord},
		"POST /edit/{kind}/remove":       {Editor, p.postRemove},
		"GET /check":                     {Reader, p.check},
		"GET /xml":                       {Reader, p.xml},
		"POST /submit":                   {Editor, p.postSubmit},
		"POST /rebase":                   {Editor, p.postRebase},
		"POST /discard":                  {Editor, p.postDiscard},
		"GET /history":                   {Reader, p.history},
		"GET /history/{number}":          {Reader, p.revision},
		"POST /history/{number}/restore": {Editor, p.postRestore},
		"GET /log":                       {Reader, p.log},
		"GET /accounts":                  {Keeper, p.accounts},
		"POST /accounts":                 {Keeper, p.postAccount},
		"POST /accounts/{name}":          {Keeper, p.postAccountChange},
	} {
		method, path, _ := strings.Cut(pattern, " ")
		limit := int64(recordLimit)
		if strings.Contains(path, "/edit/{kind}") {
			limit = schemeLimit
		}
		p.mux.Handle(method+" "+b+path, p.site.HandleUpTo(limit, p.only(page)))
	}
	p.mux.Handle("/", p.site.Missing())
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }
