package requester_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/requester"
	"oots/internal/store"
	"oots/rule"
)

// answered walks an exchange up to the point where the answer to the second request is on its way.
func answered(t *testing.T) (p *pair, app, id string) {
	t.Helper()
	p = newPair(t)
	app, id = p.ask(eleni)
	p.deliver()
	token := p.preview(id)
	p.deliver()
	p.identify(token, eleni)
	p.decide(token, "0")
	return p, app, id
}

// TestBrokenAnswers changes one thing of a good answer. Nothing of it may be delivered.
func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		edit  func(*exchange.Envelope)
		state exchange.RequesterState // SecondSent: dropped, and the exchange goes on
		rule  rule.ID
	}{
		{"no XML", func(e *exchange.Envelope) { e.Body = []byte("%PDF-1.7") }, exchange.Failed, "OOTS-EXC-BODY"},
		{"cut off", func(e *exchange.Envelope) { e.Body = e.Body[:len(e.Body)/2] }, exchange.Failed, "OOTS-EXC-BODY"},
		{"no part", func(e *exchange.Envelope) { e.Attachments = nil }, exchange.Failed, "OOTS-EXC-PARTS"},
		{"part too many", func(e *exchange.Envelope) {
			e.Attachments = append(e.Attachments, exchange.Attachment{ContentID: "more@x", MimeType: "application/pdf", Content: []byte("%PDF-")})
		}, exchange.Failed, "OOTS-EXC-PARTS"},
		{"same part twice", func(e *exchange.Envelope) { e.Attachments = append(e.Attachments, e.Attachments[0]) }, exchange.Failed, "OOTS-EXC-PARTS"},
		{"reference to another part", func(e *exchange.Envelope) { e.Attachments[0].ContentID = "other@x" }, exchange.Failed, "OOTS-EXC-PARTS"},
		{"media type of the part", func(e *exchange.Envelope) { e.Attachments[0].MimeType = "image/png" }, exchange.Failed, "OOTS-EXC-MEDIA"},
		{"content of another format", func(e *exchange.Envelope) { e.Attachments[0].Content = []byte("<html><script>") }, exchange.Failed, "OOTS-EXC-MEDIA"},
		{"rule of the body", func(e *exchange.Envelope) {
			e.Body = bytes.Replace(e.Body, []byte("MainEvidence"), []byte("Evidences"), 1)
		}, exchange.Failed, ""},
		{"evidence about somebody born on another day", func(e *exchange.Envelope) {
			e.Body = bytes.Replace(e.Body, []byte("1998-03-25"), []byte("1998-03-26"), 1)
		}, exchange.Failed, "OOTS-EXC-SUBJECT"},
		{"version of the header", func(e *exchange.Envelope) { e.SpecificationID = edm.V12 }, exchange.Failed, "R-EDM-ebMS-038"},
		{"property too many", func(e *exchange.Envelope) { e.PropertyNames = append(e.PropertyNames, "x") }, exchange.Failed, "R-EDM-ebMS-018"},
		{"two documents for one part", func(e *exchange.Envelope) {
			q, _, _, err := edmxml.ParseResponse(e.Body)
			if err != nil {
				panic(err)
			}
			again := q.Packages[0]
			d := again.Documents[0]
			again.ID, d.ObjectID, d.ClassificationID = "urn:uuid:"+clock.UUID(), "urn:uuid:"+clock.UUID(), "urn:uuid:"+clock.UUID()
			again.Documents = []edm.Document{d}
			q.Packages = append(q.Packages, again)
			if e.Body, err = edmxml.AppendResponse(nil, q); err != nil {
				panic(err)
			}
		}, exchange.Failed, ""},
		{"another preview link", func(e *exchange.Envelope) {
			q, _, _, err := edmxml.ParseResponse(e.Body)
			if err != nil {
				panic(err)
			}
			x := edm.Exception{Code: edm.MissingAuthorization, Severity: edm.SeverityPreviewRequired, At: q.IssuedAt, Preview: &edm.Preview{Location: previewBase + "again"}}
			provider := q.Providers[0]
			provider.Class = edm.ErrorProvider
			e.Action, e.Attachments = exchange.ExceptionResponse, nil
			e.Body, err = edmxml.AppendError(nil, &edm.ErrorResponse{
				RequestID: q.RequestID, Version: edm.V20, ID: q.ID, Provider: provider, Requester: &q.Requester, Exceptions: []edm.Exception{x},
			})
			if err != nil {
				panic(err)
			}
		}, exchange.Failed, "OOTS-EXC-PREVIEW"},
		{"other conversation", func(e *exchange.Envelope) { e.ConversationID = "a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22" }, exchange.SecondSent, ""},
		{"other exchange", func(e *exchange.Envelope) { e.ExchangeID = "a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22" }, exchange.SecondSent, ""},
		{"other access point", func(e *exchange.Envelope) { e.From.Value = "AP_PT_01" }, exchange.SecondSent, ""},
		{"no XML from another access point", func(e *exchange.Envelope) { e.Body, e.From.Value = []byte("x"), "AP_PT_01" }, exchange.SecondSent, ""},
		{"unknown request", func(e *exchange.Envelope) {
			i := bytes.Index(e.Body, []byte(`requestId="urn:uuid:`)) + len(`requestId="urn:uuid:`)
			e.Body = slices.Concat(e.Body[:i], []byte("00000000"), e.Body[i+8:])
		}, exchange.SecondSent, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, _, id := answered(t)
			good := p.last()
			broken := good
			broken.Attachments = slices.Clone(good.Attachments)
			broken.PropertyNames = slices.Clone(good.PropertyNames)
			broken.Body = bytes.Clone(good.Body)
			tc.edit(&broken)
			p.lose()
			p.bring(broken)
			x := p.wantState(id, tc.state)
			if len(x.Evidence) != 0 {
				t.Fatal("evidence was delivered")
			}
			if tc.rule != "" && x.Reason != string(tc.rule) {
				t.Errorf("reason %s, want %s", x.Reason, tc.rule)
			}
			last := p.atLog.events[len(p.atLog.events)-1]
			if last.Name != exchange.ResponseRefused {
				t.Errorf("last event is %s", last.Name)
			}
			if len(p.post) != 0 {
				t.Error("an answer was answered")
			}
			p.bring(good)
			if tc.state == exchange.SecondSent {
				p.wantState(id, exchange.Answered)
			} else {
				p.wantState(id, tc.state)
			}
			p.noNames()
		})
	}
}

