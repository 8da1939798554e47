package official

import (
	"strings"

	"oots/rule"
)

// A Finding is one place where a document breaks the published artefacts.
type Finding struct {
	ID       string        // of the assertion as published, such as "R-EDM-REQ-S001"; "" for the schema, and where the file gives none
	Flag     string        // as published, such as "FATAL"; "" without one
	Role     string        // as published; "" without one
	Severity rule.Severity // read from flag or role
	Line     int           // 1-based
	Path     string        // XPath of the node, with the prefixes of the document; "" for the schema
	Text     string        // the published message on one line, at most 600 octets; it may quote the document: never log it
	File     string        // that has the rule, relative to the folder
}

// Schema reports whether the finding is one of the XML Schema.
func (f *Finding) Schema() bool { return f.Path == "" }

// A RuleError is a rule that could not be evaluated on a document: it is neither kept nor broken. Files have been
// published with such rules.
type RuleError struct {
	ID       string // of the assertion; "" when it was the context
	Line     int    // of the node in the document
	Path     string // of the node
	File     string // that has the rule
	RuleLine int    // where the rule stands in it
	Reason   string // what the processor said; it may quote the document: never log it
}

// Bounds of texts, in octets.
const (
	maxText = 600
	maxClip = 200
)

// severity reads flag and role, the flag first. A word that is none of the published ones refuses, as it does in
// the reference validator.
func severity(flag, role string) rule.Severity {
	word := flag
	if word == "" {
		word = role
	}
	switch strings.ToUpper(strings.TrimSpace(word)) {
	case "WARNING", "WARN":
		return rule.Warning
	case "CAUTION", "INFO", "INFORMATION":
		return rule.Caution
	}
	return rule.Fatal
}

func clip(s string) string { return cut(s, maxClip) }

// cut shortens a text to n octets.
func cut(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n-3], "") + "…"
	}
	return s
}
