package xmlenc

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/hex"
	"strconv"
	"strings"

	"oots/xml/xmltree"
)

// Namespaces of the parts of a key agreement.
const (
	namespaceSignature11 = "http://www.w3.org/2009/xmldsig11#"
	namespaceMore        = "http://www.w3.org/2021/04/xmldsig-more#" // not that of 2001/04, which names the PRF
)

// Bounds of the parameters of a derivation in octets. [AS4 2.0 §5]
const (
	maxSalt = 64
	maxInfo = 1024
)

// spkiX25519 is all of a SubjectPublicKeyInfo but the key: the parameters are absent. [RFC 8410 §4]
const spkiX25519 = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x6e\x03\x21\x00"

// Agreement reads the xenc:AgreementMethod that k's ds:KeyInfo consists of; nil without an error if it has none.
func (k *EncryptedKey) Agreement() (*Agreement, error) {
	var found *xmltree.Element
	n := 0
	for c := range k.KeyInfo.Elements() {
		n++
		if c.Is(Namespace, "AgreementMethod") {
			found = c
		}
	}
	switch {
	case found == nil:
		return nil, nil
	case n != 1:
		return nil, malformed(found, "AgreementMethod beside another key")
	}
	return ReadAgreement(found)
}

// ReadAgreement reads e, which must be an xenc:AgreementMethod. A nonce is refused: none of the agreements uses
// it. [XMLEnc 1.1 §5.6]
func ReadAgreement(e *xmltree.Element) (*Agreement, error) {
	if !e.Is(Namespace, "AgreementMethod") {
		return nil, malformed(e, "xenc:AgreementMethod expected")
	}
	a := &Agreement{Element: e}
	a.Algorithm, _ = e.Attr("", "Algorithm")
	var derivation, originator *xmltree.Element
	for c := range e.Elements() {
		var slot **xmltree.Element
		switch {
		case c.Is(Namespace11, "KeyDerivationMethod"):
			slot = &derivation
		case c.Is(Namespace, "OriginatorKeyInfo"):
			slot = &originator
		case c.Is(Namespace, "RecipientKeyInfo"):
			slot = &a.Recipient
		default:
			return nil, malformed(c, "unexpected element in AgreementMethod")
		}
		if *slot != nil {
			return nil, malformed(c, c.Name.Local+" twice in AgreementMethod")
		}
		*slot = c
	}
	if derivation == nil || originator == nil {
		return nil, malformed(e, "AgreementMethod without KeyDerivationMethod or OriginatorKeyInfo")
	}
	var err error
	if a.Derivation, err = ReadDerivation(derivation); err != nil {
		return nil, err
	}
	if a.Originator, err = readOriginator(originator); err != nil {
		return nil, err
	}
	return a, nil
}

// ReadDerivation reads e, which must be an xenc11:KeyDerivationMethod. Parameters of an unknown algorithm are
// skipped. [XMLEnc 1.1 §5.4]
func ReadDerivation(e *xmltree.Element) (Derivation, error) {
	var d Derivation
	if !e.Is(Namespace11, "KeyDerivationMethod") {
		return d, malformed(e, "xenc11:KeyDerivationMethod expected")
	}
	d.Algorithm, _ = e.Attr("", "Algorithm")
	var err error
	switch d.Algorithm {
	case HKDF:
		var params *xmltree.Element
		if params, err = sole(e, namespaceMore, "HKDFParams"); err == nil {
			d.HKDF, err = readHKDF(params)
		}
	case ConcatKDF:
		var params *xmltree.Element
		if params, err = sole(e, Namespace11, "ConcatKDFParams"); err == nil {
			d.Concat, err = readConcat(params)
		}
	}
	if err != nil {
		return Derivation{}, err
	}
	return d, nil
}

