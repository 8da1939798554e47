package catalogue

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/internal/web"
)

// startPage leads from life events to procedures.
type startPage struct {
	web.Frame
	Base      string
	Counts    directory.Counts
	Types     int
	Find      string // always ""
	Events    []event
	Countries []web.Country
}

// An event is a life event with its procedures: the letter of their codes. [Regulation (EU) 2018/1724 annex II]
type event struct {
	Name       string
	Procedures []procedureLine
}

type procedureLine struct {
	Code         string
	Label        web.Foreign
	Requirements int
	Countries    int
}

func (p *Page) start(v *visit) error {
	x := p.current()
	page := startPage{Frame: v.Frame(v.T("catalogue/start.title")), Base: p.config.Base, Counts: x.counts, Types: x.listed, Countries: countries(v, x.countries)}
	for _, code := range slices.SortedFunc(maps.Keys(x.procedures), compareCodes) {
		found := x.procedures[code]
		line := procedureLine{Code: code, Label: procedureLabel(v, code), Requirements: len(found.requirements), Countries: len(found.countries)}
		name := eventName(v, code)
		if n := len(page.Events); n == 0 || page.Events[n-1].Name != name {
			page.Events = append(page.Events, event{Name: name})
		}
		last := &page.Events[len(page.Events)-1]
		last.Procedures = append(last.Procedures, line)
	}
	return v.Show(http.StatusOK, "start", &page)
}

func procedureLabel(v *visit, code string) web.Foreign {
	if code == "00" {
		return web.Foreign{Value: v.T("catalogue/start.check")}
	}
	return v.As("en", cmp.Or(codelist.Procedures.Label(code), code))
}

// eventName is the life event that a code of Procedures belongs to.
func eventName(v *visit, code string) string {
	switch strings.TrimRight(code, "0123456789") {
	case "R":
		return v.T("catalogue/start.birth")
	case "S":
		return v.T("catalogue/start.residence")
	case "T":
		return v.T("catalogue/start.studying")
	case "U":
		return v.T("catalogue/start.working")
	case "V":
		return v.T("catalogue/start.moving")
	case "W":
		return v.T("catalogue/start.retiring")
	case "X":
		return v.T("catalogue/start.business")
	}
	return v.T("catalogue/start.other")
}

// compareCodes orders codes by letter, then by number; codes of no life event come last.
func compareCodes(a, b string) int {
	letter := func(s string) string {
		if s = strings.TrimRight(s, "0123456789"); len(s) != 1 {
			return "~" + s
		}
		return s
	}
	number := func(s string) int {
		n, _ := strconv.Atoi(strings.TrimLeft(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return n
	}
	return cmp.Or(cmp.Compare(letter(a), letter(b)), cmp.Compare(number(a), number(b)), cmp.Compare(a, b))
}

// countries names countries, in the order of the codes.
func countries(v *visit, codes []string) []web.Country {
	out := make([]web.Country, len(codes))
	for i, c := range codes {
		out[i] = web.Country{Code: c, Name: countryName(v, c)}
	}
	return out
}

// countryName names a country; EU is the Commission's own.
func countryName(v *visit, code string) string {
	if code == "EU" {
		return v.T("catalogue/start.union")
	}
	return v.Country(code)
}
