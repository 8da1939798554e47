package cross

import (
	"strconv"
	"strings"

	"oots/regrep"
	"oots/xml/xmltree"
)

// locate follows a path such as EvidenceRequest/Identifier or PartInfo[2]/@href through a document as far as it
// goes, and returns line and XPath of where it ends. A step is a slot by its name or an element by its local
// name, at any depth below the step before; [n] takes the n-th one. The line of a query is 1.
func (d *Document) locate(path string) (line int, xpath string) {
	if d.root == nil {
		return 1, path
	}
	e := d.root
	for step := range strings.SplitSeq(path, "/") {
		if step == "" {
			continue
		}
		if strings.HasPrefix(step, "@") {
			return e.Line, e.Path() + "/" + step
		}
		name, n := position(step)
		next := nth(e, name, &n)
		if next == nil {
			break
		}
		e = next
	}
	return e.Line, e.Path()
}

func position(step string) (name string, n int) {
	name, rest, found := strings.Cut(step, "[")
	if n, err := strconv.Atoi(strings.TrimSuffix(rest, "]")); found && err == nil {
		return name, n
	}
	return name, 1
}

// nth looks for the n-th element below e that has the name, or is the slot, property or attribute-named element
// of that name, in the order of the document.
func nth(e *xmltree.Element, name string, n *int) *xmltree.Element {
	for c := range e.Elements() {
		if called(c, name) {
			if *n--; *n == 0 {
				return c
			}
		}
		if found := nth(c, name, n); found != nil {
			return found
		}
	}
	return nil
}

// called reports whether e has the name, as an element or as the slot or property that it is.
func called(e *xmltree.Element, name string) bool {
	if e.Is(regrep.NamespaceRIM, "Slot") || e.Name.Local == "Property" {
		is, _ := e.Attr("", "name")
		return is == name
	}
	return e.Name.Local == name
}
