package edm

import (
	"strings"

	"oots/codelist"
)

// IsMandate reports whether a text is the scope of a mandate: codes of Procedures parted by commas. The assertion
// for a natural representative takes the whole text as one code although its own message speaks of a list: the
// list is accepted for both, unless the operator wants it strict. [R-EDM-REQ-C081, R-EDM-REQ-C091]
func (s Ruleset) IsMandate(scope string, legal bool) bool {
	if s.Strict() && !legal {
		return s.Has(codelist.Procedures, scope)
	}
	for code := range strings.SplitSeq(scope, ",") {
		if !s.Has(codelist.Procedures, strings.Trim(code, " \t\r\n")) {
			return false
		}
	}
	return true
}
