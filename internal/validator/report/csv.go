package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"oots/internal/validator"
)

// table prints CSV: a line a finding, and one without a rule for a document without findings. [RFC 4180]
type table struct{ w *csv.Writer }

func newTable(w io.Writer) *table {
	t := &table{csv.NewWriter(w)}
	t.w.Write([]string{"file", "kind", "version", "verdict", "rule", "severity", "line", "path", "found", "want", "wrong"}) // an error is kept
	return t
}

// Report implements Writer.
func (t *table) Report(r validator.Report) {
	head := []string{cell(r.Name), string(r.Kind), r.Version, string(r.Verdict)}
	if len(r.Findings) == 0 {
		t.w.Write(append(head, "", "", "", "", "", strings.Join(r.Notes, " "), ""))
	}
	for _, f := range r.Findings {
		t.w.Write(append(head[:4:4], string(f.Rule), f.Severity.String(), strconv.Itoa(f.Line), cell(f.Path), cell(f.Got), cell(f.Want),
			Wrong(f.Rule, r.Version)))
	}
}

// cell keeps a value of a document from being run as a formula by a spreadsheet.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Close implements Writer.
func (t *table) Close() error {
	t.w.Flush()
	return t.w.Error()
}
