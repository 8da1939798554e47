package wssec

import (
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"

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

// appendToken appends a certificate as wsse:BinarySecurityToken.
func appendToken(dst []byte, id string, c *x509.Certificate) []byte {
	dst = append(dst, `<wsse:BinarySecurityToken EncodingType="`+encodingBase64+`" ValueType="`+tokenX509+`" wsu:Id="`...)
	dst = append(append(dst, id...), `">`...)
	dst = base64.StdEncoding.AppendEncode(dst, c.Raw)
	return append(dst, "</wsse:BinarySecurityToken>"...)
}

// appendTokenReference appends a reference to the token id.
func appendTokenReference(dst []byte, id string) []byte {
	dst = append(dst, `<wsse:SecurityTokenReference><wsse:Reference URI="#`...)
	dst = append(dst, id...)
	return append(dst, `" ValueType="`+tokenX509+`"/></wsse:SecurityTokenReference>`...)
}

// appendSignature appends the signer's certificate and the signature that refers to it. [AS4 1.15 §7.2]
func appendSignature(dst []byte, info *xmldsig.SignedInfo, value []byte, c *x509.Certificate, o *Options) []byte {
	token := o.id("X509-")
	dst = appendToken(dst, token, c)
	dst = append(dst, `<ds:Signature xmlns:ds="`+nsDS+`" Id="`...)
	dst = append(append(dst, o.id("SIG-")...), `">`...)
	dst = xmldsig.AppendSignedInfo(dst, info, false)
	dst = append(dst, "<ds:SignatureValue>"...)
	dst = base64.StdEncoding.AppendEncode(dst, value)
	dst = append(dst, `</ds:SignatureValue><ds:KeyInfo>`...)
	dst = appendTokenReference(dst, token)
	return append(dst, "</ds:KeyInfo></ds:Signature>"...)
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
	return appendToken(dst, token, c), appendTokenReference(nil, token)
}

// encryptedKeyReference is the KeyInfo of an attachment: its key is the encrypted key id.
func encryptedKeyReference(id string) []byte {
	return []byte(`<wsse:SecurityTokenReference xmlns:wsse11="` + nsWSSE11 + `" wsse11:TokenType="` + tokenEncrypted +
		`"><wsse:Reference URI="#` + id + `"/></wsse:SecurityTokenReference>`)
}
