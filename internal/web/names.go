package web

import (
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countries is OOTS_Country without EU, with the first official language of each: the Member States and
// the countries of the European Economic Area. Greece is EL. [TDD 3.4]
var countries = [...]struct{ code, lang string }{
	{"AT", "de"}, {"BE", "nl"}, {"BG", "bg"}, {"CY", "el"}, {"CZ", "cs"}, {"DE", "de"}, {"DK", "da"}, {"EE", "et"},
	{"EL", "el"}, {"ES", "es"}, {"FI", "fi"}, {"FR", "fr"}, {"HR", "hr"}, {"HU", "hu"}, {"IE", "en"}, {"IS", "is"},
	{"IT", "it"}, {"LI", "de"}, {"LT", "lt"}, {"LU", "fr"}, {"LV", "lv"}, {"MT", "mt"}, {"NL", "nl"}, {"NO", "no"},
	{"PL", "pl"}, {"PT", "pt"}, {"RO", "ro"}, {"SE", "sv"}, {"SI", "sl"}, {"SK", "sk"},
}

// LanguageOf is the first official language of a country in lower case, "" for an unknown one.
func LanguageOf(country string) string {
	for _, c := range countries {
		if c.code == country {
			return c.lang
		}
	}
	return ""
}

// KnownCountry reports whether code is a country of the system.
func KnownCountry(code string) bool { return LanguageOf(code) != "" }

// A Country is a code of OOTS_Country with its name.
type Country struct{ Code, Name string }

// Countries are all countries of the system with their names in the language of the page, sorted as that
// language sorts.
func (p Printer) Countries() []Country {
	out := make([]Country, len(countries))
	for i, c := range countries {
		out[i] = Country{c.code, p.Country(c.code)}
	}
	c := collate.New(language.Make(p.lang))
	slices.SortFunc(out, func(a, b Country) int { return c.CompareString(a.Name, b.Name) })
	return out
}

// Country names a country; an unknown code names itself.
func (p Printer) Country(code string) string {
	iso := code
	if code == "EL" {
		iso = "GR"
	}
	r, err := language.ParseRegion(iso)
	if err != nil {
		return code
	}
	if name := p.regions().Name(r); name != "" {
		return name
	}
	return code
}

// Language names a language by its code, in either case; an unknown code names itself.
func (p Printer) Language(code string) string {
	tag, err := language.Parse(strings.ToLower(code))
	if err != nil {
		return code
	}
	if name := p.languages().Name(tag); name != "" {
		return name
	}
	return code
}

func (p Printer) regions() display.Namer {
	if n := display.Regions(language.Make(p.lang)); n != nil {
		return n
	}
	return display.Regions(language.English)
}

func (p Printer) languages() display.Namer {
	if n := display.Languages(language.Make(p.lang)); n != nil {
		return n
	}
	return display.Languages(language.English)
}

// ownName is the name of a language in itself: "Deutsch".
func ownName(lang string) string {
	if name := display.Self.Name(language.Make(lang)); name != "" {
		return name
	}
	return lang
}
