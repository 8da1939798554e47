package proof

import (
	"bytes"
	"encoding/base64"
	"io"
	"slices"
	"strconv"

	"oots/edelivery/wssec"
	"oots/xml/xmldsig"
)

// A Standing says by whose word a content of an export is what it claims to be.
type Standing struct {
	File      string   `json:"file"`
	MessageID string   `json:"messageId,omitempty"`
	ContentID string   `json:"contentId,omitempty"` // of the part that it is
	SignedBy  []string `json:"signedBy"`            // parties whose signatures cover it; none: the word of who made the export
}

// payloadFile is the name of the n-th payload of a message.
func payloadFile(folder string, n int, compressed bool) string {
	name := folder + "/payloads/" + strconv.Itoa(n)
	if compressed {
		name += ".gz"
	}
	return name
}

// part is the part of the message with that Content-ID.
func (p *Proved) part(contentID string) *PartOf {
	if i := slices.IndexFunc(p.Parts, func(q PartOf) bool { return q.ContentID == contentID }); i >= 0 {
		return &p.Parts[i]
	}
	return nil
}

// signedBy are the parties whose signatures cover the parts of the message: the receiver has repeated the digests.
func (p *Proved) signedBy() []string {
	if p.Receipt == nil {
		return []string{p.From}
	}
	return []string{p.From, p.To}
}

// form says in which form content has the digest that is signed for the part: AsIs, Canonical, or "" for none. [SwA profile
// of WS-Security §5.4]
func (p *Proved) form(part *PartOf, open func() (io.ReadCloser, error)) (string, error) {
	ref := p.reference(part.ContentID)
	if ref == nil {
		return "", nil
	}
	forms := []struct{ form, mediaType string }{{AsIs, "application/octet-stream"}, {Canonical, part.MimeType}}
	if part.Compressed {
		forms = forms[:1]
	}
	for _, f := range forms {
		r, err := open()
		if err != nil {
			return "", err
		}
		sum := digestAs(ref, f.mediaType, r)
		if err := r.Close(); err != nil {
			return "", err
		}
		if sum != nil && bytes.Equal(sum, wanted(ref)) {
			return f.form, nil
		}
	}
	return "", nil
}

func opened(b []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// wanted is the digest that a reference signs; nil when it is none.
func wanted(ref *wssec.Reference) []byte {
	sum, err := base64.StdEncoding.DecodeString(ref.DigestValue)
	if err != nil || len(sum) == 0 {
		return nil
	}
	return sum
}

// digestAs is the digest of content as a part of that media type; nil when there is none.
func digestAs(ref *wssec.Reference, mediaType string, content io.Reader) []byte {
	d := wssec.NewDigest(xmldsig.Digest(ref.DigestMethod), mediaType)
	if d == nil {
		return nil
	}
	if _, err := io.Copy(d, content); err != nil {
		return nil
	}
	sum, err := d.Sum()
	if err != nil {
		return nil
	}
	return sum
}
