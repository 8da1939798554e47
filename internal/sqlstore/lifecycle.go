package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"

	"oots/directory"
	"oots/internal/lifecycle"
	"oots/internal/store"
)

// Lifecycle is the store of what the Common Services hold.
type Lifecycle struct{}

// Lifecycle returns the store of what the Common Services hold.
func (s *Store) Lifecycle() Lifecycle { return Lifecycle{} }

const revisionColumns = `r.number, r.country, r.service, r.at, r.actor, r.origin, r.request, r.digest, r.objects, r.note`

// Newest implements lifecycle.Store.
func (Lifecycle) Newest(tx *store.Tx) (number int64, err error) {
	err = tx.Row(`SELECT COALESCE(MAX(number), 0) FROM lifecycle_revision`, nil, &number)
	return number, err
}

// Active implements lifecycle.Store.
func (Lifecycle) Active(tx *store.Tx) ([]directory.Revision, error) {
	return revisions(tx, `SELECT `+revisionColumns+` FROM lifecycle_active a JOIN lifecycle_revision r ON r.number = a.number
		ORDER BY r.country, r.service`)
}

// History implements lifecycle.Store.
func (Lifecycle) History(tx *store.Tx, country string, service directory.Service) ([]directory.Revision, error) {
	return revisions(tx, `SELECT `+revisionColumns+` FROM lifecycle_revision r
		WHERE ($1 = '' OR r.country = $1) AND ($2 = '' OR r.service = $2) ORDER BY r.number DESC`, country, string(service))
}

// Revision implements lifecycle.Store.
func (Lifecycle) Revision(tx *store.Tx, number int64) (directory.Revision, error) {
	all, err := revisions(tx, `SELECT `+revisionColumns+` FROM lifecycle_revision r WHERE r.number = $1`, number)
	if err != nil {
		return directory.Revision{}, err
	}
	if len(all) == 0 {
		return directory.Revision{}, store.ErrNotFound
	}
	return all[0], nil
}

// Content implements lifecycle.Store.
func (Lifecycle) Content(tx *store.Tx, number int64) (data []byte, err error) {
	err = tx.Row(`SELECT c.data FROM lifecycle_revision r JOIN lifecycle_content c ON c.digest = r.digest WHERE r.number = $1`, []any{number}, &data)
	return data, err
}

// Put implements lifecycle.Store. The number is taken by the insertion: of two at once one fails.
func (l Lifecycle) Put(tx *store.Tx, r directory.Revision, content []byte, before int64) (int64, error) {
	_, err := tx.Exec(`INSERT INTO lifecycle_content (digest, data) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING`, r.Digest, content)
	if err != nil {
		return 0, err
	}
	newest, err := l.Newest(tx)
	if err != nil {
		return 0, err
	}
	number := newest + 1
	_, err = tx.Exec(`INSERT INTO lifecycle_revision (number, country, service, at, actor, origin, request, digest, objects, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		number, r.Country, string(r.Service), millis(r.At), r.Actor, r.Origin, r.Request, r.Digest, r.Objects, r.Note)
	if err != nil {
		return 0, err
	}
	var changed int64
	if before == 0 {
		changed, err = tx.Exec(`INSERT INTO lifecycle_active (country, service, number) VALUES ($1, $2, $3) ON CONFLICT (country, service) DO NOTHING`,
			r.Country, string(r.Service), number)
	} else {
		changed, err = tx.Exec(`UPDATE lifecycle_active SET number = $3 WHERE country = $1 AND service = $2 AND number = $4`,
			r.Country, string(r.Service), number, before)
	}
	if err != nil {
		return 0, err
	}
	if changed == 0 {
		return 0, lifecycle.ErrConflict
	}
	return number, nil
}

// Record implements lifecycle.Store.
func (Lifecycle) Record(tx *store.Tx, e lifecycle.Event) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO lifecycle_event (seq, at, data) VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM lifecycle_event), $1, $2)`, millis(e.At), string(b))
	return err
}

// Events implements lifecycle.Store.
func (Lifecycle) Events(tx *store.Tx, since time.Time) ([]lifecycle.Event, error) {
	rows, err := tx.Query(`SELECT data FROM lifecycle_event WHERE at >= $1 ORDER BY seq`, millis(since))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []lifecycle.Event
	for rows.Next() {
		var data string
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		var e lifecycle.Event
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			return nil, fmt.Errorf("event of a submission: %w", err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// Forget implements lifecycle.Store.
func (Lifecycle) Forget(tx *store.Tx, before time.Time) (int, error) {
	n, err := tx.Exec(`DELETE FROM lifecycle_event WHERE at < $1`, millis(before))
	return int(n), err
}

func revisions(tx *store.Tx, query string, args ...any) ([]directory.Revision, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []directory.Revision
	for rows.Next() {
		var r directory.Revision
		var at int64
		if err := rows.Scan(&r.Number, &r.Country, &r.Service, &at, &r.Actor, &r.Origin, &r.Request, &r.Digest, &r.Objects, &r.Note); err != nil {
			return nil, err
		}
		r.At = instant(at)
		out = append(out, r)
	}
	return out, rows.Err()
}
