package audit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
)

// CheckpointFile is the name of the file of checkpoints beside the segments.
const CheckpointFile = "checkpoints.log"

var segmentName = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}\.log$`)

// Files is the copy of the log apart from the database: one line for each row, in one file for each month, added to
// and never rewritten. Lines are on disk when Append returns; a process that is killed leaves at most one line that
// is cut off, which the next one removes. Only one process at a time appends.
// When the database was restored, what is here is set aside in a folder of its own, and a copy begun of the database as it
// is now.
type Files struct {
	dir string

	mu      sync.Mutex
	segment string // that is appended to; "" when nothing is known
	size    int64  // of it
	last    Row

	checked     int64 // size of the file of checkpoints when its last one was read; 0 when nothing is known
	lastChecked checkpointLine
}

// OpenFiles opens the folder, and makes it when it is missing.
func OpenFiles(dir string) (*Files, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &Files{dir: dir}, nil
}

// Segments are the names of the files with rows, oldest first.
func (f *Files) Segments() ([]string, error) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if segmentName.MatchString(e.Name()) && e.Type().IsRegular() {
			out = append(out, e.Name())
		}
	}
	slices.Sort(out)
	return out, nil
}

// locked runs work while no other process appends, with the last row known.
func (f *Files) locked(work func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	unlock, err := lock(filepath.Join(f.dir, "lock"))
	if err != nil {
		return err
	}
	defer unlock()
	if err := f.recover(); err != nil {
		return err
	}
	return work()
}

// recover finds the last row, unless nothing was written since it was found, and removes what a killed process has
// left behind it.
func (f *Files) recover() error {
	if f.segment != "" {
		if info, err := os.Stat(filepath.Join(f.dir, f.segment)); err == nil && info.Size() == f.size {
			return nil
		}
	}
	segments, err := f.Segments()
	if err != nil {
		return err
	}
	f.segment, f.size, f.last = "", 0, Row{Hash: Origin}
	for _, name := range slices.Backward(segments) {
		text, size, err := lastLine(filepath.Join(f.dir, name))
		if err != nil {
			return err
		}
		if text == nil { // made, and nothing written yet
			f.segment = max(f.segment, name)
			continue
		}
		if f.last, err = ParseLine(text); err != nil {
			return fmt.Errorf("%s, last line: %w", name, err)
		}
		if f.segment == "" {
			f.segment, f.size = name, size
		}
		return nil
	}
	return nil
}

// lastLine returns the last line of a file and its length, after it has cut off what follows the last line feed.
func lastLine(name string) ([]byte, int64, error) {
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, 0, err
	}
	var tail []byte
	for at := size; ; {
		begin := max(0, at-64<<10)
		block := make([]byte, at-begin)
		if _, err := file.ReadAt(block, begin); err != nil && err != io.EOF {
			return nil, 0, err
		}
		tail, at = append(block, tail...), begin
		end := bytes.LastIndexByte(tail, '\n')
		if end >= 0 {
			if start := bytes.LastIndexByte(tail[:end], '\n'); start >= 0 || at == 0 {
				return tail[start+1 : end+1], at + int64(end) + 1, cut(file, at+int64(end)+1, size)
			}
		} else if at == 0 {
			return nil, 0, cut(file, 0, size)
		}
	}
}

func cut(file *os.File, to, size int64) error {
	if to == size {
		return nil
	}
	if err := file.Truncate(to); err != nil {
		return err
	}
	return file.Sync()
}

// Last is the position of the last row on disk; 0 when there is none.
func (f *Files) Last() (int64, error) {
	last, _, err := f.ends()
	return last.Position, err
}

// ends are the last row and the last checkpoint on disk.
func (f *Files) ends() (last Row, c checkpointLine, err error) {
	err = f.locked(func() (err error) {
		last = f.last
		c, err = f.lastCheckpoint()
		return err
	})
	return last, c, err
}

// Append adds rows that follow each other and the last one, and skips those that are there.
func (f *Files) Append(rows []Row) error {
	return f.locked(func() error {
		for len(rows) > 0 {
			n, err := f.extend(rows)
			if err != nil {
				f.segment = "" // what is on disk now is found anew
				return err
			}
			rows = rows[n:]
		}
		return nil
	})
}

// extend writes the first of rows that belong in one segment, and returns how many they are.
func (f *Files) extend(rows []Row) (int, error) {
	var text []byte
	name := ""
	n := 0
	last := f.last
	for ; n < len(rows); n++ {
		r := &rows[n]
		if r.Position < last.Position {
			continue
		}
		if r.Position == last.Position {
			if r.Hash != last.Hash {
				return 0, fmt.Errorf("row %d of the log is not the one of the files", r.Position)
			}
			continue
		}
		if last.Position > 0 && (r.Position != last.Position+1 || r.Previous != last.Hash) {
			return 0, fmt.Errorf("row %d of the log does not follow row %d of the files", r.Position, last.Position)
		}
		month := max(f.segment, r.At.UTC().Format("2006-01")+".log") // a clock that went back opens no earlier file
		if name != "" && month != name {
			break
		}
		name = month
		text, last = r.AppendLine(text), *r
	}
	if text == nil {
		return n, nil
	}
	size, err := f.write(name, text)
	if err != nil {
		return 0, err
	}
	f.segment, f.size, f.last = name, size, last
	return n, nil
}

// write appends text to a file and returns the size of the file once it is on disk.
func (f *Files) write(name string, text []byte) (int64, error) {
	path := filepath.Join(f.dir, name)
	_, err := os.Stat(path)
	isNew := errors.Is(err, fs.ErrNotExist)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	info, e := file.Stat()
	err = errors.Join(err, e, file.Close())
	if err == nil && isNew {
		err = syncDir(f.dir)
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// A bound is a segment and how much of it was there at some time.
type bound struct {
	name string
	size int64
}

// bounds are what is on disk now. f may be nil.
func (f *Files) bounds() ([]bound, error) {
	if f == nil {
		return nil, nil
	}
	segments, err := f.Segments()
	if err != nil {
		return nil, err
	}
	var out []bound
	for _, name := range segments {
		info, err := os.Stat(filepath.Join(f.dir, name))
		if err != nil {
			return nil, err
		}
		out = append(out, bound{name, info.Size()})
	}
	return out, nil
}

// Rows gives every row on disk at the time of the call to yield, in order, until it returns an error. A line that is
// no row, or that does not fit its hash, is a *Fault.
func (f *Files) Rows(yield func(Row) error) error {
	all, err := f.bounds()
	if err != nil {
		return err
	}
	return f.within(all, yield)
}

func (f *Files) within(all []bound, yield func(Row) error) error {
	for i, b := range all {
		if err := f.rows(b.name, b.size, i == len(all)-1, yield); err != nil {
			return err
		}
	}
	return nil
}

func (f *Files) rows(name string, size int64, growing bool, yield func(Row) error) error {
	file, err := os.Open(filepath.Join(f.dir, name))
	if err != nil {
		return err
	}
	defer file.Close()
	in := bufio.NewReaderSize(io.LimitReader(file, size), 64<<10)
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if err == io.EOF && (growing || len(text) == 0) {
			return nil // what is cut off is still being written
		}
		if err == io.EOF {
			return &Fault{Place: fmt.Sprintf("%s, line %d", name, n), Detail: "the line is cut off"}
		}
		if err != nil {
			return err
		}
		r, err := ParseLine(text)
		if err != nil {
			return &Fault{Place: fmt.Sprintf("%s, line %d", name, n), Position: r.Position, Detail: err.Error()}
		}
		if err := yield(r); err != nil {
			return err
		}
	}
}

// prunable are the segments, but for the last, whose rows are all at or before position, each with its last row.
func (f *Files) prunable(position int64) (names []string, ends []Row, err error) {
	segments, err := f.Segments()
	if err != nil || len(segments) == 0 {
		return nil, nil, err
	}
	for _, name := range segments[:len(segments)-1] {
		text, _, err := lastLine(filepath.Join(f.dir, name))
		if err != nil {
			return nil, nil, err
		}
		r := Row{}
		if text != nil {
			if r, err = ParseLine(text); err != nil {
				return nil, nil, fmt.Errorf("%s, last line: %w", name, err)
			}
		}
		if r.Position > position {
			break
		}
		names, ends = append(names, name), append(ends, r)
	}
	return names, ends, nil
}
