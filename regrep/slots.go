package regrep

import (
	"strings"
	"time"

	"oots/xml/xmltree"
)

// A Slot is one rim:Slot as it stands in the document.
type Slot struct {
	Name    string
	Element *xmltree.Element // the rim:Slot
	Value   *xmltree.Element // its first rim:SlotValue; nil when it has none
	Type    ValueType        // xsi:type of Value; "" when absent, unresolvable or not of the rim namespace
}

// Slots are the slots directly below one element, in document order. Accessors take the first slot of a
// name; the zero Slots is empty.
type Slots struct {
	Parent *xmltree.Element
	List   []Slot
}

// ReadSlots reads the rim:Slot children of parent, which may be nil.
func ReadSlots(parent *xmltree.Element) Slots {
	s := Slots{Parent: parent}
	for e := range parent.All(NamespaceRIM, "Slot") {
		if s.List == nil {
			s.List = make([]Slot, 0, 12) // a request has eleven
		}
		name, _ := e.Attr("", "name")
		value := e.First(NamespaceRIM, "SlotValue")
		s.List = append(s.List, Slot{Name: name, Element: e, Value: value, Type: TypeOf(value)})
	}
	return s
}

// TypeOf returns the local name of e's xsi:type when it resolves into the rim namespace, else "".
func TypeOf(e *xmltree.Element) ValueType {
	name, ok := XSIType(e)
	if !ok || name.Space != NamespaceRIM {
		return ""
	}
	return ValueType(name.Local)
}

// XSIType resolves e's xsi:type as a qualified name; ok is false when it is absent or its prefix is not
// declared.
func XSIType(e *xmltree.Element) (name xmltree.Name, ok bool) {
	value, there := e.Attr(NamespaceXSI, "type")
	if !there {
		return xmltree.Name{}, false
	}
	name, err := e.QName(value)
	return name, err == nil
}

// Get returns the first slot of that name.
func (s Slots) Get(name string) (Slot, bool) {
	for i := range s.List {
		if s.List[i].Name == name {
			return s.List[i], true
		}
	}
	return Slot{}, false
}

// Has reports whether there is a slot of that name.
func (s Slots) Has(name string) bool { return s.Count(name) > 0 }

// Count returns how many slots have that name.
func (s Slots) Count(name string) int {
	n := 0
	for i := range s.List {
		if s.List[i].Name == name {
			n++
		}
	}
	return n
}

// Node returns the rim:Value of the slot, or nil.
func (s Slots) Node(name string) *xmltree.Element {
	slot, _ := s.Get(name)
	return slot.Value.First(NamespaceRIM, "Value")
}

// String returns the text of the slot's rim:Value without white space around it, whatever the declared
// type; "" when there is none.
func (s Slots) String(name string) string { return s.Node(name).Value() }

// Raw returns the text of the slot's rim:Value as written, for rules that compare without trimming.
func (s Slots) Raw(name string) string { return s.Node(name).Text() }

// Time returns the slot's date and time in UTC, and whether it could be read.
func (s Slots) Time(name string) (time.Time, bool) { return ParseTime(s.String(name)) }

// Bool returns the slot's boolean, and whether it is one of true, false, 1 and 0.
func (s Slots) Bool(name string) (value, ok bool) { return ParseBool(s.String(name)) }

// International returns the localized strings of the slot.
func (s Slots) International(name string) []LocalizedString {
	var all []LocalizedString
	for e := range s.Node(name).All(NamespaceRIM, "LocalizedString") {
		lang, _ := e.Attr(xmltree.NamespaceXML, "lang")
		value, _ := e.Attr("", "value")
		all = append(all, LocalizedString{Lang: lang, Value: value})
	}
	return all
}

// Any returns the element inside the slot's AnyValueType, or nil.
func (s Slots) Any(name string) *xmltree.Element {
	slot, _ := s.Get(name)
	return FirstChild(slot.Value)
}

// AnyAll returns the element inside each rim:Element of the slot's collection; empty rim:Elements are
// left out.
func (s Slots) AnyAll(name string) []*xmltree.Element {
	var all []*xmltree.Element
	for _, e := range s.Elements(name) {
		if c := FirstChild(e); c != nil {
			all = append(all, c)
		}
	}
	return all
}

// Elements returns the rim:Element children of the slot's value.
func (s Slots) Elements(name string) []*xmltree.Element {
	slot, _ := s.Get(name)
	var all []*xmltree.Element
	for e := range slot.Value.All(NamespaceRIM, "Element") {
		all = append(all, e)
	}
	return all
}

// FirstChild returns the first child element of e, or nil.
func FirstChild(e *xmltree.Element) *xmltree.Element {
	for c := range e.Elements() {
		return c
	}
	return nil
}

// A LocalizedString is one rim:LocalizedString.
type LocalizedString struct{ Lang, Value string }

// ParseTime reads an xsd:dateTime with or without fraction and zone. No zone means UTC, because deployed
// gateways leave it out.
func ParseTime(s string) (time.Time, bool) {
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			t = t.UTC()
			return t, t.Year() >= 1 && t.Year() <= 9999 // what FormatTime can write again
		}
	}
	return time.Time{}, false
}

// ParseBool reads an xsd:boolean.
func ParseBool(s string) (value, ok bool) {
	switch strings.Trim(s, " \t\r\n") {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}
