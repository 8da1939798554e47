package published

import (
	"fmt"
	"strings"

	"oots/xml/xmltree"
)

// A Schema is a set of rules to be written as Schematron or as XSLT.
type Schema struct {
	Prefixes map[string]string // namespaces by prefix
	Lets     []Let
	Patterns []Pattern
}

// A Let is a variable.
type Let struct{ Name, Value string }

// A Pattern is a list of rules of which the first that matches a node fires.
type Pattern []Rule

// A Rule is a context with what must hold there.
type Rule struct {
	Context string
	Lets    []Let
	Asserts []Assert
}

// An Assert is one test. A Report is broken when its test holds.
type Assert struct {
	ID, Flag, Role string
	Test           string
	Report         bool
	Text           string // XML content, "" for a text made of the id
}

// OfRules puts every rule into a pattern of its own, as the published files do.
func OfRules(rules []Rule) Schema {
	s := Schema{Prefixes: Prefixes(), Lets: variables()}
	for _, r := range rules {
		s.Patterns = append(s.Patterns, Pattern{r})
	}
	return s
}

// Prefixes are those of the table.
func Prefixes() map[string]string {
	return map[string]string{
		"query": "urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0",
		"rim":   "urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0",
		"rs":    "urn:oasis:names:tc:ebxml-regrep:xsd:rs:4.0",
		"lcm":   "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:4.0",
		"sdg":   "http://data.europa.eu/p4s",
		"eb":    "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/",
		"xsi":   "http://www.w3.org/2001/XMLSchema-instance",
		"xlink": "http://www.w3.org/1999/xlink",
	}
}

// Schematron writes the rules with the query binding xslt2.
func (s *Schema) Schematron() []byte {
	w := &writer{}
	w.f(`<sch:schema xmlns:sch="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">` + "\n")
	for _, p := range s.prefixes() {
		w.f("<sch:ns prefix=%s uri=%s/>\n", p, s.Prefixes[p])
	}
	for _, l := range s.Lets {
		w.f("<sch:let name=%s value=%s/>\n", l.Name, l.Value)
	}
	for _, p := range s.Patterns {
		w.f("<sch:pattern>\n")
		for _, r := range p {
			w.f("<sch:rule context=%s>\n", r.Context)
			for _, l := range r.Lets {
				w.f("<sch:let name=%s value=%s/>\n", l.Name, l.Value)
			}
			for _, a := range r.Asserts {
				name := "assert"
				if a.Report {
					name = "report"
				}
				w.b.WriteString("<sch:" + name)
				for _, at := range [][2]string{{"id", a.ID}, {"flag", a.Flag}, {"role", a.Role}, {"test", a.Test}} {
					if at[1] != "" {
						w.f(" "+at[0]+"=%s", at[1])
					}
				}
				w.b.WriteString(">" + a.text() + "</sch:" + name + ">\n")
			}
			w.f("</sch:rule>\n")
		}
		w.f("</sch:pattern>\n")
	}
	w.f("</sch:schema>\n")
	return []byte(w.b.String())
}

func (a *Assert) text() string {
	if a.Text != "" {
		return a.Text
	}
	return string(xmltree.AppendText(nil, "["+a.ID+"] does not hold."))
}

// A writer writes markup; each %s of a format becomes a quoted attribute value.
type writer struct{ b strings.Builder }

func (w *writer) f(format string, values ...string) {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = `"` + string(xmltree.AppendAttr(nil, v)) + `"`
	}
	fmt.Fprintf(&w.b, format, args...)
}
