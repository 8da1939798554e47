package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"oots/internal/store"
)

// branchName is a folder with the copy of a log that the database does not have, named by the number of the checkpoint
// that was made when this was found.
var branchName = regexp.MustCompile(`^restored-[0-9]+(-[0-9]+)?$`)

// partial ends the name of a branch that is being set aside.
const partial = ".part"

// follow makes the files a copy of the log of this database. When they end with something that it does not have, an
// older one was restored, or another one was put in its place. That is signed, with the heads of both; the files are set
// aside, and the copy begins anew. Nothing that was copied once is changed.
func (k *Keeper) follow(ctx context.Context) error {
	if err := k.Files.finishBranch(); err != nil {
		return err
	}
	last, c, err := k.Files.ends()
	if err != nil {
		return err
	}
	apart := false
	err = k.DB.View(ctx, func(tx *store.Tx) (err error) {
		apart, err = k.Journal.apart(tx, last, c)
		return err
	})
	if err != nil || !apart {
		return err
	}
	var restored Checkpoint
	err = k.DB.Update(ctx, func(tx *store.Tx) (err error) {
		restored, err = k.Journal.restored(tx, Head{last.Position, last.Hash}, k.signer())
		return err
	})
	if err != nil {
		return err
	}
	name, err := k.Files.setAside(restored.Number)
	if err != nil {
		return err
	}
	k.Log.Error("the database does not have what the copy of the log has: it was restored, or replaced", "copy", last.Position, "database", restored.Position, "aside", name)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state.Restored, k.state.Rows, k.state.Copied = restored.At, restored.Position, 0
	return nil
}

// restored adds the checkpoint that names the head of the log and that of the copy.
func (j *Journal) restored(tx *store.Tx, copied Head, s Signer) (Checkpoint, error) {
	position, hash, err := j.store.Head(tx)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := NewRestored(position, hash, j.clock.Now(), copied, s)
	if err != nil {
		return Checkpoint{}, err
	}
	if err := j.store.PutCheckpoint(tx, c); err != nil {
		return Checkpoint{}, err
	}
	all, err := j.store.Checkpoints(tx, 0)
	if err != nil {
		return Checkpoint{}, err
	}
	return all[len(all)-1], nil
}

// apart reports whether the database lacks the last row or the last checkpoint of the files, or the row behind that row.
func (j *Journal) apart(tx *store.Tx, last Row, c checkpointLine) (bool, error) {
	if last.Position > 0 {
		rows, err := j.store.Rows(tx, last.Position-1, 1)
		if err != nil {
			return false, err
		}
		var end Head
		switch {
		case len(rows) == 0:
			end.Position, end.Hash, err = j.store.Head(tx)
		case rows[0].Position == last.Position:
			end = Head{last.Position, rows[0].Hash}
		default: // erased
			end = Head{rows[0].Position - 1, rows[0].Previous}
		}
		if err != nil || end != (Head{last.Position, last.Hash}) {
			return err == nil, err
		}
	}
	if c.Number == 0 {
		return false, nil
	}
	all, err := j.store.Checkpoints(tx, c.Number-1)
	if err != nil {
		return false, err
	}
	return len(all) == 0 || all[0].Number != c.Number || string(all[0].Text) != c.Statement || !bytes.Equal(all[0].Signature, c.Signature), nil
}

// setAside moves what is in the folder into one of its own.
func (f *Files) setAside(number int64) (name string, err error) {
	err = f.locked(func() error {
		for n := 1; ; n++ {
			name = fmt.Sprintf("restored-%d", number)
			if n > 1 {
				name += fmt.Sprintf("-%d", n)
			}
			if _, err := os.Lstat(filepath.Join(f.dir, name)); errors.Is(err, fs.ErrNotExist) {
				break
			}
		}
		if err := os.Mkdir(filepath.Join(f.dir, name+partial), 0o700); err != nil {
			return err
		}
		return f.move(name)
	})
	return name, err
}

// finishBranch goes on with setting aside where a process was killed.
func (f *Files) finishBranch() error {
	found, err := filepath.Glob(filepath.Join(f.dir, "restored-*"+partial))
	if err != nil || len(found) == 0 {
		return err
	}
	return f.locked(func() error { return f.move(strings.TrimSuffix(filepath.Base(found[0]), partial)) })
}

func (f *Files) move(name string) error {
	segments, err := f.Segments()
	if err != nil {
		return err
	}
	to := filepath.Join(f.dir, name+partial)
	for _, s := range append([]string{CheckpointFile}, segments...) {
		if err := os.Rename(filepath.Join(f.dir, s), filepath.Join(to, s)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := errors.Join(syncDir(to), os.Rename(to, filepath.Join(f.dir, name)), syncDir(f.dir)); err != nil {
		return err
	}
	f.segment, f.size, f.last, f.checked = "", 0, Row{Hash: Origin}, 0
	return nil
}

// branches are what was set aside, as folders of files of their own.
func (f *Files) branches() (map[string]*Files, error) {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, err
	}
	out := map[string]*Files{}
	for _, e := range entries {
		if e.IsDir() && branchName.MatchString(e.Name()) {
			out[e.Name()] = &Files{dir: filepath.Join(f.dir, e.Name())}
		}
	}
	return out, nil
}

// forget removes what was set aside longer ago than the retention.
func (k *Keeper) forget(ctx context.Context) error {
	branches, err := k.Files.branches()
	if err != nil || len(branches) == 0 {
		return err
	}
	var ended []Head
	err = k.DB.View(ctx, func(tx *store.Tx) error {
		all, err := k.Journal.store.Checkpoints(tx, 0)
		for _, c := range all {
			if c.Copy != nil && k.Journal.clock.Now().Sub(c.At) > Retention {
				ended = append(ended, *c.Copy)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, b := range branches {
		last, _, err := b.ends()
		if err != nil {
			return err
		}
		if slices.Contains(ended, Head{last.Position, last.Hash}) {
			if err := os.RemoveAll(b.dir); err != nil {
				return err
			}
		}
	}
	return nil
}
