package gateway_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"oots/internal/gateway"
	"oots/internal/store"
)

// stored is every byte in the files of a side.
func (s *side) stored(t *testing.T) []byte {
	t.Helper()
	var all []byte
	err := filepath.WalkDir(s.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all = append(all, b...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestNoByteIsLeft: the sealed payload, as it lies in the database or in the spool, is nowhere any more after Purge.
func TestNoByteIsLeft(t *testing.T) {
	t.Parallel()
	for name, submit := range map[string]func(*world, *testing.T) string{
		"in the database": func(w *world, t *testing.T) string { return w.submit(t, w.a, string(large()[:100_000])) },
		"in the spool":    func(w *world, t *testing.T) string { return w.submitLarge(t, large()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.cut = true
			id := submit(w, t)
			sealed := secrets(t, w.a, id)
			pump(t, w.a)
			before := w.a.stored(t)
			for i, s := range sealed {
				if len(s) < 32 || !bytes.Contains(before, s) {
					t.Fatalf("the test looks for the wrong bytes: %d of %d", i, len(s))
				}
			}
			w.cut = false
			w.clock.Add(gateway.DefaultRetry.Interval)
			pump(t, w.a)
			pump(t, w.b)
			if _, err := w.a.Purge(context.Background()); err != nil {
				t.Fatal(err)
			}
			after := w.a.stored(t)
			for i, s := range sealed {
				if bytes.Contains(after, s) {
					t.Errorf("sealed bytes %d of %d are left", i, len(sealed))
				}
			}
			if _, err := w.b.Purge(context.Background()); err != nil {
				t.Fatal(err)
			}
			if w.a.spooled(t)+w.b.spooled(t) != 0 {
				t.Error("files are left")
			}
			d := w.a.look(t, gateway.Out, id)
			if d.Deleted.IsZero() || len(d.Parts) == 0 || d.Size == 0 || len(d.Envelope) == 0 {
				t.Errorf("what is left is %+v", d.Summary)
			}
		})
	}
}

// secrets are stretches of the sealed payloads of a message as they lie on disk, and its sealed key. A stretch is shorter
// than a page of the database, whose pages are chained.
func secrets(t *testing.T, s *side, id string) (out [][]byte) {
	t.Helper()
	err := s.store.DB.View(context.Background(), func(tx *store.Tx) error {
		var key []byte
		if err := tx.Row(`SELECT secret FROM gateway_outbox WHERE message_id = $1`, []any{id}, &key); err != nil {
			return err
		}
		out = append(out, key[:48])
		rows, err := tx.Query(`SELECT file, content FROM gateway_part WHERE message_id = $1`, id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var file string
			var content []byte
			if err := rows.Scan(&file, &content); err != nil {
				return err
			}
			if file != "" {
				if content, err = os.ReadFile(filepath.Join(s.dir, "spool", file)); err != nil {
					return err
				}
			}
			for at := 0; at+64 <= len(content); at += len(content)/7 + 64 {
				out = append(out, content[at:at+32])
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
