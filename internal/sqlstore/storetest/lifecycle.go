package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"oots/directory"
	"oots/internal/lifecycle"
	"oots/internal/store"
)

// Lifecycle runs the suite of lifecycle.Store. Open gives a new, empty store.
func Lifecycle(t *testing.T, open func(*testing.T) (*store.DB, lifecycle.Store)) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, *store.DB, lifecycle.Store)
	}{
		{"revisions", lifecycleRevisions},
		{"conflicts", lifecycleConflicts},
		{"rollback", lifecycleRollback},
		{"events", lifecycleEvents},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, s := open(t)
			c.run(t, db, s)
		})
	}
}

func revision(country string, service directory.Service, digest string) directory.Revision {
	return directory.Revision{
		Country: country, Service: service, At: at, Actor: "AP_" + country, Origin: lifecycle.OriginSubmission, Request: "urn:uuid:1",
		Digest: digest, Objects: 7, Note: "ή",
	}
}

// put stores a revision that must succeed, and returns its number.
func put(t *testing.T, db *store.DB, s lifecycle.Store, r directory.Revision, content string, before int64) (number int64) {
	t.Helper()
	update(t, db, func(tx *store.Tx) (err error) {
		number, err = s.Put(tx, r, []byte(content), before)
		return err
	})
	return number
}

func lifecycleRevisions(t *testing.T, db *store.DB, s lifecycle.Store) {
	first := revision("AT", directory.EvidenceBroker, "a")
	for i, r := range []directory.Revision{first, revision("AT", directory.DataServiceDirectory, "b"), revision("EL", directory.EvidenceBroker, "c")} {
		if n := put(t, db, s, r, "content "+r.Digest, 0); n != int64(i+1) {
			t.Errorf("number %d, want %d", n, i+1)
		}
	}
	if n := put(t, db, s, revision("AT", directory.EvidenceBroker, "d"), "content d", 1); n != 4 {
		t.Errorf("number %d", n)
	}
	again := revision("AT", directory.EvidenceBroker, "a") // what was in force before
	if n := put(t, db, s, again, "content a", 4); n != 5 {
		t.Errorf("number %d", n)
	}
	view(t, db, func(tx *store.Tx) error {
		newest, err := s.Newest(tx)
		if newest != 5 || err != nil {
			t.Errorf("newest %d, %v", newest, err)
		}
		active, err := s.Active(tx)
		if err != nil {
			return err
		}
		var numbers []int64
		for _, r := range active {
			numbers = append(numbers, r.Number)
		}
		if !reflect.DeepEqual(numbers, []int64{2, 5, 3}) { // AT dsd, AT eb, EL eb
			t.Errorf("in force are %v", numbers)
		}
		for country, want := range map[string]int{"AT": 4, "EL": 1, "FR": 0, "": 5} {
			if got, err := s.History(tx, country, ""); err != nil || len(got) != want {
				t.Errorf("%d revisions of %q, %v", len(got), country, err)
			}
		}
		history, err := s.History(tx, "AT", directory.EvidenceBroker)
		if err != nil || len(history) != 3 || history[0].Number != 5 {
			t.Errorf("history %v, %v", history, err)
		}
		got, err := s.Revision(tx, 1)
		if first.Number = 1; err != nil || !reflect.DeepEqual(got, first) {
			t.Errorf("got %+v, want %+v, %v", got, first, err)
		}
		for n, want := range map[int64]string{1: "content a", 4: "content d", 5: "content a"} {
			if b, err := s.Content(tx, n); err != nil || string(b) != want {
				t.Errorf("content of %d is %q, %v", n, b, err)
			}
		}
		_, err = s.Revision(tx, 6)
		wantNotFound(t, "revision", err)
		_, err = s.Content(tx, 6)
		wantNotFound(t, "content", err)
		return nil
	})
}

// lifecycleConflicts puts on top of what is not in force any more.
func lifecycleConflicts(t *testing.T, db *store.DB, s lifecycle.Store) {
	put(t, db, s, revision("AT", directory.EvidenceBroker, "a"), "a", 0)
	put(t, db, s, revision("AT", directory.EvidenceBroker, "b"), "b", 1)
	for _, before := range []int64{0, 1, 3} {
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			_, err := s.Put(tx, revision("AT", directory.EvidenceBroker, "c"), []byte("c"), before)
			return err
		})
		if !errors.Is(err, lifecycle.ErrConflict) {
			t.Errorf("on top of %d: %v", before, err)
		}
	}
	view(t, db, func(tx *store.Tx) error {
		if n, err := s.Newest(tx); n != 2 || err != nil {
			t.Errorf("newest %d, %v", n, err)
		}
		return nil
	})
}

// lifecycleRollback fails behind the first of two partitions.
func lifecycleRollback(t *testing.T, db *store.DB, s lifecycle.Store) {
	broken := errors.New("broken")
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := s.Put(tx, revision("AT", directory.EvidenceBroker, "a"), []byte("a"), 0); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	view(t, db, func(tx *store.Tx) error {
		active, err := s.Active(tx)
		if len(active) != 0 || err != nil {
			t.Errorf("in force are %v, %v", active, err)
		}
		_, err = s.Content(tx, 1)
		wantNotFound(t, "content", err)
		return nil
	})
}

func lifecycleEvents(t *testing.T, db *store.DB, s lifecycle.Store) {
	first := lifecycle.Event{At: at, Actor: "AP_AT", Country: "AT", Counts: map[string]int{"Requirement": 2}, Findings: []string{"R-EB-SUB-C009"}}
	second := lifecycle.Event{At: at.Add(time.Hour), Actor: "AP_EL", Accepted: true, Replaced: []int64{1}, Revisions: []int64{2, 3}, MessageID: "m"}
	for _, e := range []lifecycle.Event{first, second} {
		update(t, db, func(tx *store.Tx) error { return s.Record(tx, e) })
	}
	view(t, db, func(tx *store.Tx) error {
		all, err := s.Events(tx, at)
		if err != nil || !reflect.DeepEqual(all, []lifecycle.Event{first, second}) {
			t.Errorf("got %+v, %v", all, err)
		}
		late, err := s.Events(tx, at.Add(time.Minute))
		if err != nil || len(late) != 1 || late[0].Actor != "AP_EL" {
			t.Errorf("got %+v, %v", late, err)
		}
		return nil
	})
	update(t, db, func(tx *store.Tx) error {
		if n, err := s.Forget(tx, at.Add(time.Minute)); n != 1 || err != nil {
			t.Errorf("forgot %d, %v", n, err)
		}
		return nil
	})
	view(t, db, func(tx *store.Tx) error {
		left, err := s.Events(tx, time.Time{})
		if err != nil || len(left) != 1 || left[0].Actor != "AP_EL" {
			t.Errorf("left %+v, %v", left, err)
		}
		return nil
	})
}
