package scenario

import (
	"errors"
	"time"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/gateway"
	"oots/internal/provider"
	"oots/internal/requester"
)

// races are the cases in which the order or the time of things is another one.
func races() []Scenario {
	return []Scenario{
		{ID: "TC22", Title: "Preview link used again", Portal: "EL", Lines: twoLines, Preview: true, run: linkAgain},
		{ID: "TC22_b", Title: "Preview link expired, or never issued", Portal: "EL", Lines: twoLines, Preview: true, run: linkExpired},
		{ID: "TC22_c", Title: "Second request with a link that was used", Portal: "EL", Lines: twoLines, Preview: true, run: secondAgain},
		{ID: "TC23", Title: "Return address expired, or unknown", Portal: "EL", Lines: twoLines, Preview: true, run: returnExpired},
		{ID: "TC24", Title: "Second request before the user", Portal: "EL", Lines: threeLines, Preview: true, run: requestBeforeUser},
		{ID: "TC24_b", Title: "User before the second request", Portal: "EL", Lines: threeLines, Preview: true, run: userBeforeRequest},
		{ID: "TC25", Title: "Second request never comes, nor does the user", Portal: "EL", Lines: twoLines, Preview: true, run: nobodyComes},
		{ID: "TC25_b", Title: "Second request never comes, the user has decided", Portal: "EL", Lines: twoLines, Preview: true, run: onlyUserComes},
		{ID: "TC25_c", Title: "Second request comes, the user never does", Portal: "EL", Lines: twoLines, Preview: true, run: onlyRequestComes},
		{ID: "TC25_d", Title: "Second request comes in the last minute of the provider", Portal: "EL", Lines: twoLines, Preview: true, run: lastMinute},
		{ID: "TC26", Title: "Answer after the portal has given up", Portal: "EL", Lines: twoLines, alter: exempt, run: lateAnswer},
		{ID: "TC26_b", Title: "No answer at all", Portal: "EL", Lines: twoLines, run: noAnswer},
		{ID: "TC27", Title: "Request id used twice", Portal: "EL", Lines: threeLines, alter: exempt, run: requestTwice},
		{ID: "TC42", Title: "Receipts lost, every message arrives twice", Portal: "EL", Lines: threeLines, Preview: true,
			alter: retries(gateway.RetryPlan{Attempts: 4, Interval: 30 * time.Second}), run: receiptsLost},
	}
}

func linkAgain(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	v.loginAgain().releases("0")
	w.step()
	x.is(exchange.Answered)
	if w.err != nil {
		return
	}
	_, err := v.session()
	w.wantError(err, provider.ErrDecided, "open the link again")
	w.wantError(v.identify(v.identity), provider.ErrDecided, "log in again")
	_, _, err = w.answering().Provider.Document(w.ctx, v.token, "0")
	w.wantError(err, provider.ErrDecided, "read the document again")
	w.wantError(w.answering().Provider.Decide(w.ctx, v.token, nil), provider.ErrDecided, "decide again")
	w.see("the link shows nothing any more")
	x.logs(askedTwice+" response_received evidence_delivered", requestFirst)
}

func linkExpired(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.early()
	w.pass(15*time.Minute+time.Second, time.Minute)
	x.failed(exchange.Expired, edm.TimedOut)
	if w.err == nil {
		_, err := w.asking().Requester.GoToPreview(w.ctx, x.id)
		w.wantError(err, requester.ErrNoPreview, "follow the link")
	}
	w.pass(time.Minute, time.Minute)
	if w.err == nil {
		_, err := v.session()
		w.wantError(err, provider.ErrExpired, "open the link")
		v.token = "0123456789abcdef0123456789abcdef0123456789abcdef"
		_, err = v.session()
		w.wantError(err, provider.ErrNoSession, "open a link that was never issued")
	}
	w.see("T2 is over: the link is refused, and so is one that was never issued")
	x.logs("explicit_request_given request_sent error_received timeout_concluded", "request_received error_sent timeout_concluded")
}

// secondAgain sends another second request with the link of a finished preview, as a portal that lost its state may.
func secondAgain(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	v.loginAgain().releases("0")
	w.step()
	x.is(exchange.Answered)
	w.again(1, func(q *edm.Request) { q.ID, q.IssuedAt = "urn:uuid:"+w.clock.UUID(), w.clock.Now() })
	w.answered(edm.InvalidRequest)
	x.is(exchange.Answered)
	x.brings("application/pdf")
}

// again sends a request of the portal once more, as an own message and changed.
func (w *world) again(number int, change func(*edm.Request)) {
	if w.err != nil {
		return
	}
	n := 0
	for _, m := range w.sent {
		if m.Action != exchange.ExecuteQueryRequest {
			continue
		}
		if n++; n-1 == number {
			request(&m, change)
			w.clock.advance(time.Second)
			if _, err := w.asking().Post(w.ctx, m); err != nil {
				w.fail("send again: %v", err)
			}
			w.step()
			return
		}
	}
	w.fail("there is no request %d", number)
}

// answered wants the last message of the provider to be an error with that code.
func (w *world) answered(code edm.Code) {
	if w.err != nil {
		return
	}
	last := w.sent[len(w.sent)-1]
	_, refusal, _, err := edmxml.ParseResponse(last.Body)
	if err != nil || refusal == nil || refusal.Exceptions[0].Code != code {
		w.fail("the provider does not answer with %s (%v)", code, err)
	}
	w.see("provider: %s", code)
}

