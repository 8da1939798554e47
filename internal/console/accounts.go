package console

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	"oots/internal/store"
	"oots/internal/web"
)

// accountsPage lists accounts and makes new ones.
type accountsPage struct {
	page
	Accounts []accountLine
	Name     string
	Roles    []option
	Link     string // of a new invitation, shown once
	For      string // account of the link
}

type accountLine struct {
	Account
	RoleName  string
	SeenAt    instant
	Waiting   bool // for its owner to choose a password
	LockedNow bool
	Factor    bool
	Left      int // recovery codes
	Self      bool
}

func (p *Console) accounts(v *visit, a Account) error {
	return p.showAccounts(v, a, http.StatusOK, Account{Role: Operator}, "", "", nil)
}

func (p *Console) showAccounts(v *visit, me Account, status int, a Account, link, owner string, wrong []web.FieldError) error {
	pg, err := p.page(v, me, "/accounts", v.T("console/accounts.title"))
	if err != nil {
		return err
	}
	pg.Errors = wrong
	out := accountsPage{page: pg, Name: a.Name, Link: link, For: owner}
	err = p.config.DB.View(v.R.Context(), func(tx *store.Tx) error {
		all, err := p.config.Store.Accounts(tx)
		if err != nil {
			return err
		}
		for _, x := range all {
			left, err := p.config.Store.Recovery(tx, x.Name)
			if err != nil {
				return err
			}
			out.Accounts = append(out.Accounts, accountLine{x, roleName(v, x.Role), p.at(v, x.Seen), x.Password == "", v.Now().Before(x.Locked) || p.guesses.lockedAnywhere(x.Name, v.Now()), x.Secret != nil, left, x.Name == me.Name})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, r := range Roles() {
		out.Roles = append(out.Roles, option{string(r), roleName(v, r), r == a.Role})
	}
	return v.Show(status, "accounts", &out)
}

// postAccount makes an account and shows the link that lets its owner in, once.
func (p *Console) postAccount(v *visit, me Account) error {
	form := v.R.PostForm
	a := Account{Name: strings.ToLower(strings.TrimSpace(form.Get("name"))), Role: Role(form.Get("role"))}
	wrong := func(text string) error {
		return p.showAccounts(v, me, http.StatusUnprocessableEntity, a, "", "", []web.FieldError{{Field: "name", Text: text}})
	}
	if err := a.Check(); err != nil {
		return wrong(v.T("console/accounts.wrong"))
	}
	if _, err := p.account(v.R.Context(), a.Name); err == nil {
		return wrong(v.T("console/accounts.taken"))
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return p.invite(v, me, a)
}

// invite shows the link of a new invitation.
func (p *Console) invite(v *visit, me, a Account) error {
	token, err := Invite(v.R.Context(), p.config.DB, p.config.Store, p.config.Clock, a, me.Name)
	if errors.Is(err, ErrClosed) {
		return p.tell(v, "/accounts", v.T("console/accounts.openFirst", "name", a.Name))
	}
	if err != nil {
		return err
	}
	scheme := "https://"
	if p.config.HTTP {
		scheme = "http://"
	}
	return p.showAccounts(v, me, http.StatusOK, Account{Role: Operator}, cmp.Or(strings.TrimSuffix(p.config.URL, "/"), scheme+v.R.Host)+p.config.Base+"/welcome?token="+token, a.Name, nil)
}

// postAccountChange closes, opens or unlocks an account, or invites its owner anew. Nobody changes the own one.
func (p *Console) postAccountChange(v *visit, me Account) error {
	a, err := p.account(v.R.Context(), v.R.PathValue("name"))
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Name == me.Name {
		return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/accounts"}
	}
	if err != nil {
		return err
	}
	act := Act{At: v.Now().UTC(), Account: me.Name, Object: a.Name}
	var change func(*Account)
	switch v.R.PostForm.Get("do") {
	case "invite":
		return p.invite(v, me, a)
	case "close":
		act.Action, change = ActClose, func(a *Account) { a.Disabled = true }
	case "open":
		act.Action, change = ActOpen, func(a *Account) { a.Disabled = false }
	case "unlock":
		act.Action, change = ActUnlock, func(a *Account) { a.Locked, a.Failures = time.Time{}, 0 }
		p.guesses.forget(a.Name, "")
	default:
		return &web.Problem{Status: http.StatusBadRequest, Kind: web.BadForm, Back: p.config.Base + "/accounts"}
	}
	err = p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		a, err := p.config.Store.Account(tx, a.Name)
		if err != nil {
			return err
		}
		change(&a)
		if err := p.config.Store.PutAccount(tx, a); err != nil {
			return err
		}
		return p.config.Store.Record(tx, act)
	})
	if err != nil {
		return err
	}
	return p.tell(v, "/accounts", v.T("console/accounts.done", "name", a.Name))
}
