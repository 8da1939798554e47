package console

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"oots/internal/store"
	"oots/internal/web"
)

// codePage asks for the second factor.
type codePage struct {
	web.Frame
	Base string
	Next string
}

func nextQuery(next string) string {
	if next == "" {
		return ""
	}
	return "?" + url.Values{"next": {next}}.Encode()
}

// halfway is the account whose password was right a moment ago; ok is false when there is none.
func (p *Console) halfway(v *visit) (a Account, ok bool, err error) {
	s := &v.Session.Value
	if s.Half == "" || v.Now().Sub(s.HalfAt) > halfTime {
		return Account{}, false, nil
	}
	a, err = p.account(v.R.Context(), s.Half)
	if errors.Is(err, store.ErrNotFound) {
		return Account{}, false, nil
	}
	return a, err == nil && !a.Disabled && a.mark() == s.Mark, err
}

func (p *Console) code(v *visit) error {
	a, ok, err := p.halfway(v)
	if err != nil {
		return err
	}
	if !ok || a.Secret == nil {
		return v.Redirect(p.config.Base + "/login")
	}
	return p.showCode(v, http.StatusOK, web.SafeNext(v.R.URL.Query().Get("next"), ""), nil)
}

func (p *Console) showCode(v *visit, status int, next string, mistakes []web.FieldError) error {
	page := codePage{Frame: v.Frame(v.T("console/code.title")), Base: p.config.Base, Next: next}
	page.Errors = mistakes
	return v.Show(status, "code", &page)
}

// postCode takes a code of the authenticator or a recovery code, each at most once.
func (p *Console) postCode(v *visit) error {
	next := v.R.PostForm.Get("next")
	a, ok, err := p.halfway(v)
	if err != nil {
		return err
	}
	if !ok || a.Secret == nil {
		return v.Redirect(p.config.Base + "/login" + nextQuery(next))
	}
	if !p.config.Logins.Allow(v.R, v.Now()) {
		v.W.Header().Set("Retry-After", "60")
		return p.showCode(v, http.StatusTooManyRequests, next, []web.FieldError{{Field: "code", Text: v.T("console/code.tooOften")}})
	}
	if v.Now().Before(a.Locked) { // whatever the code is
		v.W.Header().Set("Retry-After", "60")
		return p.showCode(v, http.StatusTooManyRequests, next, []web.FieldError{{Field: "code", Text: v.T("console/code.wait", "time", span(v, a.Locked.Sub(v.Now()).Round(time.Second)), "name", a.Name)}})
	}
	right, err := p.takeCode(v, a, plainCode(v.R.PostForm.Get("code")))
	if err != nil {
		return err
	}
	if right {
		return p.enter(v, a, next)
	}
	if err := p.miscoded(v, a); err != nil {
		return err
	}
	return p.showCode(v, http.StatusUnprocessableEntity, next, []web.FieldError{{Field: "code", Text: v.T("console/code.wrong")}})
}

// takeCode uses up a code, if it is right and was not used before.
func (p *Console) takeCode(v *visit, a Account, given string) (right bool, err error) {
	now := v.Now().UTC()
	err = p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		if len(given) == codeDigits && strings.Trim(given, "0123456789") == "" {
			step, fits := stepOf(a.Secret, given, now)
			if !fits {
				return store.ErrNotFound
			}
			return p.config.Store.TakeStep(tx, a.Name, step)
		}
		if err := p.config.Store.TakeRecovery(tx, a.Name, digest(given)); err != nil {
			return err
		}
		return p.config.Store.Record(tx, Act{At: now, Account: a.Name, Action: ActRecovery, Object: a.Name})
	})
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
