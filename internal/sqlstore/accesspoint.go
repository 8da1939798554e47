package sqlstore

import (
	"time"

	"oots/internal/backend"
	"oots/internal/gateway"
	"oots/internal/store"
)

// AccessPoint is what an access point in service asks of its store as a whole.
type AccessPoint struct{ s *Store }

// AccessPoint returns the store's view for health and figures.
func (s *Store) AccessPoint() AccessPoint { return AccessPoint{s} }

// Beat writes that a process is at work: the proof that the database takes what is written.
func (AccessPoint) Beat(tx *store.Tx, node, version string, at time.Time) error {
	_, err := tx.Exec(`INSERT INTO accesspoint_node (name, version, seen_at) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET version = excluded.version, seen_at = excluded.seen_at`, node, version, millis(at))
	return err
}

// OldestOutbound is when the oldest message was submitted that waits or is being sent; zero when none is.
func (AccessPoint) OldestOutbound(tx *store.Tx) (time.Time, error) {
	var at int64
	err := tx.Row(`SELECT COALESCE(MIN(created_at), 0) FROM gateway_outbox WHERE state = $1 OR state = $2`, []any{gateway.Waiting, gateway.Sending}, &at)
	return instant(at), err
}

// A Load is how much waits for back ends.
type Load struct {
	Pending       int       // received messages that no back end has marked as downloaded
	OldestPending time.Time // zero when there is none
	Notices       int       // to be told
	NoticesFailed int       // wait for an operator
	PartBytes     int64     // bytes of payloads that are kept, before encryption
}

// Load counts.
func (AccessPoint) Load(tx *store.Tx) (l Load, err error) {
	var oldest int64
	if err := tx.Row(`SELECT COUNT(*), COALESCE(MIN(received_at), 0) FROM backend_received WHERE state = $1`, []any{backend.Ready}, &l.Pending, &oldest); err != nil {
		return Load{}, err
	}
	l.OldestPending = instant(oldest)
	err = tx.Row(`SELECT COALESCE(SUM(CASE WHEN state = $1 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state = $2 THEN 0 ELSE 1 END), 0)
		FROM backend_notice WHERE state <> $3`, []any{backend.NoticeFailed, backend.NoticeFailed, backend.NoticeDone}, &l.NoticesFailed, &l.Notices)
	if err != nil {
		return Load{}, err
	}
	return l, tx.Row(`SELECT COALESCE(SUM(size), 0) FROM gateway_part`, nil, &l.PartBytes)
}
