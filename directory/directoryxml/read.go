package directoryxml

import (
	"fmt"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/regrep"
	"oots/xml/xmltree"
)

// An Error says that an element is not what its name promises.
type Error struct {
	Line int // of the element, 1-based
	Msg  string
}

// Error gives line and reason.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// ReadJurisdiction reads the sdg:Jurisdiction below e, levels and Member State codes; the zero value when
// there is none.
func ReadJurisdiction(e *xmltree.Element) directory.Jurisdiction {
	return jurisdictionOf(e.First(regrep.NamespaceSDG, "Jurisdiction"))
}

func jurisdictionOf(e *xmltree.Element) directory.Jurisdiction {
	j := directory.Jurisdiction{
		Country:      value(e, "AdminUnitLevel1"),
		Region:       value(e, "AdminUnitLevel2"),
		Municipality: value(e, "AdminUnitLevel3"),
	}
	for a := range e.All(regrep.NamespaceSDG, "AdditionalJurisdictionClassification") {
		list, _ := a.Attr("", "listID")
		j.Additional = append(j.Additional, directory.Coded{List: trim(list), Code: a.Value()})
	}
	return j
}

func readIdentifier(e *xmltree.Element) edm.Identifier {
	id := e.First(regrep.NamespaceSDG, "Identifier")
	scheme, _ := id.Attr("", "schemeID")
	return edm.Identifier{Scheme: trim(scheme), Value: id.Value()}
}

func readTexts(e *xmltree.Element, name string) edm.Texts {
	var ts edm.Texts
	for t := range e.All(regrep.NamespaceSDG, name) {
		lang, _ := t.Attr("", "lang")
		if v := t.Value(); v != "" {
			ts = append(ts, edm.Text{Lang: trim(lang), Value: v})
		}
	}
	return ts
}

func value(e *xmltree.Element, name string) string {
	return e.First(regrep.NamespaceSDG, name).Value()
}

func trim(s string) string { return strings.Trim(s, " \t\r\n") }

func missing(e *xmltree.Element, name string) *Error {
	return &Error{Line: e.Line, Msg: fmt.Sprintf("sdg:%s without sdg:%s", e.Name.Local, name)}
}

// expect refuses nothing, and any element that has none of the names.
func expect(e *xmltree.Element, names ...string) error {
	for _, name := range names {
		if e.Is(regrep.NamespaceSDG, name) {
			return nil
		}
	}
	if e == nil {
		return &Error{Msg: "no element sdg:" + names[0]}
	}
	return &Error{Line: e.Line, Msg: fmt.Sprintf("element %s where sdg:%s is expected", e.Name.Local, names[0])}
}