// readHKDF takes PRF in either namespace: one widespread stack writes it in that of the parameters and reads it
// from xenc11. [AS4 2.0 §5]
func readHKDF(e *xmltree.Element) (*HKDFParams, error) {
	p := &HKDFParams{}
	seen := make(map[string]bool, 4)
	for c := range e.Elements() {
		if seen[c.Name.Local] {
			return nil, malformed(c, c.Name.Local+" twice in HKDFParams")
		}
		seen[c.Name.Local] = true
		var err error
		switch {
		case c.Is(namespaceMore, "PRF"), c.Is(Namespace11, "PRF"):
			if p.PRF, _ = c.Attr("", "Algorithm"); p.PRF == "" {
				return nil, malformed(c, "PRF without Algorithm")
			}
		case c.Is(namespaceMore, "Salt"):
			p.Salt, err = bounded(c, maxSalt)
		case c.Is(namespaceMore, "Info"):
			p.Info, err = bounded(c, maxInfo)
		case c.Is(namespaceMore, "KeyLength"):
			text := strings.TrimSpace(c.Text())
			if p.KeyLength, err = strconv.Atoi(text); err != nil || p.KeyLength < 1 || p.KeyLength > maxDerived {
				return nil, malformed(c, "KeyLength is not a small number of octets")
			}
		default:
			return nil, malformed(c, "unexpected element in HKDFParams")
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

func bounded(e *xmltree.Element, limit int) ([]byte, error) {
	b, err := e.Base64()
	switch {
	case err != nil:
		return nil, malformed(e, e.Name.Local+": "+err.Error())
	case len(b) > limit:
		return nil, malformed(e, e.Name.Local+" is too long")
	}
	return b, nil
}

func readConcat(e *xmltree.Element) (*ConcatParams, error) {
	p := &ConcatParams{}
	method, err := sole(e, namespaceSignature, "DigestMethod")
	if err != nil {
		return nil, err
	}
	p.Digest, _ = method.Attr("", "Algorithm")
	for _, field := range p.fields() {
		text, ok := e.Attr("", field.name)
		if !ok || text == "" {
			continue
		}
		if len(text) > 2*maxInfo {
			return nil, malformed(e, field.name+" is too long")
		}
		// The first octet counts bits of padding; only whole octets are read. [XMLEnc 1.1 §5.4.1]
		b, err := hex.DecodeString(text)
		if err != nil || b[0] != 0 {
			return nil, malformed(e, field.name+" is not a hexadecimal string of whole octets")
		}
		*field.value = b[1:]
	}
	return p, nil
}

type concatField struct {
	name  string
	value *[]byte
}

func (p *ConcatParams) fields() [5]concatField {
	return [5]concatField{
		{"AlgorithmID", &p.AlgorithmID}, {"PartyUInfo", &p.PartyUInfo}, {"PartyVInfo", &p.PartyVInfo},
		{"SuppPubInfo", &p.SuppPubInfo}, {"SuppPrivInfo", &p.SuppPrivInfo},
	}
}

// readOriginator reads the ephemeral key in one of its two forms.
func readOriginator(e *xmltree.Element) (*ecdh.PublicKey, error) {
	if der := e.First(namespaceSignature11, "DEREncodedKeyValue"); der != nil {
		if _, err := sole(e, namespaceSignature11, "DEREncodedKeyValue"); err != nil {
			return nil, err
		}
		return readSPKI(der)
	}
	value, err := sole(e, namespaceSignature, "KeyValue")
	if err != nil {
		return nil, err
	}
	if value, err = sole(value, namespaceSignature11, "ECKeyValue"); err != nil {
		return nil, err
	}
	var curve ecdh.Curve
	var point []byte
	for c := range value.Elements() {
		switch {
		case c.Is(namespaceSignature11, "NamedCurve") && curve == nil:
			uri, _ := c.Attr("", "URI")
			if curve = curveOf(uri); curve == nil {
				return nil, malformed(c, "a curve that is unknown")
			}
		case c.Is(namespaceSignature11, "PublicKey") && point == nil:
			if point, err = c.Base64(); err != nil {
				return nil, malformed(c, "PublicKey: "+err.Error())
			}
		default:
			return nil, malformed(c, "unexpected element in ECKeyValue")
		}
	}
	if curve == nil || point == nil {
		return nil, malformed(value, "ECKeyValue without NamedCurve or PublicKey")
	}
	key, err := curve.NewPublicKey(point)
	if err != nil {
		return nil, malformed(value, "the key is not a point of its curve")
	}
	return key, nil
}

func readSPKI(e *xmltree.Element) (*ecdh.PublicKey, error) {
	der, err := e.Base64()
	if err != nil {
		return nil, malformed(e, "DEREncodedKeyValue: "+err.Error())
	}
	if rest, ok := bytes.CutPrefix(der, []byte(spkiX25519)); ok && len(rest) == 32 {
		return ecdh.X25519().NewPublicKey(rest)
	}
	if pub, err := x509.ParsePKIXPublicKey(der); err == nil {
		if ec, ok := pub.(*ecdsa.PublicKey); ok {
			if key, err := ec.ECDH(); err == nil {
				return key, nil
			}
		}
	}
	return nil, malformed(e, "DEREncodedKeyValue is no key of a known curve in its one encoding")
}

// curveOf knows the curves of ECDH-ES. One printed profile lost a colon. [AS4 2.0 §6]
func curveOf(uri string) ecdh.Curve {
	switch uri {
	case "urn:oid:1.2.840.10045.3.1.7":
		return ecdh.P256()
	case "urn:oid:1.3.132.0.34":
		return ecdh.P384()
	case "urn:oid:1.3.132.0.35", "urn:oid1.3.132.0.35":
		return ecdh.P521()
	}
	return nil
}

// sole returns the only child element of e, which must have the name.
func sole(e *xmltree.Element, space, local string) (*xmltree.Element, error) {
	var found *xmltree.Element
	for c := range e.Elements() {
		if found != nil || !c.Is(space, local) {
			return nil, malformed(c, "unexpected element in "+e.Name.Local)
		}
		found = c
	}
	if found == nil {
		return nil, malformed(e, local+" expected in "+e.Name.Local)
	}
	return found, nil
}
