package ebms

import "strings"

// ContentID returns the two readings of a cid: URI: the text behind the scheme as written, and the same
// with %XX decoded. ok is false if href has another scheme. A '+' is literal. [RFC 2392]
func ContentID(href string) (raw, decoded string, ok bool) {
	const scheme = "cid:"
	if len(href) <= len(scheme) || !strings.EqualFold(href[:len(scheme)], scheme) {
		return "", "", false
	}
	raw = href[len(scheme):]
	if !strings.Contains(raw, "%") {
		return raw, raw, true
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] != '%' {
			b.WriteByte(raw[i])
			continue
		}
		if i+2 >= len(raw) || unhex(raw[i+1]) < 0 || unhex(raw[i+2]) < 0 {
			return raw, raw, true // a bare '%': only the text as written can match
		}
		b.WriteByte(byte(unhex(raw[i+1])<<4 | unhex(raw[i+2])))
		i += 2
	}
	return raw, b.String(), true
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
