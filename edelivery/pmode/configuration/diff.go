package configuration

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A Change is one difference between two configurations.
type Change struct {
	Kind   string `json:"kind"`             // "added", "removed" or "changed"
	Path   string `json:"path"`             // the element, such as `party "AP_AT_01"`
	Field  string `json:"field,omitempty"`  // of a changed one
	Before string `json:"before,omitempty"` // never a secret
	After  string `json:"after,omitempty"`
}

// String is one line.
func (c Change) String() string {
	switch c.Kind {
	case "added":
		return "+ " + c.Path
	case "removed":
		return "- " + c.Path
	default:
		return fmt.Sprintf("~ %s: %s: %q -> %q", c.Path, c.Field, c.Before, c.After)
	}
}

// Diff lists what is other in b than in a. Elements are compared by name, case aside; order does not count, but for
// the legs of a process, of which the first wins.
func Diff(a, b *Configuration) []Change {
	var d differ
	d.element(planOf(), nil, reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem(), "")
	return d.out
}

type differ struct{ out []Change }

func (d *differ) element(p *plan, of *list, a, b reflect.Value, path string) {
	for i := range p.attrs {
		at := &p.attrs[i]
		before, _ := at.format(a.Field(at.index))
		after, _ := at.format(b.Field(at.index))
		if before == after || at.ref != "" && strings.EqualFold(before, after) {
			continue
		}
		if at.secret {
			before, after = "", ""
		}
		d.out = append(d.out, Change{"changed", words(path), at.name, before, after})
	}
	for i := range p.lists {
		l := &p.lists[i]
		x, y := a.Field(l.index), b.Field(l.index)
		if l.item.single() {
			d.names(l, x, y, path)
		} else {
			d.list(l, x, y, path)
		}
	}
}

// names compares lists of references.
func (d *differ) names(l *list, x, y reflect.Value, path string) {
	before, after := namesIn(x), namesIn(y)
	if x.IsNil() && !y.IsNil() || !x.IsNil() && y.IsNil() {
		d.out = append(d.out, Change{"changed", path, l.key, openOr(x, before), openOr(y, after)})
		return
	}
	same := func(a, b string) bool { return strings.EqualFold(a, b) }
	if l.ref == "Legs" && !slices.EqualFunc(before, after, same) {
		d.out = append(d.out, Change{"changed", path, l.key, strings.Join(before, ", "), strings.Join(after, ", ")})
		return
	}
	was, is := folded(before), folded(after)
	for _, n := range before {
		if !is[lower(n)] {
			d.out = append(d.out, Change{Kind: "removed", Path: join(path, l.element()+" "+quoted(n))})
		}
	}
	for _, n := range after {
		if !was[lower(n)] {
			d.out = append(d.out, Change{Kind: "added", Path: join(path, l.element()+" "+quoted(n))})
		}
	}
}

func openOr(v reflect.Value, names []string) string {
	if v.IsNil() {
		return "all"
	}
	return strings.Join(names, ", ")
}

func namesIn(v reflect.Value) []string {
	refs := v.Interface().([]Reference)
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.Name
	}
	return out
}

func folded(names []string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[lower(n)] = true
	}
	return out
}

// list compares elements by what names them.
func (d *differ) list(l *list, x, y reflect.Value, path string) {
	after := map[string]reflect.Value{}
	for j := range y.Len() {
		after[l.item.identity(y.Index(j))] = y.Index(j)
	}
	before := map[string]bool{}
	for i := range x.Len() {
		id := l.item.identity(x.Index(i))
		before[id] = true
		here := join(path, l.element()+" "+quoted(l.item.label(x.Index(i))))
		if other, ok := after[id]; ok {
			d.element(l.item, l, x.Index(i), other, here)
		} else {
			d.out = append(d.out, Change{Kind: "removed", Path: here})
		}
	}
	for j := range y.Len() {
		if !before[l.item.identity(y.Index(j))] {
			d.out = append(d.out, Change{Kind: "added", Path: join(path, l.element()+" "+quoted(l.item.label(y.Index(j))))})
		}
	}
}

// label is the name of an element, or its id.
func (p *plan) label(v reflect.Value) string {
	if i := p.nameField(); i >= 0 {
		return v.Field(i).String()
	}
	return v.Field(p.attrs[0].index).String()
}

// identity is what makes an element the same in both files.
func (p *plan) identity(v reflect.Value) string {
	if p.nameField() >= 0 {
		return lower(p.label(v))
	}
	var all []string
	for i := range p.attrs {
		text, _ := p.attrs[i].format(v.Field(p.attrs[i].index))
		all = append(all, lower(text))
	}
	return strings.Join(all, "\x00")
}
