package storetest

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/login"
	"oots/internal/requester"
	"oots/internal/store"
)

// Requester runs the suite of requester.Store. Open gives a new, empty store.
func Requester(t *testing.T, open func(*testing.T) (*store.DB, requester.Store)) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, *store.DB, requester.Store)
	}{
		{"applications", applications},
		{"users", users},
		{"basket", basket},
		{"uploads", uploads},
		{"exchanges", exchanges},
		{"look-ups", lookUps},
		{"conditional update", conditionalUpdate},
		{"due", requesterDue},
		{"evidence", evidence},
		{"stale", stale},
		{"under way", underWay},
		{"deletion", deletion},
		{"rollback", rollback},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, s := open(t)
			c.run(t, db, s)
		})
	}
}

func application(id string) requester.Application {
	text := func(s string) edm.Texts { return edm.Texts{{Lang: "EN", Value: s}, {Lang: "EL", Value: "Ελένη"}} }
	return requester.Application{
		ID: id, Procedure: "T3", CreatedAt: at,
		User: login.Identity{Country: "EL", OriginalGivenName: "Ελένη", Person: edm.Person{LoA: edm.High, FamilyName: "Papadopoulou", GivenName: "Eleni", DateOfBirth: "1998-03-25"}},
		Cards: []requester.Card{
			{Requirement: directory.Requirement{ID: "https://sr.example/requirements/2", Names: text("second by name, first by order")}},
			{Requirement: directory.Requirement{ID: "https://sr.example/requirements/1", Names: text("first by name"), Descriptions: text("d")}},
		},
	}
}

func record(id, applicationID string) requester.Record {
	person := application("").User.Person
	return requester.Record{
		Exchange: requester.Exchange{
			ID: id, ApplicationID: applicationID, RequirementID: "https://sr.example/requirements/1", State: exchange.Sent, RequestID: "urn:uuid:" + id,
			SentAt: at, Deadline: at.Add(6 * time.Minute), UpdatedAt: at, Country: "EL",
		},
		To:       edm.Identifier{Scheme: "s", Value: "AP_EL_01"},
		Request:  &edm.Request{ID: "urn:uuid:" + id, Version: edm.V20, IssuedAt: at, NaturalPerson: &person},
		Explicit: requester.ExplicitRequest{At: at, Text: "I ask", Lang: "EN"},
	}
}

func applications(t *testing.T, db *store.DB, s requester.Store) {
	want := application("a")
	update(t, db, func(tx *store.Tx) error { return s.AddApplication(tx, want) })
	view(t, db, func(tx *store.Tx) error {
		got, err := s.Application(tx, "a")
		if !reflect.DeepEqual(got, want) {
			t.Errorf("application\n%+v, want\n%+v", got, want)
		}
		_, missing := s.Application(tx, "b")
		wantNotFound(t, "unknown application", missing)
		return err
	})
	update(t, db, func(tx *store.Tx) error {
		for _, want := range []bool{true, false} {
			first, err := s.SetSubmitted(tx, "a", at)
			if err != nil || first != want {
				t.Errorf("SetSubmitted = %v, %v; want %v", first, err, want)
			}
		}
		got, err := s.Application(tx, "a")
		if !got.Submitted.Equal(at) {
			t.Errorf("submitted at %v", got.Submitted)
		}
		return err
	})
}

// users find their applications, and those that are deleted by conversation.
func users(t *testing.T, db *store.DB, s requester.Store) {
	older, newer, other := application("a"), application("b"), application("c")
	newer.CreatedAt = at.Add(time.Minute)
	other.User.Person.Identifier = "EL/AT/OTHER99"
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.AddApplication(tx, older), s.AddApplication(tx, newer), s.AddApplication(tx, other))
	})
	want := func(when string, u login.Identity, applications, conversations []string) {
		t.Helper()
		view(t, db, func(tx *store.Tx) error {
			got, err := s.ApplicationsOf(tx, u)
			all, err2 := s.ConversationsOf(tx, u)
			if !slices.Equal(got, applications) || !slices.Equal(all, conversations) {
				t.Errorf("%s: applications %v of conversations %v", when, got, all)
			}
			return errors.Join(err, err2)
		})
	}
	again := older.User
	again.Person.LoA, again.Method = edm.Low, "another"
	want("two", again, []string{"b", "a"}, []string{"b", "a"})
	want("another person", other.User, []string{"c"}, []string{"c"})
	update(t, db, func(tx *store.Tx) error { return s.PutUser(tx, "a", again, at) })
	view(t, db, func(tx *store.Tx) error {
		got, err := s.Application(tx, "a")
		if !reflect.DeepEqual(got.User, again) {
			t.Errorf("user %+v", got.User)
		}
		return err
	})
	want("nobody", login.Identity{}, nil, nil)
	update(t, db, func(tx *store.Tx) error { return s.DeleteApplication(tx, "a") })
	want("one deleted", again, []string{"b"}, []string{"b", "a"})
	update(t, db, func(tx *store.Tx) error { return s.ForgetConversations(tx, newer.CreatedAt) })
	want("old ones forgotten", again, []string{"b"}, []string{"b"})
}

