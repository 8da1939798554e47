package repository

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"oots/edm"
)

// A Model is a data model of evidence: classes with attributes. [TDD 3.3.1]
type Model struct {
	Titles       map[string]string `json:"titles"` // by language
	Descriptions map[string]string `json:"descriptions"`
	Version      string            `json:"version"`
	Sources      []string          `json:"sources,omitempty"` // what it was made after
	Classes      []Class           `json:"classes"`           // the first is the evidence itself
}

// A Class is a class of a model.
type Class struct {
	Name       string      `json:"name"`
	Definition string      `json:"definition"`
	Attributes []Attribute `json:"attributes"`
}

// An Attribute is an attribute of a class.
type Attribute struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // text, texts, date, code, boolean, number, or the name of a class
	Definition  string `json:"definition"`
	Cardinality string `json:"cardinality"` // 1, 0..1, 1..n or 0..n
	CodeList    string `json:"codeList,omitempty"`
	Term        string `json:"term,omitempty"` // the property of a shared vocabulary that it stands for
}

//go:embed models/*.json
var models embed.FS

// embeddedModels are the data models that the program brings along, by name.
func embeddedModels() (map[string]*Model, error) {
	names, err := fs.Glob(models, "models/*.json")
	if err != nil {
		return nil, err
	}
	out := make(map[string]*Model, len(names))
	for _, name := range names {
		b, err := models.ReadFile(name)
		if err != nil {
			return nil, err
		}
		m, err := parseModel(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[strings.TrimSuffix(path.Base(name), ".json")] = m
	}
	return out, nil
}

// parseModel reads a model and holds it to its own words: each type is known, each cardinality too.
func parseModel(b []byte) (*Model, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	m := &Model{}
	if err := d.Decode(m); err != nil {
		return nil, err
	}
	if len(m.Classes) == 0 || m.Version == "" || m.Titles["EN"] == "" {
		return nil, errors.New("a model has classes, a version and an English title")
	}
	for _, c := range m.Classes {
		for _, a := range c.Attributes {
			if m.class(a.Type) == nil && !simple(a.Type) {
				return nil, fmt.Errorf("%s.%s: unknown type %q", c.Name, a.Name, clip(a.Type))
			}
			switch a.Cardinality {
			case "1", "0..1", "1..n", "0..n":
			default:
				return nil, fmt.Errorf("%s.%s: cardinality %q", c.Name, a.Name, clip(a.Cardinality))
			}
		}
	}
	return m, nil
}

func (m *Model) class(name string) *Class {
	for i := range m.Classes {
		if m.Classes[i].Name == name {
			return &m.Classes[i]
		}
	}
	return nil
}

func simple(t string) bool {
	switch t {
	case "text", "texts", "date", "code", "boolean", "number":
		return true
	}
	return false
}

// texts are the texts of a map by language, English first.
func texts(m map[string]string) edm.Texts {
	out := edm.Texts{}
	for _, lang := range []string{"EN", "DE", "EL"} {
		if m[lang] != "" {
			out = append(out, edm.Text{Lang: lang, Value: m[lang]})
		}
	}
	return out
}

// schemaNode is a part of a JSON Schema. [JSON Schema 2020-12]
type schemaNode struct {
	Schema      string                 `json:"$schema,omitempty"`
	ID          string                 `json:"$id,omitempty"`
	Ref         string                 `json:"$ref,omitempty"`
	Title       string                 `json:"title,omitempty"`
	Description string                 `json:"description,omitempty"`
	Type        string                 `json:"type,omitempty"`
	Format      string                 `json:"format,omitempty"`
	Properties  map[string]*schemaNode `json:"properties,omitempty"`
	Required    []string               `json:"required,omitempty"`
	Items       *schemaNode            `json:"items,omitempty"`
	MinItems    int                    `json:"minItems,omitempty"`
	Values      *schemaNode            `json:"additionalProperties,omitempty"`
	Defs        map[string]*schemaNode `json:"$defs,omitempty"`
}

// schema writes the model as a JSON Schema.
func (m *Model) schema(id string) []byte {
	root := m.Classes[0].schema(m)
	root.Schema, root.ID, root.Title = "https://json-schema.org/draft/2020-12/schema", id, m.Titles["EN"]
	root.Defs = map[string]*schemaNode{}
	for i := range m.Classes[1:] {
		c := &m.Classes[i+1]
		root.Defs[c.Name] = c.schema(m)
	}
	b := &bytes.Buffer{}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	e.Encode(root) // strings only
	return b.Bytes()
}

func (c *Class) schema(m *Model) *schemaNode {
	n := &schemaNode{Type: "object", Description: c.Definition, Properties: map[string]*schemaNode{}}
	for _, a := range c.Attributes {
		p := a.schema(m)
		if strings.HasSuffix(a.Cardinality, "n") {
			p = &schemaNode{Type: "array", Items: p, Description: a.Definition}
			if a.Cardinality == "1..n" {
				p.MinItems = 1
			}
		}
		n.Properties[a.Name] = p
		if strings.HasPrefix(a.Cardinality, "1") {
			n.Required = append(n.Required, a.Name)
		}
	}
	return n
}

func (a *Attribute) schema(m *Model) *schemaNode {
	if m.class(a.Type) != nil {
		return &schemaNode{Ref: "#/$defs/" + a.Type}
	}
	n := &schemaNode{Type: "string", Description: a.Definition}
	switch a.Type {
	case "date":
		n.Format = "date"
	case "texts":
		n.Type, n.Values = "object", &schemaNode{Type: "string"}
	case "boolean", "number":
		n.Type = a.Type
	}
	return n
}
