package as4

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
)

// A Payload is one part of a message as the back end sees it: not compressed, not encrypted.
type Payload struct {
	ContentID  string          // local@domain without angle brackets, unique in the message
	MimeType   string          // true media type, for example "application/pdf"
	Compress   bool            // sending: compress unless the type is compressed already; receiving: it came compressed
	Properties []ebms.Property // further part properties, such as CharacterSet; MimeType and CompressionType are never among them
	Content    []byte
}

// An Entity is exactly what goes over HTTP. Sending it again means sending these bytes again: a message that
// is packed twice has other digests than its receipt will name. [AS4 1.15 §3.2]
type Entity struct {
	ContentType string            // HTTP header
	Body        []byte            // HTTP body
	References  []wssec.Reference // signed references of a user message; its receipt repeats them. nil for a signal
}

// Pack makes the entity of one user message from self to peer: it compresses, writes the header, signs
// header, Body and payloads, and encrypts the payloads. m.Parts is made from the payloads; whatever it
// holds is ignored. The certificates in use must be valid at m.Timestamp. [AS4 1.15 §3.2]
func Pack(m ebms.UserMessage, payloads []Payload, self wssec.Identity, peer pmode.Party) (*Entity, error) {
	if err := checkIdentities(m, self, peer); err != nil {
		return nil, err
	}
	m.Parts = make([]ebms.PartInfo, len(payloads))
	atts := make([]wssec.Attachment, len(payloads))
	for i := range payloads {
		var err error
		if m.Parts[i], atts[i], err = prepare(&payloads[i]); err != nil {
			return nil, fmt.Errorf("as4: payload %d: %w", i+1, err)
		}
	}
	if err := m.Check(); err != nil {
		return nil, fmt.Errorf("as4: header: %w", err)
	}
	envelope := ebms.AppendUserEnvelope(make([]byte, 0, 4096), &m, newID(), newID())
	secured, atts, refs, err := wssec.Secure(envelope, atts, self, peer.Encryption, wssec.Options{})
	if err != nil {
		return nil, fmt.Errorf("as4: secure the message: %w", err)
	}
	root := swa.Part{ContentID: "envelope." + newID() + "@" + domain(m.MessageID), MediaType: swa.SOAP, Content: secured}
	parts := make([]swa.Part, len(atts))
	for i := range atts {
		parts[i] = swa.Part{ContentID: atts[i].ContentID, MediaType: "application/octet-stream", Content: atts[i].Content}
	}
	boundary := swa.NewBoundary()
	body := bytes.NewBuffer(make([]byte, 0, swa.Size(root, parts, boundary)))
	if err := swa.Write(body, root, parts, boundary); err != nil {
		return nil, fmt.Errorf("as4: %w", err)
	}
	return &Entity{ContentType: swa.ContentType(root, parts, boundary), Body: body.Bytes(), References: refs}, nil
}

func checkIdentities(m ebms.UserMessage, self wssec.Identity, peer pmode.Party) error {
	switch {
	case self.Key == nil || self.Certificate == nil:
		return errors.New("as4: no key to sign with")
	case peer.Encryption == nil:
		return fmt.Errorf("as4: no certificate to encrypt for party %s", peer.ID.Value)
	case !pmode.ValidAt(self.Certificate, m.Timestamp):
		return errors.New("as4: the own signing certificate is not valid at this time")
	case !pmode.ValidAt(peer.Encryption, m.Timestamp):
		return fmt.Errorf("as4: the encryption certificate of party %s is not valid at this time", peer.ID.Value)
	}
	return nil
}

// prepare compresses one payload and describes it. The MIME type of the part is never a text or XML type,
// so that no receiver canonicalises before it hashes; the true type is a signed part property.
// [AS4 §3.1] [SwA Profile 1.1.1 §5.4]
func prepare(p *Payload) (ebms.PartInfo, wssec.Attachment, error) {
	if err := swa.CheckContentID(p.ContentID); err != nil {
		return ebms.PartInfo{}, wssec.Attachment{}, err
	}
	if _, err := swa.ParseMediaType(p.MimeType); err != nil {
		return ebms.PartInfo{}, wssec.Attachment{}, err
	}
	info := ebms.PartInfo{Href: "cid:" + p.ContentID, Properties: []ebms.Property{{Name: ebms.MimeType, Value: p.MimeType}}}
	att := wssec.Attachment{ContentID: p.ContentID, MediaType: "application/octet-stream", Content: p.Content}
	if p.Compress && compressible(p.MimeType) {
		small, err := compress(p.Content)
		if err != nil {
			return ebms.PartInfo{}, wssec.Attachment{}, err
		}
		att.Content, att.MediaType = small, ebms.Gzip
		info.Properties = append(info.Properties, ebms.Property{Name: ebms.CompressionType, Value: ebms.Gzip})
	}
	for _, q := range p.Properties {
		if strings.EqualFold(q.Name, ebms.MimeType) || strings.EqualFold(q.Name, ebms.CompressionType) {
			return ebms.PartInfo{}, wssec.Attachment{}, fmt.Errorf("property %s is set by the access point only", q.Name)
		}
		info.Properties = append(info.Properties, q)
	}
	return info, att, nil
}

// newID returns an NCName of 128 random bits.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return "_" + hex.EncodeToString(b[:])
}

// domain returns what stands behind the '@' of a message id, if it can stand in a Content-ID.
func domain(messageID string) string {
	if _, d, ok := strings.Cut(messageID, "@"); ok && swa.CheckContentID("a@"+d) == nil {
		return d
	}
	return "oots.invalid"
}
