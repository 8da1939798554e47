package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"oots/internal/spelling"
)

// maxBytes is the size up to which a configuration is read, and maxItems how many items a list has.
const (
	maxBytes = 1 << 20
	maxItems = 1000
)

// A File is a configuration with the lines it was read from.
type File struct {
	Config Config
	Name   string // "" when it was not read from one
	lines  map[string]int
}

// Line is where a field stands, or the section of one that is not given; 0 when neither is.
func (f *File) Line(field string) int {
	for ; field != ""; field = parent(field) {
		if n := f.lines[field]; n > 0 {
			return n
		}
	}
	return 0
}

func parent(field string) string {
	i := strings.LastIndexAny(field, ".[")
	if i < 0 {
		return ""
	}
	return field[:i]
}

// ReadFile reads a configuration; the error says that there is no file to be read. Paths in it are relative to its
// folder.
func ReadFile(name string) (*File, []Finding, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return nil, nil, err
	}
	file, found := Read(b, filepath.Dir(name))
	if file != nil {
		file.Name = name
	}
	return file, found, nil
}

// Read reads a configuration whose paths are relative to dir. There is no file beside a finding that is an Error.
func Read(b []byte, dir string) (*File, []Finding) {
	r := &reader{dir: dir, file: &File{lines: map[string]int{}}}
	root := r.document(b)
	if root == nil {
		return nil, r.found
	}
	r.section(reflect.ValueOf(&r.file.Config).Elem(), root, "")
	if Failed(r.found) {
		return nil, r.found
	}
	if r.file.Config.Node == "" {
		r.file.Config.Node = r.file.Config.Domain
	}
	return r.file, r.found
}

// Defaults is a configuration in which everything that can have a default has it.
func Defaults() Config {
	r := &reader{file: &File{lines: map[string]int{}}}
	r.section(reflect.ValueOf(&r.file.Config).Elem(), nil, "")
	return r.file.Config
}

type reader struct {
	dir   string
	file  *File
	found []Finding
}

// maxFindings ends a report that nobody reads.
const maxFindings = 100

