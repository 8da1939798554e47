package audit_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"oots/internal/audit"
	"oots/internal/store"
)

// TestTampered changes one of the two copies, and both, behind the back of the node.
func TestTampered(t *testing.T) {
	t.Parallel()
	rechain := func(w *world) { // somebody who makes the chain anew from position 5
		var rows []audit.Stored
		err := w.store.DB.View(w.t.Context(), func(tx *store.Tx) (err error) {
			rows, err = w.store.Journal().Rows(tx, 3, 99)
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
		last := rows[0].Row
		for _, s := range rows[1:] {
			s.Detail = "x"
			s = audit.Chained(last.Position, last.Hash, s.Row, s.Document)
			w.change(fmt.Sprintf(`UPDATE journal SET detail = 'x', previous = '%s', hash = '%s' WHERE position = %d`, s.Previous, s.Hash, s.Position))
			last = s.Row
		}
	}
	edit := func(name string, f func(b []byte) []byte) func(w *world) {
		return func(w *world) {
			name := filepath.Join(w.dir, name)
			b, err := os.ReadFile(name)
			if err != nil {
				w.t.Fatal(err)
			}
			changed := f(bytes.Clone(b))
			if bytes.Equal(changed, b) {
				w.t.Fatal("nothing changed")
			}
			if err := os.WriteFile(name, changed, 0o600); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	const segment = "2026-11.log"
	lines := func(f func(l [][]byte) [][]byte) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Join(f(bytes.SplitAfter(b, []byte("\n"))), nil) }
	}
	for _, tc := range []struct {
		name     string
		tamper   func(w *world)
		position int64
		place    string
	}{
		{"nothing", func(*world) {}, 0, ""},
		{"a field", func(w *world) { w.change(`UPDATE journal SET code = 'x' WHERE position = 4`) }, 4, "database"},
		{"a time", func(w *world) { w.change(`UPDATE journal SET at = at + 1 WHERE position = 4`) }, 4, "database"},
		{"a part", func(w *world) { w.change(`UPDATE journal SET parts = '[]' WHERE position = 5`) }, 5, "database"},
		{"a document of another row", func(w *world) {
			w.change(`UPDATE journal SET document = (SELECT document FROM journal WHERE position = 1) WHERE position = 3`)
		}, 1, "database"},
		{"a row is gone", func(w *world) { w.change(`DELETE FROM journal WHERE position = 4`) }, 4, "database"},
		{"the first row is gone", func(w *world) { w.change(`DELETE FROM journal WHERE position = 1`) }, 1, "database"},
		{"the last rows are gone", func(w *world) { w.change(`DELETE FROM journal WHERE position > 6`) }, 7, "database"},
		{"all rows are gone", func(w *world) { w.change(`DELETE FROM journal`) }, 1, "database"},
		{"chained anew", rechain, 5, "database"},
		{"a byte of a line", edit(segment, lines(func(l [][]byte) [][]byte { l[3][20] ^= 1; return l })), 4, segment + ", line 4"},
		{"a line is gone", edit(segment, lines(func(l [][]byte) [][]byte { return append(l[:3:3], l[4:]...) })), 4, "files"},
		{"a line twice", edit(segment, lines(func(l [][]byte) [][]byte { return append(l[:4:4], l[3:]...) })), 5, "files"},
		{"a checkpoint is gone", func(w *world) { w.change(`DELETE FROM journal_checkpoint`) }, 8, "checkpoints"},
		{"a checkpoint of another row", func(w *world) { w.change(`UPDATE journal_checkpoint SET position = 7`) }, 7, "checkpoints"},
		{"a signature", edit(audit.CheckpointFile, func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"signature":"`), []byte(`"signature":"AAAA`), 1)
		}), 8, "checkpoints"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.write(4)
			w.work()
			tc.tamper(w)
			f := w.verify().Fault
			if f == nil {
				f = &audit.Fault{}
			}
			if f.Position != tc.position || f.Place != tc.place {
				t.Errorf("fault %+v, want position %d in %s", f, tc.position, tc.place)
			}
		})
	}
	// Both copies are changed in the same way: the checkpoint, of which somebody else has a copy, tells.
	w := newWorld(t)
	w.write(4)
	w.work()
	rechain(w)
	if err := os.Remove(filepath.Join(w.dir, segment)); err != nil {
		t.Fatal(err)
	}
	w.work()
	if f := w.verify().Fault; f == nil || f.Position != 8 {
		t.Errorf("both changed: %+v", f)
	}
}
