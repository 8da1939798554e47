package wssec

import (
	"bytes"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"strings"

	"oots/xml/xmltree"
)

// errUnresolved says that a reference names no certificate that is known here.
var errUnresolved = errors.New("the certificate reference resolves to nothing")

// A keyReference is what a wsse:SecurityTokenReference says about a certificate, before anybody looks for it.
type keyReference struct {
	chain []*x509.Certificate // leaf first; set when the message carries the certificate
	token *xmltree.Element    // the wsse:BinarySecurityToken of chain
	match func(*x509.Certificate) bool
}

// readKeyReference reads the one token reference of a ds:KeyInfo: a direct reference to a token of the same
// security header, a key identifier, or X509Data. [WSS X.509 Token Profile §3.2] [AS4 1.15 §7.5]
func readKeyReference(info, security *xmltree.Element, ids index) (keyReference, error) {
	str := only(info)
	if !str.Is(nsWSSE, "SecurityTokenReference") {
		return keyReference{}, noncompliant("KeyInfo must hold one SecurityTokenReference and nothing else")
	}
	ref := only(str)
	switch {
	case ref.Is(nsWSSE, "Reference"):
		uri, _ := ref.Attr("", "URI")
		token := ids.local(uri)
		if !token.Is(nsWSSE, "BinarySecurityToken") || token.Parent != security {
			return keyReference{}, noncompliant("the token reference does not lead to a BinarySecurityToken of this header")
		}
		chain, err := readToken(token)
		return keyReference{chain: chain, token: token}, err
	case ref.Is(nsWSSE, "KeyIdentifier"):
		return readKeyIdentifier(ref)
	case ref.Is(nsDS, "X509Data"):
		return readX509Data(ref)
	}
	return keyReference{}, noncompliant("a form of token reference that is not accepted")
}

// only returns the single child element of e, or nil.
func only(e *xmltree.Element) *xmltree.Element {
	var child *xmltree.Element
	for c := range e.Elements() {
		if child != nil {
			return nil
		}
		child = c
	}
	return child
}

// readToken parses the certificates of a token by its ValueType and returns the leaf first.
func readToken(e *xmltree.Element) ([]*x509.Certificate, error) {
	if encoding, ok := e.Attr("", "EncodingType"); ok && encoding != encodingBase64 {
		return nil, noncompliant("a BinarySecurityToken that is not base64")
	}
	kind, _ := e.Attr("", "ValueType")
	if kind != tokenX509 && kind != tokenPKIPath {
		return nil, noncompliant("a BinarySecurityToken that is neither X509v3 nor X509PKIPathv1")
	}
	der, err := e.Base64()
	if err != nil {
		return nil, unauthenticated("the BinarySecurityToken cannot be read", err)
	}
	if kind == tokenX509 {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, unauthenticated("the certificate cannot be read", err)
		}
		return []*x509.Certificate{c}, nil
	}
	return readPKIPath(der)
}

// readPKIPath reads a sequence of certificates whose last one is the leaf. [X.509 §10.2]
func readPKIPath(der []byte) ([]*x509.Certificate, error) {
	var path []asn1.RawValue
	if rest, err := asn1.Unmarshal(der, &path); err != nil || len(rest) > 0 || len(path) == 0 || len(path) > 10 {
		return nil, unauthenticated("the certificate path cannot be read", err)
	}
	chain := make([]*x509.Certificate, 0, len(path))
	for _, raw := range path {
		c, err := x509.ParseCertificate(raw.FullBytes)
		if err != nil {
			return nil, unauthenticated("a certificate of the path cannot be read", err)
		}
		chain = append(chain, c)
	}
	slices.Reverse(chain)
	return chain, nil
}

func readKeyIdentifier(e *xmltree.Element) (keyReference, error) {
	if encoding, ok := e.Attr("", "EncodingType"); ok && encoding != encodingBase64 {
		return keyReference{}, noncompliant("a KeyIdentifier that is not base64")
	}
	id, err := e.Base64()
	if err != nil || len(id) == 0 {
		return keyReference{}, noncompliant("a KeyIdentifier that is not base64")
	}
	switch kind, _ := e.Attr("", "ValueType"); kind {
	case keyIDSKI:
		return keyReference{match: hasSKI(id)}, nil
	case keyIDThumbprint:
		return keyReference{match: func(c *x509.Certificate) bool {
			sum := sha1.Sum(c.Raw)
			return bytes.Equal(sum[:], id)
		}}, nil
	}
	return keyReference{}, noncompliant("a KeyIdentifier that is neither a subject key identifier nor a thumbprint")
}

