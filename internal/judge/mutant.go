package judge

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"oots/xml/xmltree"
)

// A Mutant is a document with one change.
type Mutant struct {
	Kind string // how it was changed
	What string // what was changed, for people
	XML  []byte
}

// Mutants returns n mutants of a well-formed document, well-formed themselves and all different from it. They
// are the same at every run.
func Mutants(t testing.TB, text []byte, n int) []Mutant {
	t.Helper()
	doc, err := xmltree.Parse(text, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	h := fnv.New64a()
	h.Write(text)
	m := &mutator{rand: rand.New(rand.NewPCG(h.Sum64(), 1)), text: string(text)}
	m.collect(doc.Root)
	kinds := operators()
	out := make([]Mutant, 0, n)
	for tries := 0; len(out) < n; tries++ {
		if tries > 50*n {
			t.Fatalf("only %d mutants of %d", len(out), n)
		}
		op := kinds[tries%len(kinds)]
		e := m.elements[m.rand.IntN(len(m.elements))]
		changed, what := op.apply(m, e)
		if changed == "" || changed == m.text {
			continue
		}
		if _, err := xmltree.Parse([]byte(changed), xmltree.Limits{}); err != nil {
			continue
		}
		out = append(out, Mutant{Kind: op.kind, What: e.Path() + " " + what, XML: []byte(changed)})
	}
	return out
}

type operator struct {
	kind  string
	apply func(*mutator, *xmltree.Element) (changed, what string)
}

func operators() []operator {
	return []operator{
		{"removed", (*mutator).remove},
		{"doubled", (*mutator).double},
		{"moved", (*mutator).move},
		{"swapped", (*mutator).swap},
		{"renamed", (*mutator).rename},
		{"garbled value", (*mutator).garble},
		{"wrong code", (*mutator).wrongCode},
		{"text added", (*mutator).addText},
		{"emptied", (*mutator).empty},
		{"attribute dropped", (*mutator).dropAttr},
		{"attribute added", (*mutator).addAttr},
		{"attribute garbled", (*mutator).garbleAttr},
		{"namespace changed", (*mutator).changeNamespace},
		{"type changed", (*mutator).changeType},
	}
}

type mutator struct {
	rand     *rand.Rand
	text     string
	elements []*xmltree.Element
	names    []string // qualified names as written
	types    []string // values of xsi:type as written
	values   []string // texts of leaves
}

func (m *mutator) collect(e *xmltree.Element) {
	m.elements = append(m.elements, e)
	for _, list := range []struct {
		to   *[]string
		item string
	}{{&m.names, qualified(e)}, {&m.types, typeOf(e)}, {&m.values, leaf(e)}} {
		if list.item != "" && !slices.Contains(*list.to, list.item) {
			*list.to = append(*list.to, list.item)
		}
	}
	for c := range e.Elements() {
		m.collect(c)
	}
}

func typeOf(e *xmltree.Element) string {
	v, _ := e.Attr("http://www.w3.org/2001/XMLSchema-instance", "type")
	return v
}

func leaf(e *xmltree.Element) string {
	for range e.Elements() {
		return ""
	}
	return e.Text()
}

func qualified(e *xmltree.Element) string {
	if e.Prefix == "" {
		return e.Name.Local
	}
	return e.Prefix + ":" + e.Name.Local
}

func pick[T any](m *mutator, list []T) T { return list[m.rand.IntN(len(list))] }

func (m *mutator) slice(e *xmltree.Element) string { return m.text[e.Start:e.End] }

// cut replaces [from,to) by s.
func (m *mutator) cut(from, to int, s string) string { return m.text[:from] + s + m.text[to:] }

// startTag returns the offset just behind the start tag of e and whether the tag is empty.
func (m *mutator) startTag(e *xmltree.Element) (end int, empty bool) {
	quote := byte(0)
	for i := e.Start; i < e.End; i++ {
		switch c := m.text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1, m.text[i-1] == '/'
		}
	}
	return e.End, true
}

func (m *mutator) remove(e *xmltree.Element) (string, string) {
	if e.Parent == nil {
		return "", ""
	}
	return m.cut(e.Start, e.End, ""), ""
}

func (m *mutator) double(e *xmltree.Element) (string, string) {
	if e.Parent == nil {
		return "", ""
	}
	return m.cut(e.End, e.End, m.slice(e)), ""
}

