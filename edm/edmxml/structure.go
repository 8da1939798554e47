package edmxml

import (
	"strings"
	"unicode/utf8"

	"oots/edm"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// structureRules are the rules that look at every element of a message; "" where a message has none.
type structureRules struct {
	oneValue   rule.ID // a slot has one SlotValue
	notEmpty   rule.ID // a SlotValue has content
	collection rule.ID // a collection has an element
	set        rule.ID // a collection says that it is a set
	languages  rule.ID // no two siblings of one name in one language
	length     rule.ID // texts are longer than one character
	strings    int     // shortest StringValue
}

// structure applies them below e.
func (r *reader) structure(e *xmltree.Element, rules *structureRules) {
	if e == r.root {
		r.Judge(rules.length)
	}
	switch e.Name.Space {
	case regrep.NamespaceRIM:
		r.slotStructure(e, rules)
	case sdg:
		r.textLength(e, rules)
		r.content(e)
	}
	if rules.languages != "" {
		r.languageTwice(e, rules.languages)
	}
	for c := range e.Elements() {
		r.structure(c, rules)
	}
}

// content applies to an element what holds wherever it stands. Package edm takes an empty code for none, so that
// what the rules on the code refuse is refused here.
func (r *reader) content(e *xmltree.Element) {
	switch e.Name.Local {
	case "Address", "CurrentAddress", "RegisteredAddress":
		r.known(e, "FullAddress", "LocatorDesignator", "PostCode", "PostCityName", "Thoroughfare", "AdminUnitLevel1", "AdminUnitLevel2")
	case "AdminUnitLevel1", "CountryOfBirth", "CountryOfResidence", "ConformsTo", "Transformation":
		if e.Value() == "" {
			r.Add(edm.RuleContent, rule.Fatal, e, "", "a value, or no such element")
		}
	case "Gender":
		if e.Value() == "" && r.set.Before(edm.V20) { // whose schemas list the genders
			r.Add(edm.RuleContent, rule.Fatal, e, "", "Male, Female or Unspecified")
		}
	}
}

func (r *reader) slotStructure(e *xmltree.Element, rules *structureRules) {
	switch {
	case e.Name.Local == "Slot" && rules.oneValue != "":
		n := 0
		for range e.All(regrep.NamespaceRIM, "SlotValue") {
			n++
		}
		if n != 1 {
			name, _ := e.Attr("", "name")
			r.Check(rules.oneValue, false, e, name, "exactly one SlotValue")
		}
		if n > 1 && r.set.Before(edm.V11) { // whose schema alone refuses it
			r.Add(edm.RuleContent, rule.Fatal, e, "", "one SlotValue at most")
		}
	case e.Name.Local == "SlotValue" && rules.notEmpty != "":
		if regrep.FirstChild(e) == nil {
			r.Check(rules.notEmpty, false, e, "", "a value in the slot")
		}
		if rules.collection != "" && regrep.TypeOf(e) == regrep.CollectionValue {
			if e.First(regrep.NamespaceRIM, "Element") == nil {
				r.Check(rules.collection, false, e, "", "at least one element in the collection")
			}
			if kind, _ := e.Attr("", "collectionType"); kind != regrep.CollectionSet {
				r.Check(rules.set, false, e, kind, regrep.CollectionSet)
			}
		}
	}
}

// textLength applies R-EDM-REQ-C092 and its siblings. The names of a person are not in the list.
func (r *reader) textLength(e *xmltree.Element, rules *structureRules) {
	shortest := 2
	switch e.Name.Local {
	case "Description", "Name", "Title", "Note", "EvidenceTypeClassification", "FullAddress", "PostCode",
		"PostCityName", "Thoroughfare", "PlaceOfBirth", "TownOfBirth", "PhoneNumber", "EmailAddress",
		"LegalPhoneNumber", "LegalEmailAddress", "ValueExpression", "AttributeName", "AttributeValue":
	case "LocatorDesignator":
		shortest = 1
	case "StringValue":
		shortest = rules.strings
	default:
		return
	}
	if length(e.Text()) < shortest {
		r.Check(rules.length, false, e, "", "more characters in the text")
	}
}

// length counts the characters of s once white space is normalised.
func length(s string) int {
	n := 0
	for word := range strings.FieldsSeq(s) {
		if n > 0 {
			n++
		}
		n += utf8.RuneCountInString(word)
	}
	return n
}

// languageTwice compares the children of e by local name and language, lang or xml:lang.
func (r *reader) languageTwice(e *xmltree.Element, id rule.ID) {
	type key struct{ name, lang string }
	var seen map[key]struct{}
	for c := range e.Elements() {
		lang, ok := c.Attr("", "lang")
		if !ok {
			lang, ok = c.Attr(xmltree.NamespaceXML, "lang")
		}
		if !ok {
			continue
		}
		if seen == nil {
			seen = make(map[key]struct{})
		}
		k := key{c.Name.Local, lang}
		_, twice := seen[k]
		seen[k] = struct{}{}
		r.Check(id, !twice, c, lang, "each language once")
	}
}