func basket(t *testing.T, db *store.DB, s requester.Store) {
	a := application("a")
	update(t, db, func(tx *store.Tx) error { return s.AddApplication(tx, a) })
	for _, want := range [][]requester.Wish{
		{{RequirementID: "r", Country: "EL", Type: "t", Answers: map[string]string{"c": "Οία"}}, {RequirementID: "r", Country: "BE", Type: "u", Region: "BE1"}},
		nil,
	} {
		update(t, db, func(tx *store.Tx) error { return s.PutBasket(tx, "a", want, at) })
		view(t, db, func(tx *store.Tx) error {
			got, err := s.Application(tx, "a")
			if !reflect.DeepEqual(got.Basket, want) {
				t.Errorf("basket %+v, want %+v", got.Basket, want)
			}
			return err
		})
	}
	update(t, db, func(tx *store.Tx) error {
		wantNotFound(t, "basket of nobody", s.PutBasket(tx, "x", nil, at))
		return nil
	})
}

func uploads(t *testing.T, db *store.DB, s requester.Store) {
	a := application("a")
	update(t, db, func(tx *store.Tx) error { return s.AddApplication(tx, a) })
	u := requester.Upload{Name: "Δίπλωμα.pdf", MediaType: "application/pdf", Size: 3, At: at}
	update(t, db, func(tx *store.Tx) error {
		wantNotFound(t, "upload for an unknown requirement", s.PutUpload(tx, "a", "x", u, []byte("abc")))
		return s.PutUpload(tx, "a", a.Cards[1].Requirement.ID, u, []byte("abc"))
	})
	view(t, db, func(tx *store.Tx) error {
		got, err := s.Application(tx, "a")
		if err != nil {
			return err
		}
		if got.Cards[0].Upload != nil || got.Cards[1].Upload == nil || *got.Cards[1].Upload != u {
			t.Errorf("uploads %+v and %+v", got.Cards[0].Upload, got.Cards[1].Upload)
		}
		return nil
	})
	for range 2 { // deleting twice is no error
		update(t, db, func(tx *store.Tx) error { return s.DeleteUpload(tx, "a", a.Cards[1].Requirement.ID) })
	}
	view(t, db, func(tx *store.Tx) error {
		got, err := s.Application(tx, "a")
		if err == nil && got.Cards[1].Upload != nil {
			t.Error("the upload is still there")
		}
		return err
	})
}

func exchanges(t *testing.T, db *store.DB, s requester.Store) {
	want := []requester.Record{record("e2", "a"), record("e1", "a")}
	other := record("e3", "b")
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.AddApplication(tx, application("a")), s.AddApplication(tx, application("b")),
			s.AddExchange(tx, want[0]), s.AddExchange(tx, other), s.AddExchange(tx, want[1]))
	})
	view(t, db, func(tx *store.Tx) error {
		got, err := s.Exchanges(tx, "a")
		if !reflect.DeepEqual(got, want) {
			t.Errorf("exchanges\n%+v, want in the order of their adding\n%+v", got, want)
		}
		return err
	})
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return s.AddExchange(tx, want[0]) }); err == nil {
		t.Error("an exchange was added twice")
	}
}

