package audit_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"oots/internal/audit"
	"oots/internal/store"
)

// restore takes the database back to the row at position, as an old backup does.
func (w *world) restore(position int) {
	w.t.Helper()
	w.change(fmt.Sprintf(`DELETE FROM journal WHERE position > %d`, position), fmt.Sprintf(`DELETE FROM journal_checkpoint WHERE position > %d`, position))
}

// forked is a world whose database was restored to row 10 of 20.
func forked(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.write(5)
	w.work()
	w.now = w.now.Add(2 * time.Hour)
	w.write(5)
	w.work()
	w.restore(10)
	w.now = w.now.Add(time.Hour)
	return w
}

// TestRestored: the copy apart has rows that a restored database has not. Both are kept, a signed checkpoint names both
// ends, and the log goes on.
func TestRestored(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(w *world)
		want   audit.Branch
		last   int64
	}{
		{"behind", func(*world) {}, audit.Branch{Position: 10, Copied: 20, Folder: "restored-2", From: 11}, 10},
		{"other rows, fewer", func(w *world) { w.write(3) }, audit.Branch{Position: 16, Copied: 20, Folder: "restored-3", From: 11}, 16},
		{"other rows, as many", func(w *world) { w.write(5) }, audit.Branch{Position: 20, Copied: 20, Folder: "restored-3", From: 11}, 20},
		{"other rows, more", func(w *world) { w.write(300) }, audit.Branch{Position: 610, Copied: 20, Folder: "restored-3", From: 11}, 610},
		{"nothing left", func(w *world) { w.change(`DELETE FROM journal`, `DELETE FROM journal_checkpoint`) }, audit.Branch{Position: 0, Copied: 20, Folder: "restored-1", From: 1}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := forked(t)
			tc.change(w)
			for range 3 {
				w.work()
				w.now = w.now.Add(time.Minute)
			}
			r := w.verify()
			if r.Fault != nil || len(r.Restored) != 1 || r.Last != tc.last || r.Copied != tc.last {
				t.Fatalf("%+v, %v", r, r.Fault)
			}
			got := r.Restored[0]
			if got.At.IsZero() || !got.At.Equal(w.State().Restored) {
				t.Errorf("at %v, state %+v", got.At, w.State())
			}
			if got.At = tc.want.At; got != tc.want {
				t.Errorf("%+v, want %+v", got, tc.want)
			}
			if s := w.State(); s.Err != nil || s.Behind() != 0 || s.Rows != tc.last {
				t.Errorf("%+v", s)
			}
			w.write(2)
			w.work()
			if r = w.verify(); r.Fault != nil || r.Copied != tc.last+4 {
				t.Errorf("%+v, %v", r, r.Fault)
			}
		})
	}
}

// TestRestoredCheckpoint: rows are the same, and a checkpoint of the copy is not in the database.
func TestRestoredCheckpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(1)
	w.work()
	w.change(`DELETE FROM journal_checkpoint`)
	w.now = w.now.Add(time.Minute)
	w.work()
	if r := w.verify(); r.Fault != nil || len(r.Restored) != 1 || r.Restored[0].From != 0 || r.Restored[0].Folder == "" {
		t.Errorf("%+v, %v", r, r.Fault)
	}
}

// TestRestoredTwice keeps what two backups have cost apart from each other.
func TestRestoredTwice(t *testing.T) {
	t.Parallel()
	w := forked(t)
	w.write(3)
	w.work()
	w.restore(4)
	w.work()
	// The first of the two checkpoints was lost with the rows: it is in what was set aside the second time.
	r := w.verify()
	if r.Fault != nil || len(r.Restored) != 2 || r.Restored[0].Copied != 16 || r.Restored[1].Copied != 20 || r.Restored[0].From != 5 || r.Restored[1].From != 5 {
		t.Errorf("%+v, %v", r.Restored, r.Fault)
	}
}

// TestSetAsideKilled kills the process between two of the files that it sets aside.
func TestSetAsideKilled(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{false, true} {
		w := forked(t)
		part := filepath.Join(w.dir, "restored-2.part")
		err := os.Mkdir(part, 0o700)
		for _, name := range append([]string{audit.CheckpointFile}, w.segments()...) {
			if name == audit.CheckpointFile || all {
				err = errors.Join(err, os.Rename(filepath.Join(w.dir, name), filepath.Join(part, name)))
			}
		}
		err = errors.Join(err, w.store.DB.Update(t.Context(), func(tx *store.Tx) error { // it had been signed
			rows, err := w.store.Journal().Rows(tx, 9, 1)
			if err != nil {
				return err
			}
			c, err := audit.NewRestored(10, rows[0].Hash, w.now, w.head(), makeSigner())
			if err != nil {
				return err
			}
			return w.store.Journal().PutCheckpoint(tx, c)
		}))
		if err != nil {
			t.Fatal(err)
		}
		w.write(1)
		w.work()
		r := w.verify()
		if r.Fault != nil || len(r.Restored) != 1 || r.Restored[0].Folder != "restored-2" || r.Copied != 12 {
			t.Errorf("all %v: %+v, %v", all, r, r.Fault)
		}
	}
}

