package configuration

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A raw is an element of either form before its values are understood.
type raw struct {
	line  int
	attrs []rawAttr
	lists []rawList
}

type rawAttr struct {
	at    *attribute
	line  int
	value string
}

// A rawList may be there and empty.
type rawList struct {
	of    *list
	line  int
	items []*raw
}

// The counts that a file may have of anything; real ones stay below a hundredth of it.
const (
	maxItems = 2000  // of one list
	maxTotal = 50000 // of all
)

// builder turns raw elements into a Configuration.
type builder struct {
	*report
	strict bool // names of attributes as YAML writes them
}

// build fills v, which p is the plan of.
func (b *builder) build(p *plan, r *raw, v reflect.Value, path string) {
	v.Field(p.line).SetInt(int64(r.line))
	given := make([]bool, len(p.attrs))
	for _, a := range r.attrs {
		i := slices.IndexFunc(p.attrs, func(x attribute) bool { return x.index == a.at.index })
		given[i] = true
		b.value(a, v.Field(a.at.index), path)
	}
	for i, a := range p.attrs {
		switch {
		case given[i]:
		case a.required:
			b.add(Error, CodeStructure, r.line, path, "%s is missing", b.name(&a))
		case v.Field(a.index).CanInt():
			v.Field(a.index).SetInt(a.fallback)
		}
	}
	for i := range p.lists {
		l := &p.lists[i]
		j := slices.IndexFunc(r.lists, func(x rawList) bool { return x.of.index == l.index })
		if j < 0 || len(r.lists[j].items) == 0 {
			line := r.line
			if j >= 0 {
				line = r.lists[j].line
				b.add(Error, CodeStructure, line, path, "%s is empty: leave it out or fill it", b.listName(l))
			} else if l.some {
				b.add(Error, CodeStructure, line, path, "%s is missing", b.listName(l))
			}
			continue
		}
		b.items(l, &r.lists[j], v.Field(l.index), path)
	}
}

func (b *builder) items(l *list, r *rawList, v reflect.Value, path string) {
	s := reflect.MakeSlice(v.Type(), len(r.items), len(r.items))
	for i, item := range r.items {
		b.build(l.item, item, s.Index(i), join(path, title(l, item)))
	}
	v.Set(s)
}

// title is an element with its name, such as `party "AP_AT_01"`.
func title(l *list, r *raw) string {
	for _, a := range r.attrs {
		if n := a.at.name; n == "name" || n == "partyId" {
			return fmt.Sprintf("%s %.80q", l.element(), a.value)
		}
	}
	return l.element()
}

func join(path, s string) string {
	if path == "" {
		return s
	}
	return path + " / " + s
}

func (b *builder) name(a *attribute) string {
	if b.strict {
		return a.key
	}
	return a.name
}

func (b *builder) listName(l *list) string {
	if b.strict {
		return l.key
	}
	return strings.Join(l.path, "/")
}

func (b *builder) value(a rawAttr, v reflect.Value, path string) {
	name := b.name(a.at)
	switch v.Kind() {
	case reflect.String:
		b.text(a, name, path)
		v.SetString(a.value)
	case reflect.Bool:
		switch strings.Trim(a.value, " \t\r\n") {
		case "true", "1":
			v.SetBool(true)
		case "false", "0":
		default:
			b.add(Error, CodeValue, a.line, path, "%s: %.40q is neither true nor false", name, a.value)
		}
	default:
		bits := v.Type().Bits()
		if v.Kind() == reflect.Int {
			bits = 32
		}
		n, err := strconv.ParseInt(strings.Trim(a.value, " \t\r\n"), 10, bits)
		if err != nil {
			b.add(Error, CodeValue, a.line, path, "%s: %.40q is no whole number of %d bits", name, a.value, bits)
			return
		}
		if n < 0 && a.at.fallback != -1 && name != "retention_downloaded" && name != "retention_undownloaded" && name != camel("retention_downloaded") && name != camel("retention_undownloaded") || n < -1 {
			b.add(Error, CodeValue, a.line, path, "%s: %d is negative", name, n)
		}
		if a.at.name == "max_batch_delete" && n > 10000 {
			b.add(Error, CodeValue, a.line, path, "%s: %d is more than 10000", name, n)
		}
		v.SetInt(n)
	}
}

func (b *builder) text(a rawAttr, name, path string) {
	limit := maxName
	if a.at.uri {
		limit = maxURI
	}
	if n := utf8.RuneCountInString(a.value); n > limit {
		b.add(Error, CodeValue, a.line, path, "%s: %d characters, at most %d are allowed", name, n, limit)
	}
	if strings.ContainsAny(a.value, "<>") {
		b.add(Error, CodeValue, a.line, path, "%s: < and > are not allowed", name)
	}
	if a.value == "" && a.at.required && !a.at.empty {
		b.add(Error, CodeValue, a.line, path, "%s is empty", name)
	}
}
