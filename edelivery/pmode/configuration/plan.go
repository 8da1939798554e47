package configuration

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// A plan is what the tags of one type say.
type plan struct {
	kind  reflect.Type
	attrs []attribute
	lists []list
	line  int // index of the field Line
}

// An attribute is a field of text, truth or number.
type attribute struct {
	index     int
	name, key string // in XML and in YAML
	required  bool
	empty     bool // required, but may be ""
	uri       bool // longer, up to maxURI
	unique    bool // among the elements of one list
	secret    bool
	fallback  int64  // number when it is absent
	ref       string // field of Configuration that it names an element of
}

// A list is a field of elements.
type list struct {
	index int
	path  []string // element names from the parent down, the last that of the items
	key   string   // in YAML
	doc   string
	some  bool // at least one
	ref   string
	item  *plan
	attr  string // in XML, of the only attribute of an item; "" is that of the type
}

// The limits of texts. [Domibus: P-Mode schema]
const (
	maxName = 255
	maxURI  = 1024
)

// planOf reads the tags of T once.
var planOf = sync.OnceValue(func() *plan { return makePlan(reflect.TypeFor[Configuration]()) })

func makePlan(t reflect.Type) *plan {
	p := &plan{kind: t}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("pmode")
		if !ok {
			p.line = i
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		set := map[string]string{}
		for o := range strings.SplitSeq(options, ",") {
			k, v, _ := strings.Cut(o, "=")
			set[k] = v
		}
		has := func(k string) bool { _, ok := set[k]; return ok }
		if f.Type.Kind() == reflect.Slice {
			path := strings.Split(name, "/")
			key := f.Tag.Get("key")
			if key == "" {
				key = path[len(path)-1] + "s"
			}
			p.lists = append(p.lists, list{
				index: i, path: path, key: key, doc: f.Tag.Get("doc"), some: has("some"), ref: set["ref"],
				item: makePlan(f.Type.Elem()), attr: f.Tag.Get("attr"),
			})
			continue
		}
		fallback, _ := strconv.ParseInt(set["default"], 10, 64)
		p.attrs = append(p.attrs, attribute{
			index: i, name: name, key: camel(name), required: has("required"), empty: has("empty"), uri: has("uri"),
			unique: has("unique"), secret: has("secret"), fallback: fallback, ref: set["ref"],
		})
	}
	return p
}

// camel makes retentionSent of retention_sent.
func camel(name string) string {
	parts := strings.Split(name, "_")
	for i := range parts[1:] {
		parts[i+1] = strings.ToUpper(parts[i+1][:1]) + parts[i+1][1:]
	}
	return strings.Join(parts, "")
}

// single reports whether items of p are one name, which YAML writes without a mapping.
func (p *plan) single() bool { return len(p.attrs) == 1 && len(p.lists) == 0 }

// xmlName is the name of an attribute of the items of l in XML.
func (l *list) xmlName(a *attribute) string {
	if l.attr != "" {
		return l.attr
	}
	return a.name
}

// element is what items of l are called.
func (l *list) element() string { return l.path[len(l.path)-1] }
