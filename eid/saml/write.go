package saml

import (
	"time"
	"unicode/utf8"

	"oots/xml/xmltree"
)

// A writer appends elements; the first text that XML cannot hold is its error.
type writer struct {
	b   []byte
	bad bool
}

// open appends a start tag; pairs are names and values, a pair without a value is left out.
func (w *writer) open(name string, pairs ...string) {
	w.tag(name, pairs)
	w.b = append(w.b, '>')
}

// empty appends an element without content.
func (w *writer) empty(name string, pairs ...string) {
	w.open(name, pairs...)
	w.close(name)
}

// leaf appends an element with a text.
func (w *writer) leaf(name, text string, pairs ...string) {
	w.open(name, pairs...)
	w.check(text)
	w.b = xmltree.AppendText(w.b, text)
	w.close(name)
}

func (w *writer) close(name string) {
	w.b = append(append(append(w.b, "</"...), name...), '>')
}

func (w *writer) tag(name string, pairs []string) {
	w.b = append(append(w.b, '<'), name...)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		w.check(pairs[i+1])
		w.b = append(append(append(w.b, ' '), pairs[i]...), `="`...)
		w.b = append(xmltree.AppendAttr(w.b, pairs[i+1]), '"')
	}
}

func (w *writer) check(s string) {
	if !utf8.ValidString(s) {
		w.bad = true
	}
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			w.bad = true
		}
	}
}

// done returns what was written.
func (w *writer) done() ([]byte, error) {
	if w.bad {
		return nil, refuse(badXML, "a text holds what XML cannot")
	}
	return w.b, nil
}

// stamp writes a time as SAML wants it.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
