package demo

import (
	"net/http"
	"slices"
	"strings"

	"oots/edm"
	"oots/internal/login"
	"oots/internal/web"
)

// choosePage lets the user be one of the test persons.
type choosePage struct {
	web.Frame
	Groups []group
	Levels []level
	Wanted edm.LoA // what the login has to reach; "" for any
	Next   string
	Nobody string // that no person is chosen
	Weak   string // that the level is not enough
}

// group is the test persons of one country.
type group struct {
	Country string
	Persons []row
	Folded  bool // not those that this login is for
}

type row struct {
	Person
	Outcome string
}

type level struct {
	LoA     edm.LoA
	Name    string
	Checked bool
}

func (m *Method) choose(v *visit) error {
	query := v.R.URL.Query()
	return m.show(v, http.StatusOK, choosePage{Next: web.SafeNext(query.Get("next"), "/"), Wanted: login.Wanted("", query.Get("level"))}, edm.High)
}

// show fills p, which says what is wanted and what is wrong.
func (m *Method) show(v *visit, status int, p choosePage, loa edm.LoA) error {
	p.Frame = v.Frame(v.T("login/demo/choose.title"))
	for _, x := range m.persons {
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Country != x.Identity.Country {
			p.Groups = append(p.Groups, group{Country: x.Identity.Country})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Persons = append(g.Persons, row{Person: x, Outcome: Explain(v.Printer, x.Outcome)})
	}
	m.order(p.Groups, p.Next)
	if p.Nobody != "" && len(p.Groups) > 0 {
		p.Errors = []web.FieldError{{Field: "person-" + p.Groups[0].Persons[0].Key, Text: p.Nobody}}
	}
	if p.Weak != "" {
		p.Errors = append(p.Errors, web.FieldError{Field: "loa-" + string(edm.High), Text: p.Weak})
	}
	for _, l := range []level{
		{edm.High, v.T("login/demo/choose.high"), loa == edm.High},
		{edm.Substantial, v.T("login/demo/choose.substantial"), loa == edm.Substantial},
		{edm.Low, v.T("login/demo/choose.low"), loa == edm.Low},
	} {
		if l.LoA.AtLeast(p.Wanted) {
			p.Levels = append(p.Levels, l)
		}
	}
	return v.Show(status, "choose", &p)
}

// order puts those persons first who get something done here, and folds the others: in the preview space
// of a country it is people whose documents lie there, elsewhere people from abroad.
func (m *Method) order(groups []group, next string) {
	atHome := strings.HasPrefix(next, "/preview/")
	fits := func(g group) bool { return (g.Country == m.country) == atHome }
	slices.SortStableFunc(groups, func(a, b group) int {
		switch {
		case fits(a) == fits(b):
			return 0
		case fits(a):
			return -1
		}
		return 1
	})
	for i := range groups {
		groups[i].Folded = i > 0 && !fits(groups[i])
	}
}

// complete ends the login as the chosen person.
func (m *Method) complete(v *visit, done func(http.ResponseWriter, *http.Request, login.Identity, string)) error {
	form := v.R.PostForm
	page := choosePage{Next: web.SafeNext(form.Get("next"), "/"), Wanted: login.Wanted("", form.Get("level"))}
	loa := edm.LoA(form.Get("loa"))
	if !loa.AtLeast(edm.Low) {
		loa = edm.High
	}
	i := slices.IndexFunc(m.persons, func(p Person) bool { return p.Key == form.Get("person") })
	switch {
	case i < 0:
		page.Nobody = v.T("login/demo/choose.nobody")
	case !loa.AtLeast(page.Wanted):
		page.Weak, loa = v.T("login/demo/choose.levelHint"), edm.High
	default:
		id := m.persons[i].Identity.AtLevel(loa)
		id.Method, id.At = m.Name(), v.Now()
		done(v.W, v.R, id, page.Next)
		return nil
	}
	return m.show(v, http.StatusUnprocessableEntity, page, loa)
}
