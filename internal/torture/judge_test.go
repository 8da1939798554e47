package torture

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"oots/internal/clock"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// A found is what lies in a node's folder after the end.
type found struct {
	db        *sqlstore.Store
	sent      map[string][2][32]byte // by message id: digests of envelope and receipt
	received  map[string][2][32]byte
	attempts  int // of all messages sent
	orphans   int // files that no row names: killed between the file and its transaction, or between that and the removal
	leftovers int // unfinished files
}

// judge looks into both folders once the nodes have ended, when every message has come to its end.
func (w *world) judge(t *testing.T) [2]*found {
	t.Helper()
	var all [2]*found
	for i, p := range w.nodes {
		all[i] = w.open(t, i)
		all[i].rows(t, w, i)
		all[i].files(t, p.c)
		all[i].swept(t, p.c)
	}
	for i := range all {
		proven(t, w.names[i], all[i], all[1-i])
	}
	return all
}

// open opens the database of a node, after looking at the spool as the last life left it.
func (w *world) open(t *testing.T, i int) *found {
	t.Helper()
	c := w.nodes[i].c
	left, err := filepath.Glob(filepath.Join(c.Dir, "spool", "*.part"))
	if err != nil {
		t.Fatal(err)
	}
	f := &found{leftovers: len(left)}
	if f.db, err = sqlstore.Open(t.Context(), c.Dir, make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.db.Close() })
	return f
}

