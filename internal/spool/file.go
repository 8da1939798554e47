package spool

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// A File is a finished part on disk. It implements as4.Content.
type File struct {
	spool *Spool
	name  string
	size  int64
}

// Name is what File of a Spool finds it by again.
func (f *File) Name() string { return f.name }

// Size is the number of bytes in clear.
func (f *File) Size() int64 { return f.size }

// Open returns a reader of the bytes in clear. It fails at the first segment that was changed, and at the
// end when the file was cut off.
func (f *File) Open() (io.ReadCloser, error) {
	file, err := os.Open(filepath.Join(f.spool.dir, f.name))
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	r := &reader{file: file, left: f.size}
	if err := r.begin(f); err != nil {
		file.Close()
		return nil, err
	}
	return r, nil
}

// sealedKey is the length of a sealed key: nonce, key, tag.
const sealedKey = 12 + 32 + 16

type reader struct {
	file   *os.File
	aead   cipher.AEAD
	sealed []byte
	plain  []byte // what is left of the current segment
	room   []byte
	n      uint64
	left   int64 // bytes in clear not read yet, the current segment included
	last   bool
}

func (r *reader) begin(f *File) error {
	head := make([]byte, sealedKey)
	if _, err := io.ReadFull(r.file, head); err != nil {
		return errors.New("spool: file is cut off")
	}
	key, err := f.spool.seal.Open(head, place(f.name))
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	if r.aead, err = newAEAD(key); err != nil {
		return err
	}
	r.sealed = make([]byte, segment+r.aead.Overhead())
	r.room = make([]byte, 0, segment)
	return nil
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(r.plain) == 0 {
		if r.last {
			return 0, io.EOF
		}
		if err := r.next(); err != nil {
			return 0, err
		}
		if len(r.plain) == 0 {
			return 0, io.EOF
		}
	}
	n := copy(p, r.plain)
	r.plain = r.plain[n:]
	return n, nil
}

// next opens one segment.
func (r *reader) next() error {
	size := min(r.left, segment)
	r.last = size == r.left
	in := r.sealed[:size+int64(r.aead.Overhead())]
	if _, err := io.ReadFull(r.file, in); err != nil {
		return errors.New("spool: file is cut off")
	}
	plain, err := r.aead.Open(r.room[:0], nonce(r.n, r.last), in, nil)
	if err != nil {
		return errors.New("spool: segment was changed")
	}
	r.n++
	r.left -= size
	r.plain = plain
	return nil
}

// Close implements io.Closer.
func (r *reader) Close() error { return r.file.Close() }
