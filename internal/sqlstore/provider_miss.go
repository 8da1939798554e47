package sqlstore

import (
	"time"

	"oots/internal/store"
)

// miss is the name under which the looks in vain of who asked for whom are counted.
func (q Provider) miss(who string) string { return q.s.Seal.Pseudonym(who, "provider_miss") }

// AddMiss implements provider.Store.
func (q Provider) AddMiss(tx *store.Tx, whos []string, at time.Time) error {
	for _, who := range whos {
		if _, err := tx.Exec(`INSERT INTO provider_miss (who, at) VALUES ($1, $2)`, q.miss(who), millis(at)); err != nil {
			return err
		}
	}
	return nil
}

// Misses implements provider.Store.
func (q Provider) Misses(tx *store.Tx, who string, since time.Time) (n int, err error) {
	err = tx.Row(`SELECT COUNT(*) FROM provider_miss WHERE who = $1 AND at > $2`, []any{q.miss(who), millis(since)}, &n)
	return n, err
}

// DeleteMisses implements provider.Store.
func (q Provider) DeleteMisses(tx *store.Tx, before time.Time) error {
	_, err := tx.Exec(`DELETE FROM provider_miss WHERE at < $1`, millis(before))
	return err
}
