package edm

import (
	"slices"

	"oots/rule"
)

// Rules of ours, for what the chapters or the schema demand without a number.
const (
	// RuleAgent: an agent has an identifier and at least one name. [TDD 4.5.1 §3.5]
	RuleAgent rule.ID = "OOTS-EDM-AGENT"
	// RulePerson: a natural person has family name, given name and date of birth, a legal person its name.
	// [TDD 4.5.1 §3.8]
	RulePerson rule.ID = "OOTS-EDM-PERSON"
	// RuleNamed: a requirement has a name, an evidence type a title. [TDD 4.5.1 §3.4, §3.7]
	RuleNamed rule.ID = "OOTS-EDM-NAMED"
	// RuleOneMain: a package has one main evidence; the numbered rule accepts several, and so do we when
	// reading. [TDD 4.5.2 §2.1]
	RuleOneMain rule.ID = "OOTS-EDM-ONE-MAIN"
	// RuleComplete: up to 1.2 the metadata of every document have identifier, subject, issuing authority,
	// conformance, issuing date and distribution; since 2.0 a numbered rule asks for them. [TDD 4.5.2 §3]
	RuleComplete rule.ID = "OOTS-EDM-COMPLETE"
	// RuleUniqueID: no identifier of a registry object or classification occurs twice. [TDD 4.5.2 §2.1]
	RuleUniqueID rule.ID = "OOTS-EDM-UNIQUE-ID"
	// RuleExceptionRow: code, type and message of an exception are of one row of the table. [TDD 4.5.3]
	RuleExceptionRow rule.ID = "OOTS-EDM-EXCEPTION-ROW"
	// RuleContent: an element stands where the content model has a place for it. [TDD 4.5]
	RuleContent rule.ID = "OOTS-EDM-CONTENT"
)

// softened are rules that are published as FATAL and that we report as WARNING, because a message that
// breaks them is usable and the rule text itself does not mean to refuse it. Without lines the policy holds in
// all of them.
var softened = [...]struct {
	id     rule.ID
	lines  []Version
	reason string
}{
	{"R-EDM-REQ-C126", nil, "the assertion makes the gender of a representative mandatory; its text only restricts the values"},
	{"R-EDM-REQ-C016", nil, "the edition of the NUTS list is not published; the text says CAN"},
	{"R-EDM-REQ-C008", []Version{V10}, "the published context of the rule matches nothing"},
	{"R-EDM-REQ-C009", []Version{V10}, "the published context of the rule matches nothing"},
	{"R-EDM-REQ-C067", []Version{V10}, "the published example writes GR for Greece"},
	{"R-EDM-RESP-C009", nil, "as R-EDM-REQ-C016"},
	{"R-EDM-ERR-C006", nil, "as R-EDM-REQ-C016"},
	{"R-EDM-RESP-S035", []Version{V11, V12}, "the chapter of these lines leaves the title of an attachment out"},
	{"R-EDM-ebMS-018", []Version{V10, V11, V12}, "the properties of 2.0 do no harm beside the two of an earlier line"},
}

// Softened reports whether we report a FATAL rule as WARNING only, in some release line, and why. Rules.Strict
// gives the rule its published severity back.
func Softened(id rule.ID) (reason string, ok bool) {
	for _, s := range softened {
		if s.id == id {
			return s.reason, true
		}
	}
	return "", false
}

func softenedIn(id rule.ID, v Version) bool {
	for _, s := range softened {
		if s.id == id && (s.lines == nil || slices.Contains(s.lines, v)) {
			return true
		}
	}
	return false
}
