package scenario

import (
	"context"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/gateway"
	"oots/internal/provider"
)

// What the log of article 17 holds of an exchange without preview that brings a document. [IR 2022/1463 art. 17]
const (
	askedOnce    = "explicit_request_given request_sent response_received evidence_delivered"
	answeredOnce = "request_received response_sent"
)

// threeLines are the combinations of the main cases, twoLines those of cases in which it matters only whether the
// exchange has an identifier of its own.
var (
	threeLines = []Lines{New, ToOld, FromOld}
	twoLines   = []Lines{New, ToOld}
)

// withoutPreview are the cases in which the evidence goes at once.
func withoutPreview() []Scenario {
	patient := retries(gateway.RetryPlan{Attempts: 4, Interval: time.Minute})
	return []Scenario{
		{ID: "TC01", Title: "Basic request without preview", Portal: "EL", Lines: threeLines, alter: exempt, run: basic("hans")},
		{ID: "TC02", Title: "Person known, no such evidence", Lines: threeLines, alter: exempt, run: nothingFound},
		{ID: "TC02_b", Title: "Nobody in the register", Lines: twoLines, alter: exempt, run: nobodyFound("nikos")},
		{ID: "TC03", Title: "Base registry fails", Portal: "EL", Lines: threeLines, alter: exempt, run: registerFails("eva", exchange.Failed, edm.QueryFailed)},
		{ID: "TC03_b", Title: "Base registry does not answer in time", Portal: "EL", alter: alter(exempt, providers(slowRegister)),
			run: registerFails("hans", exchange.Expired, edm.TimedOut)},
		{ID: "TC04", Title: "Access point of the provider is down", Portal: "EL", Lines: twoLines, alter: alter(exempt, patient), run: accessPointDown},
		{ID: "TC04_b", Title: "Access point of the provider comes back", Portal: "EL", Lines: threeLines, alter: alter(exempt, patient), run: accessPointBack},
		{ID: "TC04_c", Title: "Access point down for longer than the portal waits", Portal: "EL", alter: exempt, run: accessPointDownForLong},
		{ID: "TC05", Title: "Dialogue with the Data Service Directory", Lines: threeLines, alter: exempt, run: basic("eleni")},
	}
}

// basic asks once and gets a document.
func basic(who string) func(w *world) {
	return func(w *world) {
		x := w.user(who, "T3").ask(wish{})
		w.step()
		x.is(exchange.Answered)
		x.brings("application/pdf")
		x.logs(askedOnce, answeredOnce)
	}
}

func nothingFound(w *world) {
	x := w.user("kostas", "T3").ask(wish{})
	w.step()
	x.is(exchange.Empty)
	x.brings()
	x.logs("explicit_request_given request_sent response_received", answeredOnce)
}

func nobodyFound(who string) func(w *world) {
	return func(w *world) {
		x := w.user(who, "T3").ask(wish{})
		w.step()
		x.failed(exchange.Failed, edm.ObjectNotFound)
		x.logs("explicit_request_given request_sent error_received", "request_received error_sent")
	}
}

// slowRegister has registers that never end, and no patience with them.
func slowRegister(_ string, s *provider.Settings) {
	s.Lookup = time.Millisecond
	for i := range s.Services {
		s.Services[i].Register = finds(func(ctx context.Context, _ provider.Subject, _ string, _ []string) ([]provider.Record, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
	}
}

func registerFails(who string, state exchange.RequesterState, code edm.Code) func(w *world) {
	return func(w *world) {
		x := w.user(who, "T3").ask(wish{})
		w.step()
		x.failed(state, code)
		x.logs("explicit_request_given request_sent error_received", "request_received error_sent")
	}
}

func accessPointDown(w *world) {
	w.loses(down("at.test"))
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	x.is(exchange.Sent)
	w.pass(4*time.Minute, time.Minute)
	e := x.exchange()
	w.want(e.State == exchange.Failed && e.Reason == "EBMS:0301", "the exchange is %s (%s)", e.State, e.Reason)
	w.see("after %d attempts: undeliverable, %s", len(w.net.as4), e.Reason)
	x.logs("explicit_request_given request_sent message_undeliverable", "")
}

func accessPointBack(w *world) {
	w.loses(down("at.test"))
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	w.pass(2*time.Minute, time.Minute)
	x.is(exchange.Sent)
	w.loses(nil)
	w.pass(time.Minute, time.Minute)
	w.see("attempt %d arrives", len(w.net.as4)-1)
	x.is(exchange.Answered)
	x.brings("application/pdf")
	x.logs(askedOnce, answeredOnce)
}

// accessPointDownForLong shows that the portal does not wait for the last attempt: five in twelve minutes.
func accessPointDownForLong(w *world) {
	w.loses(down("at.test"))
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	w.pass(6*time.Minute, time.Minute)
	x.is(exchange.Sent)
	w.pass(time.Second, time.Second)
	x.failed(exchange.Expired, edm.TimedOut)
	w.pass(10*time.Minute, time.Minute)
	x.failed(exchange.Expired, edm.TimedOut)
	x.logs("explicit_request_given request_sent timeout_concluded message_undeliverable", "")
}
