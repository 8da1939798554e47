package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/internal/demo"
	"oots/internal/node"
	"oots/internal/pki"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// TestNothingIsLeftButTheLog has people go through journeys of every end, lets the retention pass, and searches what
// is left for them: every file as it lies on the disk, every value of every table with its seal taken off, and the
// log lines. Only the log of article 17 may know them. [Regulation (EU) 2018/1724 art. 14(3)(i)] [IR 2022/1463 art. 17]
func TestNothingIsLeftButTheLog(t *testing.T) {
	t.Parallel()
	lines := &lockedBuffer{}
	u := newUnionWith(t, func(o *node.Options) {
		o.Log = slog.New(slog.NewJSONHandler(lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	ctx := context.Background()
	var people []demo.Subject
	for _, run := range []struct {
		subject, procedure string
		decline            bool
	}{{"eleni", "T3", false}, {"hans", "S1", true}, {"nikos", "T3", false}, {"maria", "T3", false}, {"sofia", "T3", false}, {"kostas", "T3", false}} {
		j := u.journey(run.subject, run.procedure)
		j.Decline = run.decline
		r, err := j.Run(ctx)
		if err != nil {
			t.Fatal(err)
		}
		asking, _ := u.Sides(j.Subject)
		if err := asking.Requester.Submit(ctx, r.Application); err != nil {
			t.Fatal(err)
		}
		people = append(people, j.Subject)
	}
	u.clock.advance(72 * time.Hour)
	for range 3 {
		u.step()
	}
	for _, m := range u.States {
		if _, err := m.Requester.Purge(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Provider.Purge(ctx); err != nil {
			t.Fatal(err)
		}
	}
	u.Close()

	who := traces(people)
	for _, s := range who {
		if strings.Contains(lines.String(), s) {
			t.Errorf("%q is in the log lines", s)
		}
	}
	unreadable(t, u.dir, who)
	key, err := pki.SealingKey(filepath.Join(u.dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, country := range []string{"AT", "EL"} {
		found += search(t, filepath.Join(u.dir, country, sqlstore.FileName), key, who)
	}
	if found == 0 {
		t.Error("not even the log knows them: the search finds nothing")
	}
}

// traces are what gives a person away.
func traces(people []demo.Subject) []string {
	var out []string
	for _, s := range people {
		p := s.Identity.Person
		for _, trace := range []string{p.FamilyName, s.Identity.OriginalFamilyName, s.Identity.OriginalGivenName, p.Identifier, string(p.DateOfBirth)} {
			if trace != "" {
				out = append(out, trace)
			}
		}
	}
	return append(out, "%PDF-")
}

// unreadable searches every file.
func unreadable(t *testing.T, dir string, who []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, s := range who {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%q is readable in %s", s, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// plain are the values that lie unsealed: what the access point proves its messages with.
var plain = map[string]bool{
	"gateway_outbox.envelope": true, "gateway_outbox.receipt": true, "gateway_inbox.envelope": true, "gateway_inbox.receipt": true,
	"lifecycle_sent.answer": true,
}

// search looks into every value of a database and returns how often the log of article 17 names a person.
func search(t *testing.T, file string, key []byte, who []string) int {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(file), RawQuery: "mode=ro"}).String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	seal, err := store.NewSealer(key)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, table := range column(t, db, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`) {
		rows, err := db.Query(`SELECT * FROM ` + table)
		if err != nil {
			t.Fatal(err)
		}
		names, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(names))
			into := make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				place := table + "." + names[i]
				b, sealed := v.([]byte)
				if !sealed {
					b = []byte(fmt.Sprint(v))
				} else if !plain[place] {
					if b = open(seal, b, table, values); b == nil {
						t.Errorf("%s: the seal of %s cannot be taken off: what is it?", file, place)
					}
				}
				for _, s := range who {
					switch {
					case !bytes.Contains(b, []byte(s)):
					case place == "journal.document":
						found++
					default:
						t.Errorf("%q is in %s", s, place)
					}
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return found
}

// open takes the seal off a value: its place is made of the table's name and texts of its row.
func open(seal *store.Sealer, b []byte, table string, values []any) []byte {
	var texts []string
	for _, v := range values {
		if s, ok := v.(string); ok {
			texts = append(texts, s)
		}
	}
	for _, prefix := range []string{table, "outbox", "inbox", "session"} {
		for _, s := range texts {
			for _, place := range append([]string{prefix + ":" + s}, pairs(prefix+":"+s, texts)...) {
				if out, err := seal.Open(b, place); err == nil {
					return append([]byte{}, out...)
				}
			}
		}
	}
	return nil
}

func pairs(first string, texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = first + ":" + s
	}
	return out
}

func column(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// lockedBuffer collects log lines of several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
