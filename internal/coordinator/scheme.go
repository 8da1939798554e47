package coordinator

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"oots/directory"
	"oots/directory/genericode"
	"oots/directory/lcm"
	"oots/edm"
)

// schemeSheet is a classification scheme: a code list of the country with its version.
type schemeSheet struct {
	List directory.CodeList
	Name string // the end of the URL, for a new one

	isNew bool
	langs []string // columns of the form
	p     *Page
	d     *draft
}

// maxCodes bounds the codes of a form; longer lists come as files.
const maxCodes = 200

var schemeName = regexp.MustCompile(`^[A-Za-z0-9]{2,50}$`)

func openScheme(p *Page, d *draft, id string, _ input) (sheet, bool) {
	for _, l := range d.at(directory.SemanticRepository).CodeLists {
		if l.URL == id {
			return &schemeSheet{List: l, p: p, d: d}, true
		}
	}
	return &schemeSheet{isNew: true, List: directory.CodeList{Version: "1.0"}, p: p, d: d}, id == ""
}

func (s *schemeSheet) id() string {
	if s.isNew {
		return ""
	}
	return s.List.URL
}

func (s *schemeSheet) title() string { return s.List.URL[strings.LastIndexByte(s.List.URL, '/')+1:] }
func (s *schemeSheet) fresh() bool   { return s.isNew }
func (s *schemeSheet) content() any  { return s.List }

func (s *schemeSheet) groups(v *visit, in input) []group {
	g := group{ID: "scheme", Title: v.T("coordinator/scheme.scheme")}
	if s.isNew {
		g.Fields = append(g.Fields, line("short", v.T("coordinator/scheme.name"), v.T("coordinator/scheme.nameHint", "example", s.p.url("codelists/"+s.d.country+"/Communes")), s.Name))
	} else {
		g.Fields = append(g.Fields, fact(v.T("coordinator/scheme.url"), s.List.URL))
	}
	g.Fields = append(g.Fields, line("version", v.T("coordinator/scheme.version"), v.T("coordinator/scheme.versionHint"), s.List.Version))
	codes := group{ID: "codes", Title: v.T("coordinator/scheme.codes")}
	if len(s.List.Codes) > maxCodes {
		codes.Fields = append(codes.Fields, fact(v.T("coordinator/scheme.many"), fmt.Sprint(len(s.List.Codes))))
	} else {
		codes.Fields = append(codes.Fields, s.codesField(v, in))
	}
	codes.Fields = append(codes.Fields, field{Form: "file", Name: "file", Label: v.T("coordinator/scheme.file"), Hint: v.T("coordinator/scheme.fileHint"), Accept: ".gc,.xml,text/xml,application/xml"})
	return []group{g, codes}
}

// codesField has a row for each code, and a column for each language that a name is in.
func (s *schemeSheet) codesField(v *visit, in input) field {
	f := field{Form: "codes", Name: "codes", Label: v.T("coordinator/scheme.rows"), Hint: v.T("coordinator/scheme.rowsHint"), Langs: s.columns()}
	row := func(c directory.Code) {
		r := codeRow{N: len(f.Codes), Code: c.Code}
		for _, l := range f.Langs {
			r.Names = append(r.Names, nameIn(c.Names, l))
		}
		f.Codes = append(f.Codes, r)
	}
	for _, c := range s.List.Codes {
		row(c)
	}
	blank := 1
	if len(s.List.Codes) == 0 || in.more("codes") > 0 {
		blank = 5
	}
	for range min(blank, maxCodes-len(f.Codes)) {
		row(directory.Code{})
	}
	for _, l := range languages {
		if !slices.Contains(f.Langs, l) {
			f.Options = append(f.Options, option{Value: l, Label: v.Language(l)})
		}
	}
	return f
}

