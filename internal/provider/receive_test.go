package provider_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/provider"
	"oots/internal/store"
)

// TestDutiesOnAFirstRequest has one row for each way in which a first request is refused.
func TestDutiesOnAFirstRequest(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		request  func(*edm.Request)
		envelope func(*exchange.Envelope)
		settings func(*provider.Settings)
		find     registerFunc
		code     edm.Code
		detail   string
	}{
		{name: "1 header property too many", envelope: func(e *exchange.Envelope) { e.PropertyNames = append(e.PropertyNames, "trackingIdentifier") },
			code: edm.InvalidRequest, detail: "R-EDM-ebMS-018"},
		{name: "1 attachment", envelope: func(e *exchange.Envelope) { e.Attachments = []exchange.Attachment{{ContentID: "x@y"}} },
			code: edm.InvalidRequest, detail: "R-EDM-ebMS-023"},
		{name: "1 media type", envelope: func(e *exchange.Envelope) { e.BodyType = "text/xml" }, code: edm.InvalidRequest, detail: "R-EDM-ebMS-030"},
		{name: "1 version of the header", envelope: func(e *exchange.Envelope) { e.SpecificationID = edm.V12 }, code: edm.InvalidRequest, detail: "R-EDM-ebMS-038"},
		{name: "1 header without a final recipient", envelope: func(e *exchange.Envelope) { e.FinalRecipient = edm.Identifier{} },
			code: edm.InvalidRequest, detail: "R-EDM-ebMS-019"},
		{name: "1 before 2", envelope: func(e *exchange.Envelope) { e.PropertyNames, e.Body = append(e.PropertyNames, "x"), []byte("hello") },
			code: edm.InvalidRequest, detail: "R-EDM-ebMS-018"},
		{name: "2 no XML", envelope: func(e *exchange.Envelope) { e.Body = []byte("hello") }, code: edm.InvalidRequest},
		{name: "2 document type", envelope: func(e *exchange.Envelope) { e.Body = append([]byte("<!DOCTYPE a>"), e.Body...) }, code: edm.InvalidRequest},
		{name: "3 rule", request: func(q *edm.Request) { q.Requirements[0].ID = "https://example.org/requirement" }, code: edm.InvalidRequest, detail: "R-EDM-REQ-C008"},
		{name: "3 two subjects", request: func(q *edm.Request) {
			q.LegalPerson = &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/123456", LegalName: "Demo SA"}
		}, code: edm.InvalidRequest},
		{name: "3 request id is none", request: func(q *edm.Request) { q.ID = "urn:uuid:none" }, code: edm.InvalidRequest, detail: "R-EDM-REQ-S004"},
		{name: "3 name of the requester", request: func(q *edm.Request) { q.Requesters[0].Names = edm.Texts{{Lang: "Klingon", Value: "Demo"}} }, code: edm.InvalidRequest},
		{name: "5 T1", envelope: func(e *exchange.Envelope) {
			e.Timestamp = e.Timestamp.Add(-exchange.DefaultProvider.T1 - time.Millisecond)
		}, code: edm.TimedOut},
		{name: "6 provider", request: func(q *edm.Request) { q.Provider = agent("EL", "DEMO-EL-XXX") }, code: edm.ObjectNotFound},
		{name: "6 evidence type", request: func(q *edm.Request) {
			q.Evidence.Classification = strings.Replace(typeURL, typeUUID, "00000000-20a9-4b57-8e1c-93b6f0d8a422", 1)
		}, code: edm.ObjectNotFound},
		{name: "6 format", request: func(q *edm.Request) { q.Evidence.Distributions[0].Format = "image/png" }, code: edm.UnsupportedCapability},
		{name: "6 legal person", request: func(q *edm.Request) {
			q.NaturalPerson, q.LegalPerson = nil, &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/123456", LegalName: "Demo SA"}
		}, code: edm.UnsupportedCapability},
		{name: "6 representative", request: func(q *edm.Request) {
			r := *q.NaturalPerson
			r.GivenName, r.Gender, r.Identifier = "Vasiliki", "Female", "EL/AT/DEMO1009"
			q.Representative, q.RepresentativePowerScope = &r, "T3"
		}, code: edm.UnsupportedCapability},
		{name: "7 level of assurance", request: func(q *edm.Request) { q.NaturalPerson.LoA = edm.Low }, code: edm.MissingAuthorization},
		{name: "7 requester", settings: func(s *provider.Settings) {
			s.Policy.Allowed = func(_, _ edm.Identifier, _ string) bool { return false }
		}, code: edm.MissingAuthorization},
		{name: "7 access point", settings: func(s *provider.Settings) {
			s.Policy.Allowed = func(from, requester edm.Identifier, procedure string) bool {
				return from.Value != "AP_AT_01" || requester.Value != "DEMO-AT-UNI" || procedure != "T3"
			}
		}, code: edm.MissingAuthorization},
		{name: "8 nobody", find: failing(provider.ErrNoPerson), code: edm.ObjectNotFound, detail: "no evidence can be provided"},
		{name: "8 several", find: failing(provider.ErrSeveralPersons), code: edm.ObjectNotFound, detail: "no evidence can be provided"},
		{name: "9 register fails", find: failing(errors.New("disk of the register is full")), code: edm.QueryFailed, detail: "the register failed"},
		{name: "9 register gives nonsense", find: func(p edm.Person) ([]provider.Record, error) {
			r, err := records(p)
			r[0].EvidenceID = "17"
			return r, err
		}, settings: func(s *provider.Settings) { s.Policy.RequirePreview = false }, code: edm.QueryFailed, detail: "the answer could not be built"},
		{name: "9 register too slow", find: failing(context.DeadlineExceeded), code: edm.TimedOut},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.find == nil {
				tc.find = records
			}
			d := newDesk(t, tc.find, tc.settings)
			q := goodRequest()
			if tc.request != nil {
				tc.request(q)
			}
			e := d.envelope(q)
			if tc.envelope != nil {
				tc.envelope(&e)
			}
			d.receive(e)
			if len(d.out) != 1 {
				t.Fatalf("%d answers\n%s", len(d.out), &d.log)
			}
			d.wantCode(tc.code, tc.detail)
			out := d.out[0]
			if out.ExchangeID != exchangeID || out.ConversationID != conversation || out.To != e.From || out.From != d.settings.AccessPoint ||
				out.FinalRecipient != e.OriginalSender || len(out.Attachments) != 0 || out.Action != exchange.ExceptionResponse {
				t.Errorf("answer goes to %+v", out.Header)
			}
			if _, x := d.answer(); !strings.HasPrefix(tc.name, "2") && tc.name != "1 before 2" && !strings.HasPrefix(tc.name, "3 ") && (x.RequestID != q.ID || x.Requester == nil) {
				t.Errorf("answer names request %q and requester %v", x.RequestID, x.Requester)
			}
			last := d.events[len(d.events)-1]
			if d.events[0].Name != exchange.RequestReceived || last.Name != exchange.ErrorSent || last.Code != tc.code {
				t.Errorf("events %s … %s %s", d.events[0].Name, last.Name, last.Code)
			}
			for _, private := range []string{"Papadopoulou", "Eleni", "1998-03-25"} {
				if strings.Contains(d.log.String(), private) || bytes.Contains(out.Body, []byte(private)) {
					t.Errorf("%q is in the log or in the answer", private)
				}
			}
			if bytes.Contains(out.Body, []byte("disk of the register")) {
				t.Error("an internal cause reached the peer")
			}
		})
	}
}

