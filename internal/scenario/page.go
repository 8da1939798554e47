package scenario

import (
	"fmt"
	"strings"
)

// Page writes results as the page docs/scenarios.md, where runs that show the same stand in one row.
func Page(results []Result) string {
	var b strings.Builder
	b.WriteString(pageHead)
	fmt.Fprintf(&b, "%s\n| TC | Title | Lines | Preview | Verdict | Seen |\n|---|---|---|---|---|---|\n", Count(results))
	rows := grouped(results)
	for _, r := range rows {
		if r.Verdict != NotApplicable {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.ID, cell(r.Title), r.Lines, preview(&r), r.Verdict, cell(r.summary()))
		}
	}
	b.WriteString("\n## Not applicable\n\n| TC | Title | Why |\n|---|---|---|\n")
	for _, r := range rows {
		if r.Verdict == NotApplicable {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", r.ID, cell(r.Title), cell(r.Error))
		}
	}
	return b.String()
}

const pageHead = `# Test cases

TC01 to TC12 are the cases of the Projectathons, TC13 to TC45 those that release 2.0 adds; a letter behind the number is
another course of the same case. Each runs between two Member States with access points and directories of their own, in
one process, over a network that can lose and with a clock that the case moves. "2.0 → 1.2" is a portal of 2.0 that asks
a provider of 1.2.

A case passes when everything happens that it names, the log of article 17 of both sides holds the events that belong
to it, and the validator finds nothing in the messages, alone or compared with each other, but what the case is about.

Run them with ` + "`oots scenario run`" + `, one with ` + "`oots scenario run TC06`" + `. This page is made by ` + "`go generate ./internal/scenario`" + `.

`

// grouped joins the runs of one case that show the same.
func grouped(results []Result) []Result {
	var out []Result
	for _, r := range results {
		if n := len(out) - 1; n >= 0 && out[n].ID == r.ID && out[n].Verdict == r.Verdict && out[n].summary() == r.summary() {
			out[n].Lines += ", " + r.Lines
			continue
		}
		out = append(out, r)
	}
	return out
}

func cell(s string) string { return strings.NewReplacer("|", "\\|", "\r", " ", "\n", " ").Replace(s) }
