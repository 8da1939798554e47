package scenario

import (
	"errors"
	"path"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/login"
	"oots/internal/node"
	"oots/internal/requester"
)

// A user is logged in at the portal, with one application.
type user struct {
	w        *world
	identity login.Identity
	app      requester.Application
}

// user logs a test person in and begins a procedure.
func (w *world) user(key, procedure string) *user { return w.login(w.person(key), procedure) }

// login logs somebody in and begins a procedure.
func (w *world) login(who login.Identity, procedure string) *user {
	u := &user{w: w, identity: who}
	if w.err != nil {
		return u
	}
	var err error
	if u.app, err = w.asking().Requester.Open(w.ctx, procedure, who); err != nil {
		w.fail("open %s: %v", procedure, err)
	}
	return u
}

// A wish is what a user asks for: the zero value is the first document that proves the first requirement, on paper,
// from the first provider, with the first answer to every question.
type wish struct {
	requirement string            // last part of its URL; "" is the first that can be proved
	kind        string            // last part of an evidence type classification; "" is the first
	provider    string            // "" is the first that remains
	format      string            // "" is the first
	answers     map[string]string // concept UUID to answer
}

// find asks the directories for what can be asked for. An error is theirs.
func (u *user) find(n wish) (requester.Ask, error) {
	portal := u.w.asking().Requester
	req, types, err := u.provable(n)
	if err != nil {
		return requester.Ask{}, err
	}
	a := requester.Ask{ApplicationID: u.app.ID, RequirementID: req, Country: u.w.answering().Country, Text: "I ask for this document.", Lang: "EN"}
	q := directory.DataServiceQuery{Classification: types.Classification, Country: a.Country, Answers: map[string]string{}}
	services, err := portal.DataServices(u.w.ctx, q)
	var question *directory.Question
	if errors.As(err, &question) {
		if a.Answers, err = u.answer(question, n, q.Answers); err != nil {
			return a, err
		}
		services, err = portal.DataServices(u.w.ctx, q)
	}
	if err != nil {
		return a, err
	}
	for _, s := range services {
		if n.provider != "" && s.Publisher.ID.Value != n.provider {
			continue
		}
		for i, d := range s.Distributions {
			if n.format == "" || d.Format == n.format {
				a.Service, a.Distribution = s, i
				return a, nil
			}
		}
	}
	return a, &directory.Refusal{Code: "DSD:ERR:0001", Detail: "no such provider or format"}
}

// provable finds the requirement and the evidence type that are wished for.
func (u *user) provable(n wish) (requirement string, t directory.EvidenceType, err error) {
	for _, c := range u.app.Cards {
		id := c.Requirement.ID
		if n.requirement != "" && path.Base(id) != n.requirement {
			continue
		}
		full, err := u.w.asking().Requester.EvidenceTypes(u.w.ctx, id, u.w.answering().Country)
		var refusal *directory.Refusal
		if errors.As(err, &refusal) {
			continue
		}
		if err != nil {
			return "", t, err
		}
		for _, l := range full.Lists {
			for _, t := range l.Types {
				if n.kind == "" || path.Base(t.Classification) == n.kind {
					return id, t, nil
				}
			}
		}
	}
	return "", t, &directory.Refusal{Code: "EB:ERR:0001", Detail: "nothing can be proved"}
}

// answer gives the answers to the questions of the directory.
func (u *user) answer(q *directory.Question, n wish, given map[string]string) ([]edm.ProviderClassification, error) {
	var out []edm.ProviderClassification
	for _, c := range q.Concepts {
		value := n.answers[c.ID]
		if value == "" && c.Type == "codelist" {
			codes, err := u.w.asking().CodeLists.CodeList(u.w.ctx, c.ValueExpression)
			if err != nil {
				return nil, err
			}
			value = codes[0].Code
		}
		if value == "" {
			value = "true"
		}
		given[c.ID] = value
		u.w.see("the directory asks: %s – %s", c.Descriptions.In("EN").Value, value)
		out = append(out, edm.ProviderClassification{
			ID: c.ID, CodeList: c.CodeList, Type: c.Type, ValueExpression: c.ValueExpression, Descriptions: c.Descriptions, Values: []string{value},
		})
	}
	return out, nil
}

