package regrep

import (
	"time"

	"oots/xml/xmltree"
)

// A Writer appends an indented XML document to Bytes. Names are written as given, prefix included;
// attributes are name, value, name, value…, and a pair whose value is empty is left out. The same calls
// give the same bytes. Unbalanced calls are a mistake of the program and give an ill-formed document.
type Writer struct {
	Bytes []byte
	open  []string
}

// NewWriter returns a Writer that appends to dst, which may be nil.
func NewWriter(dst []byte) *Writer {
	return &Writer{Bytes: dst, open: make([]string, 0, 16)}
}

// Declaration writes the XML declaration.
func (w *Writer) Declaration() {
	w.Bytes = append(w.Bytes, `<?xml version="1.0" encoding="UTF-8"?>`...)
	w.Bytes = append(w.Bytes, '\n')
}

// Open writes a start tag; what follows is inside it until Close.
func (w *Writer) Open(name string, attrs ...string) {
	w.tag(name, attrs)
	w.Bytes = append(w.Bytes, '>', '\n')
	w.open = append(w.open, name)
}

// Close writes the end tag of the element opened last.
func (w *Writer) Close() {
	last := len(w.open) - 1
	name := w.open[last]
	w.open = w.open[:last]
	w.indent()
	w.end(name)
}

// Text writes an element with text in it, on one line. An empty text is written too.
func (w *Writer) Text(name, text string, attrs ...string) {
	w.tag(name, attrs)
	w.Bytes = append(w.Bytes, '>')
	w.Bytes = xmltree.AppendSafeText(w.Bytes, text)
	w.end(name)
}

// TextIf writes the element only when text is not empty.
func (w *Writer) TextIf(name, text string, attrs ...string) {
	if text != "" {
		w.Text(name, text, attrs...)
	}
}

// Empty writes an element without content.
func (w *Writer) Empty(name string, attrs ...string) {
	w.tag(name, attrs)
	w.Bytes = append(w.Bytes, '/', '>', '\n')
}

// StringSlot writes a slot with a StringValueType.
func (w *Writer) StringSlot(name, value string) {
	w.openSlot(name, "rim:StringValueType")
	w.Text("rim:Value", value)
	w.closeSlot()
}

// TimeSlot writes a slot with a DateTimeValueType.
func (w *Writer) TimeSlot(name string, at time.Time) {
	w.openSlot(name, "rim:DateTimeValueType")
	w.Text("rim:Value", FormatTime(at))
	w.closeSlot()
}

// BoolSlot writes a slot with a BooleanValueType.
func (w *Writer) BoolSlot(name string, value bool) {
	text := "false"
	if value {
		text = "true"
	}
	w.openSlot(name, "rim:BooleanValueType")
	w.Text("rim:Value", text)
	w.closeSlot()
}

// InternationalSlot writes a slot with an InternationalStringValueType.
func (w *Writer) InternationalSlot(name string, values []LocalizedString) {
	w.openSlot(name, "rim:InternationalStringValueType")
	w.Open("rim:Value")
	for _, v := range values {
		w.Empty("rim:LocalizedString", "xml:lang", v.Lang, "value", v.Value)
	}
	w.Close()
	w.closeSlot()
}

// AnySlot writes a slot with an AnyValueType; content writes the one element inside.
func (w *Writer) AnySlot(name string, content func()) {
	w.openSlot(name, "rim:AnyValueType")
	content()
	w.closeSlot()
}

// AnyCollectionSlot writes a slot with a Set of n AnyValueType elements; content writes the element i.
func (w *Writer) AnyCollectionSlot(name string, n int, content func(i int)) {
	w.Open("rim:Slot", "name", name)
	w.Open("rim:SlotValue", "xsi:type", "rim:CollectionValueType", "collectionType", CollectionSet)
	for i := range n {
		w.Open("rim:Element", "xsi:type", "rim:AnyValueType")
		content(i)
		w.Close()
	}
	w.closeSlot()
}

func (w *Writer) openSlot(name, valueType string) {
	w.Open("rim:Slot", "name", name)
	w.Open("rim:SlotValue", "xsi:type", valueType)
}

func (w *Writer) closeSlot() {
	w.Close()
	w.Close()
}

func (w *Writer) tag(name string, attrs []string) {
	w.indent()
	w.Bytes = append(w.Bytes, '<')
	w.Bytes = append(w.Bytes, name...)
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] == "" {
			continue
		}
		w.Bytes = append(w.Bytes, ' ')
		w.Bytes = append(w.Bytes, attrs[i]...)
		w.Bytes = append(w.Bytes, '=', '"')
		w.Bytes = xmltree.AppendSafeAttr(w.Bytes, attrs[i+1])
		w.Bytes = append(w.Bytes, '"')
	}
}

func (w *Writer) end(name string) {
	w.Bytes = append(w.Bytes, '<', '/')
	w.Bytes = append(w.Bytes, name...)
	w.Bytes = append(w.Bytes, '>', '\n')
}

const spaces = "                                "

func (w *Writer) indent() {
	n := min(2*len(w.open), len(spaces))
	w.Bytes = append(w.Bytes, spaces[:n]...)
}

// FormatTime gives at as xsd:dateTime in UTC with Z, to the millisecond, trailing zeros left out.
func FormatTime(at time.Time) string {
	return at.UTC().Format("2006-01-02T15:04:05.999Z07:00")
}
