package model

import (
	"strings"
	"testing"
)

// TestBuiltins holds what each built-in type takes and refuses. Values are separated by |.
func TestBuiltins(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		builtin  Builtin
		yes, not string
	}{
		{"string", String, "|x| a \n b ", ""},
		{"token", Token, "| a  b ", ""},
		{"language", Language, "en|EN|pt-BR|x-klingon|de-1996| en ", "|e1|englishxx|en-|en_US|en-abcdefghi"},
		{"NMTOKEN", NMToken, "a|1|-a:b.c", "|a b|ä b|a/b"},
		{"NCName", NCName, "a|_x|größe", "|1a|a:b|a b"},
		{"ID", ID, "a", "1|a b"},
		{"QName", QName, "a|a:b", "|:a|a:|a:b:c|1:a"},
		{"anyURI", AnyURI, "|#|#f|a/b|?q|urn:x|http://h:80/p?q#f|http://u@h|http://[::1]:1/|//h|cid:a@b|a%20b|ä|a b|{x}|a:b", "%zz|%|#a#b|:|1:b|http://[|http://[::1]x|http://h:x/|http://[]|[x]|a[b]"},
		{"boolean", Boolean, "true|false|1|0| true ", "|TRUE|yes|2"},
		{"decimal", Decimal, "1|-1.5|+.5|1.", "|.|1e3|1,5|--1"},
		{"integer", Integer, "0|-7|+7|007", "|1.0|-|1 2"},
		{"nonNegativeInteger", NonNegativeInteger, "0|-0|+7", "-1|"},
		{"positiveInteger", PositiveInteger, "1|+7", "0|-1|"},
		{"float", Float, "1|1e3|-1.5E-3|INF|-INF|NaN", "|+INF|e3|1e|1e1.5"},
		{"date", Date, "2024-02-29|2024-12-31Z|2024-01-01+14:00|-0001-01-01|12024-01-01", "2023-02-29|2024-13-01|2024-00-10|2024-04-31|2024-1-1|0000-01-01|02024-01-01|2024-01-01+14:01|2024-01-01 Z|20240101|2024-01-01T00:00:00|1900-02-29|2024-01-0x|"},
		{"dateTime", DateTime, "2024-06-30T12:00:00|2024-06-30T12:00:00Z|2024-06-30T12:00:00.1234567-05:30|2024-06-30T24:00:00", "2024-06-30|2024-06-30T24:00:01|2024-06-30T24:00:00.1|2024-06-30T12:00|2024-06-30T12:60:00|2024-06-30T12:00:60|2024-06-30T12:00:00.|2024-06-30t12:00:00|2024-06-30T12:00:00z|2024-06-30T12:00:00+2:00|2024-06-30T12:00:00+02.00|2024-06-30T25:00:00|2024-06-30T|2024-06-30T12|2024-06-30T12:0a:00"},
		{"duration", Duration, "P1Y|P1Y2M3DT4H5M6.7S|-P1D|PT0S|P1M|PT1M", "|P|PT|1D|P1|P1H|P1DT|PT1.5H|P1M1Y|PT1.S|P-1D"},
		{"base64Binary", Base64Binary, "|b290cw==|b290 cw==", "b290cw|*"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := &compiler{schema: &Schema{types: nil}}
			c.schema.types = compiled(t).types
			s := c.builtin(tc.builtin).simple
			for v := range strings.SplitSeq(tc.yes, "|") {
				if f := s.check(v); f.rule != "" {
					t.Errorf("%q is refused", v)
				}
			}
			if tc.not == "" {
				return
			}
			for v := range strings.SplitSeq(tc.not, "|") {
				if f := s.check(v); f.rule != ValueType || f.want == "" {
					t.Errorf("%q gives %v", v, f)
				}
			}
		})
	}
}

// TestSimple holds facets, unions, lists and patterns.
func TestSimple(t *testing.T) {
	t.Parallel()
	upper := func(s string) bool { return s == strings.ToUpper(s) }
	s := compiled(t, Table{
		Simple: []Simple{
			{Name: n("Upper"), Base: Token, Pattern: upper, Want: "upper case"},
			{Name: n("Code"), Base: Ref(n("Upper")), MaxLength: 3},
			{Name: n("Either"), Union: []Type{Integer, Ref(n("Code"))}},
			{Name: n("Codes"), List: Ref(n("Code"))},
		},
		Elements: []Element{{Name: n("code"), Type: Ref(n("Code"))}, {Name: n("either"), Type: Ref(n("Either"))}, {Name: n("codes"), Type: Ref(n("Codes"))}},
	})
	for _, tc := range []struct{ element, value, want string }{
		{"code", " ABC ", ""}, {"code", "abc", "upper case"}, {"code", "ABCD", "at most 3 characters"},
		{"either", "12345", ""}, {"either", "AB", ""}, {"either", "ab", "a whole number"},
		{"codes", " A  BC\nD ", ""}, {"codes", "", ""}, {"codes", "A b", "upper case"},
	} {
		fs := check(t, s, "<"+tc.element+` xmlns="urn:t">`+tc.value+"</"+tc.element+">")
		got := ""
		if len(fs) > 0 {
			got = fs[0].Want
		}
		if got != tc.want {
			t.Errorf("%s %q: %q, want %q", tc.element, tc.value, got, tc.want)
		}
	}
}
