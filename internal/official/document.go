package official

import (
	"context"
	"fmt"
	"strings"

	"github.com/lestrrat-go/helium"

	"oots/xml/xmltree"
)

// bounds are those of a document to judge. Texts are short, because a published pattern may take a time that
// grows much faster than the text.
var bounds = xmltree.Limits{TextBytes: 64 << 10}

// nsXSI is the namespace of xsi:type.
const nsXSI = "http://www.w3.org/2001/XMLSchema-instance"

// A document is one to judge, read twice: strictly by our own parser, which refuses a DOCTYPE and what is beyond
// the bounds, and then by helium, which is told that a CDATA section is text like any other. [XPath Data Model 3.1 §6.7]
type document struct {
	tree *xmltree.Document
	dom  *helium.Document
}

func readDocument(ctx context.Context, b []byte) (*document, error) {
	tree, err := xmltree.Parse(b, bounds)
	if err != nil {
		return nil, err
	}
	dom, err := helium.NewParser().MergeCDATA(true).Parse(ctx, lineEnds(b))
	if err != nil {
		return nil, fmt.Errorf("read by helium: %w", err)
	}
	return &document{tree, dom}, nil
}

// instanceAttributes finds what the validator of helium passes over: an xsi:type without a name, and attributes
// of the namespace of xsi:type that XML Schema does not have. [XML Schema 1.1 Part 1 §2.7, §3.3.4]
func (d *document) instanceAttributes(o *Opinion) {
	var walk func(e *xmltree.Element)
	walk = func(e *xmltree.Element) {
		for _, a := range e.Attrs {
			if a.Name.Space != nsXSI {
				continue
			}
			switch a.Name.Local {
			case "type":
				if strings.Trim(a.Value, " \t\n\r") == "" {
					o.broken(e.Line, "xsi:type is empty: no type has that name")
				}
			case "nil", "schemaLocation", "noNamespaceSchemaLocation":
			default:
				o.broken(e.Line, "XML Schema has no attribute xsi:"+clip(a.Name.Local))
			}
		}
		for c := range e.Elements() {
			walk(c)
		}
	}
	walk(d.tree.Root)
}
