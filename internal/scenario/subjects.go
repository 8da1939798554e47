package scenario

import (
	"strings"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/login"
	"oots/internal/provider"
	"oots/internal/requester"
	"oots/rule"
)

// subjects are the cases about whom the evidence is about, who acts for whom, and how surely that is known.
func subjects() []Scenario {
	return []Scenario{
		{ID: "TC15", Title: "Legal person", Lines: threeLines, Preview: true, run: actsFor(company(), "a company")},
		{ID: "TC16", Title: "Representative with a mandate for everything", Lines: threeLines, Preview: true, run: actsFor(forCompany("ALL"), "a person for a company")},
		{ID: "TC17", Title: "Mandate that does not cover the procedure, at the portal", run: portalRefuses(forCompany("T3"), "X1", requester.ErrMandate)},
		{ID: "TC17_b", Title: "Mandate that does not cover the procedure, at the provider", Lines: twoLines,
			alter: outgoing(func(_ string, e *exchange.Envelope) {
				request(e, func(q *edm.Request) { q.RepresentativePowerScope = "T3" })
			}), run: providerRefuses(forCompany("ALL"), "X1", edm.MissingAuthorization)},
		{ID: "TC18", Title: "Legal person acts for a legal person", Lines: threeLines, Preview: true, run: actsFor(companyForCompany(), "a company for a company")},
		{ID: "TC19", Title: "Level of assurance too low, at the portal", run: portalRefuses(weak(), "T3", requester.ErrLoA)},
		{ID: "TC19_b", Title: "Level of assurance too low, at the provider", Lines: twoLines,
			alter: outgoing(func(_ string, e *exchange.Envelope) {
				request(e, func(q *edm.Request) { q.NaturalPerson.LoA = edm.Low })
			}), findings: []rule.ID{"OOTS-X-DSD-RESP_REQ-08"}, run: providerRefuses(eleni(), "T3", edm.MissingAuthorization)},
		{ID: "TC21", Title: "Another person logs in at the preview", Portal: "EL", Lines: threeLines, Preview: true, run: anotherPerson},
		{ID: "TC37", Title: "Names in another script", Lines: []Lines{New, ToOld, FromOld}, Preview: true, run: nonLatin},
		{ID: "TC38", Title: "Identifiers that are withheld", Portal: "EL", Lines: threeLines, Preview: true, run: withheldIdentifier},
		{ID: "TC38_b", Title: "Identifiers that are forwarded", Lines: twoLines, Preview: true, run: forwardedIdentifier},
	}
}

func eleni() login.Identity {
	return login.Identity{
		Person:             edm.Person{LoA: edm.High, Identifier: "EL/AT/DEMO1001", FamilyName: "Papadopoulou", GivenName: "Eleni", DateOfBirth: "1998-03-25"},
		OriginalFamilyName: "Παπαδοπούλου", OriginalGivenName: "Ελένη", Country: "EL",
	}
}

// weak is Eleni with an eID of the lowest level.
func weak() login.Identity {
	who := eleni()
	who.Person.LoA = edm.Low
	return who
}

// company is the company of the register of Greece, acting for itself.
func company() login.Identity {
	return login.Identity{Country: "EL", Legal: &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/DEMOC1001", LegalName: "Aigaion Epideixi AE"}}
}

// forCompany is Eleni, acting for it.
func forCompany(scope string) login.Identity {
	who, she := company(), eleni()
	who.Representative, who.PowerScope = &she.Person, scope
	who.OriginalFamilyName, who.OriginalGivenName = she.OriginalFamilyName, she.OriginalGivenName
	return who
}

// companyForCompany is another company, acting for it.
func companyForCompany() login.Identity {
	who := company()
	who.PowerScope = "ALL"
	who.RepresentativeLegal = &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/DEMOC1009", LegalName: "Demo Logistiki AE"}
	return who
}

// actsFor asks for the extract of the company register and releases it as who acted in the request.
func actsFor(who login.Identity, what string) func(w *world) {
	return func(w *world) {
		x := w.login(who, "X1").ask(wish{})
		w.see("%s asks", what)
		w.step()
		x.is(exchange.PreviewRequired)
		v := x.follow()
		w.step()
		v.loginAgain().sees("application/xml").releases("0")
		w.step()
		x.is(exchange.Answered)
		x.logs(askedTwice+" response_received evidence_delivered", requestFirst)
	}
}

// portalRefuses wants the portal to refuse before anything is sent.
func portalRefuses(who login.Identity, procedure string, why error) func(w *world) {
	return func(w *world) {
		u := w.login(who, procedure)
		if w.err != nil {
			return
		}
		w.wantError(u.try(wish{}), why, "ask")
		w.step()
		w.want(len(w.net.as4) == 0, "something was sent")
		w.see("the portal says: %v; nothing is sent", why)
	}
}

// providerRefuses wants the provider to refuse what a careless portal sends.
func providerRefuses(who login.Identity, procedure string, code edm.Code) func(w *world) {
	return func(w *world) {
		x := w.login(who, procedure).ask(wish{})
		w.see("a careless portal sends it")
		w.step()
		x.failed(exchange.Failed, code)
		x.logs("explicit_request_given request_sent error_received", "request_received error_sent")
	}
}

func anotherPerson(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	v.opens()
	for range 3 {
		if w.err == nil {
			w.wantError(v.identify(w.person("julia")), provider.ErrOtherPerson, "another person")
		}
	}
	w.see("another person tries three times")
	if w.err == nil {
		w.wantError(v.identify(v.identity), provider.ErrDecided, "the right person, too late")
	}
	w.step()
	x.failed(exchange.Failed, edm.FailedAuthentication)
	x.brings()
	x.logs(askedTwice+" error_received", "request_received error_sent request_received preview_opened reauthentication_failed reauthentication_failed reauthentication_failed preview_decision error_sent")
}

// firstRequest is the first request as it left the portal.
func (w *world) firstRequest() *edm.Request {
	for _, m := range w.sent {
		if m.Action == exchange.ExecuteQueryRequest {
			q, _, err := edmxml.ParseRequest(m.Body)
			if err == nil {
				return q
			}
			w.fail("request: %v", err)
		}
	}
	w.fail("no request was sent")
	return &edm.Request{NaturalPerson: &edm.Person{}}
}

func nonLatin(w *world) {
	previewOf(w, "eleni")
	p := w.firstRequest().NaturalPerson
	w.want(p.FamilyName == "Papadopoulou" && p.FamilyNameOriginal == "Παπαδοπούλου" && p.GivenNameOriginal == "Ελένη", "the names in her own script are not in the request")
	w.see("the request carries the names in both scripts")
}

func withheldIdentifier(w *world) {
	previewOf(w, "hans")
	w.want(w.firstRequest().NaturalPerson.Identifier == "", "the identifier of AT was forwarded")
	w.see("the request carries no identifier of AT")
}

func forwardedIdentifier(w *world) {
	previewOf(w, "eleni")
	id := w.firstRequest().NaturalPerson.Identifier
	w.want(strings.HasPrefix(id, "EL/AT/"), "the identifier of EL was not forwarded")
	w.see("the request carries the identifier of EL")
}

// previewOf is the whole way of a test person to her diploma.
func previewOf(w *world, key string) *asked {
	x := w.user(key, "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	v.loginAgain().sees("application/pdf").releases("0")
	w.step()
	x.is(exchange.Answered)
	x.brings("application/pdf")
	return x
}
