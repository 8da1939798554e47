package swa

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Reader reads one entity body in order: the root part with Root, then the others with Next.
// It is not safe for concurrent use.
type Reader struct {
	lim       Limits
	src       *bufio.Reader
	raw       *counter
	mediaType MediaType
	boundary  string // "" for a plain SOAP entity
	start     string // Content-ID the root must have; "" for none
	lfOnly    bool
	state     state
	current   *content
	ids       map[string]bool
	parts     int
	err       error // sticky
}

type state int

const (
	atRoot state = iota
	atParts
	atEnd
)

// The look-ahead for a delimiter is a buffer: boundary, padding and line ends fit many times. Most messages are
// small; the larger one comes with the first part that is not.
const (
	firstBufferSize = 8 << 10
	bufferSize      = 64 << 10
)

// rootSize is the usual size of a signed envelope, in bytes.
const rootSize = 12 << 10

// NewReader checks the Content-Type of the entity and returns a Reader of body. The media type must be
// application/soap+xml, text/xml (so that a SOAP 1.1 sender can be told its error), or multipart/related
// with type and boundary; anything else is ErrMediaType. [RFC 2387 §3]
func NewReader(contentType string, body io.Reader, lim Limits) (*Reader, error) {
	mt, err := ParseMediaType(contentType)
	if err != nil {
		return nil, wrongMediaType(contentType)
	}
	r := &Reader{lim: lim.withDefaults(), mediaType: mt}
	switch {
	case isSOAP(mt.Type):
	case mt.Type == "multipart/related":
		if err := r.multipart(mt); err != nil {
			return nil, err
		}
	default:
		return nil, wrongMediaType(contentType)
	}
	r.raw = &counter{src: body, limit: r.lim.Message, what: "message"}
	r.src = bufio.NewReaderSize(r.raw, firstBufferSize)
	return r, nil
}

// LFOnly reports whether the sender ended its MIME lines with LF alone: accepted, but a deviation worth
// a line in the log.
func (r *Reader) LFOnly() bool { return r.lfOnly }

func (r *Reader) multipart(mt MediaType) error {
	r.boundary = mt.Params["boundary"]
	if n := len(r.boundary); n == 0 || n > 70 || strings.ContainsAny(r.boundary, "\r\n\x00") || strings.HasSuffix(r.boundary, " ") {
		return malformed("boundary of %d bytes", n)
	}
	kind, err := ParseMediaType(mt.Params["type"])
	if err != nil {
		return malformed("type parameter %.64q", mt.Params["type"])
	}
	if !isSOAP(kind.Type) {
		return wrongMediaType(mt.Params["type"])
	}
	r.start = stripBrackets(strings.Trim(mt.Params["start"], lwsp))
	if _, given := mt.Params["start"]; given && r.start == "" {
		return malformed("empty start parameter")
	}
	return nil
}

func isSOAP(t string) bool { return t == SOAP || t == "text/xml" }

// Restrict tightens the limits for what is still to be read, once it is known from whom it comes. Root and Preamble
// are as they were.
func (r *Reader) Restrict(lim Limits) {
	lim = lim.withDefaults()
	r.lim.Part, r.lim.Parts = min(r.lim.Part, lim.Part), min(r.lim.Parts, lim.Parts)
	r.raw.limit = min(r.raw.limit, lim.Message)
}

// Root returns the root part, read whole. It must be called first and once. A start parameter must name
// this part: a root further behind could not be streamed, and EBMS:0007 refuses it.
func (r *Reader) Root() (Part, error) {
	if r.state != atRoot {
		return Part{}, errors.New("swa: Root called twice")
	}
	root, err := r.root()
	if err != nil {
		r.err = err
		return Part{}, err
	}
	return root, nil
}

func (r *Reader) root() (Part, error) {
	if r.boundary == "" {
		r.state = atEnd
		b, err := readBounded(r.src, r.lim.Root, "root part")
		if err != nil {
			return Part{}, err
		}
		return Part{MediaType: mediaTypeText(r.mediaType), Content: b}, nil
	}
	if err := r.skipPreamble(); err != nil {
		return Part{}, err
	}
	h, err := r.readHeader()
	if err != nil {
		return Part{}, err
	}
	if err := r.checkRoot(h); err != nil {
		return Part{}, err
	}
	r.ids = map[string]bool{}
	if h.hasID {
		r.ids[h.contentID] = true
	}
	r.state = atParts
	body, err := r.open(h)
	if err != nil {
		return Part{}, err
	}
	b, err := readBounded(body, r.lim.Root, "root part")
	if err != nil {
		return Part{}, err
	}
	return Part{ContentID: h.contentID, MediaType: h.contentType, Content: b}, nil
}