func TestRegisterSlowerThanT1(t *testing.T) {
	t.Parallel()
	var d *desk
	d = newDesk(t, registerFunc(func(p edm.Person) ([]provider.Record, error) {
		d.now = d.now.Add(exchange.DefaultProvider.T1 + time.Millisecond)
		return records(p)
	}), nil)
	d.receive(d.envelope(goodRequest()))
	d.wantCode(edm.TimedOut, "the register took longer than T1 [TDD 4.4]")
}

// TestUnanswerable has requests whose answer would have to repeat a malformed identifier. [TDD 4.7.1]
func TestUnanswerable(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*exchange.Envelope){
		"conversation": func(e *exchange.Envelope) { e.ConversationID = "session-1" },
		"exchange":     func(e *exchange.Envelope) { e.ExchangeID = "" },
		"access point": func(e *exchange.Envelope) { e.From = edm.Identifier{} },
		"corner 1":     func(e *exchange.Envelope) { e.OriginalSender.Value = "" },
		"action":       func(e *exchange.Envelope) { e.Action = exchange.ExecuteQueryResponse },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, registerFunc(records), nil)
			e := d.envelope(goodRequest())
			edit(&e)
			d.receive(e)
			if len(d.out) != 0 {
				t.Error("it was answered")
			}
			if n := len(d.events); n != 2 || d.events[1].Name != exchange.RequestRefused {
				t.Errorf("%d events", n)
			}
		})
	}
}

func TestRequestIDIsUsedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	q := goodRequest()
	d.receive(d.envelope(q))
	d.receive(d.envelope(q))
	d.wantCode(edm.InvalidRequest, "request id was used before [TDD 4.4]")
	q.ID = "urn:uuid:" + strings.ToUpper(q.ID[len("urn:uuid:"):])
	d.receive(d.envelope(q))
	d.wantCode(edm.InvalidRequest, "request id was used before [TDD 4.4]")
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	t.Run("no match as empty success", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, failing(provider.ErrNoPerson), func(s *provider.Settings) { s.Policy.NoMatch = "" })
		d.receive(d.envelope(goodRequest()))
		if r, _ := d.answer(); r == nil || r.Status != edm.Success || len(r.Packages) != 0 {
			t.Errorf("answer %+v", r)
		}
	})
	t.Run("no preview possible", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, registerFunc(records), nil)
		q := goodRequest()
		q.PossibilityForPreview = false
		d.receive(d.envelope(q))
		r, _ := d.answer()
		if r == nil || len(r.Packages) != 2 || len(d.out[0].Attachments) != 2 || string(d.out[0].Attachments[1].Content) != "%PDF-second" {
			t.Fatalf("answer %+v", r)
		}
		last := d.events[len(d.events)-1]
		if last.Name != exchange.ResponseSent || len(last.Parts) != 2 || bytes.Contains(last.Document, []byte("%PDF")) {
			t.Errorf("event %s with %d parts", last.Name, len(last.Parts))
		}
	})
	t.Run("nothing there", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, failing(nil), nil)
		d.receive(d.envelope(goodRequest()))
		if r, _ := d.answer(); r == nil || r.Status != edm.Success || len(r.Packages) != 0 {
			t.Errorf("answer %+v", r)
		}
	})
	t.Run("later", func(t *testing.T) {
		t.Parallel()
		at := time.Date(2026, 9, 16, 6, 0, 0, 0, time.UTC)
		d := newDesk(t, failing(provider.NotYet{At: at}), nil)
		d.receive(d.envelope(goodRequest()))
		if r, _ := d.answer(); r == nil || r.Status != edm.Unavailable || !r.AvailableAt.Equal(at) {
			t.Errorf("answer %+v", r)
		}
	})
	t.Run("silent", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, failing(provider.ErrSilent), nil)
		d.receive(d.envelope(goodRequest()))
		if len(d.out) != 0 {
			t.Error("it was answered")
		}
	})
}

// link brings a first request and returns the token of the preview and the second request for it.
// TestReturnAddress refuses a second request whose return address no browser can be sent to, and takes the right one
// after it. [R-EDM-REQ-C120]
func TestReturnAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://portal.example/return\r\nLocation: https://evil.example/", "https://portal.example/\nx", "https://portal.example/\tx", "https:///return",
		"https://user:secret@portal.example/", "https://", "https:portal.example",
	} {
		d := newDesk(t, everybody{}, nil)
		token, second := d.link()
		right := *second
		second.ReturnLocation = address
		d.receive(d.envelope(second))
		d.wantCode(edm.InvalidRequest, "R-EDM-REQ-C120")
		if s, err := d.service.Session(t.Context(), token); err != nil || s.Announced || s.ReturnLocation != "" {
			t.Errorf("%q: %v, way back %q", address, err, s.ReturnLocation)
		}
		right.ID = "urn:uuid:" + clock.UUID()
		d.receive(d.envelope(&right))
		if s, err := d.service.Session(t.Context(), token); err != nil || s.ReturnLocation != right.ReturnLocation {
			t.Errorf("%q: the right address afterwards: %v, %q", address, err, s.ReturnLocation)
		}
	}
}