// move puts e before or behind another element that it neither holds nor stands in.
func (m *mutator) move(e *xmltree.Element) (string, string) {
	to := pick(m, m.elements)
	if m.rand.IntN(2) == 0 && e.Parent != nil {
		to = pick(m, slices.Collect(e.Parent.Elements())) // among its siblings: out of order
	}
	if e.Parent == nil || to.Parent == nil || to.Start >= e.Start && to.End <= e.End || to.Start <= e.Start && e.End <= to.End {
		return "", ""
	}
	at := to.Start
	if m.rand.IntN(2) == 0 {
		at = to.End
	}
	if at <= e.Start {
		return m.text[:at] + m.slice(e) + m.text[at:e.Start] + m.text[e.End:], to.Path()
	}
	return m.text[:e.Start] + m.text[e.End:at] + m.slice(e) + m.text[at:], to.Path()
}

// swap exchanges e with its next sibling.
func (m *mutator) swap(e *xmltree.Element) (string, string) {
	if e.Parent == nil {
		return "", ""
	}
	siblings := slices.Collect(e.Parent.Elements())
	i := slices.Index(siblings, e)
	if i+1 == len(siblings) {
		return "", ""
	}
	n := siblings[i+1]
	return m.text[:e.Start] + m.slice(n) + m.text[e.End:n.Start] + m.slice(e) + m.text[n.End:], ""
}

// named returns the text with another qualified name for e.
func (m *mutator) named(e *xmltree.Element, name string) string {
	old := qualified(e)
	_, empty := m.startTag(e)
	from := e.Start + 1
	if empty {
		return m.cut(from, from+len(old), name)
	}
	end := e.Start + strings.LastIndex(m.slice(e), "</") + 2
	return m.text[:from] + name + m.text[from+len(old):end] + name + m.text[end+len(old):]
}

func (m *mutator) rename(e *xmltree.Element) (string, string) {
	name := pick(m, m.names)
	if m.rand.IntN(2) == 0 {
		name = qualified(e) + pick(m, []string{"X", "s", ".x", "_"})
	}
	return m.named(e, name), name
}

func (m *mutator) changeNamespace(e *xmltree.Element) (string, string) {
	if m.rand.IntN(2) == 0 {
		name := e.Name.Local
		if prefix, _, found := strings.Cut(pick(m, m.names), ":"); found {
			name = prefix + ":" + name
		}
		return m.named(e, name), name
	}
	decl := " xmlns"
	if e.Prefix != "" {
		decl += ":" + e.Prefix
	}
	decl += `="urn:other"`
	at := e.Start + 1 + len(qualified(e))
	return m.cut(at, at, decl), decl // a second declaration of the prefix is not well-formed and dropped
}

// garbage are texts that some types take and others do not.
func garbage() []string {
	return []string{"", " ", "x", "0", "-1", "+7", "1.5", "true", "True", "yes", "a b", "%zz", "http://[", "urn:x", "2024-02-30", "2023-02-29",
		"2024-02-29", "0000-01-01", "2024-1-1", "2024-01-01Z", "2024-01-01+15:00", "2024-06-30T24:00:00Z", "2024-06-30T12:00:60Z",
		"2024-06-30T12:00:00", "2024-06-30T12:00:00.", "2024-06-30T12:00:00.123456789+02:00", "2024-06-30 12:00:00", "P1D", "PT", "EN", "en-US", "e",
		"englishxxx", "a1", "Größe", "\u00a0", "a\tb", " padded ", "1e3", "#", "a#b#c", "//", ":", "a:b", "1:b", "{x}", "[x]", strings.Repeat("ä", 300)}
}

func escape(s string) string { return string(xmltree.AppendAttr(nil, s)) }

// content returns the span of the text of a leaf.
func (m *mutator) content(e *xmltree.Element) (from, to int, ok bool) {
	for range e.Elements() {
		return 0, 0, false
	}
	end, empty := m.startTag(e)
	if empty {
		return 0, 0, false
	}
	return end, e.Start + strings.LastIndex(m.slice(e), "</"), true
}

func (m *mutator) garble(e *xmltree.Element) (string, string) {
	from, to, ok := m.content(e)
	if !ok {
		return "", ""
	}
	v := pick(m, garbage())
	return m.cut(from, to, string(xmltree.AppendText(nil, v))), v
}

// wrongCode replaces a text by that of another element, or changes one character of it.
func (m *mutator) wrongCode(e *xmltree.Element) (string, string) {
	from, to, ok := m.content(e)
	if !ok || len(m.values) == 0 {
		return "", ""
	}
	v := pick(m, m.values)
	if old := e.Text(); m.rand.IntN(2) == 0 && old != "" && old[0] < 0x80 {
		v = pick(m, []string{"x", "9", "-", ":", " "}) + old[1:]
	}
	return m.cut(from, to, string(xmltree.AppendText(nil, v))), v
}

