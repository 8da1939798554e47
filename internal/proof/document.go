package proof

import (
	"bytes"
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
	for i := range m.Messages {
		p := &m.Messages[i]
		for j := range p.Parts {
			if form := p.match(&p.Parts[j], document); form != "" {
				out = append(out, Matched{p.Folder, p.MessageID, p.Parts[j].ContentID, form, p.Receipt != nil})
			}
		}
	}
	return out
}

// match is the form in which a document may have travelled as the part; "" when it is not the part.
func (p *Proved) match(part *PartOf, document []byte) string {
	form, _ := p.form(part, opened(document)) // of what is in memory
	if form != "" || !part.Compressed {
		return form
	}
	if form, _ = p.form(part, opened(compressed(document))); form != "" {
		return Gzip
	}
	return ""
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

// compressed is the one gzip member that as4.Pack makes: without name and time.
func compressed(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.ModTime = time.Unix(0, 0)
	z.Write(b) // into memory
	z.Close()
	return out.Bytes()
}