func TestDuplicateAndLateAnswers(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	exception, answer := p.sent[1], p.last()
	p.bring(exception) // the exception again, after the second request
	p.wantState(id, exchange.SecondSent)
	p.deliver()
	x := p.wantState(id, exchange.Answered)
	n := len(p.atLog.events)
	p.bring(answer)
	p.bring(exception)
	if again := p.wantState(id, exchange.Answered); !again.UpdatedAt.Equal(x.UpdatedAt) || len(again.Evidence) != 1 {
		t.Error("a duplicate changed the exchange")
	}
	for _, e := range p.atLog.events[n:] {
		if e.Name != exchange.ResponseRefused {
			t.Errorf("event %s", e.Name)
		}
	}
}

// TestDroppedAnswersAreLogged finds them under the exchange that they are about, in every line: up to 1.2 the header names
// the conversation only. [IR 2022/1463 art. 17]
func TestDroppedAnswersAreLogged(t *testing.T) {
	t.Parallel()
	for _, line := range edm.Versions() {
		p := newPair(t)
		app, err := p.requester.Open(t.Context(), "T3", kostas)
		if err != nil {
			t.Fatal(err)
		}
		ask := diplomaAsk(app.ID)
		ask.Service.ConformsTo, ask.Service.Descriptions = []edm.Version{line}, en("Diploma")
		id, err := p.requester.Ask(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		p.deliver()
		p.wantState(id, exchange.Empty)
		p.bring(p.last())
		last := p.atLog.events[len(p.atLog.events)-1]
		if last.Name != exchange.ResponseRefused || last.ExchangeID != id || last.ConversationID != app.ID {
			t.Errorf("%s: %s under exchange %q of conversation %q", line, last.Name, last.ExchangeID, last.ConversationID)
		}
		stray := p.last()
		stray.ConversationID, stray.ExchangeID = clock.UUID(), ""
		p.bring(stray)
		if last := p.atLog.events[len(p.atLog.events)-1]; last.Name != exchange.ResponseRefused || last.ExchangeID != "" {
			t.Errorf("%s: an answer of another conversation is logged under exchange %q", line, last.ExchangeID)
		}
	}
}

func TestAnswerAfterTheTimeout(t *testing.T) {
	t.Parallel()
	for _, swept := range []bool{true, false} {
		p, _, id := answered(t)
		answer := p.last()
		p.lose()
		p.clock.Add(exchange.DefaultRequester.T3 + time.Second)
		if swept {
			p.expire()
		} else {
			answer.Timestamp = p.clock.Now()
		}
		p.bring(answer)
		if x := p.wantState(id, exchange.Expired); len(x.Evidence) != 0 {
			t.Error("late evidence was delivered")
		}
	}
}

// TestAnswerThatTravelledLong was sent in time, which its timestamp says.
func TestAnswerThatTravelledLong(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	p.clock.Add(exchange.DefaultRequester.T3 + time.Second)
	p.deliver()
	p.wantState(id, exchange.Answered)
}

// TestAnotherPersonInTheAnswer is only a warning: no chapter orders a refusal.
func TestAnotherPersonInTheAnswer(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	answer := p.last()
	p.lose()
	answer.Body = bytes.Replace(answer.Body, []byte(">Eleni<"), []byte(">Irini<"), 1)
	p.bring(answer)
	p.wantState(id, exchange.Answered)
	if !strings.Contains(p.log.String(), "another person") || strings.Contains(p.log.String(), "Irini") {
		t.Errorf("log:\n%s", p.log)
	}
}

func TestPreviewLinks(t *testing.T) {
	t.Parallel()
	allow := func(p *pair) { p.previewAllowed = func(h string) bool { return h == "localhost" } }
	for _, tc := range []struct {
		name, link string
		options    []func(*pair)
		want       exchange.RequesterState
	}{
		{"ok/any host", "https://preview.example.pt/s/1", nil, exchange.PreviewRequired},
		{"ok/allowed host", "https://localhost:8442/preview/x", []func(*pair){allow}, exchange.PreviewRequired},
		{"host not allowed", "https://preview.example.pt/s/1", []func(*pair){allow}, exchange.Failed},
		{"not https", "http://localhost:8442/preview/x", nil, exchange.Failed},
		{"script", "javascript:alert(1)", nil, exchange.Failed},
		{"credentials", "https://user:secret@localhost/preview", nil, exchange.Failed},
		{"no host", "https:///preview", nil, exchange.Failed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, tc.options...)
			_, id := p.ask(eleni)
			p.bring(p.post[0])
			e := p.last()
			p.lose()
			i := bytes.Index(e.Body, []byte(previewBase))
			j := i + bytes.IndexByte(e.Body[i:], '<')
			e.Body = slices.Concat(e.Body[:i], []byte(tc.link), e.Body[j:])
			p.bring(e)
			x := p.wantState(id, tc.want)
			if tc.want != exchange.PreviewRequired {
				return
			}
			if x.Preview.Location != tc.link {
				t.Errorf("link %q, want it verbatim", x.Preview.Location)
			}
			if got, err := p.requester.GoToPreview(t.Context(), id); err != nil || got != tc.link {
				t.Errorf("going to %q, %v", got, err)
			}
		})
	}
}

