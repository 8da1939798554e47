package web

import (
	"net/http"
	"strings"
)

// protect sets the headers of every answer. Pages allow no script, no foreign source and no frame; they
// are not kept in any cache, because they are about a person. [RFC 9111 §5.2.2.5]
func (s *Site[S]) protect(h http.Header) {
	h.Set("Content-Security-Policy", policy(nil, "'none'"))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language, Cookie")
	if s.HSTS {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// policy is the content security policy of a page. Origins are where the answer to a form of the page may
// lead: browsers check redirects after a form against form-action.
func policy(origins []string, ancestors string) string {
	var b strings.Builder
	b.WriteString("default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'")
	for _, o := range origins {
		b.WriteByte(' ')
		b.WriteString(o)
	}
	b.WriteString("; frame-ancestors ")
	b.WriteString(ancestors)
	b.WriteString("; base-uri 'none'")
	return b.String()
}

// origin gives the origin of an address on another site, for policy; "" when it is no such address or its
// host has a character that the policy would read as syntax.
func origin(address string) string {
	_, host, ok := Elsewhere(address)
	if !ok || strings.ContainsAny(host, " ;,'\"*") {
		return ""
	}
	return "https://" + host
}
