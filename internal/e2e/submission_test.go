package e2e

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/directory"
	"oots/directory/lcm"
	"oots/directory/query"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/lifecycle"
	"oots/internal/node"
)

// brokerOf is what Austria says to the broker, with a change.
func brokerOf(u *union, change func(*directory.Partition)) []byte {
	p := u.Common.Lifecycle.Active("AT", directory.EvidenceBroker)
	p.Requirements = slices.Clone(p.Requirements)
	for i := range p.Requirements {
		p.Requirements[i].Lists = slices.Clone(p.Requirements[i].Lists)
	}
	change(&p)
	return lcm.AppendRequest(nil, []directory.Partition{p}, lcm.Form{ID: "urn:uuid:" + clock.UUID(), Line: directory.Line{Version: directory.V20}})
}

// rename gives the first list of Austria another name.
func rename(name string) func(*directory.Partition) {
	return func(p *directory.Partition) {
		for i := range p.Requirements {
			for j := range p.Requirements[i].Lists {
				p.Requirements[i].Lists[j].Names = edm.Texts{{Lang: "EN", Value: name}}
				return
			}
		}
	}
}

// ask is what the broker answers about the lists of Austria for a requirement.
func (u *union) ask(requirement string) string {
	r := query.Request{Query: query.EvidenceTypes, Version: directory.V20, Requirement: requirement, Country: "AT"}
	in := httptest.NewRequest(http.MethodGet, r.URL(bases.Front+"/eb/"), nil)
	in.Header.Set("Accept-Version", string(directory.V20))
	rec := httptest.NewRecorder()
	u.Front.ServeHTTP(rec, in)
	return rec.Body.String()
}

// TestSubmissionByMessage publishes by AS4: what is accepted is served, what is refused changes nothing and says why.
func TestSubmissionByMessage(t *testing.T) {
	t.Parallel()
	u := newUnion(t)
	at := u.States[0]
	requirement := ""
	for _, r := range u.Common.Lifecycle.Active("AT", directory.EvidenceBroker).Requirements {
		if len(r.Lists) > 0 {
			requirement = r.ID
			break
		}
	}
	send := func(b []byte) lifecycle.Sent {
		t.Helper()
		sent, err := at.Submissions.Send(context.Background(), node.CommonServicesParty, node.CommonServicesParty, b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := at.Submissions.Send(context.Background(), node.CommonServicesParty, node.CommonServicesParty, b); !errors.Is(err, lifecycle.ErrWaiting) {
			t.Errorf("two at once: %v", err)
		}
		u.step()
		done, err := at.Submissions.Sent(context.Background(), sent.Request)
		if err != nil || done.ConversationID != sent.ConversationID {
			t.Fatalf("%+v, %v", done, err)
		}
		return done
	}
	before := u.ask(requirement)

	good := brokerOf(u, rename("Submitted by message"))
	if got := send(good); got.State != lifecycle.Accepted {
		t.Fatalf("%s: %s", got.State, got.Answer)
	}
	after := u.ask(requirement)
	if strings.Contains(before, "Submitted by message") || !strings.Contains(after, "Submitted by message") {
		t.Errorf("the broker does not serve what was accepted:\n%s", after)
	}

	bad := brokerOf(u, func(p *directory.Partition) {
		rename("Never served")(p)
		for i := range p.Requirements {
			for j := range p.Requirements[i].Frameworks {
				p.Requirements[i].Frameworks[j].Jurisdiction.Country = "EL"
			}
		}
	})
	got := send(bad)
	answer, err := lcm.ParseResponse(got.Answer)
	if err != nil || got.State != lifecycle.Refused || answer.Request != got.Request || lcm.Code(got.Code) != lcm.BadDataset {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, x := range answer.Exceptions {
		if !strings.HasPrefix(x.Detail, string(lcm.RuleOwner)+" urn:uuid:") {
			t.Errorf("an exception says %q", x.Detail)
		}
	}
	if u.ask(requirement) != after {
		t.Error("a refused submission has changed an answer")
	}

	u.crash()
	if u.ask(requirement) != after {
		t.Error("a restart has changed an answer")
	}
	events, err := u.Common.Lifecycle.Events(context.Background(), u.clock.Now().AddDate(0, 0, -1))
	if err != nil || len(events) != 3 {
		t.Fatalf("%+v, %v", events, err)
	}
	for i, accepted := range []bool{true, true, false} {
		e := events[i]
		if e.Accepted != accepted || i > 0 && (e.Actor != "AP_AT_01" || e.Country != "AT" || e.MessageID == "" || e.ConversationID == "") {
			t.Errorf("event %+v", e)
		}
	}
	for _, m := range u.net.as4 {
		if bytes.Contains(m.body, []byte("Submitted by message")) {
			t.Error("a submission went in clear")
		}
	}
}

// TestSubmissionCrashes stops everything between all steps of a submission: it is handled once.
func TestSubmissionCrashes(t *testing.T) {
	t.Parallel()
	for lost := range 2 {
		u := newUnion(t)
		n := 0
		u.net.lose = func(*http.Request, []byte) string {
			n++
			if n-1 == lost {
				return "answer" // it arrives, and the sender does not know
			}
			return ""
		}
		sent, err := u.States[0].Submissions.Send(context.Background(), node.CommonServicesParty, node.CommonServicesParty, brokerOf(u, rename("Once")))
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			u.step()
			u.crash()
			u.clock.advance(4 * 60e9)
		}
		done, err := u.States[0].Submissions.Sent(context.Background(), sent.Request)
		if err != nil || done.State != lifecycle.Accepted {
			t.Errorf("%+v, %v", done, err)
		}
		history, err := u.Common.Lifecycle.History(context.Background(), "AT", directory.EvidenceBroker)
		if err != nil || len(history) != 2 {
			t.Errorf("answer %d lost: %d revisions, %v", lost, len(history), err)
		}
	}
}

// TestSubmissionByFile uploads a file with the token of a country.
func TestSubmissionByFile(t *testing.T) {
	t.Parallel()
	u := newUnion(t)
	in := httptest.NewRequest(http.MethodPost, bases.Front+lifecycle.PathSubmissions, bytes.NewReader(brokerOf(u, rename("Uploaded"))))
	in.Header.Set("Authorization", "Bearer "+u.token("AT"))
	rec := httptest.NewRecorder()
	u.Front.ServeHTTP(rec, in)
	if r, err := lcm.ParseResponse(rec.Body.Bytes()); err != nil || !r.Success {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	in = httptest.NewRequest(http.MethodPost, bases.Front+lifecycle.PathSubmissions, bytes.NewReader(brokerOf(u, rename("Uploaded"))))
	in.Header.Set("Authorization", "Bearer "+u.token("EL"))
	rec = httptest.NewRecorder()
	u.Front.ServeHTTP(rec, in)
	if r, err := lcm.ParseResponse(rec.Body.Bytes()); err != nil || r.Success {
		t.Errorf("another country: %d %s", rec.Code, rec.Body)
	}
}

// token is the token with which a country uploads.
func (u *union) token(country string) string {
	u.t.Helper()
	b, err := os.ReadFile(filepath.Join(u.dir, "keys", "lcm-"+country+".token"))
	if err != nil {
		u.t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}
