package as4

import (
	"errors"
	"io"
	"os"
	"sync"
	"testing"
)

// A fileSpool keeps parts as files of one folder, and fails where it is told to.
type fileSpool struct {
	dir string

	mu        sync.Mutex
	created   int
	failing   error // what the following return
	atCreate  int   // this call of Create, from 1
	atByte    int64 // the write that goes beyond it, over all parts
	atFinish  int   // this call of Finish
	atDiscard int   // this call of Discard
	written   int64
	finished  int
	discarded int
}

func newFileSpool(t testing.TB) *fileSpool { return &fileSpool{dir: t.TempDir()} }

func (s *fileSpool) Create() (Spooled, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.created++; s.created == s.atCreate {
		return nil, s.failing
	}
	f, err := os.CreateTemp(s.dir, "part")
	if err != nil {
		return nil, err
	}
	return &filePart{spool: s, f: f}, nil
}

// left is how many files there are.
func (s *fileSpool) left(t testing.TB) int {
	t.Helper()
	files, err := os.ReadDir(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

type filePart struct {
	spool *fileSpool
	f     *os.File
}

func (p *filePart) Write(b []byte) (int, error) {
	s := p.spool
	s.mu.Lock()
	s.written += int64(len(b))
	full := s.atByte > 0 && s.written > s.atByte
	s.mu.Unlock()
	if full {
		return 0, s.failing
	}
	return p.f.Write(b)
}

func (p *filePart) Finish() (Content, error) {
	s := p.spool
	s.mu.Lock()
	s.finished++
	fail := s.finished == s.atFinish
	s.mu.Unlock()
	if fail {
		return nil, s.failing
	}
	info, err := p.f.Stat()
	if err != nil {
		return nil, err
	}
	return fileContent{p.f.Name(), info.Size()}, p.f.Close()
}

func (p *filePart) Discard() error {
	s := p.spool
	s.mu.Lock()
	s.discarded++
	fail := s.discarded == s.atDiscard
	s.mu.Unlock()
	if fail {
		return s.failing
	}
	p.f.Close()
	if err := os.Remove(p.f.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

type fileContent struct {
	name string
	size int64
}

func (c fileContent) Size() int64                  { return c.size }
func (c fileContent) Open() (io.ReadCloser, error) { return os.Open(c.name) }

func TestMemorySpool(t *testing.T) {
	t.Parallel()
	p, err := Memory().Create()
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(p, "abc")
	c, err := p.Finish()
	if err != nil || c.Size() != 3 {
		t.Fatal(c, err)
	}
	for range 2 {
		if string(content(t, c)) != "abc" {
			t.Error("cannot be read again")
		}
	}
	if _, err := p.Write([]byte("d")); err == nil {
		t.Error("written after the end")
	}
	if _, err := p.Finish(); err == nil {
		t.Error("finished twice")
	}
	for range 2 {
		if err := p.Discard(); err != nil {
			t.Error("discard:", err)
		}
	}
}

func TestReadAll(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		c    Content
		want string
		ok   bool
	}{
		{nil, "", true},
		{Bytes([]byte("a")), "a", true},
		{fake{size: 1, text: "a"}, "a", true},
		{fake{size: 2, text: "a"}, "", false},
		{fake{openErr: errors.New("gone")}, "", false},
	} {
		got, err := ReadAll(tc.c)
		if string(got) != tc.want || (err == nil) != tc.ok {
			t.Errorf("%v: %q, %v", tc.c, got, err)
		}
	}
}