// ask runs a query of one row.
func (f *found) ask(t *testing.T, query string, to ...any) {
	t.Helper()
	if err := f.db.DB.View(context.Background(), func(tx *store.Tx) error { return tx.Row(query, nil, to...) }); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// every reads the rows of a query.
func (f *found) every(t *testing.T, query string, row func(scan func(...any) error) error) {
	t.Helper()
	err := f.db.DB.View(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := row(rows.Scan); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

// none are queries that count what must not be there.
var none = []struct{ what, query string }{
	{"messages in the outbox that are not acknowledged", `SELECT COUNT(*) FROM gateway_outbox WHERE state <> 'acknowledged'`},
	{"acknowledged messages without a receipt", `SELECT COUNT(*) FROM gateway_outbox WHERE receipt IS NULL OR length(receipt) = 0`},
	{"leases of settled messages", `SELECT COUNT(*) FROM gateway_outbox WHERE lease_owner <> '' OR lease_until <> 0 OR settled_at = 0`},
	{"keys of settled messages", `SELECT COUNT(*) FROM gateway_outbox WHERE secret IS NOT NULL`},
	{"messages in the inbox that are not handled", `SELECT COUNT(*) FROM gateway_inbox WHERE state <> 'handled'`},
	{"leases of handled messages", `SELECT COUNT(*) FROM gateway_inbox WHERE lease_owner <> '' OR lease_until <> 0 OR settled_at = 0`},
	{"submissions without a message", `SELECT COUNT(*) FROM backend_sent WHERE message_id NOT IN (SELECT message_id FROM gateway_outbox)`},
	{"messages without a submission", `SELECT COUNT(*) FROM gateway_outbox WHERE message_id NOT IN (SELECT message_id FROM backend_sent)`},
	{"handled messages that are not in the queue", `SELECT COUNT(*) FROM gateway_inbox WHERE message_id NOT IN (SELECT message_id FROM backend_received)`},
	{"messages in the queue that never came", `SELECT COUNT(*) FROM backend_received WHERE message_id NOT IN (SELECT message_id FROM gateway_inbox)`},
	{"messages in the queue that are not downloaded", `SELECT COUNT(*) FROM backend_received WHERE state NOT IN ('downloaded', 'deleted') OR downloaded_at = 0`},
	{"messages held by nobody", `SELECT COUNT(*) FROM backend_received WHERE holder <> '' OR held_until <> 0`},
	{"parts of settled messages", `SELECT COUNT(*) FROM gateway_part WHERE box IN ('in', 'out')`},
	{"parts without a message", `SELECT COUNT(*) FROM gateway_part WHERE box NOT IN ('in', 'out') AND message_id NOT IN (SELECT message_id FROM backend_received WHERE state <> 'deleted')`},
	{"parts of one file", `SELECT COUNT(*) - COUNT(DISTINCT file) FROM gateway_part WHERE file <> ''`},
	{"foreign keys that lead nowhere", `SELECT COUNT(*) FROM pragma_foreign_key_check`},
}

// rows judges the tables.
func (f *found) rows(t *testing.T, w *world, i int) {
	t.Helper()
	name := w.names[i]
	var sound string
	if f.ask(t, `PRAGMA integrity_check`, &sound); sound != "ok" {
		t.Errorf("%s: the database is damaged: %s", name, sound)
	}
	for _, q := range none {
		var n int
		if f.ask(t, q.query, &n); n != 0 {
			t.Errorf("%s: %d %s", name, n, q.what)
		}
	}
	read := func(query string) map[string][2][32]byte {
		out := map[string][2][32]byte{}
		f.every(t, query, func(scan func(...any) error) error {
			var id string
			var envelope, receipt []byte
			err := scan(&id, &envelope, &receipt)
			out[id] = [2][32]byte{sha256.Sum256(envelope), sha256.Sum256(receipt)}
			return err
		})
		return out
	}
	f.sent = read(`SELECT message_id, envelope, receipt FROM gateway_outbox`)
	f.received = read(`SELECT message_id, envelope, receipt FROM gateway_inbox`)
	f.ask(t, `SELECT COALESCE(SUM(attempts), 0) FROM gateway_outbox`, &f.attempts)

	sent, received := 0, 0
	for _, m := range w.ledger.messages {
		switch name {
		case m.from:
			sent++
			if _, ok := f.sent[m.id]; !ok {
				t.Errorf("%s: %s (%s) was accepted and is not in the outbox", name, m.conversation, m.id)
			}
		case m.to:
			received++
		}
	}
	if sent != len(f.sent) || received != len(f.received) {
		t.Errorf("%s: %d messages in the outbox and %d in the inbox, the ledger has %d and %d", name, len(f.sent), len(f.received), sent, received)
	}
}

// proven checks that what one has sent is, byte for byte, what the other has received, and so its receipt.
func proven(t *testing.T, name string, from, to *found) {
	t.Helper()
	wrong := 0
	for id, sent := range from.sent {
		if received, ok := to.received[id]; !ok || received != sent {
			if wrong++; wrong <= 3 {
				t.Errorf("%s: %s: received %v, same envelope %v, same receipt %v", name, id, ok, sent[0] == received[0], sent[1] == received[1])
			}
		}
	}
	if wrong > 3 {
		t.Errorf("%s: %d messages differ from what was received", name, wrong)
	}
}

// files compares the spool with the rows that name its files.
func (f *found) files(t *testing.T, c nodeConfig) {
	t.Helper()
	named := map[string]bool{}
	f.every(t, `SELECT file, message_id FROM gateway_part WHERE file <> ''`, func(scan func(...any) error) error {
		var file, id string
		if err := scan(&file, &id); err != nil {
			return err
		}
		named[file] = true
		if _, err := os.Stat(filepath.Join(c.Dir, "spool", file)); err != nil {
			t.Errorf("%s: a file of %s is gone: %v", c.Name, id, err)
		}
		return nil
	})
	for _, file := range spooled(t, c.Dir) {
		if !named[file] {
			f.orphans++
		}
	}
}

func spooled(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "spool"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// swept starts the node once more in this process, a day later: nothing may be left then of any payload.
func (f *found) swept(t *testing.T, c nodeConfig) {
	t.Helper()
	later := clock.System()
	later.Now = func() time.Time { return time.Now().UTC().Add(24 * time.Hour) }
	var log bytes.Buffer
	g, behind, err := assemble(c, f.db, later, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		t.Fatal(err)
	}
	_, err = behind.Purge(t.Context())
	if err := cmp.Or(err, g.Recover(t.Context())); err != nil {
		t.Fatal(err)
	}
	if left := spooled(t, c.Dir); len(left) > 0 {
		t.Errorf("%s: %d files are left in the spool after the sweep: %s", c.Name, len(left), strings.Join(left[:min(5, len(left))], " "))
	}
	var n int
	if f.ask(t, `SELECT COUNT(*) FROM gateway_part`, &n); n > 0 {
		t.Errorf("%s: %d parts are left", c.Name, n)
	}
	if log.Len() > 0 {
		t.Errorf("%s: %s", c.Name, log.String())
	}
}

// figures prints what a run was.
func (w *world) figures(t *testing.T, all [2]*found, took time.Duration) {
	t.Helper()
	l := w.ledger
	kills, deaths := 0, 0
	for i, p := range w.nodes {
		said, err := p.logged()
		if err != nil {
			t.Error(err)
		}
		kills += p.kills
		deaths += len(p.deaths)
		t.Logf("%s: %d kills, %d lives, %d sent in %d attempts, %d received, %d duplicates answered with the same receipt, %d connections failed, %d messages not taken because they could not be stored or read, %d files without owner before the sweep, %d unfinished",
			p.c.Name, p.kills, p.lives, len(all[i].sent), all[i].attempts, len(all[i].received), said["duplicate received, receipt given again"],
			said["connection to the receiver failed"], said["message could not be stored"]+said["message could not be read"], all[i].orphans, all[i].leftovers)
	}
	t.Logf("%d messages in %.0f s (%.1f/s), %d kills, on average with %.0f messages under way, %d lives that ended by themselves, %d submissions repeated after an answer, longest gap between acknowledgements %.1f s",
		l.marked, took.Seconds(), float64(l.marked)/took.Seconds(), kills, float64(w.under)/float64(max(kills, 1)), deaths, l.repeated, l.longest.Seconds())
}
