package edm

import (
	"strings"
	"sync"

	"oots/codelist"
	"oots/rule"
)

// Rules say how an operator wants the published rules applied. The nil and the zero Rules are the rules as
// published, in our readings. A Rules is not changed while it is in use.
type Rules struct {
	// Lists are the editions of code lists that the operator puts in force; nil for those of the release line.
	Lists *codelist.Set
	// Strict applies every rule as it is published: no severity is softened, and no reading of ours takes more than
	// the text. For tests of conformance; honest peers fail it.
	Strict bool
	// Severity has the severities that the operator chose, over the published and the softened one.
	Severity map[rule.ID]rule.Severity
	// As is the release line to judge by, whatever a message announces; "" for the one that it announces.
	As Version
}

// In returns the rules in force for a message that announces v; a version that is none is judged as 2.0.
func (rs *Rules) In(v Version) Ruleset {
	if rs != nil && rs.As != "" {
		v = rs.As
	}
	if v.order() < 0 {
		v = V20
	}
	return Ruleset{rules: rs, version: v}
}

// A Ruleset is the rules in force in one release line; the zero Ruleset is those of 2.0 as published.
type Ruleset struct {
	rules   *Rules
	version Version
}

// Version is the release line of the rules.
func (s Ruleset) Version() Version {
	if s.version == "" {
		return V20
	}
	return s.version
}

// Before reports whether the rules are those of an older release line than v.
func (s Ruleset) Before(v Version) bool { return s.Version().Before(v) }

// Weigh says how a breach of a rule is reported, and whether it is: the catalogue must call the rule checked
// in this line. A published rule has the severity of the line, whatever the check says; a rule of ours has
// that of the check. Then comes our policy (Softened), then the operator's.
func (s Ruleset) Weigh(id rule.ID, severity rule.Severity) (rule.Severity, bool) {
	published, checked := checkedIn(s.Version())[id]
	if !checked {
		return severity, false
	}
	if !strings.HasPrefix(string(id), ours) {
		severity = published
	}
	if s.rules != nil {
		if chosen, ok := s.rules.Severity[id]; ok {
			return chosen, true
		}
	}
	if severity == rule.Fatal && !s.Strict() && softenedIn(id, s.Version()) {
		severity = rule.Warning
	}
	return severity, true
}

// Strict reports whether the operator wants the rules as they are published.
func (s Ruleset) Strict() bool { return s.rules != nil && s.rules.Strict }

// Has reports whether code is in the edition of the list that is in force: the operator's, else that of the
// release line. Codes compare exactly.
func (s Ruleset) Has(l codelist.List, code string) bool {
	if s.rules != nil && s.rules.Lists.Replaces(l) {
		return s.rules.Lists.Has(l, code)
	}
	return l.HasIn(s.Version().Line(), code)
}

// ours begins the id of a rule that no release numbers.
const ours = "OOTS-"

// A line is the rules that the catalogue calls checked in one release line, with their severity.
type line map[rule.ID]rule.Severity

// lines makes each table once, when a first message of the release line breaks a rule. [rule.All]
var lines = [...]func() line{
	sync.OnceValue(func() line { return readLine(V10) }),
	sync.OnceValue(func() line { return readLine(V11) }),
	sync.OnceValue(func() line { return readLine(V12) }),
	sync.OnceValue(func() line { return readLine(V20) }),
}

func checkedIn(v Version) line { return lines[v.order()]() }

func readLine(v Version) line {
	all := make(line)
	for r := range rule.All() {
		if r.State == rule.Checked && !r.Document.CommonServices() && r.Holds(v.Line()) {
			all[r.ID] = r.Severity
		}
	}
	return all
}

// CheckRequest returns what r breaks of the rules as published, in our readings: those of the zero Rules.
func CheckRequest(r *Request) []rule.Finding { return (*Rules)(nil).CheckRequest(r) }

// CheckResponse returns what r breaks of the rules as published, in our readings: those of the zero Rules.
func CheckResponse(r *Response) []rule.Finding { return (*Rules)(nil).CheckResponse(r) }

// CheckError returns what e breaks of the rules as published, in our readings: those of the zero Rules.
func CheckError(e *ErrorResponse) []rule.Finding { return (*Rules)(nil).CheckError(e) }
