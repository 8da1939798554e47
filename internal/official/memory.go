package official

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"time"
)

// memory is a flat folder in memory.
type memory map[string][]byte

// Open implements fs.FS.
func (m memory) Open(name string) (fs.File, error) {
	b, ok := m[strings.TrimPrefix(name, "./")]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memoryFile{name: path.Base(name), size: int64(len(b)), Reader: bytes.NewReader(b)}, nil
}

// A memoryFile is an open file of a memory, and its own fs.FileInfo.
type memoryFile struct {
	*bytes.Reader
	name string
	size int64
}

// Stat implements fs.File.
func (f *memoryFile) Stat() (fs.FileInfo, error) { return (*memoryInfo)(f), nil }

// Close implements fs.File.
func (f *memoryFile) Close() error { return nil }

type memoryInfo memoryFile

// Name, Size, Mode, ModTime, IsDir and Sys implement fs.FileInfo.
func (f *memoryInfo) Name() string       { return f.name }
func (f *memoryInfo) Size() int64        { return f.size }
func (f *memoryInfo) Mode() fs.FileMode  { return 0o444 }
func (f *memoryInfo) ModTime() time.Time { return time.Time{} }
func (f *memoryInfo) IsDir() bool        { return false }
func (f *memoryInfo) Sys() any           { return nil }
