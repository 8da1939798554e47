package page

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"oots/internal/repository"
	"oots/internal/web"
)

// perPage is how many assets one page lists.
const perPage = 50

// listPage lists the assets that fit.
type listPage struct {
	web.Frame
	Action    string
	Home      string
	Text      string
	Types     []option
	Countries []option
	Rows      []assetLine
	Total     int
	First     int // number of the first row; 1-based
	Last      int
	Previous  string // path; "" for none
	Next      string
	Filtered  bool
	Unheld    []profile // models that others publish; only where models are listed
}

// option is a choice of a list.
type option struct {
	Value, Label string
	Selected     bool
}

// An assetLine is one row of a list.
type assetLine struct {
	Title   web.Foreign
	Href    string
	Type    string
	Places  string
	Version string
	Status  string
	Mood    string
}

func (p *Page) list(v *visit) error {
	form := v.R.URL.Query()
	q := repository.Query{Type: repository.Type(form.Get("type")), Country: form.Get("country"), Text: form.Get("q"), Version: form.Get("version"), Status: repository.Status(form.Get("status"))}
	if len(q.Text) > 300 {
		return &web.Problem{Status: http.StatusBadRequest, Kind: web.BadForm, Back: p.config.Path + "/"}
	}
	if a, err := p.config.Service.Resolve(v.R.Context(), strings.TrimSpace(q.Text)); err == nil { // an identifier was typed
		return v.Redirect(p.local(a, ""))
	}
	found, err := p.config.Service.Search(v.R.Context(), q)
	if err != nil {
		return err
	}
	all, err := p.config.Service.Search(v.R.Context(), repository.Query{})
	if err != nil {
		return err
	}
	page := listPage{Frame: v.Frame(v.T("repository/page/list.title")), Action: p.config.Path + "/assets", Home: p.config.Path + "/", Text: q.Text,
		Types: typeOptions(v, all, q.Type), Countries: countryOptions(v, all, q.Country), Total: len(found), Filtered: q != repository.Query{}}
	if q.Type != "" {
		page.Title = typeName(v, q.Type)
	}
	if q.Type == repository.DataModel {
		page.Unheld = unheld()
	}
	at, _ := strconv.Atoi(form.Get("from"))
	at = max(0, min(at, len(found)))
	end := min(at+perPage, len(found))
	page.First, page.Last = at+1, end
	for _, a := range found[at:end] {
		page.Rows = append(page.Rows, p.line(v, a))
	}
	turn := func(from int) string {
		next := url.Values{}
		for k, values := range form {
			if k != "from" && values[0] != "" {
				next.Set(k, values[0])
			}
		}
		if from > 0 {
			next.Set("from", strconv.Itoa(from))
		}
		return page.Action + "?" + next.Encode()
	}
	if at > 0 {
		page.Previous = turn(max(0, at-perPage))
	}
	if end < len(found) {
		page.Next = turn(end)
	}
	return v.Show(http.StatusOK, "list", &page)
}

func (p *Page) line(v *visit, a *repository.Asset) assetLine {
	l := assetLine{Title: title(v, a), Href: p.local(a, ""), Type: typeName(v, a.Type), Version: shownVersion(a), Status: statusName(v, a.Status), Mood: mood(a.Status)}
	var names []string
	for _, c := range a.Jurisdictions {
		names = append(names, place(v, c))
	}
	l.Places = strings.Join(names, ", ")
	return l
}

// title is the title of an asset in the language of the page, else in English, else any.
func title(v *visit, a *repository.Asset) web.Foreign {
	t := a.Title(v.Lang())
	return v.As(t.Lang, t.Value)
}

// shownVersion is the version that means something to people: not the number of a revision.
func shownVersion(a *repository.Asset) string {
	if a.Live && a.Type != repository.CodeList {
		return ""
	}
	return a.Version
}

func typeOptions(v *visit, all []*repository.Asset, chosen repository.Type) []option {
	out := []option{{"", v.T("repository/page/list.anyType"), chosen == ""}}
	for _, t := range repository.Types() {
		if t == chosen || slices.ContainsFunc(all, func(a *repository.Asset) bool { return a.Type == t }) {
			out = append(out, option{string(t), typeName(v, t), t == chosen})
		}
	}
	return out
}

func countryOptions(v *visit, all []*repository.Asset, chosen string) []option {
	used := map[string]bool{}
	for _, a := range all {
		for _, c := range a.Countries() {
			used[c] = true
		}
	}
	out := []option{{"", v.T("repository/page/list.anyCountry"), chosen == ""}, {"EU", place(v, "EU"), chosen == "EU"}}
	for _, c := range v.Countries() {
		if used[c.Code] {
			out = append(out, option{c.Code, c.Name, c.Code == chosen})
		}
	}
	return out
}
