// Package eidasnode is an eIDAS node of a demonstration: the connector of one country, and for each country of
// its test persons a proxy service with an identity provider, which lets anybody be one of them. All messages are
// those of the eIDAS profile, signed and encrypted with keys made for the moment; what they prove is nothing.
//
// It is for demonstrations and tests and does not start unless the configuration says so.
package eidasnode

import (
	"crypto/ecdsa"
	"crypto/x509"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"oots/edm"
	"oots/eid/saml"
	"oots/internal/clock"
	"oots/internal/login/demo"
	"oots/internal/login/eidas"
	"oots/internal/web"
)

// Files are the texts and the pages.
//
//go:embed texts all:templates
var Files embed.FS

// Config is what a Node needs.
type Config struct {
	// Demonstration must be true. It says: whoever comes may be anybody, and every site that trusts this node
	// is a demonstration.
	Demonstration bool
	Names         edm.Texts // of who runs the node
	Country       string    // of the connector
	Lang          string    // when the browser wants none of ours; "" is that of the country
	Cookie        string    // the choice of language is kept beside it
	Base          string    // https address of the host that the node is mounted on
	// Persons are whom a user may be, those of one country together. One who represents another is a person
	// of her own: her identity has a representative.
	Persons []demo.Person
	// Sites are the service providers that may ask, by their metadata.
	Sites []eidas.Peer
	Zone  *time.Location
	Clock clock.Clock
	Log   *slog.Logger
}

// ErrNoDemonstration says that the configuration does not allow a node whose logins prove nothing.
var ErrNoDemonstration = errors.New("eidasnode: this node lets anybody be anybody; it starts for demonstrations only")

// A Node is the demonstration node.
type Node struct {
	Config
	site      *web.Site[struct{}]
	policy    saml.Policy
	connector keys
	proxies   map[string]keys // by country
	replay    saml.Memory

	mu   sync.Mutex
	open map[string]*passage // by a secret name
}

// keys are those of one entity.
type keys struct {
	signer saml.Signer
	own    *ecdsa.PrivateKey // that others encrypt to
	cert   *x509.Certificate // of own
}

type visit = web.Visit[struct{}]

// New makes a node with new keys.
func New(c Config) (*Node, error) {
	if !c.Demonstration {
		return nil, ErrNoDemonstration
	}
	if c.Base == "" || len(c.Persons) == 0 {
		return nil, errors.New("eidasnode: an address and persons are needed")
	}
	n := &Node{Config: c, policy: saml.Strict(), proxies: map[string]keys{}, open: map[string]*passage{}}
	n.policy.Lifetime = patience
	var err error
	if n.connector, err = newKeys(n.connectorID(), c.Clock.Now()); err != nil {
		return nil, err
	}
	for _, country := range n.Countries() {
		if n.proxies[country], err = newKeys(n.ProxyID(country), c.Clock.Now()); err != nil {
			return nil, err
		}
	}
	n.site = &web.Site[struct{}]{
		Names: c.Names, Country: c.Country, Lang: c.Lang, Home: "/eidas/", Base: "/eidas", Demo: true, Personal: true, Zone: c.Zone,
		Cookie: c.Cookie, Clock: c.Clock, Log: c.Log,
	}
	return n, n.site.Use(Files, texts{demo.Files})
}

// Countries are those of the test persons.
func (n *Node) Countries() []string {
	var out []string
	for _, p := range n.Persons {
		if !slices.Contains(out, p.Identity.Country) {
			out = append(out, p.Identity.Country)
		}
	}
	return out
}

// ConnectorMetadata is the address of the connector's metadata, and its name in the network.
func (n *Node) ConnectorMetadata() string { return n.connectorID() }

// Anchor is the certificate that signs the connector's metadata.
func (n *Node) Anchor() *x509.Certificate { return n.connector.signer.Certificate }

func (n *Node) connectorID() string { return n.Base + "/eidas/connector/metadata" }

// ProxyID is the name of the proxy service of a country, and the address of its metadata.
func (n *Node) ProxyID(country string) string { return n.Base + "/eidas/" + country + "/metadata" }

// Mount adds the pages and addresses of the node below /eidas/ of its host.
func (n *Node) Mount(mux *http.ServeMux) {
	n.site.Mount(mux)
	mux.Handle("GET /eidas/{$}", n.site.Handle(n.about))
	mux.HandleFunc("GET /eidas/connector/metadata", n.serveConnector)
	mux.Handle("GET /eidas/connector/request", n.site.Handle(n.ask))
	mux.Handle("POST /eidas/connector/request", n.fromOtherSite(n.ask))
	mux.Handle("GET /eidas/connector/country", n.site.Handle(n.country))
	mux.HandleFunc("GET /eidas/{country}/metadata", n.serveProxy)
	mux.Handle("GET /eidas/{country}/request", n.site.Handle(n.receive))
	mux.Handle("GET /eidas/{country}/person", n.site.Handle(n.choose))
	mux.Handle("POST /eidas/{country}/person", n.site.Handle(n.choose))
	mux.Handle("POST /eidas/{country}/consent", n.site.Handle(n.consent))
	mux.Handle("/eidas/", n.site.Missing())
}

// fromOtherSite answers a post of another site, whose content is signed: the check that a form is ours would
// refuse it.
func (n *Node) fromOtherSite(f func(*visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := r.ParseForm(); err != nil {
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		n.site.TakeOver(w, r, f)
	})
}

const maxBody = 512 << 10
