package render

import (
	_ "embed"
	"html/template"
	"strings"
)

// Source is the template "evidence", which shows the nodes of a Tree of kind Data; a page may parse it with its
// own.
//
//go:embed evidence.html
var Source string

var page = template.Must(template.New("").Parse(Source))

// HTML is the tree by the template of this package, for a page that has nothing to add. All text of the document is
// escaped. It is empty for kinds other than Data.
func (t *Tree) HTML() (template.HTML, error) {
	var b strings.Builder
	if err := page.ExecuteTemplate(&b, "evidence", t); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

// Leaves are the nodes without others below them, which a page shows first.
func (t *Tree) Leaves() []Node { return leaves(t.Nodes, true) }

// Groups are the nodes with others below them.
func (t *Tree) Groups() []Node { return leaves(t.Nodes, false) }

func leaves(ns []Node, want bool) []Node {
	var out []Node
	for _, n := range ns {
		if (len(n.Nodes) == 0 && n.Table == nil) == want {
			out = append(out, n)
		}
	}
	return out
}
