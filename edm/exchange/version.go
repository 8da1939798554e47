package exchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"oots/edm"
	"oots/rule"
)

// Follow sets the release line of a message received, which decides on its rules and on the line of the answer:
// SpecificationId, where the header has it, else what the body announces. A header without it whose body says nothing
// is of 2.0 if it has an ExchangeId, else of 1.2. [TDD 4.7 §2.6.2] [open-questions A2, A3]
func (h *Header) Follow(body edm.Version) {
	switch {
	case h.SpecificationID != "":
		h.Version = h.SpecificationID
	case known(body) != "":
		h.Version = body
	case h.ExchangeID != "":
		h.Version = edm.V20
	default:
		h.Version = edm.V12
	}
}

// Follows returns the release line that h follows, of those that we know: for another the newest one before it, 2.0
// for want of any. An answer is written in it. [open-questions A4]
func (h *Header) Follows() edm.Version {
	return cmp.Or(known(h.Version), known(h.SpecificationID), edm.V20)
}

// known returns the newest known release line that is not after v; "" when v is no version, or before all.
func known(v edm.Version) edm.Version {
	if v.Line() != "" {
		return v
	}
	major, minor, ok := numbers(v)
	if !ok {
		return ""
	}
	for _, line := range slices.Backward(edm.Versions()) {
		if a, b, _ := numbers(line); a < major || a == major && b <= minor {
			return line
		}
	}
	return ""
}

// numbers splits "oots-edm:v1.2".
func numbers(v edm.Version) (major, minor int, ok bool) {
	text, ok := strings.CutPrefix(string(v), "oots-edm:v")
	first, second, dot := strings.Cut(text, ".")
	major, errMajor := strconv.Atoi(first)
	minor, errMinor := strconv.Atoi(second)
	return major, minor, ok && dot && errMajor == nil && errMinor == nil
}

// CheckVersion compares the version that the body announces with that of the header. Before 2.0 a header
// announces none; where one of 2.0 does not, R-EDM-ebMS-019 says so. [TDD 4.7 §2.6.2]
func CheckVersion(h Header, body edm.Version) []rule.Finding {
	if h.SpecificationID == "" || h.SpecificationID == body {
		return nil
	}
	return []rule.Finding{{Rule: "R-EDM-ebMS-038", Severity: rule.Fatal, Path: "MessageProperties/SpecificationId",
		Got: clip(string(h.SpecificationID)), Want: "the SpecificationIdentifier of the body"}}
}
