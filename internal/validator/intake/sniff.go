package intake

import (
	"bufio"
	"bytes"
	"io"
)

// A form is what the first bytes of a file say that it is.
type form int

const (
	formDocument form = iota // anything else: the validator says what is wrong with it
	formZip
	formTar
	formGzip
	formEntity // multipart/related, with or without MIME headers before it
)

// sniffed is how many bytes are looked at: a tar has its mark behind 257 of them.
const sniffed = 512

// sniff looks at the first bytes of a file.
func sniff(head []byte) form {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return formZip
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return formGzip
	case len(head) > 262 && string(head[257:262]) == "ustar":
		return formTar
	case isEntity(head):
		return formEntity
	}
	return formDocument
}

// isEntity reports whether a file begins with a MIME delimiter or with a MIME header.
func isEntity(head []byte) bool {
	head = bytes.TrimLeft(head, "\r\n")
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if bytes.HasPrefix(line, []byte("--")) {
		return len(bytes.TrimSpace(line)) > 2 && !bytes.HasPrefix(line, []byte("-->"))
	}
	line = bytes.ToLower(line)
	return bytes.HasPrefix(line, []byte("mime-version:")) || bytes.HasPrefix(line, []byte("content-type:")) || bytes.HasPrefix(line, []byte("content-length:"))
}

// A peeker is a reader whose first bytes can be looked at before they are read.
type peeker struct{ *bufio.Reader }

func newPeeker(in io.Reader) peeker { return peeker{bufio.NewReaderSize(in, 32<<10)} }

func (p peeker) peek() []byte {
	head, _ := p.Peek(sniffed) // fewer bytes are fine; an error comes again when they are read
	return head
}
