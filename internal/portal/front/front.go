// Package front is the start page of a demonstration of two Member States: where everything is, whom one
// can be and what happens then, what to try, and every byte that went over the wire. It exists only where
// all is invented.
package front

import (
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login/demo"
	"oots/internal/web"
)

// Files are the texts and screens.
//
//go:embed texts all:templates
var Files embed.FS

// A State is one Member State of the demonstration.
type State struct {
	Country     string // code of OOTS_Country
	Portal      string // https address, with or without a slash at its end
	AccessPoint string // https address
	PartyID     string // of the access point
}

// A Directory is one of the Common Services.
type Directory struct {
	Name string // "Evidence Broker"
	URL  string // https address of its query interface, or of its pages
	Page bool   // people can go there
}

// Config is what a Page needs.
type Config struct {
	States      []State // the first is where the journey to try begins
	Directories []Directory
	Catalogue   string        // https address; "" for none
	Coordinator string        // https address of the editor; "" for none
	Validator   string        // https address; "" for none
	Persons     []demo.Person // in the order of the page
	RootFile    string        // file of the certificate that the browser does not know yet
	// Wire holds the recorded bytes: a folder for each conversation and one for the answers of the
	// directories, with files and subfolders. Nil when nothing is recorded.
	Wire  fs.FS
	Zone  *time.Location // for times on pages; nil is UTC
	Clock clock.Clock
	Log   *slog.Logger
}

// A Page is an http.Handler for the start page, /wire/ and /assets/.
type Page struct {
	config Config
	site   *web.Site[struct{}]
	mux    *http.ServeMux
}

type visit = web.Visit[struct{}]

// New makes the page.
func New(c Config) (*Page, error) {
	if len(c.States) == 0 {
		return nil, errors.New("front: a demonstration has Member States")
	}
	c.States = slices.Clone(c.States)
	for i := range c.States {
		c.States[i].Portal = strings.TrimRight(c.States[i].Portal, "/")
	}
	p := &Page{config: c, mux: http.NewServeMux(), site: &web.Site[struct{}]{
		Names: edm.Texts{{Lang: "", Value: "oots"}}, Home: "/", Demo: true, Zone: c.Zone,
		Cookie: "oots_front", Clock: c.Clock, Log: c.Log,
	}}
	if err := p.site.Use(demo.Files, Files); err != nil {
		return nil, err
	}
	p.site.Mount(p.mux)
	p.mux.Handle("GET /{$}", p.site.Handle(p.front))
	p.mux.Handle("GET /wire/{$}", p.site.Handle(p.wire))
	p.mux.Handle("GET /wire/{folder}", p.site.Handle(p.folder))
	p.mux.Handle("GET /wire/{folder}/{file...}", p.site.Handle(p.file))
	p.mux.Handle("/", p.site.Missing())
	return p, nil
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

// frontPage is the start page.
type frontPage struct {
	web.Frame
	States      []State
	Directories []Directory
	Catalogue   string
	Coordinator string
	Validator   string
	Persons     []personLine
	RootFile    string
	Wire        bool
}

// personLine is a test person with the portal at which her documents lie abroad.
type personLine struct {
	demo.Person
	Portal State // of another country than hers
	What   string
}

func (p *Page) front(v *visit) error {
	page := frontPage{
		Frame: v.Frame(v.T("portal/front/front.title")), States: p.config.States, Directories: p.config.Directories,
		Catalogue: p.config.Catalogue, Coordinator: p.config.Coordinator, Validator: p.config.Validator, RootFile: p.config.RootFile, Wire: p.config.Wire != nil,
	}
	for _, x := range p.config.Persons {
		page.Persons = append(page.Persons, personLine{x, p.abroad(x.Identity.Country), demo.Explain(v.Printer, x.Outcome)})
	}
	return v.Show(http.StatusOK, "front", &page)
}

// abroad is the first Member State other than country.
func (p *Page) abroad(country string) State {
	i := slices.IndexFunc(p.config.States, func(s State) bool { return s.Country != country })
	return p.config.States[max(i, 0)]
}

// First is the Member State in which the journey to try begins.
func (p *frontPage) First() State { return p.States[0] }
