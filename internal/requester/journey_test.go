package requester_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/provider"
	"oots/internal/requester"
	"oots/internal/store"
)

func TestEvidenceAfterPreview(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, id := p.ask(eleni)
	p.wantState(id, exchange.Sent)
	p.wantCard(app, requester.Asking)
	if p.deliver() != 2 {
		t.Fatalf("request and answer travel\n%s", p.log)
	}
	x := p.wantState(id, exchange.PreviewRequired)
	p.wantCard(app, requester.Ready)
	if !strings.HasPrefix(x.Preview.Location, previewBase) || len(x.Preview.Descriptions) != 1 {
		t.Errorf("preview %+v", x.Preview)
	}
	token := p.preview(id)
	p.wantState(id, exchange.SecondSent)
	if again := p.preview(id); again != token || len(p.post) != 1 {
		t.Errorf("going twice: other link or %d second requests", len(p.post))
	}
	p.deliver()

	s, err := p.provider.Session(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if s.State != exchange.SecondReceived || len(s.Documents) != 1 || s.ReturnLocation == "" || s.Requester.ID.Value != "DEMO-AT-UNI" || s.LoA != edm.Substantial {
		t.Errorf("session %+v", s)
	}
	if _, _, err := p.provider.Document(t.Context(), token, "0"); !errors.Is(err, provider.ErrNotYou) {
		t.Errorf("document before identification: %v", err)
	}
	if err := p.provider.Decide(t.Context(), token, []string{"0"}); !errors.Is(err, provider.ErrNotYou) {
		t.Errorf("decision before identification: %v", err)
	}
	p.identify(token, eleni)
	doc, seen, err := p.provider.Document(t.Context(), token, "0")
	if err != nil || doc.MediaType != "application/pdf" || doc.Language != "EL" {
		t.Fatalf("document %+v, %v", doc, err)
	}
	p.decide(token, "0")
	if err := p.provider.Decide(t.Context(), token, []string{"0"}); !errors.Is(err, provider.ErrDecided) {
		t.Errorf("second decision: %v", err)
	}
	if p.deliver() != 1 {
		t.Error("one answer travels")
	}

	x = p.wantState(id, exchange.Answered)
	p.wantCard(app, requester.Received)
	if len(x.Evidence) != 1 || !x.Deadline.IsZero() {
		t.Fatalf("exchange %+v", x)
	}
	d, got, err := p.requester.Evidence(t.Context(), id, "0")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(seen)
	if !bytes.Equal(got, seen) || d.SHA256 != hex.EncodeToString(sum[:]) {
		t.Error("what arrived is not what was shown")
	}
	if d.Title == "" || d.IssuingDate != "2021-07-16" || d.Language != "EL" || len(d.Issuer) == 0 || d.Kind != edm.MainEvidence {
		t.Errorf("document %+v", d)
	}

	back := strings.TrimPrefix(s.ReturnLocation, returnBase)
	gotApp, gotID, err := p.requester.Return(t.Context(), back)
	if err != nil || gotApp != app || gotID != id {
		t.Errorf("return to %s, %s, %v", gotApp, gotID, err)
	}
	closed, err := p.provider.Session(t.Context(), token)
	if !errors.Is(err, provider.ErrDecided) || closed.ReturnLocation != s.ReturnLocation {
		t.Errorf("session after the decision: %v, way back %q", err, closed.ReturnLocation)
	}
	if _, _, err := p.provider.Document(t.Context(), token, "0"); !errors.Is(err, provider.ErrDecided) {
		t.Errorf("document after the decision: %v", err)
	}
	if err := p.requester.Submit(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	if err := p.requester.Submit(t.Context(), app); !errors.Is(err, requester.ErrSubmitted) {
		t.Errorf("submitting twice: %v", err)
	}
	wantEvents(t, p.atLog, exchange.ExplicitRequestGiven, exchange.RequestSent, exchange.ErrorReceived, exchange.RequestSent,
		exchange.ResponseReceived, exchange.EvidenceDelivered, exchange.UserReturned, exchange.EvidenceHandedOver)
	wantEvents(t, p.elLog, exchange.RequestReceived, exchange.ErrorSent, exchange.RequestReceived, exchange.PreviewOpened,
		exchange.PreviewDecided, exchange.ResponseSent)
	p.noNames()
}

// TestWhatTravels looks at the four messages of a preview.
func TestWhatTravels(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	_, id := p.ask(eleni)
	p.deliver()
	token := p.preview(id)
	p.deliver()
	p.identify(token, eleni)
	p.decide(token, "0")
	p.deliver()
	if len(p.sent) != 4 {
		t.Fatalf("%d messages", len(p.sent))
	}
	for i, e := range p.sent {
		if e.ExchangeID != id || e.ConversationID != p.sent[0].ConversationID {
			t.Errorf("message %d is of another exchange", i)
		}
		if fs := exchange.CheckEnvelope(e); len(fs) > 0 {
			t.Errorf("message %d: %v", i, fs)
		}
	}
	first, fs, err := edmxml.ParseRequest(p.sent[0].Body)
	if err != nil || len(fs) > 0 {
		t.Fatalf("first request: %v %v", fs, err)
	}
	second, fs, err := edmxml.ParseRequest(p.sent[2].Body)
	if err != nil || len(fs) > 0 {
		t.Fatalf("second request: %v %v", fs, err)
	}
	if second.ID == first.ID || second.PreviewLocation != previewBase+token || !strings.HasPrefix(second.ReturnLocation, returnBase) ||
		!second.NaturalPerson.SamePerson(*first.NaturalPerson) || second.Evidence.ID != first.Evidence.ID {
		t.Error("the second request is the first one with a new id, the link and the way back")
	}
	_, refused, fs, err := edmxml.ParseResponse(p.sent[1].Body)
	if err != nil || len(fs) > 0 || refused == nil || refused.RequestID != first.ID || refused.PreviewRequired() == nil {
		t.Errorf("exception: %v %v", fs, err)
	}
	answer, _, fs, err := edmxml.ParseResponse(p.sent[3].Body)
	if err != nil || len(fs) > 0 || answer == nil || answer.RequestID != second.ID || len(answer.Packages) != 1 || len(p.sent[3].Attachments) != 1 {
		t.Errorf("response: %v %v", fs, err)
	}
}

func TestDecline(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, id := p.ask(eleni)
	p.deliver()
	token := p.preview(id)
	p.deliver()
	p.identify(token, eleni)
	p.decide(token)
	p.deliver()
	if x := p.wantState(id, exchange.Empty); !x.Declined || len(x.Evidence) != 0 {
		t.Errorf("exchange %+v", x)
	}
	p.wantCard(app, requester.Nothing)
	if len(p.last().Attachments) != 0 {
		t.Error("evidence travelled")
	}
}

// TestOutcomes has one row for each answer to a first request.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		ask   func(*pair) (string, string)
		state exchange.RequesterState
		code  edm.Code
		card  requester.CardState
	}{
		{"nobody", func(p *pair) (string, string) { return p.ask(nikos) }, exchange.Failed, edm.ObjectNotFound, requester.Nothing},
		{"several", func(p *pair) (string, string) { return p.ask(anna) }, exchange.Failed, edm.ObjectNotFound, requester.Nothing},
		{"no document", func(p *pair) (string, string) { return p.ask(kostas) }, exchange.Empty, "", requester.Nothing},
		{"register fails", func(p *pair) (string, string) { return p.ask(maria) }, exchange.Failed, edm.QueryFailed, requester.Failed},
		{"later", func(p *pair) (string, string) { return p.ask(sofia) }, exchange.Deferred, "", requester.Deferred},
		{"silent", func(p *pair) (string, string) { return p.ask(dimitris) }, exchange.Sent, "", requester.Asking},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			app, id := tc.ask(p)
			p.deliver()
			x := p.wantState(id, tc.state)
			if x.Error != tc.code || x.Declined {
				t.Errorf("code %q, declined %v", x.Error, x.Declined)
			}
			p.wantCard(app, tc.card)
			if tc.state == exchange.Deferred && !x.AvailableAt.Equal(p.clock.Now().Add(48*time.Hour)) {
				t.Errorf("available at %v", x.AvailableAt)
			}
			p.noNames()
		})
	}
}

