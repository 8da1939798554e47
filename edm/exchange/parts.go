package exchange

import (
	"strconv"

	"oots/edm"
	"oots/rule"
)

// CheckEnvelope returns what e breaks of the rules as published, in our readings: those of the zero edm.Rules.
func CheckEnvelope(e Envelope) []rule.Finding { return CheckEnvelopeWith(e, nil) }

// CheckEnvelopeWith returns the header rules and those on the parts of a message, of the release line that its
// header follows. [TDD 4.7.1]
func CheckEnvelopeWith(e Envelope, rules *edm.Rules) []rule.Finding {
	c := &checker{Ruleset: rules.In(e.Follows())}
	c.header(&e.Header)
	c.parts(&e)
	return c.findings
}

// parts judges how many there are, and that the RegRep document is the first. How many an unknown action has,
// nobody knows: its name is the fault. [R-EDM-ebMS-023, R-EDM-ebMS-030, R-EDM-ebMS-032]
func (c *checker) parts(e *Envelope) {
	first := (e.BodyType == "" || e.BodyType == MediaTypeRegRep) && e.BodyAt == 0
	if e.Action == ExecuteQueryResponse {
		if !first {
			c.add("R-EDM-ebMS-032", rule.Warning, "PayloadInfo/PartInfo[1]", e.BodyType, MediaTypeRegRep+" first")
		}
		return
	}
	if !e.Action.known() {
		return
	}
	if len(e.Attachments) > 0 {
		c.add("R-EDM-ebMS-023", rule.Fatal, "PayloadInfo", strconv.Itoa(1+len(e.Attachments)), "exactly one part")
	}
	if !first {
		c.add("R-EDM-ebMS-030", rule.Fatal, "PayloadInfo/PartInfo[1]", e.BodyType, MediaTypeRegRep)
	}
}
