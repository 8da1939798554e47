package swa

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
)

// line reads one line and returns it without its line end. max counts the text.
func (r *Reader) line(max int) (string, error) {
	b, err := r.src.ReadSlice('\n')
	if err != nil {
		return "", cut(err)
	}
	b = bytes.TrimSuffix(b[:len(b)-1], []byte("\r"))
	if len(b) > max {
		return "", malformed("line of %d bytes", len(b))
	}
	return string(b), nil
}

// cut turns the end of input inside the structure into a MIME error; other read errors pass.
func cut(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return malformed("body ends before the close delimiter")
	case errors.Is(err, bufio.ErrBufferFull):
		return malformed("line above %d bytes", firstBufferSize)
	}
	return err
}

// skipPreamble reads up to and with the first delimiter line. How that line ends decides whether the
// sender uses CRLF, or LF throughout.
func (r *Reader) skipPreamble() error {
	var skipped int64
	for {
		b, err := r.src.ReadSlice('\n')
		if err != nil {
			return cut(err)
		}
		text, ok := bytes.CutPrefix(b, []byte("--"+r.boundary))
		if ok {
			lf := !bytes.HasSuffix(b, crlf)
			if pad := bytes.Trim(text, " \t\r\n"); len(pad) == 0 && len(text) <= maxPadding+2 {
				r.lfOnly = lf
				return nil
			}
		}
		if skipped += int64(len(b)); skipped > r.lim.Preamble {
			return malformed("preamble above %d bytes", r.lim.Preamble)
		}
	}
}

// skipEpilogue reads what follows the close delimiter to the end of the input.
func (r *Reader) skipEpilogue() error {
	n, err := io.Copy(io.Discard, io.LimitReader(r.src, r.lim.Preamble+1))
	if err != nil {
		return err
	}
	if n > r.lim.Preamble {
		return malformed("epilogue above %d bytes", r.lim.Preamble)
	}
	return nil
}

// open returns the content of the part whose header was just read.
func (r *Reader) open(h header) (io.Reader, error) {
	// The line end before the delimiter belongs to the delimiter, not to the content. [RFC 2046 §5.1.1]
	delim := "\r\n--" + r.boundary
	if r.lfOnly {
		delim = "\n--" + r.boundary
	}
	r.current = &content{r: r, delim: []byte(delim), first: true}
	switch h.encoding {
	case "", "binary", "8bit", "7bit":
		return r.current, nil
	case "base64":
		return &decoder{raw: r.current, dec: base64.NewDecoder(base64.StdEncoding, &noSpace{src: r.current})}, nil
	case "quoted-printable":
		return &decoder{raw: r.current, dec: quotedprintable.NewReader(r.current)}, nil
	}
	return nil, malformed("Content-Transfer-Encoding %.64q", h.encoding)
}

// content is the raw content of one part: everything up to the next delimiter.
type content struct {
	r     *Reader
	delim []byte
	first bool // nothing was read yet: an empty part may lack the line end of its delimiter
	n     int  // octets read, up to the point from which the part counts as large
	done  bool
	last  bool // the delimiter was the close delimiter
	err   error
}

// Read gives content up to the delimiter. The end of input before a delimiter is ErrMalformed, never io.EOF.
func (c *content) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	if c.done {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	n, err := c.read(p)
	c.err = err
	if n > 0 {
		c.first = false
	}
	if c.n < 2*firstBufferSize {
		if c.n += n; c.n >= 2*firstBufferSize {
			c.r.src = bufio.NewReaderSize(c.r.src, bufferSize) // the same one from the second large part on
		}
	}
	return n, err
}

func (c *content) read(p []byte) (int, error) {
	buf, ended, err := c.peek()
	if err != nil {
		return 0, err
	}
	// No more than can be returned is searched: callers with small buffers come back often.
	if n := len(p) + c.lookAhead(); len(buf) > n {
		buf, ended = buf[:n], false
	}
	if c.first {
		// Header, empty line, then at once the delimiter: its line end is that of the empty line.
		bare := c.delim[bytes.IndexByte(c.delim, '-'):]
		if n, verdict := c.r.match(buf, bare, ended); verdict == isDelimiter || verdict == isClose {
			return c.finish(n, verdict)
		}
	}
	for from := 0; ; {
		i := bytes.Index(buf[from:], c.delim)
		if i < 0 {
			return c.emit(p, len(buf)-keep(buf, c.delim), ended)
		}
		i += from
		n, verdict := c.r.match(buf[i:], c.delim, ended)
		switch {
		case verdict == notDelimiter:
			from = i + 1
			continue
		case i > 0:
			return c.emit(p, i, false)
		case verdict == undecided:
			// The look-ahead holds the longest legal delimiter, so only the end of input leaves it open.
			return 0, malformed("body ends inside a delimiter")
		}
		return c.finish(n, verdict)
	}
}

