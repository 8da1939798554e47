package regrep

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"oots/rule"
	"oots/xml/xmltree"
)

// MaxFindings bounds what a Reader keeps: a hostile document could break one rule at every element. The
// first Fatal finding is kept even behind them, so that no flood of warnings hides a refusal.
const MaxFindings = 200

// A Reader collects the rules that one document breaks. Its check methods name the rule first, mark it as
// judged, and return whether it holds. Findings are Fatal unless Add is told otherwise, or Weigh says so. The
// zero Reader is ready; it is used by one goroutine.
type Reader struct {
	// Weigh says with which severity a breach is recorded, and whether it is; nil records all as they are found.
	Weigh func(id rule.ID, severity rule.Severity) (weight rule.Severity, reported bool)

	// Literal wants each xsi:type as the assertions compare it, as text behind a colon: a type without a prefix is
	// refused. Otherwise it is a qualified name, and may stand in the default namespace.
	Literal bool

	findings []rule.Finding
	judged   map[rule.ID]struct{}
	refused  bool // a finding is Fatal
}

// Findings returns what was collected, in the order of discovery.
func (r *Reader) Findings() []rule.Finding { return r.findings }

// Judge marks rules as decided on the document, whatever the outcome.
func (r *Reader) Judge(ids ...rule.ID) {
	if r.judged == nil {
		r.judged = make(map[rule.ID]struct{}, 64)
	}
	for _, id := range ids {
		r.judged[id] = struct{}{}
	}
}

// Judged reports whether a check of this Reader has decided on the rule.
func (r *Reader) Judged(id rule.ID) bool {
	_, ok := r.judged[id]
	return ok
}

// Add records that id is broken at e. Got must hold no personal data; it is cut to 120 bytes.
func (r *Reader) Add(id rule.ID, severity rule.Severity, e *xmltree.Element, got, want string) {
	r.Judge(id)
	if r.Weigh != nil {
		var reported bool
		if severity, reported = r.Weigh(id, severity); !reported {
			return
		}
	}
	if !r.Keeps(severity) {
		return
	}
	f := rule.Finding{Rule: id, Severity: severity, Got: got, Want: want}
	if e != nil {
		f.Line, f.Path = e.Line, e.Path()
	}
	r.AddFinding(f)
}

// AddFinding records a finding that was made and weighed elsewhere; it does not mark the rule as judged.
func (r *Reader) AddFinding(f rule.Finding) {
	if !r.Keeps(f.Severity) {
		return
	}
	r.refused = r.refused || f.Severity == rule.Fatal
	f.Got, f.Path = clip(f.Got, 120), clip(f.Path, 400)
	r.findings = append(r.findings, f)
}

// Keeps reports whether a further finding of that severity would be kept; callers use it to spare work.
func (r *Reader) Keeps(severity rule.Severity) bool {
	return len(r.findings) < MaxFindings || severity == rule.Fatal && !r.refused
}

// Check records id as Fatal at e unless ok, and returns ok.
func (r *Reader) Check(id rule.ID, ok bool, e *xmltree.Element, got, want string) bool {
	if ok {
		r.Judge(id)
		return true
	}
	r.Add(id, rule.Fatal, e, got, want)
	return false
}

// One checks that exactly one slot has that name.
func (r *Reader) One(id rule.ID, s Slots, name string) bool {
	n := s.Count(name)
	return r.Check(id, n == 1, s.Parent, strconv.Itoa(n)+" slots "+name, "exactly one slot "+name)
}

// Only checks that every slot has one of the names.
func (r *Reader) Only(id rule.ID, s Slots, names ...string) bool {
	r.Judge(id)
	ok := true
	for i := range s.List {
		if !contains(names, s.List[i].Name) {
			ok = r.Check(id, false, s.List[i].Element, s.List[i].Name, "a slot of the closed list")
		}
	}
	return ok
}

// Type checks that each slot value of that name has the type. A missing slot or value breaks other rules.
func (r *Reader) Type(id rule.ID, s Slots, name string, want ValueType) bool {
	r.Judge(id)
	ok := true
	for i := range s.List {
		if s.List[i].Name == name && s.List[i].Value != nil && !r.typed(s.List[i].Value, s.List[i].Type == want) {
			ok = r.Check(id, false, s.List[i].Value, typeAsWritten(s.List[i].Value), "rim:"+string(want))
		}
	}
	return ok
}

// ElementType checks that each rim:Element in the slots of that name has the type.
func (r *Reader) ElementType(id rule.ID, s Slots, name string, want ValueType) bool {
	r.Judge(id)
	ok := true
	for i := range s.List {
		if s.List[i].Name != name {
			continue
		}
		for e := range s.List[i].Value.All(NamespaceRIM, "Element") {
			if !r.typed(e, TypeOf(e) == want) {
				ok = r.Check(id, false, e, typeAsWritten(e), "rim:"+string(want))
			}
		}
	}
	return ok
}

// Holds checks that e has a child element of that name; a nil e breaks other rules and passes.
func (r *Reader) Holds(id rule.ID, e *xmltree.Element, name xmltree.Name) bool {
	ok := e == nil || e.First(name.Space, name.Local) != nil
	return r.Check(id, ok, e, "", "a child "+name.Local)
}

// Children checks that all child elements of e have one of the local names in the namespace.
func (r *Reader) Children(id rule.ID, e *xmltree.Element, space string, locals ...string) bool {
	r.Judge(id)
	ok := true
	for c := range e.Elements() {
		if c.Name.Space != space || !contains(locals, c.Name.Local) {
			ok = r.Check(id, false, c, c.Name.Local, "only the children that this position allows")
		}
	}
	return ok
}

// typed reports whether e has the type wanted in the spelling wanted.
func (r *Reader) typed(e *xmltree.Element, same bool) bool {
	return same && (!r.Literal || strings.Contains(typeAsWritten(e), ":"))
}

func typeAsWritten(e *xmltree.Element) string {
	if value, ok := e.Attr(NamespaceXSI, "type"); ok {
		return value
	}
	return "no xsi:type"
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// clip cuts s to at most n bytes at a rune boundary.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
