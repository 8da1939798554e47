package jades

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
)

// ReadHeaders reads header lines, name: value, as a capture of an answer holds them. Repeated headers stay
// apart, a status line, blank lines and carriage returns are passed over, and more than 64 kB or what is no
// header line is refused: Verify must see what was sent.
func ReadHeaders(b []byte) (http.Header, error) {
	if len(b) > maxHeader {
		return nil, errors.New("more than 64 kB of headers")
	}
	h := http.Header{}
	for line := range bytes.Lines(b) {
		text := strings.Trim(string(line), " \t\r\n")
		if text == "" || strings.HasPrefix(text, "HTTP/") {
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, errors.New("a line is no header")
		}
		h.Add(name, strings.Trim(value, " \t"))
	}
	return h, nil
}

// AppendHeaders appends the lines of content-type, oots-response-sig and digest, which a cache or a mirror
// keeps beside the body and replays.
func AppendHeaders(dst []byte, h http.Header) []byte {
	for _, name := range [...]string{"content-type", HeaderSignature, HeaderDigest} {
		for _, v := range h.Values(name) {
			dst = append(dst, name...)
			dst = append(dst, ": "...)
			dst = append(dst, v...)
			dst = append(dst, '\n')
		}
	}
	return dst
}
