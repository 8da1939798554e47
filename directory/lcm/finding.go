package lcm

import (
	"fmt"
	"strings"

	"oots/regrep"
	"oots/rule"
)

// A Code is one of LCMErrorCodes. [TDD 3.6.3]
type Code string

// The codes of refusals.
const (
	BadObject      Code = "LCM:ERR:0001"     // a data object breaks a rule
	BadAssociation Code = "LCM:ERR:0002"     // an association breaks a rule
	BadDataset     Code = "LCM:ERR:0003"     // references, integrity, ownership, or a request that cannot be read
	ServiceFault   Code = "SERVICE:ERR:0001" // a fault of ours
)

// Message is the sentence of the code list.
func (c Code) Message() string {
	switch c {
	case BadObject:
		return "A registry object in the Request does not comply with the specification"
	case BadAssociation:
		return "An association in the Request does not comply with the specification"
	case BadDataset:
		return "The dataset provided failed to pass the validation and integrity check"
	}
	return "Generic Error"
}

// The rules of ours on submissions; no release numbers them. [TDD 3.6.3]
const (
	RuleUnreadable rule.ID = "OOTS-DOC-unreadable" // no XML, too large, or another document
	RuleVersion    rule.ID = "OOTS-DOC-version"    // a release line that does not exist
	RuleUnique     rule.ID = "OOTS-LCM-UNIQUE"     // one identifier, two contents
	RuleReference  rule.ID = "OOTS-LCM-REFERENCE"  // a reference that leads nowhere
	RuleOwner      rule.ID = "OOTS-LCM-OWNER"      // a record of another Member State
	RuleNoMatch    rule.ID = "OOTS-LCM-NOMATCH"    // evidence types and NoMatch, or neither
	RuleValues     rule.ID = "OOTS-LCM-VALUES"     // a concept without values, or with values that its list lacks
	RuleScheme     rule.ID = "OOTS-LCM-SCHEME"     // a classification scheme that is none
	RuleRaise      rule.ID = "OOTS-LCM-RAISE"      // a code list changed without a higher version
	RuleInUse      rule.ID = "OOTS-LCM-IN-USE"     // a code was removed that records still use
	RuleSubmitter  rule.ID = "OOTS-LCM-SUBMITTER"  // somebody who may not submit this
)

// A Finding is one rule that a submission breaks at one object or record.
type Finding struct {
	rule.Finding
	Code   Code
	Object string // @id of the object or association; "" for the submission as a whole, or records without one
	Node   string // what the record is: EvidenceTypeList, DataServiceEvidenceType, …; "" when unknown
	Record string // its business identifier; "" when unknown
}

// String gives one line: rule, object, place, and what was wanted.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", f.Rule, f.Severity)
	if f.Object != "" {
		b.WriteString(" " + f.Object)
	}
	if f.Record != "" {
		fmt.Fprintf(&b, " (%s %s)", f.Node, f.Record)
	}
	if f.Line > 0 {
		fmt.Fprintf(&b, " line %d", f.Line)
	}
	if f.Want != "" {
		b.WriteString(": want " + f.Want)
	}
	if f.Got != "" {
		fmt.Fprintf(&b, ", got %q", f.Got)
	}
	return b.String()
}

// Refuses reports whether one of the findings is Fatal.
func Refuses(fs []Finding) bool {
	for i := range fs {
		if fs[i].Severity == rule.Fatal {
			return true
		}
	}
	return false
}

// clip shortens what is quoted.
func clip(s string) string {
	if len(s) > 120 {
		return strings.ToValidUTF8(s[:120], "")
	}
	return s
}

// Brief names rule, object and record without any value: for logs.
func (f *Finding) Brief() string {
	return strings.TrimSpace(strings.Join([]string{string(f.Rule), f.Severity.String(), f.Object, f.Record}, " "))
}

// MaxFindings bounds what one step finds, as package regrep does.
const MaxFindings = regrep.MaxFindings

// keep appends f unless there are enough. One that refuses is never lost behind warnings.
func keep(fs []Finding, f Finding) []Finding {
	if len(fs) >= MaxFindings && (f.Severity != rule.Fatal || Refuses(fs)) {
		return fs
	}
	return append(fs, f)
}
