package scenario

import (
	"slices"
	"strings"

	"oots/edelivery/as4"
	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/node"
	"oots/internal/web"
	"oots/rule"
)

// messages are the cases in which a peer's message is wrong.
func messages() []Scenario {
	ours := func(change func(*exchange.Envelope)) func(*node.Options) {
		return alter(exempt, outgoing(func(_ string, e *exchange.Envelope) { change(e) }))
	}
	return []Scenario{
		{ID: "TC31", Title: "SpecificationId of the header differs from that of the request", Portal: "EL",
			alter: alter(exempt, outgoing(func(_ string, e *exchange.Envelope) {
				request(e, func(q *edm.Request) { q.Version = edm.V12 })
			})),
			findings: []rule.ID{"OOTS-X-EBMS_REQ-03", "OOTS-X-DSD-RESP_REQ-09", "OOTS-X-REQ_ERR-02"}, run: headerDiffers},
		{ID: "TC36", Title: "Attachment missing", Portal: "EL", Lines: threeLines, alter: ours(func(e *exchange.Envelope) { e.Attachments = nil }),
			findings: []rule.ID{"OOTS-X-EBMS_RESP-08"}, run: badAttachment("OOTS-EXC-PARTS")},
		{ID: "TC36_b", Title: "Attachment of another media type", Portal: "EL", Lines: twoLines, alter: ours(anotherType),
			findings: []rule.ID{"OOTS-X-EBMS_RESP-10"}, run: badAttachment("OOTS-EXC-MEDIA")},
		{ID: "TC36_c", Title: "Attachment that no document names", Portal: "EL", Lines: twoLines, alter: alter(exempt, unfit),
			findings: []rule.ID{"OOTS-X-EBMS_RESP-09"}, run: badAttachment("OOTS-EXC-PARTS")},
		{ID: "TC36_d", Title: "Attachment too large", Portal: "EL", alter: alter(exempt, small), run: tooLarge},
		{ID: "TC43", Title: "Return address that runs a script", Portal: "EL", Preview: true, alter: returning("javascript:alert(1)"),
			findings: []rule.ID{"R-EDM-REQ-C120"}, run: returnRefused},
		{ID: "TC43_b", Title: "Return address without TLS", Portal: "EL", Preview: true, alter: returning("http://el.test/return/1"),
			findings: []rule.ID{"R-EDM-REQ-C120"}, run: returnRefused},
		{ID: "TC43_c", Title: "Return address with a line break", Portal: "EL", Preview: true, alter: returning("https://el.test/\r\nSet-Cookie: x=1"),
			run: returnRefused},
		{ID: "TC43_f", Title: "Return address on another host", Portal: "EL", Preview: true, alter: returning("https://elsewhere.test/return/1"),
			run: returnNamed},
		{ID: "TC43_d", Title: "Preview link to another host", Portal: "EL", Lines: twoLines, Preview: true, alter: previewing("https://elsewhere.test/preview/1"),
			run: linkRefused},
		{ID: "TC43_e", Title: "Preview link that runs a script", Portal: "EL", Lines: twoLines, Preview: true, alter: previewing("javascript:alert(1)"),
			findings: []rule.ID{"R-EDM-ERR-C019"}, run: linkRefused},
	}
}

func headerDiffers(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	x.failed(exchange.Failed, edm.InvalidRequest)
	x.logs("explicit_request_given request_sent error_received", "request_received error_sent")
}

// badAttachment wants the portal to deliver nothing of an answer whose parts do not fit. There is no error path to
// the provider. [exchange-flow §7]
func badAttachment(reason string) func(w *world) {
	return func(w *world) {
		x := w.user("hans", "T3").ask(wish{})
		w.step()
		x.refused(reason)
		x.brings()
		x.logs("explicit_request_given request_sent response_refused", answeredOnce)
	}
}

func anotherType(e *exchange.Envelope) {
	e.Attachments = slices.Clone(e.Attachments)
	for i := range e.Attachments {
		e.Attachments[i].MimeType = "image/png"
	}
}

// unfit adds a part to every response.
func unfit(o *node.Options) {
	outgoing(func(_ string, e *exchange.Envelope) { oneMore(e) })(o)
}

func oneMore(e *exchange.Envelope) {
	if e.Action == exchange.ExecuteQueryResponse {
		e.Attachments = append(slices.Clone(e.Attachments), exchange.Attachment{ContentID: "more@at.test", MimeType: "application/pdf", Content: []byte("%PDF-1.7")})
	}
}

// small makes every access point refuse parts of more than eight kibibytes.
func small(o *node.Options) { o.Variant.Limits = as4.Limits{Part: 8 << 10} }

// tooLarge shows that the access point of the portal refuses the message, and what comes of it on both sides.
func tooLarge(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	x.is(exchange.Sent)
	w.see("the access point of the portal refuses the answer")
	w.pass(7*60e9, 60e9)
	x.failed(exchange.Expired, edm.TimedOut)
	x.brings()
}

// returning makes the second request name another way back.
func returning(address string) func(*node.Options) {
	return outgoing(func(_ string, e *exchange.Envelope) {
		request(e, func(q *edm.Request) {
			if q.Second() {
				q.ReturnLocation = address
			}
		})
	})
}

func returnRefused(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	x.failed(exchange.Failed, edm.InvalidRequest)
	v.opens()
	if s, err := v.session(); w.err == nil && (err != nil || s.ReturnLocation != "") {
		w.fail("the preview space knows %q (%v)", s.ReturnLocation, err)
	}
	w.see("the preview space takes no such way back")
	x.logs("explicit_request_given request_sent error_received request_sent error_received", "request_received error_sent request_received error_sent preview_opened")
}

// returnNamed wants the page to say which host the way back leads to: nobody vouches for it. [open-questions F13]
func returnNamed(w *world) {
	v := secondSent(w)
	if s, err := v.session(); w.err == nil {
		_, host, ok := web.Elsewhere(s.ReturnLocation)
		w.want(err == nil && ok && host == "elsewhere.test", "the page names %q (%v)", host, err)
	}
	w.see("the page names the host before she leaves")
}

// secondSent is a user in the preview space after the second request has arrived.
func secondSent(w *world) *visit {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	return v.opens()
}

// previewing makes the provider name another preview space.
func previewing(link string) func(*node.Options) {
	return outgoing(func(_ string, e *exchange.Envelope) {
		if e.Action != exchange.ExceptionResponse {
			return
		}
		_, q, _, err := edmxml.ParseResponse(e.Body)
		if err != nil || q == nil || q.PreviewRequired() == nil {
			return
		}
		q.PreviewRequired().Preview.Location = link
		if b, err := edmxml.AppendError(nil, q); err == nil {
			e.Body = b
		}
	})
}

func linkRefused(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	e := x.exchange()
	w.want(e.State == exchange.Failed && strings.HasPrefix(e.Reason, "R-EDM-ERR-C") && e.Preview == nil, "the exchange is %s (%s)", e.State, e.Reason)
	w.see("the portal refuses the link under %s and does not show it", e.Reason)
	x.logs("explicit_request_given request_sent response_refused", "request_received error_sent")
}
