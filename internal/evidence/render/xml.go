package render

import (
	"oots/internal/evidence/words"
	"oots/xml/xmltree"
)

// limits of an XML document. Attachments of ELMO are data URIs: one text may be as long as the document.
var limits = xmltree.Limits{Bytes: MaxBytes, Depth: 100, Attributes: 64, Elements: 100_000, TextBytes: MaxBytes}

const schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"

func (t *Tree) readXML(content []byte, w *words.Words) error {
	doc, err := xmltree.Parse(content, limits)
	if err != nil {
		return err
	}
	root := fromXML(doc.Root)
	t.fill(&root, modelOfXML(&root), w)
	return nil
}

// fromXML takes over elements, attributes and text; comments and processing instructions are not evidence.
func fromXML(e *xmltree.Element) item {
	i := item{name: e.Name.Local, space: e.Name.Space}
	for _, a := range e.Attrs {
		switch {
		case a.Name.Space == xmltree.NamespaceXML && a.Name.Local == "lang",
			a.Name.Space == "" && (a.Name.Local == "lang" || a.Name.Local == "languageID"):
			i.lang = clean(a.Value)
		case a.Name.Space == schemaInstance && a.Name.Local != "nil":
			// where a schema would be, or a type of it: nothing that the user's authority says
		default:
			i.notes = append(i.notes, note{a.Name.Local, clean(a.Value)})
		}
	}
	for c := range e.Elements() {
		i.items = append(i.items, fromXML(c))
	}
	i.text = clean(e.Text())
	return i
}
