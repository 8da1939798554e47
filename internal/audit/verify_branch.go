package audit

import (
	"bytes"
	"errors"
	"maps"
	"slices"
)

// branches holds what was set aside against the checkpoints that tell of it: each must be there with all its rows, and
// no other. When the database was restored more than once, a checkpoint on the one may be in the branch of the next.
func (v *verifier) branches(files *Files) error {
	restored := v.restored
	if files != nil {
		all, err := files.branches()
		if err != nil {
			return err
		}
		var found []branch
		for _, name := range slices.Sorted(maps.Keys(all)) {
			b, err := v.branch(name, all[name])
			if err != nil {
				return err
			}
			found = append(found, b)
		}
		for i := 0; i < len(restored); i++ {
			for n := range found {
				if b := &found[n]; b.end == *restored[i].Copy && !b.told {
					b.told = true
					restored = append(restored, b.restored...)
				}
			}
		}
		for _, b := range found {
			if !b.told {
				return &Fault{Position: b.end.Position, Place: b.name, Detail: "no checkpoint says that the log was restored behind this row"}
			}
		}
		v.found = found
	}
	for i, c := range restored {
		if slices.ContainsFunc(restored[:i], func(o Checkpoint) bool { return bytes.Equal(o.Text, c.Text) }) {
			continue
		}
		out := Branch{At: c.At, Position: c.Position, Copied: c.Copy.Position}
		for _, b := range v.found {
			if b.end == *c.Copy {
				out.Folder, out.From = b.name, b.from
			}
		}
		if files != nil && out.Folder == "" && v.newest.Sub(c.At) <= Retention {
			return &Fault{Position: c.Copy.Position, Place: "files", Detail: "the copy that was set aside when the database was restored is missing"}
		}
		v.report.Restored = append(v.report.Restored, out)
	}
	return nil
}

// A branch is what was set aside in one folder.
type branch struct {
	name     string
	end      Head
	from     int64 // first position at which it is not as the database
	restored []Checkpoint
	told     bool
}

// branch follows the chain of what was set aside, and finds where it leaves the database.
func (v *verifier) branch(name string, b *Files) (out branch, err error) {
	out.name, out.end.Hash = name, Origin
	checked, err := b.checkpoints()
	if err != nil {
		return out, err
	}
	signed := map[int64]string{}
	for i := range checked {
		if _, err := checked[i].Verify(); err != nil {
			return out, &Fault{Position: checked[i].Position, Place: name, Detail: err.Error()}
		}
		signed[checked[i].Position] = checked[i].Hash
		if checked[i].Copy != nil {
			out.restored = append(out.restored, checked[i])
		}
	}
	var rows []Stored
	err = b.Rows(func(r Row) (err error) {
		hash, ok := signed[r.Position]
		if out.end.Position > 0 && (r.Position != out.end.Position+1 || r.Previous != out.end.Hash) || ok && hash != r.Hash {
			return &Fault{Position: r.Position, Place: name, Detail: "the row does not follow the one before, or is not the one of a checkpoint"}
		}
		out.end = Head{r.Position, r.Hash}
		if out.from > 0 || r.Position < v.report.First {
			return nil // known, or erased since
		}
		for len(rows) > 0 && rows[0].Position < r.Position {
			rows = rows[1:]
		}
		if len(rows) == 0 {
			if rows, err = v.s.Rows(v.tx, r.Position-1, batch); err != nil {
				return err
			}
		}
		if len(rows) == 0 || rows[0].Position != r.Position || rows[0].Hash != r.Hash {
			out.from = r.Position
		}
		return nil
	})
	var f *Fault
	if errors.As(err, &f) && f.Place != name {
		f.Place = name + ", " + f.Place
	}
	return out, err
}
