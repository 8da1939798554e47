package rules

import (
	"slices"
	"strings"

	"oots/regrep"
	"oots/xml/xmltree"
)

// The tests that only submissions and their answers use.

const schemeDirectory = "urn:fdc:oots:classification:dsd"

// index remembers ids, objects and links of the document.
func (c *checker) index() {
	if c.indexed {
		return
	}
	c.indexed = true
	c.ids = make(map[string]int)
	c.objects = make(map[string][]*xmltree.Element)
	c.linked = make(map[string]bool)
	for _, o := range find(c.root, object) {
		id, _ := o.Attr("", "id")
		c.ids[strings.ToLower(id)]++
		c.objects[id] = append(c.objects[id], o)
		for _, end := range [...]string{"sourceObject", "targetObject"} {
			if to, ok := o.Attr("", end); ok && isAssociation(o) {
				c.linked[to] = true
			}
		}
	}
	for _, k := range find(c.root, classification) {
		id, _ := k.Attr("", "id")
		c.ids[strings.ToLower(id)]++
	}
}

func isAssociation(o *xmltree.Element) bool { return regrep.TypeOf(o) == regrep.AssociationClass }

// isNode reports whether o is classified as node.
func isNode(o *xmltree.Element, node string) bool {
	for k := range o.All(regrep.NamespaceRIM, "Classification") {
		if got, _ := k.Attr("", "classificationNode"); got == node {
			return true
		}
	}
	return false
}

// linkType is the last part of the type of an association; drafts spell it with a lower first letter.
func linkType(o *xmltree.Element) string {
	written, _ := o.Attr("", "type")
	name, ok := strings.CutPrefix(written, regrep.AssociationPrefix)
	if !ok || name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// names reports whether an end of an association names an object of that node. A requirement may lie
// outside the submission, since all Member States share them. [R-EB-SUB-S038]
func (c *checker) names(o *xmltree.Element, end, node string) bool {
	c.index()
	id, there := o.Attr("", end)
	if !there {
		return false
	}
	found := c.objects[id]
	if len(found) == 0 {
		return node == "Requirement" && isURN(id)
	}
	return slices.ContainsFunc(found, func(t *xmltree.Element) bool { return isNode(t, node) })
}

// association narrows a test to associations of that type, "" for any.
func association(kind, want string, holds func(*checker, *xmltree.Element) bool) test {
	return test{want: want, holds: func(c *checker, e *xmltree.Element) (string, bool) {
		if !isAssociation(e) || kind != "" && linkType(e) != kind {
			return "", true
		}
		got, _ := e.Attr("", "type")
		return got, holds(c, e)
	}}
}

// end wants an association to have that end.
func end(name string) test {
	return association("", name, func(_ *checker, e *xmltree.Element) bool {
		_, there := e.Attr("", name)
		return there
	})
}

// endIs wants an end that is there to name an object of one of the nodes.
func endIs(name, kind string, nodes ...string) test {
	return association(kind, name+" of the node "+strings.Join(nodes, " or "), func(c *checker, e *xmltree.Element) bool {
		_, there := e.Attr("", name)
		return !there || slices.ContainsFunc(nodes, func(n string) bool { return c.names(e, name, n) })
	})
}

// ends wants both ends of an association of that type to name objects of these nodes.
func ends(kind, source, target string) test {
	return association(kind, "from "+source+" to "+target, func(c *checker, e *xmltree.Element) bool {
		return c.names(e, "sourceObject", source) && c.names(e, "targetObject", target)
	})
}

// typeBetween wants an association between two objects of these nodes to have that type. An object outside
// the submission says nothing about its node.
func typeBetween(kind, source, target string) test {
	return association("", "type "+kind, func(c *checker, e *xmltree.Element) bool {
		between := c.inside(e, "sourceObject") && c.names(e, "sourceObject", source) &&
			c.inside(e, "targetObject") && c.names(e, "targetObject", target)
		return !between || linkType(e) == kind
	})
}

func (c *checker) inside(o *xmltree.Element, end string) bool {
	c.index()
	id, _ := o.Attr("", end)
	return len(c.objects[id]) > 0
}

// serves judges the associations of the directory: ServesEvidenceType in 1.0, later ProvidesEvidenceType
// and UsesAccessService. [R-DSD-SUB-S028]
func serves() test {
	first := ends("ServesEvidenceType", "EvidenceProvider", "DataServiceEvidenceType")
	later := []test{ends("ProvidesEvidenceType", "EvidenceProvider", "DataServiceEvidenceType"), ends("UsesAccessService", "EvidenceProvider", "AccessService")}
	return test{want: "from EvidenceProvider to DataServiceEvidenceType", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		if c.line == v10 {
			return first.holds(c, e)
		}
		for _, t := range later {
			if got, ok := t.holds(c, e); !ok {
				return got, false
			}
		}
		return "", true
	}}
}

