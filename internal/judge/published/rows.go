package published

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"oots/internal/corpus"
)

// A Row is one line of the table of rules on evidence messages and headers.
type Row struct {
	ID       string   // as published, or starting with PROSE for what only the text says
	Message  string   // REQ, RESP, ERR, EBMS or LCM
	Severity string   // FATAL, WARNING, CAUTION, or with a question mark
	Lines    []string // release lines, such as "2.0"
	Context  string
	Test     string
}

// Rows reads the table. The test is skipped when it is absent, and fails when it is absent and CI is "true".
func Rows(t testing.TB) []Row {
	t.Helper()
	f, err := os.Open(corpus.Path(t, "../spec/rules-edm.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	for _, l := range lines[1:] {
		row := Row{ID: l[0], Message: l[1], Severity: l[3], Context: l[5], Test: l[6]}
		for v := range strings.SplitSeq(l[4], ";") {
			row.Lines = append(row.Lines, strings.TrimSuffix(strings.TrimSpace(v), "?"))
		}
		rows = append(rows, row)
	}
	return rows
}

// In reports whether the rule belongs to a release line.
func (r *Row) In(line string) bool { return slices.Contains(r.Lines, line) }