func (r *reader) add(line int, path, try, format string, args ...any) {
	if len(r.found) < maxFindings {
		r.found = append(r.found, Finding{Error, line, path, fmt.Sprintf(format, args...), try})
	}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s+)?(?:line (\d+): )?`)

// document gives the one mapping of the text, or a finding.
func (r *reader) document(b []byte) *yaml.Node {
	if len(b) > maxBytes {
		r.add(0, "", "a shorter file", "more than %d bytes", maxBytes)
		return nil
	}
	var doc, next yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&doc); err != nil && err != io.EOF {
		text, line := err.Error(), 0
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			line, _ = strconv.Atoi(m[1])
			text = text[len(m[0]):]
		}
		r.add(line, "", "two blanks for each level, and KEY: VALUE", "it is no YAML: %s", text)
		return nil
	}
	if d.Decode(&next) != io.EOF {
		r.add(next.Line, "", "one document", "there is more than one document, or something behind it")
		return nil
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		r.add(1, "", "oots quickstart, which writes one", "it does not begin with the keys of a configuration")
		return nil
	}
	return doc.Content[0]
}

// section fills a struct. Without a node every field has its default.
func (r *reader) section(v reflect.Value, n *yaml.Node, path string) {
	all := fields(v.Type())
	given := map[string]int{}
	if n != nil {
		for i := 0; i+1 < len(n.Content); i += 2 {
			k, value := n.Content[i], n.Content[i+1]
			here := join(path, k.Value)
			if before, twice := given[k.Value]; twice {
				r.add(k.Line, here, "one of them", "it stands in line %d already", before)
				continue
			}
			given[k.Value] = k.Line
			j := slices.IndexFunc(all, func(f field) bool { return f.key == k.Value })
			if j < 0 {
				r.add(k.Line, here, nearest(k.Value, all), "there is no such field")
				continue
			}
			r.file.lines[here] = k.Line
			r.field(all[j], v.Field(all[j].index), value, here)
		}
	}
	for _, f := range all {
		if given[f.key] > 0 {
			continue
		}
		here := join(path, f.key)
		switch {
		case f.need:
			r.add(r.file.Line(here), here, f.key+": "+f.form(), "it is missing")
		case f.shape() == section:
			r.section(v.Field(f.index), nil, here)
		case f.fallback != "":
			r.fallback(f, v.Field(f.index), here)
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// fallback sets the default of a field.
func (r *reader) fallback(f field, v reflect.Value, path string) {
	if f.shape() == scalar {
		r.scalar(f, v, &yaml.Node{Kind: yaml.ScalarNode, Value: f.fallback}, path)
		return
	}
	for _, text := range strings.Split(f.fallback, ", ") {
		item := reflect.New(f.kind.Elem()).Elem()
		r.scalar(f, item, &yaml.Node{Kind: yaml.ScalarNode, Value: text}, path)
		v.Set(reflect.Append(v, item))
	}
}

// field reads a value that is given.
func (r *reader) field(f field, v reflect.Value, n *yaml.Node, path string) {
	switch kind := f.shape(); {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.add(n.Line, path, "the value itself", "anchors and aliases are not allowed")
	case kind == section && n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		r.section(v, nil, path)
	case kind == section && n.Kind == yaml.MappingNode:
		r.section(v, n, path)
	case kind == table && n.Kind == yaml.MappingNode:
		r.table(v, n, path)
	case (kind == list || kind == items) && n.Kind == yaml.SequenceNode:
		r.list(f, v, n, path)
	case kind == scalar && n.Kind == yaml.ScalarNode && n.Tag != "!!null":
		r.scalar(f, v, n, path)
	case n.Tag == "!!null":
		r.add(n.Line, path, "leaving the line out, or "+f.form(), "it has no value")
	case kind == list || kind == items:
		r.add(n.Line, path, "- VALUE, one in a line", "it is no list")
	case kind == scalar:
		r.add(n.Line, path, f.form(), "it is no single value")
	default:
		r.add(n.Line, path, "KEY: VALUE below it", "it is no section")
	}
}

func (r *reader) list(f field, v reflect.Value, n *yaml.Node, path string) {
	if len(n.Content) > maxItems {
		r.add(n.Line, path, "fewer", "more than %d", maxItems)
		return
	}
	if len(n.Content) == 0 && f.need {
		r.add(n.Line, path, "- "+f.form(), "the list is empty")
	}
	v.Set(reflect.MakeSlice(f.kind, len(n.Content), len(n.Content)))
	for i, e := range n.Content {
		here := fmt.Sprintf("%s[%d]", path, i+1)
		r.file.lines[here] = e.Line
		switch {
		case e.Kind == yaml.AliasNode || e.Anchor != "":
			r.add(e.Line, here, "the value itself", "anchors and aliases are not allowed")
		case f.shape() == items && e.Kind == yaml.MappingNode:
			r.section(v.Index(i), e, here)
		case f.shape() == items:
			r.add(e.Line, here, "- KEY: VALUE", "it is no section")
		case e.Kind != yaml.ScalarNode || e.Tag == "!!null":
			r.add(e.Line, here, "- VALUE", "it is no single value")
		default:
			r.scalar(f, v.Index(i), e, here)
		}
	}
}

func (r *reader) table(v reflect.Value, n *yaml.Node, path string) {
	v.Set(reflect.MakeMap(v.Type()))
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, e := n.Content[i], n.Content[i+1]
		here := join(path, k.Value)
		r.file.lines[here] = k.Line
		key := reflect.ValueOf(k.Value)
		switch {
		case e.Kind != yaml.ScalarNode || e.Tag == "!!null":
			r.add(e.Line, here, k.Value+": TEXT", "it is no single value")
		case v.MapIndex(key).IsValid():
			r.add(k.Line, here, "one of them", "it stands there twice")
		default:
			v.SetMapIndex(key, reflect.ValueOf(e.Value))
		}
	}
}

// scalar reads one value.
func (r *reader) scalar(f field, v reflect.Value, n *yaml.Node, path string) {
	err := r.set(f, v, n.Value)
	if err == nil && len(f.enum) > 0 && !slices.Contains(f.enum, n.Value) {
		err = errors.New("is none of the values it can have")
	}
	if err != nil {
		r.add(n.Line, path, f.form(), "it %v", err)
	}
}

func (r *reader) set(f field, v reflect.Value, text string) error {
	switch p := v.Addr().Interface().(type) {
	case *Duration:
		d, err := ParseDuration(text)
		*p = d
		return err
	case *Size:
		n, err := ParseSize(text)
		*p = n
		return err
	case *Secret:
		s, err := parseSecret(text, r.dir)
		*p = s
		return err
	case *Address:
		a, err := parseAddress(text)
		*p = a
		return err
	case *Path:
		if text == "" {
			return errors.New("is empty")
		}
		*p = Path(absolute(r.dir, text))
	case *string:
		*p = text
	case *bool:
		*p = text == "true"
		if text != "true" && text != "false" {
			return errors.New("is neither true nor false")
		}
	case *int:
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return errors.New("is no whole number")
		}
		if n < f.least {
			return fmt.Errorf("is less than %d", f.least)
		}
		*p = int(n)
	}
	return nil
}

// nearest is the field that was probably meant, or all there are.
func nearest(word string, all []field) string {
	best, away := "", 3
	var keys []string
	for _, f := range all {
		keys = append(keys, f.key)
		if d := spelling.Distance(strings.ToLower(word), strings.ToLower(f.key)); d < away {
			best, away = f.key, d
		}
	}
	if best != "" {
		return best
	}
	return strings.Join(keys, ", ")
}