// TestReturnAddressInTheLink does so up to 1.2, where it comes with the user.
func TestReturnAddressInTheLink(t *testing.T) {
	t.Parallel()
	d := newDesk(t, everybody{}, nil)
	q := goodRequest()
	q.Version = edm.V12
	e := d.envelope(q)
	e.Header.SpecificationID, e.Header.ExchangeID, e.PropertyNames = "", "", []string{"originalSender", "finalRecipient"}
	d.receive(e)
	_, x := d.answer()
	if x == nil || x.PreviewRequired() == nil {
		t.Fatalf("no preview link\n%s", &d.log)
	}
	token := path.Base(x.PreviewRequired().Preview.Location)
	const good = "https://portal.example/return/1"
	for _, address := range []string{"javascript:alert(1)", "https://portal.example/\r\nx", good, "https://portal.example/return/2"} {
		if err := d.service.ReturnTo(t.Context(), token, address); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := d.service.Session(t.Context(), token); err != nil || s.ReturnLocation != good {
		t.Errorf("%v, way back %q", err, s.ReturnLocation)
	}
}

func (d *desk) link() (token string, second *edm.Request) {
	d.t.Helper()
	return d.linkFor(func(*edm.Request) {})
}

// linkFor is link for a request of another subject.
func (d *desk) linkFor(edit func(*edm.Request)) (token string, second *edm.Request) {
	d.t.Helper()
	q := goodRequest()
	edit(q)
	d.receive(d.envelope(q))
	_, x := d.answer()
	if x == nil || x.PreviewRequired() == nil {
		d.t.Fatalf("no preview link\n%s", &d.log)
	}
	location := x.PreviewRequired().Preview.Location
	again := *q
	again.ID, again.PreviewLocation, again.ReturnLocation = "urn:uuid:"+clock.UUID(), location, returnTo
	return strings.TrimPrefix(location, previewBase), &again
}

// release identifies the user of the second request in the preview space and sends the chosen documents.
func (d *desk) release(token string, second *edm.Request, chosen ...string) {
	d.t.Helper()
	if err := d.service.Identify(d.t.Context(), token, login.Identity{Person: *second.NaturalPerson}); err != nil {
		d.t.Fatal(err)
	}
	if err := d.service.Decide(d.t.Context(), token, chosen); err != nil {
		d.t.Fatal(err)
	}
}

// TestSecondRequests has one row for each way in which a second request is not about the first.
func TestSecondRequests(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		request  func(*edm.Request)
		envelope func(*exchange.Envelope)
		later    time.Duration
		code     edm.Code // "" is accepted
		lasting  bool     // the link stays open for the right second request
	}{
		{name: "ok"},
		{name: "ok/last instant of T2", later: exchange.DefaultProvider.T2},
		{name: "link of somebody else", request: func(q *edm.Request) { q.PreviewLocation = "https://other.example/s/1" }, code: edm.InvalidRequest, lasting: true},
		{name: "link never issued", request: func(q *edm.Request) { q.PreviewLocation = previewBase + "0123456789" }, code: edm.InvalidRequest, lasting: true},
		{name: "link with something appended", request: func(q *edm.Request) { q.PreviewLocation += "?x=1" }, code: edm.InvalidRequest, lasting: true},
		{name: "other exchange", envelope: func(e *exchange.Envelope) { e.ExchangeID = conversation }, code: edm.InvalidRequest, lasting: true},
		{name: "other conversation", envelope: func(e *exchange.Envelope) { e.ConversationID = exchangeID }, code: edm.InvalidRequest, lasting: true},
		{name: "other access point", envelope: func(e *exchange.Envelope) { e.From.Value = "AP_PT_01" }, code: edm.InvalidRequest, lasting: true},
		{name: "other requester", request: func(q *edm.Request) { q.Requesters[0].ID.Value = "DEMO-AT-XXX" }, code: edm.InvalidRequest, lasting: true},
		{name: "other person", request: func(q *edm.Request) { p := *q.NaturalPerson; p.GivenName = "Irini"; q.NaturalPerson = &p }, code: edm.InvalidRequest, lasting: true},
		{name: "other identifier", request: func(q *edm.Request) { p := *q.NaturalPerson; p.Identifier = "EL/AT/DEMO1009"; q.NaturalPerson = &p }, code: edm.InvalidRequest, lasting: true},
		{name: "other evidence", request: func(q *edm.Request) { q.Evidence.ID = "00000000-93f1-4a0e-8a5c-1f1b6b0c7d10" }, code: edm.InvalidRequest, lasting: true},
		{name: "other procedure", request: func(q *edm.Request) { q.Procedure = "T1" }, code: edm.InvalidRequest, lasting: true},
		{name: "without a way back", request: func(q *edm.Request) { q.ReturnLocation = "" }, code: edm.InvalidRequest, lasting: true},
		{name: "way back in clear", request: func(q *edm.Request) { q.ReturnLocation = "http://portal.example.at/return" }, code: edm.InvalidRequest, lasting: true},
		{name: "after T2", later: exchange.DefaultProvider.T2 + time.Millisecond, code: edm.TimedOut},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, registerFunc(records), nil)
			token, second := d.link()
			good := *second
			good.Requesters = []edm.Agent{second.Requesters[0]}
			if tc.request != nil {
				tc.request(second)
			}
			d.now = d.now.Add(tc.later)
			e := d.envelope(second)
			if tc.envelope != nil {
				tc.envelope(&e)
			}
			d.receive(e)
			if tc.code == "" {
				if len(d.out) != 1 {
					t.Fatalf("%d answers; the answer waits for the user", len(d.out))
				}
				if s, err := d.service.Session(t.Context(), token); err != nil || s.State != exchange.SecondReceived || s.ReturnLocation != returnTo {
					t.Errorf("session %+v, %v", s, err)
				}
				return
			}
			d.wantCode(tc.code, "")
			if !tc.lasting {
				return
			}
			good.ID = "urn:uuid:" + clock.UUID()
			d.receive(d.envelope(&good))
			if s, err := d.service.Session(t.Context(), token); err != nil || s.State != exchange.SecondReceived {
				t.Errorf("the right second request afterwards: %s, %v", s.State, err)
			}
		})
	}
}

