package accesspoint

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"oots/internal/sqlstore"
)

// An Occupied error names what is there already where an access point was to be made.
type Occupied struct{ Names []string }

// Error names the files.
func (o *Occupied) Error() string {
	verb := " is"
	if len(o.Names) > 1 {
		verb = " are"
	}
	return strings.Join(o.Names, ", ") + verb + " there already"
}

// Is makes it one of fs.ErrExist.
func (o *Occupied) Is(target error) bool { return target == fs.ErrExist }

// vacant reports whether none of these files is there, nor a database, which would be sealed with another key.
func (m *maker) vacant(names ...string) error {
	all := []string{filepath.Join(m.Data, "data", sqlstore.FileName)}
	for _, n := range names {
		all = append(all, filepath.Join(m.dir, n))
	}
	there := &Occupied{}
	for _, name := range all {
		if _, err := os.Lstat(name); err == nil {
			there.Names = append(there.Names, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if len(there.Names) > 0 {
		return there
	}
	return nil
}

// write makes a file, for now apart.
func (m *maker) write(name string, mode os.FileMode, b []byte) error {
	to := filepath.Join(m.work, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if _, err := f.Write(b); err != nil {
		f.Close()
		return err
	}
	m.made.Files = append(m.made.Files, name)
	return errors.Join(f.Sync(), f.Close())
}

// place moves all files to where they belong, the configuration last; when one cannot be moved, none is.
func (m *maker) place() (err error) {
	if err := m.vacant(m.made.Files...); err != nil {
		return err
	}
	var done []string
	defer func() {
		if err != nil {
			for _, name := range done {
				os.Remove(name) // folders only when they are empty
			}
		}
	}()
	for _, d := range []string{"keys", "tls", "partners", filepath.Join("partners", "tls"), "handover"} {
		switch err := os.Mkdir(filepath.Join(m.dir, d), 0o700); {
		case err == nil:
			done = append([]string{filepath.Join(m.dir, d)}, done...)
		case !errors.Is(err, fs.ErrExist):
			return err
		}
	}
	for _, name := range m.made.Files {
		to := filepath.Join(m.dir, name)
		if err := os.Rename(filepath.Join(m.work, name), to); err != nil {
			return err
		}
		done = append([]string{to}, done...)
	}
	return nil
}
