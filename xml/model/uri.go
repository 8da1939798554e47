package model

import (
	"strings"
	"unicode/utf8"
)

// isURI reports whether s is a URI or a relative reference. Characters that RFC 3986 would have escaped pass,
// as xs:anyURI asks. [XML Schema 1.0 Part 2 §3.2.17] [RFC 3986 §4.1]
func isURI(s string) bool {
	rest, fragment, _ := strings.Cut(s, "#")
	rest, query, _ := strings.Cut(rest, "?")
	if !uriPart(query, "/?") || !uriPart(fragment, "/?") {
		return false
	}
	if scheme, path, found := strings.Cut(rest, ":"); found && isScheme(scheme) {
		return isHier(path)
	}
	if first, _, _ := strings.Cut(rest, "/"); strings.Contains(first, ":") {
		return false // the first segment of a relative reference has no colon
	}
	return isHier(rest)
}

func isScheme(s string) bool {
	if s == "" || !isAlpha(s[0]) {
		return false
	}
	for i := range len(s) {
		if !isAlpha(s[i]) && !isDigit(s[i]) && !strings.ContainsRune("+-.", rune(s[i])) {
			return false
		}
	}
	return true
}

func isHier(s string) bool {
	authority, found := strings.CutPrefix(s, "//")
	if !found {
		return uriPart(s, "/")
	}
	authority, path, _ := strings.Cut(authority, "/")
	return isAuthority(authority) && uriPart(path, "/")
}

func isAuthority(s string) bool {
	if i := strings.IndexByte(s, '@'); i >= 0 {
		if !uriPart(s[:i], "") {
			return false
		}
		s = s[i+1:]
	}
	port := ""
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return false
		}
		literal := s[1:end]
		s, port = "", s[end+1:]
		if literal == "" || port != "" && port[0] != ':' {
			return false
		}
		port = strings.TrimPrefix(port, ":")
	} else if i := strings.IndexByte(s, ':'); i >= 0 {
		s, port = s[:i], s[i+1:]
	}
	return digits(port) == len(port) && uriPart(s, "") && !strings.Contains(s, "@")
}

// uriPart accepts pchar of RFC 3986, the characters of extra, and what a writer may leave unescaped.
func uriPart(s, extra string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf, isAlpha(c), isDigit(c), strings.IndexByte("-._~!$&'()*+,;=:@", c) >= 0,
			strings.IndexByte(extra, c) >= 0, strings.IndexByte(" <>\"{}|\\^`\x7f", c) >= 0:
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			i += 2
		default:
			return false
		}
	}
	return true
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
