package demo

import (
	"net/http"

	"oots/edm"
	"oots/internal/login"
	"oots/internal/web"
)

// choosePage lets the user be one of the test persons.
type choosePage struct {
	web.Frame
	Groups []group
	Levels []level
	Next   string
}

// group is the test persons of one country.
type group struct {
	Country string
	Persons []row
}

type row struct {
	Person
	Outcome string
	Checked bool
}

type level struct {
	LoA     edm.LoA
	Name    string
	Checked bool
}

func (m *Method) choose(v *visit) error {
	return m.show(v, http.StatusOK, web.SafeNext(v.R.URL.Query().Get("next"), "/"), "", edm.High, nil)
}

func (m *Method) show(v *visit, status int, next, key string, loa edm.LoA, errs []web.FieldError) error {
	p := choosePage{Frame: v.Frame(v.T("login/demo/choose.title")), Next: next}
	p.Errors = errs
	for _, x := range m.persons {
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Country != x.Identity.Country {
			p.Groups = append(p.Groups, group{Country: x.Identity.Country})
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Persons = append(g.Persons, row{Person: x, Outcome: Explain(v.Printer, x.Outcome), Checked: x.Key == key})
	}
	p.Levels = []level{
		{edm.High, v.T("login/demo/choose.high"), loa == edm.High},
		{edm.Substantial, v.T("login/demo/choose.substantial"), loa == edm.Substantial},
		{edm.Low, v.T("login/demo/choose.low"), loa == edm.Low},
	}
	return v.Show(status, "choose", &p)
}

// complete ends the login as the chosen person.
func (m *Method) complete(v *visit, done func(http.ResponseWriter, *http.Request, login.Identity, string)) error {
	form := v.R.PostForm
	next, key, loa := web.SafeNext(form.Get("next"), "/"), form.Get("person"), edm.LoA(form.Get("loa"))
	if !loa.AtLeast(edm.Low) {
		loa = edm.High
	}
	for _, p := range m.persons {
		if p.Key == key {
			id := p.Identity
			id.Person.LoA = loa
			done(v.W, v.R, id, next)
			return nil
		}
	}
	wrong := []web.FieldError{{Field: "person-" + m.first(), Text: v.T("login/demo/choose.nobody")}}
	return m.show(v, http.StatusUnprocessableEntity, next, "", loa, wrong)
}

// first is the key that a mistake in the list points to.
func (m *Method) first() string {
	if len(m.persons) == 0 {
		return ""
	}
	return m.persons[0].Key
}
