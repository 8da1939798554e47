package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"

	"oots/internal/alert"
	"oots/internal/store"
)

// Alerts is the store of the alerts of an access point.
type Alerts struct{}

// Alerts returns the store of alerts.
func (s *Store) Alerts() Alerts { return Alerts{} }

const alertColumns = `SELECT id, kind, subject, value, threshold, detail, raised_at, cleared_at FROM alert `

// Open implements alert.Store.
func (Alerts) Open(tx *store.Tx) ([]alert.Alert, error) {
	return alerts(tx, alertColumns+`WHERE cleared_at = 0 ORDER BY raised_at, id`)
}

// Recent implements alert.Store.
func (Alerts) Recent(tx *store.Tx, limit int) ([]alert.Alert, error) {
	return alerts(tx, alertColumns+`ORDER BY CASE WHEN cleared_at = 0 THEN 0 ELSE 1 END, raised_at DESC, id LIMIT $1`, limit)
}

func alerts(tx *store.Tx, query string, args ...any) ([]alert.Alert, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []alert.Alert
	for rows.Next() {
		var a alert.Alert
		var raised, cleared int64
		if err := rows.Scan(&a.ID, &a.Kind, &a.Subject, &a.Value, &a.Limit, &a.Detail, &raised, &cleared); err != nil {
			return nil, err
		}
		a.Raised, a.Cleared = instant(raised), instant(cleared)
		out = append(out, a)
	}
	return out, rows.Err()
}

// Put implements alert.Store.
func (Alerts) Put(tx *store.Tx, a alert.Alert) error {
	_, err := tx.Exec(`INSERT INTO alert (id, kind, subject, value, threshold, detail, raised_at, cleared_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET value = excluded.value, detail = excluded.detail, cleared_at = excluded.cleared_at`,
		a.ID, string(a.Kind), a.Subject, a.Value, a.Limit, a.Detail, millis(a.Raised), millis(a.Cleared))
	return err
}

// Enqueue implements alert.Store.
func (Alerts) Enqueue(tx *store.Tx, m alert.Message, at time.Time) error {
	b, err := json.Marshal(m.Alert)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO alert_message (id, position, alert, attempts, due_at)
		VALUES ($1, (SELECT COALESCE(MAX(position), 0) + 1 FROM alert_message), $2, 0, $3)`, m.ID, string(b), millis(at))
	return err
}

// Claim implements alert.Store.
func (Alerts) Claim(tx *store.Tx, now, until time.Time) (alert.Message, error) {
	var m alert.Message
	var text string
	err := tx.Row(`UPDATE alert_message SET attempts = attempts + 1, due_at = $1
		WHERE position = (SELECT MIN(position) FROM alert_message) AND due_at <= $2
		RETURNING id, alert, attempts`, []any{millis(until), millis(now)}, &m.ID, &text, &m.Attempts)
	if err != nil {
		return alert.Message{}, err
	}
	if err := json.Unmarshal([]byte(text), &m.Alert); err != nil {
		return alert.Message{}, fmt.Errorf("message %s of an alert: %w", m.ID, err)
	}
	return m, nil
}

// Told implements alert.Store.
func (Alerts) Told(tx *store.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM alert_message WHERE id = $1`, id)
	return err
}

// Again implements alert.Store.
func (Alerts) Again(tx *store.Tx, id string, at time.Time) error {
	_, err := tx.Exec(`UPDATE alert_message SET due_at = $1 WHERE id = $2`, millis(at), id)
	return err
}