func (m *mutator) addText(e *xmltree.Element) (string, string) {
	v := pick(m, []string{"x", " ", "\n", "<!-- c -->", "<![CDATA[ ]]>", "<![CDATA[x]]>", "&#160;", "<?p i?>"})
	end, empty := m.startTag(e)
	if empty {
		return m.cut(end-2, end, ">"+v+"</"+qualified(e)+">"), v
	}
	if m.rand.IntN(2) == 0 {
		end = e.Start + strings.LastIndex(m.slice(e), "</")
	}
	return m.cut(end, end, v), v
}

func (m *mutator) empty(e *xmltree.Element) (string, string) {
	end, empty := m.startTag(e)
	if empty {
		return "", ""
	}
	return m.cut(end, e.Start+strings.LastIndex(m.slice(e), "</"), ""), ""
}

// attrSpan returns the span of one attribute, the blank before it included, and of its value.
func (m *mutator) attrSpan(e *xmltree.Element) (from, to, valueFrom, valueTo int, name string) {
	if len(e.Attrs) == 0 {
		return
	}
	a := pick(m, e.Attrs)
	name = a.Name.Local
	if a.Prefix != "" {
		name = a.Prefix + ":" + name
	}
	end, _ := m.startTag(e)
	tag := m.text[e.Start:end]
	for at := 0; ; {
		i := strings.Index(tag[at:], name)
		if i < 0 {
			return 0, 0, 0, 0, ""
		}
		from = at + i
		at = from + len(name)
		rest := strings.TrimLeft(tag[at:], " \t\r\n")
		if !strings.ContainsRune(" \t\r\n", rune(tag[from-1])) || !strings.HasPrefix(rest, "=") {
			continue
		}
		rest = strings.TrimLeft(rest[1:], " \t\r\n")
		valueFrom = len(tag) - len(rest) + 1
		valueTo = valueFrom + strings.IndexByte(tag[valueFrom:], rest[0])
		return e.Start + from - 1, e.Start + valueTo + 1, e.Start + valueFrom, e.Start + valueTo, name
	}
}

func (m *mutator) dropAttr(e *xmltree.Element) (string, string) {
	from, to, _, _, name := m.attrSpan(e)
	if name == "" {
		return "", ""
	}
	return m.cut(from, to, ""), name
}

func (m *mutator) addAttr(e *xmltree.Element) (string, string) {
	a := pick(m, []string{`foreign="x"`, `lang="EN"`, `xml:lang="en"`, `xml:lang="e1"`, `xml:space="other"`, `schemeID=" a  b "`, `id="x"`, `type="x"`,
		`xsi:nil="true"`, `xsi:nil="false"`, `xsi:nil="x"`, `xsi:type="xs:string"`, `xsi:schemaLocation="urn:x urn:y"`, `xsi:other="x"`,
		`xmlns:q="urn:q" q:a="b"`, `xml:id="a"`, `xml:base="%zz"`, `xmlns:l="http://www.w3.org/1999/xlink" l:type="other"`})
	if strings.HasPrefix(a, "xsi:") {
		a = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" ` + a
		if _, ok := e.Resolve("xsi"); ok {
			a = strings.TrimPrefix(a, `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" `)
		}
	}
	at := e.Start + 1 + len(qualified(e))
	return m.cut(at, at, " "+a), a
}

func (m *mutator) garbleAttr(e *xmltree.Element) (string, string) {
	_, _, from, to, name := m.attrSpan(e)
	if name == "" {
		return "", ""
	}
	v := pick(m, garbage())
	return m.cut(from, to, escape(v)), name + "=" + v
}

func (m *mutator) changeType(e *xmltree.Element) (string, string) {
	old := typeOf(e)
	if old == "" || len(m.types) == 0 {
		return "", ""
	}
	v := pick(m, m.types)
	if m.rand.IntN(2) == 0 {
		prefix, _, _ := strings.Cut(old, ":")
		v = prefix + ":" + pick(m, []string{"ValueType", "StringValueType", "IntegerValueType", "DurationValueType", "FloatValueType", "SlotValueType",
			"MapValueType", "VocabularyTermValueType", "PersonType", "OrganizationType", "ClassificationType", "CommentType", "RegistryObjectType",
			"Unknown", "ExternalIdentifierType", "ServiceType", "TimeoutExceptionType", "RegistryExceptionType"})
	}
	end, _ := m.startTag(e)
	tag := m.text[e.Start:end]
	i := strings.Index(tag, `"`+old+`"`)
	if i < 0 {
		return "", ""
	}
	return m.cut(e.Start+i+1, e.Start+i+1+len(old), v), v
}