func lookUps(t *testing.T, db *store.DB, s requester.Store) {
	r := record("e", "a")
	r.Returns = requester.ReturnPermission{TokenHash: "f00", Until: at}
	sent := requester.SentRequest{RequestID: r.RequestID, MessageID: "m@ap", ExchangeID: "e", SentAt: at}
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.AddApplication(tx, application("a")), s.AddExchange(tx, r), s.AddRequest(tx, sent))
	})
	view(t, db, func(tx *store.Tx) error {
		byMessage, gotSent, err := s.ExchangeByMessage(tx, "m@ap")
		if err != nil || gotSent != sent || byMessage.ID != "e" {
			t.Errorf("by message: %s, %+v, %v", byMessage.ID, gotSent, err)
		}
		byRequest, err := s.ExchangeByRequest(tx, r.RequestID)
		if err != nil || !reflect.DeepEqual(byRequest, r) {
			t.Errorf("by request: %+v, %v", byRequest, err)
		}
		byReturn, err := s.ExchangeByReturn(tx, "f00")
		if err != nil || byReturn.ID != "e" {
			t.Errorf("by return: %s, %v", byReturn.ID, err)
		}
		_, err = s.ExchangeByID(tx, "x")
		wantNotFound(t, "unknown id", err)
		_, err = s.ExchangeByRequest(tx, "x")
		wantNotFound(t, "unknown request", err)
		_, _, err = s.ExchangeByMessage(tx, "x")
		wantNotFound(t, "unknown message", err)
		for _, hash := range []string{"", "x"} {
			_, err = s.ExchangeByReturn(tx, hash)
			wantNotFound(t, "unknown return", err)
		}
		return nil
	})
}

func conditionalUpdate(t *testing.T, db *store.DB, s requester.Store) {
	r := record("e", "a")
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.AddApplication(tx, application("a")), s.AddExchange(tx, r))
	})
	r.State, r.Preview = exchange.PreviewRequired, &edm.Preview{Location: "https://p.example/1"}
	for _, want := range []bool{true, false} {
		update(t, db, func(tx *store.Tx) error {
			ok, err := s.UpdateExchange(tx, r, exchange.Sent)
			if ok != want {
				t.Errorf("UpdateExchange = %v, want %v", ok, want)
			}
			return err
		})
	}
	view(t, db, func(tx *store.Tx) error {
		got, err := s.ExchangeByID(tx, "e")
		if !reflect.DeepEqual(got, r) {
			t.Errorf("exchange %+v, want %+v", got, r)
		}
		return err
	})
}

func requesterDue(t *testing.T, db *store.DB, s requester.Store) {
	late, early, settled := record("late", "a"), record("early", "a"), record("settled", "a")
	late.Deadline, early.Deadline, settled.Deadline = at.Add(2*time.Minute), at.Add(time.Minute), time.Time{}
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.AddApplication(tx, application("a")), s.AddExchange(tx, late), s.AddExchange(tx, early), s.AddExchange(tx, settled))
	})
	for _, c := range []struct {
		now  time.Time
		want []string
	}{
		{early.Deadline, nil},
		{early.Deadline.Add(time.Millisecond), []string{"early"}},
		{at.Add(time.Hour), []string{"early", "late"}},
	} {
		view(t, db, func(tx *store.Tx) error {
			got, err := s.Due(tx, c.now)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("due at %v: %v, want %v", c.now, got, c.want)
			}
			return err
		})
	}
}

func evidence(t *testing.T, db *store.DB, s requester.Store) {
	content := []byte("%PDF-\x00\xff")
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.AddApplication(tx, application("a")), s.AddExchange(tx, record("e", "a")), s.AddEvidence(tx, "e", "0", content))
	})
	view(t, db, func(tx *store.Tx) error {
		got, err := s.EvidenceContent(tx, "e", "0")
		if string(got) != string(content) {
			t.Errorf("content %q", got)
		}
		_, missing := s.EvidenceContent(tx, "e", "1")
		wantNotFound(t, "unknown document", missing)
		return err
	})
	for range 2 { // deleting twice is no error
		update(t, db, func(tx *store.Tx) error { return s.DeleteEvidence(tx, "e") })
	}
	view(t, db, func(tx *store.Tx) error {
		_, err := s.EvidenceContent(tx, "e", "0")
		wantNotFound(t, "deleted document", err)
		return nil
	})
}

