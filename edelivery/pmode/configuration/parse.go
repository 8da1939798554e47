package configuration

import "bytes"

// A Form is how a configuration is written.
type Form string

// The forms.
const (
	Domibus Form = "domibus"
	YAML    Form = "yaml"
)

// FormOf tells the form from the first character that is no space: a document of XML begins with "<".
func FormOf(b []byte) Form {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(b, []byte("<")) {
		return Domibus
	}
	return YAML
}

// Parse reads either form. The configuration is nil when a finding is an Error.
func Parse(b []byte) (*Configuration, Findings) {
	if FormOf(b) == Domibus {
		return ParseDomibus(b)
	}
	return ParseYAML(b)
}

// Append writes c in a form; the findings become comments where the form has them.
func Append(dst []byte, c *Configuration, found Findings, f Form) []byte {
	if f == Domibus {
		return AppendDomibus(dst, c)
	}
	return AppendYAML(dst, c, found)
}
