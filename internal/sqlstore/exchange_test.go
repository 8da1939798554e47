package sqlstore_test

import (
	"bytes"
	"strings"
	"testing"

	"oots/internal/provider"
	"oots/internal/requester"
	"oots/internal/sqlstore"
	"oots/internal/sqlstore/storetest"
	"oots/internal/store"
)

func openEmpty(t *testing.T) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), t.TempDir(), bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestRequesterStore(t *testing.T) {
	t.Parallel()
	storetest.Requester(t, func(t *testing.T) (*store.DB, requester.Store) {
		s := openEmpty(t)
		return s.DB, s.Requester()
	})
}

func TestProviderStore(t *testing.T) {
	t.Parallel()
	storetest.Provider(t, func(t *testing.T) (*store.DB, provider.Store) {
		s := openEmpty(t)
		return s.DB, s.Provider()
	})
}

// TestSealedRowsStayInTheirPlace moves sealed bytes from one row to another: they cannot be opened there.
func TestSealedRowsStayInTheirPlace(t *testing.T) {
	t.Parallel()
	s := openEmpty(t)
	q := s.Requester()
	err := s.DB.Update(t.Context(), func(tx *store.Tx) error {
		for _, id := range []string{"a", "b"} {
			if err := q.AddApplication(tx, requester.Application{ID: id, Procedure: "T3"}); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`UPDATE requester_application SET user_data = (SELECT user_data FROM requester_application WHERE id = $1) WHERE id = $2`, "a", "b")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.DB.View(t.Context(), func(tx *store.Tx) error { _, err := q.Application(tx, "b"); return err })
	if err == nil || !strings.Contains(err.Error(), "cannot be opened") {
		t.Errorf("swapped row: %v", err)
	}
}
