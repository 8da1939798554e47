package report

import (
	"bytes"
	"fmt"
	"io"

	"oots/internal/validator"
)

// text prints reports for people at a terminal, each in one piece.
type text struct {
	w   io.Writer
	b   bytes.Buffer
	err error
}

func (t *text) printf(format string, args ...any) { fmt.Fprintf(&t.b, format, args...) }

// Close implements Writer.
func (t *text) Close() error { return t.err }

// Report prints name, verdict and what the document was taken for; then, indented, each finding.
func (t *text) Report(r validator.Report) {
	t.b.Reset()
	t.printf("%s: %s", printable(r.Name), r.Verdict)
	if r.Kind != "" {
		t.printf(" (%s%s)", r.Kind, lineWords(r.Version))
	}
	t.printf("\n")
	for _, note := range r.Notes {
		t.printf("  note: %s\n", printable(note))
	}
	for _, f := range r.Findings {
		t.printf("  line %d: %s %s at %s\n", f.Line, f.Severity, f.Rule, printable(f.Path))
		if f.Got != "" {
			t.printf("    found: %s\n", printable(f.Got))
		}
		if f.Want != "" {
			t.printf("    want:  %s\n", printable(f.Want))
		}
		if why := Wrong(f.Rule, r.Version); why != "" {
			t.printf("    rule:  %s\n", why)
		}
	}
	if t.err == nil {
		_, t.err = t.w.Write(t.b.Bytes())
	}
}

func lineWords(version string) string {
	if version == "" {
		return ""
	}
	return ", release line " + version
}
