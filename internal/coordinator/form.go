package coordinator

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"oots/edm"
	"oots/internal/web"
)

// A group is a part of a form under one heading.
type group struct {
	ID, Title, Hint string
	Fields          []field
}

// A field is one question of a form. Form says how it is asked.
type field struct {
	Form     string // text, texts, choice, choices, codes, file or fact
	Name     string // of the inputs; also the id of the first
	Label    string
	Hint     string
	Value    string // of a text; of a fact
	Rows     []textRow
	Long     bool // texts of more than a line
	Options  []option
	Langs    []string  // columns of codes
	Codes    []codeRow // rows of codes
	Accept   string    // of a file
	Mistake  string
	Findings []remark // of the check, about this field
}

// textRow is a text in one language.
type textRow struct {
	N         int
	Lang      string
	Value     string
	Languages []option
}

// codeRow is one code with its names, one for each column.
type codeRow struct {
	N     int
	Code  string
	Names []string
}

// option is a choice.
type option struct {
	Value, Label, Hint string
	Chosen             bool
}

// languages are those that texts are written in: the official ones of the Union and the European Economic Area.
var languages = []string{"BG", "CS", "DA", "DE", "EL", "EN", "ES", "ET", "FI", "FR", "GA", "HR", "HU", "IS", "IT", "LT", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SK", "SL", "SV"}

// maxRows bounds the rows of one field.
const maxRows = 60

// texts asks for a text in several languages; more is how many empty rows follow.
func texts(v *visit, name, label, hint string, t edm.Texts, long bool, more int) field {
	f := field{Form: "texts", Name: name, Label: label, Hint: hint, Long: long}
	row := func(lang, value string) {
		r := textRow{N: len(f.Rows), Lang: lang, Value: value}
		for _, l := range languages {
			r.Languages = append(r.Languages, option{Value: l, Label: v.Language(l), Chosen: l == lang})
		}
		if lang != "" && !slices.Contains(languages, lang) {
			r.Languages = append(r.Languages, option{Value: lang, Label: lang, Chosen: true})
		}
		f.Rows = append(f.Rows, r)
	}
	for _, x := range t {
		row(x.Lang, x.Value)
	}
	if len(t) == 0 {
		more = max(more, 1)
	}
	for range more {
		row(nextLanguage(f.Rows, v), "")
	}
	return f
}

// nextLanguage suggests the language of a new row: English first, then none.
func nextLanguage(rows []textRow, _ *visit) string {
	if len(rows) == 0 {
		return "EN"
	}
	return ""
}

func line(name, label, hint, value string) field {
	return field{Form: "text", Name: name, Label: label, Hint: hint, Value: value}
}

// fact shows what cannot be changed.
func fact(label, value string) field { return field{Form: "fact", Label: label, Value: value} }

func choice(name, label, hint string, options []option) field {
	return field{Form: "choice", Name: name, Label: label, Hint: hint, Options: options}
}

// must is a choice that begins with none.
func must(v *visit, name, label string, options []option) field {
	none := option{Label: v.T("coordinator/form.choose"), Chosen: !slices.ContainsFunc(options, func(o option) bool { return o.Chosen })}
	return choice(name, label, "", append([]option{none}, options...))
}

func choices(name, label, hint string, options []option) field {
	return field{Form: "choices", Name: name, Label: label, Hint: hint, Options: options}
}

// An input is what was written into a form.
type input struct{ url.Values }

// text is one line, without white space around it.
func (in input) text(name string) string { return strings.TrimSpace(in.Get(name)) }

// texts are the rows of a field that say something, in their order.
func (in input) texts(name string) edm.Texts {
	var out edm.Texts
	for n := range maxRows {
		at := name + "." + strconv.Itoa(n)
		if !in.Has(at + ".value") {
			break
		}
		if value := in.text(at + ".value"); value != "" {
			out = append(out, edm.Text{Lang: in.text(at + ".lang"), Value: value})
		}
	}
	return out
}

// list are the chosen values of a field.
func (in input) list(name string) []string { return in.Values[name] }

// more is how many empty rows a field has to show: one when its button was pressed.
func (in input) more(name string) int {
	if in.Get("more") == name {
		return 1
	}
	return 0
}

// mistakes collects what is wrong with an input.
type mistakes []web.FieldError

func (m *mistakes) add(field, text string) { *m = append(*m, web.FieldError{Field: field, Text: text}) }

// wantTexts wants at least one text, and a language for each, no language twice.
func (m *mistakes) wantTexts(v *visit, name string, t edm.Texts, needed bool) {
	if needed && len(t) == 0 {
		m.add(name, v.T("coordinator/form.needed"))
	}
	seen := map[string]bool{}
	for _, x := range t {
		switch {
		case x.Lang == "":
			m.add(name, v.T("coordinator/form.language"))
		case seen[x.Lang]:
			m.add(name, v.T("coordinator/form.twice", "language", v.Language(x.Lang)))
		}
		seen[x.Lang] = true
	}
}

// place puts mistakes and findings beside the fields that they are about; it returns the findings that are about none.
func place(groups []group, ms mistakes, remarks []remark) (rest []remark) {
	at := map[string]*field{}
	for i := range groups {
		for j := range groups[i].Fields {
			f := &groups[i].Fields[j]
			at[f.Name] = f
		}
	}
	for _, m := range ms {
		if f := at[m.Field]; f != nil {
			f.Mistake = strings.TrimSpace(f.Mistake + " " + m.Text)
		}
	}
	for _, r := range remarks {
		if f := at[r.Field]; f != nil && r.Field != "" {
			f.Findings = append(f.Findings, r)
		} else {
			rest = append(rest, r)
		}
	}
	return rest
}

// Number counts rows as people do.
func (r textRow) Number() int { return r.N + 1 }

// LangAttr is the language of the text as the lang attribute wants it; "" for an empty row.
func (r textRow) LangAttr() string {
	if r.Value == "" {
		return ""
	}
	return strings.ToLower(r.Lang)
}

// Number counts rows as people do.
func (r codeRow) Number() int { return r.N + 1 }

// Said reports whether the field says anything: what does not is left out for those who only look.
func (f field) Said() bool {
	chosen := slices.ContainsFunc(f.Options, func(o option) bool { return o.Chosen && f.Form != "codes" })
	said := slices.ContainsFunc(f.Rows, func(r textRow) bool { return r.Value != "" })
	coded := slices.ContainsFunc(f.Codes, func(r codeRow) bool { return r.Code != "" })
	return f.Value != "" || chosen || said || coded
}
