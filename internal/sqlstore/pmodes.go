package sqlstore

import (
	"errors"
	"fmt"

	"oots/internal/pmodes"
	"oots/internal/store"
)

// PModes is the store of P-Mode files.
type PModes struct{ s *Store }

// PModes returns the store of P-Mode files.
func (s *Store) PModes() PModes { return PModes{s} }

func pmodesPlace(number int64) string { return fmt.Sprintf("pmodes:%d", number) }

// Newest implements pmodes.Store.
func (PModes) Newest(tx *store.Tx) (number int64, err error) {
	err = tx.Row(`SELECT COALESCE(MAX(number), 0) FROM pmodes_version`, nil, &number)
	return number, err
}

// Put implements pmodes.Store. The number is taken by the insertion: of two at once one fails.
func (p PModes) Put(tx *store.Tx, v pmodes.Version, content []byte) error {
	newest, err := p.Newest(tx)
	if err != nil {
		return err
	}
	if v.Number != newest+1 {
		return pmodes.ErrConflict
	}
	partial := 0
	if v.Partial {
		partial = 1
	}
	n, err := tx.Exec(`INSERT INTO pmodes_version (number, at, actor, note, origin, form, digest, party, bytes, partial, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (number) DO NOTHING`,
		v.Number, millis(v.At), v.Actor, v.Note, v.Origin, string(v.Form), v.Digest, v.Party, v.Bytes, partial,
		p.s.Seal.Seal(content, pmodesPlace(v.Number)))
	if err == nil && n == 0 {
		err = pmodes.ErrConflict
	}
	return err
}

const pmodesColumns = `number, at, actor, note, origin, form, digest, party, bytes, partial`

// Version implements pmodes.Store.
func (p PModes) Version(tx *store.Tx, number int64) (v pmodes.Version, content []byte, err error) {
	var sealed []byte
	var at int64
	err = tx.Row(`SELECT `+pmodesColumns+`, content FROM pmodes_version WHERE number = $1`, []any{number},
		&v.Number, &at, &v.Actor, &v.Note, &v.Origin, &v.Form, &v.Digest, &v.Party, &v.Bytes, &v.Partial, &sealed)
	if err != nil {
		return pmodes.Version{}, nil, err
	}
	v.At = instant(at)
	if content, err = p.s.Seal.Open(sealed, pmodesPlace(number)); err != nil {
		return pmodes.Version{}, nil, errors.Join(fmt.Errorf("P-Modes, version %d", number), err)
	}
	return v, content, nil
}

// History implements pmodes.Store.
func (PModes) History(tx *store.Tx) ([]pmodes.Version, error) {
	rows, err := tx.Query(`SELECT ` + pmodesColumns + ` FROM pmodes_version ORDER BY number DESC`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []pmodes.Version
	for rows.Next() {
		var v pmodes.Version
		var at int64
		if err := rows.Scan(&v.Number, &at, &v.Actor, &v.Note, &v.Origin, &v.Form, &v.Digest, &v.Party, &v.Bytes, &v.Partial); err != nil {
			return nil, err
		}
		v.At = instant(at)
		out = append(out, v)
	}
	return out, rows.Err()
}
