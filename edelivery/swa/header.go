package swa

import "strings"

// A header is what a Reader keeps of the header of one part; other fields are ignored.
type header struct {
	contentType, contentID, encoding, disposition string
	hasID                                         bool
}

// readHeader reads the header of a part up to and with its empty line. Continuation lines are unfolded.
// A field that identifies the content twice is ambiguous and refused.
func (r *Reader) readHeader() (header, error) {
	var h header
	var name, value string
	seen := map[string]bool{}
	fields, size := 0, 0
	flush := func() error {
		if name == "" {
			return nil
		}
		return h.set(name, strings.Trim(value, lwsp), seen)
	}
	for {
		line, err := r.line(maxHeaderLine)
		if err != nil {
			return header{}, err
		}
		if size += len(line); size > maxHeaderSize {
			return header{}, malformed("header of a part above %d bytes", maxHeaderSize)
		}
		if line == "" {
			return h, flush()
		}
		if line[0] == ' ' || line[0] == '\t' {
			if name == "" {
				return header{}, malformed("header begins with a continuation line")
			}
			value += " " + strings.Trim(line, lwsp)
			continue
		}
		if err := flush(); err != nil {
			return header{}, err
		}
		if fields++; fields > maxHeaders {
			return header{}, malformed("more than %d header fields in a part", maxHeaders)
		}
		var ok bool
		name, value, ok = strings.Cut(line, ":")
		if !ok || !isToken(strings.TrimRight(name, " \t")) {
			return header{}, malformed("header line %.64q", line)
		}
		name = strings.ToLower(strings.TrimRight(name, " \t"))
	}
}

func (h *header) set(name, value string, seen map[string]bool) error {
	var field *string
	switch name {
	case "content-type":
		field = &h.contentType
	case "content-id":
		field, h.hasID = &h.contentID, true
		value = stripBrackets(value)
		if value == "" || strings.ContainsAny(value, "<> \t\x00") {
			return malformed("Content-ID %.64q", value)
		}
	case "content-transfer-encoding":
		field, value = &h.encoding, strings.ToLower(value)
	case "content-disposition":
		field = &h.disposition
	default:
		return nil
	}
	if seen[name] {
		return malformed("%s occurs twice in a part", name)
	}
	seen[name] = true
	*field = value
	return nil
}

// stripBrackets removes one pair of angle brackets; a Content-ID without them is accepted as it is.
func stripBrackets(s string) string {
	if len(s) >= 2 && s[0] == '<' && s[len(s)-1] == '>' {
		return s[1 : len(s)-1]
	}
	return s
}
