package settings

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// A Description is what is known of one field.
type Description struct {
	Field   string   `json:"field"` // path; items of a list are called name[]
	Kind    string   `json:"kind"`
	Needed  bool     `json:"needed,omitempty"`
	Default string   `json:"default,omitempty"`
	Example string   `json:"example,omitempty"`
	Values  []string `json:"values,omitempty"`
	Meaning string   `json:"meaning"`
}

// Describe lists a field with those below it; "" is all. It is empty for a field that does not exist.
func Describe(path string) []Description {
	var all []Description
	describe(reflect.TypeFor[Config](), "", &all)
	if path == "" {
		return all
	}
	return slices.DeleteFunc(all, func(d Description) bool {
		rest, ok := strings.CutPrefix(d.Field, path)
		return !ok || rest != "" && rest[0] != '.' && rest[0] != '['
	})
}

func describe(t reflect.Type, path string, out *[]Description) {
	for _, f := range fields(t) {
		here := join(path, f.key)
		*out = append(*out, Description{Field: here, Kind: f.says(), Needed: f.need, Default: f.fallback, Example: f.sample, Values: f.enum, Meaning: f.doc})
		switch f.shape() {
		case section:
			describe(f.kind, here, out)
		case items:
			describe(f.kind.Elem(), here+"[]", out)
		}
	}
}

// WritePage writes the reference as Markdown.
func WritePage(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Configuration of an access point\n\nGenerated from the program by `go generate ./internal/accesspoint/settings`. `oots quickstart` writes a file to begin with, `oots config test` judges one.\n\n" +
		"A time has a unit (`30s`, `15m`, `1h30m`, `14d`), and so has a number of bytes (`512KiB`, `4GiB`). A secret is never a value but a reference: `file:PATH`, a file that its owner alone can read, or `env:NAME`. Paths are relative to the folder of the file.\n")
	open := false
	for _, d := range Describe("") {
		if d.Kind == "section" || d.Kind == "list of sections" {
			fmt.Fprintf(&b, "\n## %s\n\n%s\n", d.Field, d.Meaning)
			open = false
			continue
		}
		if !open {
			if !strings.Contains(b.String(), "\n## ") {
				b.WriteString("\n## The whole\n")
			}
			b.WriteString("\n| Field | Value | Default | Meaning |\n|---|---|---|---|\n")
			open = true
		}
		fallback := "–"
		switch {
		case d.Needed:
			fallback = "needed"
		case d.Default != "":
			fallback = "`" + d.Default + "`"
		}
		example := ""
		if d.Example != "" {
			example = " Example: `" + d.Example + "`."
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s%s |\n", d.Field, d.Kind, fallback, d.Meaning, example)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// lineLength is where comments of a written file break.
const lineLength = 110

// Append writes a configuration with a comment on each field. What has its default, or nothing, stands there as a
// comment. Paths are written relative to dir where they are below it.
func Append(dst []byte, c *Config, dir string) []byte {
	w := &writer{b: dst, dir: dir}
	w.section(reflect.ValueOf(c).Elem(), 0)
	return w.b
}

type writer struct {
	b   []byte
	dir string
}

func (w *writer) section(v reflect.Value, depth int) {
	for i, f := range fields(v.Type()) {
		if depth == 0 && i > 0 {
			w.b = append(w.b, '\n')
		}
		w.comment(depth, f)
		value := v.Field(f.index)
		switch f.shape() {
		case section:
			w.line(depth, f.key+":", false)
			w.section(value, depth+1)
		case items:
			w.items(f, value, depth)
		case table:
			w.line(depth, f.key+":", value.Len() == 0)
			for _, k := range sortedKeys(value) {
				w.line(depth+1, quote(k)+": "+quote(value.MapIndex(reflect.ValueOf(k)).String()), false)
			}
		case list:
			text := w.list(value)
			if text == "" || text == f.fallback {
				w.line(depth, f.key+": ["+f.fallback+"]", true)
				continue
			}
			w.line(depth, f.key+": ["+text+"]", false)
		default:
			text := w.text(value)
			if text == "" || text == f.fallback {
				w.line(depth, strings.TrimRight(f.key+": "+first(f.fallback, f.sample), " "), true)
				continue
			}
			w.line(depth, f.key+": "+quote(text), false)
		}
	}
}

func (w *writer) items(f field, v reflect.Value, depth int) {
	w.line(depth, f.key+":", v.Len() == 0)
	for i := range v.Len() {
		start := len(w.b)
		inner := &writer{dir: w.dir}
		inner.section(v.Index(i), depth+2)
		w.b = append(w.b, inner.b...)
		mark(w.b[start:], depth+1)
	}
}

// mark puts the hyphen of an item before its first key; comments above stay where they are.
func mark(b []byte, depth int) {
	for at := 0; at < len(b); {
		line := b[at:]
		if n := strings.IndexByte(string(line), '\n'); n >= 0 {
			line = line[:n]
		}
		if text := strings.TrimLeft(string(line), " "); text != "" && text[0] != '#' {
			b[at+2*depth] = '-'
			return
		}
		at += len(line) + 1
	}
}

func sortedKeys(v reflect.Value) (out []string) {
	for _, k := range v.MapKeys() {
		out = append(out, k.String())
	}
	slices.Sort(out)
	return out
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (w *writer) list(v reflect.Value) string {
	var all []string
	for i := range v.Len() {
		all = append(all, quote(w.text(v.Index(i))))
	}
	return strings.Join(all, ", ")
}

func (w *writer) text(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case Path:
		return w.relative(string(x))
	case Secret:
		if name := x.File(); name != "" {
			return "file:" + w.relative(name)
		}
		return string(x)
	case Duration:
		return x.String()
	case Size:
		return x.String()
	}
	return fmt.Sprint(v.Interface())
}

func (w *writer) relative(name string) string {
	if rest, ok := strings.CutPrefix(name, w.dir+"/"); ok && w.dir != "" {
		return rest
	}
	return name
}

func (w *writer) line(depth int, text string, out bool) {
	w.b = append(w.b, strings.Repeat("  ", depth)...)
	if out {
		w.b = append(w.b, "# "...)
	}
	w.b = append(append(w.b, text...), '\n')
}

// comment writes what a field is about.
func (w *writer) comment(depth int, f field) {
	text := f.doc
	if len(f.enum) > 0 {
		text += " One of: " + strings.Join(f.enum, ", ") + "."
	}
	indent := strings.Repeat("  ", depth) + "# "
	line := indent
	for _, word := range strings.Fields(text) {
		if len(line)+len(word) > lineLength && line != indent {
			w.b = append(append(w.b, strings.TrimRight(line, " ")...), '\n')
			line = indent
		}
		line += word + " "
	}
	w.b = append(append(w.b, strings.TrimRight(line, " ")...), '\n')
}

// quote makes a text that YAML would take for something else a quoted one.
func quote(s string) string {
	if s == "" || strings.ContainsAny(s, "#{}[],&*!|>'\"%@`\\\n\t") || strings.Contains(s, ": ") || strings.TrimSpace(s) != s || strings.HasSuffix(s, ":") ||
		strings.HasPrefix(s, "- ") || strings.HasPrefix(s, "? ") || s == "null" || s == "~" {
		return fmt.Sprintf("%q", s)
	}
	return s
}
