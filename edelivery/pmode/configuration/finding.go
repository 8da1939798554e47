package configuration

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity is what a Finding means for the file.
type Severity string

const (
	// Error refuses the file.
	Error Severity = "error"
	// Unsupported is what the file says rightly and this access point does not do: it is left out when the file is
	// put in force, which is done only when somebody has agreed to that.
	Unsupported Severity = "unsupported"
	// Warning is taken over and should be looked at.
	Warning Severity = "warning"
)

// A Finding is one thing to say about a file.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // short and stable, such as "reference"; see the constants
	Line     int      `json:"line"` // from 1; 0 when no line is to blame
	Path     string   `json:"path"` // the element, such as `process "p1"`
	Message  string   `json:"message"`
}

// The codes of findings.
const (
	CodeSyntax      = "syntax"      // no XML or YAML, or too large
	CodeStructure   = "structure"   // an element or attribute that is missing or not known
	CodeUnknown     = "unknown"     // an attribute that no known release writes
	CodeValue       = "value"       // a value that is not of its type, or too long
	CodeReference   = "reference"   // a name that nothing has
	CodeDuplicate   = "duplicate"   // a name, an id or a value that must be unique
	CodeParty       = "party"       // our own party
	CodeEndpoint    = "endpoint"    // address of a party
	CodeType        = "type"        // a value without type that is no URI
	CodeRetry       = "retry"       // repetition
	CodeSecurity    = "security"    // signature and encryption
	CodeReliability = "reliability" // receipts
	CodePattern     = "pattern"     // exchange pattern or binding
	CodeSplitting   = "splitting"   // large messages in fragments
	CodeDynamic     = "dynamic"     // parties found by discovery
	CodeMPC         = "mpc"         // message partition channels
	CodeAmbiguous   = "ambiguous"   // two legs for one kind of message
	CodePayload     = "payload"     // payload profiles
	CodeProperty    = "property"    // message properties
	CodeCertificate = "certificate" // certificates of parties
	CodeProfile     = "profile"     // of eDelivery AS4, on the set as a whole
)

// String gives one line: place, severity, meaning.
func (f Finding) String() string {
	s := fmt.Sprintf("%s: %s: %s", f.Severity, f.Path, f.Message)
	if f.Path == "" {
		s = fmt.Sprintf("%s: %s", f.Severity, f.Message)
	}
	if f.Line > 0 {
		s = fmt.Sprintf("line %d: %s", f.Line, s)
	}
	return s
}

// maxFindings ends a report that nobody reads.
const maxFindings = 200

// Findings are in the order of the file.
type Findings []Finding

// Has reports whether one of them has a severity.
func (fs Findings) Has(s Severity) bool { return fs.Count(s) > 0 }

// Count is how many have a severity.
func (fs Findings) Count(s Severity) int {
	n := 0
	for _, f := range fs {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// report collects findings.
type report struct {
	all  Findings
	seen map[Finding]bool
}

func (r *report) add(s Severity, code string, line int, path, format string, args ...any) {
	f := Finding{s, code, line, path, fmt.Sprintf(format, args...)}
	if len(r.all) >= maxFindings && s != Error || len(r.all) >= 2*maxFindings || r.seen[f] {
		return
	}
	if r.seen == nil {
		r.seen = map[Finding]bool{}
	}
	r.seen[f] = true
	r.all = append(r.all, f)
}

// sorted are the findings by line, the worst first on each.
func (r *report) sorted() Findings {
	rank := map[Severity]int{Error: 0, Unsupported: 1, Warning: 2}
	slices.SortStableFunc(r.all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(rank[a.Severity], rank[b.Severity]))
	})
	return r.all
}
