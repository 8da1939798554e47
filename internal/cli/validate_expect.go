package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"oots/internal/validator"
	"oots/rule"
)

// An expectation is a manifest with what has been compared with it.
type expectation struct {
	dir         string
	rows        []*expected
	byPath      map[string]*expected
	agree       int
	differences []string
	unlisted    []string // documents without a row
}

// expected is one row of a manifest.
type expected struct {
	file, version, verdict string
	rules                  []rule.ID
	followers              []string // numbers such as C012 that the note says may break too
	note                   string
}

var follower = regexp.MustCompile(`\b[SC]\d{3}\b`)

// readExpectation reads a manifest: CSV with a line of column names, among them file, version, verdict and
// rules, the last parted by semicolons. Files are relative to the folder of the manifest.
func readExpectation(name string) (*expectation, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	x := &expectation{dir: filepath.Dir(name), byPath: map[string]*expected{}}
	lines := csv.NewReader(f)
	head, err := lines.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	at := func(line []string, column string) string {
		if i := slices.Index(head, column); i >= 0 {
			return strings.TrimSpace(line[i])
		}
		return ""
	}
	for _, column := range []string{"file", "version", "verdict", "rules"} {
		if !slices.Contains(head, column) {
			return nil, fmt.Errorf("%s: no column %s", name, column)
		}
	}
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return x, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		row := &expected{file: at(line, "file"), version: at(line, "version"), verdict: at(line, "verdict"), note: at(line, "note")}
		for id := range strings.FieldsFuncSeq(at(line, "rules"), func(c rune) bool { return c == ';' || c == ' ' }) {
			row.rules = append(row.rules, rule.ID(id))
		}
		row.followers = follower.FindAllString(row.note, -1)
		x.rows = append(x.rows, row)
		x.byPath[absolute(filepath.Join(x.dir, row.file))] = row
	}
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// files are the paths of all rows.
func (x *expectation) files() []string {
	var out []string
	for _, r := range x.rows {
		out = append(out, filepath.Join(x.dir, r.file))
	}
	return out
}

// row is that of a document; nil when it has none.
func (x *expectation) row(name string) *expected { return x.byPath[absolute(name)] }

// compare counts one report.
func (x *expectation) compare(r validator.Report) {
	row := x.row(r.Name)
	switch {
	case row == nil:
		x.unlisted = append(x.unlisted, r.Name)
	default:
		if d := row.differs(r); d != "" {
			x.differences = append(x.differences, row.file+": "+d)
			return
		}
		x.agree++
	}
}

// differs says how a report differs from the row; "" when it does not. A caution leaves a document as valid as
// the manifest says. Beside the rules of the row, those may break that its note names, and rules of ours.
func (e *expected) differs(r validator.Report) string {
	var out []string
	got := string(r.Verdict)
	if got != e.verdict && !(e.verdict == string(validator.Valid) && r.Verdict == validator.Cautioned) {
		out = append(out, fmt.Sprintf("verdict %s, expected %s", got, e.verdict))
	}
	broken := map[rule.ID]rule.Severity{}
	for _, f := range r.Findings {
		if s, ok := broken[f.Rule]; !ok || f.Severity < s {
			broken[f.Rule] = f.Severity
		}
	}
	for _, id := range e.rules {
		if _, ok := broken[id]; !ok {
			out = append(out, string(id)+" expected, not broken")
		}
		delete(broken, id)
	}
	var more []string
	for id, severity := range broken {
		number := string(id[strings.LastIndexByte(string(id), '-')+1:])
		if severity == rule.Fatal && strings.HasPrefix(string(id), "R-") && !slices.Contains(e.followers, number) {
			more = append(more, string(id)+" broken, not expected")
		}
	}
	slices.Sort(more)
	return strings.Join(append(out, more...), "; ")
}

// print gives the comparison, to the log when the output has another form, and returns the exit code.
func (x *expectation) print(s streams, aside bool) int {
	w := s.out
	if aside {
		w = s.err
	}
	for _, part := range []struct {
		word  string
		lines []string
	}{{"differs", x.differences}, {"not in the manifest", x.unlisted}} {
		for _, l := range part.lines {
			fmt.Fprintf(w, "%s: %s\n", part.word, l)
		}
	}
	fmt.Fprintf(w, "%d agree, %d differ, %d not in the manifest\n", x.agree, len(x.differences), len(x.unlisted))
	if len(x.differences) > 0 {
		return exitNo
	}
	return exitDone
}
