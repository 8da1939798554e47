package swa

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
)

// SOAP is the media type of a SOAP 1.2 envelope.
const SOAP = "application/soap+xml"

// A Part is one body part: the envelope, or one payload.
type Part struct {
	ContentID string // without angle brackets; may be "" on a root part that was read
	MediaType string // the Content-Type value of the part, for example "application/octet-stream"
	Content   []byte // transfer encoding undone
}

// NewBoundary returns a random boundary of 128 bits that needs no quoting.
func NewBoundary() string {
	var b [16]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return "oots-" + hex.EncodeToString(b[:])
}

// ContentType returns the HTTP Content-Type of what Write emits. start names the root part, because some
// peers insist on it; start-info is optional and left out. [RFC 2387 §3]
func ContentType(root Part, parts []Part, boundary string) string {
	if len(parts) == 0 {
		return SOAP + "; charset=UTF-8"
	}
	return `multipart/related; type="` + SOAP + `"; start="<` + root.ContentID + `>"; boundary="` + boundary + `"`
}

// Size returns the exact length in bytes of what Write emits, for Content-Length.
func Size(root Part, parts []Part, boundary string) int64 {
	if len(parts) == 0 {
		return int64(len(root.Content))
	}
	n := int64(len(AppendHead(nil, boundary, SOAP+"; charset=UTF-8", root.ContentID, true)) + len(root.Content))
	for i := range parts {
		n += int64(len(AppendHead(nil, boundary, parts[i].MediaType, parts[i].ContentID, false)) + len(parts[i].Content))
	}
	return n + int64(len(AppendTail(nil, boundary)))
}

// Write emits the entity body: the bare envelope when there are no parts, else multipart/related with the
// root first and the parts in the order given, every part binary with its Content-ID. It refuses an
// identifier or media type that would break the header, a Content-ID used twice, and a boundary that is
// no token of at most 70 characters. [AS4 1.15 §3.2.2] [RFC 2046 §5.1.1]
func Write(w io.Writer, root Part, parts []Part, boundary string) error {
	if len(parts) == 0 {
		_, err := w.Write(root.Content)
		return err
	}
	if err := checkOutgoing(root, parts, boundary); err != nil {
		return err
	}
	buf := AppendHead(make([]byte, 0, 256), boundary, SOAP+"; charset=UTF-8", root.ContentID, true)
	if err := writeAll(w, buf, root.Content); err != nil {
		return err
	}
	for i := range parts {
		buf = AppendHead(buf[:0], boundary, parts[i].MediaType, parts[i].ContentID, false)
		if err := writeAll(w, buf, parts[i].Content); err != nil {
			return err
		}
	}
	_, err := w.Write(AppendTail(buf[:0], boundary))
	return err
}

var crlf = []byte("\r\n")

func writeAll(w io.Writer, chunks ...[]byte) error {
	for _, c := range chunks {
		if _, err := w.Write(c); err != nil {
			return err
		}
	}
	return nil
}

// AppendHead appends what stands before the content of a part: the line end that closes the part before it,
// unless first, the delimiter and the header. With AppendTail it serves writers that stream the content between.
// The caller answers for boundary, mediaType and contentID: see CheckContentID.
func AppendHead(dst []byte, boundary, mediaType, contentID string, first bool) []byte {
	if !first {
		dst = append(dst, crlf...)
	}
	dst = append(dst, "--"...)
	dst = append(dst, boundary...)
	dst = append(dst, "\r\nContent-Type: "...)
	dst = append(dst, mediaType...)
	dst = append(dst, "\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <"...)
	dst = append(dst, contentID...)
	return append(dst, ">\r\n\r\n"...)
}

// AppendTail appends what stands behind the content of the last part.
func AppendTail(dst []byte, boundary string) []byte {
	dst = append(dst, "\r\n--"...)
	dst = append(dst, boundary...)
	return append(dst, "--\r\n"...)
}

func checkOutgoing(root Part, parts []Part, boundary string) error {
	if !isToken(boundary) || len(boundary) > 70 {
		return fmt.Errorf("swa: boundary of %d bytes is no token of at most 70", len(boundary))
	}
	seen := map[string]bool{root.ContentID: true}
	if err := CheckContentID(root.ContentID); err != nil {
		return err
	}
	for i := range parts {
		id := parts[i].ContentID
		if err := CheckContentID(id); err != nil {
			return err
		}
		if seen[id] {
			return fmt.Errorf("swa: Content-ID of part %d is used twice", i+1)
		}
		seen[id] = true
		if _, err := ParseMediaType(parts[i].MediaType); err != nil {
			return err
		}
	}
	return nil
}

// CheckContentID reports whether id may be sent: one '@', and on both sides of it only letters, digits and
// ".-_". Peers decode cid URIs with form rules or percent-encode them, so '+', '%', '/', blanks and
// non-ASCII characters are never sent. [RFC 2392]
func CheckContentID(id string) error {
	at := -1
	for i := 0; i < len(id); i++ {
		switch c := id[i]; {
		case c == '@' && at < 0:
			at = i
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c == '.', c == '-', c == '_':
		default:
			return fmt.Errorf("swa: Content-ID %.64q: byte %d is not allowed", id, i)
		}
	}
	if at <= 0 || at == len(id)-1 || len(id) > 255 {
		return fmt.Errorf("swa: Content-ID %.64q is not local@domain of at most 255 bytes", id)
	}
	return nil
}
