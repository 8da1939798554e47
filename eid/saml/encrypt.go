package saml

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"slices"

	"oots/xml/xmlenc"
	"oots/xml/xmltree"
)

// An EncryptionKey is a certificate that others encrypt to, with the algorithms that its owner announces.
type EncryptionKey struct {
	Certificate *x509.Certificate
	Methods     []string // URIs of contents, transports and wraps; none means that the policy decides
}

// A Decrypter is a key of ours that assertions are encrypted to: RSA in Key, or a curve in Agreer.
type Decrypter struct {
	Key    crypto.Decrypter
	Agreer xmlenc.Agreer
}

const typeElement = nsEncrypt + "Element"

// maxKeys bounds the encrypted keys of one assertion, one per certificate of the recipient.
const maxKeys = 4

// choose returns the first of ours that the peer announces. A peer that announces none of its kind takes the first.
func choose[T ~string](ours []T, announced []string) (T, bool) {
	for _, o := range ours {
		if slices.Contains(announced, string(o)) {
			return o, true
		}
	}
	if len(ours) == 0 {
		return "", false
	}
	return ours[0], true
}

// encrypt appends saml:EncryptedAssertion with plain inside, the key next to the data. [SAML Core 2.0 §2.3.4]
func encrypt(dst, plain []byte, to EncryptionKey, p *Policy) ([]byte, error) {
	content, ok := choose(p.Contents, to.Methods)
	if !ok {
		return nil, refuse(badAlgorithm, "no content encryption")
	}
	if err := p.key(to.Certificate.PublicKey); err != nil {
		return nil, err
	}
	key, err := xmlenc.NewKey(content)
	if err != nil {
		return nil, err
	}
	wrapped, keyInfo, err := wrap(key, to, p)
	if err != nil {
		return nil, err
	}
	value, err := xmlenc.Seal(content, key, plain)
	if err != nil {
		return nil, err
	}
	data := &xmlenc.EncryptedData{Type: typeElement, Content: content, Value: value}
	dst = append(dst, "<saml:EncryptedAssertion>"...)
	dst = xmlenc.AppendEncryptedData(dst, data, xmlenc.AppendEncryptedKey(nil, wrapped, keyInfo))
	return append(dst, "</saml:EncryptedAssertion>"...), nil
}

// wrap encrypts a content key to the owner of a certificate: transport for RSA, agreement with a new ephemeral key
// for a curve. [eIDAS Cryptographic Requirements 1.4 §3.3]
func wrap(key []byte, to EncryptionKey, p *Policy) (*xmlenc.EncryptedKey, []byte, error) {
	cert := []byte(`<ds:X509Data xmlns:ds="` + nsSignature + `"><ds:X509Certificate>` +
		base64.StdEncoding.EncodeToString(to.Certificate.Raw) + "</ds:X509Certificate></ds:X509Data>")
	switch pub := to.Certificate.PublicKey.(type) {
	case *rsa.PublicKey:
		transport, ok := choose(p.Transports, to.Methods)
		if !ok {
			return nil, nil, refuse(badAlgorithm, "no key transport")
		}
		t := xmlenc.Transport{Algorithm: transport, Digest: xmlenc.SHA256, MGF: xmlenc.MGF1SHA256}
		if transport == xmlenc.RSAOAEPMGF1P {
			t.Digest, t.MGF = xmlenc.SHA1, ""
		}
		value, err := xmlenc.WrapKey(pub, t, key)
		return &xmlenc.EncryptedKey{Transport: t, Value: value}, cert, err
	case *ecdsa.PublicKey:
		if len(p.Wraps) == 0 {
			return nil, nil, refuse(badAlgorithm, "no key agreement")
		}
		w := xmlenc.KWAES128
		if len(key) > 16 {
			w = xmlenc.KWAES256
		}
		recipient, err := pub.ECDH()
		if err != nil {
			return nil, nil, refuse(badKey, "a curve without key agreement")
		}
		d := xmlenc.Derivation{Algorithm: xmlenc.ConcatKDF, Concat: &xmlenc.ConcatParams{
			Digest: xmlenc.SHA256, AlgorithmID: []byte{}, PartyUInfo: []byte{}, PartyVInfo: []byte{},
		}}
		agreement, kek, err := xmlenc.Agree(recipient, d, w.KeySize())
		if err != nil {
			return nil, nil, err
		}
		value, err := xmlenc.WrapAES(w, kek, key)
		return &xmlenc.EncryptedKey{Transport: xmlenc.Transport{Algorithm: string(w)}, Value: value}, xmlenc.AppendAgreement(nil, agreement, cert), err
	}
	return nil, nil, refuse(badKey, "a key of another kind")
}

