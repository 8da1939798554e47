package xmlenc

import (
	"encoding/base64"

	"oots/xml/xmltree"
)

// AppendEncryptedKey appends k with the prefixes xenc, xenc11 and ds, each declared. keyInfo is the content of
// its ds:KeyInfo as XML; empty means none. KeyInfo and Element of k are not used.
func AppendEncryptedKey(dst []byte, k *EncryptedKey, keyInfo []byte) []byte {
	dst = append(dst, `<xenc:EncryptedKey xmlns:xenc="`+Namespace+`" xmlns:ds="`+namespaceSignature+`"`...)
	dst = appendAttr(dst, "Id", k.ID)
	dst = append(dst, `><xenc:EncryptionMethod`...)
	dst = appendAttr(dst, "Algorithm", k.Transport.Algorithm)
	dst = append(dst, '>')
	if len(k.Transport.Label) > 0 {
		dst = append(dst, "<xenc:OAEPparams>"...)
		dst = base64.StdEncoding.AppendEncode(dst, k.Transport.Label)
		dst = append(dst, "</xenc:OAEPparams>"...)
	}
	if k.Transport.Digest != "" {
		dst = append(dst, "<ds:DigestMethod"...)
		dst = appendAttr(dst, "Algorithm", k.Transport.Digest)
		dst = append(dst, "/>"...)
	}
	if k.Transport.MGF != "" {
		dst = append(dst, `<xenc11:MGF xmlns:xenc11="`+Namespace11+`"`...)
		dst = appendAttr(dst, "Algorithm", k.Transport.MGF)
		dst = append(dst, "/>"...)
	}
	dst = append(dst, "</xenc:EncryptionMethod>"...)
	dst = appendKeyInfo(dst, keyInfo)
	dst = append(dst, "<xenc:CipherData><xenc:CipherValue>"...)
	dst = base64.StdEncoding.AppendEncode(dst, k.Value)
	dst = append(dst, "</xenc:CipherValue></xenc:CipherData>"...)
	dst = appendReferences(dst, k.References)
	return append(dst, "</xenc:EncryptedKey>"...)
}

// AppendEncryptedData appends d with the prefixes xenc and ds, each declared. keyInfo is as in AppendEncryptedKey.
func AppendEncryptedData(dst []byte, d *EncryptedData, keyInfo []byte) []byte {
	dst = append(dst, `<xenc:EncryptedData xmlns:xenc="`+Namespace+`" xmlns:ds="`+namespaceSignature+`"`...)
	dst = appendAttr(dst, "Id", d.ID)
	dst = appendAttr(dst, "MimeType", d.MimeType)
	dst = appendAttr(dst, "Type", d.Type)
	dst = append(dst, "><xenc:EncryptionMethod"...)
	dst = appendAttr(dst, "Algorithm", string(d.Content))
	dst = append(dst, "/>"...)
	dst = appendKeyInfo(dst, keyInfo)
	dst = append(dst, "<xenc:CipherData>"...)
	if d.Reference == nil {
		dst = append(dst, "<xenc:CipherValue>"...)
		dst = base64.StdEncoding.AppendEncode(dst, d.Value)
		dst = append(dst, "</xenc:CipherValue>"...)
	} else {
		dst = append(dst, "<xenc:CipherReference"...)
		dst = appendAttr(dst, "URI", d.Reference.URI)
		dst = append(dst, "><xenc:Transforms>"...)
		for _, t := range d.Reference.Transforms {
			dst = append(dst, "<ds:Transform"...)
			dst = appendAttr(dst, "Algorithm", t)
			dst = append(dst, "/>"...)
		}
		dst = append(dst, "</xenc:Transforms></xenc:CipherReference>"...)
	}
	return append(dst, "</xenc:CipherData></xenc:EncryptedData>"...)
}

func appendReferences(dst []byte, uris []string) []byte {
	if len(uris) == 0 {
		return dst
	}
	dst = append(dst, "<xenc:ReferenceList>"...)
	for _, uri := range uris {
		dst = append(dst, "<xenc:DataReference"...)
		dst = appendAttr(dst, "URI", uri)
		dst = append(dst, "/>"...)
	}
	return append(dst, "</xenc:ReferenceList>"...)
}

func appendKeyInfo(dst, keyInfo []byte) []byte {
	if len(keyInfo) == 0 {
		return dst
	}
	dst = append(dst, "<ds:KeyInfo>"...)
	dst = append(dst, keyInfo...)
	return append(dst, "</ds:KeyInfo>"...)
}

// appendAttr appends an attribute unless its value is empty.
func appendAttr(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(append(append(dst, ' '), name...), `="`...)
	return append(xmltree.AppendAttr(dst, value), '"')
}
