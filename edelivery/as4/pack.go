package as4

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
)

// A Payload is one part of a message as the back end sees it: not compressed, not encrypted.
type Payload struct {
	ContentID  string          // local@domain without angle brackets, unique in the message
	MimeType   string          // true media type, for example "application/pdf"
	Compress   bool            // sending: compress unless the type is compressed already; receiving: it came compressed
	Properties []ebms.Property // further part properties, such as CharacterSet; MimeType and CompressionType are never among them
	Content    Content         // nil is empty
}

// Pack makes the entity of one user message from self to peer: it compresses into spool, writes the header,
// and signs header, Body and payloads. Every payload is read once here; the entity encrypts them each time it is
// opened, and needs the contents until then. m.Parts is made from the payloads; whatever it holds is ignored.
// The certificates in use must be valid at m.Timestamp. spool may be nil, which means Memory. On error nothing is
// left in it. [AS4 1.15 §3.2]
func Pack(m ebms.UserMessage, payloads []Payload, self wssec.Identity, peer pmode.Party, spool Spool) (*Entity, error) {
	if err := checkIdentities(m, self, peer); err != nil {
		return nil, err
	}
	if spool == nil {
		spool = Memory()
	}
	e := &Entity{}
	if err := e.pack(m, payloads, self, peer, spool); err != nil {
		return nil, errors.Join(err, e.Discard())
	}
	return e, nil
}

func (e *Entity) pack(m ebms.UserMessage, payloads []Payload, self wssec.Identity, peer pmode.Party, spool Spool) error {
	m.Parts = make([]ebms.PartInfo, len(payloads))
	atts := make([]wssec.Attachment, len(payloads))
	e.Parts = make([]EntityPart, len(payloads))
	for i := range payloads {
		p := &payloads[i]
		if err := checkPayload(p); err != nil {
			return fmt.Errorf("as4: payload %d: %w", i+1, err)
		}
		m.Parts[i] = describe(p)
	}
	if err := m.Check(); err != nil {
		return fmt.Errorf("as4: header: %w", err)
	}
	for i := range payloads {
		var err error
		if e.Parts[i], atts[i], err = e.prepare(&payloads[i], spool); err != nil {
			return fmt.Errorf("as4: payload %d: %w", i+1, err)
		}
	}
	envelope := ebms.AppendUserEnvelope(make([]byte, 0, 4096), &m, newID(), newID())
	secured, err := wssec.Secure(envelope, atts, self, peer.Encryption, wssec.Options{PKIPath: peer.Sending.PKIPath, EncryptTo: peer.Sending.EncryptTo})
	if err != nil {
		return fmt.Errorf("as4: secure the message: %w", err)
	}
	e.Envelope, e.Key, e.References = secured.Envelope, secured.Key, secured.References
	root := swa.Part{ContentID: "envelope." + newID() + "@" + domain(m.MessageID)}
	if len(payloads) > 0 {
		e.Boundary = swa.NewBoundary()
	}
	e.ContentType = swa.ContentType(root, make([]swa.Part, len(payloads)), e.Boundary)
	return nil
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

func checkPayload(p *Payload) error {
	if err := swa.CheckContentID(p.ContentID); err != nil {
		return err
	}
	if _, err := swa.ParseMediaType(p.MimeType); err != nil {
		return err
	}
	for _, q := range p.Properties {
		if strings.EqualFold(q.Name, ebms.MimeType) || strings.EqualFold(q.Name, ebms.CompressionType) {
			return fmt.Errorf("property %s is set by the access point only", q.Name)
		}
	}
	return nil
}

// describe makes the PartInfo: the true media type is a signed part property. [AS4 §3.1]
func describe(p *Payload) ebms.PartInfo {
	info := ebms.PartInfo{Href: "cid:" + p.ContentID, Properties: []ebms.Property{{Name: ebms.MimeType, Value: p.MimeType}}}
	if p.compressed() {
		info.Properties = append(info.Properties, ebms.Property{Name: ebms.CompressionType, Value: ebms.Gzip})
	}
	info.Properties = append(info.Properties, p.Properties...)
	return info
}

func (p *Payload) compressed() bool { return p.Compress && compressible(p.MimeType) }

// prepare reads one payload: it is digested, through compression and the spool if it is to be compressed. The MIME
// type of the part is never a text or XML type, so that no receiver canonicalises before it hashes.
// [SwA Profile 1.1.1 §5.4]
func (e *Entity) prepare(p *Payload, spool Spool) (EntityPart, wssec.Attachment, error) {
	part := EntityPart{ContentID: p.ContentID, IV: xmlenc.NewNonce(), Content: p.Content}
	if part.Content == nil {
		part.Content = Bytes(nil)
	}
	att := wssec.Attachment{ContentID: p.ContentID, MediaType: sealedType}
	if p.compressed() {
		att.MediaType = ebms.Gzip
	}
	digest := wssec.NewDigest(xmldsig.SHA256, att.MediaType)
	src, err := part.Content.Open()
	if err != nil {
		return part, att, err
	}
	defer src.Close()
	plain := &exact{src: src, left: part.Content.Size()}
	if !p.compressed() {
		if _, err = pour(digest, plain); err != nil {
			return part, att, err
		}
	} else if part.Content, err = e.compress(plain, digest, spool); err != nil {
		return part, att, err
	}
	att.Digest, err = digest.Sum()
	return part, att, err
}

// compress writes src as gzip into the spool and into digest.
func (e *Entity) compress(src io.Reader, digest io.Writer, spool Spool) (Content, error) {
	packed, err := spool.Create()
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	e.spooled = append(e.spooled, packed)
	if _, err := compress(io.MultiWriter(digest, packed), src); err != nil {
		return nil, err
	}
	content, err := packed.Finish()
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	return content, nil
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
