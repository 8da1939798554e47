package ebms

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// Longest values accepted, in bytes.
const (
	maxMessageID = 255
	maxURI       = 1024
	maxValue     = 1024
)

// Check applies the field rules of the profile to a message that is written or was read: what the schema
// cannot say. The P-Mode's expectations are not among them. nil means that all hold. [AS4 1.15 §3.2, §4.1]
func (m *UserMessage) Check() *Error {
	if err := checkMessageID(m.MessageID, "eb:MessageId"); err != nil {
		return err
	}
	if m.RefToMessageID != "" {
		if err := checkMessageID(m.RefToMessageID, "eb:RefToMessageId"); err != nil {
			return err
		}
	}
	if m.Timestamp.IsZero() {
		return NewError(InvalidHeader, "eb:Timestamp is missing")
	}
	for _, v := range [...]struct{ name, kind, value string }{
		{"eb:From/eb:PartyId", m.From.ID.Type, m.From.ID.Value},
		{"eb:To/eb:PartyId", m.To.ID.Type, m.To.ID.Value},
		{"eb:Service", m.Service.Type, m.Service.Value},
		{"eb:AgreementRef", m.AgreementType, m.AgreementRef},
	} {
		if err := checkTyped(v.name, v.kind, v.value); err != nil {
			return err
		}
	}
	if m.From.Role == "" || m.To.Role == "" {
		return NewError(InvalidHeader, "eb:Role is empty")
	}
	for _, s := range [...]string{m.MPC, m.From.Role, m.To.Role, m.Action, m.ConversationID} {
		if len(s) > maxURI || !printable(s) {
			return NewError(InvalidHeader, "a header value is too long or holds control characters")
		}
	}
	if (m.Action == TestAction) != (m.Service.Value == TestService) {
		return NewError(ValueInconsistent, "the test action belongs to the test service and no other")
	}
	if err := checkProperties(m.Properties, "message"); err != nil {
		return err
	}
	return checkParts(m.Parts)
}

// checkMessageID accepts an RFC 2822 msg-id without angle brackets, or any other printable ASCII text
// without white space around it. [ebMS3 §5.2.2.1]
func checkMessageID(id, name string) *Error {
	switch {
	case id == "" || len(id) > maxMessageID:
		return NewError(InvalidHeader, "%s of %d characters", name, len(id))
	case strings.ContainsAny(id, "<>"):
		return NewError(InvalidHeader, "%s with angle brackets", name)
	case id != strings.TrimSpace(id):
		return NewError(InvalidHeader, "%s with white space around it", name)
	}
	for i := 0; i < len(id); i++ {
		if id[i] < 0x20 || id[i] > 0x7e {
			return NewError(InvalidHeader, "%s with a character outside printable ASCII", name)
		}
	}
	return nil
}

// checkTyped: a value without a type must be a URI. [ebMS3 §5.2.2.4]
func checkTyped(name, kind, value string) *Error {
	switch {
	case value == "" && name == "eb:AgreementRef":
		return nil
	case value == "":
		return NewError(InvalidHeader, "%s is empty", name)
	case len(value) > maxURI || len(kind) > maxURI || !printable(value) || !printable(kind):
		return NewError(InvalidHeader, "%s is too long or holds control characters", name)
	case kind == "" && !isURI(value):
		return NewError(ValueInconsistent, "%s without type is no URI", name)
	}
	return nil
}

func isURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme != "" && !strings.ContainsAny(s, " <>\"{}|\\^`")
}

func printable(s string) bool {
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == utf8.RuneError || !isXML(r) {
			return false
		}
	}
	return true
}

// checkProperties refuses two properties of one name and type: consumers would see different ones.
func checkProperties(ps []Property, of string) *Error {
	type key struct{ name, kind string }
	seen := make(map[key]bool, len(ps))
	for _, p := range ps {
		k := key{p.Name, p.Type}
		switch {
		case p.Name == "":
			return NewError(InvalidHeader, "eb:Property of the %s without name", of)
		case seen[k]:
			return NewError(ValueInconsistent, "property %.40q of the %s occurs twice", p.Name, of)
		case !printable(p.Name) || !utf8.ValidString(p.Value):
			return NewError(InvalidHeader, "property %.40q of the %s is not text", p.Name, of)
		}
		seen[k] = true
	}
	return nil
}

func checkParts(parts []PartInfo) *Error {
	seen := make(map[string]bool, len(parts))
	for i := range parts {
		p := &parts[i]
		switch {
		case p.Href == "" || strings.HasPrefix(p.Href, "#"):
			return NewError(ValueInconsistent, "PartInfo %d refers to the SOAP Body, which is empty", i+1)
		case seen[p.Href]:
			return NewError(ValueInconsistent, "PartInfo %d repeats the reference of another", i+1)
		}
		if _, _, ok := ContentID(p.Href); !ok {
			return NewError(ExternalPayloadError, "PartInfo %d refers to something outside the message", i+1)
		}
		seen[p.Href] = true
		if err := checkPartProperties(p, i+1); err != nil {
			return err
		}
	}
	return nil
}

func checkPartProperties(p *PartInfo, n int) *Error {
	folded := make([]Property, len(p.Properties))
	for i, q := range p.Properties {
		folded[i] = Property{Name: foldPartProperty(q.Name), Type: q.Type, Value: q.Value}
	}
	if err := checkProperties(folded, "part"); err != nil {
		return err
	}
	compression, compressed := p.Property(CompressionType)
	if compressed && compression != Gzip {
		return NewError(ValueInconsistent, "CompressionType of part %d is not application/gzip", n)
	}
	if mime, _ := p.Property(MimeType); compressed && mime == "" {
		return NewError(ValueInconsistent, "part %d is compressed and has no MimeType", n)
	}
	if cs, ok := p.Property(CharacterSet); ok && !isCharset(cs) {
		return NewError(ValueInconsistent, "CharacterSet of part %d", n)
	}
	return nil
}

// isCharset accepts [A-Za-z][A-Za-z0-9._-]*, the production EncName of XML.
func isCharset(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-'):
		default:
			return false
		}
	}
	return s != ""
}

// foldPartProperty gives the profiled name for any case of it: for these three names peers are lenient.
func foldPartProperty(name string) string {
	for _, known := range [...]string{MimeType, CompressionType, CharacterSet} {
		if strings.EqualFold(name, known) {
			return known
		}
	}
	return name
}

// Property returns the trimmed value of a part property, and whether there is one. MimeType,
// CompressionType and CharacterSet are found in any case.
func (p *PartInfo) Property(name string) (string, bool) {
	for _, q := range p.Properties {
		if q.Name == name || foldPartProperty(q.Name) == name {
			return trim(q.Value), true
		}
	}
	return "", false
}
