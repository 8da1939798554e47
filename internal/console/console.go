package console

import (
	"context"
	"embed"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"oots/edelivery/pmode"
	"oots/edelivery/pmode/keystore"
	"oots/edm"
	"oots/internal/alert"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/partner"
	"oots/internal/pmodes"
	"oots/internal/store"
	"oots/internal/web"
)

// Files are the texts and screens.
//
//go:embed texts all:templates
var Files embed.FS

// A Gateway is what the console needs of the access point; *gateway.Gateway is one.
type Gateway interface {
	Search(ctx context.Context, f gateway.Filter) ([]gateway.Summary, error)
	Look(ctx context.Context, box gateway.Box, messageID string) (gateway.Dossier, error)
	Resend(ctx context.Context, messageID string) error
	Cancel(ctx context.Context, messageID string) error
	Resolve(ctx context.Context, box gateway.Box, messageID string) error
	Redeliver(ctx context.Context, messageID string) error
	Queues(ctx context.Context) ([]gateway.Queue, error)
}

// PModes is what the console needs of the P-Modes in force and before; *pmodes.Archive is one.
type PModes interface {
	Source() (pmode.Source, error)
	History(ctx context.Context) ([]pmodes.Version, error)
	Version(ctx context.Context, number int64) (pmodes.Version, []byte, error)
	Propose(ctx context.Context, content []byte) (*pmodes.Proposal, error)
	Activate(ctx context.Context, p *pmodes.Proposal, act pmodes.Act) (pmodes.Version, error)
	Rollback(ctx context.Context, number int64, act pmodes.Act) (pmodes.Version, *pmodes.Proposal, error)
}

// A Proof rebuilds exchanges and hands over what a third party needs to judge one.
type Proof interface {
	// Trace finds everything that belongs together with an identifier of any kind; store.ErrNotFound when nothing does.
	Trace(ctx context.Context, id string) (Trace, error)
	// Export writes the proof of the exchange as a ZIP archive.
	Export(ctx context.Context, id string, w io.Writer) error
}

// A Trace is one exchange over all its identifiers.
type Trace struct {
	IDs     []Identifier
	Events  []TraceEvent // oldest first
	Remarks []string     // what is missing or does not fit
}

// An Identifier is one that messages and log have for the exchange.
type Identifier struct{ Name, Value string }

// A TraceEvent is one thing that happened.
type TraceEvent struct {
	At        time.Time
	Source    string // "message", "receipt", "attempt" or "journal"
	Box       gateway.Box
	MessageID string // "" when it is about none
	Partner   string
	What      string
	Detail    string
	Failed    bool
}

// Alerts is what the console needs of the watch; *alert.Watch is one.
type Alerts interface {
	Recent(ctx context.Context, limit int) ([]alert.Alert, error)
	Thresholds() map[alert.Kind]alert.Threshold
}

// A Storage is the room that the access point has and takes, in bytes.
type Storage struct {
	Path     string `json:"path"` // folder of the access point
	Total    int64  `json:"total"`
	Free     int64  `json:"free"` // for this process
	Database int64  `json:"database"`
	Payloads int64  `json:"payloads"` // sealed files of parts
	Files    int    `json:"files"`
}

// Config is what a Console needs. What may be nil leaves its pages out.
type Config struct {
	Base     string // path below which everything lies, such as "/console"; "" for the root
	Home     string // where the name of the site leads to; "" is the first page of ours
	Node     string // name of the access point, shown and put into authenticators
	DB       *store.DB
	Store    Store // sqlstore.Store.Console
	Sessions web.SessionStore
	Gateway  Gateway
	PModes   PModes // may be nil
	Proof    Proof  // may be nil
	Alerts   Alerts // may be nil

	// Diagnose tries a partner layer by layer; may be nil. It is given at most a minute.
	Diagnose func(ctx context.Context, p pmode.Party) partner.Report
	// Certificates are those of ours and of the partners as they are now; may be nil.
	Certificates func(ctx context.Context, now time.Time) ([]keystore.Watch, error)
	// Storage measures; may be nil. See StorageOf.
	Storage func(ctx context.Context) (Storage, error)

	Logins *web.Limiter // of logins from one address; nil is ten at once and one every twenty seconds
	URL    string       // address under which operators see the site, such as "https://ap.example:8444"; "" is that of the request
	HTTP   bool         // browsers reach the site without TLS: on this machine only
	// Strangers counts logins with names that nobody has, for the gauge of Gauges too; nil is one of its own.
	Strangers *Strangers

	Zone  *time.Location // for times on pages; nil is UTC
	Clock clock.Clock
	Log   *slog.Logger
}

// A Console is an http.Handler for all addresses below the base.
type Console struct {
	config    Config
	site      *web.Site[session]
	mux       *http.ServeMux
	hashing   chan struct{} // one for each password that is hashed at once
	guesses   guesses
	strangers *Strangers
	checked   checked
}

// A session is what the site remembers of one browser.
type session struct {
	Account string    // "" before the login
	Mark    string    // of the credentials that let the account in
	Begun   time.Time // of the login
	Seen    time.Time // last page, to the minute
	Half    string    // account whose password was right and whose code is awaited
	HalfAt  time.Time
	Secret  []byte // of a second factor that is being set up
	Notice  string // to be shown once
}

