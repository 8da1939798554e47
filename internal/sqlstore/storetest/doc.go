// Package storetest is one suite for every engine: what a store of the requester, provider or directory must
// do, whatever database is behind it. A store's own test calls it with a function that opens an empty one.
package storetest

import (
	"errors"
	"testing"
	"time"

	"oots/internal/store"
)

// at is the instant that the suites start from: whole milliseconds, as stores keep time.
var at = time.Date(2026, 9, 14, 8, 30, 0, 512e6, time.UTC)

// update runs f in a transaction that must succeed.
func update(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// view runs f in a reading transaction that must succeed.
func view(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func wantNotFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%s: %v, want store.ErrNotFound", what, err)
	}
}
