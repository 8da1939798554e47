package lookup

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"oots/directory/jades"
)

const (
	// maxFiles and maxBytes bound what a Disk holds.
	maxFiles = 5000
	maxBytes = 1 << 30
	// sweepEvery is how many answers are written between two looks at the bounds.
	sweepEvery = 100

	answerSuffix = ".answer"
	placeSuffix  = ".place"
)

// A Disk keeps verified answers, each in one file with the headers that prove it, and the places of
// directories, so that a client goes on through an outage even after a restart. It is a cache: files may be
// deleted at any time. What a user said is never in it.
//
// A file begins with the key, the time, and the headers content-type, oots-response-sig and digest, one line
// each; the body follows an empty line.
type Disk struct {
	dir   string
	mu    sync.Mutex // guards writes
	saved int
}

// OpenDisk keeps answers in dir, which is made when missing and readable by its owner only.
func OpenDisk(dir string) (*Disk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &Disk{dir: dir}, nil
}

// saved is an answer as it lies on disk.
type saved struct {
	at     time.Time
	header http.Header
	body   []byte
}

const (
	headerKey = "oots-key"
	headerAt  = "oots-at"
)

// file is the name of the file for a key.
func (d *Disk) file(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16]) + answerSuffix
}

// load reads what is kept under key. It verifies nothing.
func (d *Disk) load(key string) (saved, bool) {
	b, err := os.ReadFile(filepath.Join(d.dir, d.file(key)))
	if err != nil {
		return saved{}, false
	}
	head, body, ok := bytes.Cut(b, []byte("\n\n"))
	if !ok {
		return saved{}, false
	}
	h, err := jades.ReadHeaders(head)
	if err != nil || h.Get(headerKey) != key {
		return saved{}, false
	}
	at, err := time.Parse(time.RFC3339, h.Get(headerAt))
	if err != nil {
		return saved{}, false
	}
	return saved{at: at, header: h, body: body}, true
}

// save writes an answer under key.
func (d *Disk) save(key string, s saved) error {
	var b []byte
	b = append(b, headerKey+": "+key+"\n"+headerAt+": "+s.at.UTC().Format(time.RFC3339)+"\n"...)
	b = jades.AppendHeaders(b, s.header)
	b = append(b, '\n')
	b = append(b, s.body...)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.saved%sweepEvery == 0 {
		d.sweep()
	}
	d.saved++
	return d.write(d.file(key), b)
}

// write puts a file in place whole or not at all.
func (d *Disk) write(name string, b []byte) error {
	f, err := os.CreateTemp(d.dir, "tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // it is gone when the rename succeeded
	_, err = f.Write(b)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(d.dir, name))
}

func (d *Disk) drop(key string) { os.Remove(filepath.Join(d.dir, d.file(key))) }

// sweep removes the oldest answers beyond the bounds, and what an interrupted write left.
func (d *Disk) sweep() {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return
	}
	var all []fs.FileInfo
	var size int64
	for _, e := range entries {
		info, err := e.Info()
		switch {
		case err != nil:
		case strings.HasPrefix(e.Name(), "tmp-"):
			os.Remove(filepath.Join(d.dir, e.Name()))
		case strings.HasSuffix(e.Name(), answerSuffix):
			all = append(all, info)
			size += info.Size()
		}
	}
	slices.SortFunc(all, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for i := 0; i < len(all) && (len(all)-i > maxFiles-sweepEvery || size > maxBytes); i++ {
		os.Remove(filepath.Join(d.dir, all[i].Name()))
		size -= all[i].Size()
	}
}

// LoadPlace returns where the directory with a DNS name was found. [discovery.Memory]
func (d *Disk) LoadPlace(name string) (base string, at time.Time, ok bool) {
	b, err := os.ReadFile(filepath.Join(d.dir, placeFile(name)))
	if err != nil {
		return "", time.Time{}, false
	}
	base, stamp, _ := strings.Cut(strings.TrimSuffix(string(b), "\n"), " ")
	at, err = time.Parse(time.RFC3339, stamp)
	return base, at, err == nil
}

// SavePlace keeps where a directory was found, or that it is nowhere.
func (d *Disk) SavePlace(name, base string, at time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if base == "" {
		err := os.Remove(filepath.Join(d.dir, placeFile(name)))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return d.write(placeFile(name), []byte(base+" "+at.UTC().Format(time.RFC3339)+"\n"))
}

// placeFile is the file of a DNS name, which has letters, digits, hyphens and dots only.
func placeFile(name string) string {
	return cmp.Or(strings.Trim(filepath.Base(name), "."), "none") + placeSuffix
}
