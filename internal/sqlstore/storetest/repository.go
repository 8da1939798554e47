package storetest

import (
	"errors"
	"reflect"
	"testing"

	"oots/internal/repository"
	"oots/internal/store"
)

// Repository runs the suite of repository.Store. Open gives a new, empty store.
func Repository(t *testing.T, open func(*testing.T) (*store.DB, repository.Store)) {
	t.Run("changes", func(t *testing.T) {
		t.Parallel()
		db, s := open(t)
		saved := repository.Change{At: at, Actor: "AP_AT", Asset: "https://sr.test/datamodels/x", Version: "1", Action: repository.Save, Note: "ή", Data: []byte(`{}`)}
		published := saved
		published.Action = repository.Publish
		gone := repository.Change{At: at, Actor: "AP_AT", Asset: saved.Asset, Version: "1", Action: repository.Withdraw}
		for i, c := range []*repository.Change{&saved, &published, &gone} {
			update(t, db, func(tx *store.Tx) (err error) {
				c.Number, err = s.Append(tx, *c)
				return err
			})
			if c.Number != int64(i+1) {
				t.Errorf("number %d", c.Number)
			}
		}
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			_, err := s.Append(tx, published)
			return err
		})
		if !errors.Is(err, repository.ErrExists) {
			t.Errorf("published twice: %v", err)
		}
		update(t, db, func(tx *store.Tx) error {
			got, err := s.Changes(tx)
			if want := []repository.Change{saved, published, gone}; !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
			if n, _ := s.Newest(tx); n != 3 {
				t.Errorf("newest %d", n)
			}
			return err
		})
	})
	t.Run("content", func(t *testing.T) {
		t.Parallel()
		db, s := open(t)
		update(t, db, func(tx *store.Tx) error { return s.Put(tx, "a", []byte("one")) })
		update(t, db, func(tx *store.Tx) error { return s.Put(tx, "a", []byte("one")) })
		update(t, db, func(tx *store.Tx) error {
			if b, err := s.Content(tx, "a"); err != nil || string(b) != "one" {
				t.Errorf("%q %v", b, err)
			}
			if _, err := s.Content(tx, "b"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%v", err)
			}
			return nil
		})
	})
}