func TestReturnTokens(t *testing.T) {
	t.Parallel()
	p, app, id := answered(t)
	p.deliver()
	token := returnToken(t, p)
	for range 2 {
		if a, x, err := p.requester.Return(t.Context(), token); err != nil || a != app || x != id {
			t.Errorf("return: %s %s %v", a, x, err)
		}
	}
	for _, bad := range []string{"", "x", token[:len(token)-1], strings.ToUpper(token) + "0"} {
		if _, _, err := p.requester.Return(t.Context(), bad); !errors.Is(err, requester.ErrNoReturn) {
			t.Errorf("token %q: %v", bad, err)
		}
	}
	p.clock.Add(3 * time.Hour)
	if _, _, err := p.requester.Return(t.Context(), token); !errors.Is(err, requester.ErrNoReturn) {
		t.Errorf("hours later: %v", err)
	}
}

// returnToken reads the token from the second request.
func returnToken(t *testing.T, p *pair) string {
	t.Helper()
	b := p.sent[2].Body
	i := bytes.Index(b, []byte(returnBase))
	if i < 0 {
		t.Fatal("the second request has no way back")
	}
	rest := b[i+len(returnBase):]
	return string(rest[:bytes.IndexByte(rest, '<')])
}

func TestAskRefusesBeforeAnythingLeaves(t *testing.T) {
	t.Parallel()
	weak := eleni
	weak.Person.LoA = edm.Low
	for _, tc := range []struct {
		name string
		low  bool
		edit func(*requester.Ask)
		want error // nil: an *edm.Exception
	}{
		{"level of assurance", true, func(*requester.Ask) {}, requester.ErrLoA},
		{"no version of ours", false, func(a *requester.Ask) { a.Service.ConformsTo = []edm.Version{"oots-edm:v9.9"} }, requester.ErrVersion},
		{"a rule", false, func(a *requester.Ask) { a.Service.Publisher.ID.Scheme = "private" }, nil},
		{"format that nobody knows", false, func(a *requester.Ask) { a.Service.Distributions[0].Format = "text/plain" }, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			user := eleni
			if tc.low {
				user = weak
			}
			app, err := p.requester.Open(t.Context(), "T3", user)
			if err != nil {
				t.Fatal(err)
			}
			a := diplomaAsk(app.ID)
			tc.edit(&a)
			id, err := p.requester.Ask(t.Context(), a)
			var x *edm.Exception
			if id != "" || tc.want != nil && !errors.Is(err, tc.want) || tc.want == nil && !errors.As(err, &x) {
				t.Errorf("Ask = %q, %v; want %v", id, err, tc.want)
			}
			if tc.want == nil && (len(p.atLog.events) != 1 || p.atLog.events[0].Name != exchange.RequestRefused) {
				t.Errorf("events %v", p.atLog.names())
			}
			if len(p.sent) != 0 {
				t.Error("a request left")
			}
			p.wantCard(app.ID, requester.ToDo)
		})
	}
}

