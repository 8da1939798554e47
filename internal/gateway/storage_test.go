package gateway_test

import (
	"context"
	"crypto/x509"
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"syscall"
	"testing"

	"oots/edelivery/as4"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/gateway"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// pragma sets a value on the connection that writes.
func (s *side) pragma(t *testing.T, name string, value int64) {
	t.Helper()
	err := s.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		var got int64
		return tx.Row(fmt.Sprintf("PRAGMA %s = %d", name, value), nil, &got)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fill lets the database grow no more.
func (s *side) fill(t *testing.T) {
	t.Helper()
	var pages int64
	err := s.store.DB.View(context.Background(), func(tx *store.Tx) error { return tx.Row("PRAGMA page_count", nil, &pages) })
	if err != nil {
		t.Fatal(err)
	}
	s.pragma(t, "max_page_count", pages)
}

// TestDatabaseIsFull: nothing is acknowledged that could not be stored, nothing is left of it, and when there is room again
// the message arrives once.
func TestDatabaseIsFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submitLarge(t, large())
	small := w.submit(t, w.a, string(large()[:200_000]))
	w.b.fill(t)
	pump(t, w.a)
	pump(t, w.b)
	for _, m := range []string{id, small} {
		d := w.a.look(t, gateway.Out, m)
		if d.State != gateway.Waiting || d.Attempts[0].Outcome != gateway.OutcomeBusy || d.Attempts[0].Status != http.StatusServiceUnavailable {
			t.Errorf("state %s, %+v", d.State, d.Attempts)
		}
		if got := w.b.row(t, "gateway_inbox", "state", m); got != "none" {
			t.Errorf("inbox state %s", got)
		}
	}
	if n := w.b.spooled(t); n != 0 {
		t.Errorf("%d files are left", n)
	}
	w.b.pragma(t, "max_page_count", 1<<30)
	w.clock.Add(gateway.DefaultRetry.Interval)
	pump(t, w.a)
	pump(t, w.b)
	if len(w.b.delivered) != 2 {
		t.Errorf("delivered %d", len(w.b.delivered))
	}
}

// TestDatabaseIsLocked by another process for longer than we wait.
func TestDatabaseIsLocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submit(t, w.a, "x")
	w.b.pragma(t, "busy_timeout", 1)
	other, err := sql.Open("sqlite", filepath.Join(w.b.dir, sqlstore.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	pump(t, w.a)
	if d := w.a.look(t, gateway.Out, id); d.State != gateway.Waiting || d.Attempts[0].Status != http.StatusServiceUnavailable {
		t.Errorf("state %s, %+v", d.State, d.Attempts)
	}
	if _, err := w.b.Deliver(context.Background()); err == nil {
		t.Error("delivered into a locked database")
	}
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	w.clock.Add(gateway.DefaultRetry.Interval)
	pump(t, w.a)
	pump(t, w.b)
	if len(w.b.delivered) != 1 {
		t.Errorf("delivered %d", len(w.b.delivered))
	}
}

// A fullDisk is a spool whose parts fail while they are written, or when they are made durable.
type fullDisk struct {
	as4.Spool
	atFinish bool
}

func (f fullDisk) Create() (as4.Spooled, error) {
	s, err := f.Spool.Create()
	return fullPart{s, f.atFinish}, err
}

type fullPart struct {
	as4.Spooled
	atFinish bool
}

func (p fullPart) Write(b []byte) (int, error) {
	if p.atFinish {
		return p.Spooled.Write(b)
	}
	n, err := p.Spooled.Write(b[:len(b)/2])
	if err == nil {
		err = syscall.ENOSPC
	}
	return n, err
}

func (p fullPart) Finish() (as4.Content, error) {
	if _, err := p.Spooled.Finish(); err != nil {
		return nil, err
	}
	return nil, syscall.ENOSPC
}

// TestDiskIsFull: the sender is told to come again, and nothing half-written is left.
func TestDiskIsFull(t *testing.T) {
	t.Parallel()
	for name, atFinish := range map[string]bool{"while it is written": false, "when it is finished": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.open(t, "B", []string{"A"}, t.TempDir(), "b-2", func(c *gateway.Config) { c.Spool = fullDisk{c.Spool, atFinish} })
			id := w.submitLarge(t, large())
			pump(t, w.a)
			if d := w.a.look(t, gateway.Out, id); d.State != gateway.Waiting || d.Attempts[0].Status != http.StatusServiceUnavailable {
				t.Errorf("state %s, %+v", d.State, d.Attempts)
			}
			if n := b.spooled(t); n != 0 {
				t.Errorf("%d files are left", n)
			}
			err := b.store.DB.View(context.Background(), func(tx *store.Tx) error {
				var n int
				if err := tx.Row("SELECT COUNT(*) FROM gateway_inbox", nil, &n); err != nil || n != 0 {
					t.Errorf("%d messages, %v", n, err)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestKeysChangeWhileMessagesCome: B signs with its new key at once and opens what is encrypted for either.
func TestKeysChangeWhileMessagesCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	was, is := identity(w.keys["B"]), identity(w.keys["C"])
	encryptFor := was.Certificate
	w.edit = func(name string, p *pmode.Party) {
		if name == "B" {
			p.Signing, p.Encryption = []*x509.Certificate{was.Certificate, is.Certificate}, encryptFor
		}
	}
	exchange := func(step string, encrypt *x509.Certificate) {
		t.Helper()
		encryptFor = encrypt
		a := w.side(t, "A", "B", t.TempDir(), "a-3")
		id := w.submit(t, a, step)
		pump(t, a)
		pump(t, w.b)
		if d := a.look(t, gateway.Out, id); d.State != gateway.Acknowledged {
			t.Errorf("%s: %s, %+v", step, d.State, d.Attempts)
		}
	}
	exchange("old key", was.Certificate)
	w.b.SetIdentities([]wssec.Identity{is, was})
	exchange("old certificate after the change", was.Certificate)
	exchange("new certificate", is.Certificate)
	w.b.SetIdentities(nil)
	w.b.SetIdentities([]wssec.Identity{is})
	exchange("old key is gone", is.Certificate)
	if len(w.b.delivered) != 4 {
		t.Errorf("delivered %d", len(w.b.delivered))
	}
	encryptFor = was.Certificate
	a := w.side(t, "A", "B", t.TempDir(), "a-3")
	id := w.submit(t, a, "too late")
	pump(t, a)
	if d := a.look(t, gateway.Out, id); d.State != gateway.Undelivered || d.ErrorCode != "EBMS:0102" {
		t.Errorf("for the old key: %s %s", d.State, d.ErrorCode)
	}
}

// TestCommitFails: it is not known whether a commit counts that has failed, so what its row names stays.
func TestCommitFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.open(t, "B", []string{"A"}, t.TempDir(), "b-2", func(c *gateway.Config) {
		c.Record = func(tx *store.Tx, _ gateway.Event) error {
			_, err := tx.Exec(`INSERT INTO child (id) VALUES (1)`)
			return err
		}
	})
	err := b.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(`CREATE TABLE parent (id INTEGER PRIMARY KEY)`)
		if err == nil {
			_, err = tx.Exec(`CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)`)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	id := w.submitLarge(t, large())
	pump(t, w.a)
	if d := w.a.look(t, gateway.Out, id); d.State != gateway.Waiting || d.Attempts[0].Status != http.StatusServiceUnavailable {
		t.Errorf("state %s, %+v", d.State, d.Attempts)
	}
	if n := b.spooled(t); n != 1 {
		t.Errorf("%d files are left, want that of the message", n)
	}
}
