package lookup

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// TransportOptions are what can be set on the way to a directory. [TDD 3.7 §3.1]
type TransportOptions struct {
	Roots *x509.CertPool // of web server certificates; nil is the system's

	// MinVersion is tls.VersionTLS12 for 0; lower is raised to it. Suites are those of TLS 1.2, nil for the
	// ones that TDD 3.7 names as far as Go has them; Go does not let those of TLS 1.3 be chosen.
	MinVersion uint16
	Suites     []uint16

	// Log gets a line for each new connection to a server whose certificate is not as TDD 3.7 asks, which
	// harms nobody else; nil does not look.
	Log *slog.Logger
}

// NewTransport returns a transport as TDD 3.7 asks: TLS 1.2 and 1.3 with the suites and groups named there
// as far as Go has them (it has no CCM suites, no x448, no ffdhe groups), public access without client
// certificate. roots are those of the web server certificates; nil is the system's.
func NewTransport(roots *x509.CertPool) *http.Transport {
	return TransportOptions{Roots: roots}.Transport()
}

// Transport returns a transport as NewTransport does, with the options.
func (o TransportOptions) Transport() *http.Transport {
	if o.Suites == nil {
		o.Suites = []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		}
	}
	c := &tls.Config{
		RootCAs:          o.Roots,
		MinVersion:       max(o.MinVersion, tls.VersionTLS12),
		CipherSuites:     o.Suites,
		CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521},
	}
	if o.Log != nil {
		c.VerifyConnection = func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 {
				return nil
			}
			if err := CheckServerProfile(s.PeerCertificates[0]); err != nil {
				o.Log.Warn("server certificate is not as TDD 3.7 asks", "server", s.ServerName, "breaches", strings.ReplaceAll(err.Error(), "\n", "; "))
			}
			return nil
		}
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		TLSClientConfig:        c,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // the digest is that of the body as sent
		MaxResponseHeaderBytes: 128 << 10,
		MaxConnsPerHost:        maxParallel,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  attemptTime,
		IdleConnTimeout:        time.Minute,
	}
}

// maxValidity is the longest life of a server certificate: 398 days. [TDD 3.7 §3.5]
const maxValidity = 398 * 24 * time.Hour

// CheckServerProfile says in which points the certificate of a web server is not as TDD 3.7 §3.5 asks; the
// points are joined. Whether it is trusted is another matter.
func CheckServerProfile(c *x509.Certificate) error {
	var points []error
	want := func(ok bool, point string) {
		if !ok {
			points = append(points, errors.New(point))
		}
	}
	want(c.KeyUsage&x509.KeyUsageDigitalSignature != 0, "key usage lacks digitalSignature")
	want(slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth), "extended key usage lacks serverAuth")
	want(!slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth), "extended key usage holds clientAuth")
	want(!c.IsCA, "it is the certificate of an authority")
	want(len(c.DNSNames)+len(c.IPAddresses) > 0, "subject alternative name is missing")
	want(c.NotAfter.Sub(c.NotBefore) <= maxValidity, "it is valid for more than 398 days")
	return errors.Join(points...)
}
