package storetest

import (
	"errors"
	"reflect"
	"slices"
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
		{"misses", misses},
		{"previews", previews},
		{"contents", contents},
		{"due", providerDue},
		{"waiting", waiting},
		{"stale previews", stalePreviews},
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

// waiting walks requests through claims and leases.
func waiting(t *testing.T, db *store.DB, s provider.Store) {
	person := application("").User.Person
	want := func(id string, since time.Duration) provider.Waiting {
		return provider.Waiting{
			Header: exchange.Header{MessageID: "m", Timestamp: at, ExchangeID: "e"}, Request: edm.Request{ID: id, NaturalPerson: &person},
			Since: at.Add(since), Deadline: at.Add(since + 5*time.Minute),
		}
	}
	first, second := want("urn:uuid:2", 0), want("urn:uuid:1", time.Second)
	update(t, db, func(tx *store.Tx) error { return errors.Join(s.AddWaiting(tx, second), s.AddWaiting(tx, first)) })
	claim := func(now time.Time, owner, id string) {
		t.Helper()
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			got, err := s.ClaimWaiting(tx, now, owner, now.Add(time.Minute))
			if err == nil && got != id {
				t.Errorf("%s claimed %q, want %q", owner, got, id)
			}
			return err
		})
		if id == "" {
			wantNotFound(t, "nothing to claim", err)
		} else if err != nil {
			t.Error(err)
		}
	}
	claim(at, "a", first.Request.ID)
	claim(at, "b", second.Request.ID)
	claim(at, "a", "")
	update(t, db, func(tx *store.Tx) error { return s.ReleaseWaiting(tx, "a") })
	claim(at, "b", first.Request.ID)
	claim(at.Add(time.Minute), "a", "")                                // the last instant is b's
	claim(at.Add(time.Minute+time.Millisecond), "a", first.Request.ID) // b is gone
	view(t, db, func(tx *store.Tx) error {
		got, err := s.WaitingRequest(tx, first.Request.ID)
		if !reflect.DeepEqual(got, first) {
			t.Errorf("request\n%+v, want\n%+v", got, first)
		}
		for _, c := range []struct {
			now  time.Time
			want []string
		}{{first.Deadline, nil}, {second.Deadline, []string{first.Request.ID}}, {at.Add(time.Hour), []string{first.Request.ID, second.Request.ID}}} {
			if got, err := s.Overdue(tx, c.now); err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("overdue at %v: %v, %v", c.now, got, err)
			}
		}
		return err
	})
	for _, want := range []bool{true, false} {
		update(t, db, func(tx *store.Tx) error {
			got, err := s.TakeWaiting(tx, first.Request.ID)
			if got != want {
				t.Errorf("TakeWaiting = %v, want %v", got, want)
			}
			return err
		})
	}
	view(t, db, func(tx *store.Tx) error {
		_, err := s.WaitingRequest(tx, first.Request.ID)
		wantNotFound(t, "request that was taken", err)
		return nil
	})
}

// stalePreviews are old by their last change and by their deadline.
func stalePreviews(t *testing.T, db *store.DB, s provider.Store) {
	settled, open, young := preview("settled"), preview("open"), preview("young")
	settled.UpdatedAt, settled.Deadline = at, time.Time{}
	open.UpdatedAt, open.Deadline = at, at.Add(time.Hour)
	young.UpdatedAt = at.Add(2 * time.Hour)
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.AddPreview(tx, settled, bytesOf), s.AddPreview(tx, open, bytesOf), s.AddPreview(tx, young, bytesOf))
	})
	young.UpdatedAt, young.State, young.Deadline = at.Add(3*time.Hour), exchange.LinkExpired, time.Time{}
	update(t, db, func(tx *store.Tx) error { _, err := s.UpdatePreview(tx, young, exchange.LinkIssued); return err })
	for _, c := range []struct {
		before time.Time
		want   []string
	}{{at, nil}, {at.Add(time.Millisecond), []string{"settled"}}, {at.Add(3 * time.Hour), []string{"open", "settled"}}, {at.Add(4 * time.Hour), []string{"open", "settled", "young"}}} {
		view(t, db, func(tx *store.Tx) error {
			got, err := s.StalePreviews(tx, c.before)
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("stale before %v: %v, want %v", c.before, got, c.want)
			}
			return err
		})
	}
	for range 2 { // deleting twice is no error
		update(t, db, func(tx *store.Tx) error { return s.DeletePreview(tx, "settled") })
	}
	view(t, db, func(tx *store.Tx) error {
		_, err := s.PreviewByToken(tx, "settled")
		wantNotFound(t, "deleted preview", err)
		_, err = s.Content(tx, "settled", "0")
		wantNotFound(t, "its document", err)
		_, err = s.Content(tx, "open", "0")
		return err
	})
}

func misses(t *testing.T, db *store.DB, s provider.Store) {
	at := time.UnixMilli(1_800_000_000_000)
	count := func(who string, since time.Time) (n int) {
		t.Helper()
		view(t, db, func(tx *store.Tx) (err error) {
			n, err = s.Misses(tx, who, since)
			return err
		})
		return n
	}
	update(t, db, func(tx *store.Tx) error { return s.AddMiss(tx, []string{"a", "b"}, at) })
	update(t, db, func(tx *store.Tx) error { return s.AddMiss(tx, []string{"a"}, at.Add(time.Minute)) })
	if a, b, c := count("a", at.Add(-time.Second)), count("b", at.Add(-time.Second)), count("c", at.Add(-time.Second)); a != 2 || b != 1 || c != 0 {
		t.Errorf("counted %d, %d, %d", a, b, c)
	}
	if n := count("a", at); n != 1 {
		t.Errorf("%d after the first", n)
	}
	update(t, db, func(tx *store.Tx) error { return s.DeleteMisses(tx, at.Add(time.Second)) })
	if a, b := count("a", at.Add(-time.Hour)), count("b", at.Add(-time.Hour)); a != 1 || b != 0 {
		t.Errorf("%d and %d are left", a, b)
	}
}