func TestAskTwice(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, id := p.ask(eleni)
	again, err := p.requester.Ask(t.Context(), diplomaAsk(app))
	if err != nil || again != id || len(p.sent) != 1 {
		t.Errorf("asking twice: %s and %s, %d messages, %v", id, again, len(p.sent), err)
	}
}

func TestIdentifierIsWithheld(t *testing.T) {
	t.Parallel()
	p := newPair(t, func(p *pair) { p.withhold = []string{"EL"} })
	_, id := p.ask(eleni)
	if bytes.Contains(p.last().Body, []byte("DEMO1001")) {
		t.Error("the identifier was sent")
	}
	p.deliver()
	p.wantState(id, exchange.PreviewRequired)
}

func TestTryAgainAndChooseOtherwise(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, first := p.ask(nikos)
	p.deliver()
	p.wantCard(app, requester.Nothing)
	second, err := p.requester.Ask(t.Context(), diplomaAsk(app))
	if err != nil || second == first {
		t.Fatalf("a new attempt is a new exchange: %v", err)
	}
	p.wantCard(app, requester.Asking)
	if err := p.requester.Submit(t.Context(), app); !errors.Is(err, requester.ErrOpen) {
		t.Errorf("submitting while asking: %v", err)
	}
	if err := p.requester.Upload(t.Context(), app, requirement, "d.pdf", "application/pdf", []byte("%PDF-own")); err != nil {
		t.Fatal(err)
	}
	p.wantCard(app, requester.Uploaded)
	p.deliver() // the answer to the exchange that was given up
	p.wantCard(app, requester.Uploaded)
	if err := p.requester.Reset(t.Context(), app, requirement); err != nil {
		t.Fatal(err)
	}
	p.wantCard(app, requester.ToDo)
	if err := p.requester.Submit(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	if _, err := p.requester.Ask(t.Context(), diplomaAsk(app)); !errors.Is(err, requester.ErrSubmitted) {
		t.Errorf("asking after submission: %v", err)
	}
	if err := p.requester.Upload(t.Context(), app, requirement, "d.pdf", "application/pdf", nil); !errors.Is(err, requester.ErrSubmitted) {
		t.Errorf("uploading after submission: %v", err)
	}
}

// TestFirstRequestGivenUpLate fails only the exchange whose last message was given up.
func TestFirstRequestGivenUpLate(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	err := p.at.DB.Update(t.Context(), func(tx *store.Tx) error { return p.requester.Undeliverable(tx, p.sent[0].MessageID, "EBMS:0301") })
	if err != nil {
		t.Fatal(err)
	}
	p.wantState(id, exchange.SecondSent)
}

// TestAnswerWithIdsInCapitals compares UUIDs as the rules do.
func TestAnswerWithIdsInCapitals(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	e := p.last()
	p.lose()
	i := bytes.Index(e.Body, []byte(`requestId="urn:uuid:`)) + len(`requestId="urn:uuid:`)
	e.Body = slices.Concat(e.Body[:i], bytes.ToUpper(e.Body[i:i+36]), e.Body[i+36:])
	e.ConversationID, e.ExchangeID = strings.ToUpper(e.ConversationID), " "+strings.ToUpper(e.ExchangeID)
	p.bring(e)
	p.wantState(id, exchange.Answered)
}

// TestLateAnswerWithoutTimestamp cannot claim to have been sent in time.
func TestLateAnswerWithoutTimestamp(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	e := p.last()
	p.lose()
	p.clock.Add(exchange.DefaultRequester.T3 + time.Second)
	e.Timestamp = time.Time{}
	p.bring(e)
	p.wantState(id, exchange.Expired)
}

// TestReceiptLostAnswerCame has an access point that gives up a message because no receipt came, although the
// provider has answered it with a link.
func TestReceiptLostAnswerCame(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	_, id := p.ask(eleni)
	message := p.last().MessageID
	p.deliver()
	p.wantState(id, exchange.PreviewRequired)
	if err := p.at.DB.Update(t.Context(), func(tx *store.Tx) error { return p.requester.Undeliverable(tx, message, "EBMS:0301") }); err != nil {
		t.Fatal(err)
	}
	p.wantState(id, exchange.PreviewRequired)
}

// TestFirstRequestAnsweredAgain has a provider that has asked for a preview and then sends a link or evidence
// without waiting for the user: the first answer counts.
func TestFirstRequestAnsweredAgain(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(p *pair) exchange.Envelope{
		"the link": func(p *pair) exchange.Envelope { return p.sent[1] },
		"evidence": func(p *pair) exchange.Envelope {
			p.policy.RequirePreview = false
			p.restart()
			first := p.sent[0]
			q, _, err := edmxml.ParseRequest(first.Body)
			if err != nil {
				p.t.Fatal(err)
			}
			asked := q.ID
			q.ID = "urn:uuid:" + clock.UUID()
			if first.Body, err = edmxml.AppendRequest(nil, q); err != nil {
				p.t.Fatal(err)
			}
			p.bring(first)
			e := p.last()
			e.Body = bytes.Replace(e.Body, []byte(q.ID), []byte(asked), 1)
			p.lose()
			return e
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t)
			_, id := p.ask(eleni)
			p.deliver()
			before := p.wantState(id, exchange.PreviewRequired)
			p.bring(again(p))
			x := p.wantState(id, exchange.PreviewRequired)
			if len(x.Evidence) != 0 || x.Preview.Location != before.Preview.Location || !x.UpdatedAt.Equal(before.UpdatedAt) {
				t.Errorf("the exchange changed: %+v", x)
			}
			if last := p.atLog.events[len(p.atLog.events)-1]; last.Name != exchange.ResponseRefused {
				t.Errorf("event %s", last.Name)
			}
		})
	}
}

