package xmltree

import (
	"strings"
	"unicode/utf8"
)

// charData reads text up to the next markup. [XML 1.0 §2.4]
func (p *parser) charData() error {
	start := p.at
	end := strings.IndexByte(p.src[start:], '<')
	if end < 0 {
		end = len(p.src) - start
	}
	raw := p.src[start : start+end]
	if i := strings.Index(raw, "]]>"); i >= 0 {
		return p.fail(start+i, "]]> in text")
	}
	p.at = start + end
	plain := !p.cr || strings.IndexByte(raw, '\r') < 0
	if plain && strings.IndexByte(raw, '&') < 0 {
		return p.addText(start, raw)
	}
	if err := p.checkLength(start, len(p.text)+len(p.buf)+len(raw)); err != nil {
		return err
	}
	p.spill()
	for {
		i := strings.IndexByte(raw, '&')
		if i < 0 {
			p.buf = appendLineEnds(p.buf, raw)
			return nil
		}
		p.buf = appendLineEnds(p.buf, raw[:i])
		start += i
		r, n, err := p.reference(start)
		if err != nil {
			return err
		}
		p.buf = utf8.AppendRune(p.buf, r)
		start, raw = start+n, raw[i+n:]
	}
}

// cdata reads a CDATA section, which is text. [XML 1.0 §2.7]
func (p *parser) cdata() error {
	start := p.at + len("<![CDATA[")
	end := strings.Index(p.src[start:], "]]>")
	if end < 0 {
		return p.fail(p.at, "a CDATA section does not end")
	}
	p.at = start + end + 3
	return p.addText(start, p.lineEnds(p.src[start:start+end]))
}

// addText appends resolved character data to that of the current place.
func (p *parser) addText(at int, s string) error {
	if err := p.checkLength(at, len(p.text)+len(p.buf)+len(s)); err != nil {
		return err
	}
	if p.text == "" && len(p.buf) == 0 {
		p.text = s
		return nil
	}
	p.spill()
	p.buf = append(p.buf, s...)
	return nil
}

// spill moves the collected text to the buffer.
func (p *parser) spill() {
	p.buf = append(p.buf, p.text...)
	p.text = ""
}

// flushText makes a node of the collected text.
func (p *parser) flushText() {
	if len(p.buf) > 0 {
		p.text = string(p.buf)
		p.buf = p.buf[:0]
	}
	if p.text == "" {
		return
	}
	t := p.textArena.one()
	t.Data = p.text
	p.nodes = append(p.nodes, t)
	p.text = ""
}

// reference resolves the character reference or predefined entity at an offset and returns its length.
// [XML 1.0 §4.1, §4.6]
func (p *parser) reference(at int) (r rune, n int, err error) {
	s := p.src[at+1:]
	// The longest useful reference is &#x10FFFF; leading zeros are legal, but nobody needs sixteen.
	end := strings.IndexByte(s[:min(len(s), 24)], ';')
	if end < 0 {
		return 0, 0, p.fail(at, "an ampersand that begins no reference")
	}
	name := s[:end]
	switch name {
	case "amp":
		r = '&'
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		var ok bool
		if r, ok = charReference(name); !ok {
			return 0, 0, p.fail(at, "an entity that is not predefined, or a reference to no character")
		}
	}
	return r, end + 2, nil
}

// charReference reads "#123" or "#x7B".
func charReference(s string) (rune, bool) {
	digits, isRef := strings.CutPrefix(s, "#")
	base := rune(10)
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	if !isRef || digits == "" {
		return 0, false
	}
	var r rune
	for i := 0; i < len(digits); i++ {
		var d rune
		switch c := digits[i]; {
		case c >= '0' && c <= '9':
			d = rune(c - '0')
		case base == 16 && c >= 'a' && c <= 'f':
			d = rune(c-'a') + 10
		case base == 16 && c >= 'A' && c <= 'F':
			d = rune(c-'A') + 10
		default:
			return 0, false
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, false
		}
	}
	return r, isChar(r)
}
