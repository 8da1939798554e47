package audit

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"oots/internal/store"
)

// A Fault is the first thing in the log that is not as it must be.
type Fault struct {
	Position int64  `json:"position"` // 0 when it is not about one row
	Place    string `json:"place"`    // database, checkpoints, or file and line
	Detail   string `json:"detail"`
}

// Error implements error.
func (f *Fault) Error() string {
	if f.Position == 0 {
		return fmt.Sprintf("log, %s: %s", f.Place, f.Detail)
	}
	return fmt.Sprintf("log, %s, position %d: %s", f.Place, f.Position, f.Detail)
}

// A Report is what Verify has found.
type Report struct {
	First       int64    `json:"first"` // position of the first row in the database; 0 when it is empty
	Last        int64    `json:"last"`
	Head        string   `json:"head"`   // hash of the last row
	Copied      int64    `json:"copied"` // position of the last row in the files
	Documents   int      `json:"documents"`
	Erased      int      `json:"erased"` // documents that are gone, of which the digest is left
	Checkpoints int      `json:"checkpoints"`
	Unsigned    int      `json:"unsigned"` // checkpoints without a signature
	Signers     []string `json:"signers"`  // SHA-256 of the certificates of the signed ones, in order of appearance
	Restored    []Branch `json:"restored"` // times at which the database was not that of the files any more
	Fault       *Fault   `json:"fault,omitempty"`
}

// A Branch is the end of the log that the files had and the database did not have, because it was restored from a backup,
// or was changed.
type Branch struct {
	At       time.Time `json:"at"`       // when that was found
	Position int64     `json:"position"` // where the database ended then
	Copied   int64     `json:"copied"`   // where the files ended
	Folder   string    `json:"folder"`   // of the files that were set aside; "" when they are gone, or were not looked at
	From     int64     `json:"from"`     // first position at which they say what the database does not; 0: none
}

// Verify compares database and files row by row, follows the chain in both, opens every document, and holds both
// against the signed checkpoints. Files may be nil. Rows that are committed and not copied yet are no fault, rows that
// were copied and are gone are one. The report names the first fault; the error means that the log could not be read.
func Verify(ctx context.Context, db *store.DB, s Store, files *Files) (Report, error) {
	v := &verifier{s: s, signed: map[int64]string{}, ends: map[int64]string{}, seen: map[string]bool{}}
	v.report.Signers, v.report.Restored = []string{}, []Branch{}
	err := v.run(ctx, db, files)
	var f *Fault
	if errors.As(err, &f) {
		v.report.Fault = f
		return v.report, nil
	}
	return v.report, err
}

type verifier struct {
	s      Store
	report Report
	signed map[int64]string // hash at the positions of all checkpoints
	ends   map[int64]string // of those for an erasure
	seen   map[string]bool

	restored []Checkpoint
	found    []branch
	newest   time.Time // of the checkpoints

	tx       *store.Tx
	pending  []Stored // of the database, not compared yet
	previous Row      // last of the database that was checked
	copied   Row      // last of the files
}

func (v *verifier) run(ctx context.Context, db *store.DB, files *Files) error {
	var copies []Checkpoint
	if files != nil {
		var err error
		if copies, err = files.checkpoints(); err != nil {
			return err
		}
	}
	// What is in the files by now was committed before: the snapshot that the transaction reads has it.
	bounds, err := files.bounds()
	if err != nil {
		return err
	}
	return db.View(ctx, func(tx *store.Tx) error {
		v.tx = tx
		if err := v.checkpoints(copies); err != nil {
			return err
		}
		if err := files.within(bounds, v.file); err != nil {
			return v.placed(err)
		}
		for {
			r, err := v.row()
			if err != nil {
				return err
			}
			if r != nil {
				continue
			}
			if err := v.end(); err != nil {
				return err
			}
			return v.branches(files)
		}
	})
}

// placed gives a fault of a line the position that the line should have had.
func (v *verifier) placed(err error) error {
	var f *Fault
	if errors.As(err, &f) && f.Position == 0 && v.copied.Position > 0 {
		f.Position = v.copied.Position + 1
	}
	return err
}

// checkpoints verifies the checkpoints of the database and compares those of the files with them.
func (v *verifier) checkpoints(copies []Checkpoint) error {
	all, err := v.s.Checkpoints(v.tx, 0)
	if err != nil {
		return err
	}
	for i := range all {
		c := &all[i]
		cert, err := c.Verify()
		if err != nil {
			return &Fault{Position: c.Position, Place: "checkpoints", Detail: err.Error()}
		}
		if known, ok := v.signed[c.Position]; ok && known != c.Hash || c.Number != int64(i+1) {
			return &Fault{Position: c.Position, Place: "checkpoints", Detail: "the checkpoints contradict each other, or one is missing"}
		}
		v.signed[c.Position] = c.Hash
		if c.Reason == Erasure {
			v.ends[c.Position] = c.Hash
		}
		if c.Reason == Restored {
			v.restored = append(v.restored, *c)
		}
		if c.At.After(v.newest) {
			v.newest = c.At
		}
		v.count(cert)
	}
	for i := range copies {
		c := &copies[i]
		if i >= len(all) || string(c.Text) != string(all[i].Text) || string(c.Signature) != string(all[i].Signature) || c.Number != all[i].Number {
			return &Fault{Position: c.Position, Place: "checkpoints", Detail: "the database does not have the checkpoint that the files have"}
		}
	}
	v.report.Checkpoints = len(all)
	return nil
}

