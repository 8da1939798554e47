package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"oots/internal/store"
	"oots/internal/web"
)

// The life of a session: it ends when nothing is asked for half an hour, and after ten hours in any case.
const (
	idleTime  = 30 * time.Minute
	wholeTime = 10 * time.Hour
	halfTime  = 5 * time.Minute // between password and code
)

// restricted is a page for accounts of a role at least.
type restricted struct {
	role Role
	show func(*visit, Account) error
}

// only lets those in who may; others log in first. What an account may do is read anew each time.
func (p *Console) only(page restricted) func(*visit) error {
	return func(v *visit) error {
		s := &v.Session.Value
		if s.Account == "" {
			return p.toLogin(v)
		}
		now := v.Now().UTC()
		a, err := p.account(v.R.Context(), s.Account)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		over := now.Sub(s.Seen) > idleTime || now.Sub(s.Begun) > wholeTime
		if err != nil || over || a.Disabled || a.mark() != s.Mark || a.Role.NeedsCode() && a.Secret == nil {
			if err := v.End(); err != nil {
				return err
			}
			return p.toLogin(v)
		}
		if now.Sub(s.Seen) > time.Minute {
			s.Seen = now
			if err := v.Save(); err != nil {
				return err
			}
		}
		if !a.Role.May(page.role) {
			return &web.Problem{Status: http.StatusForbidden, Kind: web.NoPage, Back: p.config.Base + "/"}
		}
		return page.show(v, a)
	}
}

func (p *Console) account(ctx context.Context, name string) (a Account, err error) {
	err = p.config.DB.View(ctx, func(tx *store.Tx) error {
		a, err = p.config.Store.Account(tx, name)
		return err
	})
	return a, err
}

// toLogin leads to the login, and back to this page when it can be fetched again.
func (p *Console) toLogin(v *visit) error {
	q := ""
	if v.R.Method == http.MethodGet && v.R.URL.Path != p.config.Base+"/" {
		q = "?" + url.Values{"next": {v.R.URL.RequestURI()}}.Encode()
	}
	return v.Redirect(p.config.Base + "/login" + q)
}

// page is what every page behind the login begins with.
type page struct {
	web.Frame
	Base        string
	Menu        []menuLink
	Operates    bool // the visitor may act on messages
	Administers bool // the visitor may change P-Modes and accounts
}

type menuLink struct {
	Text, URL string
	Here      bool
	Count     int // of what needs attention; 0 for none
}

// page begins a page of somebody who is logged in, with what is to be told once. Here is the path of its entry in the
// menu.
func (p *Console) page(v *visit, a Account, here, title string) (page, error) {
	f := v.Frame(title)
	f.User, f.Logout = a.Name, p.config.Base+"/logout"
	out := page{Frame: f, Base: p.config.Base, Menu: p.menu(v, a, here), Operates: a.Role.May(Operator), Administers: a.Role.May(Administrator)}
	if v.Session.Value.Notice != "" {
		out.Notice = v.Session.Value.Notice
		v.Session.Value.Notice = ""
		return out, v.Save()
	}
	return out, nil
}

func (p *Console) menu(v *visit, a Account, here string) []menuLink {
	c := &p.config
	var out []menuLink
	add := func(there bool, text, path string) {
		if there {
			out = append(out, menuLink{Text: text, URL: c.Base + path, Here: here == path})
		}
	}
	add(true, v.T("console/access.home"), "/")
	add(true, v.T("console/access.messages"), "/messages")
	add(c.PModes != nil || c.Certificates != nil, v.T("console/access.partners"), "/partners")
	add(c.PModes != nil, v.T("console/access.pmodes"), "/pmodes")
	add(c.Proof != nil, v.T("console/access.trace"), "/trace")
	add(c.Alerts != nil, v.T("console/access.alerts"), "/alerts")
	add(c.Storage != nil, v.T("console/access.storage"), "/storage")
	add(true, v.T("console/access.audit"), "/audit")
	add(a.Role.May(Administrator), v.T("console/access.accounts"), "/accounts")
	return out
}

// tell redirects to a page that says what has happened.
func (p *Console) tell(v *visit, path, notice string) error {
	v.Session.Value.Notice = notice
	if err := v.Save(); err != nil {
		return err
	}
	return v.Redirect(p.config.Base + path)
}

// came logs what came of an act whose intent is in the log.
func (p *Console) came(v *visit, a Act, err error) error {
	switch {
	case err == nil:
		a.Detail = done
	case refusal(v, err) != "":
		a.Action, a.Detail = ActRefused, firstLine(err)
	default:
		a.Detail = notDone + firstLine(err)
	}
	return p.note(v, a)
}

// note logs one act by itself.
func (p *Console) note(v *visit, a Act) error {
	a.At = v.Now().UTC()
	return p.config.DB.Update(context.WithoutCancel(v.R.Context()), func(tx *store.Tx) error { return p.config.Store.Record(tx, a) })
}
