package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"oots/internal/gateway"
	"oots/internal/store"
	"oots/internal/web"
)

// A deed is something that an operator may do with a message.
type deed struct {
	name   string // in addresses and forms
	action Action
	box    gateway.Box // "" is either
	states []gateway.State
	do     func(ctx context.Context, g Gateway, d *gateway.Dossier) error
}

func deeds() []deed {
	return []deed{
		{"resend", ActResend, gateway.Out, []gateway.State{gateway.Undelivered, gateway.Unclear},
			func(ctx context.Context, g Gateway, d *gateway.Dossier) error { return g.Resend(ctx, d.MessageID) }},
		{"redeliver", ActRedeliver, gateway.In, []gateway.State{gateway.Stuck},
			func(ctx context.Context, g Gateway, d *gateway.Dossier) error { return g.Redeliver(ctx, d.MessageID) }},
		{"cancel", ActCancel, gateway.Out, []gateway.State{gateway.Waiting, gateway.Unclear},
			func(ctx context.Context, g Gateway, d *gateway.Dossier) error { return g.Cancel(ctx, d.MessageID) }},
		{"resolve", ActResolve, "", []gateway.State{gateway.Unclear, gateway.Stuck},
			func(ctx context.Context, g Gateway, d *gateway.Dossier) error {
				return g.Resolve(ctx, d.Box, d.MessageID)
			}},
	}
}

func (x *deed) fits(d *gateway.Dossier) bool {
	if x.box != "" && x.box != d.Box {
		return false
	}
	for _, s := range x.states {
		if s == d.State {
			return true
		}
	}
	return false
}

// possible are the deeds that fit the state of a message and the role of the visitor.
func (p *Console) possible(v *visit, a Account, d *gateway.Dossier) (out []actLink) {
	if !a.Role.May(Operator) {
		return nil
	}
	for _, x := range deeds() {
		if x.fits(d) {
			q := url.Values{"do": {x.name}, "box": {string(d.Box)}, "id": {d.MessageID}}
			out = append(out, actLink{deedName(v, x.name), p.config.Base + "/message/act?" + q.Encode()})
		}
	}
	return out
}

// actPage asks for a reason before something is done.
type actPage struct {
	page
	Deed      string
	Effect    string // what will happen
	Box       gateway.Box
	MessageID string
	Partner   string
	View      stateView
	Back      string
	Reason    string
}

// maxReason bounds a reason, in characters.
const maxReason = 500

// chosen finds message and deed of a request; a deed that does not fit any more leads back to the message.
func (p *Console) chosen(v *visit, q url.Values) (d gateway.Dossier, x deed, ok bool, err error) {
	if d, err = p.look(v, q); err != nil {
		return d, x, false, err
	}
	for _, x := range deeds() {
		if x.name == q.Get("do") {
			return d, x, x.fits(&d), nil
		}
	}
	return d, x, false, p.noMessage()
}

func (p *Console) act(v *visit, a Account) error {
	d, x, ok, err := p.chosen(v, v.R.URL.Query())
	if err != nil {
		return err
	}
	if !ok {
		return p.changed(v, &d)
	}
	return p.showAct(v, a, http.StatusOK, &d, x, "", nil)
}

func (p *Console) changed(v *visit, d *gateway.Dossier) error {
	return p.tell(v, p.local(d), v.T("console/act.changed"))
}

func (p *Console) local(d *gateway.Dossier) string {
	return strings.TrimPrefix(p.messageURL(d.Box, d.MessageID), p.config.Base)
}

func (p *Console) showAct(v *visit, a Account, status int, d *gateway.Dossier, x deed, reason string, wrong []web.FieldError) error {
	pg, err := p.page(v, a, "/messages", deedName(v, x.name))
	if err != nil {
		return err
	}
	pg.Errors = wrong
	return v.Show(status, "act", &actPage{
		page: pg, Deed: x.name, Effect: deedEffect(v, x.name, d.Box), Box: d.Box, MessageID: d.MessageID, Partner: d.Partner,
		View: stateOf(v, d.State), Back: p.messageURL(d.Box, d.MessageID), Reason: reason,
	})
}

