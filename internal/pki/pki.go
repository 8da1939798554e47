// Package pki makes the keys and certificates of a demonstration: one authority, access points, servers,
// and the signer of the directories. A country in service brings its own; nothing here is for it.
//
// Everything is kept as PEM in one folder, private keys readable by the owner only, and made again when it
// has expired.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// A Pair is a private key with the certificate of its public key.
type Pair struct {
	Key         crypto.Signer // *rsa.PrivateKey or *ecdsa.PrivateKey
	Certificate *x509.Certificate
}

// An Authority issues the certificates of one demonstration.
type Authority struct {
	dir  string
	pair Pair
	now  time.Time
}

// Open loads the authority kept in dir, or makes one. Now judges and dates certificates.
func Open(dir string, now time.Time) (*Authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	a := &Authority{dir: dir, now: now}
	pair, err := a.obtain("ca", newECDSA, func() *x509.Certificate {
		return &x509.Certificate{
			Subject:               pkix.Name{Organization: []string{"oots demonstration"}, CommonName: "oots demonstration CA"},
			NotAfter:              now.AddDate(10, 0, 0),
			IsCA:                  true,
			BasicConstraintsValid: true,
			MaxPathLenZero:        true,
			KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		}
	})
	if err != nil {
		return nil, err
	}
	a.pair = pair
	return a, nil
}

// Root is the certificate to trust.
func (a *Authority) Root() *x509.Certificate { return a.pair.Certificate }

// Pool is a pool that holds the root and nothing else.
func (a *Authority) Pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.pair.Certificate)
	return p
}

// RootFile is the name of the PEM file with the root.
func (a *Authority) RootFile() string { return filepath.Join(a.dir, "ca.crt.pem") }

// Files are the names of the PEM files of the pair called name: its key, its certificate.
func (a *Authority) Files(name string) (key, certificate string) {
	return filepath.Join(a.dir, name+".key.pem"), filepath.Join(a.dir, name+".crt.pem")
}

// AccessPoint returns the RSA pair with which an access point signs and decrypts. RSA has 3072 bits, the
// least for new keys. [AS4 1.15 §14]
func (a *Authority) AccessPoint(name, country string) (Pair, error) {
	newRSA := func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 3072) }
	return a.obtain(name, newRSA, func() *x509.Certificate {
		return &x509.Certificate{
			Subject:  pkix.Name{Country: []string{country}, Organization: []string{"oots demonstration"}, CommonName: name},
			NotAfter: a.now.AddDate(2, 0, 0),
			KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		}
	})
}

// Server returns the pair of a TLS server for hosts, names or addresses: serverAuth only, a year and a
// month at most. [TDD 3.7 §3.5]
func (a *Authority) Server(name string, hosts ...string) (Pair, error) {
	return a.obtain(name, newECDSA, func() *x509.Certificate {
		c := &x509.Certificate{
			Subject:     pkix.Name{Organization: []string{"oots demonstration"}, CommonName: hosts[0]},
			NotAfter:    a.now.AddDate(0, 0, 397),
			KeyUsage:    x509.KeyUsageDigitalSignature,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}
		for _, h := range hosts {
			if ip := net.ParseIP(h); ip != nil {
				c.IPAddresses = append(c.IPAddresses, ip)
			} else {
				c.DNSNames = append(c.DNSNames, h)
			}
		}
		return c
	})
}

// DirectorySigner returns the P-256 pair that signs the answers of EB and DSD. [TDD 3.6.2]
func (a *Authority) DirectorySigner(name string) (Pair, error) {
	return a.obtain(name, newECDSA, func() *x509.Certificate {
		return &x509.Certificate{
			Subject:  pkix.Name{Organization: []string{"oots demonstration"}, OrganizationalUnit: []string{"OOTS"}, CommonName: name},
			NotAfter: a.now.AddDate(2, 0, 0),
			KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		}
	})
}

func newECDSA() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// obtain loads the pair called name, or makes it when there is none, when it has expired, or when another
// authority issued it.
func (a *Authority) obtain(name string, newKey func() (crypto.Signer, error), template func() *x509.Certificate) (Pair, error) {
	pair, err := a.load(name)
	switch {
	case err == nil && a.stillGood(pair.Certificate):
		return pair, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return Pair{}, err
	}
	key, err := newKey()
	if err != nil {
		return Pair{}, err
	}
	c := template()
	c.NotBefore = a.now.Add(-time.Hour)
	if c.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil {
		return Pair{}, err
	}
	issuer, issuerKey := a.pair.Certificate, a.pair.Key
	if issuer == nil {
		issuer, issuerKey = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, issuer, key.Public(), issuerKey)
	if err != nil {
		return Pair{}, fmt.Errorf("certificate %s: %w", name, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return Pair{}, err
	}
	pair = Pair{Key: key, Certificate: cert}
	return pair, a.save(name, pair)
}

func (a *Authority) stillGood(c *x509.Certificate) bool {
	if a.now.Before(c.NotBefore) || a.now.Add(24*time.Hour).After(c.NotAfter) {
		return false
	}
	return a.pair.Certificate == nil || c.CheckSignatureFrom(a.pair.Certificate) == nil
}

func (a *Authority) load(name string) (Pair, error) {
	cert, err := readPEM(filepath.Join(a.dir, name+".crt.pem"), "CERTIFICATE")
	if err != nil {
		return Pair{}, err
	}
	key, err := readPEM(filepath.Join(a.dir, name+".key.pem"), "PRIVATE KEY")
	if err != nil {
		return Pair{}, err
	}
	c, err := x509.ParseCertificate(cert)
	if err != nil {
		return Pair{}, fmt.Errorf("%s.crt.pem: %w", name, err)
	}
	k, err := x509.ParsePKCS8PrivateKey(key)
	if err != nil {
		return Pair{}, fmt.Errorf("%s.key.pem: not a private key", name)
	}
	signer, ok := k.(crypto.Signer)
	if !ok {
		return Pair{}, fmt.Errorf("%s.key.pem: this key cannot sign", name)
	}
	return Pair{Key: signer, Certificate: c}, nil
}

func (a *Authority) save(name string, p Pair) error {
	der, err := x509.MarshalPKCS8PrivateKey(p.Key)
	if err != nil {
		return err
	}
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := os.WriteFile(filepath.Join(a.dir, name+".key.pem"), key, 0o600); err != nil {
		return err
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Certificate.Raw})
	return os.WriteFile(filepath.Join(a.dir, name+".crt.pem"), cert, 0o644)
}

func readPEM(file, kind string) ([]byte, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s: no %s in it", filepath.Base(file), kind)
	}
	return block.Bytes, nil
}

// SealingKey returns the 32 bytes kept in dir under "sealing.key", and makes them when there are none.
func SealingKey(dir string) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "sealing.key")
	key, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, 32)
		rand.Read(key)
		return key, os.WriteFile(file, key, 0o600)
	}
	if err == nil && len(key) != 32 {
		err = fmt.Errorf("%s: want 32 bytes, has %d", file, len(key))
	}
	return key, err
}
