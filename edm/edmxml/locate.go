package edmxml

import (
	"strconv"
	"strings"

	"oots/regrep"
	"oots/xml/xmltree"
)

// locate finds the element that a path of package edm names, or the nearest one above it that is there.
// attr is "/@name" when the path ends in an attribute.
//
// The first step is the document element, a slot of it or of its query, a package or an exception; further
// steps are elements, looked for through slot values and collections.
func locate(root *xmltree.Element, path string) (e *xmltree.Element, attr string) {
	e = root
	for step := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(step, "@") {
			return e, "/" + step
		}
		name, n := position(step)
		next := descend(e, name, n)
		if next == nil {
			return e, ""
		}
		e = next
	}
	return simple(e), ""
}

// simple is the element that holds the text of a slot with a simple value, its first string in some language
// included; any other element is returned as it is. What package edm says of such a slot is about its value.
func simple(e *xmltree.Element) *xmltree.Element {
	if !e.Is(regrep.NamespaceRIM, "Slot") {
		return e
	}
	value := e.First(regrep.NamespaceRIM, "SlotValue").First(regrep.NamespaceRIM, "Value")
	if value == nil {
		return e
	}
	if first := value.First(regrep.NamespaceRIM, "LocalizedString"); first != nil {
		return first
	}
	return value
}

// position splits "Agent[2]" into name and 1-based position, 1 when none is given.
func position(step string) (name string, n int) {
	name, rest, found := strings.Cut(step, "[")
	if !found {
		return name, 1
	}
	n, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	if err != nil {
		return name, 1
	}
	return name, n
}

func descend(e *xmltree.Element, name string, n int) *xmltree.Element {
	switch {
	case e.Name.Local == name && e.Parent == nil:
		return e
	case name == "Package":
		return nthPackage(e, n)
	case name == "Document":
		return nthDocument(e, n)
	case name == "Evidence" && e.Is(regrep.NamespaceRIM, "RegistryObject"):
		return regrep.ReadSlots(e).Any("EvidenceMetadata")
	}
	if slot := slotNamed(e, name); slot != nil {
		return slot
	}
	if c := nth(e, n, local(name)); c != nil {
		return c
	}
	return nthInSlot(e, name, n)
}

// slotNamed looks for a slot of e, or of the query inside e.
func slotNamed(e *xmltree.Element, name string) *xmltree.Element {
	for _, at := range [...]*xmltree.Element{e, e.First(regrep.NamespaceQuery, "Query")} {
		if slot, ok := regrep.ReadSlots(at).Get(name); ok {
			return slot.Element
		}
	}
	return nil
}

// nthInSlot counts the elements of that name inside the value of a slot, whether or not they lie in the
// rim:Element of a collection.
func nthInSlot(slot *xmltree.Element, name string, n int) *xmltree.Element {
	value := slot.First(regrep.NamespaceRIM, "SlotValue")
	if c := nth(value, n, local(name)); c != nil {
		return c
	}
	for member := range value.All(regrep.NamespaceRIM, "Element") {
		for c := range member.Elements() {
			if c.Name.Local != name {
				continue
			}
			if n--; n == 0 {
				return c
			}
		}
	}
	return nil
}

// nthPackage counts the packages of an answer, or its objects when none is one: up to 1.2 each stands for itself.
func nthPackage(response *xmltree.Element, n int) *xmltree.Element {
	list := response.First(regrep.NamespaceRIM, "RegistryObjectList")
	p := nth(list, n, func(c *xmltree.Element) bool {
		return c.Is(regrep.NamespaceRIM, "RegistryObject") && regrep.TypeOf(c) == regrep.RegistryPackage
	})
	if p == nil {
		p = nth(list, n, func(c *xmltree.Element) bool { return c.Is(regrep.NamespaceRIM, "RegistryObject") })
	}
	return p
}

// nthDocument counts the registry objects of a package that are not associations. An object that is no package
// is its own document.
func nthDocument(pack *xmltree.Element, n int) *xmltree.Element {
	if regrep.TypeOf(pack) != regrep.RegistryPackage {
		return pack
	}
	for list := range pack.All(regrep.NamespaceRIM, "RegistryObjectList") {
		for c := range list.All(regrep.NamespaceRIM, "RegistryObject") {
			if regrep.TypeOf(c) == regrep.AssociationClass {
				continue
			}
			if n--; n == 0 {
				return c
			}
		}
	}
	return nil
}

func local(name string) func(*xmltree.Element) bool {
	return func(e *xmltree.Element) bool { return e.Name.Local == name }
}

func nth(e *xmltree.Element, n int, is func(*xmltree.Element) bool) *xmltree.Element {
	for c := range e.Elements() {
		if !is(c) {
			continue
		}
		if n--; n == 0 {
			return c
		}
	}
	return nil
}
