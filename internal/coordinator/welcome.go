package coordinator

import (
	"errors"
	"net/http"

	"oots/internal/password"
	"oots/internal/store"
	"oots/internal/web"
)

// welcomePage lets the owner of a new account choose a password.
type welcomePage struct {
	web.Frame
	Base  string
	Token string
	Name  string
	Least int // bytes of a password
}

func (p *Page) welcome(v *visit) error {
	token := v.R.URL.Query().Get("token")
	a, err := p.invited(v, token)
	if err != nil {
		return err
	}
	if v.Session.CSRF == "" {
		if err := v.Save(); err != nil {
			return err
		}
	}
	return p.showWelcome(v, http.StatusOK, a, token, nil)
}

func (p *Page) showWelcome(v *visit, status int, a Account, token string, mistakes []web.FieldError) error {
	page := welcomePage{Frame: v.Frame(v.T("coordinator/welcome.title")), Base: p.config.Base, Token: token, Name: a.Name, Least: password.Least}
	page.Errors = mistakes
	return v.Show(status, "welcome", &page)
}

// invited finds the account of a token. A token that is used up, or too old, is a page that is not there.
func (p *Page) invited(v *visit, token string) (a Account, err error) {
	err = p.config.DB.View(v.R.Context(), func(tx *store.Tx) error {
		a, err = p.takeToken(tx, v, token)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return a, web.NotFound
	}
	return a, err
}

func (p *Page) takeToken(tx *store.Tx, v *visit, token string) (Account, error) {
	i, err := p.config.Store.Invitation(tx, tokenDigest(token))
	if err != nil {
		return Account{}, err
	}
	if v.Now().After(i.Expires) {
		return Account{}, store.ErrNotFound
	}
	return p.config.Store.Account(tx, i.Account)
}

// postWelcome stores the password and uses the invitation up.
func (p *Page) postWelcome(v *visit) error {
	token, chosen := v.R.PostForm.Get("token"), v.R.PostForm.Get("password")
	a, err := p.invited(v, token)
	if err != nil {
		return err
	}
	var mistakes []web.FieldError
	switch {
	case len(chosen) < password.Least || len(chosen) > password.Most:
		mistakes = append(mistakes, web.FieldError{Field: "password", Text: v.T("coordinator/welcome.length", "least", password.Least)})
	case chosen != v.R.PostForm.Get("again"):
		mistakes = append(mistakes, web.FieldError{Field: "again", Text: v.T("coordinator/welcome.differ")})
	}
	if mistakes != nil {
		return p.showWelcome(v, http.StatusUnprocessableEntity, a, token, mistakes)
	}
	p.hashing <- struct{}{}
	hash := password.Hash(chosen)
	<-p.hashing
	err = p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		if a, err = p.takeToken(tx, v, token); err != nil {
			return err
		}
		a.Password = hash
		if err := p.config.Store.PutAccount(tx, a); err != nil {
			return err
		}
		if err := p.config.Store.DropInvitations(tx, a.Name); err != nil {
			return err
		}
		return p.config.Store.Record(tx, Entry{At: v.Now().UTC(), Account: a.Name, Country: a.Country, Action: ActPassword, Object: a.Name})
	})
	if errors.Is(err, store.ErrNotFound) {
		return web.NotFound
	}
	if err != nil {
		return err
	}
	if !p.alive(a) {
		return v.Redirect(p.config.Base + "/login")
	}
	return p.enter(v, a, "")
}