// ask asks explicitly for what is wished for.
func (u *user) ask(n wish) *asked {
	x := &asked{user: u}
	if u.w.err != nil {
		return x
	}
	a, err := u.find(n)
	if err == nil {
		x.id, err = u.w.asking().Requester.Ask(u.w.ctx, a)
	}
	if err != nil {
		u.w.fail("ask: %v", err)
	}
	return x
}

// try is ask for a case in which the portal has to refuse.
func (u *user) try(n wish) error {
	a, err := u.find(n)
	if err == nil {
		_, err = u.w.asking().Requester.Ask(u.w.ctx, a)
	}
	return err
}

// An asked is one exchange of a user.
type asked struct {
	*user
	id   string
	link string // of the preview, once she follows it
}

// exchange is its state at the portal.
func (x *asked) exchange() requester.Exchange {
	if x.w.err != nil {
		return requester.Exchange{}
	}
	e, err := x.w.asking().Requester.Exchange(x.w.ctx, x.id)
	if err != nil {
		x.w.fail("exchange: %v", err)
	}
	return e
}

// is wants the exchange in a state.
func (x *asked) is(s exchange.RequesterState) {
	if e := x.exchange(); e.State != s {
		x.w.fail("the exchange is %s (%s %s), want %s", e.State, e.Error, e.Reason, s)
	}
	x.w.see("portal: %s", strings.ReplaceAll(string(s), "_", " "))
}

// failed wants the exchange ended with an error code of the provider.
func (x *asked) failed(s exchange.RequesterState, code edm.Code) {
	e := x.exchange()
	if e.State != s || e.Error != code {
		x.w.fail("the exchange is %s with %q (%s), want %s with %q", e.State, e.Error, e.Reason, s, code)
	}
	x.w.see("portal: %s, %s", s, code)
}

// refused wants the answer refused by the portal under a rule.
func (x *asked) refused(reason string) {
	e := x.exchange()
	if e.State != exchange.Failed || e.Reason != reason || len(e.Evidence) > 0 {
		x.w.fail("the exchange is %s for %q, want failed for %q", e.State, e.Reason, reason)
	}
	x.w.see("portal: the answer is refused under %s, nothing is shown", reason)
}

// begins are how files of a format begin.
var begins = map[string]string{"application/pdf": "%PDF-", "application/xml": "<"}

// brings wants the documents of the exchange to be of these formats, whole and readable.
func (x *asked) brings(formats ...string) {
	e := x.exchange()
	if len(e.Evidence) != len(formats) {
		x.w.fail("%d documents, want %d", len(e.Evidence), len(formats))
		return
	}
	for i, d := range e.Evidence {
		_, content, err := x.w.asking().Requester.Evidence(x.w.ctx, x.id, d.ID)
		if err != nil || d.Format != formats[i] || !strings.HasPrefix(string(content), begins[d.Format]) {
			x.w.fail("document %d is %s (%d bytes, %v), want %s", i, d.Format, len(content), err, formats[i])
		}
	}
	if len(formats) > 0 {
		x.w.see("documents: %s", strings.Join(formats, ", "))
	}
}

// logs wants the events of the log of article 17 on both sides, all of them and in this order. [IR 2022/1463 art. 17]
func (x *asked) logs(asking, answering string) {
	mine := map[string]bool{} // the ids of its requests: before 2.0 no message names the exchange
	for _, side := range []struct {
		m    *node.MemberState
		want string
	}{{x.w.asking(), asking}, {x.w.answering(), answering}} {
		if x.w.err != nil {
			return
		}
		entries, err := side.m.Conversation(x.w.ctx, x.app.ID)
		if err != nil {
			x.w.fail("log of %s: %v", side.m.Country, err)
		}
		for _, e := range entries {
			if e.ExchangeID == x.id {
				mine[e.RequestID] = true
			}
		}
		var got []string
		for _, e := range entries {
			if e.ExchangeID == x.id || e.ExchangeID == "" && mine[e.RequestID] {
				got = append(got, string(e.Name))
			}
		}
		if strings.Join(got, " ") != side.want {
			x.w.fail("log of %s: %v, want %s", side.m.Country, got, side.want)
		}
	}
	x.w.see("both logs are complete")
}
