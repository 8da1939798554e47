package sqlstore

import (
	"context"
	"errors"
	"time"

	"oots/internal/store"
	"oots/internal/web"
)

// Sessions are the sessions of browsers; they survive a restart.
type Sessions struct {
	s   *Store
	now func() time.Time
}

// Sessions returns the store of sessions; now judges their expiry.
func (s *Store) Sessions(now func() time.Time) Sessions { return Sessions{s, now} }

// Get implements web.SessionStore.
func (s Sessions) Get(ctx context.Context, key string) ([]byte, error) {
	var sealed []byte
	err := s.s.DB.View(ctx, func(tx *store.Tx) error {
		return tx.Row(`SELECT data FROM web_session WHERE session_key = $1 AND expires_at > $2`, []any{key, millis(s.now())}, &sealed)
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, web.ErrNoSession
	}
	if err != nil {
		return nil, err
	}
	return s.s.Seal.Open(sealed, "session:"+key)
}

// Put implements web.SessionStore. It forgets sessions that have expired.
func (s Sessions) Put(ctx context.Context, key string, value []byte, expires time.Time) error {
	return s.s.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(`DELETE FROM web_session WHERE expires_at <= $1`, millis(s.now())); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO web_session (session_key, data, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT (session_key) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
			key, s.s.Seal.Seal(value, "session:"+key), millis(expires))
		return err
	})
}

// Delete implements web.SessionStore.
func (s Sessions) Delete(ctx context.Context, key string) error {
	return s.s.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM web_session WHERE session_key = $1`, key)
		return err
	})
}
