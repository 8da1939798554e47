package xmltree

import (
	"fmt"
	"strings"
)

// A SyntaxError says where and why a text was refused.
type SyntaxError struct {
	Line   int    // 1-based
	Offset int    // octets before the place, 0-based
	Msg    string // holds nothing of the text but names
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// Parse reads one entity in UTF-8, with or without byte order mark. It refuses a DOCTYPE always, so that only
// the five predefined entities exist. [XML 1.0] [Namespaces in XML 1.0]
//
// The tree does not refer to b. Errors are *SyntaxError; the document beside an error is nil.
func Parse(b []byte, lim Limits) (*Document, error) {
	lim = lim.filled()
	if len(b) > lim.Bytes {
		return nil, &SyntaxError{Line: 1, Msg: fmt.Sprintf("larger than %d octets", lim.Bytes)}
	}
	if at := badChar(b); at >= 0 {
		return nil, &SyntaxError{Line: lineAt(string(b[:at])), Offset: at, Msg: "not a character of XML in UTF-8"}
	}
	p := &parser{src: string(b), lim: lim}
	p.cr = strings.IndexByte(p.src, '\r') >= 0
	p.reserve()
	doc, err := p.document()
	if err != nil {
		return nil, err
	}
	return doc, nil
}

// A parser walks src once. Nodes of open elements wait on one stack and move to their parent at its end tag.
type parser struct {
	src string
	at  int
	lim Limits
	cr  bool // src holds a carriage return: line ends need care

	line, lineAt int // the line of offset lineAt; lines are counted forward only
	elements     int

	open  []frame
	nodes []Node // finished children of the open elements
	scope []Decl // declarations in scope, innermost last

	attrs []Attr // of the start tag being read
	decls []Decl
	text  string // character data collected so far, if it is one piece of src
	buf   []byte // the same if it is not

	elementArena arena[Element]
	textArena    arena[Text]
	attrArena    arena[Attr]
	declArena    arena[Decl]
	nodeArena    arena[Node]
}

// A frame is an open element and the heights of the stacks below it.
type frame struct {
	element      *Element
	nodes, scope int
}

// reserve sizes the first blocks by what the text seems to hold, so that most documents need one of each kind.
func (p *parser) reserve() {
	elements := strings.Count(p.src, "<") - strings.Count(p.src, "</")
	decls := strings.Count(p.src, "xmlns")
	attrs := max(0, strings.Count(p.src, "=\"")+strings.Count(p.src, "='")-decls)
	elements = min(elements, p.lim.Elements, blockMax)
	p.elementArena.next = elements
	p.textArena.next = min(strings.Count(p.src, "</"), blockMax)
	p.nodeArena.next = min(elements+p.textArena.next, blockMax)
	p.attrArena.next, p.declArena.next = min(attrs, blockMax), min(decls, blockMax)
	p.nodes = make([]Node, 0, min(elements, 16))
	p.open = make([]frame, 0, min(p.lim.Depth, 16))
	p.scope = make([]Decl, 0, min(decls, 16))
	p.attrs = make([]Attr, 0, 8)
	p.decls = make([]Decl, 0, min(decls, 8))
	p.line = 1
}

func (p *parser) document() (*Document, error) {
	p.at = len(p.src) - len(strings.TrimPrefix(p.src, "\uFEFF"))
	if err := p.declaration(); err != nil {
		return nil, err
	}
	doc := &Document{}
	for p.at < len(p.src) {
		if len(p.open) > 0 {
			if err := p.content(doc); err != nil {
				return nil, err
			}
			continue
		}
		if err := p.around(doc); err != nil {
			return nil, err
		}
	}
	if len(p.open) > 0 {
		return nil, p.fail(p.at, "the text ends inside <%s>", p.open[len(p.open)-1].element.qname())
	}
	if doc.Root == nil {
		return nil, p.fail(p.at, "no document element")
	}
	doc.After = p.nodeArena.copyOf(p.nodes)
	return doc, nil
}

// around reads one thing outside the document element.
func (p *parser) around(doc *Document) error {
	rest := p.src[p.at:]
	switch {
	case isSpace(rest[0]):
		p.skipSpace()
		return nil
	case strings.HasPrefix(rest, "<!--"):
		return p.comment()
	case strings.HasPrefix(rest, "<?"):
		return p.procInst()
	case strings.HasPrefix(rest, "<!DOCTYPE"):
		return p.fail(p.at, "a DOCTYPE is not accepted")
	case strings.HasPrefix(rest, "<!"):
		return p.fail(p.at, "a markup declaration or CDATA section outside the document element")
	case rest[0] != '<':
		return p.fail(p.at, "text outside the document element")
	case doc.Root != nil:
		return p.fail(p.at, "a second document element")
	}
	doc.Before = p.nodeArena.copyOf(p.nodes)
	p.nodes = p.nodes[:0]
	return p.startTag(doc)
}

// content reads one thing inside an element.
func (p *parser) content(doc *Document) error {
	rest := p.src[p.at:]
	if rest[0] != '<' {
		return p.charData()
	}
	if len(rest) < 2 {
		return p.fail(p.at, "the text ends inside a tag")
	}
	switch rest[1] {
	case '!':
		if strings.HasPrefix(rest, "<![CDATA[") {
			return p.cdata()
		}
		p.flushText()
		if strings.HasPrefix(rest, "<!--") {
			return p.comment()
		}
		return p.fail(p.at, "markup declaration inside an element")
	case '?':
		p.flushText()
		return p.procInst()
	case '/':
		p.flushText()
		return p.endTag(doc)
	}
	p.flushText()
	return p.startTag(doc)
}

func (p *parser) skipSpace() {
	for p.at < len(p.src) && isSpace(p.src[p.at]) {
		p.at++
	}
}

// fail returns the error at an offset.
func (p *parser) fail(at int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Line: lineAt(p.src[:at]), Offset: at, Msg: fmt.Sprintf(format, args...)}
}

// lineOf returns the line of an offset that is not before those asked for earlier.
func (p *parser) lineOf(at int) int {
	piece := p.src[p.lineAt:at]
	p.line += strings.Count(piece, "\n")
	if p.cr {
		p.line += strings.Count(piece, "\r") - strings.Count(piece, "\r\n")
	}
	p.lineAt = at
	return p.line
}

// lineAt returns the line on which s ends.
func lineAt(s string) int {
	return 1 + strings.Count(s, "\n") + strings.Count(s, "\r") - strings.Count(s, "\r\n")
}
