package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"

	"oots/internal/lifecycle"
)

// An lcmResult is what became of one file.
type lcmResult struct {
	File string `json:"file"`
	lifecycle.Report
}

// lcmJSON prints v as the one document of a command.
func lcmJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// print prints a result for people.
func (r lcmResult) print(w io.Writer) {
	verdict := "accepted"
	switch {
	case !r.Accepted && len(r.Findings) == 0:
		verdict = "not submitted, because another one is refused"
	case !r.Accepted:
		verdict = fmt.Sprintf("refused, %s", count(len(r.Findings), "finding"))
	case r.DryRun:
		verdict = "would be accepted"
	}
	fmt.Fprintf(w, "%s: %s\n", r.File, verdict)
	for _, f := range r.Findings {
		f := f
		fmt.Fprintf(w, "  %s %s %s", f.Code, f.Severity, f.Rule)
		if f.Line > 0 {
			fmt.Fprintf(w, " line %d", f.Line)
		}
		fmt.Fprintln(w)
		field(w, "object", f.Object)
		field(w, "record", strings.TrimSpace(f.Node+" "+f.Record))
		field(w, "found", f.Got)
		field(w, "want", f.Want)
	}
	if r.Accepted {
		fmt.Fprintf(w, "  %s; %s\n", records(r.Records), count(len(r.Changes), "change"))
		printChanges(w, r.Changes)
	}
	for _, v := range r.Revisions {
		fmt.Fprintf(w, "  revision %d: %s of %s\n", v.Number, v.Service, v.Country)
	}
}

func field(w io.Writer, name, value string) {
	if value != "" {
		fmt.Fprintf(w, "    %-7s %s\n", name+":", value)
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// records lists how many records of each kind there are.
func records(counts map[string]int) string {
	var parts []string
	for node, n := range counts {
		parts = append(parts, fmt.Sprintf("%d %s", n, node))
	}
	if len(parts) == 0 {
		return "no records"
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

// maxShown is how many changes people read.
const maxShown = 50

func printChanges(w io.Writer, cs []lifecycle.ChangeReport) {
	for i, c := range cs {
		if i == maxShown {
			fmt.Fprintf(w, "  … and %d more; --json lists all\n", len(cs)-maxShown)
			return
		}
		name := ""
		if c.Name != "" {
			name = " (" + c.Name + ")"
		}
		fmt.Fprintf(w, "  %-7s %s %s%s\n", c.Kind, c.Node, c.Record, name)
		for _, f := range c.Fields {
			switch {
			case f.Old == "":
				fmt.Fprintf(w, "    + %s: %s\n", f.Field, f.New)
			case f.New == "":
				fmt.Fprintf(w, "    - %s: %s\n", f.Field, f.Old)
			default:
				fmt.Fprintf(w, "    %s: %s -> %s\n", f.Field, f.Old, f.New)
			}
		}
	}
}
