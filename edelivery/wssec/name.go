package wssec

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A name is a distinguished name as relative names, each a sorted list of "oid=value" with the value folded.
// Texts of one name differ between stacks in order, quoting and keywords; these parts do not. [RFC 4514]
type name [][]string

// keywords of attribute types that stacks write.
var keywords = map[string]string{
	"CN": "2.5.4.3", "SN": "2.5.4.4", "SURNAME": "2.5.4.4", "SERIALNUMBER": "2.5.4.5", "C": "2.5.4.6", "L": "2.5.4.7",
	"ST": "2.5.4.8", "S": "2.5.4.8", "STREET": "2.5.4.9", "O": "2.5.4.10", "OU": "2.5.4.11", "T": "2.5.4.12", "TITLE": "2.5.4.12",
	"POSTALCODE": "2.5.4.17", "GN": "2.5.4.42", "G": "2.5.4.42", "GIVENNAME": "2.5.4.42", "INITIALS": "2.5.4.43",
	"DNQ": "2.5.4.46", "DNQUALIFIER": "2.5.4.46", "PSEUDONYM": "2.5.4.65", "ORGANIZATIONIDENTIFIER": "2.5.4.97",
	"DC": "0.9.2342.19200300.100.1.25", "UID": "0.9.2342.19200300.100.1.1",
	"E": "1.2.840.113549.1.9.1", "EMAIL": "1.2.840.113549.1.9.1", "EMAILADDRESS": "1.2.840.113549.1.9.1",
}

var errName = errors.New("not a distinguished name")

// parseName reads a distinguished name in the form of RFC 4514, RFC 2253 or RFC 1779.
func parseName(s string) (name, error) {
	var n name
	rdn := []string{}
	for {
		kind, rest, found := strings.Cut(s, "=")
		if !found {
			return nil, errName
		}
		oid, err := attributeType(kind)
		if err != nil {
			return nil, err
		}
		value, separator, tail, err := attributeValue(strings.TrimLeft(rest, " "))
		if err != nil {
			return nil, err
		}
		rdn = append(rdn, oid+"="+fold(value))
		s = tail
		if separator == '+' {
			continue
		}
		slices.Sort(rdn)
		n = append(n, rdn)
		rdn = nil
		if separator == 0 {
			return n, nil
		}
	}
}

func attributeType(kind string) (string, error) {
	kind = strings.ToUpper(strings.TrimSpace(kind))
	kind = strings.TrimPrefix(kind, "OID.")
	if oid, ok := keywords[kind]; ok {
		return oid, nil
	}
	if kind == "" || strings.Trim(kind, "0123456789.") != "" {
		return "", errName
	}
	return kind, nil
}

// attributeValue cuts a value off s and returns the separator behind it, 0 at the end.
func attributeValue(s string) (value string, separator byte, rest string, err error) {
	var b strings.Builder
	quoted := strings.HasPrefix(s, `"`)
	i := 0
	if quoted {
		i = 1
	}
	kept := 0 // length that trailing spaces must not be trimmed from: they were escaped
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\':
			octets, n, err := escaped(s[i+1:])
			if err != nil {
				return "", 0, "", err
			}
			b.Write(octets)
			i += n
			kept = b.Len()
			continue
		case quoted && c == '"':
			rest := strings.TrimLeft(s[i+1:], " ")
			if rest == "" {
				return b.String(), 0, "", nil
			}
			if strings.IndexByte(",;+", rest[0]) < 0 {
				return "", 0, "", errName
			}
			return b.String(), rest[0], rest[1:], nil
		case !quoted && (c == ',' || c == ';' || c == '+'):
			return trimmed(b.String(), kept), c, s[i+1:], nil
		}
		b.WriteByte(c)
	}
	if quoted {
		return "", 0, "", errName
	}
	return trimmed(b.String(), kept), 0, "", nil
}

func trimmed(s string, kept int) string {
	return s[:kept] + strings.TrimRight(s[kept:], " ")
}

// escaped reads what follows a backslash: two hexadecimal digits or one character.
func escaped(s string) (octets []byte, n int, err error) {
	if len(s) >= 2 {
		if b, err := hex.DecodeString(s[:2]); err == nil {
			return b, 2, nil
		}
	}
	if s == "" {
		return nil, 0, errName
	}
	return []byte{s[0]}, 1, nil
}

// fold makes values comparable: case and runs of white space do not count, and "#" with hexadecimal BER is the
// string inside. [X.520 §8.1]
func fold(v string) string {
	if digits, ok := strings.CutPrefix(v, "#"); ok {
		if der, err := hex.DecodeString(digits); err == nil {
			var s string
			if rest, err := asn1.Unmarshal(der, &s); err == nil && len(rest) == 0 {
				v = s
			}
		}
	}
	return strings.ToLower(strings.Join(strings.Fields(v), " "))
}

// names reports whether n is the name that der encodes, in either order of its parts.
func (n name) names(der []byte) bool {
	var seq pkix.RDNSequence
	if rest, err := asn1.Unmarshal(der, &seq); err != nil || len(rest) > 0 {
		return false
	}
	other := make(name, len(seq))
	for i, set := range seq {
		for _, a := range set {
			other[i] = append(other[i], a.Type.String()+"="+fold(fmt.Sprint(a.Value)))
		}
		slices.Sort(other[i])
	}
	if n.equal(other) {
		return true
	}
	slices.Reverse(other)
	return n.equal(other)
}

func (n name) equal(o name) bool {
	return slices.EqualFunc(n, o, func(a, b []string) bool { return slices.Equal(a, b) })
}
