package as4

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"oots/edelivery/swa"
	"oots/edelivery/wssec"
	"oots/xml/xmlenc"
)

// An Entity is exactly what goes over HTTP. It can be opened again and again and gives the same bytes each
// time, because the key and the nonces are part of it: a message that is packed twice has other digests than
// its receipt will name. Its owner may keep the fields and build it again from them. [AS4 1.15 §3.2]
//
// Without Parts the entity is the Envelope alone.
type Entity struct {
	ContentType string            // HTTP header
	References  []wssec.Reference // signed references of a user message; its receipt repeats them. nil for a signal
	Envelope    []byte            // the SOAP envelope with its security header
	Boundary    string            // MIME boundary; "" without Parts
	Key         []byte            // content encryption key, 16 bytes: a secret; nil without Parts
	Parts       []EntityPart

	spooled []Spooled // what Pack put into the spool
}

// An EntityPart is one payload as it was signed, compressed or as it is. It is encrypted while it is read.
type EntityPart struct {
	ContentID string
	IV        []byte // nonce of the encryption, 12 bytes
	Content   Content
}

// Length returns the exact number of bytes of the entity, for Content-Length.
func (e *Entity) Length() int64 {
	if len(e.Parts) == 0 {
		return int64(len(e.Envelope))
	}
	n := int64(len(e.head()) + len(e.tail()))
	for i := range e.Parts {
		n += int64(len(e.partHead(i))) + xmlenc.Overhead + e.Parts[i].Content.Size()
	}
	return n
}

// WriteTo writes the entity.
func (e *Entity) WriteTo(w io.Writer) (int64, error) {
	r := e.Open()
	defer r.Close()
	return io.Copy(w, r)
}

// Open returns a reader of the entity. Reading fails when a part has not the size any more that it had when it
// was signed.
func (e *Entity) Open() io.ReadCloser {
	if len(e.Parts) == 0 {
		return io.NopCloser(bytes.NewReader(e.Envelope))
	}
	return &entityReader{e: e}
}

// head is everything before the first payload's own header.
func (e *Entity) head() []byte {
	b := make([]byte, 0, len(e.Envelope)+512)
	b = swa.AppendHead(b, e.Boundary, swa.SOAP+"; charset=UTF-8", rootID(e.ContentType), true)
	return append(b, e.Envelope...)
}

func (e *Entity) partHead(i int) []byte {
	return swa.AppendHead(nil, e.Boundary, sealedType, e.Parts[i].ContentID, false)
}

func (e *Entity) tail() []byte { return swa.AppendTail(nil, e.Boundary) }

// sealedType is the media type of an encrypted part.
const sealedType = "application/octet-stream"

// rootID returns the Content-ID that the start parameter of a media type names.
func rootID(contentType string) string {
	mt, err := swa.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	start := mt.Params["start"]
	if len(start) < 2 {
		return start
	}
	return start[1 : len(start)-1]
}

// An entityReader goes through head, parts and tail; only one part is open at a time.
type entityReader struct {
	e    *Entity
	next int // 0 is the head; then two steps for each part, its header and its content; then the tail
	from io.Reader
	part io.Closer // open while from is a part
	err  error
}

func (r *entityReader) Read(p []byte) (int, error) {
	for r.err == nil {
		if r.from == nil {
			r.err = r.advance()
			continue
		}
		n, err := r.from.Read(p)
		switch {
		case err == io.EOF:
			r.closePart()
		case err != nil:
			r.err = fmt.Errorf("%w: part %d: %w", ErrContent, r.next/2, err)
			return n, r.err
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, r.err
}

// advance opens the next section.
func (r *entityReader) advance() error {
	i := (r.next - 1) / 2
	switch {
	case r.next == 0:
		r.from = bytes.NewReader(r.e.head())
	case i == len(r.e.Parts) && r.next%2 == 1:
		r.from = bytes.NewReader(r.e.tail())
	case i >= len(r.e.Parts):
		return io.EOF
	case r.next%2 == 1:
		r.from = bytes.NewReader(r.e.partHead(i))
	default:
		if err := r.openPart(&r.e.Parts[i]); err != nil {
			return fmt.Errorf("%w: part %d: %w", ErrContent, i+1, err)
		}
	}
	r.next++
	return nil
}

func (r *entityReader) openPart(p *EntityPart) error {
	plain, err := p.Content.Open()
	if err != nil {
		return err
	}
	sealed, err := xmlenc.NewSealer(xmlenc.AES128GCM, r.e.Key, p.IV, &exact{src: plain, left: p.Content.Size()})
	if err != nil {
		plain.Close()
		return err
	}
	r.from, r.part = sealed, plain
	return nil
}

func (r *entityReader) closePart() {
	r.from = nil
	if r.part != nil {
		r.part.Close()
		r.part = nil
	}
}

// Close closes what is open.
func (r *entityReader) Close() error {
	r.closePart()
	if r.err == nil {
		r.err = errors.New("as4: the entity is closed")
	}
	return nil
}

// exact fails when its source has not exactly the bytes that were announced.
type exact struct {
	src  io.Reader
	left int64
}

// ErrContent says that a part of an entity could not be read while it was sent: it is no failure of the connection.
var ErrContent = errors.New("as4: a payload cannot be read")

var errSize = errors.New("content has not the size that it had")

func (x *exact) Read(p []byte) (int, error) {
	n, err := x.src.Read(p)
	x.left -= int64(n)
	if x.left < 0 || err == io.EOF && x.left > 0 {
		return 0, errSize
	}
	return n, err
}

// Discard removes what Pack put into the spool for the entity, which cannot be sent afterwards. An entity that
// its owner built again has nothing to discard.
func (e *Entity) Discard() error { return discard(e.spooled) }

func discard(parts []Spooled) error {
	var errs []error
	for _, p := range parts {
		errs = append(errs, p.Discard())
	}
	return errors.Join(errs...)
}
