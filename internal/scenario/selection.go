package scenario

import (
	"errors"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/node"
	"oots/internal/requester"
)

// selection are the cases about what the directories say and what the portal makes of it.
func selection() []Scenario {
	return []Scenario{
		{ID: "TC29", Title: "Three requirements in one conversation", Lines: threeLines, Preview: true, alter: thirdRequirement, run: threeRequirements},
		{ID: "TC29_b", Title: "Three requirements in one conversation, two countries",
			Reason: "two Member States run in this process and one of them asks; what belongs to a conversation does not depend on the country of a provider, see TC07 and TC29"},
		{ID: "TC30", Title: "Provider announces 1.2 only", Lines: []Lines{ToOld}, Preview: true, run: negotiated},
		{ID: "TC30_b", Title: "No release line in common", alter: strangers, run: noCommonLine},
		{ID: "TC32", Title: "Signature of a directory's answer does not fit", Portal: "EL", run: tampered("changed", func(r *http.Response) {
			r.Body = io.NopCloser(io.MultiReader(r.Body, strings.NewReader(" ")))
			r.ContentLength = -1
			r.Header.Del("Content-Length")
		})},
		{ID: "TC32_b", Title: "Directory's answer without signature", Portal: "EL", run: tampered("unsigned", func(r *http.Response) {
			for name := range r.Header {
				if name != "Content-Type" {
					r.Header.Del(name)
				}
			}
		})},
		{ID: "TC33", Title: "Questions of a Member State: code list, date, boolean", Lines: threeLines, alter: alter(exempt, classified, sameDiplomas), run: threeQuestions},
		{ID: "TC34", Title: "List of two types that belong together", Lines: twoLines, Preview: true, alter: alternatives, run: both},
		{ID: "TC34_b", Title: "Another list of the same requirement", Lines: twoLines, Preview: true, alter: alternatives, run: alternative},
		{ID: "TC35", Title: "Sub-procedure of X1", Reason: "which sub-procedure a user means is found out inside the portal and shows in no message; the exchange of X1 is TC15 to TC18"},
	}
}

// Requirements and evidence types of the demonstration's catalogue.
const (
	tertiary  = "5247bb6b-6bec-43fd-9b2e-f99be2dbae39"
	birth     = "df81cba1-1936-46fe-ad4b-53254b79bf55"
	domicile  = "ed63cd8b-b2ad-4508-bfbb-5c3353791b27"
	diplomaEL = "7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
	birthEL   = "c95f03e1-7a4d-4c68-a1b2-64d8e7f05b44"
	homeEL    = "1b6e9f20-c4d7-4a83-8f5e-07d2a9b3c866"
)

// requirement changes one requirement of a catalogue of its own.
func requirement(o *node.Options, id string, change func(*directory.Requirement)) {
	o.Catalogue.Requirements = slices.Clone(o.Catalogue.Requirements)
	for i := range o.Catalogue.Requirements {
		if r := &o.Catalogue.Requirements[i]; path.Base(r.ID) == id {
			r.Frameworks, r.Lists = slices.Clone(r.Frameworks), slices.Clone(r.Lists)
			change(r)
		}
	}
}

// thirdRequirement makes procedure T2 of Austria ask for the place of residence too.
func thirdRequirement(o *node.Options) {
	requirement(o, domicile, func(r *directory.Requirement) {
		for i := range r.Frameworks {
			if r.Frameworks[i].Jurisdiction.Country == "AT" {
				r.Frameworks[i].Procedures = append(slices.Clone(r.Frameworks[i].Procedures), "T2")
			}
		}
	})
}

func threeRequirements(w *world) {
	u := w.user("eleni", "T2")
	var all []*asked
	for _, r := range []string{tertiary, birth, domicile} {
		all = append(all, u.ask(wish{requirement: r}))
	}
	w.step()
	for _, x := range all {
		v := x.follow()
		w.step()
		v.loginAgain().sees("application/pdf").releases("0")
		v.returns()
		w.step()
		x.is(exchange.Answered)
		x.brings("application/pdf")
		x.logs(askedTwice+" user_returned response_received evidence_delivered", requestFirst)
	}
	u.cards(requester.Received, requester.Received, requester.Received)
}

// cards wants the requirements of the application in these states.
func (u *user) cards(want ...requester.CardState) {
	if u.w.err != nil {
		return
	}
	a, err := u.w.asking().Requester.Application(u.w.ctx, u.app.ID)
	if err != nil {
		u.w.fail("application: %v", err)
	}
	var got []requester.CardState
	for _, c := range a.Cards {
		got = append(got, c.State)
	}
	if !slices.Equal(got, want) {
		u.w.fail("the requirements are %v, want %v", got, want)
	}
	u.w.see("requirements: %v", got)
}

func negotiated(w *world) {
	previewOf(w, "eleni")
	q := w.firstRequest()
	w.want(q.Version == edm.V12, "the request is in %s", q.Version)
	for _, m := range w.sent {
		w.want(m.SpecificationID == "", "a header announces %s", m.SpecificationID)
	}
	w.see("the portal of 2.0 writes %s", q.Version)
}

// strangers have no line in common.
func strangers(o *node.Options) {
	o.Speaks = map[string][]edm.Version{"AT": {edm.V12}, "EL": {edm.V20}}
}

