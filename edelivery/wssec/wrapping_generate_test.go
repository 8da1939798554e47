package wssec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"oots/xml/xmltree"
)

// An Attack is one envelope that was made from a valid one without any key.
type Attack struct {
	Name     string
	Envelope []byte
}

// A wrapper makes attacks from one valid envelope: it moves, doubles, renames and exchanges what is signed, what
// signs it, and what says how it is encrypted. Everything is made from the text by the offsets of the elements, so
// that what is not meant stays octet for octet as it was.
type wrapper struct {
	text string
	root *xmltree.Element
	seen map[string]bool
	out  []Attack
}

// WrappingAttacks makes all attacks on one envelope, each of them once, in the same order every time.
func WrappingAttacks(t testing.TB, envelope []byte) []Attack {
	t.Helper()
	doc, err := xmltree.Parse(envelope, xmltree.Limits{NoProcInst: true})
	if err != nil {
		t.Fatal(err)
	}
	w := &wrapper{text: string(envelope), root: doc.Root, seen: map[string]bool{string(envelope): true}}
	for _, target := range w.targets() {
		w.alone(target)
		for _, p := range w.places() {
			w.relocate(target, p)
		}
	}
	w.exchange()
	w.ids()
	w.attributes()
	w.texts()
	w.surroundings()
	return w.out
}

// An edit replaces a stretch of the text.
type edit struct {
	from, to int
	text     string
}

