package node

import (
	"crypto/tls"
	"crypto/x509"

	"oots/edelivery/as4"
)

// tlsConfig is TLS as TDD 3.7 asks, with the groups named there. Roots are whom a client trusts; nil for a
// server.
func tlsConfig(roots *x509.CertPool) *tls.Config {
	c := as4.TLS()
	c.RootCAs = roots
	c.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521}
	return c
}
