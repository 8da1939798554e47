package repository

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// appendTurtle writes the graph in Turtle: subjects in the order in which they come. [Turtle 1.1]
func (g *graph) appendTurtle(dst []byte) []byte {
	b := bytes.NewBuffer(dst)
	for _, p := range prefixes {
		fmt.Fprintf(b, "@prefix %s: <%s> .\n", p[0], p[1])
	}
	for _, subject := range g.subjects() {
		b.WriteByte('\n')
		b.WriteString(subject.turtle())
		sep := " "
		for _, s := range g.statements {
			if s.subject == subject {
				fmt.Fprintf(b, "%s%s %s", sep, s.predicate, s.object.turtle())
				sep = " ;\n    "
			}
		}
		b.WriteString(" .\n")
	}
	return b.Bytes()
}

// subjects are what the graph says something about, in the order of first mention.
func (g *graph) subjects() []node {
	var out []node
	seen := map[node]bool{}
	for _, s := range g.statements {
		if !seen[s.subject] {
			seen[s.subject] = true
			out = append(out, s.subject)
		}
	}
	return out
}

// turtle writes a node.
func (n node) turtle() string {
	switch {
	case n.blank != "":
		return "_:" + n.blank
	case n.iri != "":
		if prefixed(n.iri) {
			return n.iri
		}
		return "<" + escapeIRI(n.iri) + ">"
	}
	quoted := `"` + turtleText.Replace(n.text) + `"`
	switch {
	case n.lang != "":
		return quoted + "@" + n.lang
	case n.kind != "":
		return quoted + "^^" + n.kind
	}
	return quoted
}

var turtleText = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// prefixed reports whether an address is written with one of our prefixes.
func prefixed(s string) bool {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p[0]+":"); ok && !strings.HasPrefix(rest, "//") {
			return true
		}
	}
	return false
}

// escapeIRI percent-encodes what an address in Turtle cannot have. [RFC 3987]
func escapeIRI(s string) string {
	if strings.IndexFunc(s, notInIRI) < 0 {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		if notInIRI(c) {
			for _, x := range []byte(string(c)) {
				fmt.Fprintf(&b, "%%%02X", x)
			}
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

func notInIRI(c rune) bool { return c <= ' ' || strings.ContainsRune("<>\"{}|^`\\", c) }

// A jsonNode is one subject of a graph in JSON-LD.
type jsonNode map[string]any

// appendJSON writes the graph in JSON-LD, with its context inside: nothing has to be fetched to read it.
// [JSON-LD 1.1]
func (g *graph) appendJSON(dst []byte) ([]byte, error) {
	context := map[string]string{}
	for _, p := range prefixes {
		context[p[0]] = p[1]
	}
	var nodes []jsonNode
	for _, subject := range g.subjects() {
		n := jsonNode{"@id": subject.id()}
		for _, s := range g.statements {
			if s.subject != subject {
				continue
			}
			if s.predicate == "a" {
				types, _ := n["@type"].([]string)
				n["@type"] = append(types, s.object.iri)
				continue
			}
			values, _ := n[s.predicate].([]jsonNode)
			n[s.predicate] = append(values, s.object.json())
		}
		nodes = append(nodes, n)
	}
	b := bytes.NewBuffer(dst)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(jsonNode{"@context": context, "@graph": nodes})
	return b.Bytes(), err
}

func (n node) id() string {
	if n.blank != "" {
		return "_:" + n.blank
	}
	return n.iri
}

func (n node) json() jsonNode {
	if n.blank != "" || n.iri != "" {
		return jsonNode{"@id": n.id()}
	}
	out := jsonNode{"@value": n.text}
	if n.lang != "" {
		out["@language"] = n.lang
	}
	if n.kind != "" {
		out["@type"] = n.kind
	}
	return out
}