// head is the end of the rows on disk, wherever they are.
func (w *world) head() (h audit.Head) {
	w.t.Helper()
	found, err := filepath.Glob(filepath.Join(w.dir, "*.log"))
	more, e := filepath.Glob(filepath.Join(w.dir, "*", "*.log"))
	if err = errors.Join(err, e); err != nil {
		w.t.Fatal(err)
	}
	for _, name := range append(found, more...) {
		b, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		for line := range bytes.Lines(b) {
			if r, err := audit.ParseLine(line); err == nil && r.Position > h.Position {
				h = audit.Head{Position: r.Position, Hash: r.Hash}
			}
		}
	}
	return h
}

// TestBranchTampered: what was set aside is part of the log.
func TestBranchTampered(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(dir string) error{
		"gone":  os.RemoveAll,
		"other": func(dir string) error { return os.Rename(dir, dir+"-2") },
		"row": func(dir string) error {
			name := filepath.Join(dir, "2026-11.log")
			b, err := os.ReadFile(name)
			return errors.Join(err, os.WriteFile(name, bytes.Replace(b, []byte(`"submitted"`), []byte(`"delivered"`), 1), 0o600))
		},
		"end": func(dir string) error {
			name := filepath.Join(dir, "2026-11.log")
			b, err := os.ReadFile(name)
			lines := bytes.SplitAfter(b, []byte("\n"))
			return errors.Join(err, os.WriteFile(name, bytes.Join(lines[:15], nil), 0o600))
		},
	} {
		w := forked(t)
		w.work()
		if err := change(filepath.Join(w.dir, "restored-2")); err != nil {
			t.Fatal(err)
		}
		if r := w.verify(); (r.Fault == nil) != (name == "other") {
			t.Errorf("%s: %+v", name, r)
		}
	}
	w := forked(t)
	w.work()
	w.now = w.now.Add(audit.Retention + 48*time.Hour)
	w.write(1)
	w.work()
	w.now = w.now.Add(2 * time.Hour)
	w.write(1)
	w.work()
	if r := w.verify(); r.Fault != nil || r.Restored[0].Folder != "" {
		t.Errorf("%+v, %v", r, r.Fault)
	}
}

// TestErasedDaily erases once a day at most, whatever the age of rows: each time leaves a checkpoint for ever.
func TestErasedDaily(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 72 {
		w.write(1)
		w.now = w.now.Add(time.Hour)
	}
	w.now = w.now.Add(audit.Retention - 72*time.Hour)
	begin := w.now
	for range 72 * 12 {
		w.work()
		w.now = w.now.Add(5 * time.Minute)
	}
	var n int
	err := w.store.DB.View(t.Context(), func(tx *store.Tx) error {
		return tx.Row(`SELECT COUNT(*) FROM journal_checkpoint WHERE reason = 'erasure'`, nil, &n)
	})
	if r := w.verify(); err != nil || n != 3 || r.Fault != nil || r.First < 90 {
		t.Errorf("%d erasures since %v, %+v, %v", n, begin, r, err)
	}
}

// TestState says since when the copy fails, and how far it is behind.
func TestState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(1)
	w.work()
	if s := w.State(); s.Err != nil || s.Rows != 2 || s.Copied != 2 || !s.Worked.Equal(w.now) || !s.Failing.IsZero() || !s.Files {
		t.Errorf("%+v", s)
	}
	// The disk of the copy is gone.
	if err := os.Rename(w.dir, w.dir+".away"); err != nil {
		t.Fatal(err)
	}
	worked := w.now
	w.now = w.now.Add(time.Minute)
	failing := w.now
	for range 3 {
		w.write(2)
		if err := w.Work(t.Context()); err == nil {
			t.Error("there is no folder, and it works")
		}
		w.now = w.now.Add(time.Minute)
	}
	if s := w.State(); s.Err == nil || s.Behind() != 12 || !s.Worked.Equal(worked) || !s.Failing.Equal(failing) {
		t.Errorf("%+v", s)
	}
	if err := os.Rename(w.dir+".away", w.dir); err != nil {
		t.Fatal(err)
	}
	w.work()
	if s := w.State(); s.Err != nil || s.Behind() != 0 || !s.Failing.IsZero() {
		t.Errorf("%+v", s)
	}
}
