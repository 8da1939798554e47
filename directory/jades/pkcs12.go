package jades

import (
	"crypto"
	"crypto/hmac"
	"crypto/subtle"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
)

// The containers of this file are read as today's tools write them: authenticated by HMAC, encrypted by PBES2
// with AES. Those of old tools (RC2, triple DES) are refused with what to do about them. [RFC 7292] [RFC 8018]

const (
	// maxContainer bounds a container in bytes; a key with a chain takes 5 kB.
	maxContainer = 1 << 20
	// maxIterations bounds the work that a container asks for.
	maxIterations = 1_000_000
	// maxBags bounds keys and certificates together.
	maxBags = 50
)

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEncryptedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}
	oidKeyBag        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1}
	oidShroudedBag   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 2}
	oidCertBag       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 3}
	oidX509          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 22, 1}
)

type pfx struct {
	Version  int
	AuthSafe contentInfo
	Mac      macData `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"tag:0,explicit,optional"`
}

type macData struct {
	Digest struct {
		Algorithm pkix.AlgorithmIdentifier
		Value     []byte
	}
	Salt       []byte
	Iterations int `asn1:"optional,default:1"`
}

type encryptedData struct {
	Version int
	Content struct {
		Type      asn1.ObjectIdentifier
		Algorithm pkix.AlgorithmIdentifier
		Encrypted []byte `asn1:"tag:0,optional"`
	}
}

type safeBag struct {
	ID         asn1.ObjectIdentifier
	Value      asn1.RawValue `asn1:"tag:0,explicit"`
	Attributes asn1.RawValue `asn1:"set,optional"`
}

type certBag struct {
	ID   asn1.ObjectIdentifier
	Data []byte `asn1:"tag:0,explicit"`
}

type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Encrypted []byte
}

var (
	errContainer = errors.New("no PKCS#12 container that can be read")
	errPassword  = errors.New("wrong password, or a damaged container")
)

// decodePKCS12 opens a container. It returns the one private key and all certificates in their order.
func decodePKCS12(data []byte, password string) (crypto.Signer, []*x509.Certificate, error) {
	if len(data) > maxContainer {
		return nil, nil, errors.New("the container is larger than 1 MB")
	}
	var p pfx
	if rest, err := asn1.Unmarshal(data, &p); err != nil || len(rest) > 0 || p.Version != 3 {
		return nil, nil, errContainer
	}
	safe, err := p.AuthSafe.octets()
	if err != nil {
		return nil, nil, err
	}
	if err := p.Mac.verify(safe, password); err != nil {
		return nil, nil, err
	}
	var infos []contentInfo
	if rest, err := asn1.Unmarshal(safe, &infos); err != nil || len(rest) > 0 {
		return nil, nil, errContainer
	}
	var c container
	for _, info := range infos {
		content, err := info.open(password)
		if err != nil {
			return nil, nil, err
		}
		if err := c.add(content, password); err != nil {
			return nil, nil, err
		}
	}
	if c.key == nil {
		return nil, nil, errors.New("the container has no private key")
	}
	return c.key, c.certs, nil
}

// octets returns the content of plain data.
func (c contentInfo) octets() ([]byte, error) {
	if !c.Type.Equal(oidData) {
		return nil, errContainer
	}
	var b []byte
	if rest, err := asn1.Unmarshal(c.Content.Bytes, &b); err != nil || len(rest) > 0 {
		return nil, errContainer
	}
	return b, nil
}

// open returns the content of plain or encrypted data.
func (c contentInfo) open(password string) ([]byte, error) {
	if !c.Type.Equal(oidEncryptedData) {
		return c.octets()
	}
	var e encryptedData
	if rest, err := asn1.Unmarshal(c.Content.Bytes, &e); err != nil || len(rest) > 0 || !e.Content.Type.Equal(oidData) {
		return nil, errContainer
	}
	return decryptPBES2(e.Content.Algorithm, e.Content.Encrypted, password)
}

// verify checks the HMAC over the content. [RFC 7292 §5.1]
func (m macData) verify(content []byte, password string) error {
	hash, ok := digests[m.Digest.Algorithm.Algorithm.String()]
	if !ok {
		return errors.New("the container is not authenticated in a known way")
	}
	if m.Iterations < 1 || m.Iterations > maxIterations {
		return errors.New("the container asks for too many iterations")
	}
	h := hmac.New(hash.New, macKey(hash, password, m.Salt, m.Iterations))
	h.Write(content)
	if subtle.ConstantTimeCompare(h.Sum(nil), m.Digest.Value) != 1 {
		return errPassword
	}
	return nil
}

// A container is what the bags of all contents hold.
type container struct {
	key   crypto.Signer
	certs []*x509.Certificate
	bags  int
}

// add reads the bags of one content; secrets, revocation lists and nested contents are passed over.
func (c *container) add(content []byte, password string) error {
	var bags []safeBag
	if rest, err := asn1.Unmarshal(content, &bags); err != nil || len(rest) > 0 {
		return errContainer
	}
	if c.bags += len(bags); c.bags > maxBags {
		return errors.New("the container holds too much")
	}
	for _, b := range bags {
		var err error
		switch {
		case b.ID.Equal(oidKeyBag):
			err = c.addKey(b.Value.Bytes)
		case b.ID.Equal(oidShroudedBag):
			err = c.addShrouded(b.Value.Bytes, password)
		case b.ID.Equal(oidCertBag):
			err = c.addCertificate(b.Value.Bytes)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *container) addShrouded(der []byte, password string) error {
	var e encryptedKey
	if rest, err := asn1.Unmarshal(der, &e); err != nil || len(rest) > 0 {
		return errContainer
	}
	plain, err := decryptPBES2(e.Algorithm, e.Encrypted, password)
	if err != nil {
		return err
	}
	return c.addKey(plain)
}

func (c *container) addKey(der []byte) error {
	k, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil { // its text could quote the key
		return errors.New("the private key cannot be read")
	}
	key, ok := k.(crypto.Signer)
	switch {
	case !ok:
		return errors.New("the private key cannot sign")
	case c.key != nil:
		return errors.New("the container holds several private keys")
	}
	c.key = key
	return nil
}

func (c *container) addCertificate(der []byte) error {
	var b certBag
	if rest, err := asn1.Unmarshal(der, &b); err != nil || len(rest) > 0 {
		return errContainer
	}
	if !b.ID.Equal(oidX509) {
		return nil
	}
	cert, err := x509.ParseCertificate(b.Data)
	if err != nil {
		return err
	}
	c.certs = append(c.certs, cert)
	return nil
}
