package published

import (
	"maps"
	"slices"
	"strconv"
)

func (s *Schema) prefixes() []string { return slices.Sorted(maps.Keys(s.Prefixes)) }

// where gives a node as the positions of its ancestors among their siblings, the document element first, then
// @name for an attribute.
const where = `string-join((for $n in ancestor-or-self::* return string(count($n/preceding-sibling::*)+1), if (self::attribute()) then concat('@', local-name()) else (), ` +
	`if (self::comment()) then 'comment' else ()), '/')`

// head is what every stylesheet begins with: the result is one line for each broken assertion, of its id, a tab
// and its node. A test that fails to be evaluated gives a line with "error" before the id.
func (s *Schema) head(w *writer) {
	w.b.WriteString(`<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:xs="http://www.w3.org/2001/XMLSchema" exclude-result-prefixes="#all"`)
	for _, p := range s.prefixes() {
		w.f(" xmlns:"+p+"=%s", s.Prefixes[p])
	}
	w.b.WriteString(">\n<xsl:output method=\"text\"/>\n")
	for _, l := range s.Lets {
		w.f("<xsl:variable name=%s select=%s/>\n", l.Name, l.Value)
	}
}

// XSLT writes the rules as the ISO implementation does: a mode for each pattern, in which the document is walked.
func (s *Schema) XSLT() []byte {
	w := &writer{}
	s.head(w)
	w.b.WriteString("<xsl:template match=\"/\">\n")
	for i := range s.Patterns {
		w.f("<xsl:apply-templates select=\".\" mode=%s/>\n", mode(i))
	}
	w.b.WriteString("</xsl:template>\n")
	for i, p := range s.Patterns {
		w.f("<xsl:template match=\"/|*|@*|comment()|processing-instruction()|text()\" mode=%s priority=\"-1\"><xsl:apply-templates select=\"@*|*|comment()|processing-instruction()\" mode=%s/></xsl:template>\n", mode(i), mode(i))
		for j, r := range p {
			w.f("<xsl:template match=%s mode=%s priority=%s>\n", r.Context, mode(i), strconv.Itoa(1000+len(p)-j))
			r.body(w)
			w.f("<xsl:apply-templates select=\"@*|*|comment()|processing-instruction()\" mode=%s/>\n</xsl:template>\n", mode(i))
		}
	}
	w.b.WriteString("</xsl:stylesheet>\n")
	return []byte(w.b.String())
}

// OneWalk writes the rules for speed: one walk over the document in which all rules of a node fire. It is the
// same as XSLT where every pattern has one rule.
func (s *Schema) OneWalk() []byte {
	w := &writer{}
	s.head(w)
	w.b.WriteString("<xsl:template match=\"/|*|@*|comment()|processing-instruction()\" priority=\"0\"><xsl:apply-templates select=\"@*|*|comment()|processing-instruction()\"/></xsl:template>\n")
	byContext := map[string][]Rule{}
	var order []string
	for _, p := range s.Patterns {
		for _, r := range p {
			if byContext[r.Context] == nil {
				order = append(order, r.Context)
			}
			byContext[r.Context] = append(byContext[r.Context], r)
		}
	}
	for i, context := range order {
		w.f("<xsl:template match=%s priority=%s>\n", context, strconv.Itoa(1+i))
		for _, r := range byContext[context] {
			r.body(w)
		}
		w.b.WriteString("<xsl:next-match/>\n</xsl:template>\n")
	}
	w.b.WriteString("</xsl:stylesheet>\n")
	return []byte(w.b.String())
}

func mode(i int) string { return "m" + strconv.Itoa(i) }

// body writes the tests of a rule.
func (r *Rule) body(w *writer) {
	for _, l := range r.Lets {
		w.f("<xsl:variable name=%s select=%s/>\n", l.Name, l.Value)
	}
	for _, a := range r.Asserts {
		test := "not(" + a.Test + ")"
		if a.Report {
			test = a.Test
		}
		w.b.WriteString("<xsl:try>")
		w.f("<xsl:if test=%s><xsl:value-of select=%s/></xsl:if>", test, "concat('"+a.ID+"', '\t', "+where+", '\n')")
		w.f("<xsl:catch><xsl:value-of select=%s/></xsl:catch></xsl:try>\n", "concat('error ', '"+a.ID+"', '\t', "+where+", '\n')")
	}
}
