package proof

import (
	"bytes"
	"encoding/base64"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"oots/edelivery/wssec"
)

// The forms in which a document may have travelled.
const (
	AsIs      = "as it is"
	Canonical = "canonical" // XML or text, digested in the form that its media type asks for
	Gzip      = "gzip"      // compressed as this program does; another one may have given other bytes
)

// A Matched is a part of a message that a document has the signed digest of.
type Matched struct {
	Folder       string `json:"folder"`
	MessageID    string `json:"messageId"`
	ContentID    string `json:"contentId"`
	Form         string `json:"form"`
	Acknowledged bool   `json:"acknowledged"` // a receipt repeats the digest
}

// Match returns the parts that a document is: those whose digest, in one of the forms, is the one that was signed. The
// manifest is one that Verify has found valid.
func (m *Manifest) Match(document []byte) []Matched {
	out := []Matched{}
	forms := map[string][]byte{AsIs: document, Gzip: compressed(document)}
	for i := range m.Messages {
		p := &m.Messages[i]
		for _, part := range p.Parts {
			ref := p.reference(part.ContentID)
			if ref == nil {
				continue
			}
			form := ""
			switch {
			case has(ref, "application/octet-stream", forms[AsIs]):
				form = AsIs
			case part.Compressed && has(ref, "application/octet-stream", forms[Gzip]):
				form = Gzip
			case !part.Compressed && has(ref, part.MimeType, forms[AsIs]):
				form = Canonical
			default:
				continue
			}
			out = append(out, Matched{p.Folder, p.MessageID, part.ContentID, form, p.Receipt != nil})
		}
	}
	return out
}

// reference is the signed reference to a part.
func (p *Proved) reference(contentID string) *wssec.Reference {
	for _, r := range p.References {
		if id, ok := strings.CutPrefix(r.URI, "cid:"); ok && id == contentID {
			return &wssec.Reference{URI: r.URI, DigestMethod: r.Method, DigestValue: r.Digest}
		}
	}
	return nil
}

func has(ref *wssec.Reference, mediaType string, content []byte) bool {
	want, err := base64.StdEncoding.DecodeString(ref.DigestValue)
	return err == nil && len(want) > 0 && bytes.Equal(digestAs(ref, mediaType, content), want)
}

// compressed is the one gzip member that as4.Pack makes: without name and time.
func compressed(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.ModTime = time.Unix(0, 0)
	z.Write(b) // into memory
	z.Close()
	return out.Bytes()
}