// servesType judges the type of an association from a provider to an evidence type. [R-DSD-SUB-S029]
func servesType() test {
	first := typeBetween("ServesEvidenceType", "EvidenceProvider", "DataServiceEvidenceType")
	later := typeBetween("ProvidesEvidenceType", "EvidenceProvider", "DataServiceEvidenceType")
	return test{want: "ServesEvidenceType in 1.0, later ProvidesEvidenceType", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		if c.line == v10 {
			return first.holds(c, e)
		}
		return later.holds(c, e)
	}}
}

// classified wants an object to be classified, unless it is an association.
func classified() test {
	return test{want: "a rim:Classification", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return "", isAssociation(e) || count(e, "rim:Classification") > 0
	}}
}

// directoryNode wants a node of the directory; the access service is one from 1.1 on. [R-DSD-SUB-S013]
func directoryNode() test {
	return test{want: "a node of the directory", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		got, _ := e.Attr("", "classificationNode")
		return got, got == "EvidenceProvider" || got == "DataServiceEvidenceType" || got == "AccessService" && c.line != v10
	}}
}

// nodeSlot wants an object of that node to hold the slot of the same name alone.
func nodeSlot(node string) test {
	return test{want: "the slot " + node + " alone", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		if !isNode(e, node) {
			return "", true
		}
		slots := regrep.ReadSlots(e)
		return "", len(slots.List) == 1 && slots.Has(node)
	}}
}

// associated wants an association to name the object.
func associated() test {
	return test{want: "an association that names the object", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		c.index()
		id, there := e.Attr("", "id")
		return id, !there || isAssociation(e) || c.linked[id]
	}}
}

// holdsSlot wants an object with that slot somewhere in the list.
func holdsSlot(name string) test {
	return test{want: "an object with the slot " + name, holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return "", len(find(e, "rim:RegistryObject/rim:Slot["+name+"]")) > 0
	}}
}

func holdsAssociation() test {
	return test{want: "an association", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		return "", slices.ContainsFunc(find(e, "rim:RegistryObject"), isAssociation)
	}}
}

// providerValue wants the one element that carries a provider. [R-DSD-SUB-S018]
func providerValue() test {
	return test{want: "one sdg:AccessService in 1.0, later one provider", holds: func(c *checker, e *xmltree.Element) (string, bool) {
		value := e.First(regrep.NamespaceRIM, "SlotValue")
		if c.line == v10 {
			return "", count(value, "sdg:AccessService") == 1
		}
		return "", count(value, "sdg:Publisher", "sdg:EvidenceProvider") == 1
	}}
}

// submissionNamed wants the id of the submission, unless it could not be read. [R-LCM-ERR-003]
func submissionNamed() test {
	return test{want: "the attribute requestId", holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		_, there := e.Attr("", "requestId")
		return "", there || len(find(e, exception+"[@code=LCM:ERR:0003]")) > 0
	}}
}

const lcmExceptionType = "rs:InvalidRequestExceptionType"

func lcmType() test {
	return test{want: lcmExceptionType, holds: func(_ *checker, e *xmltree.Element) (string, bool) {
		written, there := e.Attr(regrep.NamespaceXSI, "type")
		return written, !there || sameType(e, lcmExceptionType)
	}}
}

func lcmCode() test {
	t := attrIs("code", "LCM:ERR:0001", "LCM:ERR:0002", "LCM:ERR:0003", "SERVICE:ERR:0001")
	judge := t.holds
	t.holds = func(c *checker, e *xmltree.Element) (string, bool) {
		if _, there := e.Attr("", "code"); !there {
			return "", true // another rule
		}
		return judge(c, e)
	}
	return t
}
