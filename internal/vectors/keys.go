package vectors

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"oots/edelivery/wssec"
)

// maxPEM bounds a key or certificate file in bytes.
const maxPEM = 1 << 20

// Keys is a folder of PEM files: NAME.crt.pem, NAME.key.pem (PKCS#8) and, for what others issued, ca.crt.pem.
type Keys struct{ dir string }

// OpenKeys names the folder; files are read when they are asked for.
func OpenKeys(dir string) (*Keys, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("key folder: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("key folder: %s is no folder", dir)
	}
	return &Keys{dir: dir}, nil
}

// Certificate returns the certificate of name; the error is fs.ErrNotExist when the folder has none.
func (k *Keys) Certificate(name string) (*x509.Certificate, error) {
	file, err := k.file(name, ".crt.pem")
	if err != nil {
		return nil, err
	}
	return ReadCertificate(file)
}

// Identity returns the certificate of name with its private key.
func (k *Keys) Identity(name string) (wssec.Identity, error) {
	cert, err := k.file(name, ".crt.pem")
	if err != nil {
		return wssec.Identity{}, err
	}
	key, err := k.file(name, ".key.pem")
	if err != nil {
		return wssec.Identity{}, err
	}
	return ReadIdentity(cert, key)
}

// Roots returns the certificates of ca.crt.pem, or nil when the folder has no such file.
func (k *Keys) Roots() (*x509.CertPool, error) {
	pool, err := ReadRoots(filepath.Join(k.dir, "ca.crt.pem"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return pool, err
}

// file keeps names from leaving the folder.
func (k *Keys) file(name, suffix string) (string, error) {
	if name == "" || strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("%.80q is no name of a key", name)
	}
	return filepath.Join(k.dir, name+suffix), nil
}

// ReadCertificate reads the first certificate of a PEM file.
func ReadCertificate(file string) (*x509.Certificate, error) {
	der, err := readPEM(file, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	return c, nil
}

// ReadIdentity reads a certificate and its private key, and refuses a pair that does not belong together.
func ReadIdentity(certificate, key string) (wssec.Identity, error) {
	c, err := ReadCertificate(certificate)
	if err != nil {
		return wssec.Identity{}, err
	}
	der, err := readPEM(key, "PRIVATE KEY")
	if err != nil {
		return wssec.Identity{}, err
	}
	private, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return wssec.Identity{}, fmt.Errorf("%s: not a PKCS#8 private key", filepath.Base(key))
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return wssec.Identity{}, fmt.Errorf("%s: this key cannot sign", filepath.Base(key))
	}
	public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(c.PublicKey) {
		return wssec.Identity{}, fmt.Errorf("%s is not the key of %s", filepath.Base(key), filepath.Base(certificate))
	}
	decrypter, _ := private.(crypto.Decrypter)
	return wssec.Identity{Key: signer, Decrypter: decrypter, Certificate: c}, nil
}

// ReadRoots reads every certificate of a PEM file into a pool.
func ReadRoots(file string) (*x509.CertPool, error) {
	b, err := readFile(file, maxPEM)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		return nil, fmt.Errorf("%s: no certificate in it", filepath.Base(file))
	}
	return pool, nil
}

func readPEM(file, kind string) ([]byte, error) {
	b, err := readFile(file, maxPEM)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s: no %s in it", filepath.Base(file), kind)
	}
	return block.Bytes, nil
}

// readFile reads a file of at most limit bytes.
func readFile(file string, limit int64) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%s: %d bytes, at most %d are read", filepath.Base(file), info.Size(), limit)
	}
	return os.ReadFile(file)
}
