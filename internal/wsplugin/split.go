package wsplugin

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"oots/edelivery/as4"
	"oots/internal/backend"
)

// An inline is one payload value that came as base64 in the envelope.
type inline struct {
	backend.Spooled
	err error // why there is none
}

// A splitter reads an envelope once and parts it: the text of each payload value goes through base64 into the spool,
// and everything else, with a marker in the place of each such text, into a small envelope for the strict parser.
// It knows just enough of XML to see where a tag, a comment or a CDATA section begins and ends. Where it and the
// parser could see different documents, the parser refuses the document: the markers are not to be guessed, and all
// of them must be found again.
type splitter struct {
	src   *bufio.Reader
	spool as4.Spool
	lim   Limits

	envelope bytes.Buffer
	nonce    string
	inlines  []inline

	depth int
	path  [valueDepth + 1]string // local names of the open elements
	part  as4.Spooled            // of the value being read
	dec   *decoder
	size  int64
}

// valueDepth is the depth of Envelope/Body/request/payload/value.
const valueDepth = 5

var errEnvelope = errors.New("is cut off or not well-formed")

func newSplitter(src io.Reader, spool as4.Spool, lim Limits) *splitter {
	return &splitter{src: bufio.NewReaderSize(src, 32<<10), spool: spool, lim: lim, nonce: rand.Text()}
}

// split reads to the end of the envelope. Whatever it returns, the inlines are the caller's to discard.
func (s *splitter) split() error {
	for {
		c, err := s.src.ReadByte()
		if err == io.EOF {
			if s.depth != 0 {
				return errEnvelope
			}
			return nil
		}
		if err != nil {
			return err
		}
		if c == '<' {
			if err := s.markup(); err != nil {
				return err
			}
			continue
		}
		if s.inValue() {
			if err := s.text(c); err != nil {
				return err
			}
			if err := s.run(); err != nil {
				return err
			}
			continue
		}
		if err := s.keep(c); err != nil {
			return err
		}
	}
}

// run takes what is buffered of the text of a value, up to the next markup or reference, at once.
func (s *splitter) run() error {
	if s.dec == nil || s.dec.err != nil {
		return nil
	}
	b, _ := s.src.Peek(s.src.Buffered())
	if i := bytes.IndexByte(b, '<'); i >= 0 {
		b = b[:i]
	}
	if i := bytes.IndexByte(b, '&'); i >= 0 {
		b = b[:i]
	}
	for _, c := range b {
		s.dec.put(c)
	}
	s.src.Discard(len(b))
	return s.written()
}

// written reports an error of the spool; that a text is no base64 is told later, if the payload is used.
func (s *splitter) written() error {
	if s.dec.err != nil && !errors.Is(s.dec.err, errBase64) {
		return s.dec.err
	}
	return nil
}

// inValue reports whether text here belongs to a payload value.
func (s *splitter) inValue() bool {
	return s.depth == valueDepth && s.path[valueDepth] == "value" && (s.path[valueDepth-1] == "payload" || s.path[valueDepth-1] == "bodyload") && s.path[2] == "Body"
}

func (s *splitter) keep(c byte) error {
	if int64(s.envelope.Len()) >= s.lim.Envelope {
		return tooLarge("the envelope without its payloads has more than %d bytes", s.lim.Envelope)
	}
	return s.envelope.WriteByte(c)
}

func (s *splitter) keepAll(b []byte) error {
	for _, c := range b {
		if err := s.keep(c); err != nil {
			return err
		}
	}
	return nil
}

// markup reads what begins with '<'.
func (s *splitter) markup() error {
	head, _ := s.src.Peek(8)
	switch {
	case bytes.HasPrefix(head, []byte("!--")):
		return s.until("-->", !s.inValue())
	case bytes.HasPrefix(head, []byte("![CDATA[")):
		return s.cdata()
	case bytes.HasPrefix(head, []byte("!")):
		return errors.New("holds a DOCTYPE or another declaration, which is not accepted")
	case bytes.HasPrefix(head, []byte("?")):
		return s.until("?>", true)
	}
	return s.tag()
}

// until copies '<' and the rest of a construct up to its end, or drops it.
func (s *splitter) until(end string, keep bool) error {
	if keep {
		if err := s.keep('<'); err != nil {
			return err
		}
	}
	var last []byte
	for n := int64(0); ; n++ {
		c, err := s.src.ReadByte()
		if err == io.EOF {
			return errEnvelope
		}
		if err != nil {
			return err
		}
		if keep {
			if err := s.keep(c); err != nil {
				return err
			}
		} else if n > s.lim.Envelope {
			return tooLarge("a comment has more than %d bytes", s.lim.Envelope)
		}
		if last = append(last, c); len(last) > len(end) {
			last = last[1:]
		}
		if string(last) == end && n >= int64(len(end)) {
			return nil
		}
	}
}