func returnExpired(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	v.loginAgain().releases("0")
	v.returns()
	w.step()
	if w.err != nil {
		return
	}
	s, err := v.session()
	if !errors.Is(err, provider.ErrDecided) {
		w.fail("preview: %v", err)
	}
	token := s.ReturnLocation[len(w.asking().Base+"/return/"):]
	w.pass(3*time.Hour, time.Hour)
	_, _, err = w.asking().Requester.Return(w.ctx, token)
	w.wantError(err, requester.ErrNoReturn, "return after three hours")
	_, _, err = w.asking().Requester.Return(w.ctx, token[1:]+"0")
	w.wantError(err, requester.ErrNoReturn, "return by another token")
	w.see("three hours later the way back is closed, as is one that never was")
	x.is(exchange.Answered)
}

func requestBeforeUser(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	w.see("the second request arrives")
	w.pass(10*time.Minute, time.Minute)
	v.loginAgain().sees("application/pdf").releases("0")
	v.returns()
	w.step()
	x.is(exchange.Answered)
	x.logs(askedTwice+" user_returned response_received evidence_delivered", requestFirst)
}

func userBeforeRequest(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.follow()
	v.loginAgain().sees("application/pdf").releases("0")
	if w.err == nil {
		if s, _ := v.session(); w.lines == New && s.ReturnLocation != "" {
			w.fail("the way back is known before the second request")
		}
	}
	w.see("the second request arrives only now")
	w.step()
	v.returns()
	x.is(exchange.Answered)
	x.brings("application/pdf")
	x.logs(askedTwice+" response_received evidence_delivered user_returned", userFirst)
}

func nobodyComes(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	w.pass(15*time.Minute, time.Minute)
	x.is(exchange.PreviewRequired)
	w.pass(time.Second, time.Second)
	x.failed(exchange.Expired, edm.TimedOut)
	w.pass(time.Minute, time.Minute)
	w.see("T2 is over on both sides, nothing more is sent")
	x.logs("explicit_request_given request_sent error_received timeout_concluded", "request_received error_sent timeout_concluded")
}

func onlyUserComes(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.early()
	v.loginAgain().sees("application/pdf").releases("0")
	w.pass(17*time.Minute, time.Minute)
	x.failed(exchange.Expired, edm.TimedOut)
	x.brings()
	w.see("without a second request nothing is sent")
	x.logs("explicit_request_given request_sent error_received timeout_concluded", "request_received error_sent preview_opened preview_decision timeout_concluded")
}

func onlyRequestComes(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	x.follow()
	w.step()
	w.pass(40*time.Minute, 5*time.Minute)
	x.is(exchange.SecondSent)
	w.pass(time.Second, time.Second)
	x.failed(exchange.Expired, edm.TimedOut)
	x.logs(askedTwice+" error_received", "request_received error_sent request_received error_sent")
}

// lastMinute delays the second request on its way: it was sent in time, which its timestamp says. [TDD 4.10 §6.1]
func lastMinute(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	w.pass(15*time.Minute, 5*time.Minute)
	w.loses(down("at.test"))
	v := x.follow()
	w.step()
	w.see("the second request is sent in the last minute and lost")
	w.loses(nil)
	w.clock.advance(3 * time.Minute)
	if w.err == nil { // the access point delivers before the provider looks at its clock
		if _, err := w.asking().Gateway.Send(w.ctx); err != nil {
			w.fail("send: %v", err)
		}
		if _, err := w.answering().Gateway.Deliver(w.ctx); err != nil {
			w.fail("deliver: %v", err)
		}
	}
	w.step()
	w.see("it arrives three minutes later")
	v.loginAgain().releases("0")
	w.step()
	x.is(exchange.Answered)
}

func lateAnswer(w *world) {
	w.loses(down("el.test"))
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	w.see("the answer is lost on its way")
	w.pass(6*time.Minute+time.Second, time.Second*19)
	x.failed(exchange.Expired, edm.TimedOut)
	w.loses(nil)
	w.pass(3*time.Minute, time.Minute)
	w.see("the answer arrives")
	x.failed(exchange.Expired, edm.TimedOut)
	x.brings()
	x.logs("explicit_request_given request_sent timeout_concluded response_refused", answeredOnce)
}

func noAnswer(w *world) {
	x := w.user("otto", "T3").ask(wish{})
	w.step()
	w.pass(6*time.Minute, time.Minute)
	x.is(exchange.Sent)
	w.pass(time.Second, time.Second)
	x.failed(exchange.Expired, edm.TimedOut)
	x.logs("explicit_request_given request_sent timeout_concluded", "request_received")
}

func requestTwice(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	x.is(exchange.Answered)
	w.again(0, func(*edm.Request) {})
	w.answered(edm.InvalidRequest)
	x.is(exchange.Answered)
	x.brings("application/pdf")
	x.logs(askedOnce+" response_refused", "request_received response_sent request_received error_sent")
}

func receiptsLost(w *world) {
	seen := map[string]bool{}
	w.loses(everyFirst(seen))
	x := w.user("hans", "T3").ask(wish{})
	w.pass(time.Minute, 30*time.Second)
	x.is(exchange.PreviewRequired)
	v := x.follow()
	w.pass(time.Minute, 30*time.Second)
	v.loginAgain().sees("application/pdf").releases("0")
	w.pass(2*time.Minute, 30*time.Second)
	x.is(exchange.Answered)
	x.brings("application/pdf")
	w.want(len(seen) == 4 && len(w.net.as4) == 8, "%d messages in %d entities, want 4 in 8", len(seen), len(w.net.as4))
	w.see("4 messages went in %d entities, each was handled once", len(w.net.as4))
	x.logs(askedTwice+" response_received evidence_delivered", requestFirst)
}
