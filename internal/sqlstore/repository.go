package sqlstore

import (
	"oots/internal/repository"
	"oots/internal/store"
)

// Repository is the store of uploads to the Semantic Repository.
type Repository struct{}

// Repository returns the store of uploads to the Semantic Repository.
func (s *Store) Repository() Repository { return Repository{} }

// Newest implements repository.Store.
func (Repository) Newest(tx *store.Tx) (number int64, err error) {
	err = tx.Row(`SELECT COALESCE(MAX(number), 0) FROM repository_change`, nil, &number)
	return number, err
}

// Changes implements repository.Store.
func (Repository) Changes(tx *store.Tx) ([]repository.Change, error) {
	rows, err := tx.Query(`SELECT number, at, actor, asset, version, action, note, data FROM repository_change ORDER BY number`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []repository.Change
	for rows.Next() {
		var c repository.Change
		var at int64
		if err := rows.Scan(&c.Number, &at, &c.Actor, &c.Asset, &c.Version, &c.Action, &c.Note, &c.Data); err != nil {
			return nil, err
		}
		c.At = instant(at)
		if len(c.Data) == 0 {
			c.Data = nil
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Append implements repository.Store. The number is taken by the insertion: of two at once one fails.
func (r Repository) Append(tx *store.Tx, c repository.Change) (int64, error) {
	if c.Action == repository.Publish {
		var n int64
		err := tx.Row(`SELECT COUNT(*) FROM repository_change WHERE asset = $1 AND version = $2 AND action = 'publish'`, []any{c.Asset, c.Version}, &n)
		if err != nil {
			return 0, err
		}
		if n > 0 {
			return 0, repository.ErrExists
		}
	}
	newest, err := r.Newest(tx)
	if err != nil {
		return 0, err
	}
	if c.Data == nil {
		c.Data = []byte{}
	}
	_, err = tx.Exec(`INSERT INTO repository_change (number, at, actor, asset, version, action, note, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		newest+1, millis(c.At), c.Actor, c.Asset, c.Version, string(c.Action), c.Note, c.Data)
	return newest + 1, err
}

// Put implements repository.Store.
func (Repository) Put(tx *store.Tx, digest string, content []byte) error {
	_, err := tx.Exec(`INSERT INTO repository_content (digest, data) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING`, digest, content)
	return err
}

// Content implements repository.Store.
func (Repository) Content(tx *store.Tx, digest string) (data []byte, err error) {
	err = tx.Row(`SELECT data FROM repository_content WHERE digest = $1`, []any{digest}, &data)
	return data, err
}
