package oidc

import (
	"context"
	"crypto"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/web"
)

// Files are the texts and the page.
//
//go:embed texts all:templates
var Files embed.FS

// Config is what a Method needs.
type Config struct {
	Method   string    // stable name of the method, for routes: "oidc", "franceconnect"
	Title    edm.Texts // what the login is called: "ID Austria"; none for a general name
	Names    edm.Texts // of the authority whose site the page belongs to
	Country  string    // of that site
	Lang     string    // when the browser wants none of ours; "" is that of the country
	Cookie   string    // of the site's sessions: the choice of language is kept beside it
	Base     string    // https address of the site
	EID      string    // country of the eIDs behind the gateway; "" takes it from the identifier
	Issuer   string    // of the gateway, as its discovery document says it
	ClientID string
	Secret   string // for client_secret_basic; "" with a Key, or for a public client
	// Key authenticates the client by private_key_jwt instead: ECDSA on P-256, or RSA of at least 2048 bits.
	// KeyID names it to the gateway. [OpenID Connect Core 1.0 §9]
	Key    crypto.Signer
	KeyID  string
	Scopes []string          // beside "openid"
	Params map[string]string // further parameters of the request: "idp_hint"
	// ACR are the values of acr_values for each level that may be asked.
	ACR      map[edm.LoA]string
	UserInfo bool // claims are fetched from there, too
	Mapping  Mapping
	// Decrypt opens an encrypted ID token; nil takes none.
	Decrypt func(token string) (string, error)
	// Level is what a login that leads back to the local path next asks for at least; nil asks for Substantial.
	Level func(next string) edm.LoA

	Client   *http.Client // with a time limit
	Sessions web.SessionStore
	Demo     bool
	Insecure bool // cookies without Secure, for tests over plain HTTP
	Zone     *time.Location
	Clock    clock.Clock
	Log      *slog.Logger
}

// A Method is the login through one gateway.
type Method struct {
	Config
	site *web.Site[struct{}]

	mu       sync.Mutex
	provider *oidc.Provider // nil until the gateway has answered
}

type visit = web.Visit[struct{}]

var methodName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)

// New makes the method. The gateway is not asked before somebody logs in.
func New(c Config) (*Method, error) {
	switch {
	case !methodName.MatchString(c.Method):
		return nil, errors.New("login/oidc: a method needs a short name in lower case")
	case c.Base == "" || c.Issuer == "" || c.ClientID == "" || c.Client == nil || c.Sessions == nil:
		return nil, errors.New("login/oidc: address, issuer, client and store are needed")
	}
	if err := c.Mapping.Check(); err != nil {
		return nil, err
	}
	if c.Level == nil {
		c.Level = func(string) edm.LoA { return edm.Substantial }
	}
	m := &Method{Config: c}
	m.site = &web.Site[struct{}]{
		Names: c.Names, Country: c.Country, Lang: c.Lang, Home: "/", Base: "/login/" + c.Method, Demo: c.Demo, Personal: true, Zone: c.Zone,
		Cookie: c.Cookie, Insecure: c.Insecure, Clock: c.Clock, Log: c.Log,
	}
	return m, m.site.Use(Files)
}

// Name implements login.Method.
func (m *Method) Name() string { return m.Method }

// Describe implements login.Described.
func (m *Method) Describe(lang string) (title, text string) {
	p := m.site.Catalog.Printer(lang, m.Zone)
	if title = p.In(m.Title).Value; title == "" {
		title = p.T("login/oidc/oidc.title")
	}
	return title, p.T("login/oidc/oidc.text")
}

// Start implements login.Method.
func (m *Method) Start(next string, level edm.LoA) string {
	return login.Address("/login/"+m.Method+"/", next, level)
}

// Mount implements login.Method.
func (m *Method) Mount(mux *http.ServeMux, done func(http.ResponseWriter, *http.Request, login.Identity, string)) {
	m.site.Mount(mux)
	at := "/login/" + m.Method
	mux.Handle("GET "+at+"/{$}", m.site.Handle(m.begin))
	mux.Handle("GET "+at+"/callback", m.site.Handle(func(v *visit) error { return m.callback(v, done) }))
	mux.Handle(at+"/", m.site.Missing())
}

// gateway returns what the gateway says of itself, asked once.
func (m *Method) gateway(ctx context.Context) (*oidc.Provider, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.provider != nil {
		return m.provider, nil
	}
	// The provider keeps this context for its keys: it must outlive the request.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), m.Client), m.Issuer)
	if err != nil {
		return nil, err
	}
	m.provider = p
	return p, nil
}

func (m *Method) oauth(p *oidc.Provider) *oauth2.Config {
	c := &oauth2.Config{
		ClientID: m.ClientID, ClientSecret: m.Secret, Endpoint: p.Endpoint(), RedirectURL: m.Base + "/login/" + m.Method + "/callback",
		Scopes: append([]string{oidc.ScopeOpenID}, m.Scopes...),
	}
	c.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if m.Secret == "" {
		c.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return c
}
