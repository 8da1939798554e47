package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"oots/edm"
	"oots/internal/validator"
	"oots/internal/validator/cross"
	"oots/internal/validator/intake"
	"oots/rule"
)

// against compares each document with those of --against.
type against struct {
	aside bool     // the output has a form that nothing may disturb
	files []string // what is judged, as it was named
	docs  []*cross.Document
	own   map[string][]cross.Pair // of the documents of --against among each other, by name of either
	pairs []string                // a line each
	alone []string                // documents that make no pair
	// unread are documents of --against that are not what they seem to be.
	unread []error
}

// newAgainst reads what --against names. Documents that belong to no pair, and parts that only their receiver can
// read, are passed over.
func newAgainst(names, files []string, rules *edm.Rules, aside bool) (*against, error) {
	g := &against{aside: aside, files: files}
	queries, err := queryFiles(names)
	if err != nil {
		return nil, err
	}
	for item, err := range (intake.Reader{Stdin: os.Stdin}).Items(without(names, queries)...) {
		if err != nil {
			return nil, err
		}
		g.read(item, item.Judge(validator.Options{Rules: rules}))
	}
	for _, name := range queries {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		d, err := cross.Read(name, cross.Query, b)
		if err != nil {
			return nil, err
		}
		g.docs = append(g.docs, d)
	}
	g.own = map[string][]cross.Pair{}
	for _, d := range g.docs {
		g.own[d.Name] = nil
	}
	for _, p := range cross.Check(g.docs).Pairs {
		g.own[p.A.Name] = append(g.own[p.A.Name], p)
		if p.A != p.B {
			g.own[p.B.Name] = append(g.own[p.B.Name], p)
		}
	}
	if len(g.docs) == 0 {
		return nil, &hint{errors.New("--against names no document that could belong to another"), "oots help validate"}
	}
	return g, nil
}

// queryFiles finds the queries to a directory among names and in folders: files called *.url.
func queryFiles(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		if name == "-" {
			continue
		}
		err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Ext(path) == ".url" {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// without leaves names out that are read in another way.
func without(names, read []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(read, name) })
}

// kindOf is what a document is to package cross; "" when it was not found out.
func kindOf(r validator.Report) rule.Document {
	if r.Kind == validator.CodeList {
		return cross.CodeList
	}
	return r.Document
}

// read takes a document of --against. One that cannot be read is told, and passed over.
func (g *against) read(item intake.Item, r validator.Report) {
	kind := kindOf(r)
	if item.Sealed || kind == "" {
		return
	}
	d, err := cross.Read(item.Name, kind, item.Content)
	switch {
	case err == nil:
		g.docs = append(g.docs, d)
	case !errors.Is(err, cross.ErrKind):
		g.unread = append(g.unread, err)
	}
}

// assess implements assessor. A document that is among those of --against too is not compared with itself.
func (g *against) assess(item intake.Item, r validator.Report) (validator.Report, error) {
	kind := kindOf(r)
	if item.Sealed || kind == "" {
		return r, nil
	}
	d, err := cross.Read(item.Name, kind, item.Content)
	if err != nil {
		if !errors.Is(err, cross.ErrKind) { // it cannot be read: the report says so
			g.alone = append(g.alone, item.Name)
		}
		return r, nil
	}
	n, later := len(g.pairs), false // pairs of which d is the first stand in the report of the second
	for _, p := range g.pairsOf(d) {
		switch {
		case p.B.Name == d.Name:
			r = r.With(p.Findings...)
			g.tell(p)
		case p.A.Name == d.Name && !g.judged(p.B.Name):
			r = r.With(elsewhere(p)...)
			g.tell(p)
		case p.A.Name == d.Name:
			later = true
		}
	}
	if len(g.pairs) == n && !later {
		g.alone = append(g.alone, item.Name)
	}
	return r, nil
}

// pairsOf finds the pairs of a document with those of --against; among them it is known already.
func (g *against) pairsOf(d *cross.Document) []cross.Pair {
	if own, known := g.own[d.Name]; known {
		return own
	}
	return cross.Check(append([]*cross.Document{d}, g.docs...)).Pairs
}

// judged reports whether a document of --against is one of those that are judged, or lies in a folder or archive
// of them.
func (g *against) judged(name string) bool {
	name = filepath.Clean(name)
	for _, f := range g.files {
		if rest, ok := strings.CutPrefix(name, filepath.Clean(f)); ok && (rest == "" || rest[0] == filepath.Separator || rest[0] == '!') {
			return true
		}
	}
	return slices.Contains(g.files, ".") && filepath.IsLocal(name)
}

// elsewhere gives the findings of a pair to its first document: they name the place in the second.
func elsewhere(p cross.Pair) []rule.Finding {
	out := make([]rule.Finding, len(p.Findings))
	for i, f := range p.Findings {
		f.Path = fmt.Sprintf("%s:%d%s", p.B.Name, f.Line, f.Path)
		f.Line = 1
		out[i] = f
	}
	return out
}

func (g *against) tell(p cross.Pair) {
	sum := "agree"
	if n := len(p.Findings); n == 1 {
		sum = "1 finding"
	} else if n > 1 {
		sum = fmt.Sprintf("%d findings", n)
	}
	g.pairs = append(g.pairs, fmt.Sprintf("%s and %s: %s (%s)", p.A.Name, p.B.Name, sum, p.Title))
}

// close prints the pairs, and what made none.
func (g *against) close(s streams) error {
	if !g.aside && len(g.pairs) > 0 {
		if _, err := fmt.Fprintf(s.out, "\nCompared:\n  %s\n", strings.Join(g.pairs, "\n  ")); err != nil {
			return err
		}
	}
	for _, err := range g.unread {
		fmt.Fprintf(s.err, "%v: not compared\n", err)
	}
	for _, name := range g.alone {
		fmt.Fprintf(s.err, "%s: belongs to none of the documents of --against\n", name)
	}
	if len(g.pairs) == 0 {
		return errNo
	}
	return nil
}
