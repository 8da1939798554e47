package web

import "net/http"

// protect sets the headers of every answer. Pages allow no script, no foreign source and no frame; they
// are not kept in any cache, because they are about a person. [RFC 9111 §5.2.2.5]
func (s *Site[S]) protect(h http.Header) {
	h.Set("Content-Security-Policy", policy(false))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // addresses hold tokens; "no-referrer" would make the browser hide the Origin of our own forms
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language, Cookie")
	if s.HSTS {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// policy is the content security policy of a page. A page that leads to another site by a form allows any
// site over TLS there: browsers hold every redirect behind a form against form-action, and a preview space
// may send the user on to the login of its country.
func policy(leads bool) string {
	forms := "'self'"
	if leads {
		forms = "'self' https:"
	}
	return "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action " + forms + "; frame-ancestors 'none'; base-uri 'none'"
}
