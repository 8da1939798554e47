package sqlstore_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"oots/internal/sqlstore"
	"oots/internal/store"
)

func TestTransactions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx := context.Background()
	s, err := sqlstore.Open(ctx, dir, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	insert := func(tx *store.Tx, id string) error {
		_, err := tx.Exec(`INSERT INTO web_session (session_key, data, expires_at) VALUES ($1, $2, $3)`, id, []byte{1}, int64(1))
		return err
	}
	woken := 0
	refused := errors.New("refused")
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		tx.After(func() { woken++ })
		if err := insert(tx, "rolled back"); err != nil {
			return err
		}
		return refused
	})
	if !errors.Is(err, refused) || woken != 0 {
		t.Fatalf("rolled back: err %v, woken %d", err, woken)
	}
	if err := s.DB.Update(ctx, func(tx *store.Tx) error {
		tx.After(func() { woken++ })
		return insert(tx, "kept")
	}); err != nil || woken != 1 {
		t.Fatalf("committed: err %v, woken %d", err, woken)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s, err = sqlstore.Open(ctx, dir, make([]byte, 32))
	if err != nil {
		t.Fatal("second opening:", err)
	}
	defer s.Close()
	if err := s.DB.View(ctx, func(tx *store.Tx) error {
		var n int
		if err := tx.Row(`SELECT COUNT(*) FROM web_session`, nil, &n); err != nil || n != 1 {
			t.Errorf("rows %d, err %v; want the committed one", n, err)
		}
		var at int64
		err := tx.Row(`SELECT expires_at FROM web_session WHERE session_key = $1`, []any{"rolled back"}, &at)
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestSealer(t *testing.T) {
	t.Parallel()
	s, err := store.NewSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	sealed := s.Seal([]byte("evidence"), "row:1")
	if bytes.Contains(sealed, []byte("evidence")) {
		t.Fatal("sealed value is readable")
	}
	if got, err := s.Open(sealed, "row:1"); err != nil || string(got) != "evidence" {
		t.Fatalf("got %q, %v", got, err)
	}
	if _, err := s.Open(sealed, "row:2"); err == nil {
		t.Error("a sealed value opened in another row")
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := s.Open(sealed, "row:1"); err == nil {
		t.Error("a changed value opened")
	}
	if _, err := s.Open(sealed[:5], "row:1"); err == nil {
		t.Error("a truncated value opened")
	}
	if _, err := store.NewSealer([]byte("short")); err == nil {
		t.Error("a short key was accepted")
	}
}
