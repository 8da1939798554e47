package xmltree

import "strings"

// AppendText appends character data with the references that canonical XML uses. s must hold characters of XML
// only. [C14N 1.0 §2.3]
func AppendText(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		var ref string
		switch s[i] {
		case '&':
			ref = "&amp;"
		case '<':
			ref = "&lt;"
		case '>':
			ref = "&gt;"
		case '\r':
			ref = "&#xD;"
		default:
			continue
		}
		dst = append(append(dst, s[from:i]...), ref...)
		from = i + 1
	}
	return append(dst, s[from:]...)
}

// AppendAttr appends an attribute value, without its quotes, for use between double quotes, with the references
// that canonical XML uses. s must hold characters of XML only. [C14N 1.0 §2.3]
func AppendAttr(dst []byte, s string) []byte {
	if strings.IndexByte(s, '&') < 0 && strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '"') < 0 &&
		strings.IndexByte(s, '\t') < 0 && strings.IndexByte(s, '\n') < 0 && strings.IndexByte(s, '\r') < 0 {
		return append(dst, s...)
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '"':
			dst = append(dst, "&quot;"...)
		case '\t':
			dst = append(dst, "&#x9;"...)
		case '\n':
			dst = append(dst, "&#xA;"...)
		case '\r':
			dst = append(dst, "&#xD;"...)
		default:
			dst = append(dst, s[i])
		}
	}
	return dst
}
