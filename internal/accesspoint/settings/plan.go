package settings

import (
	"reflect"
	"strconv"
	"strings"
)

// A field is one field of the file, as its tags say.
type field struct {
	index                      int
	key, doc, fallback, sample string
	enum                       []string
	need                       bool
	least                      int64
	kind                       reflect.Type
}

// fields are those of a struct, in the order of their declaration.
func fields(t reflect.Type) (out []field) {
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		f := field{
			index: i, key: tag.Get("key"), doc: tag.Get("doc"), fallback: tag.Get("default"), sample: tag.Get("example"),
			need: tag.Get("need") != "", kind: t.Field(i).Type,
		}
		if e := tag.Get("enum"); e != "" {
			f.enum = strings.Split(e, ",")
		}
		f.least, _ = strconv.ParseInt(tag.Get("least"), 10, 64)
		out = append(out, f)
	}
	return out
}

// shape says what a field holds.
type shape int

const (
	scalar  shape = iota
	section       // a struct
	list          // of scalars
	items         // of structs
	table         // of texts by text
)

func (f field) shape() shape {
	switch f.kind.Kind() {
	case reflect.Struct:
		return section
	case reflect.Map:
		return table
	case reflect.Slice:
		if f.kind.Elem().Kind() == reflect.Struct {
			return items
		}
		return list
	}
	return scalar
}

// kinds say what a value is, in words.
func (f field) says() string {
	t := f.kind
	prefix := ""
	switch f.shape() {
	case section:
		return "section"
	case items:
		return "list of sections"
	case table:
		return "names and texts"
	case list:
		prefix, t = "list of ", t.Elem()
	}
	word := ""
	switch t {
	case reflect.TypeFor[Duration]():
		word = "time"
	case reflect.TypeFor[Size]():
		word = "bytes"
	case reflect.TypeFor[Path]():
		word = "path"
	case reflect.TypeFor[Secret]():
		word = "secret"
	case reflect.TypeFor[Address]():
		word = "address"
	default:
		switch t.Kind() {
		case reflect.Bool:
			word = "true or false"
		case reflect.Int:
			word = "number"
		default:
			word = "text"
		}
	}
	if len(f.enum) > 0 {
		word = strings.Join(f.enum, " or ")
	}
	return prefix + word
}

// form is an example of a value, for what to try.
func (f field) form() string {
	t := f.kind
	if f.shape() == list {
		t = t.Elem()
	}
	switch {
	case f.sample != "":
		return f.sample
	case len(f.enum) > 0:
		return strings.Join(f.enum, " or ")
	}
	switch t {
	case reflect.TypeFor[Duration]():
		return "30s, 15m or 14d"
	case reflect.TypeFor[Size]():
		return "512KiB or 4GiB"
	case reflect.TypeFor[Secret]():
		return "file:PATH or env:NAME"
	case reflect.TypeFor[Address]():
		return "127.0.0.1:8443"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	}
	return ""
}
