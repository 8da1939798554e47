package c14n

import "strings"

// escapedText appends character data; a piece longer than the buffer leaves it early. [C14N 1.0 §2.3]
func (c *canonical) escapedText(s string) {
	if strings.IndexByte(s, '&') < 0 && strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '>') < 0 && strings.IndexByte(s, '\r') < 0 {
		for c.w != nil && len(s) > flushAt {
			c.buf = append(c.buf, s[:flushAt]...)
			c.drain()
			s = s[flushAt:]
		}
		c.buf = append(c.buf, s...)
		return
	}
	from := 0
	for i := 0; i < len(s); i++ {
		var ref string
		switch s[i] {
		case '&':
			ref = "&amp;"
		case '<':
			ref = "&lt;"
		case '>':
			ref = "&gt;"
		case '\r':
			ref = "&#xD;"
		default:
			continue
		}
		c.buf = append(append(c.buf, s[from:i]...), ref...)
		from = i + 1
		c.drain()
	}
	c.buf = append(c.buf, s[from:]...)
}

// escapedCR appends the text of a comment or processing instruction.
func (c *canonical) escapedCR(s string) {
	for {
		i := strings.IndexByte(s, '\r')
		if i < 0 {
			c.buf = append(c.buf, s...)
			return
		}
		c.buf = append(append(c.buf, s[:i]...), "&#xD;"...)
		s = s[i+1:]
	}
}
