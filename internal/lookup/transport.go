package lookup

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"time"
)

// NewTransport returns a transport as TDD 3.7 asks: TLS 1.2 and 1.3 with the suites and groups named there
// as far as Go has them (it has no CCM suites, no x448, no ffdhe groups), public access without client
// certificate. roots are those of the web server certificates; nil is the system's.
func NewTransport(roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{
			RootCAs:    roots,
			MinVersion: tls.VersionTLS12,
			CipherSuites: []uint16{
				tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
				tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
				tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
			},
			CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521},
		},
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // the digest is that of the body as sent
		MaxResponseHeaderBytes: 128 << 10,
		MaxConnsPerHost:        4,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  attemptTime,
		IdleConnTimeout:        time.Minute,
	}
}
