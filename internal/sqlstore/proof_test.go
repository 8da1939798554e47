package sqlstore_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/proof"
	"oots/internal/spool"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// TestOpenForReading reads beside a node in the middle of a transaction, and changes no file but those of the
// write-ahead log.
func TestOpenForReading(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	l.record(exchange.Event{ExchangeID: "x", MessageID: "m@ap", Document: []byte("<Eleni/>")})
	large := bytes.Repeat([]byte("evidence "), 2*spool.Inline)
	w, err := l.store.Spool.Create()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(large); err != nil {
		t.Fatal(err)
	}
	content, err := w.Finish()
	if err != nil {
		t.Fatal(err)
	}
	part := content.(*spool.File)
	err = l.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO gateway_part (box, message_id, position, content_id, mime_type, size, file) VALUES ('in', 'm@ap', 0, 'c@ap', 'application/pdf', $1, $2)`, part.Size(), part.Name())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	writing := filepath.Join(l.dir, "spool", strings.Repeat("0", 32)+".part")
	if err := os.WriteFile(writing, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = l.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		if err := l.Record(tx, exchange.Event{ExchangeID: "x"}); err != nil {
			return err
		}
		s, err := sqlstore.OpenForReading(context.Background(), l.dir, bytes.Repeat([]byte{3}, 32))
		if err != nil {
			return err
		}
		defer s.Close()
		return s.Proof().View(context.Background(), func(tx *store.Tx) error {
			rows, err := s.Proof().Log(tx, "x")
			if err != nil || len(rows) != 1 || string(rows[0].Document) != "<Eleni/>" {
				t.Errorf("%+v, %v", rows, err)
			}
			parts, err := s.Proof().Payloads(tx, proof.In, "m@ap")
			if err != nil || len(parts) != 1 {
				return fmt.Errorf("%d parts, %w", len(parts), err)
			}
			r, err := parts[0].Open()
			if err != nil {
				return err
			}
			defer r.Close()
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, large) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(writing); err != nil {
		t.Error("a part that somebody writes was removed:", err)
	}
	s, err := sqlstore.OpenForReading(t.Context(), l.dir, bytes.Repeat([]byte{4}, 32))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Proof().View(t.Context(), func(tx *store.Tx) error { _, err := s.Proof().Log(tx, "x"); return err })
	if err == nil {
		t.Error("another key opens the documents")
	}
}

// TestOpenForReadingOtherFolders makes nothing where nothing is, and refuses what is not of this version.
func TestOpenForReadingOtherFolders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := sqlstore.OpenForReading(t.Context(), dir, make([]byte, 32)); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(filepath.Join(dir, sqlstore.FileName))}).String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE journal (id TEXT)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := sqlstore.OpenForReading(t.Context(), dir, make([]byte, 32)); err == nil || !strings.Contains(err.Error(), "version") {
		t.Error(err)
	}
}

// BenchmarkRecord measures what a row of the log costs within a transaction of many.
func BenchmarkRecord(b *testing.B) {
	s, err := sqlstore.Open(b.Context(), b.TempDir(), make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	j := audit.New(s.Journal(), clock.System())
	err = s.DB.Update(b.Context(), func(tx *store.Tx) error {
		for b.Loop() {
			if err := j.RecordMessage(tx, audit.MessageEvent{Name: "submitted", Box: "out", MessageID: clock.UUID() + "@ap", ConversationID: clock.UUID()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
