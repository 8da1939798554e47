package edm

import (
	"strings"

	"oots/codelist"
)

// The schemes of agent identifiers. [R-EDM-REQ-C012]
const (
	SchemeEAS          = "urn:cef.eu:names:identifier:EAS:"                     // and a code of EAS
	SchemeUnregistered = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:" // and a country, or "oots"
	// SchemeEIDAS is the scheme of personal identifiers; eidas2 is refused. [R-EDM-REQ-C042]
	SchemeEIDAS = "eidas"
)

const uuidPrefix = "urn:uuid:"

// IsUUID reports whether s is a bare UUID in either case. The version is not looked at: the published test
// requirement is the nil UUID.
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return false
		}
	}
	return true
}

// IsURNUUID reports whether s is "urn:uuid:" and a UUID, in either case.
func IsURNUUID(s string) bool {
	return len(s) == len(uuidPrefix)+36 && strings.EqualFold(s[:len(uuidPrefix)], uuidPrefix) && IsUUID(s[len(uuidPrefix):])
}

// endsInUUID is the unanchored form of several assertions.
func endsInUUID(s string) bool { return len(s) >= 36 && IsUUID(s[len(s)-36:]) }

// agentScheme applies the grammar of R-EDM-REQ-C012. The assertions look for the prefix anywhere, and 1.0 wants
// nothing particular behind the unregistered one; an operator who is strict wants the scheme to begin with it.
// [open-questions B3]
func (s Ruleset) agentScheme(scheme string) bool {
	if code, ok := s.behind(scheme, SchemeEAS); ok {
		return s.Has(codelist.EAS, code)
	}
	code, ok := s.behind(scheme, SchemeUnregistered)
	return ok && (s.Before(V11) || code == "oots" || s.Has(codelist.OOTSCountries, code))
}

// behind returns what follows prefix in scheme, and whether it is there.
func (s Ruleset) behind(scheme, prefix string) (string, bool) {
	if s.Strict() {
		return strings.CutPrefix(scheme, prefix)
	}
	_, code, ok := strings.Cut(scheme, prefix)
	return code, ok
}
