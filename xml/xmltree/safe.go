package xmltree

import "unicode/utf8"

// AppendSafeText appends any string as character data, where AppendText wants characters of XML: markup
// characters and carriage returns escaped, characters that XML 1.0 cannot carry replaced by U+FFFD.
func AppendSafeText(dst []byte, s string) []byte { return appendEscaped(dst, s, false) }

// AppendSafeAttr appends any string as the inside of an attribute value in double quotes. Tabs and line ends are
// escaped too, so that they survive attribute normalisation.
func AppendSafeAttr(dst []byte, s string) []byte { return appendEscaped(dst, s, true) }

func appendEscaped(dst []byte, s string, attr bool) []byte {
	done := 0 // s[:done] is in dst
	for i := 0; i < len(s); {
		if c := s[i]; ' ' <= c && c < utf8.RuneSelf && c != '&' && c != '<' && c != '>' && c != '"' {
			i++ // nearly all there is
			continue
		}
		escaped, width := escape(s[i:], attr)
		if escaped != "" {
			dst = append(dst, s[done:i]...)
			dst = append(dst, escaped...)
			done = i + width
		}
		i += width
	}
	return append(dst, s[done:]...)
}

// escape returns what replaces the first character of s, "" when it stands as it is, and its width.
func escape(s string, attr bool) (string, int) {
	c := s[0]
	if c >= utf8.RuneSelf {
		r, width := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && width == 1 || r == 0xFFFE || r == 0xFFFF {
			return "\uFFFD", width
		}
		return "", width
	}
	switch c {
	case '&':
		return "&amp;", 1
	case '<':
		return "&lt;", 1
	case '>':
		return "&gt;", 1
	case '\r':
		return "&#xD;", 1
	case '"':
		if attr {
			return "&quot;", 1
		}
	case '\t':
		if attr {
			return "&#x9;", 1
		}
	case '\n':
		if attr {
			return "&#xA;", 1
		}
	default:
		if c < ' ' {
			return "\uFFFD", 1
		}
	}
	return "", 1
}
