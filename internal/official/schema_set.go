package official

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"

	"oots/xml/xmltree"
)

// nsXSD is the namespace of XML Schema.
const nsXSD = "http://www.w3.org/2001/XMLSchema"

// wrapper is the schema that imports all namespaces of a set.
const wrapper = "all.xsd"

// A schemaSet is the schemas of one release as one flat folder in memory, so that nothing outside of it is ever
// asked for: imports lead to the file of their namespace, includes to the file of their name. The files as they
// are published name each other by addresses, by relative paths of other layouts, and not at all.
type schemaSet struct {
	files   memory
	spaces  map[string]bool   // namespaces that can be judged
	missing map[string]string // namespaces left out, and why
}

// A schemaFile is one schema of the set.
type schemaFile struct {
	name     string // in the operator's folder
	flat     string // in the set
	space    string // target namespace
	text     []byte
	root     *xmltree.Element
	included bool // by another of its namespace
}

// newSchemaSet reads the schemas and prepares the set.
func newSchemaSet(fsys fs.FS, names []string) (*schemaSet, error) {
	files, err := readSchemas(fsys, names)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		for ref := range references(f.root) {
			if ref.Name.Local == "import" {
				continue
			}
			to, err := f.includes(ref, files)
			if err != nil {
				return nil, err
			}
			to.included = to != f
		}
	}
	s := &schemaSet{files: memory{}, spaces: map[string]bool{}, missing: map[string]string{}}
	entries := s.entries(files)
	needs := map[string][]string{}
	for _, f := range files {
		for ref := range references(f.root) {
			if space, _ := ref.Attr("", "namespace"); ref.Name.Local == "import" {
				needs[f.space] = append(needs[f.space], space)
			}
		}
	}
	s.leaveOut(entries, needs)
	for _, f := range files {
		if s.files[f.flat], err = f.rewritten(entries, files); err != nil {
			return nil, err
		}
	}
	s.files[wrapper] = s.wrap(entries, needs)
	return s, nil
}

// readSchemas reads the files; of copies of the same text the first is taken.
func readSchemas(fsys fs.FS, names []string) ([]*schemaFile, error) {
	var out []*schemaFile
	for _, name := range names {
		b, err := readFile(fsys, name)
		if err != nil {
			return nil, err
		}
		b = withoutDoctype(b)
		if slices.ContainsFunc(out, func(f *schemaFile) bool { return bytes.Equal(f.text, b) }) {
			continue
		}
		doc, err := parseArtefact(name, b)
		if err != nil {
			return nil, err
		}
		if !doc.Root.Is(nsXSD, "schema") {
			return nil, fmt.Errorf("%s: the root element is %s, not xs:schema", name, doc.Root.Name.Local)
		}
		space, _ := doc.Root.Attr("", "targetNamespace")
		out = append(out, &schemaFile{name: name, flat: fmt.Sprintf("s%d.xsd", len(out)), space: space, text: b, root: doc.Root})
	}
	return out, nil
}

// references yields the imports, includes, redefinitions and overrides of a schema.
func references(root *xmltree.Element) func(func(*xmltree.Element) bool) {
	return func(yield func(*xmltree.Element) bool) {
		for e := range root.Elements() {
			if e.Name.Space != nsXSD {
				continue
			}
			switch e.Name.Local {
			case "import", "include", "redefine", "override":
				if !yield(e) {
					return
				}
			}
		}
	}
}