// add keeps the text with edits as an attack, unless they overlap or change nothing new.
func (w *wrapper) add(name string, edits ...edit) {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.from < at {
			return
		}
		b.WriteString(w.text[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(w.text[at:])
	if s := b.String(); !w.seen[s] {
		w.seen[s] = true
		w.out = append(w.out, Attack{name, []byte(s)})
	}
}

// all returns the elements of the envelope that is, in document order.
func (w *wrapper) all(is func(*xmltree.Element) bool) []*xmltree.Element {
	var out []*xmltree.Element
	var walk func(*xmltree.Element)
	walk = func(e *xmltree.Element) {
		if is(e) {
			out = append(out, e)
		}
		for c := range e.Elements() {
			walk(c)
		}
	}
	walk(w.root)
	return out
}

func (w *wrapper) named(locals ...string) []*xmltree.Element {
	return w.all(func(e *xmltree.Element) bool { return slices.Contains(locals, e.Name.Local) })
}

// targets are what a verifier must not lose out of sight.
func (w *wrapper) targets() []*xmltree.Element {
	out := w.named("Messaging", "Body", "Header", "Security", "Signature", "SignedInfo", "KeyInfo", "BinarySecurityToken", "EncryptedKey",
		"UserMessage", "SignalMessage", "PayloadInfo")
	for _, local := range []string{"EncryptedData", "Reference", "PartInfo", "Property"} {
		if e := w.named(local); len(e) > 0 {
			out = append(out, e[0])
		}
	}
	return out
}

// A place is where an element can be put.
type place struct {
	name        string
	anchor      *xmltree.Element
	where       where
	open, close string // put around the element
}

type where int

const (
	before where = iota
	after
	first
	last
)

func (w *wrapper) places() []place {
	var out []place
	for _, e := range w.named("Messaging", "Security", "Body", "Signature", "EncryptedKey") {
		out = append(out, place{"before " + e.Name.Local, e, before, "", ""}, place{"after " + e.Name.Local, e, after, "", ""})
	}
	for _, e := range w.named("Envelope", "Header", "Messaging", "Body", "Security", "Signature", "UserMessage", "PartProperties", "BinarySecurityToken") {
		out = append(out, place{"first in " + e.Name.Local, e, first, "", ""}, place{"last in " + e.Name.Local, e, last, "", ""})
	}
	for _, e := range w.named("Envelope", "Header", "Body", "Security") {
		out = append(out, place{"wrapped in " + e.Name.Local, e, last, `<w:Wrapper xmlns:w="urn:wrapper">`, "</w:Wrapper>"})
	}
	for _, e := range w.named("Signature") {
		out = append(out, place{"as Object of the signature", e, last, `<ds:Object xmlns:ds="` + nsDS + `">`, "</ds:Object>"})
	}
	for _, e := range w.named("Header") {
		out = append(out, place{"in an envelope in the header", e, first, `<e:Envelope xmlns:e="` + nsSOAP + `"><e:Header>`, "</e:Header><e:Body/></e:Envelope>"})
	}
	for _, e := range w.named("SignedInfo", "KeyInfo") {
		out = append(out, place{"last in " + e.Name.Local, e, last, "", ""})
	}
	return out
}

// put is the edit that puts text at p.
func (w *wrapper) put(p place, text string) edit {
	text = p.open + text + p.close
	e := p.anchor
	switch p.where {
	case before:
		return edit{e.Start, e.Start, text}
	case after:
		return edit{e.End, e.End, text}
	}
	tag := w.startTag(e)
	end := e.Start + len(tag)
	if strings.HasSuffix(tag, "/>") {
		return edit{end - 2, end, ">" + text + "</" + qname(e) + ">"}
	}
	if p.where == first {
		return edit{end, end, text}
	}
	end = strings.LastIndex(w.text[:e.End], "</")
	return edit{end, end, text}
}

func qname(e *xmltree.Element) string {
	if e.Prefix == "" {
		return e.Name.Local
	}
	return e.Prefix + ":" + e.Name.Local
}

func (w *wrapper) startTag(e *xmltree.Element) string {
	var quote byte
	for i := e.Start; i < e.End; i++ {
		switch c := w.text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return w.text[e.Start : i+1]
		}
	}
	return w.text[e.Start:e.End]
}

func (w *wrapper) raw(e *xmltree.Element) string { return w.text[e.Start:e.End] }

// standalone is the text of e with the declarations of its ancestors, so that it means the same anywhere.
func (w *wrapper) standalone(e *xmltree.Element) string {
	declared := map[string]bool{"xml": true}
	for _, d := range e.Decls {
		declared[d.Prefix] = true
	}
	var b []byte
	for s := e.Parent; s != nil; s = s.Parent {
		for _, d := range s.Decls {
			if declared[d.Prefix] {
				continue
			}
			declared[d.Prefix] = true
			b = append(b, " xmlns"...)
			if d.Prefix != "" {
				b = append(append(b, ':'), d.Prefix...)
			}
			b = append(xmltree.AppendAttr(append(b, `="`...), d.URI), '"')
		}
	}
	n := 1 + len(qname(e))
	return w.raw(e)[:n] + string(b) + w.raw(e)[n:]
}

var idAttr = regexp.MustCompile(`\s(?:[\w-]+:)?I[dD]=(?:"[^"]*"|'[^']*')`)

// Changes of a text of one element.
func noID(s string) string {
	tag := s[:strings.IndexByte(s, '>')+1]
	return idAttr.ReplaceAllString(tag, "") + s[len(tag):]
}
func noIDs(s string) string { return idAttr.ReplaceAllString(s, "") }
func otherID(s string) string {
	tag := s[:strings.IndexByte(s, '>')+1]
	return regexp.MustCompile(`(\s(?:[\w-]+:)?I[dD]=)(?:"[^"]*"|'[^']*')`).ReplaceAllString(tag, `$1"other"`) + s[len(tag):]
}

// evil changes what s says: another element inside and another text in front.
func evil(s string) string {
	i := strings.IndexByte(s, '>')
	if s[i-1] == '/' {
		name := strings.FieldsFunc(s[1:i-1], func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' })[0]
		return s[:i-1] + `><v:evil xmlns:v="urn:evil"/></` + name + ">"
	}
	return s[:i+1] + `<v:evil xmlns:v="urn:evil"/>` + s[i+1:]
}

// relocate doubles e at p, or moves it there with nothing or something evil left behind.
func (w *wrapper) relocate(e *xmltree.Element, p place) {
	name := e.Name.Local + " " + p.name
	copied, own := w.standalone(e), w.raw(e)
	remove := func(s string) edit { return edit{e.Start, e.End, s} }
	w.add("double "+name, w.put(p, copied))
	w.add("double without id "+name, w.put(p, noIDs(copied)))
	w.add("double evil "+name, w.put(p, evil(copied)))
	w.add("double evil without id "+name, w.put(p, evil(noID(copied))))
	w.add("double evil with another id "+name, w.put(p, evil(otherID(copied))))
	w.add("move "+name, remove(""), w.put(p, copied))
	w.add("move and leave evil "+name, remove(evil(own)), w.put(p, copied))
	w.add("move and leave evil without id "+name, remove(evil(noID(own))), w.put(p, copied))
	w.add("move and leave evil with another id "+name, remove(evil(otherID(own))), w.put(p, copied))
	w.add("move without id and leave evil "+name, remove(evil(own)), w.put(p, noIDs(copied)))
	w.add("move and leave evil without ids "+name, remove(evil(noIDs(own))), w.put(p, copied))
}

// alone changes one element where it stands.
func (w *wrapper) alone(e *xmltree.Element) {
	name, own := e.Name.Local, w.raw(e)
	replace := func(s string) edit { return edit{e.Start, e.End, s} }
	q := qname(e)
	rename := func(to, declare string) string {
		s := "<" + to + declare + own[1+len(q):]
		if strings.HasSuffix(own, "</"+q+">") {
			s = strings.TrimSuffix(s, "</"+q+">") + "</" + to + ">"
		}
		return s
	}
	w.add("delete "+name, replace(""))
	w.add("make evil "+name, replace(evil(own)))
	w.add("rename "+name, replace(rename(q+"X", "")))
	w.add("rename in another case "+name, replace(rename(strings.ToUpper(q), "")))
	w.add("another namespace "+name, replace(rename("v:"+e.Name.Local, ` xmlns:v="urn:evil"`)))
	w.add("no namespace "+name, replace(rename(e.Name.Local, ` xmlns=""`)))
	w.add("another prefix "+name, replace(rename("v:"+e.Name.Local, ` xmlns:v="`+e.Name.Space+`"`)))
	w.add("renamed with evil behind "+name, replace(rename(q+"X", "")+evil(own)))
	w.add("evil with the good behind "+name, replace(evil(noIDs(own))+own))
	w.add("good with the evil behind "+name, replace(own+evil(noIDs(own))))
	w.add("wrapped "+name, replace(`<w:Wrapper xmlns:w="urn:wrapper">`+own+"</w:Wrapper>"))
	w.add("nested in itself "+name, replace(evil(noIDs(w.startOnly(e)))+own+"</"+q+">"))
	w.add("emptied "+name, replace(w.startOnly(e)+"</"+q+">"))
	w.add("commented out "+name, replace("<!--"+strings.ReplaceAll(own, "--", "- -")+"-->"))
}

// startOnly is the start tag of e, never that of an empty element.
func (w *wrapper) startOnly(e *xmltree.Element) string {
	tag := w.startTag(e)
	if t, ok := strings.CutSuffix(tag, "/>"); ok {
		return t + ">"
	}
	return tag
}

// exchange swaps pairs of elements, whole and by their names.
func (w *wrapper) exchange() {
	list := w.named("Messaging", "Body", "Security", "Signature", "BinarySecurityToken", "EncryptedKey", "EncryptedData", "Reference", "PartInfo",
		"DataReference", "CipherReference", "DigestValue")
	for i, a := range list {
		for _, b := range list[i+1:] {
			if a.End > b.Start {
				continue
			}
			w.add(fmt.Sprintf("exchange %s and %s, lines %d and %d", a.Name.Local, b.Name.Local, a.Line, b.Line),
				edit{a.Start, a.End, w.standalone(b)}, edit{b.Start, b.End, w.standalone(a)})
		}
	}
}

// ids renames ids, gives one to two elements, and exchanges them.
func (w *wrapper) ids() {
	list := w.all(func(e *xmltree.Element) bool {
		return slices.ContainsFunc(e.Attrs, func(a xmltree.Attr) bool { return isID(&a) })
	})
	retag := func(e *xmltree.Element, to string) edit {
		tag := w.startTag(e)
		return edit{e.Start, e.Start + len(tag), idAttr.ReplaceAllString(tag, strings.ReplaceAll(to, "$", "$$"))}
	}
	value := func(e *xmltree.Element) string {
		for i := range e.Attrs {
			if isID(&e.Attrs[i]) {
				return e.Attrs[i].Value
			}
		}
		return ""
	}
	for i, e := range list {
		v, name := value(e), e.Name.Local
		for _, form := range []string{` Id="%s"`, ` ID="%s"`, ` id="%s"`, ` xml:id="%s"`, ` iD="%s"`, ` v:Id="%s" xmlns:v="urn:evil"`, ` v:Id="%s" xmlns:v="` + nsWSU + `"`, ` AssertionID="%s"`} {
			w.add("id of "+name+" as"+form, retag(e, fmt.Sprintf(form, v)))
			w.add("second id of "+name+" as"+form, retag(e, ` v:Id="other" xmlns:v="`+nsWSU+`"`+strings.ReplaceAll(fmt.Sprintf(form, v), "v:", "u:")+` xmlns:u="urn:evil"`))
		}
		w.add("no id on "+name, retag(e, ""))
		w.add("another id on "+name, retag(e, ` v:Id="other" xmlns:v="`+nsWSU+`"`))
		for _, other := range list[i+1:] {
			both := "ids of " + name + " and " + other.Name.Local
			form := ` v:Id="%s" xmlns:v="` + nsWSU + `"`
			a, b := fmt.Sprintf(form, value(other)), fmt.Sprintf(form, v)
			w.add("exchange "+both, retag(e, a), retag(other, b))
			w.add("double "+both, retag(other, b))
			w.add("double the other way "+both, retag(e, a))
		}
	}
}

// attributes changes every reference of the header in the ways that a resolver might read otherwise.
func (w *wrapper) attributes() {
	var values []string
	type site struct {
		e     *xmltree.Element
		name  string
		value string
	}
	var sites []site
	for _, e := range w.all(func(*xmltree.Element) bool { return true }) {
		for _, a := range e.Attrs {
			if a.Name.Local == "URI" || a.Name.Local == "href" {
				sites = append(sites, site{e, a.Name.Local, a.Value})
				values = append(values, a.Value)
			}
		}
	}
	values = append(values, "", "#", "/", "#xpointer(/)", "cid:", "cid:evil@x", "#other", "http://127.0.0.1/x")
	for _, s := range sites {
		id := strings.TrimPrefix(s.value, "#")
		for _, v := range append(values, "#xpointer(id('"+id+"'))", s.value+" ", "# "+id, id, s.value+"#", "%23"+id, strings.ToUpper(s.value), s.value+"&#x0A;") {
			w.setAttr(s.e, s.name, v)
		}
		w.setAttr(s.e, s.name, "\x00")
	}
	for _, e := range w.named("EncryptedData", "BinarySecurityToken", "EncryptedKey", "CanonicalizationMethod", "SignatureMethod", "DigestMethod", "Transform", "EncryptionMethod", "KeyIdentifier") {
		for _, a := range e.Attrs {
			w.setAttr(e, a.Name.Local, "urn:evil")
			w.setAttr(e, a.Name.Local, "")
			w.setAttr(e, a.Name.Local, "\x00")
		}
	}
}

// setAttr gives an attribute another value, already escaped; "\x00" removes it.
func (w *wrapper) setAttr(e *xmltree.Element, local, value string) {
	tag := w.startTag(e)
	loc := regexp.MustCompile(`\s(?:[\w-]+:)?` + local + `=("[^"]*"|'[^']*')`).FindStringSubmatchIndex(tag)
	if loc == nil {
		return
	}
	name := fmt.Sprintf("%s of %s, line %d, as %q", local, e.Name.Local, e.Line, value)
	if value == "\x00" {
		w.add(name, edit{e.Start + loc[0], e.Start + loc[1], ""})
		return
	}
	w.add(name, edit{e.Start + loc[2], e.Start + loc[3], `"` + value + `"`})
}

// texts puts markup into texts, which must not change what they say, or say another thing.
func (w *wrapper) texts() {
	for _, e := range w.all(func(e *xmltree.Element) bool { return len(e.Children) == 1 && len(e.Text()) > 1 }) {
		from := e.Start + len(w.startTag(e))
		to := strings.LastIndex(w.text[:e.End], "</")
		text := w.text[from:to]
		if strings.ContainsAny(text, "<&]") || len(text) > 200 && e.Name.Local != "BinarySecurityToken" {
			continue
		}
		half := len(text) / 2
		for half > 0 && text[half]&0xC0 == 0x80 {
			half--
		}
		for name, s := range map[string]string{
			"comment in": text[:half] + "<!-- -->" + text[half:], "comment behind": text + "<!---->", "comment before": "<!--x-->" + text,
			"CDATA in": text[:half] + "<![CDATA[" + text[half:] + "]]>", "element in": text[:half] + "<x/>" + text[half:],
			"cut": text[:half], "longer": text + "x", "instruction in": text[:half] + "<?x?>" + text[half:], "space around": " " + text + " ",
			"half commented": text[:half] + "<!--" + strings.ReplaceAll(text[half:], "--", "- -") + "-->", "emptied": "",
		} {
			w.add(fmt.Sprintf("%s text of %s, line %d", name, e.Name.Local, e.Line), edit{from, to, s})
		}
	}
}

// surroundings changes what is signed by nobody: declarations and attributes of ancestors, and what stands between.
func (w *wrapper) surroundings() {
	for _, e := range w.named("Envelope", "Header", "Security", "Messaging", "Body") {
		tag := w.startTag(e)
		at := e.Start + 1 + len(qname(e))
		for _, attr := range []string{` xmlns:v="urn:evil"`, ` xml:lang="de"`, ` xml:space="preserve"`, ` xml:base="urn:evil"`, ` v:a="b" xmlns:v="urn:evil"`, ` xml:id="v"`, ` Id="v"`} {
			w.add("attribute"+attr+" on "+e.Name.Local, edit{at, at, attr})
		}
		if !strings.Contains(tag, "xmlns=") {
			w.add("default namespace on "+e.Name.Local, edit{at, at, ` xmlns="urn:evil"`})
		}
		for _, d := range e.Decls {
			loc := regexp.MustCompile(`\sxmlns:` + regexp.QuoteMeta(d.Prefix) + `=("[^"]*"|'[^']*')`).FindStringSubmatchIndex(tag)
			if d.Prefix == "" || loc == nil {
				continue
			}
			w.add("another name for "+d.Prefix+" on "+e.Name.Local, edit{e.Start + loc[2], e.Start + loc[3], `"urn:evil"`})
			w.add("no name for "+d.Prefix+" on "+e.Name.Local, edit{e.Start + loc[0], e.Start + loc[1], ""})
		}
		for _, s := range []string{"<!-- -->", "x", "<x/>", "<x xmlns='urn:x' Id='x'>y</x>", " ", "&#13;"} {
			w.add(fmt.Sprintf("%q before %s", s, e.Name.Local), edit{e.Start, e.Start, s})
			w.add(fmt.Sprintf("%q first in %s", s, e.Name.Local), w.put(place{anchor: e, where: first}, s))
		}
	}
}
