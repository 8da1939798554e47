package coordinator

import (
	"errors"
	"net/http"
	"strings"

	"oots/internal/password"
	"oots/internal/store"
	"oots/internal/web"
)

// loginPage asks who somebody is.
type loginPage struct {
	web.Frame
	Base string
	Name string
	Next string
	Demo []demoLine
}

// demoLine is an account that anybody may be.
type demoLine struct {
	Account
	CountryName, RoleName string
}

func (p *Page) login(v *visit) error {
	next := web.SafeNext(v.R.URL.Query().Get("next"), "")
	return p.showLogin(v, http.StatusOK, "", next, nil)
}

func (p *Page) showLogin(v *visit, status int, name, next string, mistakes []web.FieldError) error {
	if v.Session.CSRF == "" {
		if err := v.Save(); err != nil {
			return err
		}
	}
	page := loginPage{Frame: v.Frame(v.T("coordinator/login.title")), Base: p.config.Base, Name: name, Next: next}
	page.Errors = mistakes
	for _, a := range p.config.Demo {
		page.Demo = append(page.Demo, demoLine{a, countryName(v, a.Country), roleName(v, a.Role)})
	}
	return v.Show(status, "login", &page)
}

// postLogin lets the owner of an account in. Wrong name, wrong password and a disabled account answer the same.
func (p *Page) postLogin(v *visit) error {
	form := v.R.PostForm
	name, next := strings.ToLower(strings.TrimSpace(form.Get("name"))), form.Get("next")
	wrong := func(status int, text string) error {
		return p.showLogin(v, status, name, next, []web.FieldError{{Field: "name", Text: text}})
	}
	if !accountName.MatchString(name) || len(form.Get("password")) > password.Most {
		return wrong(http.StatusUnprocessableEntity, v.T("coordinator/login.wrong"))
	}
	if !p.attempts.allow(name, v.Now()) {
		v.W.Header().Set("Retry-After", "60")
		return wrong(http.StatusTooManyRequests, v.T("coordinator/login.tooOften"))
	}
	a, err := p.account(v.R.Context(), name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	p.hashing <- struct{}{}
	same := password.Same(a.Password, form.Get("password"))
	<-p.hashing
	if !same || !p.alive(a) {
		if err := p.note(v, Entry{Account: a.Name, Country: a.Country, Action: ActFailed, Object: a.Name}); err != nil {
			return err
		}
		return wrong(http.StatusUnprocessableEntity, v.T("coordinator/login.wrong"))
	}
	p.attempts.forget(name)
	return p.enter(v, a, next)
}

// postDemo lets anybody be an account of the demonstration.
func (p *Page) postDemo(v *visit) error {
	a, ok := p.demo(v.R.PostForm.Get("name"))
	if !ok {
		return web.NotFound
	}
	a, err := p.account(v.R.Context(), a.Name)
	if err != nil || !a.Demo || a.Disabled {
		return web.NotFound
	}
	return p.enter(v, a, v.R.PostForm.Get("next"))
}

// enter begins the session of an account.
func (p *Page) enter(v *visit, a Account, next string) error {
	v.Session.Value = session{Account: a.Name, Mark: a.mark()}
	if err := v.Renew(); err != nil {
		return err
	}
	if err := p.note(v, Entry{Account: a.Name, Country: a.Country, Action: ActLogin, Object: a.Name}); err != nil {
		return err
	}
	return v.Redirect(web.SafeNext(next, p.config.Base+"/"))
}

func (p *Page) postLogout(v *visit) error {
	if err := v.End(); err != nil {
		return err
	}
	return v.Redirect(p.config.Base + "/login")
}

// note logs one entry by itself.
func (p *Page) note(v *visit, e Entry) error {
	e.At = v.Now().UTC()
	return p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error { return p.config.Store.Record(tx, e) })
}

func roleName(v *visit, r Role) string {
	switch r {
	case Reader:
		return v.T("coordinator/login.reader")
	case Editor:
		return v.T("coordinator/login.editor")
	}
	return v.T("coordinator/login.keeper")
}

// countryName names a country; EU is the Commission.
func countryName(v *visit, code string) string {
	if code == "EU" {
		return v.T("coordinator/login.commission")
	}
	return v.Country(code)
}
