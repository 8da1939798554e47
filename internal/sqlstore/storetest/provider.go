package storetest

import (
	"reflect"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/provider"
	"oots/internal/store"
)

// Provider runs the suite of provider.Store. Open gives a new, empty store.
func Provider(t *testing.T, open func(*testing.T) (*store.DB, provider.Store)) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, *store.DB, provider.Store)
	}{
		{"request ids", requestIDs},
		{"previews", previews},
		{"contents", contents},
		{"due", providerDue},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, s := open(t)
			c.run(t, db, s)
		})
	}
}

func preview(token string) provider.Preview {
	person := application("").User.Person
	doc := func(id string) provider.StoredDocument {
		return provider.StoredDocument{PreviewDocument: provider.PreviewDocument{ID: id, Title: "Βεβαίωση", Size: 3}, EvidenceID: "ev" + id}
	}
	return provider.Preview{
		TokenHash: token, State: exchange.LinkIssued, Deadline: at.Add(16 * time.Minute), RequestID: "urn:uuid:1",
		Header:    exchange.Header{MessageID: "m", Timestamp: at, ExchangeID: "e", From: edm.Identifier{Scheme: "s", Value: "AP_AT_01"}},
		First:     edm.Request{ID: "urn:uuid:1", NaturalPerson: &person, IssuedAt: at},
		Documents: []provider.StoredDocument{doc("0"), doc("1"), doc("2")},
	}
}

var bytesOf = [][]byte{[]byte("one"), []byte("two"), []byte("\x00\xff")}

func requestIDs(t *testing.T, db *store.DB, s provider.Store) {
	for _, want := range []bool{true, false, false} {
		update(t, db, func(tx *store.Tx) error {
			got, err := s.ClaimRequest(tx, "urn:uuid:1", at)
			if got != want {
				t.Errorf("ClaimRequest = %v, want %v", got, want)
			}
			return err
		})
	}
}

func previews(t *testing.T, db *store.DB, s provider.Store) {
	want := preview("f00")
	update(t, db, func(tx *store.Tx) error { return s.AddPreview(tx, want, bytesOf) })
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return s.AddPreview(tx, preview("f01"), bytesOf[:1]) }); err == nil {
		t.Error("a preview was stored without all of its documents")
	}
	want.State, want.ReturnLocation, want.Opened = exchange.SecondReceived, "https://portal.example/return/1", true
	for _, ok := range []bool{true, false} {
		update(t, db, func(tx *store.Tx) error {
			got, err := s.UpdatePreview(tx, want, exchange.LinkIssued)
			if got != ok {
				t.Errorf("UpdatePreview = %v, want %v", got, ok)
			}
			return err
		})
	}
	view(t, db, func(tx *store.Tx) error {
		got, err := s.PreviewByToken(tx, "f00")
		if !reflect.DeepEqual(got, want) {
			t.Errorf("preview\n%+v, want\n%+v", got, want)
		}
		for _, hash := range []string{"", "f01"} {
			_, missing := s.PreviewByToken(tx, hash)
			wantNotFound(t, "unknown preview", missing)
		}
		return err
	})
}

func contents(t *testing.T, db *store.DB, s provider.Store) {
	update(t, db, func(tx *store.Tx) error { return s.AddPreview(tx, preview("f00"), bytesOf) })
	there := func(want ...string) {
		t.Helper()
		view(t, db, func(tx *store.Tx) error {
			var got []string
			for i, id := range []string{"0", "1", "2"} {
				if b, err := s.Content(tx, "f00", id); err == nil {
					got = append(got, id)
					if string(b) != string(bytesOf[i]) {
						t.Errorf("document %s: %q", id, b)
					}
				} else {
					wantNotFound(t, "document "+id, err)
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("documents %v, want %v", got, want)
			}
			return nil
		})
	}
	there("0", "1", "2")
	update(t, db, func(tx *store.Tx) error { return s.DeleteContents(tx, "f00", []string{"1", "2"}) })
	there("1", "2")
	update(t, db, func(tx *store.Tx) error { return s.DeleteContents(tx, "f00", nil) })
	there()
}

func providerDue(t *testing.T, db *store.DB, s provider.Store) {
	late, early, settled := preview("late"), preview("early"), preview("settled")
	early.Deadline, settled.Deadline = at, time.Time{}
	update(t, db, func(tx *store.Tx) error {
		for _, p := range []provider.Preview{late, early, settled} {
			if err := s.AddPreview(tx, p, bytesOf); err != nil {
				return err
			}
		}
		return nil
	})
	for _, c := range []struct {
		now  time.Time
		want []string
	}{{at, nil}, {at.Add(time.Millisecond), []string{"early"}}, {at.Add(time.Hour), []string{"early", "late"}}} {
		view(t, db, func(tx *store.Tx) error {
			got, err := s.Due(tx, c.now)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("due at %v: %v, want %v", c.now, got, c.want)
			}
			return err
		})
	}
}
