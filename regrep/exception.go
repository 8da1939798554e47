package regrep

import "oots/xml/xmltree"

// An Exception is one rs:Exception.
type Exception struct {
	// Type is its xsi:type: as written when it goes out, "rs:ObjectNotFoundExceptionType"; when read, with
	// the prefix rs or query that its namespace usually has, whatever prefix the sender used. "" when the
	// type is absent or unresolvable.
	Type     string
	Severity string
	Message  string
	Code     string
	Detail   string
	Slots    Slots            // only when read
	Element  *xmltree.Element // only when read
}

// ReadExceptions reads the rs:Exception children of a response.
func ReadExceptions(response *xmltree.Element) []Exception {
	var all []Exception
	for e := range response.All(NamespaceRS, "Exception") {
		x := Exception{Type: exceptionType(e), Slots: ReadSlots(e), Element: e}
		x.Severity, _ = e.Attr("", "severity")
		x.Message, _ = e.Attr("", "message")
		x.Code, _ = e.Attr("", "code")
		x.Detail, _ = e.Attr("", "detail")
		all = append(all, x)
	}
	return all
}

func exceptionType(e *xmltree.Element) string {
	name, ok := XSIType(e)
	if !ok {
		return ""
	}
	switch name.Space {
	case NamespaceRS:
		return "rs:" + name.Local
	case NamespaceQuery:
		return "query:" + name.Local
	}
	return name.Local
}

// Exception writes x as rs:Exception; slots writes its slots and may be nil.
func (w *Writer) Exception(x Exception, slots func()) {
	attrs := []string{"xsi:type", x.Type, "severity", x.Severity, "message", x.Message, "code", x.Code, "detail", x.Detail}
	if slots == nil {
		w.Empty("rs:Exception", attrs...)
		return
	}
	w.Open("rs:Exception", attrs...)
	slots()
	w.Close()
}
