package gateway_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/internal/gateway"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// TestPingsAreForgotten on both sides, after the week in which a duplicate may come.
func TestPingsAreForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.a.Ping(context.Background(), party("B"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		after time.Duration
		in    string
		out   string
	}{{6 * 24 * time.Hour, "tested", "acknowledged"}, {2 * 24 * time.Hour, "none", "none"}} {
		w.clock.Add(c.after)
		for _, s := range []*side{w.a, w.b} {
			if _, err := s.Purge(context.Background()); err != nil {
				t.Error(err)
			}
		}
		if in, out := w.b.row(t, "gateway_inbox", "state", id), w.a.row(t, "gateway_outbox", "state", id); in != c.in || out != c.out {
			t.Errorf("in %s, out %s; want %s, %s", in, out, c.in, c.out)
		}
	}
}

// TestScrubWaitsForNobody: while the database is read, deleted content may stay in its log, and that is said; when nothing
// was deleted, a reader does not matter.
func TestScrubWaitsForNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.submit(t, w.a, "x")
	reading, end, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	read := func() {
		reading, end = make(chan struct{}), make(chan struct{})
		go func() {
			done <- w.a.store.DB.View(context.Background(), func(tx *store.Tx) error {
				var n int
				err := tx.Row(`SELECT COUNT(*) FROM gateway_part`, nil, &n)
				close(reading)
				<-end
				return err
			})
		}()
		<-reading
	}
	read()
	pump(t, w.a)
	if _, err := w.a.Purge(context.Background()); err == nil || !strings.Contains(err.Error(), "being read") {
		t.Errorf("purged with %v", err)
	}
	close(end)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := w.a.Purge(context.Background()); err != nil {
		t.Error(err)
	}
	read()
	w.submit(t, w.a, "y")
	if _, err := w.a.Purge(context.Background()); err != nil {
		t.Errorf("nothing was deleted: %v", err)
	}
	close(end)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestSearchOfALetter finds nothing that only begins with it.
func TestSearchOfALetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submit(t, w.a, "x")
	for n, want := range map[int]int{1: 0, 3: 0, 4: 1, len(id): 1} {
		got, err := w.a.Search(context.Background(), gateway.Filter{Text: id[:n]})
		if err != nil || len(got) != want {
			t.Errorf("%d characters: %d messages, %v", n, len(got), err)
		}
	}
}

// TestPlans: what is asked of large tables is asked of an index.
func TestPlans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for query, index := range map[string]string{
		`SELECT message_id FROM gateway_inbox WHERE action = $1 ORDER BY received_at DESC, message_id DESC LIMIT 50`: "gateway_inbox_action",
		`SELECT message_id FROM gateway_outbox WHERE action = $1 ORDER BY created_at DESC, message_id DESC LIMIT 50`: "gateway_outbox_action",
		`SELECT 1 FROM gateway_part WHERE file = $1 AND file <> ''`:                                                  "gateway_part_file",
	} {
		var plan []string
		err := w.a.store.DB.View(context.Background(), func(tx *store.Tx) error {
			rows, err := tx.Query(`EXPLAIN QUERY PLAN `+query, "x")
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var id, parent, unused int
				var detail string
				if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
					return err
				}
				plan = append(plan, detail)
			}
			return rows.Err()
		})
		if err != nil || !slices.ContainsFunc(plan, func(s string) bool { return strings.Contains(s, index) }) {
			t.Errorf("%s: %q, %v", query, plan, err)
		}
	}
}

// TestFilesArePrivate: nobody but the owner reads the files of the database, also those that an older version has made.
func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 2 {
		s, err := sqlstore.Open(context.Background(), dir, make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		for _, end := range []string{"", "-wal", "-shm"} {
			info, err := os.Stat(filepath.Join(dir, sqlstore.FileName+end))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", end, info, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, sqlstore.FileName), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
