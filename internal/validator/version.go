package validator

import (
	"slices"
	"strings"

	"oots/directory/rules"
	"oots/edelivery/ebms"
	"oots/edm/exchange"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// The families of version literals.
const (
	edmFamily = "oots-edm:"
	csFamily  = "oots-cs:"
)

// current is the release line of a document that announces none.
const current = "2.0"

// Lines returns the release lines, oldest first.
func Lines() []string { return []string{"1.0", "1.1", "1.2", current} }

// versionRule is the published rule on the version literal of each kind; the others have RuleVersion.
var versionRule = map[Kind]rule.ID{
	Request:  "R-EDM-REQ-C001",
	Response: "R-EDM-RESP-C002",
	Error:    "R-EDM-ERR-C001",
	Header:   "R-EDM-ebMS-038",
}

// version sets the release line: the wanted one, or the one that the document announces. It reports whether the
// line is known; when not, that is the one finding.
func (r *Report) version(doc *xmltree.Document, wanted string) bool {
	r.Document = r.Kind.document(doc)
	if r.Kind == CodeList {
		return true
	}
	literal, at := wanted, doc.Root
	if wanted == "" {
		literal, at = r.announced(doc)
	}
	if line := Line(literal); line != "" {
		r.Version = line
		return true
	}
	id, named := versionRule[r.Kind]
	if !named {
		id = RuleVersion
	}
	r.only(rule.Finding{Rule: id, Severity: rule.Fatal, Line: at.Line, Path: at.Path(), Got: clip(literal),
		Want: "the version of a known release line: " + strings.Join(Lines(), ", ")})
	return false
}

// Line returns the release line of a literal such as "oots-edm:v2.0", or of "2.0" itself; "" when unknown.
func Line(literal string) string {
	line := strings.TrimSpace(literal)
	if _, v, ok := strings.Cut(line, ":v"); ok {
		line = v
	}
	if slices.Contains(Lines(), line) {
		return line
	}
	return ""
}

// announced returns the version literal of the document, and the element that has it. An evidence message that
// announces none is read in the current line, which refuses it.
func (r *Report) announced(doc *xmltree.Document) (string, *xmltree.Element) {
	switch r.Kind {
	case Request, Response, Error:
		slots := regrep.ReadSlots(doc.Root)
		if at := slots.Node("SpecificationIdentifier"); at != nil && at.Value() != "" {
			return at.Value(), at
		}
		return current, doc.Root
	case Header:
		return announcedHeader(messaging(doc.Root))
	}
	return string(rules.Version(doc)), doc.Root
}

// announcedHeader reads SpecificationId, which headers have since 2.0, as they have ExchangeId. A signal belongs
// to no line. [R-EDM-ebMS-019]
func announcedHeader(m *xmltree.Element) (string, *xmltree.Element) {
	line := current
	for user := range m.All(ebms.NS, "UserMessage") {
		line = "1.2"
		for p := range user.First(ebms.NS, "MessageProperties").All(ebms.NS, "Property") {
			switch name, _ := p.Attr("", "name"); name {
			case exchange.PropertySpecificationID:
				return p.Value(), p
			case exchange.PropertyExchangeID:
				line = current
			}
		}
	}
	return line, m
}
