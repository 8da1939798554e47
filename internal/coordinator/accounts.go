package coordinator

import (
	"errors"
	"net/http"
	"strings"

	"oots/internal/store"
	"oots/internal/web"
)

// accountsPage lists accounts and makes new ones.
type accountsPage struct {
	web.Frame
	Base      string
	Accounts  []accountLine
	Name      string
	Countries []option
	Roles     []option
	Link      string // of a new invitation, shown once
	For       string // account of the link
}

type accountLine struct {
	Account
	CountryName, RoleName string
	Waiting               bool // for its owner to choose a password
	Self                  bool
}

func (p *Page) accounts(v *visit, m me) error {
	return p.showAccounts(v, m, http.StatusOK, Account{Country: m.Country, Role: Editor}, "", "", nil)
}

func (p *Page) showAccounts(v *visit, m me, status int, a Account, link, owner string, wrong []web.FieldError) error {
	f, err := p.frame(v, m, v.T("coordinator/accounts.title"))
	if err != nil {
		return err
	}
	page := accountsPage{Frame: f, Base: p.config.Base, Name: a.Name, Link: link, For: owner}
	page.Errors = wrong
	err = p.config.DB.View(v.R.Context(), func(tx *store.Tx) error {
		all, err := p.config.Store.Accounts(tx)
		for _, x := range all {
			page.Accounts = append(page.Accounts, accountLine{x, countryName(v, x.Country), roleName(v, x.Role), x.Password == "" && !x.Demo, x.Name == m.Name})
		}
		return err
	})
	if err != nil {
		return err
	}
	page.Countries = append(page.Countries, option{Value: "EU", Label: countryName(v, "EU"), Chosen: a.Country == "EU"})
	for _, c := range v.Countries() {
		page.Countries = append(page.Countries, option{Value: c.Code, Label: c.Name, Chosen: c.Code == a.Country})
	}
	for _, r := range Roles() {
		page.Roles = append(page.Roles, option{Value: string(r), Label: roleName(v, r), Chosen: r == a.Role})
	}
	return v.Show(status, "accounts", &page)
}

// postAccount makes an account and shows the link that lets its owner in, once.
func (p *Page) postAccount(v *visit, m me) error {
	form := v.R.PostForm
	a := Account{Name: strings.ToLower(strings.TrimSpace(form.Get("name"))), Country: form.Get("country"), Role: Role(form.Get("role"))}
	if err := a.Check(); err != nil {
		return p.showAccounts(v, m, http.StatusUnprocessableEntity, a, "", "", []web.FieldError{{Field: "name", Text: v.T("coordinator/accounts.wrong")}})
	}
	if _, err := p.account(v.R.Context(), a.Name); err == nil {
		return p.showAccounts(v, m, http.StatusUnprocessableEntity, a, "", "", []web.FieldError{{Field: "name", Text: v.T("coordinator/accounts.taken")}})
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return p.invite(v, m, a)
}

// invite shows the link of a new invitation.
func (p *Page) invite(v *visit, m me, a Account) error {
	token, err := Invite(v.R.Context(), p.config.DB, p.config.Store, p.config.Clock, a, m.Name)
	if err != nil {
		return err
	}
	scheme := "https://"
	if p.config.HTTP {
		scheme = "http://"
	}
	return p.showAccounts(v, m, http.StatusOK, Account{Country: a.Country, Role: Editor}, scheme+v.R.Host+p.config.Base+"/welcome?token="+token, a.Name, nil)
}

// postAccountChange closes or opens an account, or invites its owner anew. Nobody closes the own one.
func (p *Page) postAccountChange(v *visit, m me) error {
	a, err := p.account(v.R.Context(), v.R.PathValue("name"))
	if errors.Is(err, store.ErrNotFound) || err == nil && (a.Name == m.Name || a.Demo) {
		return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/accounts"}
	}
	if err != nil {
		return err
	}
	act := v.R.PostForm.Get("do")
	if act == "invite" {
		return p.invite(v, m, a)
	}
	e := Entry{At: v.Now().UTC(), Account: m.Name, Country: a.Country, Action: ActDisable, Object: a.Name}
	if a.Disabled = act == "close"; !a.Disabled {
		e.Action = ActEnable
	}
	err = p.config.DB.Update(v.R.Context(), func(tx *store.Tx) error {
		if err := p.config.Store.PutAccount(tx, a); err != nil {
			return err
		}
		return p.config.Store.Record(tx, e)
	})
	if err != nil {
		return err
	}
	return p.tell(v, "/accounts", v.T("coordinator/accounts.done", "name", a.Name))
}