func TestSecondRequestTwice(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	token, second := d.link()
	d.receive(d.envelope(second))
	second.ID = "urn:uuid:" + clock.UUID()
	d.receive(d.envelope(second))
	d.wantCode(edm.InvalidRequest, "the preview link was already used")
	d.now = d.now.Add(exchange.DefaultProvider.T3 + time.Second)
	if n, err := d.service.Expire(t.Context()); n != 1 || err != nil {
		t.Fatalf("expired %d, %v", n, err)
	}
	d.wantCode(edm.TimedOut, "")
	second.ID = "urn:uuid:" + clock.UUID()
	d.receive(d.envelope(second))
	d.wantCode(edm.TimedOut, "the preview link has expired")
	if _, err := d.service.Session(t.Context(), token); !errors.Is(err, provider.ErrExpired) {
		t.Errorf("session: %v", err)
	}
}

// TestAllAndOnlyTheChosen releases one of two documents.
func TestAllAndOnlyTheChosen(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	token, second := d.link()
	d.receive(d.envelope(second))
	if err := d.service.Identify(t.Context(), token, login.Identity{Person: *second.NaturalPerson}); err != nil {
		t.Fatal(err)
	}
	if err := d.service.Decide(t.Context(), token, []string{"1", "7"}); !errors.Is(err, provider.ErrNoDocument) {
		t.Errorf("choosing what is not there: %v", err)
	}
	doc, shown, err := d.service.Document(t.Context(), token, "1")
	if err != nil || doc.Size != int64(len(shown)) {
		t.Fatalf("%+v, %v", doc, err)
	}
	if err := d.service.Decide(t.Context(), token, []string{"1"}); err != nil {
		t.Fatal(err)
	}
	r, _ := d.answer()
	e := d.out[len(d.out)-1]
	if r == nil || r.RequestID != second.ID || len(r.Packages) != 1 || len(e.Attachments) != 1 || !bytes.Equal(e.Attachments[0].Content, shown) {
		t.Fatalf("answer %+v", r)
	}
	m := r.Packages[0].Main()
	if m.Evidence.ID != "6f1f3c0e-2a44-4d0b-9a53-7b1e5f9c0a02" || m.ContentID != e.Attachments[0].ContentID ||
		!m.Evidence.NaturalPerson.SamePerson(*second.NaturalPerson) || m.Evidence.IssuingAuthority == nil {
		t.Errorf("document %+v", m)
	}
}