// decrypt opens saml:EncryptedAssertion and returns what stands inside. The key is in the KeyInfo of the data or
// beside it. [SAML Core 2.0 §2.3.4]
func decrypt(e *xmltree.Element, keys []Decrypter, p *Policy) ([]byte, error) {
	c := children(e)
	element, err := c.one(nsEncrypt, "EncryptedData")
	if err != nil {
		return nil, err
	}
	data, err := xmlenc.ReadEncryptedData(element)
	if err != nil {
		return nil, refuse(badSchema, "%v", err)
	}
	switch {
	case data.Reference != nil:
		return nil, refuse(badSchema, "encrypted data elsewhere")
	case data.Type != "" && data.Type != typeElement:
		return nil, refuse(badSchema, "encrypted data that is not an element")
	case !slices.Contains(p.Contents, data.Content):
		return nil, refuse(badAlgorithm, "content encryption %q", short(string(data.Content)))
	}
	var wrapped []*xmltree.Element
	for k := range data.KeyInfo.All(nsEncrypt, "EncryptedKey") {
		wrapped = append(wrapped, k)
	}
	for k := c.optional(nsEncrypt, "EncryptedKey"); k != nil; k = c.optional(nsEncrypt, "EncryptedKey") {
		wrapped = append(wrapped, k)
	}
	if err := c.done(); err != nil {
		return nil, err
	}
	if len(wrapped) == 0 || len(wrapped) > maxKeys {
		return nil, refuse(undecryptable, "%d encrypted keys", len(wrapped))
	}
	for _, k := range wrapped {
		plain, err := open(k, data, keys, p)
		if err == nil {
			return plain, nil
		}
		var r *Refusal
		if errors.As(err, &r) && r.Reason != undecryptable {
			return nil, err
		}
	}
	return nil, refuse(undecryptable, "no key of ours opens the assertion")
}

// open tries the keys of ours on one encrypted key.
func open(e *xmltree.Element, data *xmlenc.EncryptedData, keys []Decrypter, p *Policy) ([]byte, error) {
	k, err := xmlenc.ReadEncryptedKey(e)
	if err != nil {
		return nil, refuse(badSchema, "%v", err)
	}
	agreement, err := k.Agreement()
	if err != nil {
		return nil, refuse(badSchema, "%v", err)
	}
	if agreement == nil {
		t := k.Transport
		if !slices.Contains(p.Transports, t.Algorithm) || !slices.Contains(p.Masks, t.Digest) ||
			t.Algorithm == xmlenc.RSAOAEP && !slices.Contains(p.Masks, t.MGF) {
			return nil, refuse(badAlgorithm, "key transport %q", short(t.Algorithm))
		}
	} else if w := xmlenc.KeyWrap(k.Transport.Algorithm); agreement.Algorithm != xmlenc.ECDHES ||
		agreement.Derivation.Algorithm != xmlenc.ConcatKDF || !slices.Contains(p.Wraps, w) {
		return nil, refuse(badAlgorithm, "key agreement %q with %q", short(agreement.Algorithm), short(string(w)))
	}
	for _, own := range keys {
		key, err := unwrap(k, agreement, own)
		if err != nil {
			continue
		}
		if plain, err := xmlenc.Open(data.Content, key, data.Value); err == nil {
			return plain, nil
		}
	}
	return nil, refuse(undecryptable, "no key of ours opens the assertion")
}

func unwrap(k *xmlenc.EncryptedKey, a *xmlenc.Agreement, own Decrypter) ([]byte, error) {
	switch {
	case a == nil && own.Key != nil:
		return xmlenc.UnwrapKey(own.Key, k.Transport, k.Value)
	case a != nil && own.Agreer != nil:
		w := xmlenc.KeyWrap(k.Transport.Algorithm)
		kek, err := a.Key(own.Agreer, w.KeySize())
		if err != nil {
			return nil, err
		}
		return xmlenc.UnwrapAES(w, kek, k.Value)
	}
	return nil, xmlenc.ErrKey
}
