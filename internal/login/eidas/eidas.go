// Package eidas is a login.Method that identifies users through the eIDAS network: she chooses the country of her
// eID, the site asks its eIDAS connector in a signed SAML request, and the verified answer becomes a
// login.Identity. [eIDAS Message Format 1.4] [TDD 2]
//
// A login belongs to the browser that began it: the answer arrives by a post from another site, which brings no
// cookie, and is only taken up in a second request that does. An identity holds the eIDAS identifier as it was
// received; which identifiers may not be sent on is for the requester to know. Nothing of a person is logged.
package eidas

import (
	"crypto/x509"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"oots/edm"
	eid "oots/eid/eidas"
	"oots/eid/saml"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/web"
)

// Files are the texts and the pages.
//
//go:embed texts all:templates
var Files embed.FS

// A Service is one country whose eIDs users may choose.
type Service struct {
	Country string // of the eID: "EL"
	Peer    Peer   // who is asked: usually the connector of the site's own country
	// Through is the entity that answers in the end, named in the request so that a connector need not ask for
	// the country again; "" when the peer has only one.
	Through string
}

// Config is what a Method needs.
type Config struct {
	Names    edm.Texts // of the authority whose site the pages belong to
	Country  string    // of that site
	Lang     string    // when the browser wants none of ours; "" is that of the country
	Cookie   string    // of the site's sessions: the choice of language is kept beside it
	Base     string    // https address of the site; entity and addresses lie below it
	Services []Service // in any order

	Signing    saml.Signer
	Encryption []*x509.Certificate // announced, the current one first
	Keys       []saml.Decrypter    // the current one first, and old ones for a while
	Policy     saml.Policy
	Contacts   []saml.Contact
	// Level is what a login that leads back to the local path next asks for at least; nil asks for Substantial.
	Level func(next string) edm.LoA
	// Optional are attributes that are asked for beyond the minimum data set, those of natural persons and of
	// legal ones; nil means those that help to find a record.
	Optional []string
	// Latin writes a name of a country in Latin letters, for eIDs that send none; nil refuses such a login.
	Latin func(country, original string) string

	Sessions web.SessionStore // keeps what was begun, sealed
	Replay   saml.Replay      // nil is one of this process
	Demo     bool             // says on every page that all is invented
	Insecure bool             // cookies without Secure, for tests over plain HTTP
	Zone     *time.Location
	Clock    clock.Clock
	Log      *slog.Logger
}

// A Method is the eIDAS login of one site.
type Method struct {
	Config
	site     *web.Site[struct{}]
	arriving *web.Limiter

	mu       sync.Mutex
	metadata []byte // as last written
	written  time.Time
}

type visit = web.Visit[struct{}]

// New makes the method.
func New(c Config) (*Method, error) {
	switch {
	case c.Signing.Key == nil || c.Signing.Certificate == nil || len(c.Keys) == 0 || len(c.Encryption) == 0:
		return nil, errors.New("login/eidas: keys for signing and encryption are needed")
	case c.Base == "" || len(c.Services) == 0 || c.Sessions == nil:
		return nil, errors.New("login/eidas: an address, services and a store are needed")
	case len(c.Policy.Signatures) == 0:
		return nil, errors.New("login/eidas: a policy is needed")
	}
	if c.Replay == nil {
		c.Replay = &saml.Memory{}
	}
	if c.Level == nil {
		c.Level = func(string) edm.LoA { return edm.Substantial }
	}
	if c.Optional == nil {
		c.Optional = recommended()
	}
	m := &Method{Config: c, arriving: web.DefaultLimit()}
	m.site = &web.Site[struct{}]{
		Names: c.Names, Country: c.Country, Lang: c.Lang, Home: "/", Base: "/login/eidas", Demo: c.Demo, Personal: true, Zone: c.Zone,
		Cookie: c.Cookie, Insecure: c.Insecure, Clock: c.Clock, Log: c.Log,
	}
	return m, m.site.Use(Files)
}

// recommended are the attributes that help to find a record: no address, no gender. [TDD 4.5.1]
func recommended() []string {
	return []string{
		eid.PrefixNatural + "BirthName", eid.PrefixNatural + "PlaceOfBirth", eid.PrefixNatural + "CountryOfBirth", eid.PrefixNatural + "Nationality",
		eid.PrefixLegal + "VATRegistrationNumber", eid.PrefixLegal + "TaxReference", eid.PrefixLegal + "D-2012-17-EUIdentifier",
	}
}

// Name implements login.Method.
func (*Method) Name() string { return "eidas" }

// Describe implements login.Described.
func (m *Method) Describe(lang string) (title, text string) {
	p := m.site.Catalog.Printer(lang, m.Zone)
	return p.T("login/eidas/eidas.title"), p.T("login/eidas/eidas.text")
}

// Start implements login.Method.
func (*Method) Start(next string, level edm.LoA) string {
	return login.Address("/login/eidas/", next, level)
}

// Mount implements login.Method.
func (m *Method) Mount(mux *http.ServeMux, done func(http.ResponseWriter, *http.Request, login.Identity, string)) {
	m.site.Mount(mux)
	mux.Handle("GET /login/eidas/{$}", m.site.Handle(m.choose))
	mux.Handle("POST /login/eidas/{$}", m.site.Handle(m.begin))
	mux.HandleFunc("POST /login/eidas/response", m.arrive)
	mux.Handle("GET /login/eidas/return", m.site.Handle(func(v *visit) error { return m.end(v, done) }))
	mux.HandleFunc("GET /login/eidas/metadata", m.serveMetadata)
	mux.Handle("/login/eidas/", m.site.Missing())
}

// EntityID is the name of the site in the eIDAS network: the address of its metadata.
func (c *Config) EntityID() string { return c.Base + "/login/eidas/metadata" }

// consumer is the address that answers are posted to.
func (c *Config) consumer() string { return c.Base + "/login/eidas/response" }

// service finds a country.
func (c *Config) service(country string) (Service, bool) {
	i := slices.IndexFunc(c.Services, func(s Service) bool { return s.Country == country })
	if i < 0 {
		return Service{}, false
	}
	return c.Services[i], true
}