func (v *verifier) count(cert *x509.Certificate) {
	if cert == nil {
		v.report.Unsigned++
		return
	}
	sum := sha256.Sum256(cert.Raw)
	if name := hex.EncodeToString(sum[:]); !v.seen[name] {
		v.seen[name] = true
		v.report.Signers = append(v.report.Signers, name)
	}
}

// row checks the next row of the database and returns it; nil at the end.
func (v *verifier) row() (*Stored, error) {
	if len(v.pending) == 0 {
		var err error
		if v.pending, err = v.s.Rows(v.tx, v.previous.Position, batch); err != nil {
			return nil, &Fault{Position: v.previous.Position + 1, Place: "database", Detail: err.Error()}
		}
		if len(v.pending) == 0 {
			return nil, nil
		}
	}
	s := &v.pending[0]
	v.pending = v.pending[1:]
	if err := v.follows("database", &v.previous, &s.Row); err != nil {
		return nil, err
	}
	switch {
	case s.Document != nil && hexSHA256(s.Document) != s.DocumentSHA256:
		return nil, &Fault{Position: s.Position, Place: "database", Detail: "the document does not have the digest of its row"}
	case s.Document != nil:
		v.report.Documents++
	case s.DocumentSHA256 != "":
		v.report.Erased++
	}
	if v.report.First == 0 {
		v.report.First = s.Position
	}
	v.previous = s.Row
	v.report.Last, v.report.Head = s.Position, s.Hash
	return s, nil
}

// follows checks that r is the row behind previous, or the first behind an erasure.
func (v *verifier) follows(place string, previous, r *Row) error {
	fault := func(detail string) error { return &Fault{Position: r.Position, Place: place, Detail: detail} }
	switch {
	case r.Check() != nil:
		return fault(r.Check().Error())
	case previous.Position > 0 && r.Position != previous.Position+1:
		return &Fault{Position: previous.Position + 1, Place: place, Detail: "the row is missing"}
	case previous.Position > 0 && r.Previous != previous.Hash:
		return fault("the row does not name the hash of the row before")
	case previous.Position == 0 && r.Position == 1 && r.Previous != Origin:
		return fault("the first row does not begin the chain")
	case previous.Position == 0 && r.Position > 1 && v.ends[r.Position-1] != r.Previous:
		return &Fault{Position: r.Position - 1, Place: place, Detail: "rows before are missing, and no checkpoint says that they were erased"}
	}
	if hash, ok := v.signed[r.Position]; ok && hash != r.Hash {
		return fault("the row does not have the hash that a checkpoint gives it")
	}
	return nil
}

// file checks a row of the files and compares it with that of the database.
func (v *verifier) file(r Row) error {
	if err := v.follows("files", &v.copied, &r); err != nil {
		return err
	}
	v.copied, v.report.Copied = r, r.Position
	if v.report.First == 0 {
		if err := v.skip(&r); err != nil {
			return err
		}
	}
	if v.report.First > r.Position || v.report.First == 0 && v.erased(r.Position) {
		return nil // erased in the database
	}
	if v.previous.Position < r.Position {
		s, err := v.row()
		if err != nil {
			return err
		}
		if s == nil {
			return &Fault{Position: r.Position, Place: "database", Detail: "the row is in the files and not in the database"}
		}
	}
	if v.previous.Position != r.Position || !v.previous.Same(&r) {
		return &Fault{Position: r.Position, Place: "database", Detail: "the row is not what the files say"}
	}
	return nil
}

// skip reads the first row of the database.
func (v *verifier) skip(r *Row) error {
	s, err := v.row()
	if err != nil || s == nil {
		return err
	}
	if s.Position < r.Position {
		return &Fault{Position: s.Position, Place: "files", Detail: "the row is in the database and not in the files"}
	}
	return nil
}

// erased reports whether a checkpoint says that the rows up to position were erased.
func (v *verifier) erased(position int64) bool {
	for end := range v.ends {
		if position <= end {
			return true
		}
	}
	return false
}

// end checks that nothing that was signed is missing at the end of the log.
func (v *verifier) end() error {
	last := v.previous.Position
	for position := range v.signed {
		if position > last && !(last == 0 && v.erased(position)) {
			return &Fault{Position: last + 1, Place: "database", Detail: fmt.Sprintf("the rows up to %d are missing, a checkpoint knows of them", position)}
		}
	}
	return nil
}