// TestNothingIsKept looks into the store: what was not chosen goes at once, everything else with the answer.
func TestNothingIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	token, second := d.link()
	hash := tokenHash(token)
	kept := func() (docs []string, person *edm.Person) {
		err := d.store.DB.View(t.Context(), func(tx *store.Tx) error {
			for _, id := range []string{"0", "1"} {
				if _, err := d.store.Provider().Content(tx, hash, id); err == nil {
					docs = append(docs, id)
				}
			}
			p, err := d.store.Provider().PreviewByToken(tx, hash)
			person = p.First.NaturalPerson
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return docs, person
	}
	if docs, person := kept(); len(docs) != 2 || person == nil {
		t.Fatalf("before the decision: documents %v", docs)
	}
	d.release(token, second, "0")
	if docs, _ := kept(); !slices.Equal(docs, []string{"0"}) {
		t.Errorf("after the decision: documents %v", docs)
	}
	d.receive(d.envelope(second))
	if docs, person := kept(); len(docs) != 0 || person != nil {
		t.Errorf("after the answer: documents %v, person %v", docs, person != nil)
	}
}

// TestWhoCame has identifiers as eIDAS gives them to the country that asks for the login.
func TestWhoCame(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*edm.Person)
		ok   bool
	}{
		{"same identifier", func(*edm.Person) {}, true},
		{"identifier for the preview's country", func(p *edm.Person) { p.Identifier = "EL/EL/A77" }, true},
		{"no identifier", func(p *edm.Person) { p.Identifier = "" }, true},
		{"same name in capitals", func(p *edm.Person) { p.FamilyName, p.GivenName = "PAPADOPOULOU", "ÉLENI" }, true},
		{"names swapped", func(p *edm.Person) { p.FamilyName, p.GivenName = p.GivenName, p.FamilyName }, false},
		{"no name", func(p *edm.Person) { p.FamilyName, p.GivenName = "", "" }, false},
		{"no day", func(p *edm.Person) { p.DateOfBirth = "" }, false},
		{"another identifier", func(p *edm.Person) { p.Identifier = "EL/AT/DEMO1009" }, false},
		{"another name", func(p *edm.Person) { p.GivenName = "Irini" }, false},
		{"another day", func(p *edm.Person) { p.DateOfBirth = "1998-03-26" }, false},
		{"a login too weak to prove it", func(p *edm.Person) { p.LoA = edm.Low }, false},
		{"a login of no known level", func(p *edm.Person) { p.LoA = "" }, false},
		{"a login just strong enough", func(p *edm.Person) { p.LoA = edm.Substantial }, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, registerFunc(records), nil)
			token, second := d.link()
			p := *second.NaturalPerson
			tc.edit(&p)
			if err := d.service.Identify(t.Context(), token, login.Identity{Person: p}); (err == nil) != tc.ok {
				t.Errorf("identify: %v", err)
			}
		})
	}
}

// TestStrangerWithTheLink comes when the right person is already there.
func TestStrangerWithTheLink(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	token, second := d.link()
	stranger := edm.Person{FamilyName: "Georgiou", GivenName: "Maria", DateOfBirth: "1985-07-14"}
	for i, p := range []edm.Person{stranger, *second.NaturalPerson, stranger, stranger, stranger, *second.NaturalPerson} {
		err := d.service.Identify(t.Context(), token, login.Identity{Person: p})
		if known := p.SamePerson(*second.NaturalPerson); known && err != nil || !known && !errors.Is(err, provider.ErrOtherPerson) {
			t.Errorf("attempt %d: %v", i, err)
		}
	}
	if s, err := d.service.Session(t.Context(), token); err != nil || !s.Identified || s.Attempts != 1 {
		t.Errorf("session: identified %v, %d attempts, %v", s.Identified, s.Attempts, err)
	}
}

