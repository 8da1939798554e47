package sqlstore

import (
	"errors"
	"fmt"
	"time"

	"oots/edelivery/as4"
	"oots/internal/spool"
	"oots/internal/store"
)

// A box is which side of the access point a part belongs to.
type box string

const (
	outbox box = "out"
	inbox  box = "in"
)

// A part is one row of gateway_part.
type part struct {
	contentID, mimeType string
	content             as4.Content
}

func partPlace(b box, messageID string, position int) string {
	return fmt.Sprintf("part:%s:%s:%d", b, messageID, position)
}

// putPart stores one part: the name of its file when it is a file of the spool, else its bytes, sealed.
func (g Gateway) putPart(tx *store.Tx, b box, messageID string, position int, p part) error {
	var sealed []byte
	name := ""
	if f, ok := p.content.(*spool.File); ok {
		name = f.Name()
		tx.After(func() { g.s.Spool.Stored(name) })
	} else {
		plain, err := as4.ReadAll(p.content)
		if err != nil {
			return err
		}
		sealed = g.s.Seal.Seal(plain, partPlace(b, messageID, position))
	}
	var size int64
	if p.content != nil {
		size = p.content.Size()
	}
	_, err := tx.Exec(`INSERT INTO gateway_part (box, message_id, position, content_id, mime_type, size, file, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		b, messageID, position, p.contentID, p.mimeType, size, name, sealed)
	return err
}

// parts returns the parts of a message in their order.
func (g Gateway) parts(tx *store.Tx, b box, messageID string) ([]part, error) {
	rows, err := tx.Query(`SELECT position, content_id, mime_type, size, file, content FROM gateway_part WHERE box = $1 AND message_id = $2 ORDER BY position`, b, messageID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []part
	for rows.Next() {
		var position int
		var size int64
		var file string
		var sealed []byte
		var p part
		if err := rows.Scan(&position, &p.contentID, &p.mimeType, &size, &file, &sealed); err != nil {
			return nil, err
		}
		if file != "" {
			p.content = g.s.Spool.File(file, size)
		} else {
			plain, err := g.s.Seal.Open(sealed, partPlace(b, messageID, position))
			if err != nil {
				return nil, fmt.Errorf("part %d: %w", position+1, err)
			}
			p.content = as4.Bytes(plain)
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// deleteParts deletes the parts of a message; their files go once tx is committed.
func (g Gateway) deleteParts(tx *store.Tx, b box, messageID string) error {
	_, err := g.dropParts(tx, b, messageID)
	return err
}

// dropParts is deleteParts that returns how many there were.
func (g Gateway) dropParts(tx *store.Tx, b box, messageID string) (int64, error) {
	files, err := texts(tx, `SELECT file FROM gateway_part WHERE box = $1 AND message_id = $2 AND file <> ''`, b, messageID)
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		tx.After(func() { g.s.Spool.Remove(file) }) // what cannot be removed now is swept at the next start
	}
	n, err := tx.Exec(`DELETE FROM gateway_part WHERE box = $1 AND message_id = $2`, b, messageID)
	if n > 0 {
		tx.After(func() { g.s.erased.Store(true) })
	}
	return n, err
}

// Sweep removes files of the spool, finished before cutoff, that no message names: left by a process that
// died between the file and its transaction.
func (g Gateway) Sweep(tx *store.Tx, cutoff time.Time) error {
	var failed error
	err := g.s.Spool.Sweep(cutoff, func(name string) bool {
		if failed != nil {
			return true
		}
		var found int
		err := tx.Row(`SELECT 1 FROM gateway_part WHERE file = $1 AND file <> ''`, []any{name}, &found)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			failed = err
		}
		return !errors.Is(err, store.ErrNotFound)
	})
	return errors.Join(failed, err)
}
