package partner_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/wssec"
	"oots/internal/clock"
	"oots/internal/partner"
)

// listen opens a listener that does nothing but what serve does with each connection.
func listen(t testing.TB, serve func(net.Conn)) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return l
}

// says answers every request with a status and a text.
func says(status int, kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		if status/100 == 3 {
			w.Header().Set("Location", "https://elsewhere.test/")
		}
		w.WriteHeader(status)
		w.Write([]byte(text))
	}
}

// posted answers posts so, and a GET as an access point does.
func posted(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		h(w, r)
	}
}

const page = "<html><body>maintenance</body></html>"

// TestCauses breaks each layer in each way that it can break, on listeners of this machine.
func TestCauses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		layer partner.Layer
		cause partner.Cause
		spoil func(*site)
	}{
		{"in order", "", "", func(s *site) { s.start() }},
		{"no address", partner.DNS, partner.BadURL, func(s *site) { s.party.URL = "" }},
		{"plain HTTP", partner.DNS, partner.BadURL, func(s *site) { s.party.URL = "http://ap.test/as4" }},
		{"name unknown", partner.DNS, partner.NameUnknown, func(s *site) { s.party.URL = "https://nowhere.test/as4" }},
		{"name server broken", partner.DNS, partner.NameServer, func(s *site) { s.party.URL = "https://ap.test/"; s.tools.Resolver = names{"ap.test": "broken"} }},
		{"name server silent", partner.DNS, partner.NameTimeout, func(s *site) {
			s.party.URL, s.tools.Resolver, s.tools.Limits.DNS = "https://ap.test/", names{"ap.test": "silent"}, time.Millisecond
		}},
		{"refused", partner.TCP, partner.Refused, func(s *site) {
			l := listen(s.t, func(c net.Conn) { c.Close() })
			s.at(l)
			l.Close()
		}},
		{"no connection in time", partner.TCP, partner.ConnectTimeout, func(s *site) {
			s.party.URL, s.tools.Limits.TCP = "https://ap.test/", time.Millisecond
			s.tools.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
		}},
		{"unreachable", partner.TCP, partner.Unreachable, func(s *site) {
			s.party.URL = "https://ap.test/"
			s.tools.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no route to host") }
		}},
		{"TLS silent", partner.TLS, partner.TLSTimeout, func(s *site) {
			s.tools.Limits.TLS = 20 * time.Millisecond
			s.at(listen(s.t, func(c net.Conn) { s.t.Cleanup(func() { c.Close() }) }))
		}},
		{"TLS closed", partner.TLS, partner.TLSClosed, func(s *site) {
			s.at(listen(s.t, func(c net.Conn) { c.Read(make([]byte, 1<<12)); c.Close() }))
		}},
		{"no TLS", partner.TLS, partner.TLSNotSpoken, func(s *site) {
			s.at(listen(s.t, func(c net.Conn) {
				c.Read(make([]byte, 1<<12))
				c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
				c.Close()
			}))
		}},
		{"TLS 1.1", partner.TLS, partner.TLSVersion, func(s *site) {
			s.server = func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }
			s.start()
		}},
		{"suites", partner.TLS, partner.TLSSuites, func(s *site) {
			s.server = func(c *tls.Config) {
				c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}
			}
			s.start()
		}},
		{"server certificate expired", partner.TLS, partner.TLSExpired, func(s *site) {
			s.leaf.NotBefore, s.leaf.NotAfter = now.AddDate(0, -2, 0), now.AddDate(0, 0, -1)
			s.start()
		}},
		{"server certificate not yet valid", partner.TLS, partner.TLSNotYet, func(s *site) { s.leaf.NotBefore = now.AddDate(0, 0, 1); s.start() }},
		{"wrong name", partner.TLS, partner.TLSName, func(s *site) { s.leaf.DNSNames = []string{"other.test"}; s.start() }},
		{"unknown authority", partner.TLS, partner.TLSAuthority, func(s *site) { s.tools.TLS.RootCAs = x509.NewCertPool(); s.start() }},
		{"client certificate in TLS 1.2", partner.TLS, partner.TLSClient, func(s *site) {
			s.server = func(c *tls.Config) { c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 }
			s.start()
		}},
		{"client certificate in TLS 1.3", partner.HTTP, partner.TLSClient, func(s *site) {
			s.server = func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }
			s.start()
		}},
		{"no certificate", partner.Certificates, partner.CertificateMissing, func(s *site) { s.start(); s.party.Signing, s.party.Encryption = nil, nil }},
		{"certificate expired", partner.Certificates, partner.CertificateExpired, func(s *site) { s.start(); s.party.Signing = []*x509.Certificate{old(s)} }},
		{"encryption certificate expired", partner.Certificates, partner.CertificateExpired, func(s *site) { s.start(); s.party.Encryption = old(s) }},
		{"key of another kind", partner.Certificates, partner.CertificateWeak, func(s *site) { s.start(); s.party.Encryption = curved(s) }},
		{"404", partner.HTTP, partner.HTTPPath, func(s *site) { s.answer = says(404, "text/html", page); s.start() }},
		{"redirect", partner.HTTP, partner.HTTPRedirect, func(s *site) { s.answer = says(302, "text/html", page); s.start() }},
		{"bad gateway", partner.HTTP, partner.HTTPBehind, func(s *site) { s.answer = says(502, "text/html", page); s.start() }},
		{"HTTP silent", partner.HTTP, partner.HTTPTimeout, func(s *site) {
			s.tools.Limits.HTTP = 50 * time.Millisecond
			s.answer = func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					<-r.Context().Done()
					return
				}
				s.accessPoint(s.it, true)(w, r)
			}
			s.start()
		}},
		{"500", partner.AS4, partner.NoSignal, func(s *site) { s.answer = says(500, "text/html", page); s.start() }},
		{"web page", partner.AS4, partner.NoSignal, func(s *site) { s.answer = says(200, "text/html", page); s.start() }},
		{"forbidden", partner.AS4, partner.HTTPForbidden, func(s *site) { s.answer = says(403, "text/html", page); s.start() }},
		{"unsigned", partner.AS4, partner.Unsigned, func(s *site) { s.answer = s.accessPoint(s.it, false); s.start() }},
		{"wrong signer", partner.AS4, partner.WrongSigner, func(s *site) { s.answer = s.accessPoint(s.other, true); s.start() }},
		{"ebMS error", partner.AS4, partner.NoPMode, func(s *site) { s.answer = posted(refusing(ebms.ProcessingModeMismatch, s.it)); s.start() }},
		{"our signature", partner.AS4, partner.RefusedUs, func(s *site) { s.answer = posted(refusing(ebms.FailedAuthentication, s.it)); s.start() }},
		{"no answer", partner.AS4, partner.NoAnswer, func(s *site) {
			s.tools.Limits.AS4 = 50 * time.Millisecond
			s.answer = posted(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); <-r.Context().Done() })
			s.start()
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			tc.spoil(s)
			r := partner.Diagnose(t.Context(), s.party, s.tools)
			check(t, r, tc.layer, tc.cause)
		})
	}
}

