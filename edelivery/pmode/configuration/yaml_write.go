package configuration

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// AppendYAML writes c in the YAML form, with a comment on each section and on whatever found says about an element.
func AppendYAML(dst []byte, c *Configuration, found Findings) []byte {
	w := &yamlWriter{b: dst, notes: map[int][]Finding{}}
	for _, f := range found {
		if f.Severity != Error && f.Line > 0 {
			w.notes[f.Line] = append(w.notes[f.Line], f)
		}
	}
	w.comment(0, "P-Modes: who may send which messages to whom, and how.")
	w.comment(0, "Elements name each other; case does not count in names. oots pmode explain says it in words.")
	w.notesOf(c.Line, 0)
	w.element(planOf(), reflect.ValueOf(c).Elem(), 0, true)
	return w.b
}

type yamlWriter struct {
	b     []byte
	notes map[int][]Finding // by line of what was read
}

func (w *yamlWriter) indent(n int) {
	for range n {
		w.b = append(w.b, "  "...)
	}
}

func (w *yamlWriter) comment(depth int, text string) {
	w.indent(depth)
	w.b = append(append(append(w.b, "# "...), oneLine(text)...), '\n')
}

// oneLine keeps a comment from ending early.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, s)
}

// notesOf writes what was found at a line, once.
func (w *yamlWriter) notesOf(line, depth int) {
	for _, f := range w.notes[line] {
		word := "note"
		if f.Severity == Unsupported {
			word = "not supported"
		}
		w.comment(depth, word+": "+words(f.Path)+": "+f.Message)
	}
	delete(w.notes, line)
}

// element writes the keys of an element. The first stands where the writer is.
func (w *yamlWriter) element(p *plan, v reflect.Value, depth int, top bool) {
	first := !top
	key := func(name string) {
		if !first {
			w.indent(depth)
		}
		first = false
		w.b = append(append(w.b, name...), ':')
	}
	for i := range p.attrs {
		a := &p.attrs[i]
		text, there := a.format(v.Field(a.index))
		if !there {
			continue
		}
		if top {
			w.b = append(w.b, '\n')
			w.comment(depth, p.kind.Field(a.index).Tag.Get("doc"))
		}
		key(a.key)
		if v.Field(a.index).Kind() == reflect.String {
			text = scalar(text)
		}
		w.b = append(append(append(w.b, ' '), text...), '\n')
	}
	for i := range p.lists {
		l := &p.lists[i]
		s := v.Field(l.index)
		if s.Len() == 0 {
			continue
		}
		if top {
			w.b = append(w.b, '\n')
			w.comment(depth, l.doc)
		}
		key(l.key)
		w.list(l, s, depth)
	}
}

func (w *yamlWriter) list(l *list, s reflect.Value, depth int) {
	if l.item.single() {
		w.names(l, s)
		return
	}
	w.b = append(w.b, '\n')
	for i := range s.Len() {
		item := s.Index(i)
		w.notesOf(int(item.Field(l.item.line).Int()), depth+1)
		w.indent(depth + 1)
		w.b = append(w.b, "- "...)
		w.element(l.item, item, depth+2, false)
	}
}

// names writes a list of names in one line, as long as it is.
func (w *yamlWriter) names(l *list, s reflect.Value) {
	w.b = append(w.b, " ["...)
	for i := range s.Len() {
		if i > 0 {
			w.b = append(w.b, ", "...)
		}
		w.b = append(w.b, scalar(s.Index(i).Field(l.item.attrs[0].index).String())...)
	}
	w.b = append(w.b, "]\n"...)
}

var plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// scalar quotes what YAML could take for something else.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
		return strconv.Quote(s)
	}
	if plain.MatchString(s) && len(s) <= maxURI {
		return s
	}
	return strconv.Quote(s)
}
