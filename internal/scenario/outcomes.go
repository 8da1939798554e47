package scenario

import (
	"context"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/node"
	"oots/internal/provider"
)

// outcomes are the answers that are neither a document nor nothing, and packages.
func outcomes() []Scenario {
	return []Scenario{
		{ID: "TC13", Title: "Deferred answer and a new request", Portal: "EL", Lines: threeLines, Preview: true, alter: inTwoDays, run: deferredAnswer},
		{ID: "TC14", Title: "Package with a version for people and a translation", Preview: true, run: packaged},
		{ID: "TC20", Title: "Several people match", Lines: twoLines, run: severalMatch},
		{ID: "TC28", Title: "Two evidences of one type, one released", Portal: "EL", Lines: twoLines, Preview: true, alter: registers(twoDocuments), run: oneOfTwo},
	}
}

// inTwoDays makes every register say so until two days have gone by.
func inTwoDays(o *node.Options) {
	now := o.Clock.Now
	registers(func(_ edm.Agent, usual provider.Register) provider.Register {
		return finds(func(ctx context.Context, s provider.Subject, evidenceType string, languages []string) ([]provider.Record, error) {
			if at := start().Add(48 * time.Hour); now().Before(at) {
				return nil, provider.NotYet{At: at}
			}
			return usual.Find(ctx, s, evidenceType, languages)
		})
	})(o)
}

func deferredAnswer(w *world) {
	u := w.user("hans", "T3")
	first := u.ask(wish{})
	w.step()
	first.is(exchange.Deferred)
	at := first.exchange().AvailableAt
	w.want(at.Equal(start().Add(48*time.Hour)), "available at %v", at)
	first.logs("explicit_request_given request_sent response_received", answeredOnce)
	w.pass(48*time.Hour, 12*time.Hour)
	w.see("two days later she asks again")
	second := u.ask(wish{})
	w.want(second.id != first.id, "the deferred exchange was asked again")
	w.step()
	second.is(exchange.PreviewRequired)
	v := second.follow()
	w.step()
	v.loginAgain().sees("application/pdf").releases("0")
	w.step()
	second.is(exchange.Answered)
	second.brings("application/pdf")
}

func packaged(w *world) {
	x := w.user("eleni", "T3").ask(wish{format: "application/xml"})
	w.step()
	v := x.follow()
	w.step()
	v.loginAgain().sees("application/xml").releases("0")
	w.step()
	x.is(exchange.Answered)
	x.brings("application/xml", "application/pdf", "application/pdf")
	want := []edm.DocumentKind{edm.MainEvidence, edm.HumanReadableVersion, edm.Translation}
	for i, d := range x.exchange().Evidence {
		if i < len(want) && d.Kind != want[i] {
			w.fail("document %d is %s, want %s", i, d.Kind, want[i])
		}
		w.see("%s in %s", d.Kind, d.Language)
	}
}

// severalMatch wants an answer that does not tell several from none.
func severalMatch(w *world) {
	several := w.user("anna", "T3").ask(wish{})
	nobody := w.user("nikos", "T3").ask(wish{})
	w.step()
	several.failed(exchange.Failed, edm.ObjectNotFound)
	a, b := several.exchange(), nobody.exchange()
	w.want(a.State == b.State && a.Error == b.Error && a.Reason == b.Reason, "several (%s, %s) differ from nobody (%s, %s)", a.Error, a.Reason, b.Error, b.Reason)
	w.see("the answer is that for nobody")
	several.logs("explicit_request_given request_sent error_received", "request_received error_sent")
}

// twoDocuments is a register that has everything twice.
func twoDocuments(_ edm.Agent, usual provider.Register) provider.Register {
	return finds(func(ctx context.Context, s provider.Subject, evidenceType string, languages []string) ([]provider.Record, error) {
		all, err := usual.Find(ctx, s, evidenceType, languages)
		for _, r := range all {
			r.EvidenceID, r.Title = "0e4a7d53-9c1b-4f2e-8a6d-"+r.EvidenceID[24:], r.Title+" (2)"
			all = append(all, r)
		}
		return all, err
	})
}

func oneOfTwo(w *world) {
	x := w.user("hans", "T3").ask(wish{})
	w.step()
	v := x.follow()
	w.step()
	v.loginAgain().sees("application/pdf", "application/pdf").releases("1")
	w.step()
	x.is(exchange.Answered)
	x.brings("application/pdf")
	if docs := x.exchange().Evidence; w.err == nil && docs[0].Title[len(docs[0].Title)-3:] != "(2)" {
		w.fail("the document that was not chosen came")
	}
	x.logs(askedTwice+" response_received evidence_delivered", requestFirst)
}
