// Package spool keeps the parts of messages on disk, sealed, while they are received, waited for and sent. A
// part is written once, in one pass; what is smaller than Inline stays in memory and never touches the disk.
//
// A file is a header with its own key, sealed with the node's key, and then segments of 64 KiB, each sealed
// with AES-256-GCM under that key. The number of a segment and whether it is the last are part of its nonce,
// so segments cannot be swapped, dropped or cut off. A reader gives out nothing of a segment that was changed.
package spool

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"oots/edelivery/as4"
	"oots/internal/store"
)

// Inline is the size in bytes up to which a part stays in memory.
const Inline = 256 << 10

const segment = 64 << 10

// unfinished marks files that are still written; finished ones have the bare name.
const unfinished = ".part"

// A Spool is a folder of sealed parts. Several processes may have it open.
type Spool struct {
	dir  string
	seal *store.Sealer

	used  *os.File  // locked as long as the folder is open
	since time.Time // when it was opened, if nobody else used it then; zero after the first Sweep

	mu    sync.Mutex
	fresh map[string]time.Time // finished here and not yet said to be stored
}

// Open opens the folder, makes it when it is missing, and removes what a process left unfinished that is gone.
func Open(dir string, seal *store.Sealer) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	s := &Spool{dir: dir, seal: seal, fresh: map[string]time.Time{}}
	var err error
	if s.used, err = os.OpenFile(filepath.Clean(dir)+".lock", os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, err
	}
	alone, err := share(s.used)
	if alone {
		s.since = time.Now()
	}
	if err = errors.Join(err, s.removeUnfinished()); err != nil {
		return nil, errors.Join(err, s.used.Close())
	}
	return s, nil
}

// Close says that this process uses the folder no more.
func (s *Spool) Close() error {
	if s.used == nil {
		return nil
	}
	return s.used.Close()
}

// removeUnfinished removes files that were begun and that nobody writes any more.
func (s *Spool) removeUnfinished() error {
	left, err := filepath.Glob(filepath.Join(s.dir, "*"+unfinished))
	if err != nil {
		return err
	}
	for _, name := range left {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if errors.Is(err, fs.ErrNotExist) {
			continue // finished or removed meanwhile
		}
		if err != nil {
			return err
		}
		if lock(f) {
			err = os.Remove(name)
		}
		f.Close()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Sweep removes finished files written before cutoff that keep does not know: left by a process that died
// between the file and the transaction that names it. It does not remove one that this process has finished within a day
// and that is neither stored nor discarded yet, whatever the clock of the system says. The first Sweep of a process that
// was alone when it opened the folder removes all that are older than that: whoever has finished them is gone.
func (s *Spool) Sweep(cutoff time.Time, keep func(name string) bool) error {
	if err := s.removeUnfinished(); err != nil {
		return err
	}
	s.mu.Lock()
	if s.since.After(cutoff) {
		cutoff = s.since
	}
	s.since = time.Time{}
	s.mu.Unlock()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || strings.HasSuffix(e.Name(), unfinished) || !info.ModTime().Before(cutoff) || s.isFresh(e.Name()) || keep(e.Name()) {
			continue
		}
		if err := s.Remove(e.Name()); err != nil {
			return err
		}
	}
	return nil
}

// Stored says that a committed transaction names the file, which is swept from now on when none does any more.
func (s *Spool) Stored(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.fresh, name)
}

// longestFresh is how long a file may wait for its transaction: a system clock that is set does not count.
const longestFresh = 24 * time.Hour

func (s *Spool) isFresh(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	finished, ok := s.fresh[name]
	return ok && time.Since(finished) < longestFresh
}