// finish consumes a delimiter line of n bytes.
func (c *content) finish(n int, verdict verdict) (int, error) {
	c.r.src.Discard(n)
	c.done, c.last = true, verdict == isClose
	return 0, io.EOF
}

// emit copies at most n bytes of the look-ahead into p.
func (c *content) emit(p []byte, n int, ended bool) (int, error) {
	if n == 0 {
		if ended {
			return 0, malformed("body ends before the close delimiter")
		}
		return 0, io.ErrNoProgress
	}
	n, err := c.r.src.Read(p[:min(n, len(p))])
	return n, err
}

// lookAhead is enough for the longest delimiter line: padding, two hyphens and a line end.
func (c *content) lookAhead() int { return len(c.delim) + maxPadding + 8 }

// peek returns the look-ahead. ended says that the input has no more bytes than these.
func (c *content) peek() (buf []byte, ended bool, err error) {
	src := c.r.src
	want := max(src.Buffered(), c.lookAhead())
	buf, err = src.Peek(want)
	switch {
	case err == nil:
		return buf, false, nil
	case errors.Is(err, io.EOF):
		return buf, true, nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, false, malformed("body is cut")
	}
	return nil, false, err
}

type verdict int

const (
	notDelimiter verdict = iota
	undecided            // more input is needed
	isDelimiter
	isClose
)

// match judges whether buf, at a line start, begins with the whole delimiter line. Bytes that only begin
// like the boundary are content. n is the length of the delimiter with its line end.
func (r *Reader) match(buf, delim []byte, ended bool) (n int, v verdict) {
	if len(buf) < len(delim) {
		if bytes.HasPrefix(delim, buf) {
			return 0, undecided
		}
		return 0, notDelimiter
	}
	if !bytes.HasPrefix(buf, delim) {
		return 0, notDelimiter
	}
	rest := buf[len(delim):]
	n, v = len(delim), isDelimiter
	if bytes.HasPrefix(rest, []byte("--")) {
		rest, n, v = rest[2:], n+2, isClose
	} else if len(rest) == 1 && rest[0] == '-' && !ended {
		return 0, undecided
	}
	pad := len(rest) - len(bytes.TrimLeft(rest, " \t"))
	if pad > maxPadding {
		return 0, notDelimiter
	}
	rest, n = rest[pad:], n+pad
	switch {
	case bytes.HasPrefix(rest, crlf):
		return n + 2, v
	case bytes.HasPrefix(rest, []byte("\n")):
		return n + 1, v
	case len(rest) == 0 && ended && v == isClose:
		return n, v
	case len(rest) == 0, len(rest) == 1 && rest[0] == '\r':
		return 0, undecided
	}
	return 0, notDelimiter
}

// keep returns how many bytes at the end of buf may be the beginning of a delimiter.
func keep(buf, delim []byte) int {
	for n := min(len(delim)-1, len(buf)); n > 0; n-- {
		if bytes.HasPrefix(delim, buf[len(buf)-n:]) {
			return n
		}
	}
	return 0
}

// A decoder undoes a transfer encoding. What it cannot decode is a MIME error; errors of the raw content pass.
type decoder struct {
	raw *content
	dec io.Reader
}

func (d *decoder) Read(p []byte) (int, error) {
	n, err := d.dec.Read(p)
	switch {
	case err == nil, err == io.EOF && d.raw.done:
		return n, err
	case d.raw.err != nil && d.raw.err != io.EOF:
		return 0, d.raw.err
	}
	return 0, malformed("part does not match its Content-Transfer-Encoding")
}

// noSpace drops the white space that may stand in base64. [RFC 2045 §6.8]
type noSpace struct{ src io.Reader }

func (s *noSpace) Read(p []byte) (int, error) {
	for {
		n, err := s.src.Read(p)
		kept := 0
		for _, c := range p[:n] {
			if strings.IndexByte(lwsp, c) < 0 {
				p[kept] = c
				kept++
			}
		}
		if kept > 0 || err != nil {
			return kept, err
		}
	}
}