type visit = web.Visit[session]

// fileLimit is the size of a form with a P-Mode file in bytes.
const fileLimit = 9 << 20

// New makes the pages.
func New(c Config) (*Console, error) {
	if c.DB == nil || c.Store == nil || c.Sessions == nil || c.Gateway == nil || c.Clock.Now == nil || c.Log == nil {
		return nil, errors.New("console: database, stores, gateway, clock and logger are needed")
	}
	if c.Home == "" {
		c.Home = c.Base + "/"
	}
	if c.Node == "" {
		c.Node = "oots"
	}
	if c.Logins == nil {
		c.Logins = &web.Limiter{Burst: 10, Every: 20 * time.Second}
	}
	if c.Strangers == nil {
		c.Strangers = new(Strangers)
	}
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	p := &Console{config: c, strangers: c.Strangers, mux: http.NewServeMux(), hashing: make(chan struct{}, 2), site: &web.Site[session]{
		Names: edm.Texts{{Lang: "EN", Value: c.Node + " – console"}}, Home: c.Home, Base: c.Base, Roomy: true, Zone: c.Zone,
		Sessions: c.Sessions, Cookie: "oots_console", Insecure: c.HTTP, Clock: c.Clock, Log: c.Log,
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
	p.routes()
	return p, nil
}

// routes says which page lies where, and who may see it.
func (p *Console) routes() {
	b := p.config.Base
	p.site.Mount(p.mux)
	open := func(pattern string, f func(*visit) error) {
		method, path, _ := strings.Cut(pattern, " ")
		p.mux.Handle(method+" "+b+path, p.site.Handle(f))
	}
	open("GET /login", p.login)
	open("POST /login", p.postLogin)
	open("GET /code", p.code)
	open("POST /code", p.postCode)
	open("GET /factor", p.factor)
	open("POST /factor", p.postFactor)
	open("POST /logout", p.postLogout)
	open("GET /welcome", p.welcome)
	open("POST /welcome", p.postWelcome)
	for pattern, page := range p.pages() {
		method, path, _ := strings.Cut(pattern, " ")
		limit := int64(web.FormLimit)
		if path == "/pmodes/propose" || path == "/pmodes/activate" {
			limit = fileLimit
		}
		p.mux.Handle(method+" "+b+path, p.site.HandleUpTo(limit, p.only(page)))
	}
	p.mux.Handle("/", p.site.Missing())
}

// pages are those behind the login.
func (p *Console) pages() map[string]restricted {
	all := map[string]restricted{
		"GET /{$}":              {Reader, p.home},
		"GET /messages":         {Reader, p.messages},
		"GET /message":          {Reader, p.message},
		"GET /message/envelope": {Operator, p.envelope},
		"GET /message/receipt":  {Operator, p.receipt},
		"GET /message/act":      {Operator, p.act},
		"POST /message/act":     {Operator, p.postAct},
		"GET /audit":            {Reader, p.audit},
		"GET /accounts":         {Administrator, p.accounts},
		"POST /accounts":        {Administrator, p.postAccount},
		"POST /accounts/{name}": {Administrator, p.postAccountChange},
	}
	add := func(there bool, pattern string, page restricted) {
		if there {
			all[pattern] = page
		}
	}
	c := &p.config
	add(c.Proof != nil, "GET /trace", restricted{Reader, p.trace})
	add(c.Proof != nil, "POST /trace/proof", restricted{Operator, p.postProof})
	add(c.Alerts != nil, "GET /alerts", restricted{Reader, p.alerts})
	add(c.Storage != nil, "GET /storage", restricted{Reader, p.storage})
	add(c.PModes != nil || c.Certificates != nil, "GET /partners", restricted{Reader, p.partners})
	add(c.PModes != nil && c.Diagnose != nil, "POST /partners/test", restricted{Operator, p.postTest})
	add(c.PModes != nil, "GET /pmodes", restricted{Reader, p.pmodes})
	add(c.PModes != nil, "GET /pmodes/{number}", restricted{Reader, p.version})
	add(c.PModes != nil, "GET /pmodes/{number}/file", restricted{Administrator, p.versionFile})
	add(c.PModes != nil, "POST /pmodes/propose", restricted{Administrator, p.postPropose})
	add(c.PModes != nil, "POST /pmodes/activate", restricted{Administrator, p.postActivate})
	add(c.PModes != nil, "POST /pmodes/{number}/rollback", restricted{Administrator, p.postRollback})
	return all
}

// ServeHTTP implements http.Handler. A request that reaches this machine over its loopback, for a name that is not of
// this machine, comes from a page that has made its own name lead here: it is misdirected. [RFC 9110 15.5.20]
func (p *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.expects(r) {
		http.Error(w, "this name is not served here; behind a proxy on this machine, set backend.console.url", http.StatusMisdirectedRequest)
		return
	}
	p.mux.ServeHTTP(w, r)
}

// expects reports whether the host of a request is one of ours; only on the loopback are they known.
func (p *Console) expects(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok || !local.IP.IsLoopback() {
		return true
	}
	u := url.URL{Host: r.Host}
	name := strings.ToLower(u.Hostname())
	if own, err := url.Parse(p.config.URL); err == nil && own.Host != "" && name == strings.ToLower(own.Hostname()) {
		return true
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}