// postAct does it.
func (p *Console) postAct(v *visit, a Account) error {
	form := v.R.PostForm
	d, x, ok, err := p.chosen(v, form)
	if err != nil {
		return err
	}
	if !ok {
		return p.changed(v, &d)
	}
	reason := strings.Join(strings.Fields(form.Get("reason")), " ")
	if reason == "" || len([]rune(reason)) > maxReason {
		return p.showAct(v, a, http.StatusUnprocessableEntity, &d, x, reason, []web.FieldError{{Field: "reason", Text: v.T("console/act.reasonMissing", "most", maxReason)}})
	}
	err = p.config.Execute(v.R.Context(), Order{a.Name, x.action, d.Box, d.MessageID, reason, ""})
	switch {
	case err == nil:
		return p.tell(v, p.local(&d), v.T("console/act.done", "deed", deedName(v, x.name)))
	case errors.Is(err, store.ErrNotFound) || errors.Is(err, gateway.ErrState):
		return p.changed(v, &d)
	case errors.Is(err, gateway.ErrDeleted):
		return p.showAct(v, a, http.StatusConflict, &d, x, reason, []web.FieldError{{Field: "reason", Text: v.T("console/act.deleted")}})
	}
	return err
}

// An Order is what somebody does with a message, and why.
type Order struct {
	Who       string // account
	Action    Action // ActResend, ActRedeliver, ActCancel or ActResolve
	Box       gateway.Box
	MessageID string
	Reason    string
	Origin    string // user of the machine who gives a command; "" for the pages
}

// Execute does what o says. The intent is logged before, so that nothing is done that is not in the log; what came of it,
// after. An intent without an outcome was cut short: what became of it, the state of the message says. DB, Store, Gateway
// and Clock are needed. The error is store.ErrNotFound, gateway.ErrState or gateway.ErrDeleted when the message does not
// allow it.
func (c *Config) Execute(ctx context.Context, o Order) error {
	all := deeds()
	i := slices.IndexFunc(all, func(x deed) bool { return x.action == o.Action && (x.box == "" || x.box == o.Box) })
	if i < 0 || strings.TrimSpace(o.Reason) == "" || o.Who == "" {
		return errors.New("console: an order needs an action on this side, somebody who gives it, and a reason")
	}
	note := func(detail string) error {
		return c.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			return c.Store.Record(tx, Act{At: c.Clock.Now().UTC(), Account: o.Who, Action: o.Action, Object: o.MessageID, Detail: detail, Origin: o.Origin})
		})
	}
	if err := note(o.Reason); err != nil {
		return err
	}
	err := all[i].do(gateway.WithActor(ctx, o.Who), c.Gateway, &gateway.Dossier{Summary: gateway.Summary{Box: o.Box, MessageID: o.MessageID}})
	if err != nil {
		return errors.Join(err, note(notDone+firstLine(err)))
	}
	return note(done)
}

// The outcomes of an act, in the log.
const (
	done    = "done"
	notDone = "not done: "
)

// firstLine is an error as the log may have it.
func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}

func deedName(v *visit, name string) string {
	switch name {
	case "resend":
		return v.T("console/act.resend")
	case "cancel":
		return v.T("console/act.cancel")
	case "redeliver":
		return v.T("console/act.redeliver")
	}
	return v.T("console/act.resolve")
}

func deedEffect(v *visit, name string, box gateway.Box) string {
	switch {
	case name == "resend":
		return v.T("console/act.resendEffect")
	case name == "cancel":
		return v.T("console/act.cancelEffect")
	case name == "redeliver":
		return v.T("console/act.redeliverEffect")
	case box == gateway.In:
		return v.T("console/act.resolveInEffect")
	}
	return v.T("console/act.resolveEffect")
}