// TestNobodyAndSeveralLookTheSame compares the two errors as the requester gets them.
func TestNobodyAndSeveralLookTheSame(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	var got []edm.Exception
	for _, user := range []struct{ ask func() (string, string) }{
		{func() (string, string) { return p.ask(nikos) }}, {func() (string, string) { return p.ask(anna) }},
	} {
		user.ask()
		p.deliver()
		_, e, _, err := edmxml.ParseResponse(p.last().Body)
		if err != nil || e == nil {
			t.Fatal(err)
		}
		got = append(got, e.Exceptions[0])
	}
	if got[0].Code != got[1].Code || got[0].Detail != got[1].Detail || got[0].Message != got[1].Message {
		t.Errorf("%+v differs from %+v", got[0], got[1])
	}
}

func TestSilentProviderExpires(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, id := p.ask(dimitris)
	p.deliver()
	p.clock.Add(exchange.DefaultRequester.T1)
	if n, _ := p.expire(); n != 0 {
		t.Fatal("the last instant is in time")
	}
	p.clock.Add(time.Millisecond)
	if n, _ := p.expire(); n != 1 {
		t.Fatal("T1 is over")
	}
	if x := p.wantState(id, exchange.Expired); x.Error != edm.TimedOut {
		t.Errorf("code %s", x.Error)
	}
	p.wantCard(app, requester.Expired)
	if n, _ := p.expire(); n != 0 {
		t.Error("it expires once")
	}
}

