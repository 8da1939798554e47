package dsd

import (
	"errors"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/query"
	"oots/edm"
	"oots/internal/clock"
)

type source struct{ c *directory.Catalogue }

func (s source) Catalogue() *directory.Catalogue { return s.c }

type unsigned struct{}

func (unsigned) Sign([]byte) (string, string, error) { return "d", "s", nil }
func (unsigned) KeyID() string                       { return "k" }

const (
	diploma = "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
	concept = "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77"
)

func provider(id, name string) directory.DataService {
	party := edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:EL", Value: name}
	return directory.DataService{
		ID: id, Classification: diploma, Titles: edm.Texts{{Lang: "EN", Value: "Diploma"}}, Distributions: []edm.Distribution{{Format: "application/pdf"}},
		AccessPoint: party, ConformsTo: []edm.Version{edm.V20},
		Publisher: directory.Publisher{ID: party, Names: edm.Texts{{Lang: "EN", Value: name}}, Address: edm.Address{Country: "EL"}, Jurisdiction: directory.Jurisdiction{Country: "EL"}},
		Classifications: []directory.Concept{{ID: concept, Type: directory.ConceptString, Descriptions: edm.Texts{{Lang: "EN", Value: "Which?"}},
			SupportedValues: []string{name}}},
	}
}

// TestDialogue asks, is asked back, and asks again with the answer.
func TestDialogue(t *testing.T) {
	c := &directory.Catalogue{Services: []directory.DataService{
		provider("11111111-1111-4111-8111-111111111111", "ATH"), provider("22222222-2222-4222-8222-222222222222", "THE"),
	}}
	h := New(Deps{Source: source{c}, Signer: unsigned{}, Log: slog.New(slog.DiscardHandler),
		Clock: clock.Clock{Now: func() time.Time { return time.Time{} }, NewUUID: func() string { return "id" }}})
	ask := func(r query.Request) *query.Answer {
		t.Helper()
		q := httptest.NewRequest("GET", r.URL("/dsd"), nil)
		q.Header.Set(query.HeaderAcceptVersion, string(directory.V20))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		a, err := query.Read(w.Body.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	r := query.Request{Query: query.DataServices, Classification: diploma, Country: "EL", Specification: "oots-edm:v2.0"}
	var question *directory.Question
	if a := ask(r); !errors.As(a.Err, &question) || question.Concepts[0].ID != concept || len(question.Distributions) != 1 {
		t.Fatalf("got %v, want a question", a.Err)
	}
	r.Answers = map[string]string{question.Concepts[0].ID: "THE"}
	a := ask(r)
	if a.Err != nil || len(a.DataServices) != 1 || a.DataServices[0].Publisher.ID.Value != "THE" {
		t.Fatalf("got %v %+v", a.Err, a.DataServices)
	}
	if s := a.DataServices[0].Classifications[0].SupportedValues; len(s) != 1 || s[0] != "THE" {
		t.Errorf("the success does not repeat the values: %v", s)
	}
	r.Answers = map[string]string{concept: "PAT"}
	if a := ask(r); a.Err == nil || a.Err.Error() != "DSD:ERR:0001: DS_NOT_FOUND" {
		t.Errorf("got %v", a.Err)
	}
	r.Country, r.Answers = "FI", nil
	if a := ask(r); a.Err == nil || a.Err.Error() != "DSD:ERR:0001: DS_NOT_FOUND" {
		t.Errorf("got %v", a.Err)
	}
	r.Classification += "0"
	if a := ask(r); a.Err == nil || a.Err.Error() != "DSD:ERR:0002: "+r.Classification {
		t.Errorf("got %v", a.Err)
	}
}
