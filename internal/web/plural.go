package web

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// N is the text of key for a number of things: its forms are key.one, key.other and what else the language
// tells apart. The number replaces {n}.
func (p Printer) N(key string, n int) string {
	return p.T(key+"."+pluralForm(p.lang, n), "n", n)
}

// pluralForm names the form that a language uses for n things, n not negative.
func pluralForm(lang string, n int) string {
	return pluralForms[plural.Cardinal.MatchPlural(language.Make(lang), n, 0, 0, 0, 0)]
}

var pluralForms = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// PluralForms are the forms that a language tells apart for whole numbers, in the order of their first number.
func PluralForms(lang string) []string {
	var out []string
	seen := map[string]bool{}
	for n := range 1001 {
		if f := pluralForm(lang, n); !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	return out
}
