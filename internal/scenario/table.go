package scenario

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Table prints results as one line each, for a terminal.
func Table(results []Result) string {
	rows := [][]string{{"TC", "title", "lines", "preview", "verdict", "seen"}}
	for _, r := range results {
		rows = append(rows, []string{r.ID, r.Title, r.Lines, preview(&r), string(r.Verdict), r.summary()})
	}
	width := make([]int, len(rows[0])-1)
	for _, row := range rows {
		for i := range width {
			width[i] = max(width[i], utf8.RuneCountInString(row[i]))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i == len(width) {
				b.WriteString(cell)
				break
			}
			b.WriteString(cell)
			b.WriteString(strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell)+2))
		}
		b.WriteByte('\n')
	}
	b.WriteString(Count(results))
	return b.String()
}

// Count says in one line how many results there are of each verdict.
func Count(results []Result) string {
	count := map[Verdict]int{}
	cases := map[string]bool{}
	for _, r := range results {
		count[r.Verdict]++
		cases[r.ID] = true
	}
	return fmt.Sprintf("%d cases, %d runs: %d passed, %d failed; %d not applicable\n",
		len(cases), count[Passed]+count[FailedVerdict], count[Passed], count[FailedVerdict], count[NotApplicable])
}

func preview(r *Result) string {
	switch {
	case r.Verdict == NotApplicable:
		return ""
	case r.Preview:
		return "with"
	}
	return "without"
}

// summary is what was seen, and what was not.
func (r *Result) summary() string {
	s := strings.Join(r.Seen, "; ")
	if r.Error != "" && s != "" {
		return s + " – " + r.Error
	}
	return s + r.Error
}
