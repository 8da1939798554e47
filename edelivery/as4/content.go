package as4

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Content is a payload's bytes, readable again and again.
type Content interface {
	// Open returns a reader at the first byte. Several may be open at once.
	Open() (io.ReadCloser, error)
	// Size is the number of bytes that a reader gives.
	Size() int64
}

// Bytes returns b as Content. b must not be changed any more.
func Bytes(b []byte) Content { return memory(b) }

type memory []byte

func (m memory) Open() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(m)), nil }
func (m memory) Size() int64                  { return int64(len(m)) }

// ReadAll returns the whole of c. It is for documents that are small by their nature; c may be nil.
func ReadAll(c Content) ([]byte, error) {
	if c == nil {
		return nil, nil
	}
	if m, ok := c.(memory); ok {
		return m, nil
	}
	r, err := c.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := make([]byte, c.Size())
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, fmt.Errorf("as4: content is shorter than it was: %w", err)
	}
	return b, nil
}

// A Spool is where parts lie while they are looked at: sealed files on disk, or memory.
// It is safe for concurrent use.
type Spool interface {
	Create() (Spooled, error)
}

// Spooled is one part being written. Each part ends with Finish, Discard, or both.
type Spooled interface {
	io.Writer
	// Finish makes the part durable and readable.
	Finish() (Content, error)
	// Discard removes the part, also after Finish. Discarding twice is no error.
	Discard() error
}

// Memory returns a Spool that keeps everything in memory: for small messages and for tests.
func Memory() Spool { return memorySpool{} }

type memorySpool struct{}

func (memorySpool) Create() (Spooled, error) { return new(memoryPart), nil }

type memoryPart struct {
	buf  bytes.Buffer
	done bool
}

func (p *memoryPart) Write(b []byte) (int, error) {
	if p.done {
		return 0, errFinished
	}
	return p.buf.Write(b)
}

func (p *memoryPart) Finish() (Content, error) {
	if p.done {
		return nil, errFinished
	}
	p.done = true
	return memory(p.buf.Bytes()), nil
}

// Discard leaves what Finish gave out to its readers; memory goes when nobody holds it.
func (p *memoryPart) Discard() error {
	p.done = true
	return nil
}

var errFinished = errors.New("as4: the spooled part is finished")
