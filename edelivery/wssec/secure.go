package wssec

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
	"oots/xml/xmltree"
)

// A KeyReference says how the encrypted key names the recipient's certificate.
type KeyReference int

// The forms of a key reference. A token is what every peer reads. [AS4 1.15 §7.5]
const (
	ByToken        KeyReference = iota // a BinarySecurityToken with the certificate itself
	BySubjectKeyID                     // the subject key identifier, or the SHA-1 of the key if there is none
	ByIssuerSerial                     // issuer name and serial number
	ByThumbprint                       // SHA-1 of the certificate
)

// Known reports whether k is one of the constants.
func (k KeyReference) Known() bool { return k >= ByToken && k <= ByThumbprint }

// Options are the choices that the profile leaves open. The zero value is what OOTS partners use.
type Options struct {
	EncryptTo KeyReference
	PKIPath   bool           // the signature carries the certificate with its path, as X509PKIPathv1
	Method    xmldsig.Method // of the signature, fit for the signer's key; "" means rsa-sha256, that of the profile
	ID        func() string  // source of the random part of ids, letters, digits and hyphens; nil means 128 random bits
}

func (o *Options) id(prefix string) string {
	if o.ID != nil {
		return prefix + o.ID()
	}
	var b [16]byte
	rand.Read(b[:])
	return prefix + hex.EncodeToString(b[:])
}

// Secured is an envelope with its security header, and what the sender keeps beside it.
type Secured struct {
	Envelope   []byte
	Key        []byte      // under which the attachments are encrypted, AES-128; nil without attachments
	References []Reference // those of the signature, Body first, for the comparison with the receipt
}

// Secure signs the SOAP body, eb:Messaging and every attachment with signer, encrypts every attachment for
// recipient, and puts the security header behind the other headers of envelope. recipient may be nil when there
// are no attachments: signals are signed only. [AS4 1.15 §7, §8]
//
// envelope is a complete SOAP 1.2 envelope without wsse:Security whose Body and Messaging carry a wsu:Id; its
// octets stay as they are around the new header. The attachments are known by their digests; the caller encrypts
// each of them under Secured.Key with a nonce of its own while it is sent.
func Secure(envelope []byte, atts []Attachment, signer Identity, recipient *x509.Certificate, o Options) (*Secured, error) {
	if err := usable(signer, atts, recipient); err != nil {
		return nil, err
	}
	doc, err := xmltree.Parse(envelope, xmltree.Limits{NoProcInst: true})
	if err != nil {
		return nil, fmt.Errorf("wssec: the envelope to secure: %w", err)
	}
	env, err := locate(doc)
	if err != nil {
		return nil, err
	}
	if env.security != nil {
		return nil, errors.New("wssec: the envelope has a security header already")
	}
	info, err := signedInfo(env, atts, o.Method)
	if err != nil {
		return nil, err
	}
	value, err := xmldsig.Sign(signer.Key, info.Method, xmldsig.AppendSignedInfo(nil, info, true))
	if err != nil {
		return nil, fmt.Errorf("wssec: signing: %w", err)
	}
	s := &Secured{References: written(info)}
	header := make([]byte, 0, 4096+len(signer.Certificate.Raw)*3+len(atts)*2048)
	header = openSecurity(header, doc.Root.Prefix)
	if len(atts) > 0 {
		if header, s.Key, err = encrypt(header, atts, recipient, &o); err != nil {
			return nil, err
		}
	}
	if header, err = appendSignature(header, info, value, signer, &o); err != nil {
		return nil, err
	}
	header = append(header, "</wsse:Security>"...)

	at := bytes.LastIndexByte(envelope[:env.header.End], '<') // of the end tag of Header
	s.Envelope = make([]byte, 0, len(envelope)+len(header))
	s.Envelope = append(append(append(s.Envelope, envelope[:at]...), header...), envelope[at:]...)
	return s, nil
}

