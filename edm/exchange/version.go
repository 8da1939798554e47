package exchange

import (
	"oots/edm"
	"oots/rule"
)

// Follow sets the release line of a message received, which decides on its rules and on the line of the answer:
// SpecificationId, where the header has it, else what the body announces. A header without it whose body cannot
// be read is of 2.0 if it has an ExchangeId, else of 1.2. [TDD 4.7 §2.6.2] [open-questions A2, A3]
func (h *Header) Follow(body edm.Version) {
	switch {
	case h.SpecificationID != "":
		h.Version = h.SpecificationID
	case body.Line() != "":
		h.Version = body
	case h.ExchangeID != "":
		h.Version = edm.V20
	default:
		h.Version = edm.V12
	}
}

// Follows returns the known release line that h follows; 2.0 for want of one. An answer is written in it.
func (h *Header) Follows() edm.Version {
	for _, v := range [...]edm.Version{h.Version, h.SpecificationID} {
		if v.Line() != "" {
			return v
		}
	}
	return edm.V20
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
