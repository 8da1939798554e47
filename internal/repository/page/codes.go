package page

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"oots/codelist"
	"oots/directory/genericode"
	"oots/internal/repository"
	"oots/internal/web"
)

// maxCodes bounds how many rows one page of a code list shows.
const maxCodes = 200

// codes is the table of a code list, or the part of it that is looked for.
type codes struct {
	Action  string // path of the search within the list
	Find    string
	Columns []string
	Rows    [][]web.Foreign
	Found   int
	Total   int
	More    string // path of the next rows; "" for none
	Back    string // path of the first rows; "" when these are they
}

// codes reads the table of a code list; nil for an asset that has none.
func (p *Page) codes(v *visit, a *repository.Asset, exact bool) (*codes, error) {
	l, err := p.config.Service.List(v.R.Context(), a)
	if err != nil || l == nil {
		return nil, err
	}
	c := &codes{Action: p.local(a, ""), Find: v.R.URL.Query().Get("find"), Total: len(l.Rows)}
	if exact {
		c.Action = p.local(a, a.Version)
	}
	used := columnsInUse(l)
	for _, i := range used {
		c.Columns = append(c.Columns, columnName(v, &l.Columns[i]))
	}
	words := strings.Fields(repository.Fold(c.Find))
	from, _ := strconv.Atoi(v.R.URL.Query().Get("from"))
	for _, row := range l.Rows {
		if len(words) > 0 && !contains(row, words) {
			continue
		}
		c.Found++
		if c.Found <= from || len(c.Rows) == maxCodes {
			continue
		}
		cells := make([]web.Foreign, len(used))
		for i, at := range used {
			cells[i] = v.As(tag(l.Columns[at].Lang), row[at])
		}
		c.Rows = append(c.Rows, cells)
	}
	turn := func(n int) string {
		q := url.Values{"from": {strconv.Itoa(n)}}
		if c.Find != "" {
			q.Set("find", c.Find)
		}
		return c.Action + "?" + q.Encode()
	}
	if next := max(from, 0) + len(c.Rows); next < c.Found && len(c.Rows) > 0 {
		c.More = turn(next)
	}
	if from > 0 {
		c.Back = turn(0)
	}
	return c, nil
}

// columnsInUse are the columns in which some row has a value: the code first.
func columnsInUse(l *genericode.List) []int {
	var out []int
	for i := range l.Columns {
		if l.Columns[i].Key || slices.ContainsFunc(l.Rows, func(row []string) bool { return row[i] != "" }) {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		switch {
		case l.Columns[a].Key == l.Columns[b].Key:
			return 0
		case l.Columns[a].Key:
			return -1
		}
		return 1
	})
	return out
}

// columnName is what a column is called: names are told apart by their language.
func columnName(v *visit, c *genericode.Column) string {
	switch {
	case c.Key:
		return v.T("repository/page/codes.code")
	case tag(c.Lang) != "":
		return v.Language(c.Lang)
	case c.Name != "":
		return c.Name
	}
	return c.ID
}

// tag is the language of a column, "" for other words that stand there.
func tag(lang string) string {
	if codelist.Languages.Has(strings.ToUpper(lang)) {
		return lang
	}
	return ""
}

func contains(row, words []string) bool {
	all := repository.Fold(strings.Join(row, " "))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) })
}

// procedures groups the procedures that ask for a requirement by their code.
func procedures(v *visit, a *repository.Asset) []procedureLine {
	byCode := map[string][]string{}
	for _, x := range a.Procedures {
		byCode[x.Code] = append(byCode[x.Code], x.Country)
	}
	var out []procedureLine
	for _, code := range codelist.Procedures.Codes() {
		if names := byCode[code]; names != nil {
			out = append(out, line(v, code, names))
			delete(byCode, code)
		}
	}
	for code, names := range byCode { // of a newer list
		out = append(out, line(v, code, names))
	}
	slices.SortStableFunc(out[len(out)-len(byCode):], func(a, b procedureLine) int { return strings.Compare(a.Code, b.Code) })
	return out
}

func line(v *visit, code string, countries []string) procedureLine {
	return procedureLine{code, codelist.Procedures.Label(code), strings.Join(places(v, countries), ", ")}
}

// differencePage says what an edition of a code list changed.
type differencePage struct {
	web.Frame
	Name     web.Foreign
	Old, New string
	Back     string
	Rows     []changeLine
	Named    bool // some change has a name or a value
	Added    int
	Removed  int
	Renamed  int
	Reworded int
	Swap     string // path of the comparison the other way round
}

// changeLine is one change in words.
type changeLine struct {
	genericode.Change
	Kind, Mood string
}

func (p *Page) compare(v *visit, a *repository.Asset, old string) error {
	ctx := v.R.Context()
	before, _, err := p.config.Service.Find(ctx, a.Path()+"/"+old)
	if err != nil {
		return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.local(a, "")}
	}
	x, err := p.config.Service.List(ctx, before)
	if err != nil {
		return err
	}
	y, err := p.config.Service.List(ctx, a)
	if err != nil {
		return err
	}
	if x == nil || y == nil {
		return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.local(a, "")}
	}
	page := differencePage{Frame: v.Frame(v.T("repository/page/codes.difference", "old", old, "new", a.Version)), Name: title(v, a), Old: old, New: a.Version, Back: p.local(a, ""),
		Swap: p.local(a, old) + "?compare=" + query(a.Version)}
	for _, c := range genericode.Diff(x, y) {
		l := changeLine{Change: c}
		page.Named = page.Named || c.Name != "" || c.Column != ""
		switch c.Kind {
		case genericode.Added:
			page.Added++
			l.Kind, l.Mood = v.T("repository/page/codes.added"), "good"
		case genericode.Removed:
			page.Removed++
			l.Kind, l.Mood = v.T("repository/page/codes.removed"), "bad"
		case genericode.Renamed:
			page.Renamed++
			l.Kind, l.Mood = v.T("repository/page/codes.renamed"), "warn"
		default:
			page.Reworded++
			l.Kind, l.Mood = v.T("repository/page/codes.reworded"), "busy"
		}
		page.Rows = append(page.Rows, l)
	}
	return v.Show(http.StatusOK, "difference", &page)
}

// query escapes a value of a parameter.
func query(s string) string { return url.QueryEscape(s) }