// includes finds the file that an include means: where it points to in the folder, or else the only one of
// that base name and namespace.
func (f *schemaFile) includes(ref *xmltree.Element, files []*schemaFile) (*schemaFile, error) {
	location, _ := ref.Attr("", "schemaLocation")
	target := path.Join(path.Dir(f.name), location)
	var found []*schemaFile
	for _, x := range files {
		if x.name == target {
			return x, nil
		}
		if path.Base(x.name) == path.Base(location) && (x.space == f.space || x.space == "") {
			found = append(found, x)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return nil, fmt.Errorf("%s: line %d: %d files of the folder are named %q", f.name, ref.Line, len(found), clip(path.Base(location)))
}

// entries gives the file of each namespace to import. Several that do not include each other get one that
// includes them.
func (s *schemaSet) entries(files []*schemaFile) map[string]string {
	tops := map[string][]string{}
	for _, f := range files {
		if !f.included && f.space != "" {
			tops[f.space] = append(tops[f.space], f.flat)
		}
	}
	out := map[string]string{}
	for space, flats := range tops {
		if len(flats) == 1 {
			out[space] = flats[0]
			continue
		}
		var b bytes.Buffer
		b.WriteString(`<xs:schema xmlns:xs="` + nsXSD + `" targetNamespace="`)
		b.Write(xmltree.AppendAttr(nil, space))
		b.WriteString(`">`)
		for _, flat := range flats {
			b.WriteString(`<xs:include schemaLocation="` + flat + `"/>`)
		}
		b.WriteString(`</xs:schema>`)
		out[space] = "n" + strconv.Itoa(len(out)) + ".xsd"
		s.files[out[space]] = b.Bytes()
	}
	return out
}

// leaveOut finds the namespaces that cannot be compiled because they need one that no file has.
func (s *schemaSet) leaveOut(entries map[string]string, needs map[string][]string) {
	for space := range entries {
		s.spaces[space] = true
	}
	for changed := true; changed; {
		changed = false
		for _, space := range slices.Sorted(maps.Keys(s.spaces)) {
			for _, need := range needs[space] {
				if need == "" || s.spaces[need] {
					continue
				}
				s.missing[space] = need
				if further, ok := s.missing[need]; ok {
					s.missing[space] = further
				}
				delete(s.spaces, space)
				changed = true
				break
			}
		}
	}
}

var location = regexp.MustCompile(`\sschemaLocation\s*=\s*("[^"]*"|'[^']*')`)

// rewritten is the text of a schema with its references led into the set.
func (f *schemaFile) rewritten(entries map[string]string, files []*schemaFile) ([]byte, error) {
	var out []byte
	last := 0
	for ref := range references(f.root) {
		var target string
		if ref.Name.Local == "import" {
			space, _ := ref.Attr("", "namespace")
			if target = entries[space]; space == "" || target == "" {
				continue // of no namespace, or in a schema that is left out
			}
		} else {
			to, err := f.includes(ref, files)
			if err != nil {
				return nil, err
			}
			target = to.flat
		}
		name := ref.Start + 1 + bytes.IndexAny(f.text[ref.Start+1:ref.End], " \t\n/>")
		end := name + tagEnd(f.text[name:ref.End])
		out = append(out, f.text[last:name]...)
		out = append(out, ` schemaLocation="`+target+`"`...)
		out = append(out, location.ReplaceAll(f.text[name:end], nil)...)
		last = end
	}
	return append(out, f.text[last:]...), nil
}

// tagEnd is the offset of the > that ends a start tag.
func tagEnd(b []byte) int {
	var quote byte
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return len(b)
}

// wrap writes the schema that imports each namespace once, what it needs before it.
func (s *schemaSet) wrap(entries map[string]string, needs map[string][]string) []byte {
	var b bytes.Buffer
	b.WriteString(`<xs:schema xmlns:xs="` + nsXSD + `">`)
	done := map[string]bool{}
	var add func(space string)
	add = func(space string) {
		if done[space] || !s.spaces[space] {
			return
		}
		done[space] = true
		for _, need := range needs[space] {
			add(need)
		}
		b.WriteString(`<xs:import schemaLocation="` + entries[space] + `" namespace="`)
		b.Write(xmltree.AppendAttr(nil, space))
		b.WriteString(`"/>`)
	}
	for _, space := range slices.Sorted(maps.Keys(s.spaces)) {
		add(space)
	}
	b.WriteString(`</xs:schema>`)
	return b.Bytes()
}

// withoutDoctype blanks the document type declaration that some schemas of the W3C carry, lines kept. A schema
// that used an entity of it fails to parse.
func withoutDoctype(b []byte) []byte {
	at := bytes.Index(b, []byte("<!DOCTYPE"))
	if at < 0 {
		return b
	}
	var quote byte
	depth := 0
	for i := at; i < len(b); i++ {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case bytes.HasPrefix(b[i:], []byte("<!--")):
			end := bytes.Index(b[i:], []byte("-->"))
			if end < 0 {
				return b
			}
			i += end + 2
		case c == '"' || c == '\'':
			quote = c
		case c == '<' || c == '[':
			depth++
		case c == ']':
			depth--
		case c == '>':
			if depth--; depth == 0 {
				out := bytes.Clone(b)
				for j := at; j <= i; j++ {
					if out[j] != '\n' {
						out[j] = ' '
					}
				}
				return out
			}
		}
	}
	return b
}
