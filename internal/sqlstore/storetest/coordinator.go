package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/internal/coordinator"
	"oots/internal/store"
)

// Coordinator runs the suite of coordinator.Store. Open gives a new, empty store.
func Coordinator(t *testing.T, open func(*testing.T) (*store.DB, coordinator.Store)) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, *store.DB, coordinator.Store)
	}{
		{"accounts", coordinatorAccounts},
		{"drafts", coordinatorDrafts},
		{"entries", coordinatorEntries},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, s := open(t)
			c.run(t, db, s)
		})
	}
}

func coordinatorAccounts(t *testing.T, db *store.DB, s coordinator.Store) {
	a := coordinator.Account{Name: "lu.office", Country: "LU", Role: coordinator.Editor, Password: "$argon2id$x", Made: at, Maker: "test"}
	i := coordinator.Invitation{Digest: "d1", Account: a.Name, Expires: at.Add(time.Hour)}
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.PutAccount(tx, a), s.PutInvitation(tx, i), s.PutAccount(tx, coordinator.Account{Name: "at.office", Country: "AT", Role: coordinator.Reader, Demo: true, Made: at}))
	})
	a.Disabled, a.Role = true, coordinator.Keeper
	update(t, db, func(tx *store.Tx) error { return s.PutAccount(tx, a) })
	view(t, db, func(tx *store.Tx) error {
		got, err := s.Account(tx, a.Name)
		if err != nil || !reflect.DeepEqual(got, a) {
			t.Errorf("got %+v, %v, want %+v", got, err, a)
		}
		all, err := s.Accounts(tx)
		if err != nil || len(all) != 2 || all[0].Name != "at.office" || !all[0].Demo {
			t.Errorf("accounts %+v, %v", all, err)
		}
		if got, err := s.Invitation(tx, "d1"); err != nil || got != i {
			t.Errorf("invitation %+v, %v", got, err)
		}
		_, err = s.Account(tx, "nobody")
		wantNotFound(t, "no account", err)
		return nil
	})
	update(t, db, func(tx *store.Tx) error { return s.DropInvitations(tx, a.Name) })
	view(t, db, func(tx *store.Tx) error {
		_, err := s.Invitation(tx, "d1")
		wantNotFound(t, "a used invitation", err)
		return nil
	})
}

func coordinatorDrafts(t *testing.T, db *store.DB, s coordinator.Store) {
	p := coordinator.Part{Base: 7, Edition: 1, At: at, Account: "lu.office", Partition: directory.Partition{Country: "LU", Service: directory.EvidenceBroker, Catalogue: directory.Catalogue{
		Requirements: []directory.Requirement{{ID: "r", Names: edm.Texts{{Lang: "EL", Value: "Γέννηση"}}}}}}}
	update(t, db, func(tx *store.Tx) error { return s.PutPart(tx, p) })
	next := p
	next.Edition, next.Base = 2, 9
	update(t, db, func(tx *store.Tx) error { return s.PutPart(tx, next) })
	for _, stale := range []coordinator.Part{p, next} {
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return s.PutPart(tx, stale) }); !errors.Is(err, coordinator.ErrStale) {
			t.Errorf("edition %d again: %v, want ErrStale", stale.Edition, err)
		}
	}
	view(t, db, func(tx *store.Tx) error {
		got, err := s.Draft(tx, "LU")
		if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], next) {
			t.Errorf("got %+v, %v, want %+v", got, err, next)
		}
		if other, err := s.Draft(tx, "AT"); err != nil || len(other) != 0 {
			t.Errorf("Austria has %+v, %v", other, err)
		}
		return nil
	})
	update(t, db, func(tx *store.Tx) error { return s.DropDraft(tx, "LU") })
	view(t, db, func(tx *store.Tx) error {
		if got, err := s.Draft(tx, "LU"); err != nil || len(got) != 0 {
			t.Errorf("after the discarding: %+v, %v", got, err)
		}
		return nil
	})
}

func coordinatorEntries(t *testing.T, db *store.DB, s coordinator.Store) {
	e := coordinator.Entry{At: at, Account: "lu.office", Country: "LU", Action: coordinator.ActEdit, Object: "procedure x", Detail: "Birth"}
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(s.Record(tx, e), s.Record(tx, coordinator.Entry{At: at, Country: "AT", Action: coordinator.ActLogin}), s.Record(tx, coordinator.Entry{At: at, Country: "LU", Action: coordinator.ActSubmit}))
	})
	view(t, db, func(tx *store.Tx) error {
		got, err := s.Entries(tx, "LU", 10)
		if err != nil || len(got) != 2 || got[0].Action != coordinator.ActSubmit || !reflect.DeepEqual(got[1], e) {
			t.Errorf("entries %+v, %v", got, err)
		}
		if all, err := s.Entries(tx, "", 2); err != nil || len(all) != 2 {
			t.Errorf("all %+v, %v", all, err)
		}
		return nil
	})
}