// check looks for the layer that failed, and that those after it were not tried.
func check(t *testing.T, r partner.Report, layer partner.Layer, cause partner.Cause) {
	t.Helper()
	if r.Broken() != layer || r.Reached() != (layer == "") || len(r.Steps) != len(partner.Layers()) {
		t.Fatalf("broken %q: %+v", r.Broken(), r.Steps)
	}
	past := false
	for _, s := range r.Steps {
		if s.Layer == layer {
			past = true
			if a := s.Cause.Advice(); s.Cause != cause || s.Detail == "" || a.Meaning == "" || a.Try == "" {
				t.Errorf("%+v, want %s", s, cause)
			}
			continue
		}
		tried := s.Layer == partner.Certificates || !past || layer == partner.Certificates || layer == partner.HTTP
		if got := s.Verdict != partner.NotTried; got != tried {
			t.Errorf("%s: %s after %s", s.Layer, s.Verdict, layer)
		}
	}
}

// old is a certificate of the partner that has ended.
func old(s *site) *x509.Certificate {
	k, _ := keys()
	return access(s.t, "AP_IT", k[1], now.AddDate(0, 0, -1)).Certificate
}

// curved is a certificate that nothing can be encrypted for by the profile.
func curved(s *site) *x509.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	return certified(s.t, &x509.Certificate{Subject: pkix.Name{CommonName: "AP_IT"}}, key, nil, nil)
}

// refusing answers with a signed error.
func refusing(code string, who wssec.Identity) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		e, err := as4.ErrorSignal([]ebms.Error{{Code: code, Severity: ebms.SeverityFailure, ShortDescription: "x", Detail: "the reason"}}, "", clock.UUID()+"@ap.test", now, &who)
		if err != nil {
			http.Error(w, err.Error(), http.StatusTeapot)
			return
		}
		w.Header().Set("Content-Type", e.ContentType)
		e.WriteTo(w)
	}
}

// TestDoubts shows what works and will not for long.
func TestDoubts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.leaf.NotAfter = now.AddDate(0, 0, 20)
	s.start()
	k, _ := keys()
	s.party.Encryption = access(t, "AP_IT", k[1], now.AddDate(0, 0, 10)).Certificate
	r := partner.Diagnose(t.Context(), s.party, s.tools)
	if !r.Reached() {
		t.Fatalf("%+v", r.Steps)
	}
	if r.Steps[2].Verdict != partner.Doubtful || r.Steps[2].Cause != partner.TLSSoon || r.Steps[3].Verdict != partner.Doubtful || r.Steps[3].Cause != partner.CertificateSoon {
		t.Errorf("%+v", r.Steps)
	}
}

// TestClientCertificate tells that the server asks for one, and whether it gets one.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.server = func(c *tls.Config) { c.ClientAuth = tls.RequestClientCert }
	s.start()
	fact := func() string {
		for _, f := range partner.Diagnose(t.Context(), s.party, s.tools).Steps[2].Facts {
			if f.Name == "client certificate" {
				return f.Value
			}
		}
		return ""
	}
	if got := fact(); got != "asked for, and we have none that it accepts" {
		t.Error(got)
	}
	s.tools.TLS.Certificates = []tls.Certificate{{Certificate: [][]byte{s.us.Certificate.Raw}, PrivateKey: s.us.Key}}
	if got := fact(); got != "asked for, and given" {
		t.Error(got)
	}
}

// TestSomeAddresses goes on to the next address of a name.
func TestSomeAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t).start()
	n := 0
	dial := s.tools.Dial
	s.tools.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if n++; n == 1 {
			return nil, errors.New("no route to host")
		}
		return dial(ctx, network, address)
	}
	s.tools.Resolver = twice{}
	r := partner.Diagnose(t.Context(), s.party, s.tools)
	if r.Steps[1].Verdict != partner.Doubtful || r.Steps[1].Cause != partner.SomeAddresses || !r.Reached() {
		t.Errorf("%+v", r.Steps)
	}
}

type twice struct{ names }

func (twice) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) {
	return []net.IPAddr{{IP: net.ParseIP("127.0.0.1")}, {IP: net.ParseIP("127.0.0.1")}}, nil
}
