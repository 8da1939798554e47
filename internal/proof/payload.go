package proof

import (
	"crypto/sha256"
	"slices"

	"oots/edelivery/wssec"
	"oots/internal/audit"
	"oots/xml/xmldsig"
)

// What a payload was compared with.
const (
	WithSignature = "signature" // its octets have the digest that the message signs
	WithLog       = "log"       // a row about the message has its digest; what travelled was its compressed form
)

// compared says what the content of a payload is bound to: the signature of the message, a row of the log, or nothing.
func compared(s *signed, entry *Proved, contentID string, content []byte, rows []audit.Stored) string {
	if ref := referenceTo(s.references, contentID); ref != nil {
		mime := ""
		if i := slices.IndexFunc(entry.Parts, func(p PartOf) bool { return p.ContentID == contentID }); i >= 0 {
			mime = entry.Parts[i].MimeType
		}
		if has(ref, "application/octet-stream", content) || has(ref, mime, content) {
			return WithSignature
		}
	}
	sum := digest(content)
	for i := range rows {
		r := &rows[i]
		if r.MessageID != entry.MessageID {
			continue
		}
		if r.DocumentSHA256 == sum && len(entry.Parts) > 0 && entry.Parts[0].ContentID == contentID {
			return WithLog
		}
		for _, p := range r.Parts {
			if p.ContentID == contentID && p.SHA256 == sum {
				return WithLog
			}
		}
	}
	return ""
}

func digestAs(ref *wssec.Reference, mediaType string, content []byte) []byte {
	if ref.DigestMethod == string(xmldsig.SHA256) && mediaType == "application/octet-stream" {
		sum := sha256.Sum256(content)
		return sum[:]
	}
	d := wssec.NewDigest(xmldsig.Digest(ref.DigestMethod), mediaType)
	if d == nil {
		return nil
	}
	if _, err := d.Write(content); err != nil {
		return nil
	}
	sum, err := d.Sum()
	if err != nil {
		return nil
	}
	return sum
}
