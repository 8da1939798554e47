package exchange

import (
	"oots/edm"
	"oots/rule"
)

// CheckCorners compares the corners of the header with the agents of the body. No rule demands that they
// agree, and some peers name their intermediary platform: a difference is for the log. [ebms-header §2]
func CheckCorners(h Header, sender, recipient edm.Identifier) []rule.Finding {
	var fs []rule.Finding
	for _, c := range []struct {
		name         string
		header, body edm.Identifier
	}{{PropertyOriginalSender, h.OriginalSender, sender}, {PropertyFinalRecipient, h.FinalRecipient, recipient}} {
		if c.header != c.body {
			fs = append(fs, rule.Finding{Rule: RuleCorner, Severity: rule.Warning,
				Path: "MessageProperties/" + c.name, Want: "the identifier of the agent in the body"})
		}
	}
	return fs
}
