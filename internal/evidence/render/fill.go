package render

import (
	"regexp"
	"strings"

	"oots/edm"
	"oots/internal/evidence/words"
)

// A filler gives items their labels, within the bounds of a tree.
type filler struct {
	*words.Words
	model *model // nil when not known
	left  int    // nodes that may still be made
	more  bool
}

// fill makes the nodes of the document whose outermost field is root.
func (t *Tree) fill(root *item, m *model, w *words.Words) {
	f := filler{Words: w, model: m, left: MaxNodes}
	t.Kind = Data
	if m != nil {
		t.Model, t.Title = m.name, w.T(m.title)
	}
	switch {
	case root.leaf():
		t.Nodes = f.nodes([]item{*root}, 1)
	default:
		t.Nodes = append(f.notes(root), f.nodes(root.items, 1)...)
	}
	t.More = f.more
}

// nodes makes the nodes of the fields of one group.
func (f *filler) nodes(items []item, depth int) []Node {
	var out []Node
	for k := 0; k < len(items); k++ {
		i := &items[k]
		if f.left <= 0 || depth > MaxDepth {
			f.more = true
			return out
		}
		fd := f.model.field(i.name)
		if fd.as == lifted && !i.leaf() {
			out = append(out, f.notes(i)...)
			out = append(out, f.nodes(i.items, depth+1)...)
			continue
		}
		if run := likeGroups(items[k:]); run > 1 {
			out = append(out, f.table(items[k:k+run]))
			k += run - 1
			continue
		}
		f.left--
		out = append(out, f.node(i, fd, depth))
	}
	return out
}

func (f *filler) node(i *item, fd field, depth int) Node {
	n := f.label(i.name, fd)
	i = collapse(i, fd)
	if d, ok := dateObject(i); ok {
		n.Value, n.ISO = f.Date(edm.Date(d)), d
		return n
	}
	if i.leaf() {
		f.value(&n, i, fd)
		return n
	}
	if i.text != "" {
		n.Value, n.Cut = cut(i.text)
	}
	n.Nodes = append(f.notes(i), f.nodes(i.items, depth+1)...)
	return n
}

// label gives the node of a field its name.
func (f *filler) label(name string, fd field) Node {
	if fd.label == "" {
		return Node{Label: spaced(name), Technical: true}
	}
	return Node{Label: f.T(fd.label)}
}

// notes makes nodes of the attributes of a group.
func (f *filler) notes(i *item) []Node {
	var out []Node
	for _, a := range i.notes {
		f.left--
		n := f.label(a.name, f.model.field(a.name))
		f.value(&n, &item{text: a.value}, f.model.field(a.name))
		out = append(out, n)
	}
	return out
}

var day = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(Z|[+-]\d{2}:\d{2}|T[0-9:.]+(Z|[+-]\d{2}:\d{2})?)?$`)

// value writes a leaf as people read it.
func (f *filler) value(n *Node, i *item, fd field) {
	n.Lang = strings.ToLower(i.lang)
	for _, a := range i.notes {
		if a.value != "" {
			n.Note = strings.TrimPrefix(n.Note+", "+a.value, ", ")
		}
	}
	switch {
	case i.text == "":
		n.Value, n.Empty = f.T("empty"), true
	case isFile(i.text):
		n.Value = f.T("file") + ": " + fileOf(i.text)
	case day.MatchString(i.text):
		n.Value, n.ISO = f.Date(edm.Date(i.text[:10])), i.text
		if len(i.text) > 16 && i.text[10] == 'T' {
			n.Value += ", " + i.text[11:16] + zone(i.text)
		}
	case i.text == "true":
		n.Value, n.ISO = f.T("yes"), i.text
	case i.text == "false":
		n.Value, n.ISO = f.T("no"), i.text
	default:
		n.Value, n.Cut = cut(f.code(i.text, fd.as))
		if n.Value != i.text && !n.Cut {
			n.ISO = i.text
		}
	}
}

// zone is the offset at the end of an xsd:dateTime.
func zone(s string) string {
	if strings.HasSuffix(s, "Z") {
		return " UTC"
	}
	if at := strings.LastIndexAny(s, "+-"); at > 10 {
		return " UTC" + s[at:]
	}
	return ""
}

// code resolves a coded value; what is no code stays as it is.
func (f *filler) code(v string, as format) string {
	switch as {
	case country:
		return f.Country(v)
	case tongue:
		return f.Language(v)
	case sex:
		switch strings.ToUpper(v) {
		case "1", "M", "MALE":
			return f.T("sex.m")
		case "2", "F", "FEMALE":
			return f.T("sex.f")
		case "0", "9", "X", "NST", "UNKNOWN":
			return f.T("sex.x")
		}
	case companyStatus:
		return f.Status(v)
	}
	return v
}

// collapse skips a group that only wraps one field, such as the name of an authority.
func collapse(i *item, fd field) *item {
	for fd.as == collapsed && len(i.items) == 1 && i.text == "" && len(i.notes) == 0 {
		i = &i.items[0]
	}
	return i
}

// dateObject reads a date that is split into year, month and day: gYear, gMonth and gDay of DE4A, numbers in
// our own JSON. [evidence-data-models §9]
func dateObject(i *item) (string, bool) {
	if i.leaf() || len(i.items) > 4 {
		return "", false
	}
	var p [3]string
	for k := range i.items {
		c := &i.items[k]
		v := strings.TrimLeft(c.text, "-")
		switch strings.ToLower(c.name) {
		case "year":
			p[0] = v
		case "month":
			p[1] = two(v)
		case "day":
			p[2] = two(v)
		case "precision":
		default:
			return "", false
		}
	}
	switch {
	case len(p[0]) != 4 || p[1] == "" && p[2] != "":
		return "", false
	case p[1] == "":
		return p[0], true
	case p[2] == "":
		return p[0] + "-" + p[1], true
	}
	return p[0] + "-" + p[1] + "-" + p[2], true
}

func two(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}