// hasSKI matches by subject key identifier; a certificate without that extension by the SHA-1 of its key.
func hasSKI(id []byte) func(*x509.Certificate) bool {
	return func(c *x509.Certificate) bool {
		return bytes.Equal(subjectKeyID(c), id)
	}
}

func subjectKeyID(c *x509.Certificate) []byte {
	if len(c.SubjectKeyId) > 0 {
		return c.SubjectKeyId
	}
	var info struct {
		Algorithm asn1.RawValue
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.RawSubjectPublicKeyInfo, &info); err != nil {
		return nil
	}
	sum := sha1.Sum(info.Key.Bytes)
	return sum[:]
}

func readX509Data(e *xmltree.Element) (keyReference, error) {
	data := only(e)
	switch {
	case data.Is(nsDS, "X509IssuerSerial"):
		serial, ok := new(big.Int).SetString(data.First(nsDS, "X509SerialNumber").Value(), 10)
		name, err := parseName(data.First(nsDS, "X509IssuerName").Value())
		if !ok || err != nil {
			return keyReference{}, noncompliant("an X509IssuerSerial that cannot be read")
		}
		return keyReference{match: func(c *x509.Certificate) bool {
			return sameSerial(serial, c.SerialNumber) && name.names(c.RawIssuer)
		}}, nil
	case data.Is(nsDS, "X509SKI"):
		id, err := data.Base64()
		if err != nil || len(id) == 0 {
			return keyReference{}, noncompliant("an X509SKI that is not base64")
		}
		return keyReference{match: hasSKI(id)}, nil
	case data.Is(nsDS, "X509Certificate"):
		der, err := data.Base64()
		if err != nil {
			return keyReference{}, noncompliant("an X509Certificate that is not base64")
		}
		return keyReference{match: func(c *x509.Certificate) bool { return bytes.Equal(c.Raw, der) }}, nil
	}
	return keyReference{}, noncompliant("a form of X509Data that is not accepted")
}

// sameSerial compares serial numbers; some stacks print one whose top bit is set as negative.
func sameSerial(written, serial *big.Int) bool {
	if written.Sign() >= 0 || serial == nil {
		return serial != nil && written.Cmp(serial) == 0
	}
	octets := uint((serial.BitLen() + 7) / 8)
	return new(big.Int).Add(written, new(big.Int).Lsh(big.NewInt(1), 8*octets)).Cmp(serial) == 0
}

// signer finds the certificate that a signature means: the one it carries, or one of the candidates.
func (r keyReference) signer(candidates []*x509.Certificate) ([]*x509.Certificate, error) {
	if r.chain != nil {
		return r.chain, nil
	}
	for _, c := range candidates {
		if r.match(c) {
			return []*x509.Certificate{c}, nil
		}
	}
	return nil, unauthenticated("the signing certificate is not in the message and not known", errUnresolved)
}

// means reports whether r designates c.
func (r keyReference) means(c *x509.Certificate) bool {
	if c == nil {
		return false
	}
	if r.chain != nil {
		return r.chain[0].Equal(c)
	}
	return r.match != nil && r.match(c)
}

// cid returns the Content-ID that a cid: URI names, as written and decoded. [RFC 2392]
func cid(uri string) (written, decoded string, ok bool) {
	if len(uri) < 5 || !strings.EqualFold(uri[:4], "cid:") {
		return "", "", false
	}
	written = uri[4:]
	return written, unescape(written), true
}

// unescape decodes %XX; a percent sign without two hexadecimal digits stays.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	hex := func(c byte) (byte, bool) {
		switch {
		case c >= '0' && c <= '9':
			return c - '0', true
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			return c | 0x20 - 'a' + 10, true
		}
		return 0, false
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, ok1 := hex(s[i+1])
			lo, ok2 := hex(s[i+2])
			if ok1 && ok2 {
				out = append(out, hi<<4|lo)
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}
