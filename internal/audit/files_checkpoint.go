package audit

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"oots/internal/store"
)

// checkpointLine is a checkpoint in its file.
type checkpointLine struct {
	Number      int64  `json:"number"`
	Statement   string `json:"statement"`
	Signature   []byte `json:"signature,omitempty"`
	Certificate []byte `json:"certificate,omitempty"`
}

func (k *Keeper) copyCheckpoints(ctx context.Context) error {
	return k.Files.locked(func() error {
		last, err := k.Files.lastCheckpoint()
		if err != nil {
			return err
		}
		var text []byte
		err = k.DB.View(ctx, func(tx *store.Tx) error {
			all, err := k.Journal.store.Checkpoints(tx, last.Number)
			for _, c := range all {
				last = checkpointLine{c.Number, string(c.Text), c.Signature, c.Certificate}
				b, err := json.Marshal(last)
				if err != nil {
					return err
				}
				text = append(append(text, b...), '\n')
			}
			return err
		})
		if err != nil || text == nil {
			return err
		}
		size, err := k.Files.write(CheckpointFile, text)
		if err != nil {
			k.Files.checked = 0 // what is on disk now is found anew
			return err
		}
		k.Files.checked, k.Files.lastChecked = size, last
		return nil
	})
}

// lastCheckpoint finds the last checkpoint on disk, unless nothing was written since it was found, and removes what a
// killed process has left behind it.
func (f *Files) lastCheckpoint() (checkpointLine, error) {
	name := filepath.Join(f.dir, CheckpointFile)
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return checkpointLine{}, nil
	}
	if err != nil {
		return checkpointLine{}, err
	}
	if f.checked > 0 && info.Size() == f.checked {
		return f.lastChecked, nil
	}
	text, size, err := lastLine(name)
	if err != nil || text == nil {
		return checkpointLine{}, err
	}
	l, _, err := parseCheckpoint(text)
	if err != nil {
		return checkpointLine{}, fmt.Errorf("%s, last line: %w", CheckpointFile, err)
	}
	f.checked, f.lastChecked = size, l
	return l, nil
}

func parseCheckpoint(text []byte) (checkpointLine, Checkpoint, error) {
	var l checkpointLine
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return checkpointLine{}, Checkpoint{}, errors.New("no checkpoint")
	}
	c, err := ReadCheckpoint([]byte(l.Statement))
	if err != nil {
		return checkpointLine{}, Checkpoint{}, err
	}
	c.Number, c.Signature, c.Certificate = l.Number, l.Signature, l.Certificate
	return l, c, nil
}

// checkpoints reads the file of checkpoints.
func (f *Files) checkpoints() ([]Checkpoint, error) {
	file, err := os.Open(filepath.Join(f.dir, CheckpointFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var out []Checkpoint
	in := bufio.NewReader(file)
	for {
		text, err := in.ReadBytes('\n')
		if err != nil {
			return out, nil // what is cut off is still being written
		}
		_, c, err := parseCheckpoint(text)
		if err != nil {
			return nil, &Fault{Place: CheckpointFile, Detail: fmt.Sprintf("line %d: %v", len(out)+1, err)}
		}
		out = append(out, c)
	}
}
