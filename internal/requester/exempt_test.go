package requester_test

import (
	"testing"

	"oots/directory"
	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/requester"
)

// TestExemptFromPreview asks in a procedure whose law lets evidence go at once: the flag is false, the answer brings the
// evidence, and there is no second request. Other procedures keep the user's right. [Regulation (EU) 2018/1724 art. 14(5)]
func TestExemptFromPreview(t *testing.T) {
	t.Parallel()
	for _, line := range edm.Versions() {
		for _, tc := range []struct {
			name   string
			exempt []string
			want   bool
		}{
			{"this procedure", []string{"T1", "T3"}, true},
			{"every procedure", []string{requester.AllProcedures}, true},
			{"another procedure", []string{"T1"}, false},
		} {
			t.Run(string(line)+"/"+tc.name, func(t *testing.T) {
				t.Parallel()
				p := newPair(t, func(p *pair) { p.exempt = tc.exempt })
				if got := p.requester.Forwarded(eleni, "T3", directory.DataService{}).PossibilityForPreview; got == tc.want {
					t.Errorf("the portal is told that a preview is possible: %v", got)
				}
				app, err := p.requester.Open(t.Context(), "T3", eleni)
				if err != nil {
					t.Fatal(err)
				}
				ask := diplomaAsk(app.ID)
				ask.Service.ConformsTo, ask.Service.Descriptions = []edm.Version{line}, en("Diploma")
				id, err := p.requester.Ask(t.Context(), ask)
				if err != nil {
					t.Fatal(err)
				}
				q, fs, err := edmxml.ParseRequest(p.sent[0].Body)
				if err != nil || len(fs) > 0 && line != edm.V10 || q.PossibilityForPreview == tc.want {
					t.Fatalf("request: %v %v %+v", err, fs, q)
				}
				p.deliver()
				if !tc.want {
					p.wantState(id, exchange.PreviewRequired)
					return
				}
				if x := p.wantState(id, exchange.Answered); len(x.Evidence) != 1 || len(p.sent) != 2 {
					t.Errorf("%d documents after %d messages", len(x.Evidence), len(p.sent))
				}
				wantEvents(t, p.atLog, exchange.ExplicitRequestGiven, exchange.RequestSent, exchange.ResponseReceived, exchange.EvidenceDelivered)
			})
		}
	}
}

// TestPreviewAllTheSame is a provider that sends the user to its preview space although no preview is asked for: she
// can go there. [architecture-and-journeys §6.2]
func TestPreviewAllTheSame(t *testing.T) {
	t.Parallel()
	p := newPair(t, func(p *pair) { p.exempt = []string{requester.AllProcedures} })
	_, id := p.ask(eleni)
	q, _, err := edmxml.ParseRequest(p.sent[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	q.PossibilityForPreview = true
	if p.post[0].Body, err = edmxml.AppendRequest(nil, q); err != nil {
		t.Fatal(err)
	}
	p.deliver()
	p.wantState(id, exchange.PreviewRequired)
	token := p.preview(id)
	p.deliver()
	p.identify(token, eleni)
	p.decide(token, "0")
	p.deliver()
	p.wantState(id, exchange.Answered)
}
