package rules

import (
	"strings"

	"oots/regrep"
	"oots/xml/xmltree"
)

// find appends the elements below root that a path leads to. A path is "" for root itself, or steps parted
// by "/", or several such paths parted by " | ". A step is a child element by prefix and name, with one
// condition at most in brackets: a slot name, @attribute=value, @attribute!=value, or prefix:child=value.
func find(dst []*xmltree.Element, root *xmltree.Element, path string) []*xmltree.Element {
	for one := range strings.SplitSeq(path, " | ") {
		dst = walk(dst, root, one)
	}
	return dst
}

func walk(dst []*xmltree.Element, e *xmltree.Element, path string) []*xmltree.Element {
	if path == "" {
		return append(dst, e)
	}
	step, rest := cutStep(path)
	name, condition := cutCondition(step)
	n := nameOf(name)
	for child := range e.All(n.Space, n.Local) {
		if condition == "" || meets(child, condition) {
			dst = walk(dst, child, rest)
		}
	}
	return dst
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

func cutCondition(step string) (name, condition string) {
	name, condition, found := strings.Cut(step, "[")
	if found {
		condition = strings.TrimSuffix(condition, "]")
	}
	return name, condition
}

func meets(e *xmltree.Element, condition string) bool {
	attribute, isAttribute := strings.CutPrefix(condition, "@")
	if isAttribute {
		if name, value, found := strings.Cut(attribute, "!="); found {
			got, _ := e.Attr("", name)
			return got != value
		}
		name, value, _ := strings.Cut(attribute, "=")
		got, _ := e.Attr("", name)
		return got == value
	}
	if name, value, found := strings.Cut(condition, "="); found {
		n := nameOf(name)
		return e.First(n.Space, n.Local).Value() == value
	}
	got, _ := e.Attr("", "name")
	return got == condition
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
