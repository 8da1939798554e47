package accesspoint

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"oots/internal/accesspoint/settings"
)

// groups are the names of key exchange groups that can be chosen. [TDD 3.7 §3.4]
func groups() map[string]tls.CurveID {
	return map[string]tls.CurveID{
		"X25519": tls.X25519, "P-256": tls.CurveP256, "P-384": tls.CurveP384, "P-521": tls.CurveP521,
		"secp256r1": tls.CurveP256, "secp384r1": tls.CurveP384, "secp521r1": tls.CurveP521, "X25519MLKEM768": tls.X25519MLKEM768,
	}
}

// suites are the sound cipher suites of TLS 1.2 by name.
func suites() map[string]uint16 {
	out := map[string]uint16{}
	for _, s := range tls.CipherSuites() {
		for _, v := range s.SupportedVersions {
			if v == tls.VersionTLS12 {
				out[s.Name] = s.ID
			}
		}
	}
	return out
}

// protocol makes what the configuration says of versions, suites and groups. [TDD 3.7 §3.1-3.4]
func protocol(c settings.ServerTLS, field string) (*tls.Config, error) {
	out := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	if c.Minimum == "1.3" {
		out.MinVersion = tls.VersionTLS13
	}
	known := suites()
	for i, name := range c.Suites {
		id, ok := known[name]
		if !ok {
			return nil, &fault{fmt.Sprintf("%s.suites[%d]", field, i+1), "", fmt.Errorf("%.60q is no sound cipher suite of TLS 1.2", name), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}
		}
		out.CipherSuites = append(out.CipherSuites, id)
	}
	named := groups()
	for i, name := range c.Groups {
		id, ok := named[name]
		if !ok {
			return nil, &fault{fmt.Sprintf("%s.groups[%d]", field, i+1), "", fmt.Errorf("%.60q is no group that is known", name), "X25519, P-256, P-384, P-521"}
		}
		out.CurvePreferences = append(out.CurvePreferences, id)
	}
	return out, nil
}

// serverConfig makes the TLS of a listener from its files.
func serverConfig(c settings.ServerTLS, field string, verified bool) (*tls.Config, error) {
	out, err := protocol(c, field)
	if err != nil {
		return nil, err
	}
	if c.Certificate == "" || c.Key == "" {
		return nil, &fault{field + ".certificate", "", errors.New("certificate and key are needed"), "oots quickstart, which makes both, or off: true behind a proxy"}
	}
	pair, err := keyPair(c.Certificate, c.Key, field)
	if err != nil {
		return nil, err
	}
	out.Certificates = []tls.Certificate{pair}
	pool, err := roots(c.ClientTrust, false)
	if err != nil {
		return nil, &fault{field + ".clientTrust", "", err, ""}
	}
	out.ClientCAs = pool
	switch {
	case c.Clients == "none":
	case pool == nil && (verified || c.Clients == "require"):
		return nil, &fault{field + ".clientTrust", "", errors.New("clients are asked for certificates, and none is trusted"), "clientTrust: [FILE]"}
	case c.Clients == "require":
		out.ClientAuth = tls.RequireAndVerifyClientCert
	case pool == nil:
		out.ClientAuth = tls.RequestClientCert // the account says which
	default:
		out.ClientAuth = tls.VerifyClientCertIfGiven
	}
	return out, nil
}

// keyPair reads a certificate and its key, which nobody else may read.
func keyPair(certificate, key settings.Path, field string) (tls.Certificate, error) {
	b, err := readBounded(string(certificate))
	if err != nil {
		return tls.Certificate{}, &fault{field + ".certificate", string(certificate), err, ""}
	}
	k, err := privateKey(string(key))
	if err != nil {
		return tls.Certificate{}, &fault{field + ".key", string(key), err, "chmod 600 " + string(key)}
	}
	pair, err := tls.X509KeyPair(b, k)
	if err != nil {
		return tls.Certificate{}, &fault{field + ".certificate", string(certificate), errors.New(strings.TrimPrefix(err.Error(), "tls: ")), ""}
	}
	return pair, nil
}

// A serving is the TLS of one listener, which is exchanged while it listens: connections that are there go on.
type serving struct {
	settings settings.ServerTLS
	field    string
	verified bool // a client's certificate counts only below clientTrust
	current  atomic.Pointer[tls.Config]
}

func (s *serving) load() error {
	c, err := serverConfig(s.settings, s.field, s.verified)
	if err != nil {
		return err
	}
	s.current.Store(c)
	return nil
}

// config is what the listener gets; each connection gets what is current.
func (s *serving) config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return s.current.Load(), nil },
	}
}

// leaf is the certificate in use; nil when the listener has none.
func (s *serving) leaf() *x509.Certificate {
	c := s.current.Load()
	if c == nil || len(c.Certificates) == 0 {
		return nil
	}
	return c.Certificates[0].Leaf
}

func (s *serving) files() []settings.Path {
	return append([]settings.Path{s.settings.Certificate, s.settings.Key}, s.settings.ClientTrust...)
}

// A sending is how this access point reaches servers. It is exchanged while it is used: requests that have begun end
// with what they began with.
type sending struct {
	trust   []settings.Path
	machine bool // trusts those of the machine, too
	client  settings.KeyPair
	tls     settings.ServerTLS // versions, suites and groups
	proxy   string             // address; "" is none
	field   string             // of trust
	current atomic.Pointer[http.Transport]
}

// RoundTrip implements http.RoundTripper.
func (s *sending) RoundTrip(r *http.Request) (*http.Response, error) {
	return s.current.Load().RoundTrip(r)
}

// CloseIdleConnections lets the connections go that nobody uses.
func (s *sending) CloseIdleConnections() { s.current.Load().CloseIdleConnections() }

func (s *sending) load() error {
	c, err := protocol(s.tls, "as4.tls")
	if err != nil {
		return err
	}
	if c.RootCAs, err = roots(s.trust, s.machine); err != nil {
		return &fault{s.field, "", err, ""}
	}
	if s.client.Certificate != "" || s.client.Key != "" {
		pair, err := keyPair(s.client.Certificate, s.client.Key, "as4.client")
		if err != nil {
			return err
		}
		c.Certificates = []tls.Certificate{pair}
	}
	proxy, err := proxyOf(s.proxy, strings.TrimSuffix(s.field, ".trust")+".proxy")
	if err != nil {
		return err
	}
	dial := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	old := s.current.Swap(&http.Transport{
		Proxy: proxy, DialContext: dial.DialContext, TLSClientConfig: c, TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second, DisableCompression: true,
	})
	if old != nil {
		old.CloseIdleConnections()
	}
	return nil
}

// proxyOf is the proxy of the configuration. The environment has no say: who can set a variable of the process could
// lead messages elsewhere.
func proxyOf(address, field string) (func(*http.Request) (*url.URL, error), error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Path != "" && u.Path != "/" {
		return nil, &fault{field, "", errors.New("it is no address of a proxy"), "http://proxy.example.org:3128"}
	}
	return http.ProxyURL(u), nil
}

func (s *sending) files() []settings.Path {
	return append([]settings.Path{s.client.Certificate, s.client.Key}, s.trust...)
}
