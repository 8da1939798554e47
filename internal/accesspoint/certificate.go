package accesspoint

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"oots/internal/accesspoint/settings"
)

// The bounds of server certificates. [TDD 3.7 §3.5]
const (
	maxServerLife = 398 * 24 * time.Hour
	minServerRSA  = 2048
	minServerEC   = 256
)

// ServerProfile says what of a server certificate is not as the profile asks: key usage digitalSignature, extended key
// usage serverAuth and no clientAuth, no authority, a subjectAltName, at most 398 days. [TDD 3.7 §3.5] Nothing is the
// best answer; partners may refuse a certificate for any of these.
func ServerProfile(c *x509.Certificate) (out []string) {
	say := func(broken bool, format string, args ...any) {
		if broken {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		say(k.N.BitLen() < minServerRSA, "its RSA key has %d bits, fewer than %d", k.N.BitLen(), minServerRSA)
	case *ecdsa.PublicKey:
		say(k.Curve.Params().BitSize < minServerEC, "its key is on a curve of %d bits, fewer than %d", k.Curve.Params().BitSize, minServerEC)
	default:
		say(true, "its key is neither RSA nor ECDSA")
	}
	say(c.KeyUsage&x509.KeyUsageDigitalSignature == 0, "its key usage lacks digitalSignature")
	say(!slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageServerAuth), "its extended key usage lacks serverAuth")
	say(slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth), "its extended key usage has clientAuth, which a server may not have")
	say(c.IsCA, "it is that of an authority")
	say(len(c.DNSNames)+len(c.IPAddresses) == 0, "it has no subjectAltName")
	life := c.NotAfter.Sub(c.NotBefore)
	say(life > maxServerLife, "it is valid for %d days, more than 398", int(life/(24*time.Hour)))
	return out
}

// pemFiles are the files that a list of files and folders names.
func pemFiles(names []settings.Path) (out []string, err error) {
	for _, n := range names {
		info, err := os.Stat(string(n))
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			out = append(out, string(n))
			continue
		}
		found, err := filepath.Glob(filepath.Join(string(n), "*.pem"))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// roots reads certificates to trust; nil stands for those of the machine. With machine they are added.
func roots(names []settings.Path, machine bool) (*x509.CertPool, error) {
	if len(names) == 0 {
		return nil, nil
	}
	files, err := pemFiles(names)
	if err != nil {
		return nil, err
	}
	pool, n := x509.NewCertPool(), 0
	if machine {
		if pool, err = x509.SystemCertPool(); err != nil {
			return nil, err
		}
		n = 1
	}
	for _, file := range files {
		b, err := readBounded(file)
		if err != nil {
			return nil, err
		}
		certificates, err := parseCertificates(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, c := range certificates {
			pool.AddCert(c)
			n++
		}
	}
	if n == 0 {
		return nil, errors.New("there is no certificate in it")
	}
	return pool, nil
}

// parseCertificates reads the certificates of PEM; other blocks are skipped.
func parseCertificates(b []byte) (out []*x509.Certificate, err error) {
	for {
		start := bytes.Index(b, []byte("-----BEGIN "))
		block, rest := pem.Decode(b)
		if block == nil {
			if start >= 0 {
				return nil, errors.New("a block of PEM is damaged")
			}
			return out, nil
		}
		b = rest
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
}