// stale has applications that were last touched by each method that touches one.
func stale(t *testing.T, db *store.DB, s requester.Store) {
	later := at.Add(time.Hour)
	opened, submitted, asked, answered, uploaded := application("opened"), application("submitted"), application("asked"), application("answered"), application("uploaded")
	update(t, db, func(tx *store.Tx) error {
		for _, a := range []requester.Application{opened, submitted, asked, answered, uploaded} {
			if err := s.AddApplication(tx, a); err != nil {
				return err
			}
		}
		if _, err := s.SetSubmitted(tx, "submitted", at.Add(time.Minute)); err != nil {
			return err
		}
		first, second := record("first", "asked"), record("second", "answered")
		first.UpdatedAt = later
		if err := errors.Join(s.AddExchange(tx, first), s.AddExchange(tx, second)); err != nil {
			return err
		}
		second.UpdatedAt, second.State = later, exchange.Empty
		if _, err := s.UpdateExchange(tx, second, exchange.Sent); err != nil {
			return err
		}
		return s.PutUpload(tx, "uploaded", uploaded.Cards[0].Requirement.ID, requester.Upload{At: later}, []byte("x"))
	})
	for _, c := range []struct {
		submitted, idle time.Time
		want            []string
	}{
		{at, at, nil},
		{at.Add(time.Minute), later, []string{"opened"}},
		{at.Add(time.Minute + time.Millisecond), at, []string{"submitted"}},
		{at, later.Add(time.Millisecond), []string{"opened", "answered", "asked", "uploaded"}},
	} {
		view(t, db, func(tx *store.Tx) error {
			got, err := s.Stale(tx, c.submitted, c.idle)
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("stale at %v and %v: %v, want %v", c.submitted, c.idle, got, c.want)
			}
			return err
		})
	}
}

// underWay asks for exchanges under way without reading them.
func underWay(t *testing.T, db *store.DB, s requester.Store) {
	settled := record("settled", "a")
	settled.State, settled.Deadline = exchange.Empty, time.Time{}
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.AddApplication(tx, application("a")), s.AddApplication(tx, application("b")),
			s.AddExchange(tx, settled), s.AddExchange(tx, record("open", "b")))
	})
	for id, want := range map[string]bool{"a": false, "b": true, "c": false} {
		view(t, db, func(tx *store.Tx) error {
			got, err := s.HasOpen(tx, id)
			if got != want {
				t.Errorf("HasOpen(%s) = %v", id, got)
			}
			return err
		})
	}
}

// deletion leaves nothing of an application, everything of the next, and what was sent.
func deletion(t *testing.T, db *store.DB, s requester.Store) {
	for _, id := range []string{"a", "b"} {
		update(t, db, func(tx *store.Tx) error {
			a := application(id)
			return errors.Join(s.AddApplication(tx, a), s.AddExchange(tx, record("e"+id, id)), s.AddEvidence(tx, "e"+id, "0", []byte("x")),
				s.PutUpload(tx, id, a.Cards[0].Requirement.ID, requester.Upload{Name: "n"}, []byte("x")),
				s.AddRequest(tx, requester.SentRequest{RequestID: "urn:uuid:" + id, MessageID: id + "@ap", ExchangeID: "e" + id, SentAt: at}))
		})
	}
	update(t, db, func(tx *store.Tx) error { return s.DeleteApplication(tx, "a") })
	view(t, db, func(tx *store.Tx) error {
		_, err := s.Application(tx, "a")
		wantNotFound(t, "application", err)
		_, err = s.ExchangeByID(tx, "ea")
		wantNotFound(t, "exchange", err)
		_, err = s.EvidenceContent(tx, "ea", "0")
		wantNotFound(t, "evidence", err)
		_, err = s.ExchangeByRequest(tx, "urn:uuid:a")
		wantNotFound(t, "exchange by its request", err)
		_, _, err = s.ExchangeByMessage(tx, "a@ap")
		wantNotFound(t, "exchange by its message", err)
		if _, err = s.EvidenceContent(tx, "eb", "0"); err != nil {
			t.Errorf("the other application lost its evidence: %v", err)
		}
		_, err = s.Application(tx, "b")
		return err
	})
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		return s.AddRequest(tx, requester.SentRequest{RequestID: "urn:uuid:a", MessageID: "again@ap", ExchangeID: "ea", SentAt: at})
	})
	if err == nil {
		t.Error("the request id can be used again")
	}
}

// rollback leaves nothing behind.
func rollback(t *testing.T, db *store.DB, s requester.Store) {
	stop := errors.New("stop")
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(s.AddApplication(tx, application("a")), s.AddExchange(tx, record("e", "a")), stop)
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	view(t, db, func(tx *store.Tx) error {
		_, err := s.Application(tx, "a")
		wantNotFound(t, "rolled back application", err)
		_, err = s.ExchangeByID(tx, "e")
		wantNotFound(t, "rolled back exchange", err)
		return nil
	})
}
