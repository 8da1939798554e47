package page

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"oots/internal/validator/report"
)

// Bounds of the source as it is shown.
const (
	wholeLines = 2000 // up to which every line is shown
	around     = 4    // lines shown before and behind one that is lit, in a longer document
	firstLines = 20   // shown of a longer document in any case
	lineBytes  = 600  // of one line
)

// A sourceLine is one line of the document, or a gap.
type sourceLine struct {
	N     int
	ID    string // its address on the page
	Text  string
	Cut   bool        // the line is longer
	Mood  report.Mood // of the worst finding of the line; "" for a line without one
	Marks []mark
	Gap   int // lines left out before this one
}

// A mark leads from a line to a finding.
type mark struct {
	Finding int // its number on the page
	Rule    string
	Mood    report.Mood
}

// sourceLines cuts a document into the lines to be shown. Findings light their lines; one on a line that the document
// does not have lights the nearest. Each is told which. The addresses of lines begin with prefix.
func sourceLines(b []byte, findings []finding, prefix string) []sourceLine {
	total := bytes.Count(b, []byte("\n")) + 1
	if bytes.HasSuffix(b, []byte("\n")) {
		total--
	}
	total = max(total, 1)
	lit := map[int][]mark{}
	worst := map[int]report.Mood{}
	shown := map[int]bool{}
	for i, f := range findings {
		n := min(max(f.Line, 1), total)
		findings[i].Lit = prefix + strconv.Itoa(n)
		lit[n] = append(lit[n], mark{f.Number, string(f.Rule), f.Mood})
		if m := worst[n]; m == "" || f.Mood == "bad" || f.Mood == "warn" && m != "bad" {
			worst[n] = f.Mood
		}
		for i := n - around; i <= n+around; i++ {
			shown[i] = true
		}
	}
	var out []sourceLine
	gap, n := 0, 0
	for line := range bytes.Lines(b) {
		n++
		if total > wholeLines && n > firstLines && !shown[n] {
			gap++
			continue
		}
		text, cut := clipLine(line)
		out = append(out, sourceLine{N: n, ID: prefix + strconv.Itoa(n), Text: text, Cut: cut, Mood: worst[n], Marks: lit[n], Gap: gap})
		gap = 0
	}
	if n == 0 {
		out = append(out, sourceLine{N: 1, ID: prefix + "1", Mood: worst[1], Marks: lit[1]})
	}
	if gap > 0 {
		out = append(out, sourceLine{Gap: gap})
	}
	return out
}

// clipLine makes a line fit to be shown: bounded, and as text.
func clipLine(line []byte) (text string, cut bool) {
	line = bytes.TrimRight(line, "\r\n")
	if len(line) > lineBytes {
		line, cut = line[:lineBytes], true
		for len(line) > 0 && !utf8.RuneStart(line[len(line)-1]) {
			line = line[:len(line)-1]
		}
		if r, n := utf8.DecodeLastRune(line); r == utf8.RuneError && n == 1 {
			line = line[:len(line)-1]
		}
	}
	return strings.Map(func(r rune) rune {
		if r == '\t' || r >= ' ' && r != 0x7f && (r < 0x80 || r > 0x9f) && !bidi(r) {
			return r
		}
		return '·'
	}, strings.ToValidUTF8(string(line), "�")), cut
}

// bidi reports whether a character changes the direction of what follows it: a source could look like another.
func bidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
