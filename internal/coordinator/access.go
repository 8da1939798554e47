package coordinator

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"oots/internal/lifecycle"
	"oots/internal/store"
	"oots/internal/web"
)

// me is who visits, and the country that is worked on.
type me struct {
	Account
	Country string // of the account, or the one that a keeper has chosen
}

// submitter is how the life cycle knows the visitor.
func (m me) submitter() lifecycle.Submitter {
	return lifecycle.Submitter{Country: m.Country, Actor: m.Name, Keeper: m.Role == Keeper}
}

// restricted is a page for accounts of a role at least.
type restricted struct {
	role Role
	show func(*visit, me) error
}

// only lets those in who may; others log in first. What an account may do is read anew each time.
func (p *Page) only(page restricted) func(*visit) error {
	return func(v *visit) error {
		if v.Session.Value.Account == "" {
			return p.toLogin(v)
		}
		a, err := p.account(v.R.Context(), v.Session.Value.Account)
		if errors.Is(err, store.ErrNotFound) || err == nil && (!p.alive(a) || a.mark() != v.Session.Value.Mark) {
			if err := v.End(); err != nil {
				return err
			}
			return p.toLogin(v)
		}
		if err != nil {
			return err
		}
		m := me{Account: a, Country: a.Country}
		if c := v.Session.Value.Country; a.Role == Keeper && c != "" {
			m.Country = c
		}
		if !a.Role.May(page.role) {
			return &web.Problem{Status: http.StatusForbidden, Kind: web.NoPage, Back: p.config.Base + "/"}
		}
		return page.show(v, m)
	}
}

// alive reports whether an account may be used here.
func (p *Page) alive(a Account) bool { return !a.Disabled && (!a.Demo || p.config.Demo != nil) }

// mark tells the password of an account from those before and after it, and nothing about it.
func (a *Account) mark() string { return tokenDigest(a.Password)[:16] }

func (p *Page) account(ctx context.Context, name string) (a Account, err error) {
	err = p.config.DB.View(ctx, func(tx *store.Tx) error {
		a, err = p.config.Store.Account(tx, name)
		return err
	})
	return a, err
}

// toLogin leads to the login, and back to this page when it can be fetched again.
func (p *Page) toLogin(v *visit) error {
	q := ""
	if v.R.Method == http.MethodGet {
		q = "?" + url.Values{"next": {v.R.URL.RequestURI()}}.Encode()
	}
	return v.Redirect(p.config.Base + "/login" + q)
}

// frame begins a page of somebody who is logged in, with what is to be told once.
func (p *Page) frame(v *visit, m me, title string) (web.Frame, error) {
	f := v.Frame(title)
	f.User, f.Logout = m.Name, p.config.Base+"/logout"
	if v.Session.Value.Notice != "" {
		f.Notice = v.Session.Value.Notice
		v.Session.Value.Notice = ""
		return f, v.Save()
	}
	return f, nil
}

// tell redirects to a page that says what has happened.
func (p *Page) tell(v *visit, path, notice string) error {
	v.Session.Value.Notice = notice
	if err := v.Save(); err != nil {
		return err
	}
	return v.Redirect(p.config.Base + path)
}

// putDemo makes the accounts of the demonstration.
func (p *Page) putDemo() error {
	return p.config.DB.Update(context.Background(), func(tx *store.Tx) error {
		for _, a := range p.config.Demo {
			_, err := p.config.Store.Account(tx, a.Name)
			if err == nil {
				continue
			}
			if !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err := a.Check(); err != nil {
				return err
			}
			a.Demo, a.Password, a.Made, a.Maker = true, "", p.config.Clock.Now().UTC(), "demonstration"
			if err := p.config.Store.PutAccount(tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// demo finds an account of the demonstration.
func (p *Page) demo(name string) (Account, bool) {
	i := slices.IndexFunc(p.config.Demo, func(a Account) bool { return a.Name == name })
	if i < 0 {
		return Account{}, false
	}
	return p.config.Demo[i], true
}
