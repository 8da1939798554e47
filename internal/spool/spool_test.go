package spool_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/internal/spool"
	"oots/internal/store"
)

func open(t testing.TB, dir string) *spool.Spool {
	t.Helper()
	seal, err := store.NewSealer(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	s, err := spool.Open(dir, seal)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// put writes b in pieces of random size.
func put(t testing.TB, s *spool.Spool, b []byte) (as4.Spooled, as4.Content) {
	t.Helper()
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	for rest := b; len(rest) > 0; {
		n := min(len(rest), 1+rand.IntN(100_000))
		if _, err := w.Write(rest[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	c, err := w.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return w, c
}

func random(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(n)})
	r.Read(b)
	return b
}

func read(c as4.Content) ([]byte, error) {
	r, err := c.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func count(t testing.TB, dir string) int {
	t.Helper()
	e, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(e)
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, spool.Inline - 1, spool.Inline, spool.Inline + 1, 5 * 64 << 10, 5*64<<10 + 1, 3_000_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := open(t, dir)
			want := random(n)
			_, c := put(t, s, want)
			for range 2 { // readable again and again
				got, err := read(c)
				if err != nil || sha256.Sum256(got) != sha256.Sum256(want) {
					t.Fatalf("%d bytes came back as %d, %v", n, len(got), err)
				}
			}
			if c.Size() != int64(n) {
				t.Errorf("size %d", c.Size())
			}
			if onDisk := count(t, dir) == 1; onDisk != (n > spool.Inline) {
				t.Errorf("on disk: %v", onDisk)
			}
			f, ok := c.(*spool.File)
			if !ok {
				return
			}
			got, err := read(open(t, dir).File(f.Name(), f.Size())) // after a restart
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("after a restart: %d bytes, %v", len(got), err)
			}
			raw, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil || bytes.Contains(raw, want[:32]) {
				t.Errorf("the file is readable on disk (%v)", err)
			}
		})
	}
}

func TestChangedFile(t *testing.T) {
	t.Parallel()
	want := random(1 << 20)
	for _, tc := range []struct {
		name   string
		change func([]byte) []byte
	}{
		{"one bit of the key", func(b []byte) []byte { b[20] ^= 1; return b }},
		{"one bit of a segment", func(b []byte) []byte { b[200_000] ^= 1; return b }},
		{"cut in a segment", func(b []byte) []byte { return b[:len(b)-5] }},
		{"cut behind a segment", func(b []byte) []byte { return b[:60+3*(64<<10+16)] }},
		{"segments swapped", func(b []byte) []byte {
			const n = 64<<10 + 16
			c := bytes.Clone(b)
			copy(c[60:60+n], b[60+n:60+2*n])
			copy(c[60+n:60+2*n], b[60:60+n])
			return c
		}},
		{"emptied", func([]byte) []byte { return nil }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			_, c := put(t, open(t, dir), want)
			name := filepath.Join(dir, c.(*spool.File).Name())
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, tc.change(b), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := read(c)
			if err == nil {
				t.Fatal("a changed file was read")
			}
			if !bytes.HasPrefix(want, got) {
				t.Error("changed bytes were given out")
			}
		})
	}
}

func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	w, _ := put(t, s, random(1<<20))
	if err := w.Discard(); err != nil {
		t.Error(err)
	}
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	w.Write(random(1 << 20))
	if err := w.Discard(); err != nil {
		t.Error(err)
	}
	if n := count(t, dir); n != 0 {
		t.Errorf("%d files left after Discard", n)
	}

	killed, err := s.Create() // a process that dies while it writes
	if err != nil {
		t.Fatal(err)
	}
	killed.Write(random(1 << 20))
	_, orphan := put(t, s, random(1<<20))
	_, kept := put(t, s, random(1<<20))
	s = open(t, dir)
	if n := count(t, dir); n != 2 {
		t.Errorf("%d files after a restart, want the 2 finished ones", n)
	}
	err = s.Sweep(time.Now().Add(time.Hour), func(name string) bool { return name == kept.(*spool.File).Name() })
	if err != nil {
		t.Error(err)
	}
	if _, err := read(orphan); err == nil {
		t.Error("an orphan was kept")
	}
	if _, err := read(kept); err != nil {
		t.Error("a file in use was swept:", err)
	}
}

func BenchmarkSpool(b *testing.B) {
	s := open(b, b.TempDir())
	data := random(16 << 20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		w, err := s.Create()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			b.Fatal(err)
		}
		if _, err := w.Finish(); err != nil {
			b.Fatal(err)
		}
		if err := w.Discard(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestUnfinishedOfTheLiving: opening the folder again, as a second process does, leaves a part alone that is being
// written, and removes one whose writer is gone.
func TestUnfinishedOfTheLiving(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	living, err := open(t, dir).Create()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := living.Write(make([]byte, 2*spool.Inline)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "0123456789abcdef.part"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() == "0123456789abcdef.part" {
		t.Fatalf("left are %v, %v", left, err)
	}
	c, err := living.Finish()
	if err != nil {
		t.Fatal("the living part:", err)
	}
	if b, err := as4.ReadAll(c); err != nil || len(b) != 2*spool.Inline {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

// TestOrphansOfTheDead: who opens a folder that nobody uses removes at once what no message names; who joins others does
// not.
func TestOrphansOfTheDead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/spool"
	first := open(t, dir)
	part, err := first.Create()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(make([]byte, 2*spool.Inline)); err != nil {
		t.Fatal(err)
	}
	c, err := part.Finish()
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, c.(*spool.File).Name()), before, before.Add(50*time.Minute)); err != nil {
		t.Fatal(err)
	}
	nothing := func(string) bool { return false }
	count := func(s *spool.Spool) int {
		t.Helper()
		if err := s.Sweep(before, nothing); err != nil {
			t.Fatal(err)
		}
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(left)
	}
	second := open(t, dir)
	if n := count(second); n != 1 {
		t.Error("a part of the first process was taken away")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if n := count(open(t, dir)); n != 0 {
		t.Error("an orphan is left")
	}
}
