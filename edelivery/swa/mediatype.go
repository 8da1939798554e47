package swa

import "strings"

// A MediaType is a parsed Content-Type value.
type MediaType struct {
	Type   string            // type/subtype in lower case, for example "multipart/related"
	Params map[string]string // names in lower case, values as written without quotes
}

// ParseMediaType reads a Content-Type value: parameters in any order, quoted or not, with white space and
// folding between them. Unlike the grammar of [RFC 2045 §5.1] it accepts characters such as '<', '=', '/'
// and ':' in an unquoted value, because peers write start=<root@host> and boundaries that way. A parameter
// that occurs twice is an error.
func ParseMediaType(value string) (MediaType, error) {
	head, rest, _ := strings.Cut(value, ";")
	mt := MediaType{Type: strings.ToLower(strings.Trim(head, lwsp))}
	kind, sub, ok := strings.Cut(mt.Type, "/")
	if !ok || !isToken(kind) || !isToken(sub) {
		return MediaType{}, malformed("media type %.64q", value)
	}
	for {
		rest = strings.TrimLeft(rest, lwsp+";")
		if rest == "" {
			return mt, nil
		}
		name, after, ok := strings.Cut(rest, "=")
		name = strings.ToLower(strings.Trim(name, lwsp))
		if !ok || !isToken(name) {
			return MediaType{}, malformed("parameter in media type %.64q", value)
		}
		v, after, err := paramValue(strings.TrimLeft(after, lwsp))
		if err != nil {
			return MediaType{}, err
		}
		if _, dup := mt.Params[name]; dup {
			return MediaType{}, malformed("parameter %.64q occurs twice", name)
		}
		if mt.Params == nil {
			mt.Params = make(map[string]string, 4)
		}
		mt.Params[name] = v
		rest = after
	}
}

// paramValue cuts one value off s; the rest begins behind it, before the next ';'.
func paramValue(s string) (value, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		value = strings.Trim(value, lwsp)
		if value == "" || strings.ContainsAny(value, "\" \t\r\n") {
			return "", "", malformed("parameter value %.64q", value)
		}
		return value, rest, nil
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\':
			if i++; i == len(s) {
				return "", "", malformed("quoted string without end")
			}
			b.WriteByte(s[i])
		case '"':
			rest = strings.TrimLeft(s[i+1:], lwsp)
			if rest != "" && rest[0] != ';' {
				return "", "", malformed("text behind a quoted string")
			}
			return b.String(), rest, nil
		case '\r', '\n', 0:
			return "", "", malformed("control character in a quoted string")
		default:
			b.WriteByte(c)
		}
	}
	return "", "", malformed("quoted string without end")
}

const lwsp = " \t\r\n"

// isToken reports whether s is a token of [RFC 2045 §5.1].
func isToken(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?=`, c) >= 0 {
			return false
		}
	}
	return true
}