func TestRequestTooOldOnArrival(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	_, id := p.ask(eleni)
	p.clock.Add(exchange.DefaultProvider.T1 + time.Millisecond)
	p.deliver()
	if x := p.wantState(id, exchange.Expired); x.Error != edm.TimedOut {
		t.Errorf("code %s", x.Error)
	}
}

func TestNobodyFollowsTheLink(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	_, id := p.ask(eleni)
	p.deliver()
	x := p.wantState(id, exchange.PreviewRequired)
	p.clock.Add(exchange.DefaultRequester.T2 + time.Millisecond)
	if _, err := p.requester.GoToPreview(t.Context(), id); !errors.Is(err, requester.ErrNoPreview) {
		t.Errorf("following too late: %v", err)
	}
	if asked, answered := p.expire(); asked != 1 || answered != 0 {
		t.Errorf("expired %d and %d; the provider waits one minute longer", asked, answered)
	}
	p.wantState(id, exchange.Expired)
	p.clock.Add(time.Minute)
	if _, answered := p.expire(); answered != 1 {
		t.Error("the provider drops what it prepared")
	}
	token := strings.TrimPrefix(x.Preview.Location, previewBase)
	if _, err := p.provider.Session(t.Context(), token); !errors.Is(err, provider.ErrExpired) {
		t.Errorf("visiting an expired link: %v", err)
	}
	if len(p.post) != 0 {
		t.Error("nobody is to be answered")
	}
}

func TestNobodyDecides(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	_, id := p.ask(eleni)
	p.deliver()
	token := p.preview(id)
	p.deliver()
	p.identify(token, eleni)
	p.clock.Add(exchange.DefaultProvider.T3 + time.Millisecond)
	if err := p.provider.Decide(t.Context(), token, []string{"0"}); !errors.Is(err, provider.ErrExpired) {
		t.Errorf("deciding too late: %v", err)
	}
	if asked, answered := p.expire(); asked != 0 || answered != 1 {
		t.Errorf("expired %d and %d; the requester waits one minute longer", asked, answered)
	}
	p.deliver()
	x := p.wantState(id, exchange.Expired)
	if x.Error != edm.TimedOut {
		t.Errorf("code %s", x.Error)
	}
	if s, err := p.provider.Session(t.Context(), token); !errors.Is(err, provider.ErrExpired) || s.ReturnLocation == "" {
		t.Errorf("session: %v, way back %q", err, s.ReturnLocation)
	}
}

