package partner_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/clock"
	"oots/internal/partner"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// certified makes a certificate for a key below an issuer, or by itself when there is none.
func certified(t testing.TB, c *x509.Certificate, key crypto.Signer, issuer *x509.Certificate, issuerKey crypto.Signer) *x509.Certificate {
	t.Helper()
	c.SerialNumber, _ = rand.Int(rand.Reader, big.NewInt(1<<62))
	if c.NotBefore.IsZero() {
		c.NotBefore = now.AddDate(0, -1, 0)
	}
	if c.NotAfter.IsZero() {
		c.NotAfter = now.AddDate(1, 0, 0)
	}
	if issuer == nil {
		issuer, issuerKey = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, issuer, key.Public(), issuerKey)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// keys are RSA keys: they take long to make.
var keys = sync.OnceValues(func() (out [3]*rsa.PrivateKey, err error) {
	for i := range out {
		if out[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return out, err
		}
	}
	return out, nil
})

// access is the certificate of an access point with one of the keys.
func access(t testing.TB, name string, key *rsa.PrivateKey, until time.Time) wssec.Identity {
	c := certified(t, &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment}, key, nil, nil)
	return wssec.Identity{Key: key, Decrypter: key, Certificate: c}
}

// A site is a partner on this machine: its host has the name ap.test, whatever its port.
type site struct {
	t      testing.TB
	us, it wssec.Identity
	other  wssec.Identity // somebody else's key
	ca     *x509.Certificate
	caKey  crypto.Signer
	party  pmode.Party
	tools  partner.Tools
	answer http.HandlerFunc // of the server; nil is an access point in order
	leaf   *x509.Certificate
	server func(*tls.Config) // changes the TLS of the server
}

func newSite(t testing.TB) *site {
	t.Helper()
	k, err := keys()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, us: access(t, "AP_US", k[0], time.Time{}), it: access(t, "AP_IT", k[1], time.Time{}), other: access(t, "AP_IT", k[2], time.Time{})}
	s.caKey, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s.ca = certified(t, &x509.Certificate{Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, s.caKey, nil, nil)
	s.leaf = &x509.Certificate{Subject: pkix.Name{CommonName: "ap.test"}, DNSNames: []string{"ap.test"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	s.party = pmode.Party{ID: id("AP_IT"), Role: "http://sdg.europa.eu/edelivery/gateway", Signing: []*x509.Certificate{s.it.Certificate}, Encryption: s.it.Certificate}
	c := as4.TLS()
	c.RootCAs = x509.NewCertPool()
	c.RootCAs.AddCert(s.ca)
	s.tools = partner.Tools{Resolver: names{"ap.test": "127.0.0.1"}, Dial: (&net.Dialer{}).DialContext, TLS: c, Now: func() time.Time { return now },
		Limits: partner.Limits{TCP: 5 * time.Second, TLS: 5 * time.Second}}
	return s
}

func id(name string) ebms.PartyID {
	return ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots", Value: name}
}

// names is a resolver.
type names map[string]string

func (n names) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	switch ip, ok := n[host]; {
	case ip == "silent":
		<-ctx.Done()
		return nil, &net.DNSError{Err: ctx.Err().Error(), Name: host, IsTimeout: true}
	case ip == "broken":
		return nil, &net.DNSError{Err: "server misbehaving", Name: host, IsTemporary: true}
	case ok:
		return []net.IPAddr{{IP: net.ParseIP(ip)}}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (names) LookupCNAME(_ context.Context, host string) (string, error) { return host + ".", nil }

// start opens the server of the partner, and tells how to reach it.
func (s *site) start() *site {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	leaf := certified(s.t, s.leaf, key, s.ca, s.caKey)
	h := s.answer
	if h == nil {
		h = s.accessPoint(s.it, true)
	}
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}}, Time: func() time.Time { return now }}
	if s.server != nil {
		s.server(server.TLS)
	}
	server.StartTLS()
	s.t.Cleanup(server.Close)
	s.at(server.Listener)
	return s
}

// at tells that the partner listens there.
func (s *site) at(l net.Listener) {
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	s.party.URL = "https://ap.test:" + port + "/as4"
	c := s.tools.TLS.Clone()
	c.Time = func() time.Time { return now }
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return s.tools.Dial(ctx, network, l.Addr().String())
	}
	set := &pmode.Set{Self: pmode.Party{ID: id("AP_US"), Role: s.party.Role, URL: "https://us.test/as4", Signing: []*x509.Certificate{s.us.Certificate}, Encryption: s.us.Certificate},
		Peers: []pmode.Party{s.party}, Service: ebms.Service{Value: "QueryManager"}, Actions: []string{"ExecuteQueryRequest"}}
	s.tools.Ping = partner.Direct{PModes: set, Self: s.us, Clock: clock.Clock{Now: s.tools.Now, NewUUID: clock.UUID}, Suffix: "us.test",
		Client: &http.Client{Transport: &http.Transport{TLSClientConfig: c, DialContext: dial}}}.Ping
}

// accessPoint answers test messages as it should: with a receipt signed by who, or not signed.
func (s *site) accessPoint(who wssec.Identity, signed bool) http.HandlerFunc {
	us := pmode.Party{ID: id("AP_US"), Role: s.party.Role, URL: "https://us.test/as4", Signing: []*x509.Certificate{s.us.Certificate}, Encryption: s.us.Certificate}
	it := s.party
	it.URL = "https://ap.test/as4"
	r := &as4.Receiver{Self: []wssec.Identity{s.it}, Now: func() time.Time { return now },
		PModes: &pmode.Set{Self: it, Peers: []pmode.Party{us}, Service: ebms.Service{Value: "QueryManager"}, Actions: []string{"ExecuteQueryRequest"}}}
	return func(w http.ResponseWriter, q *http.Request) {
		if q.Method != http.MethodPost {
			http.Error(w, "no message", http.StatusMethodNotAllowed)
			return
		}
		var e *as4.Entity
		in, err := r.Receive(q.Header.Get("Content-Type"), q.Body)
		var refusal *as4.Refusal
		switch {
		case errors.As(err, &refusal):
			e, err = refusal.Entity(clock.UUID()+"@ap.test", now, &who)
		case !signed:
			receipt := &ebms.Receipt{}
			for _, r := range in.References {
				receipt.References = append(receipt.References, ebms.Reference{Raw: r.Raw})
			}
			m := &ebms.SignalMessage{Timestamp: now, MessageID: clock.UUID() + "@ap.test", RefToMessageID: in.Message.MessageID, Receipt: receipt}
			e = &as4.Entity{ContentType: `application/soap+xml; charset="UTF-8"`, Envelope: ebms.AppendSignalEnvelope(nil, m, "messaging", "body")}
		default:
			e, err = as4.Receipt(in, clock.UUID()+"@ap.test", now, who)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", e.ContentType)
		e.WriteTo(w)
	}
}
