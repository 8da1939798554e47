package wssec

import (
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"slices"

	"oots/xml/xmldsig"
	"oots/xml/xmltree"
)

// openSecurity appends the start tag of wsse:Security. soap is the prefix of the envelope, used for the
// attribute mustUnderstand; an envelope in the default namespace needs a prefix of its own there.
func openSecurity(dst []byte, soap string) []byte {
	dst = append(dst, `<wsse:Security xmlns:wsse="`+nsWSSE+`" xmlns:wsu="`+nsWSU+`"`...)
	if soap == "" || soap == "wsse" || soap == "wsu" {
		soap = "S12"
		dst = append(dst, ` xmlns:S12="`+nsSOAP+`"`...)
	}
	return append(append(append(dst, ' '), soap...), `:mustUnderstand="true">`...)
}

// appendToken appends a certificate, or a path of them, as wsse:BinarySecurityToken.
func appendToken(dst []byte, id, kind string, der []byte) []byte {
	dst = append(dst, `<wsse:BinarySecurityToken EncodingType="`+encodingBase64+`" ValueType="`...)
	dst = append(append(dst, kind...), `" wsu:Id="`...)
	dst = append(append(dst, id...), `">`...)
	dst = base64.StdEncoding.AppendEncode(dst, der)
	return append(dst, "</wsse:BinarySecurityToken>"...)
}

// appendTokenReference appends a reference to the token id.
func appendTokenReference(dst []byte, id, kind string) []byte {
	dst = append(dst, `<wsse:SecurityTokenReference><wsse:Reference URI="#`...)
	dst = append(append(dst, id...), `" ValueType="`...)
	return append(append(dst, kind...), `"/></wsse:SecurityTokenReference>`...)
}

// signerToken returns what the signature carries of its signer.
func signerToken(signer Identity, o *Options) (kind string, der []byte, err error) {
	if !o.PKIPath {
		return tokenX509, signer.Certificate.Raw, nil
	}
	path := make([]asn1.RawValue, 0, 1+len(signer.Path))
	for _, c := range slices.Backward(signer.Path) {
		path = append(path, asn1.RawValue{FullBytes: c.Raw})
	}
	// The last one is the leaf. [X.509 §10.2]
	der, err = asn1.Marshal(append(path, asn1.RawValue{FullBytes: signer.Certificate.Raw}))
	return tokenPKIPath, der, err
}

// appendSignature appends the signer's certificate and the signature that refers to it. [AS4 1.15 §7.2]
func appendSignature(dst []byte, info *xmldsig.SignedInfo, value []byte, signer Identity, o *Options) ([]byte, error) {
	kind, der, err := signerToken(signer, o)
	if err != nil {
		return nil, fmt.Errorf("wssec: the certificate path: %w", err)
	}
	token := o.id("X509-")
	dst = appendToken(dst, token, kind, der)
	dst = append(dst, `<ds:Signature xmlns:ds="`+nsDS+`" Id="`...)
	dst = append(append(dst, o.id("SIG-")...), `">`...)
	dst = xmldsig.AppendSignedInfo(dst, info, false)
	dst = append(dst, "<ds:SignatureValue>"...)
	dst = base64.StdEncoding.AppendEncode(dst, value)
	dst = append(dst, `</ds:SignatureValue><ds:KeyInfo>`...)
	dst = appendTokenReference(dst, token, kind)
	return append(dst, "</ds:KeyInfo></ds:Signature>"...), nil
}

// appendRecipient appends the recipient's token to dst if the key is named by one, and returns the content of
// the key's KeyInfo apart.
func appendRecipient(dst []byte, c *x509.Certificate, o *Options) (extended, keyInfo []byte) {
	identifier := func(kind string, id []byte) []byte {
		b := []byte(`<wsse:SecurityTokenReference><wsse:KeyIdentifier EncodingType="` + encodingBase64 + `" ValueType="` + kind + `">`)
		return append(base64.StdEncoding.AppendEncode(b, id), "</wsse:KeyIdentifier></wsse:SecurityTokenReference>"...)
	}
	switch o.EncryptTo {
	case BySubjectKeyID:
		return dst, identifier(keyIDSKI, subjectKeyID(c))
	case ByThumbprint:
		sum := sha1.Sum(c.Raw)
		return dst, identifier(keyIDThumbprint, sum[:])
	case ByIssuerSerial:
		b := []byte("<wsse:SecurityTokenReference><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>")
		b = xmltree.AppendText(b, c.Issuer.String())
		b = append(b, "</ds:X509IssuerName><ds:X509SerialNumber>"...)
		b = append(b, c.SerialNumber.String()...)
		return dst, append(b, "</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data></wsse:SecurityTokenReference>"...)
	}
	token := o.id("X509-")
	return appendToken(dst, token, tokenX509, c.Raw), appendTokenReference(nil, token, tokenX509)
}

// encryptedKeyReference is the KeyInfo of an attachment: its key is the encrypted key id.
func encryptedKeyReference(id string) []byte {
	return []byte(`<wsse:SecurityTokenReference xmlns:wsse11="` + nsWSSE11 + `" wsse11:TokenType="` + tokenEncrypted +
		`"><wsse:Reference URI="#` + id + `"/></wsse:SecurityTokenReference>`)
}