// TestUserIsFasterThanTheSecondRequest decides before the second request arrives.
func TestUserIsFasterThanTheSecondRequest(t *testing.T) {
	t.Parallel()
	for _, chosen := range [][]string{{"0"}, nil} {
		p := newPair(t)
		_, id := p.ask(eleni)
		p.deliver()
		token := p.preview(id)
		p.identify(token, eleni)
		p.decide(token, chosen...)
		if s, err := p.provider.Session(t.Context(), token); !errors.Is(err, provider.ErrDecided) || s.ReturnLocation != "" {
			t.Errorf("session %v, way back %q", err, s.ReturnLocation)
		}
		if len(p.post) != 1 {
			t.Fatal("the answer waits for the second request")
		}
		p.deliver()
		want := exchange.Answered
		if len(chosen) == 0 {
			want = exchange.Empty
		}
		p.wantState(id, want)
		if s, _ := p.provider.Session(t.Context(), token); s.ReturnLocation == "" {
			t.Error("no way back after the second request")
		}
	}
}

func TestAnotherPersonAtThePreview(t *testing.T) {
	t.Parallel()
	for _, early := range []bool{false, true} {
		p := newPair(t)
		_, id := p.ask(eleni)
		p.deliver()
		token := p.preview(id)
		if !early {
			p.deliver()
		}
		for range 3 {
			if err := p.provider.Identify(t.Context(), token, maria); !errors.Is(err, provider.ErrOtherPerson) {
				t.Fatalf("another person: %v", err)
			}
		}
		if err := p.provider.Identify(t.Context(), token, eleni); !errors.Is(err, provider.ErrDecided) {
			t.Errorf("after three attempts: %v", err)
		}
		p.deliver()
		if x := p.wantState(id, exchange.Failed); x.Error != edm.FailedAuthentication {
			t.Errorf("code %s", x.Error)
		}
		p.noNames()
	}
}

// TestRestart makes new services between all steps.
func TestRestart(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, id := p.ask(eleni)
	p.restart()
	p.deliver()
	p.restart()
	token := p.preview(id)
	p.restart()
	p.deliver()
	p.restart()
	p.identify(token, eleni)
	p.restart()
	p.decide(token, "0")
	p.restart()
	p.deliver()
	p.wantState(id, exchange.Answered)
	p.wantCard(app, requester.Received)
	p.restart()
	if _, content, err := p.requester.Evidence(t.Context(), id, "0"); err != nil || len(content) == 0 {
		t.Errorf("evidence after restart: %v", err)
	}
	p.bring(p.sent[0])
	if code := errorCode(t, p.last()); code != edm.InvalidRequest {
		t.Errorf("request id replayed after restart: %s", code)
	}
}

func errorCode(t *testing.T, e exchange.Envelope) edm.Code {
	t.Helper()
	_, refused, _, err := edmxml.ParseResponse(e.Body)
	if err != nil || refused == nil {
		t.Fatalf("no error response: %v", err)
	}
	return refused.Exceptions[0].Code
}

func TestWithoutPreview(t *testing.T) {
	t.Parallel()
	p := newPair(t, func(p *pair) { p.policy.RequirePreview = false })
	_, id := p.ask(eleni)
	p.deliver()
	p.wantState(id, exchange.Answered)
	if _, content, err := p.requester.Evidence(t.Context(), id, "0"); err != nil || !bytes.HasPrefix(content, []byte("%PDF-")) {
		t.Errorf("evidence: %v", err)
	}
	if _, _, err := p.requester.Evidence(t.Context(), id, "1"); !errors.Is(err, requester.ErrNoEvidence) {
		t.Errorf("no second document: %v", err)
	}
	if _, err := p.requester.GoToPreview(t.Context(), id); !errors.Is(err, requester.ErrNoPreview) {
		t.Errorf("no preview: %v", err)
	}
}

func TestUndeliverable(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, id := p.ask(eleni)
	message := p.last().MessageID
	p.lose()
	undeliverable := func(m string) {
		t.Helper()
		if err := p.at.DB.Update(t.Context(), func(tx *store.Tx) error { return p.requester.Undeliverable(tx, m, "EBMS:0301") }); err != nil {
			t.Fatal(err)
		}
	}
	undeliverable("unknown@post.example")
	p.wantState(id, exchange.Sent)
	undeliverable(message)
	if x := p.wantState(id, exchange.Failed); x.Reason != "EBMS:0301" || x.Error != "" {
		t.Errorf("exchange %+v", x)
	}
	p.wantCard(app, requester.Failed)
	undeliverable(message)
	p.wantState(id, exchange.Failed)
}
