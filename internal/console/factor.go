package console

import (
	"errors"
	"html/template"
	"net/http"
	"time"

	"oots/internal/store"
	"oots/internal/web"
)

// factorPage sets up the second factor.
type factorPage struct {
	web.Frame
	Base string
	Name string
	Key  string       // to be typed into the authenticator
	Link template.URL // for authenticators on this device; of ours, so that its scheme is allowed
	Next string
}

// recoveryPage shows the recovery codes, once.
type recoveryPage struct {
	web.Frame
	Base  string
	Codes []string
	Next  string
}

func (p *Console) factor(v *visit) error {
	a, ok, err := p.halfway(v)
	if err != nil {
		return err
	}
	if !ok || a.Secret != nil {
		return v.Redirect(p.config.Base + "/login")
	}
	if v.Session.Value.Secret == nil {
		v.Session.Value.Secret = newSecret()
		if err := v.Save(); err != nil {
			return err
		}
	}
	return p.showFactor(v, http.StatusOK, a, web.SafeNext(v.R.URL.Query().Get("next"), ""), nil)
}

func (p *Console) showFactor(v *visit, status int, a Account, next string, mistakes []web.FieldError) error {
	secret := v.Session.Value.Secret
	page := factorPage{
		Frame: v.Frame(v.T("console/factor.title")), Base: p.config.Base, Name: a.Name, Next: next,
		Key: grouped(base32Plain.EncodeToString(secret)), Link: template.URL(secretLink(p.config.Node, a.Name, secret)),
	}
	page.Errors = mistakes
	return v.Show(status, "factor", &page)
}

// postFactor takes the first code of a new secret, stores it, and lets the account in.
func (p *Console) postFactor(v *visit) error {
	next := v.R.PostForm.Get("next")
	a, ok, err := p.halfway(v)
	if err != nil {
		return err
	}
	secret := v.Session.Value.Secret
	if !ok || a.Secret != nil || secret == nil {
		return v.Redirect(p.config.Base + "/login")
	}
	now := v.Now().UTC()
	step, fits := stepOf(secret, plainCode(v.R.PostForm.Get("code")), now)
	if !fits {
		return p.showFactor(v, http.StatusUnprocessableEntity, a, next, []web.FieldError{{Field: "code", Text: v.T("console/factor.wrong")}})
	}
	codes, digests := newRecovery()
	err = p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		old, err := p.config.Store.Account(tx, a.Name)
		if err != nil {
			return err
		}
		if old.mark() != a.mark() { // invited anew, or set up in another window
			return store.ErrNotFound
		}
		a.Secret, a.Step, a.Seen, a.Failures, a.Locked = secret, step, now, 0, time.Time{}
		if err := p.config.Store.PutAccount(tx, a); err != nil {
			return err
		}
		if err := p.config.Store.PutRecovery(tx, a.Name, digests); err != nil {
			return err
		}
		if err := p.config.Store.Record(tx, Act{At: now, Account: a.Name, Action: ActCode, Object: a.Name}); err != nil {
			return err
		}
		return p.config.Store.Record(tx, Act{At: now, Account: a.Name, Action: ActLogin, Object: a.Name})
	})
	if errors.Is(err, store.ErrNotFound) {
		return v.Redirect(p.config.Base + "/login")
	}
	if err != nil {
		return err
	}
	v.Session.Value = session{Account: a.Name, Mark: a.mark(), Begun: now, Seen: now}
	if err := v.Renew(); err != nil {
		return err
	}
	f := v.Frame(v.T("console/factor.codes"))
	return v.Show(http.StatusOK, "recovery", &recoveryPage{Frame: f, Base: p.config.Base, Codes: codes, Next: web.SafeNext(next, p.config.Base+"/")})
}
