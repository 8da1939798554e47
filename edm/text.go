package edm

import "strings"

// A Text is a text in one language. Lang is a code of LanguageCode in upper case ("EN"). [R-EDM-REQ-C009]
type Text struct{ Lang, Value string }

// Texts is the same text in several languages, in the order of the message.
type Texts []Text

// In returns the text in lang (compared without case), else in English, else the first; the zero Text
// when there is none. The caller shows Lang when it is not the language asked for.
func (t Texts) In(lang string) Text {
	for _, want := range []string{lang, "EN"} {
		for _, x := range t {
			if strings.EqualFold(x.Lang, want) {
				return x
			}
		}
	}
	if len(t) > 0 {
		return t[0]
	}
	return Text{}
}

// An Identifier is a value with its scheme, as sdg:Identifier carries it.
type Identifier struct {
	Scheme string // @schemeID; "" when absent
	Value  string
}
