package sqlstore

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"oots/internal/audit"
	"oots/internal/store"
)

// TestOldRowsAreChained opens a database in which an earlier version has written the log: every row gets its place, in
// the order in which it was written, and loses nothing.
func TestOldRowsAreChained(t *testing.T) {
	t.Parallel()
	dir, key := t.TempDir(), bytes.Repeat([]byte{3}, 32)
	seal, err := store.NewSealer(key)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(filepath.Join(dir, FileName))}).String())
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 12); err != nil {
		t.Fatal(err)
	}
	const n = 50
	for i := range n {
		id := fmt.Sprintf("id-%02d", (i*7)%n) // names and times do not give the order away
		var document []byte
		if i%2 == 0 {
			document = seal.Seal(fmt.Append(nil, "document ", i), "journal:"+id)
		}
		_, err := db.Exec(`INSERT INTO journal (id, at, seq, event, conversation_id, exchange_id, message_id, request_id, code, rule, detail, document_type, document, parts)
			VALUES ($1, $2, $3, 'request_sent', 'c', $4, $5, 'r', '', '', '', 'text/plain', $6, 'null')`, id, 5000-i%3, i/5+1, fmt.Sprint("x", i%5), fmt.Sprint("m", i), document)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing to do
		s, err := Open(t.Context(), dir, key)
		if err != nil {
			t.Fatal(err)
		}
		r, err := audit.Verify(t.Context(), s.DB, s.Journal(), nil)
		if err != nil || r.Fault != nil || r.First != 1 || r.Last != n || r.Documents != n/2 {
			t.Errorf("%+v, %v", r, err)
		}
		err = s.DB.View(t.Context(), func(tx *store.Tx) error {
			rows, err := s.Journal().Rows(tx, 0, n)
			for i, row := range rows {
				if row.MessageID != fmt.Sprint("m", i) || row.Kind != audit.Exchange || (string(row.Document) == fmt.Sprint("document ", i)) != (i%2 == 0) {
					t.Errorf("row %d is %+v", i, row)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
