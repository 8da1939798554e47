package zeep

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/backend"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/sqlstore"
	"oots/internal/wsplugin"
)

const (
	password  = "correct horse battery"
	plugin    = "/domibus/services/wsplugin"
	msh       = "/domibus/services/msh"
	partyType = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots"
)

// An accessPoint is one with its interface, on a TLS server.
type accessPoint struct {
	name    string
	keys    pki.Pair
	server  *httptest.Server
	mux     *http.ServeMux
	gateway *gateway.Gateway
	backend *backend.Service
}

// A world is two access points that trust each other.
type world struct {
	t      *testing.T
	root   string // file with the certificate that servers are below
	client *http.Client
	fr, de *accessPoint
}

func newWorld(t *testing.T) *world {
	t.Helper()
	a, err := pki.Open(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, root: a.RootFile(), client: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: a.Pool()}}}}
	w.fr, w.de = w.listen(a, "FR"), w.listen(a, "DE")
	w.open(w.fr, w.de, "fr")
	w.open(w.de, w.fr, "de")
	return w
}

func (w *world) listen(a *pki.Authority, name string) *accessPoint {
	w.t.Helper()
	p := &accessPoint{name: name, mux: http.NewServeMux()}
	var err error
	if p.keys, err = a.AccessPoint(name, name); err != nil {
		w.t.Fatal(err)
	}
	tlsKeys, err := a.Server(name+"-tls", "127.0.0.1")
	if err != nil {
		w.t.Fatal(err)
	}
	p.server = httptest.NewUnstartedServer(p.mux)
	p.server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{tlsKeys.Certificate.Raw}, PrivateKey: tlsKeys.Key}}}
	p.server.StartTLS()
	w.t.Cleanup(p.server.Close)
	return p
}

func (p *accessPoint) party() pmode.Party {
	c := p.keys.Certificate
	return pmode.Party{
		ID: ebms.PartyID{Type: partyType, Value: "AP_" + p.name + "_01"}, Role: "http://sdg.europa.eu/edelivery/gateway",
		URL: p.server.URL + msh, Signing: []*x509.Certificate{c}, Encryption: c,
	}
}

// outbox is the gateway, which is made after what submits to it.
type outbox struct{ *gateway.Gateway }

// open assembles p and lets it work until the test ends. Account is who may use its interface.
func (w *world) open(p, peer *accessPoint, account string) {
	w.t.Helper()
	db, err := sqlstore.Open(w.t.Context(), w.t.TempDir(), make([]byte, 32))
	if err != nil {
		w.t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	modes := &pmode.Set{
		Self: p.party(), Peers: []pmode.Party{peer.party()}, Properties: pmode.FourCorner(), Actions: []string{"ExecuteQueryRequest"},
		Service: ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "QueryManager"},
	}
	out := &outbox{}
	p.backend, err = backend.New(backend.Config{Store: db.Backend(), Gateway: out, PModes: modes, Clock: clock.System(), Suffix: p.name + ".test", Owner: p.name, Log: log})
	if err != nil {
		w.t.Fatal(err)
	}
	p.gateway, err = gateway.New(gateway.Config{
		Self:   wssec.Identity{Key: p.keys.Key, Decrypter: p.keys.Key.(crypto.Decrypter), Certificate: p.keys.Certificate},
		PModes: modes, Store: db.Gateway(), Spool: db.Spool, Client: w.client, Clock: clock.System(), Suffix: p.name + ".test", Owner: p.name, Log: log,
		Consume: p.backend.Consume, Fail: p.backend.Fail, Sent: p.backend.Sent,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	out.Gateway = p.gateway
	h, err := wsplugin.New(wsplugin.Config{Backend: p.backend, Spool: db.Spool, Log: log})
	if err != nil {
		w.t.Fatal(err)
	}
	p.mux.Handle(msh, p.gateway)
	p.mux.Handle(plugin, h)
	hash, err := backend.HashPassword(password)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := p.backend.PutAccount(w.t.Context(), backend.Account{Name: account, Password: hash, Role: backend.Admin}); err != nil {
		w.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.gateway.Run(ctx, 100*time.Millisecond)
	}()
	w.t.Cleanup(func() {
		stop()
		<-done
		db.Close()
	})
}