// usable checks what the caller controls, before any work is done.
func usable(signer Identity, atts []Attachment, recipient *x509.Certificate) error {
	if signer.Key == nil || signer.Certificate == nil {
		return errors.New("wssec: no signing identity")
	}
	if pub, ok := signer.Key.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !pub.Equal(signer.Certificate.PublicKey) {
		return errors.New("wssec: the signing key is not that of the certificate")
	}
	if len(atts) > 0 && recipient == nil {
		return errors.New("wssec: attachments without a recipient to encrypt for")
	}
	seen := make(map[string]bool, len(atts))
	for _, a := range atts {
		if a.ContentID == "" || seen[a.ContentID] {
			return errors.New("wssec: an attachment without a Content-ID of its own")
		}
		seen[a.ContentID] = true
		if len(a.Digest) != xmldsig.SHA256.Hash().Size() {
			return errors.New("wssec: an attachment without its digest")
		}
	}
	return nil
}

// signedInfo digests everything that the profile wants signed. [AS4 1.15 §7.2]
func signedInfo(env envelope, atts []Attachment, method xmldsig.Method) (*xmldsig.SignedInfo, error) {
	if method == "" {
		method = xmldsig.RSASHA256
	}
	info := &xmldsig.SignedInfo{
		Canonicalization: xmldsig.Transform{Algorithm: string(c14n.Exclusive)},
		Method:           method,
		References:       make([]xmldsig.Reference, 0, 2+len(atts)),
	}
	add := func(uri, transform string, sum []byte) {
		info.References = append(info.References, xmldsig.Reference{
			URI: uri, HasURI: true, Transforms: []xmldsig.Transform{{Algorithm: transform}}, Digest: xmldsig.SHA256,
			Value: sum, Text: base64.StdEncoding.EncodeToString(sum),
		})
	}
	for _, e := range []*xmltree.Element{env.body, env.messaging} {
		id, ok := e.Attr(nsWSU, "Id")
		if !ok || !xmltree.IsNCName(id) {
			return nil, fmt.Errorf("wssec: %s has no wsu:Id", e.Name.Local)
		}
		sum, err := digestElement(xmldsig.SHA256, e, nil)
		if err != nil {
			return nil, err
		}
		add("#"+id, string(c14n.Exclusive), sum)
	}
	for _, a := range atts {
		add("cid:"+a.ContentID, transformSignature, a.Digest)
	}
	return info, nil
}

// encrypt makes one fresh key for all attachments and appends the elements that carry it. [AS4 1.15 §8]
func encrypt(dst []byte, atts []Attachment, recipient *x509.Certificate, o *Options) (extended, key []byte, err error) {
	pub, ok := recipient.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, nil, errors.New("wssec: the recipient's key is not RSA")
	}
	if key, err = xmlenc.NewKey(xmlenc.AES128GCM); err != nil {
		return nil, nil, err
	}
	ek := &xmlenc.EncryptedKey{ID: o.id("EK-"), Transport: profileTransport, References: make([]string, 0, len(atts))}
	if ek.Value, err = xmlenc.WrapKey(pub, ek.Transport, key); err != nil {
		return nil, nil, fmt.Errorf("wssec: wrapping the content key: %w", err)
	}
	var data []byte
	for _, a := range atts {
		ed := &xmlenc.EncryptedData{
			ID: o.id("ED-"), MimeType: a.MediaType, Type: typeContentOnly, Content: xmlenc.AES128GCM,
			Reference: &xmlenc.CipherReference{URI: "cid:" + a.ContentID, Transforms: []string{transformCipher}},
		}
		data = xmlenc.AppendEncryptedData(data, ed, encryptedKeyReference(ek.ID))
		ek.References = append(ek.References, "#"+ed.ID)
	}
	dst, keyInfo := appendRecipient(dst, recipient, o)
	dst = xmlenc.AppendEncryptedKey(dst, ek, keyInfo)
	return append(dst, data...), key, nil
}

// written turns the references of a signature into those that callers keep.
func written(info *xmldsig.SignedInfo) []Reference {
	refs := make([]Reference, len(info.References))
	for i := range info.References {
		r := &info.References[i]
		raw := xmldsig.AppendReference(nil, r, true)
		refs[i] = reference(r, string(raw))
	}
	return refs
}
