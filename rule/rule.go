// Package rule names the rules of the Technical Design Documents, says what each of them is about, and what
// a broken one looks like. [TDD 3.6, 4.6]
//
//	row, ok := rule.Lookup("R-EDM-REQ-C003")   // what is known of it
//	fmt.Print(rule.Explain("R-EDM-REQ-C003"))  // the same for people
//
// A rule has a published id such as R-EDM-REQ-S016. Whoever checks a document returns Findings; whoever
// refuses a document carries them to the log, to the peer and to the conformance report. The package
// holds no check itself.
package rule

import (
	"fmt"
	"strings"
)

// An ID is the published name of a rule, for example "R-EDM-REQ-S016" or "R-EDM-ebMS-017". Checks of
// ours that no release numbers carry an ID that starts with "OOTS-".
type ID string

// Severity is the weight of a rule as it is published.
type Severity int

const (
	// Fatal refuses the document.
	Fatal Severity = iota
	// Warning is accepted but should be corrected by the sender.
	Warning
	// Caution informs; it is never a reason to refuse.
	Caution
)

// String returns the word used in the published rules: FATAL, WARNING or CAUTION.
func (s Severity) String() string {
	switch s {
	case Fatal:
		return "FATAL"
	case Warning:
		return "WARNING"
	default:
		return "CAUTION"
	}
}

// A Finding is one rule broken at one place of one document.
type Finding struct {
	Rule     ID       // never empty
	Severity Severity // as the rule is published, unless the check names a softer policy
	Line     int      // 1-based line of the node; 0 if the document has no text form
	Path     string   // where: XPath of the node, or the field's name
	Got      string   // offending value, at most 120 bytes; never personal data
	Want     string   // what would satisfy the rule, in our words
}

// String gives one line without personal data: rule, severity, place, and what was wanted.
func (f Finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", f.Rule, f.Severity)
	if f.Line > 0 {
		fmt.Fprintf(&b, " line %d", f.Line)
	}
	if f.Path != "" {
		fmt.Fprintf(&b, " at %s", f.Path)
	}
	if f.Want != "" {
		fmt.Fprintf(&b, ": want %s", f.Want)
	}
	if f.Got != "" {
		fmt.Fprintf(&b, ", got %q", f.Got)
	}
	return b.String()
}

// Refuses reports whether one of the findings is Fatal.
func Refuses(fs []Finding) bool {
	for _, f := range fs {
		if f.Severity == Fatal {
			return true
		}
	}
	return false
}

// First returns the first Fatal finding, or the zero Finding if there is none.
func First(fs []Finding) Finding {
	for _, f := range fs {
		if f.Severity == Fatal {
			return f
		}
	}
	return Finding{}
}
