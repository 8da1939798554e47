package xmltree

import "strings"

// declaration reads the XML declaration if there is one. [XML 1.0 §2.8]
func (p *parser) declaration() error {
	start := p.at
	if !strings.HasPrefix(p.src[start:], "<?xml") {
		return nil
	}
	body := p.src[start+5:]
	if body == "" || !isSpace(body[0]) {
		return nil // another target, or a processing instruction that procInst refuses
	}
	end := strings.Index(body, "?>")
	if end < 0 {
		return p.fail(start, "the XML declaration does not end")
	}
	p.at = start + 5 + end + 2
	rest, step := body[:end], 0
	for {
		trimmed := strings.TrimLeft(rest, " \t\r\n")
		if trimmed == "" {
			break
		}
		if len(trimmed) == len(rest) {
			return p.fail(start, "white space is missing in the XML declaration")
		}
		name, value, tail, ok := pseudoAttribute(trimmed)
		if !ok {
			return p.fail(start, "the XML declaration is not well-formed")
		}
		rest = tail
		switch {
		case name == "version" && step == 0 && value == "1.0":
			step = 1
		case name == "encoding" && step == 1 && strings.EqualFold(value, "UTF-8"):
			step = 2
		case name == "standalone" && (step == 1 || step == 2) && (value == "yes" || value == "no"):
			step = 3
		case name == "encoding" && step == 1:
			return p.fail(start, "the encoding is not UTF-8")
		default:
			return p.fail(start, "the XML declaration is not well-formed or not version 1.0")
		}
	}
	if step == 0 {
		return p.fail(start, "the XML declaration has no version")
	}
	return nil
}

// pseudoAttribute cuts name = "value" off s.
func pseudoAttribute(s string) (name, value, rest string, ok bool) {
	n := ncname(s)
	name = s[:n]
	s = strings.TrimLeft(s[n:], " \t\r\n")
	if n == 0 || s == "" || s[0] != '=' {
		return "", "", "", false
	}
	s = strings.TrimLeft(s[1:], " \t\r\n")
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return "", "", "", false
	}
	value, rest, ok = strings.Cut(s[1:], s[:1])
	return name, value, rest, ok
}

// comment reads a comment. [XML 1.0 §2.5]
func (p *parser) comment() error {
	start := p.at
	body := p.src[start+4:]
	end := strings.Index(body, "--")
	if end < 0 {
		return p.fail(start, "a comment does not end")
	}
	if !strings.HasPrefix(body[end:], "-->") {
		return p.fail(start+4+end, "two hyphens inside a comment")
	}
	if err := p.checkLength(start, end); err != nil {
		return err
	}
	p.at = start + 4 + end + 3
	p.nodes = append(p.nodes, &Comment{Data: p.lineEnds(body[:end])})
	return nil
}

// procInst reads a processing instruction. [XML 1.0 §2.6]
func (p *parser) procInst() error {
	start := p.at
	if p.lim.NoProcInst {
		return p.fail(start, "processing instructions are not accepted")
	}
	body := p.src[start+2:]
	end := strings.Index(body, "?>")
	if end < 0 {
		return p.fail(start, "a processing instruction does not end")
	}
	if err := p.checkLength(start, end); err != nil {
		return err
	}
	body = body[:end]
	n := ncname(body)
	target, data := body[:n], body[n:]
	if n == 0 || data != "" && !isSpace(data[0]) {
		return p.fail(start, "a processing instruction has no proper target")
	}
	if strings.EqualFold(target, "xml") {
		return p.fail(start, "an XML declaration that is not at the start")
	}
	p.at = start + 2 + end + 2
	p.nodes = append(p.nodes, &ProcInst{Target: target, Data: p.lineEnds(strings.TrimLeft(data, " \t\r\n"))})
	return nil
}

// lineEnds turns CR LF and CR into LF. [XML 1.0 §2.11]
func (p *parser) lineEnds(s string) string {
	if !p.cr || strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return string(appendLineEnds(make([]byte, 0, len(s)), s))
}

func appendLineEnds(dst []byte, s string) []byte {
	for {
		i := strings.IndexByte(s, '\r')
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(append(dst, s[:i]...), '\n')
		s = s[i+1:]
		if s != "" && s[0] == '\n' {
			s = s[1:]
		}
	}
}

func (p *parser) checkLength(at, n int) error {
	if n > p.lim.TextBytes {
		return p.fail(at, "a piece of text is longer than %d octets", p.lim.TextBytes)
	}
	return nil
}