// TestTwoMainEvidencesInOnePackage are two evidences, each with its own date. [open-questions C1]
func TestTwoMainEvidencesInOnePackage(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	e := p.last()
	p.lose()
	q, _, _, err := edmxml.ParseResponse(e.Body)
	if err != nil {
		t.Fatal(err)
	}
	second := q.Packages[0].Documents[0]
	second.ObjectID, second.ClassificationID = "urn:uuid:"+clock.UUID(), "urn:uuid:"+clock.UUID()
	second.ContentID, second.Evidence.IssuingDate = "second@ap", "2024-02-29"
	q.Packages[0].Documents = append(q.Packages[0].Documents, second)
	if e.Body, err = edmxml.AppendResponse(nil, q); err != nil {
		t.Fatal(err)
	}
	e.Attachments = append(slices.Clone(e.Attachments), exchange.Attachment{ContentID: "second@ap", MimeType: "application/pdf", Content: []byte("%PDF-second")})
	p.bring(e)
	x := p.wantState(id, exchange.Answered)
	if len(x.Evidence) != 2 || x.Evidence[0].IssuingDate == x.Evidence[1].IssuingDate || x.Evidence[1].IssuingDate != "2024-02-29" {
		t.Errorf("evidence %+v", x.Evidence)
	}
}
