package console

import (
	"errors"
	"net/http"
	"strings"
	"time"

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
}

func (p *Console) login(v *visit) error {
	return p.showLogin(v, http.StatusOK, "", web.SafeNext(v.R.URL.Query().Get("next"), ""), nil)
}

func (p *Console) showLogin(v *visit, status int, name, next string, mistakes []web.FieldError) error {
	if v.Session.CSRF == "" {
		if err := v.Save(); err != nil {
			return err
		}
	}
	page := loginPage{Frame: v.Frame(v.T("console/login.title", "node", p.config.Node)), Base: p.config.Base, Name: name, Next: next}
	page.Errors = mistakes
	return v.Show(status, "login", &page)
}

// postLogin takes name and password. Wrong name, wrong password, a closed and a locked account answer the same, after
// the same time. An account with a second factor is not locked by wrong passwords, which anybody can send: guessing is
// slowed down by address, and the code is still missing.
func (p *Console) postLogin(v *visit) error {
	form := v.R.PostForm
	name, next := strings.ToLower(strings.TrimSpace(form.Get("name"))), form.Get("next")
	wrong := func(status int, text string) error {
		return p.showLogin(v, status, name, next, []web.FieldError{{Field: "name", Text: text}})
	}
	if !p.config.Logins.Allow(v.R, v.Now()) {
		v.W.Header().Set("Retry-After", "60")
		return wrong(http.StatusTooManyRequests, v.T("console/login.tooOften"))
	}
	if !accountName.MatchString(name) || len(form.Get("password")) > password.Most {
		return wrong(http.StatusUnprocessableEntity, v.T("console/login.wrong"))
	}
	a, err := p.account(v.R.Context(), name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	p.hashing <- struct{}{}
	same := password.Same(a.Password, form.Get("password"))
	<-p.hashing
	from, secured := network(v.R), a.Secret != nil
	if a.Name == "" || a.Disabled || !secured && p.guesses.locked(a.Name, from, v.Now()) || !same {
		closes := a.Name != "" && !secured && !same && p.guesses.wrong(a.Name, from, v.Now())
		if err := p.failed(v, a, closes); err != nil {
			return err
		}
		return wrong(http.StatusUnprocessableEntity, v.T("console/login.wrong"))
	}
	p.guesses.forget(a.Name, from)
	if a.Secret != nil || a.Role.NeedsCode() {
		return p.half(v, a, next)
	}
	return p.enter(v, a, next)
}

// half remembers that the password was right, and goes on to the second factor.
func (p *Console) half(v *visit, a Account, next string) error {
	v.Session.Value = session{Half: a.Name, Mark: a.mark(), HalfAt: v.Now().UTC()}
	if err := v.Renew(); err != nil {
		return err
	}
	path := "/code"
	if a.Secret == nil {
		path = "/factor"
	}
	return v.Redirect(p.config.Base + path + nextQuery(next))
}

// failed logs a login that failed; those of names that nobody has are counted elsewhere, as there is no end of them.
func (p *Console) failed(v *visit, a Account, closes bool) error {
	if a.Name == "" {
		p.strangers.add(v.Now())
		return nil
	}
	now := v.Now().UTC()
	return p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		err := p.config.Store.Record(tx, Act{At: now, Account: a.Name, Action: ActFailed, Object: a.Name})
		if err == nil && closes {
			err = p.config.Store.Record(tx, Act{At: now, Account: a.Name, Action: ActLocked, Object: a.Name})
		}
		return err
	})
}

// miscoded counts a wrong code. Who sends it knows the password, so the next is taken later and later.
func (p *Console) miscoded(v *visit, a Account) error {
	now := v.Now().UTC()
	return p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		a, err := p.config.Store.Account(tx, a.Name)
		if err != nil {
			return err
		}
		a.Failures++
		if d := delay(a.Failures); d > 0 {
			a.Locked = now.Add(d)
		}
		if err := p.config.Store.Record(tx, Act{At: now, Account: a.Name, Action: ActFailed, Object: a.Name, Detail: "code"}); err != nil {
			return err
		}
		return p.config.Store.PutAccount(tx, a)
	})
}

// enter begins the session of an account.
func (p *Console) enter(v *visit, a Account, next string) error {
	now := v.Now().UTC()
	err := p.config.DB.Update(v.R.Context(), func(tx *store.Tx) (err error) {
		if a, err = p.config.Store.Account(tx, a.Name); err != nil {
			return err
		}
		a.Failures, a.Locked, a.Seen = 0, time.Time{}, now
		if err := p.config.Store.PutAccount(tx, a); err != nil {
			return err
		}
		return p.config.Store.Record(tx, Act{At: now, Account: a.Name, Action: ActLogin, Object: a.Name})
	})
	if err != nil {
		return err
	}
	v.Session.Value = session{Account: a.Name, Mark: a.mark(), Begun: now, Seen: now}
	if err := v.Renew(); err != nil {
		return err
	}
	return v.Redirect(web.SafeNext(next, p.config.Base+"/"))
}

func (p *Console) postLogout(v *visit) error {
	if err := v.End(); err != nil {
		return err
	}
	return v.Redirect(p.config.Base + "/login")
}

func roleName(v *visit, r Role) string {
	switch r {
	case Reader:
		return v.T("console/login.reader")
	case Operator:
		return v.T("console/login.operator")
	}
	return v.T("console/login.administrator")
}