func (r *Reader) checkRoot(h header) error {
	mt, err := ParseMediaType(h.contentType)
	if err != nil {
		return malformed("root part without a media type")
	}
	kind, _ := ParseMediaType(r.mediaType.Params["type"])
	if mt.Type != kind.Type {
		return malformed("root part is %.64q, type parameter says %.64q", mt.Type, kind.Type)
	}
	if r.start != "" && (!h.hasID || h.contentID != r.start) {
		return malformed("start parameter does not name the first part")
	}
	return nil
}

// A PartReader is one further part; Read gives its content with the transfer encoding undone. A part that
// was not read to its end is skipped by the next call of Next.
type PartReader struct {
	ContentID   string // without angle brackets
	MediaType   string // the Content-Type value; application/octet-stream if the part has none
	Disposition string // Content-Disposition as written; never a path
	body        io.Reader
}

// Read reads content. An error other than io.EOF condemns the whole message.
func (p *PartReader) Read(b []byte) (int, error) { return p.body.Read(b) }

// Next returns the next part, and io.EOF once the close delimiter was read. Nothing read before io.EOF may
// be acted upon: the body can still turn out to be cut. A part without or with a repeated Content-ID is
// refused. [AS4 1.15 §3.2.2]
func (r *Reader) Next() (*PartReader, error) {
	if r.err != nil {
		return nil, r.err
	}
	p, err := r.next()
	if err != nil {
		r.err = err
		return nil, err
	}
	return p, nil
}

func (r *Reader) next() (*PartReader, error) {
	if r.state == atRoot {
		return nil, errors.New("swa: Next called before Root")
	}
	if r.current != nil {
		if _, err := io.Copy(io.Discard, r.current); err != nil {
			return nil, err
		}
		if r.current.last {
			r.state = atEnd
		}
		r.current = nil
		if r.state == atEnd {
			if err := r.skipEpilogue(); err != nil {
				return nil, err
			}
		}
	}
	if r.state == atEnd {
		return nil, io.EOF
	}
	if r.parts++; r.parts > r.lim.Parts {
		return nil, tooLarge("more than %d parts", r.lim.Parts)
	}
	h, err := r.readHeader()
	if err != nil {
		return nil, err
	}
	if !h.hasID {
		return nil, malformed("part %d has no Content-ID", r.parts)
	}
	if r.ids[h.contentID] {
		return nil, malformed("Content-ID of part %d occurs twice", r.parts)
	}
	r.ids[h.contentID] = true
	if h.contentType == "" {
		h.contentType = "application/octet-stream"
	}
	if _, err := ParseMediaType(h.contentType); err != nil {
		return nil, err
	}
	body, err := r.open(h)
	if err != nil {
		return nil, err
	}
	bounded := &counter{src: body, limit: r.lim.Part, what: fmt.Sprintf("part %d", r.parts)}
	return &PartReader{ContentID: h.contentID, MediaType: h.contentType, Disposition: h.disposition, body: bounded}, nil
}

// A Message is an entity read whole.
type Message struct {
	Root   Part
	Parts  []Part
	LFOnly bool
}

// ReadAll reads a whole entity into memory. On error there is no result. Message and part limits of lim
// bound the memory.
func ReadAll(contentType string, body io.Reader, lim Limits) (*Message, error) {
	r, err := NewReader(contentType, body, lim)
	if err != nil {
		return nil, err
	}
	m := &Message{}
	if m.Root, err = r.Root(); err != nil {
		return nil, err
	}
	for {
		p, err := r.Next()
		if err == io.EOF {
			m.LFOnly = r.lfOnly
			return m, nil
		}
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return nil, err
		}
		m.Parts = append(m.Parts, Part{ContentID: p.ContentID, MediaType: p.MediaType, Content: b})
	}
}

func mediaTypeText(mt MediaType) string {
	if cs := mt.Params["charset"]; cs != "" {
		return mt.Type + "; charset=" + cs
	}
	return mt.Type
}

func readBounded(src io.Reader, limit int64, what string) ([]byte, error) {
	src = &counter{src: src, limit: limit, what: what}
	b := make([]byte, 0, rootSize)
	for {
		n, err := src.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return nil, err
		}
		if len(b) == cap(b) {
			b = slices.Grow(b, cap(b))
		}
	}
}

// A counter fails with ErrTooLarge on the first byte above its limit.
type counter struct {
	src   io.Reader
	limit int64
	n     int64
	what  string
}

func (c *counter) Read(b []byte) (int, error) {
	if c.n > c.limit { // the limit was lowered
		return 0, tooLarge("%s above %d bytes", c.what, c.limit)
	}
	if left := c.limit - c.n + 1; int64(len(b)) > left {
		b = b[:left]
	}
	n, err := c.src.Read(b)
	if c.n += int64(n); c.n > c.limit {
		return 0, tooLarge("%s above %d bytes", c.what, c.limit)
	}
	return n, err
}