// Remove deletes a finished file; one that is gone already is no error.
func (s *Spool) Remove(name string) error {
	s.Stored(filepath.Base(name))
	err := os.Remove(filepath.Join(s.dir, filepath.Base(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// File returns the finished part called name, of size bytes in clear.
func (s *Spool) File(name string, size int64) *File {
	return &File{spool: s, name: filepath.Base(name), size: size}
}

// Create begins a part.
func (s *Spool) Create() (as4.Spooled, error) { return &writer{spool: s}, nil }

// A writer is one part being written: in memory first, in a file from Inline bytes on.
type writer struct {
	spool *Spool
	small bytes.Buffer
	file  *os.File
	name  string
	aead  cipher.AEAD
	buf   []byte // of the segment being filled
	out   []byte // the sealed segment
	n     uint64 // segments written
	size  int64
	done  bool
}

// Write implements io.Writer.
func (w *writer) Write(p []byte) (int, error) {
	if w.done {
		return 0, errors.New("spool: part is finished")
	}
	w.size += int64(len(p))
	if w.file == nil {
		if w.small.Len()+len(p) <= Inline {
			return w.small.Write(p)
		}
		if err := w.spill(); err != nil {
			return 0, err
		}
	}
	return len(p), w.fill(p)
}

// spill moves what is in memory to a file of its own.
func (w *writer) spill() error {
	var id [16]byte
	rand.Read(id[:])
	w.name = hex.EncodeToString(id[:])
	f, err := os.OpenFile(filepath.Join(w.spool.dir, w.name+unfinished), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	w.file = f
	if !lock(f) {
		return errors.New("spool: the new file is taken away") // by a process that takes it for a dead one's
	}
	key := make([]byte, 32)
	rand.Read(key)
	if w.aead, err = newAEAD(key); err != nil {
		return err
	}
	if _, err := f.Write(w.spool.seal.Seal(key, place(w.name))); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	w.buf = make([]byte, 0, segment)
	w.out = make([]byte, 0, segment+w.aead.Overhead())
	err = w.fill(w.small.Bytes())
	w.small = bytes.Buffer{}
	return err
}

// fill writes every segment that is full and known not to be the last.
func (w *writer) fill(p []byte) error {
	for len(p) > 0 {
		if len(w.buf) == segment {
			if err := w.flush(false); err != nil {
				return err
			}
		}
		n := min(segment-len(w.buf), len(p))
		w.buf = append(w.buf, p[:n]...)
		p = p[n:]
	}
	return nil
}

func (w *writer) flush(last bool) error {
	w.out = w.aead.Seal(w.out[:0], nonce(w.n, last), w.buf, nil)
	w.n++
	w.buf = w.buf[:0]
	if _, err := w.file.Write(w.out); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

// Finish makes the part durable: file and folder are on disk when it returns.
func (w *writer) Finish() (as4.Content, error) {
	if w.done {
		return nil, errors.New("spool: part is finished")
	}
	if w.file == nil {
		w.done = true
		return as4.Bytes(w.small.Bytes()), nil
	}
	if err := w.finish(); err != nil {
		w.Discard()
		return nil, err
	}
	return w.spool.File(w.name, w.size), nil
}

func (w *writer) finish() error {
	if err := w.flush(true); err != nil {
		return err
	}
	if err := w.file.Sync(); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	w.spool.mu.Lock()
	w.spool.fresh[w.name] = time.Now()
	w.spool.mu.Unlock()
	final := filepath.Join(w.spool.dir, w.name)
	if err := os.Rename(final+unfinished, final); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	w.done = true
	return syncDir(w.spool.dir)
}

// Discard removes the part, finished or not.
func (w *writer) Discard() error {
	w.small = bytes.Buffer{}
	if w.file == nil {
		w.done = true
		return nil
	}
	w.file.Close() // closed already when the part was finished
	if w.done {
		return w.spool.Remove(w.name)
	}
	w.done = true
	w.spool.Stored(w.name)
	return w.spool.Remove(w.name + unfinished)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// nonce numbers a segment; its last byte says whether the file ends with it.
func nonce(n uint64, last bool) []byte {
	b := make([]byte, 12)
	for i := range 8 {
		b[10-i] = byte(n >> (8 * i))
	}
	if last {
		b[11] = 1
	}
	return b
}

func place(name string) string { return "spool:" + name }
