package settings

import "fmt"

// A Severity is what a Finding means.
type Severity string

// The severities. With an Error the access point does not start.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// A Finding is one thing to say about a configuration.
type Finding struct {
	Severity Severity `json:"severity"`
	Line     int      `json:"line,omitempty"` // from 1; 0 when no line is to blame
	Field    string   `json:"field"`          // path, such as "as4.tls.certificate"
	Meaning  string   `json:"meaning"`
	Try      string   `json:"try,omitempty"`
}

// String is one line.
func (f Finding) String() string {
	s := fmt.Sprintf("%s: %s: %s", f.Severity, f.Field, f.Meaning)
	if f.Line > 0 {
		s = fmt.Sprintf("line %d: %s", f.Line, s)
	}
	if f.Try != "" {
		s += "; try " + f.Try
	}
	return s
}

// Failed reports whether one is an Error.
func Failed(all []Finding) bool {
	for _, f := range all {
		if f.Severity == Error {
			return true
		}
	}
	return false
}