// columns are the languages of the names: English, those that are used, and one that was added.
func (s *schemeSheet) columns() []string {
	out := []string{"EN"}
	add := func(l string) {
		if l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	for _, c := range s.List.Codes {
		for _, n := range c.Names {
			add(n.Lang)
		}
	}
	for _, l := range s.langs {
		add(l)
	}
	return out
}

func nameIn(t edm.Texts, lang string) string {
	for _, x := range t {
		if x.Lang == lang {
			return x.Value
		}
	}
	return ""
}

func (s *schemeSheet) take(v *visit, in input) mistakes {
	var m mistakes
	s.List.Version = in.text("version")
	if s.isNew {
		s.Name = in.text("short")
		s.List.URL = s.p.url("codelists/" + s.d.country + "/" + s.Name)
		switch {
		case !schemeName.MatchString(s.Name):
			m.add("short", v.T("coordinator/scheme.badName"))
		case slices.ContainsFunc(s.d.at(directory.SemanticRepository).CodeLists, func(l directory.CodeList) bool { return l.URL == s.List.URL }):
			m.add("short", v.T("coordinator/scheme.taken"))
		}
	}
	if file := in.Get("file"); file != "" {
		s.takeFile(v, file, &m)
	} else if in.Has("codes.0.code") {
		s.takeRows(v, in, &m)
	}
	if s.List.Version == "" {
		m.add("version", v.T("coordinator/scheme.noVersion"))
	}
	if len(s.List.Codes) == 0 && in.Get("more") == "" {
		m.add("codes", v.T("coordinator/scheme.noCodes"))
	}
	return m
}

// takeFile reads a Genericode file: its codes, and its version when it has one. The address stays ours.
func (s *schemeSheet) takeFile(v *visit, file string, m *mistakes) {
	l, err := genericode.Parse([]byte(file))
	if err != nil {
		m.add("file", v.T("coordinator/scheme.badFile", "reason", err.Error()))
		return
	}
	s.List.Codes = l.Codes()
	if l.Version != "" {
		s.List.Version = l.Version
	}
}

func (s *schemeSheet) takeRows(v *visit, in input, m *mistakes) {
	s.langs = append(in.list("column"), in.list("addColumn")...)
	s.langs = slices.DeleteFunc(s.langs, func(l string) bool { return !slices.Contains(languages, l) })
	s.List.Codes = nil
	seen := map[string]bool{}
	for n := range maxCodes {
		at := "codes." + strconv.Itoa(n)
		if !in.Has(at + ".code") {
			break
		}
		c := directory.Code{Code: in.text(at + ".code")}
		for _, l := range in.list("column") {
			if name := in.text(at + "." + l); name != "" {
				c.Names = append(c.Names, edm.Text{Lang: l, Value: name})
			}
		}
		switch {
		case c.Code == "" && len(c.Names) > 0:
			m.add("codes", v.T("coordinator/scheme.noCode", "name", c.Names[0].Value))
		case c.Code == "":
			continue
		case seen[c.Code]:
			m.add("codes", v.T("coordinator/scheme.twice", "code", c.Code))
		}
		seen[c.Code] = true
		s.List.Codes = append(s.List.Codes, c)
	}
}

func (s *schemeSheet) put(d *draft) {
	p := d.edit(directory.SemanticRepository)
	s.isNew = false
	if at := slices.IndexFunc(p.CodeLists, func(l directory.CodeList) bool { return l.URL == s.List.URL }); at >= 0 {
		p.CodeLists[at] = s.List
		return
	}
	p.CodeLists = append(p.CodeLists, s.List)
}

func (s *schemeSheet) remove(d *draft) {
	p := d.edit(directory.SemanticRepository)
	p.CodeLists = slices.DeleteFunc(p.CodeLists, func(l directory.CodeList) bool { return l.URL == s.List.URL })
}

func (s *schemeSheet) concerns(f *lcm.Finding) bool {
	return f.Node == lcm.NodeScheme && f.Record == s.List.URL
}
