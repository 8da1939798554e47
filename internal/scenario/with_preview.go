package scenario

import (
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/node"
	"oots/internal/provider"
)

// What the log of article 17 holds of an exchange with preview. [IR 2022/1463 art. 17]
const (
	askedTwice = "explicit_request_given request_sent error_received request_sent"
	// The two orders of second request and user.
	requestFirst = "request_received error_sent request_received preview_opened preview_decision response_sent"
	userFirst    = "request_received error_sent preview_opened preview_decision request_received response_sent"
)

// sameIdentity is why the cases with dynamic identity are no others here.
const sameIdentity = "no identity is prepared here: who asks and who logs in again always comes from the login, so this is "

// withPreview are the cases in which the user sees the evidence first.
func withPreview() []Scenario {
	return []Scenario{
		{ID: "TC06", Title: "Preview with re-authentication", Portal: "EL", Lines: threeLines, Preview: true, run: previewAccepted("hans")},
		{ID: "TC06_b", Title: "Re-authentication by other attributes", Portal: "EL", Lines: threeLines, Preview: true, run: otherAttributes},
		{ID: "TC07", Title: "Two evidences from two providers", Lines: threeLines, Preview: true, alter: twoRegistries, run: twoProviders},
		{ID: "TC07_b", Title: "Two evidences, dynamic identity", Reason: sameIdentity + "TC07"},
		{ID: "TC08", Title: "The user declines", Lines: threeLines, Preview: true, run: declined},
		{ID: "TC08_b", Title: "The user declines, dynamic identity", Reason: sameIdentity + "TC08"},
		{ID: "TC09", Title: "Preview closed without a decision", Lines: threeLines, Preview: true, run: closed},
		{ID: "TC10", Title: "Structured evidence, rendered in the preview", Portal: "EL", Lines: threeLines, Preview: true, run: structured},
		{ID: "TC10_b", Title: "Structured evidence, dynamic identity", Reason: sameIdentity + "TC10"},
	}
}

func previewAccepted(who string) func(w *world) {
	return func(w *world) {
		x := w.user(who, "T3").ask(wish{})
		w.step()
		x.is(exchange.PreviewRequired)
		v := x.follow()
		w.step()
		v.loginAgain().sees("application/pdf").releases("0")
		v.returns()
		w.step()
		x.is(exchange.Answered)
		x.brings("application/pdf")
		x.logs(askedTwice+" user_returned response_received evidence_delivered", requestFirst)
	}
}

// otherAttributes logs in again with an eID that spells the name otherwise and has another identifier.
func otherAttributes(w *world) {
	u := w.user("julia", "T3")
	x := u.ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	v.opens()
	again := u.identity
	again.Person.Identifier, again.Person.FamilyName = "AT/AT/DEMO2002", "Groesswang"
	if w.err == nil {
		w.wantError(v.identify(again), nil, "log in with another eID")
		w.see("she logs in with another eID, spelt Groesswang, and is matched")
	}
	v.sees("application/pdf").releases("0")
	w.step()
	x.is(exchange.Answered)
	x.brings("application/pdf")
}

func declined(w *world) {
	x := w.user("eleni", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	v.loginAgain().sees("application/pdf").releases()
	w.step()
	x.is(exchange.Empty)
	x.brings()
	v.returns()
	x.logs(askedTwice+" response_received user_returned", requestFirst)
}

// closed opens the preview and goes away.
func closed(w *world) {
	x := w.user("eleni", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	v.loginAgain()
	w.pass(40*time.Minute, 10*time.Minute)
	x.is(exchange.SecondSent)
	w.pass(time.Second, time.Second)
	w.see("T3 is over")
	x.failed(exchange.Expired, edm.TimedOut)
	v.returns()
	x.logs(askedTwice+" error_received user_returned", "request_received error_sent request_received preview_opened error_sent")
}

// registries is the question of the directory that tells the two providers of diplomas of Greece apart.
const registries = "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77"

// twoRegistries gives both of them the same people.
func twoRegistries(o *node.Options) {
	providers(func(_ string, s *provider.Settings) {
		for i := range s.Services {
			s.Services[i].Register = s.Services[0].Register
		}
	})(o)
}

// twoProviders asks both, and visits their previews in the other order.
func twoProviders(w *world) {
	u := w.user("eleni", "T3")
	one := u.ask(wish{answers: map[string]string{registries: "ATH"}})
	two := u.ask(wish{answers: map[string]string{registries: "THE"}})
	w.step()
	one.is(exchange.PreviewRequired)
	two.is(exchange.PreviewRequired)
	for _, x := range []*asked{two, one} {
		v := x.follow()
		w.step()
		v.loginAgain().sees("application/pdf").releases("0")
		v.returns()
		w.step()
		x.is(exchange.Answered)
		x.brings("application/pdf")
		x.logs(askedTwice+" user_returned response_received evidence_delivered", requestFirst)
	}
	a, b := one.exchange(), two.exchange()
	w.want(a.Provider.ID != b.Provider.ID && a.ApplicationID == b.ApplicationID, "not two providers in one conversation")
}

// structured asks for data; the preview shows it in a form for people.
func structured(w *world) {
	x := w.user("hans", "T3").ask(wish{format: "application/xml"})
	w.step()
	x.is(exchange.PreviewRequired)
	v := x.follow()
	w.step()
	v.loginAgain().sees("application/xml")
	if s, err := v.session(); w.err == nil {
		w.want(err == nil && len(s.Documents) == 1, "preview: %v", err)
		for _, c := range s.Documents[0].Companions {
			w.see("with it: %s, %s", c.Kind, c.MediaType)
		}
	}
	v.releases("0")
	w.step()
	x.is(exchange.Answered)
	x.brings("application/xml", "application/pdf", "application/pdf")
}
