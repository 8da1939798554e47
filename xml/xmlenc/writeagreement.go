package xmlenc

import (
	"crypto/ecdh"
	"encoding/base64"
	"encoding/hex"
	"strconv"
)

// AppendAgreement appends a as xenc:AgreementMethod, the content of the ds:KeyInfo of an xenc:EncryptedKey, with
// every prefix declared. recipient is the content of xenc:RecipientKeyInfo as XML; empty means none. Recipient
// and Element of a are not used. [AS4 2.0 §4.1]
func AppendAgreement(dst []byte, a *Agreement, recipient []byte) []byte {
	dst = append(dst, `<xenc:AgreementMethod xmlns:xenc="`+Namespace+`"`...)
	dst = appendAttr(dst, "Algorithm", a.Algorithm)
	dst = append(dst, '>')
	dst = AppendDerivation(dst, &a.Derivation)
	dst = append(dst, "<xenc:OriginatorKeyInfo>"...)
	dst = appendOriginator(dst, a.Originator)
	dst = append(dst, "</xenc:OriginatorKeyInfo>"...)
	if len(recipient) > 0 {
		dst = append(dst, "<xenc:RecipientKeyInfo>"...)
		dst = append(dst, recipient...)
		dst = append(dst, "</xenc:RecipientKeyInfo>"...)
	}
	return append(dst, "</xenc:AgreementMethod>"...)
}

// AppendDerivation appends d as xenc11:KeyDerivationMethod with every prefix declared.
func AppendDerivation(dst []byte, d *Derivation) []byte {
	dst = append(dst, `<xenc11:KeyDerivationMethod xmlns:xenc11="`+Namespace11+`"`...)
	dst = appendAttr(dst, "Algorithm", d.Algorithm)
	dst = append(dst, '>')
	if d.HKDF != nil {
		dst = appendHKDF(dst, d.HKDF)
	}
	if d.Concat != nil {
		dst = appendConcat(dst, d.Concat)
	}
	return append(dst, "</xenc11:KeyDerivationMethod>"...)
}

func appendHKDF(dst []byte, p *HKDFParams) []byte {
	dst = append(dst, `<dsig-more:HKDFParams xmlns:dsig-more="`+namespaceMore+`">`...)
	if p.PRF != "" {
		dst = append(dst, "<dsig-more:PRF"...)
		dst = appendAttr(dst, "Algorithm", p.PRF)
		dst = append(dst, "/>"...)
	}
	if p.Salt != nil {
		dst = append(dst, "<dsig-more:Salt>"...)
		dst = base64.StdEncoding.AppendEncode(dst, p.Salt)
		dst = append(dst, "</dsig-more:Salt>"...)
	}
	if p.Info != nil {
		dst = append(dst, "<dsig-more:Info>"...)
		dst = base64.StdEncoding.AppendEncode(dst, p.Info)
		dst = append(dst, "</dsig-more:Info>"...)
	}
	if p.KeyLength != 0 {
		dst = append(dst, "<dsig-more:KeyLength>"...)
		dst = strconv.AppendInt(dst, int64(p.KeyLength), 10)
		dst = append(dst, "</dsig-more:KeyLength>"...)
	}
	return append(dst, "</dsig-more:HKDFParams>"...)
}

func appendConcat(dst []byte, p *ConcatParams) []byte {
	dst = append(dst, "<xenc11:ConcatKDFParams"...)
	for _, field := range p.fields() {
		if *field.value != nil {
			dst = appendAttr(dst, field.name, "00"+hex.EncodeToString(*field.value))
		}
	}
	dst = append(dst, `><ds:DigestMethod xmlns:ds="`+namespaceSignature+`"`...)
	dst = appendAttr(dst, "Algorithm", p.Digest)
	return append(dst, "/></xenc11:ConcatKDFParams>"...)
}

// appendOriginator writes an X25519 key as its SubjectPublicKeyInfo and another as a point. [AS4 2.0 §4.1, §6]
func appendOriginator(dst []byte, k *ecdh.PublicKey) []byte {
	if k.Curve() == ecdh.X25519() {
		dst = append(dst, `<dsig11:DEREncodedKeyValue xmlns:dsig11="`+namespaceSignature11+`">`...)
		dst = base64.StdEncoding.AppendEncode(dst, append([]byte(spkiX25519), k.Bytes()...))
		return append(dst, "</dsig11:DEREncodedKeyValue>"...)
	}
	var curve string
	switch k.Curve() {
	case ecdh.P256():
		curve = "urn:oid:1.2.840.10045.3.1.7"
	case ecdh.P384():
		curve = "urn:oid:1.3.132.0.34"
	case ecdh.P521():
		curve = "urn:oid:1.3.132.0.35"
	}
	dst = append(dst, `<ds:KeyValue xmlns:ds="`+namespaceSignature+`"><dsig11:ECKeyValue xmlns:dsig11="`+namespaceSignature11+`"><dsig11:NamedCurve`...)
	dst = appendAttr(dst, "URI", curve)
	dst = append(dst, "/><dsig11:PublicKey>"...)
	dst = base64.StdEncoding.AppendEncode(dst, k.Bytes())
	return append(dst, "</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue>"...)
}
