package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"oots/internal/sqlstore"
)

// TestNewerDatabase: a database that a newer program has changed is refused by every way to open it, and stays as it is.
func TestNewerDatabase(t *testing.T) {
	t.Parallel()
	dir, key := t.TempDir(), make([]byte, 32)
	s, err := sqlstore.Open(t.Context(), dir, key)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	applied(t, dir, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	for name, open := range ways() {
		s, err := open(t.Context(), dir, key)
		if !errors.Is(err, sqlstore.ErrNewer) {
			t.Errorf("%s: %v", name, err)
		}
		if s != nil {
			t.Errorf("%s gives a store beside the error", name)
		}
	}
	if n := applied(t, dir, ""); n != 9999 {
		t.Errorf("the schema is number %d", n)
	}
}

// TestOlderDatabase: only Open changes the schema; what works beside a running process says that it does not fit.
func TestOlderDatabase(t *testing.T) {
	t.Parallel()
	dir, key := t.TempDir(), make([]byte, 32)
	old(t, filepath.Join(dir, sqlstore.FileName), key, 12)
	for name, open := range ways() {
		if name == "Open" {
			continue
		}
		if _, err := open(t.Context(), dir, key); !errors.Is(err, sqlstore.ErrOlder) {
			t.Errorf("%s: %v", name, err)
		}
		if n := applied(t, dir, ""); n != 12 {
			t.Fatalf("%s changed the schema to number %d", name, n)
		}
	}
	for _, name := range []string{"Open", "OpenExisting", "OpenForReading"} {
		s, err := ways()[name](t.Context(), dir, key)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNoDatabase: what works beside a process makes no database.
func TestNoDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"OpenExisting", "OpenForReading"} {
		if _, err := ways()[name](t.Context(), dir, make([]byte, 32)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("there are %q", left)
	}
}

// ways are the functions that open a database.
func ways() map[string]func(context.Context, string, []byte) (*sqlstore.Store, error) {
	return map[string]func(context.Context, string, []byte) (*sqlstore.Store, error){
		"Open": sqlstore.Open, "OpenExisting": sqlstore.OpenExisting, "OpenForReading": sqlstore.OpenForReading,
	}
}

// applied runs a statement on the database and gives the number of its schema.
func applied(t *testing.T, dir, statement string) (n int64) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, sqlstore.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRow(`SELECT MAX(version_id) FROM goose_db_version`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
