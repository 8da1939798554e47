package catalogue

import (
	"net/http"

	"oots/directory"
	"oots/edm"
	"oots/internal/web"
)

// matrixPage is who provides what: requirements and countries. On a narrow screen each requirement is a list of
// countries.
type matrixPage struct {
	web.Frame
	Base      string
	Countries []web.Country
	Rows      []matrixRow
	Pager     pager
}

type matrixRow struct {
	Requirement requirementLine
	Cells       []cell
	Silent      int // countries that say nothing
}

// requirementLine is a requirement as a link.
type requirementLine struct {
	Key   string
	Names edm.Texts
}

// A cell is what a country says to a requirement.
type cell struct {
	web.Country
	Lists   int  // ways to prove it
	NoMatch bool // the country says that it has nothing
}

// Silent reports whether the country says nothing.
func (c cell) Silent() bool { return c.Lists == 0 && !c.NoMatch }

func (p *Page) matrix(v *visit) error {
	x := p.current()
	page := matrixPage{Frame: v.Frame(v.T("catalogue/matrix.title")), Base: p.config.Base, Countries: countries(v, x.countries)}
	all := make([]*directory.Requirement, len(x.catalogue.Requirements))
	for i := range x.catalogue.Requirements {
		all[i] = &x.catalogue.Requirements[i]
	}
	var shown []*directory.Requirement
	shown, page.Pager = paged(v.R.URL, byName(v, all))
	for _, r := range shown {
		row := matrixRow{Requirement: lineOf(r), Cells: cells(r, page.Countries)}
		for _, c := range row.Cells {
			if c.Silent() {
				row.Silent++
			}
		}
		page.Rows = append(page.Rows, row)
	}
	return v.Show(http.StatusOK, "matrix", &page)
}

func lineOf(r *directory.Requirement) requirementLine {
	return requirementLine{requirementKey(r), r.Names}
}

// cells says for each country what it says to r.
func cells(r *directory.Requirement, all []web.Country) []cell {
	out := make([]cell, len(all))
	at := make(map[string]int, len(all))
	for i, c := range all {
		out[i].Country = c
		at[c.Code] = i
	}
	for i := range r.Lists {
		n, ok := at[r.Lists[i].Place().Country]
		switch {
		case !ok:
		case r.Lists[i].MatchType == directory.NoMatch:
			out[n].NoMatch = true
		default:
			out[n].Lists++
		}
	}
	return out
}