func TestUnknownSession(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	ctx := t.Context()
	for _, token := range []string{"", "x", strings.Repeat("0", 48)} {
		_, err := d.service.Session(ctx, token)
		_, _, docErr := d.service.Document(ctx, token, "0")
		for _, err := range []error{err, docErr, d.service.Identify(ctx, token, login.Identity{}), d.service.Decide(ctx, token, nil)} {
			if !errors.Is(err, provider.ErrNoSession) {
				t.Errorf("token %q: %v", token, err)
			}
		}
	}
}

func TestNewReportsEverything(t *testing.T) {
	t.Parallel()
	_, err := provider.New(provider.Deps{})
	if err == nil {
		t.Fatal("nothing is enough")
	}
	for _, want := range []string{"dependency", "clock", "access point", "services", "preview base", "timeouts", "attempts"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not name the %s: %v", want, err)
		}
	}
}

// TestOneBrokenPreviewDoesNotStopTheOthers makes one session unreadable: the others still expire.
func TestOneBrokenPreviewDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	broken, _ := d.link()
	d.now = d.now.Add(time.Second) // the broken one is due first
	token, _ := d.link()
	err := d.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE provider_preview SET data = $1 WHERE token_hash = $2`, []byte("spoiled"), tokenHash(broken))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(exchange.DefaultProvider.T2 + time.Second)
	if n, err := d.service.Expire(t.Context()); n != 1 || err == nil {
		t.Errorf("expired %d, %v; want one, and an error", n, err)
	}
	if _, err := d.service.Session(t.Context(), token); !errors.Is(err, provider.ErrExpired) {
		t.Errorf("the other session: %v", err)
	}
}

// tokenHash is what the store knows of a token.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// TestSecondRequestHeldUpBeyondT3 arrives in time for T2 by its timestamp, but the process was down until T3 was
// over: what the user had released does not go out any more.
func TestSecondRequestHeldUpBeyondT3(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	token, second := d.link()
	d.release(token, second, "0")
	e := d.envelope(second)
	d.now = d.now.Add(exchange.DefaultProvider.T3 + time.Millisecond)
	d.receive(e)
	d.wantCode(edm.TimedOut, "T3 was over on arrival [TDD 4.4]")
	if n := d.rows("provider_document"); n != 0 {
		t.Errorf("%d documents are kept", n)
	}
}

// TestAnsweredAsTheProvider has requests that name an intermediary platform as corner 4. [exchange-flow §8]
func TestAnsweredAsTheProvider(t *testing.T) {
	t.Parallel()
	for _, preview := range []bool{true, false} {
		d := newDesk(t, registerFunc(records), nil)
		q := goodRequest()
		q.PossibilityForPreview = preview
		e := d.envelope(q)
		e.FinalRecipient.Value = "DEMO-EL-PLATFORM"
		d.receive(e)
		if got := d.out[0].OriginalSender; got != q.Provider.ID {
			t.Errorf("preview %v: the answer comes from %s", preview, got.Value)
		}
	}
}

// TestChosenEvidenceThatCannotBeSent ends the preview as refused.
func TestChosenEvidenceThatCannotBeSent(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(func(p edm.Person) ([]provider.Record, error) {
		all, err := records(p)
		all[0].EvidenceID = "17"
		return all, err
	}), nil)
	token, second := d.link()
	d.receive(d.envelope(second))
	d.release(token, second, "0")
	d.wantCode(edm.QueryFailed, "the answer could not be built")
	if s, _ := d.service.Session(t.Context(), token); s.State != exchange.RefusalSent {
		t.Errorf("session is %s", s.State)
	}
}

// TestExpireLooksAgain has a second request that arrives between the list of what is due and its turn.
func TestExpireLooksAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t, registerFunc(records), nil)
	token, second := d.link()
	d.receive(d.envelope(second))
	s := d.over(staleList{d.store.Provider(), tokenHash(token)})
	if n, err := s.Expire(t.Context()); n != 0 || err != nil {
		t.Errorf("expired %d, %v", n, err)
	}
	if p, err := s.Session(t.Context(), token); err != nil || p.State != exchange.SecondReceived {
		t.Errorf("session is %s, %v", p.State, err)
	}
}

// staleList is a store whose list of what is due was made a moment ago.
type staleList struct {
	provider.Store
	due string
}

func (s staleList) Due(*store.Tx, time.Time) ([]string, error) { return []string{s.due}, nil }
