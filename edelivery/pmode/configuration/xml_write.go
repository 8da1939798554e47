package configuration

import (
	"reflect"
	"strconv"

	"oots/xml/xmltree"
)

// AppendDomibus writes c as a configuration document of Domibus, in the order of its schema. What is absent, or as
// it would be without, is not written.
func AppendDomibus(dst []byte, c *Configuration) []byte {
	dst = append(dst, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<db:configuration xmlns:db="`+Namespace+`"`...)
	w := &xmlWriter{b: dst}
	v := reflect.ValueOf(c).Elem()
	w.attrs(planOf(), nil, v)
	w.b = append(w.b, ">\n"...)
	w.lists(planOf(), v, 1)
	return append(w.b, "</db:configuration>\n"...)
}

type xmlWriter struct{ b []byte }

func (w *xmlWriter) indent(n int) {
	for range n {
		w.b = append(w.b, "  "...)
	}
}

func (w *xmlWriter) attrs(p *plan, of *list, v reflect.Value) {
	for i := range p.attrs {
		a := &p.attrs[i]
		text, there := a.format(v.Field(a.index))
		if !there {
			continue
		}
		name := a.name
		if of != nil {
			name = of.xmlName(a)
		}
		w.b = append(append(append(w.b, ' '), name...), `="`...)
		w.b = append(xmltree.AppendAttr(w.b, text), '"')
	}
}

// format is the value as text; there is false when it is as if it were absent.
func (a *attribute) format(v reflect.Value) (text string, there bool) {
	switch v.Kind() {
	case reflect.String:
		return v.String(), v.String() != "" || a.required
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), v.Bool() || a.required
	default:
		return strconv.FormatInt(v.Int(), 10), v.Int() != a.fallback || a.required
	}
}

// lists writes the lists of an element; wrappers that follow each other are one.
func (w *xmlWriter) lists(p *plan, v reflect.Value, depth int) {
	var open []string
	shut := func(n int) {
		for len(open) > n {
			w.indent(depth + len(open) - 1)
			w.b = append(append(append(w.b, "</"...), open[len(open)-1]...), ">\n"...)
			open = open[:len(open)-1]
		}
	}
	for i := range p.lists {
		l := &p.lists[i]
		s := v.Field(l.index)
		if s.Len() == 0 {
			continue
		}
		wrappers := l.path[:len(l.path)-1]
		same := 0
		for same < len(open) && same < len(wrappers) && open[same] == wrappers[same] {
			same++
		}
		shut(same)
		for _, name := range wrappers[same:] {
			w.indent(depth + len(open))
			w.b = append(append(append(w.b, '<'), name...), ">\n"...)
			open = append(open, name)
		}
		for j := range s.Len() {
			w.item(l, s.Index(j), depth+len(open))
		}
	}
	shut(0)
}

func (w *xmlWriter) item(l *list, v reflect.Value, depth int) {
	w.indent(depth)
	w.b = append(append(w.b, '<'), l.element()...)
	w.attrs(l.item, l, v)
	if len(l.item.lists) == 0 {
		w.b = append(w.b, "/>\n"...)
		return
	}
	w.b = append(w.b, ">\n"...)
	w.lists(l.item, v, depth+1)
	w.indent(depth)
	w.b = append(append(append(w.b, "</"...), l.element()...), ">\n"...)
}
