package eidasnode

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"io/fs"
	"math/big"
	"strings"
	"time"

	"oots/eid/saml"
)

// newKeys makes the keys of one entity: different ones for signing and encryption.
func newKeys(entity string, now time.Time) (keys, error) {
	signing, cert, err := newKey(entity, elliptic.P256(), x509.KeyUsageDigitalSignature, now)
	if err != nil {
		return keys{}, err
	}
	own, ownCert, err := newKey(entity, elliptic.P384(), x509.KeyUsageKeyAgreement, now)
	if err != nil {
		return keys{}, err
	}
	return keys{signer: saml.Signer{Key: signing, Certificate: cert}, own: own, cert: ownCert}, nil
}

func newKey(entity string, curve elliptic.Curve, usage x509.KeyUsage, now time.Time) (*ecdsa.PrivateKey, *x509.Certificate, error) {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: entity, Organization: []string{"Demonstration, proves nothing"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0), KeyUsage: usage,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return key, cert, err
}

// texts lends the texts of another package without its screens.
type texts struct{ fs.FS }

// Open hides the templates.
func (t texts) Open(name string) (fs.File, error) {
	if name == "templates" || strings.HasPrefix(name, "templates/") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return t.FS.Open(name)
}
