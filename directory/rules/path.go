package rules

import (
	"strings"

	"oots/regrep"
	"oots/xml/xmltree"
)

// A path leads from the document element to places below it. It is written as steps parted by "/", and
// several alternatives are parted by " | "; "" is the document element itself. A step is a child element by
// prefix and name, with one condition at most in brackets: the name of a slot, @attribute=value,
// @attribute!=value, or prefix:child=value.
type path [][]step

// A step is one child element of a path, with its condition.
type step struct {
	name      xmltree.Name
	condition condition
	operand   xmltree.Name // the attribute or child that the condition looks at
	value     string
}

type condition int

const (
	anyChild condition = iota
	attrEquals
	attrDiffers
	childEquals
)

func compile(text string) path {
	var p path
	for one := range strings.SplitSeq(text, " | ") {
		var steps []step
		for one != "" {
			var first string
			first, one = cutStep(one)
			steps = append(steps, compileStep(first))
		}
		p = append(p, steps)
	}
	return p
}

// cutStep takes the first step; a "/" inside brackets parts nothing.
func cutStep(path string) (step, rest string) {
	depth := 0
	for i := range len(path) {
		switch path[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '/':
			if depth == 0 {
				return path[:i], path[i+1:]
			}
		}
	}
	return path, ""
}

func compileStep(text string) step {
	name, text, conditional := strings.Cut(text, "[")
	s := step{name: nameOf(name)}
	if !conditional {
		return s
	}
	text = strings.TrimSuffix(text, "]")
	attribute, isAttribute := strings.CutPrefix(text, "@")
	left, value, compared := strings.Cut(attribute, "=")
	switch {
	case !compared:
		s.condition, s.operand.Local, s.value = attrEquals, "name", text
	case !isAttribute:
		s.condition, s.operand, s.value = childEquals, nameOf(left), value
	case strings.HasSuffix(left, "!"):
		s.condition, s.operand.Local, s.value = attrDiffers, strings.TrimSuffix(left, "!"), value
	default:
		s.condition, s.operand.Local, s.value = attrEquals, left, value
	}
	return s
}

func (s *step) meets(e *xmltree.Element) bool {
	switch s.condition {
	case attrEquals, attrDiffers:
		got, _ := e.Attr("", s.operand.Local)
		return (got == s.value) == (s.condition == attrEquals)
	case childEquals:
		return e.First(s.operand.Space, s.operand.Local).Value() == s.value
	}
	return true
}

// find appends the elements that the path leads to.
func (p path) find(dst []*xmltree.Element, root *xmltree.Element) []*xmltree.Element {
	for _, steps := range p {
		dst = walk(dst, root, steps)
	}
	return dst
}

func walk(dst []*xmltree.Element, e *xmltree.Element, steps []step) []*xmltree.Element {
	if len(steps) == 0 {
		return append(dst, e)
	}
	for child := range e.All(steps[0].name.Space, steps[0].name.Local) {
		if steps[0].meets(child) {
			dst = walk(dst, child, steps[1:])
		}
	}
	return dst
}

// find finds what a path leads to that is looked for once.
func find(root *xmltree.Element, text string) []*xmltree.Element {
	return compile(text).find(nil, root)
}

// nameOf expands the prefixes of the tables, those of regrep.Writer.
func nameOf(qualified string) xmltree.Name {
	prefix, local, _ := strings.Cut(qualified, ":")
	switch prefix {
	case "rim":
		return xmltree.Name{Space: regrep.NamespaceRIM, Local: local}
	case "rs":
		return xmltree.Name{Space: regrep.NamespaceRS, Local: local}
	}
	return xmltree.Name{Space: regrep.NamespaceSDG, Local: local}
}

// count returns how many children of e have one of the names.
func count(e *xmltree.Element, names ...string) int {
	n := 0
	for _, name := range names {
		expanded := nameOf(name)
		for range e.All(expanded.Space, expanded.Local) {
			n++
		}
	}
	return n
}

// The places that the tables look at.
const (
	list       = "rim:RegistryObjectList"
	object     = list + "/rim:RegistryObject"
	exception  = "rs:Exception"
	ordinary   = exception + "[@code!=DSD:ERR:0005]"
	question   = exception + "[@code=DSD:ERR:0005]"
	concepts   = exception + "/rim:Slot[UserRequestedClassificationConcepts]/rim:SlotValue"
	member     = concepts + "/rim:Element"
	concept    = member + "/sdg:EvidenceProviderClassification"
	territory  = exception + "/rim:Slot[JurisdictionDetermination]/rim:SlotValue"
	determined = territory + "/sdg:EvidenceProviderJurisdictionDetermination"
	asked      = exception + "/rim:Slot[DataServiceEvidenceType]/rim:SlotValue"
	reducedAt  = asked + "/sdg:DataServiceEvidenceType"

	requirementValue = object + "/rim:Slot[Requirement]/rim:SlotValue"
	requirement      = requirementValue + "/sdg:Requirement"
	framework        = requirement + "/sdg:ReferenceFramework"
	typeList         = requirement + "/sdg:EvidenceTypeList"
	evidenceType     = typeList + "/sdg:EvidenceType"

	recordValue    = object + "/rim:Slot[DataServiceEvidenceType]/rim:SlotValue"
	record         = recordValue + "/sdg:DataServiceEvidenceType"
	distributed    = record + "/sdg:DistributedAs"
	accessService  = record + "/sdg:AccessService"
	publisher      = accessService + "/sdg:Publisher"
	publisherAsks  = publisher + "/sdg:ClassificationConcept"
	recordAsks     = record + "/sdg:EvidenceProviderClassification"
	recordDecision = record + "/sdg:EvidenceProviderJurisdictionDetermination"

	classification     = object + "/rim:Classification"
	sentTypeValue      = object + "/rim:Slot[EvidenceType]/rim:SlotValue"
	sentType           = sentTypeValue + "/sdg:EvidenceType"
	sentListValue      = object + "/rim:Slot[EvidenceTypeList]/rim:SlotValue"
	sentList           = sentListValue + "/sdg:EvidenceTypeList"
	sentFrameworkValue = object + "/rim:Slot[ReferenceFramework]/rim:SlotValue"
	sentFramework      = sentFrameworkValue + "/sdg:ReferenceFramework"
	sentProviderValue  = object + "/rim:Slot[EvidenceProvider]/rim:SlotValue"
	sentService10      = sentProviderValue + "/sdg:AccessService"
	sentService11      = object + "/rim:Slot[AccessService]/rim:SlotValue/sdg:AccessService"
)

// sentProvider leads to a child of the provider of a submission: inside the access service in 1.0, alone
// in its object from 1.1 on.
func sentProvider(below string) string {
	return sentService10 + "/sdg:Publisher" + below + " | " +
		sentProviderValue + "/sdg:Publisher" + below + " | " + sentProviderValue + "/sdg:EvidenceProvider" + below
}

// sentService leads to a child of the access service of a submission.
func sentService(below string) string { return sentService10 + below + " | " + sentService11 + below }
