package web

import (
	"net/url"
	"strings"
)

// SafeNext returns next when it is a path on this host, and fallback otherwise: no scheme, no host, no
// backslash, no control character, at most 1024 bytes. It is the only way to redirect to an address that
// came with a request.
func SafeNext(next, fallback string) string {
	if len(next) > 1024 || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		return fallback
	}
	for i := range len(next) {
		if c := next[i]; c <= ' ' || c == 0x7f || c == '\\' {
			return fallback
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return fallback
	}
	return next
}

// Elsewhere reads an address on another site that a browser may be sent to: absolute, https, with a host
// and without user information, at most 2048 bytes. It returns the address and its host for people to
// read; a host of other characters than a name or number of the net has is refused, because it could look
// like another.
func Elsewhere(address string) (location, host string, ok bool) {
	if len(address) > 2048 {
		return "", "", false
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Opaque != "" || strings.TrimLeft(u.Host, hostCharacters) != "" {
		return "", "", false
	}
	return u.String(), u.Host, true
}

const hostCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]"
