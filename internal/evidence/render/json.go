package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"oots/internal/evidence/words"
)

// Bounds of a JSON document.
const (
	jsonDepth  = 100
	jsonValues = 100_000
)

func (t *Tree) readJSON(content []byte, w *words.Words) error {
	r := jsonReader{Decoder: json.NewDecoder(bytes.NewReader(content))}
	r.UseNumber()
	root, err := r.value("", 1)
	if err != nil {
		return err
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	if len(root) != 1 {
		root = []item{{items: root}}
	}
	t.fill(&root[0], modelOfJSON(&root[0]), w)
	return nil
}

// A jsonReader reads values in the order of the document.
type jsonReader struct {
	*json.Decoder
	n int
}

// value reads one value as the items that it is in a tree: an array gives one of the same name for each element.
func (r *jsonReader) value(name string, depth int) ([]item, error) {
	if r.n++; r.n > jsonValues || depth > jsonDepth {
		return nil, errors.New("too many or too deep values")
	}
	tok, err := r.Token()
	if err != nil {
		return nil, errors.New("no JSON")
	}
	switch v := tok.(type) {
	case json.Delim:
		if v == '[' {
			return r.array(name, depth)
		}
		i, err := r.object(name, depth)
		if languageMap(&i) {
			for k := range i.items {
				i.items[k].lang, i.items[k].name = i.items[k].name, name
			}
			return i.items, err
		}
		return []item{i}, err
	case string:
		return []item{{name: name, text: clean(v)}}, nil
	case json.Number:
		return []item{{name: name, text: v.String()}}, nil
	case bool:
		text := "false"
		if v {
			text = "true"
		}
		return []item{{name: name, text: text}}, nil
	}
	return []item{{name: name}}, nil
}

func (r *jsonReader) array(name string, depth int) ([]item, error) {
	var out []item
	for r.More() {
		is, err := r.value(name, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, is...)
	}
	if _, err := r.Token(); err != nil {
		return nil, errors.New("no JSON")
	}
	if len(out) == 0 {
		out = []item{{name: name}}
	}
	return out, nil
}

func (r *jsonReader) object(name string, depth int) (item, error) {
	i := item{name: name}
	seen := make(map[string]bool)
	for r.More() {
		tok, err := r.Token()
		if err != nil {
			return i, errors.New("no JSON")
		}
		key, _ := tok.(string)
		if seen[key] {
			return i, errors.New("a member occurs twice")
		}
		seen[key] = true
		is, err := r.value(clean(key), depth+1)
		if err != nil {
			return i, err
		}
		i.items = append(i.items, is...)
	}
	if _, err := r.Token(); err != nil {
		return i, errors.New("no JSON")
	}
	return i, nil
}

// languageMap reports whether i is {"el": "…", "en": "…"}: texts by language. [JSON-LD 1.1 §4.2.4]
func languageMap(i *item) bool {
	for k := range i.items {
		c := &i.items[k]
		if !c.leaf() || len(c.name) != 2 || c.name[0]|0x20 < 'a' || c.name[0]|0x20 > 'z' || c.name[1]|0x20 < 'a' || c.name[1]|0x20 > 'z' || !words.KnownLanguage(c.name) {
			return false
		}
	}
	return len(i.items) > 0
}