// cdata reads a section, as text of a value or as it is.
func (s *splitter) cdata() error {
	if !s.inValue() {
		return s.until("]]>", true)
	}
	s.src.Discard(len("![CDATA["))
	for {
		if end, _ := s.src.Peek(3); string(end) == "]]>" {
			s.src.Discard(3)
			return nil
		}
		c, err := s.src.ReadByte()
		if err == io.EOF {
			return errEnvelope
		}
		if err != nil {
			return err
		}
		if err := s.char(c); err != nil {
			return err
		}
	}
}

// tag reads a start or end tag: up to the first '>' outside of quotes.
func (s *splitter) tag() error {
	tag := []byte{'<'}
	for quote := byte(0); ; {
		c, err := s.src.ReadByte()
		if err == io.EOF {
			return errEnvelope
		}
		if err != nil {
			return err
		}
		if tag = append(tag, c); int64(len(tag)) > s.lim.Envelope {
			return tooLarge("a tag has more than %d bytes", s.lim.Envelope)
		}
		if quote != 0 {
			if c == quote {
				quote = 0
			}
			continue
		}
		if c == '"' || c == '\'' {
			quote = c
		} else if c == '>' {
			break
		}
	}
	if tag[1] == '/' {
		if s.inValue() {
			if err := s.endValue(); err != nil {
				return err
			}
		}
		if s.depth--; s.depth < 0 {
			return errEnvelope
		}
		return s.keepAll(tag)
	}
	if tag[len(tag)-2] != '/' {
		if s.inValue() && s.dec != nil {
			return errors.New("has an element within the text of a payload value")
		}
		if s.depth++; s.depth <= valueDepth {
			s.path[s.depth] = localName(tag)
		}
	}
	return s.keepAll(tag)
}

// localName returns the name in a start tag without its prefix.
func localName(tag []byte) string {
	name := strings.TrimLeft(string(tag[1:min(len(tag), 128)]), "/")
	if i := strings.IndexAny(name, " \t\r\n/>"); i >= 0 {
		name = name[:i]
	}
	if _, local, ok := strings.Cut(name, ":"); ok {
		return local
	}
	return name
}

// text takes one character of a value, a character reference resolved: some writers write line ends as one.
func (s *splitter) text(c byte) error {
	if c != '&' {
		return s.char(c)
	}
	name, _ := s.src.Peek(8)
	i := bytes.IndexByte(name, ';')
	if i < 2 || name[0] != '#' {
		return s.char('&') // no character of base64: the value is refused
	}
	digits, base := string(name[1:i]), 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 7)
	if err != nil {
		return s.char('&')
	}
	s.src.Discard(i + 1)
	return s.char(byte(n))
}

// char takes one character of base64; the first that is no white space begins a part in the spool.
func (s *splitter) char(c byte) error {
	if s.dec == nil {
		if c == ' ' || c == '\t' || c == '\r' || c == '\n' {
			return nil
		}
		if len(s.inlines) >= s.lim.Parts {
			return tooLarge("more than %d payloads", s.lim.Parts)
		}
		part, err := s.spool.Create()
		if err != nil {
			return err
		}
		s.part, s.size = part, 0
		s.dec = newDecoder(limited{s, part})
	}
	s.dec.put(c)
	return s.written()
}

// limited bounds the bytes of one payload.
type limited struct {
	s *splitter
	w io.Writer
}

func (l limited) Write(b []byte) (int, error) {
	if l.s.size += int64(len(b)); l.s.size > l.s.lim.Part {
		return 0, tooLarge("a payload has more than %d bytes", l.s.lim.Part)
	}
	return l.w.Write(b)
}

// endValue finishes the part of a value and leaves a marker.
func (s *splitter) endValue() error {
	if s.dec == nil {
		return nil
	}
	dec, part := s.dec, s.part
	s.dec, s.part = nil, nil
	var in inline
	if err := dec.end(); errors.Is(err, errBase64) {
		in.err = err
		part.Discard()
	} else if err != nil {
		part.Discard()
		return err
	} else if in.Content, err = part.Finish(); err != nil {
		return err
	} else {
		in.Part = part
	}
	s.inlines = append(s.inlines, in)
	return s.keepAll([]byte(s.marker(len(s.inlines) - 1)))
}

func (s *splitter) marker(i int) string { return s.nonce + "-" + strconv.Itoa(i) }

// inline returns what a marker stands for; nil for another text.
func (s *splitter) inline(text string) *inline {
	digits, ok := strings.CutPrefix(text, s.nonce+"-")
	if !ok {
		return nil
	}
	i, err := strconv.Atoi(digits)
	if err != nil || i < 0 || i >= len(s.inlines) {
		return nil
	}
	return &s.inlines[i]
}

// abandon ends a part that is still being written.
func (s *splitter) abandon() {
	if s.part != nil {
		s.part.Discard()
		s.part, s.dec = nil, nil
	}
}

// errTooLarge marks what is above a limit.
var errTooLarge = errors.New("too large")

func tooLarge(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errTooLarge, fmt.Sprintf(format, args...))
}
