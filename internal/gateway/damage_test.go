package gateway_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/gateway"
	"oots/internal/store"
)

// damage changes what is stored of a message.
func (s *side) damage(t *testing.T, table, column, id string) {
	t.Helper()
	var n int64
	err := s.store.DB.Update(context.Background(), func(tx *store.Tx) (err error) {
		n, err = tx.Exec(`UPDATE `+table+` SET `+column+` = X'7B001122' WHERE message_id = $1`, id)
		return err
	})
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
}

// TestDamagedInbox: a message that cannot be read any more waits for an operator with the reason, a duplicate of it gets
// its receipt, and the others are delivered.
func TestDamagedInbox(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ table, column, says string }{
		{"gateway_part", "content", "part 1: sealed value is too short"},
		{"gateway_inbox", "message", "header: sealed value is too short"},
	} {
		t.Run(c.column, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			first := w.submit(t, w.a, "one")
			w.lose = true
			pump(t, w.a)
			w.submit(t, w.a, "two")
			w.submit(t, w.a, "three")
			w.lose = false
			pump(t, w.a)
			w.b.damage(t, c.table, c.column, first)
			pump(t, w.b)
			if len(w.b.delivered) != 2 {
				t.Errorf("delivered %d of two that can be read", len(w.b.delivered))
			}
			d := w.b.look(t, gateway.In, first)
			if d.State != gateway.Stuck || len(d.Attempts) != 1 || d.Attempts[0].Outcome != gateway.OutcomeLocal || !strings.Contains(d.Attempts[0].Detail, c.says) {
				t.Errorf("%s, %+v", d.State, d.Attempts)
			}
			w.clock.Add(gateway.DefaultRetry.Interval)
			pump(t, w.a)
			if d := w.a.look(t, gateway.Out, first); d.State != gateway.Acknowledged {
				t.Errorf("its sender has it as %s", d.State)
			}
			if err := w.b.Redeliver(context.Background(), first); err != nil {
				t.Error(err)
			}
			pump(t, w.b)
			if err := w.b.Resolve(context.Background(), gateway.In, first); err != nil {
				t.Error(err)
			}
			if n := w.b.row(t, "gateway_part", "position", first); n != "none" {
				t.Error("its parts are left")
			}
		})
	}
}

// TestDamagedOutbox: a message that cannot be read any more ends, its back end is told, and others go to the same partner.
func TestDamagedOutbox(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ table, column, says string }{
		{"gateway_part", "content", "part 1: sealed value is too short"},
		{"gateway_outbox", "secret", "key of the message: sealed value is too short"},
		{"gateway_outbox", "signed_refs", "signed references: "},
		{"gateway_outbox", "plan", "retry plan: "},
		{"gateway_outbox", "keeping", "retention: "},
		{"gateway_outbox", "part_facts", "facts of the parts: "},
	} {
		t.Run(c.column, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			bad := w.submit(t, w.a, "one")
			good := w.submit(t, w.a, "two")
			w.a.damage(t, c.table, c.column, bad)
			pump(t, w.a)
			if d := w.a.look(t, gateway.Out, good); d.State != gateway.Acknowledged {
				t.Errorf("the good one is %s", d.State)
			}
			d := w.a.look(t, gateway.Out, bad)
			if d.State != gateway.Undelivered || len(d.Attempts) != 1 || d.Attempts[0].Outcome != gateway.OutcomeLocal || !strings.Contains(d.Attempts[0].Detail, c.says) {
				t.Errorf("%s, %+v", d.State, d.Attempts)
			}
			if len(w.a.failed) != 1 || !strings.HasPrefix(w.a.failed[0], bad) {
				t.Errorf("told as failed: %v", w.a.failed)
			}
		})
	}
}

// TestDamagedFile: a payload that is damaged on disk is no failure of the partner.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bad := w.submitLarge(t, large())
	files, err := filepath.Glob(filepath.Join(w.a.dir, "spool", "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Truncate(files[0], 1<<20); err != nil {
		t.Fatal(err)
	}
	pump(t, w.a)
	if d := w.a.look(t, gateway.Out, bad); d.Attempts[0].Outcome != gateway.OutcomeLocal || !strings.Contains(d.Attempts[0].Detail, "file is cut off") {
		t.Errorf("%s, %+v", d.State, d.Attempts)
	}
}
