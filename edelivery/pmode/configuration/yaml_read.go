package configuration

import (
	"bytes"
	"io"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// ParseYAML reads the YAML form and checks it: one document, no anchors or aliases, no key that is not known, no key
// twice. The configuration is nil when a finding is an Error.
func ParseYAML(b []byte) (*Configuration, Findings) {
	r := &report{}
	if len(b) > MaxBytes {
		r.add(Error, CodeSyntax, 0, "", "%d bytes, at most %d are read", len(b), MaxBytes)
		return nil, r.sorted()
	}
	var doc yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(b))
	err := d.Decode(&doc)
	if err == nil {
		var next yaml.Node
		if d.Decode(&next) != io.EOF {
			r.add(Error, CodeStructure, max(next.Line, 1), "", "there is more than one document")
		}
	} else if err != io.EOF {
		line, text := yamlError(err)
		r.add(Error, CodeSyntax, line, "", "%s", text)
		return nil, r.sorted()
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		r.add(Error, CodeStructure, 1, "", "a P-Mode file in YAML begins with the keys party, mpcs, roles …")
		return nil, r.sorted()
	}
	y := &yamlReader{report: r}
	root := y.mapping(planOf(), nil, doc.Content[0], "")
	return finish(&builder{report: r, strict: true}, root)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:unmarshal errors:\s+)?(?:line (\d+): )?`)

// yamlError takes the line out of the text.
func yamlError(err error) (line int, text string) {
	text = err.Error()
	m := yamlLine.FindStringSubmatch(text)
	if m == nil {
		return 0, text
	}
	line, _ = strconv.Atoi(m[1])
	return line, text[len(m[0]):]
}

// yamlReader turns nodes into raw elements.
type yamlReader struct {
	*report
	total int
}

func (y *yamlReader) mapping(p *plan, of *list, n *yaml.Node, path string) *raw {
	r := &raw{line: n.Line}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if before, twice := seen[k.Value]; twice {
			y.add(Error, CodeDuplicate, k.Line, path, "%.80q is also in line %d", k.Value, before)
			continue
		}
		seen[k.Value] = k.Line
		if of == nil && i == 0 {
			r.line = k.Line
		}
		y.field(p, r, k, v, path)
	}
	return r
}

func (y *yamlReader) field(p *plan, r *raw, k, v *yaml.Node, path string) {
	if v.Kind == yaml.AliasNode || v.Anchor != "" || k.Anchor != "" {
		y.add(Error, CodeStructure, v.Line, path, "%.80q: anchors and aliases are not allowed", k.Value)
		return
	}
	for i := range p.attrs {
		if a := &p.attrs[i]; a.key == k.Value {
			if v.Kind != yaml.ScalarNode || v.Tag == "!!null" {
				y.add(Error, CodeStructure, v.Line, path, "%.80q: want a value", k.Value)
				return
			}
			r.attrs = append(r.attrs, rawAttr{a, v.Line, v.Value})
			return
		}
	}
	for i := range p.lists {
		if l := &p.lists[i]; l.key == k.Value {
			if v.Kind != yaml.SequenceNode {
				y.add(Error, CodeStructure, v.Line, path, "%.80q: want a list", k.Value)
				return
			}
			items := r.list(l, k.Line)
			for _, e := range v.Content {
				y.item(items, l, e, path)
			}
			return
		}
	}
	y.add(Error, CodeStructure, k.Line, path, "the key %.80q is not known here", k.Value)
}

func (y *yamlReader) item(items *rawList, l *list, n *yaml.Node, path string) {
	if y.total++; y.total == maxTotal || len(items.items) == maxItems {
		y.add(Error, CodeSyntax, n.Line, path, "more than %d %s", len(items.items), l.element())
	}
	if y.total >= maxTotal || len(items.items) >= maxItems {
		return
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		y.add(Error, CodeStructure, n.Line, join(path, l.element()), "anchors and aliases are not allowed")
	case n.Kind == yaml.ScalarNode && n.Tag != "!!null" && l.item.single():
		items.items = append(items.items, &raw{line: n.Line, attrs: []rawAttr{{&l.item.attrs[0], n.Line, n.Value}}})
	case n.Kind == yaml.MappingNode && !l.item.single():
		here := join(path, l.element())
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "name" {
				here += " " + quoted(n.Content[i+1].Value)
			}
		}
		items.items = append(items.items, y.mapping(l.item, l, n, here))
	case l.item.single():
		y.add(Error, CodeStructure, n.Line, join(path, l.element()), "want a name")
	default:
		y.add(Error, CodeStructure, n.Line, join(path, l.element()), "want keys and values")
	}
}
