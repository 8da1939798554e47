package web

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"oots/edm"
)

// A Printer says texts, names, dates and sizes in one language.
type Printer struct {
	catalog *Catalog
	lang    string
	zone    *time.Location
}

// Printer returns the printer of lang, which shows times in zone; nil is UTC.
func (c *Catalog) Printer(lang string, zone *time.Location) Printer {
	if zone == nil {
		zone = time.UTC
	}
	return Printer{catalog: c, lang: lang, zone: zone}
}

// Lang is the language in lower case, as the lang attribute wants it.
func (p Printer) Lang() string { return p.lang }

// T is the text of key. Params are pairs of name and value: the value replaces {name} in the text. The
// result is plain text.
func (p Printer) T(key string, params ...any) string {
	return fill(p.catalog.text(p.lang, key), params, plain)
}

// H is T as HTML: text and values are escaped, and a Foreign value carries its language along.
func (p Printer) H(key string, params ...any) template.HTML {
	return template.HTML(fill(template.HTMLEscapeString(p.catalog.text(p.lang, key)), params, markup))
}

// fill replaces all placeholders in one pass: a value that looks like a placeholder stays what it is.
func fill(text string, params []any, form func(any) string) string {
	if len(params) < 2 {
		return text
	}
	pairs := make([]string, 0, len(params))
	for i := 0; i+1 < len(params); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(params[i])+"}", form(params[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func plain(v any) string {
	if f, ok := v.(Foreign); ok {
		return f.Value
	}
	return fmt.Sprint(v)
}

func markup(v any) string {
	switch v := v.(type) {
	case Foreign:
		return string(v.HTML())
	case template.HTML:
		return string(v)
	}
	return template.HTMLEscapeString(fmt.Sprint(v))
}

// Foreign is a text that may be in another language than the page. [WCAG 3.1.2]
type Foreign struct {
	Value string
	Lang  string // lower case; "" when it is the language of the page, or unknown
}

// HTML is the text, marked with its language and set apart from the direction of the sentence.
func (f Foreign) HTML() template.HTML {
	text := template.HTMLEscapeString(f.Value)
	if f.Lang == "" {
		return template.HTML(text)
	}
	return template.HTML(`<bdi lang="` + template.HTMLEscapeString(f.Lang) + `">` + text + `</bdi>`)
}

// In chooses the text in the language of the page, else in English, else the first.
func (p Printer) In(t edm.Texts) Foreign {
	x := t.In(p.lang)
	lang := strings.ToLower(x.Lang)
	if lang == p.lang {
		lang = ""
	}
	return Foreign{Value: x.Value, Lang: lang}
}

// Show is In as HTML.
func (p Printer) Show(t edm.Texts) template.HTML { return p.In(t).HTML() }

// Marked is Show, followed by the name of the language when it is not the language of the page.
func (p Printer) Marked(t edm.Texts) template.HTML {
	f := p.In(t)
	if f.Lang == "" {
		return f.HTML()
	}
	note := p.H("web/printer.shownIn", "language", p.Language(f.Lang))
	return f.HTML() + ` <span class="shown-in">` + note + `</span>`
}

// As is a text in the language with the code, in either case: the title of a document.
func (p Printer) As(lang, text string) Foreign {
	lang = strings.ToLower(lang)
	if lang == p.lang {
		lang = ""
	}
	return Foreign{Value: text, Lang: lang}
}

// Original is a name in the script of country, marked with the language of that country.
func (p Printer) Original(country, name string) template.HTML {
	return p.As(LanguageOf(country), name).HTML()
}