func noCommonLine(w *world) {
	u := w.user("eleni", "T3")
	if w.err != nil {
		return
	}
	err := u.try(wish{})
	var refusal *directory.Refusal
	w.want(errors.As(err, &refusal) && refusal.Empty() || errors.Is(err, requester.ErrVersion), "the portal says %v", err)
	w.step()
	w.want(len(w.net.as4) == 0, "something was sent")
	w.see("the portal says: %v; nothing is sent", err)
}

// tampered wants the portal to believe nothing of an answer that was changed on its way, and to go on with a right one.
func tampered(what string, change func(*http.Response)) func(w *world) {
	return func(w *world) {
		u := w.user("hans", "T3")
		w.net.change = func(r *http.Request, answer *http.Response) {
			if strings.HasPrefix(r.URL.Path, "/dsd/") {
				change(answer)
			}
		}
		if w.err != nil {
			return
		}
		err := u.try(wish{})
		var refusal *directory.Refusal
		var question *directory.Question
		w.want(err != nil && !errors.As(err, &refusal) && !errors.As(err, &question), "the portal believes an answer that is %s: %v", what, err)
		w.want(len(w.net.as4) == 0, "something was sent")
		w.see("an answer that is %s is not believed, nothing is sent", what)
		w.net.change = nil
		w.clock.advance(time.Minute)
		x := u.ask(wish{})
		w.step()
		x.is(exchange.PreviewRequired)
	}
}

// The questions of classified, beside registries.
const (
	whenGraduated = "8e0c1b5a-3d27-4a69-9f14-6b2d7c8e9a01"
	honours       = "8e0c1b5a-3d27-4a69-9f14-6b2d7c8e9a02"
)

// classified lets the providers of diplomas of Greece be told apart by a date and a yes or no too.
func classified(o *node.Options) {
	o.Catalogue.Services = slices.Clone(o.Catalogue.Services)
	for i := range o.Catalogue.Services {
		s := &o.Catalogue.Services[i]
		if path.Base(s.Classification) != diplomaEL {
			continue
		}
		date := directory.Concept{ID: whenGraduated, CodeList: "https://sr.oots.tech.ec.europa.eu/classifications/EL/graduation", Type: "string",
			Descriptions: edm.Texts{{Lang: "EN", Value: "On which day did you graduate?"}}, SupportedValues: []string{"2020-07-01"}, Dates: true}
		yes := directory.Concept{ID: honours, CodeList: "https://sr.oots.tech.ec.europa.eu/classifications/EL/honours", Type: "boolean",
			Descriptions: edm.Texts{{Lang: "EN", Value: "Was it with honours?"}}, SupportedValues: []string{"true"}}
		if s.Publisher.ID.Value == "DEMO-EL-THE" {
			yes.SupportedValues = []string{"false"}
		}
		s.Classifications = append(slices.Clone(s.Classifications), date, yes)
	}
}

// sameDiplomas gives the registries of Greece the same people.
func sameDiplomas(o *node.Options) { twoRegistries(o) }

func threeQuestions(w *world) {
	u := w.user("eleni", "T3")
	x := u.ask(wish{answers: map[string]string{registries: "THE", whenGraduated: "2020-07-01", honours: "false"}})
	w.step()
	x.is(exchange.Answered)
	w.want(x.exchange().Provider.ID.Value == "DEMO-EL-THE", "asked %s", x.exchange().Provider.ID.Value)
	w.want(len(w.firstRequest().ProviderClassifications) == 3, "the request carries %d answers", len(w.firstRequest().ProviderClassifications))
	w.see("the request carries three answers to DEMO-EL-THE")
	x.brings("application/pdf")
}

// alternatives lets Greece prove a degree by diploma and certificate of birth together, or by that of residence.
func alternatives(o *node.Options) {
	types := map[string]directory.EvidenceType{}
	for _, r := range o.Catalogue.Requirements {
		for _, l := range r.Lists {
			for _, t := range l.Types {
				types[path.Base(t.Classification)] = t
			}
		}
	}
	requirement(o, tertiary, func(r *directory.Requirement) {
		for i := range r.Lists {
			l := &r.Lists[i]
			if len(l.Types) == 0 || path.Base(l.Types[0].Classification) != diplomaEL {
				continue
			}
			l.Types = []directory.EvidenceType{types[diplomaEL], types[birthEL]}
			other := *l
			other.ID, other.Types = "5a3f0b1c-7d28-4e95-b6a4-0c9d8e7f6a51", []directory.EvidenceType{types[homeEL]}
			other.Names = edm.Texts{{Lang: "EN", Value: "Residence instead"}}
			r.Lists = append(r.Lists, other)
			return
		}
	})
}

func both(w *world) {
	u := w.user("eleni", "T3")
	one, two := u.ask(wish{kind: diplomaEL}), u.ask(wish{kind: birthEL})
	w.step()
	for _, x := range []*asked{one, two} {
		v := x.follow()
		w.step()
		v.loginAgain().sees("application/pdf").releases("0")
		w.step()
		x.is(exchange.Answered)
		if x == one {
			u.cards(requester.Ready) // one of two is not the whole
		}
	}
	u.cards(requester.Received)
}

func alternative(w *world) {
	u := w.user("eleni", "T3")
	x := u.ask(wish{kind: homeEL})
	w.step()
	v := x.follow()
	w.step()
	v.loginAgain().sees("application/pdf").releases("0")
	w.step()
	x.is(exchange.Answered)
	u.cards(requester.Received)
}
