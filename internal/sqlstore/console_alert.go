package sqlstore

import (
	"encoding/json"
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
	_, err = tx.Exec(`INSERT INTO alert_message (id, teller, about, position, alert, attempts, queued_at, due_at)
		VALUES ($1, $2, $3, (SELECT COALESCE(MAX(position), 0) + 1 FROM alert_message), $4, 0, $5, $5)`, m.ID, m.Teller, m.Alert.ID, string(b), millis(at))
	return err
}

// Claim implements alert.Store.
func (Alerts) Claim(tx *store.Tx, teller string, now, until time.Time) (alert.Message, error) {
	m := alert.Message{Teller: teller}
	var text string
	err := tx.Row(`UPDATE alert_message SET attempts = attempts + 1, due_at = $1 WHERE position = (
			SELECT position FROM alert_message m WHERE teller = $2 AND due_at <= $3 AND NOT EXISTS (
				SELECT 1 FROM alert_message o WHERE o.teller = m.teller AND o.about = m.about AND o.position < m.position)
			ORDER BY attempts, position LIMIT 1)
		RETURNING id, alert, attempts`, []any{millis(until), teller, millis(now)}, &m.ID, &text, &m.Attempts)
	if err != nil {
		return alert.Message{}, err
	}
	if err := json.Unmarshal([]byte(text), &m.Alert); err != nil {
		m.Alert = alert.Alert{}
	}
	return m, nil
}

// Told implements alert.Store.
func (Alerts) Told(tx *store.Tx, id, teller string) error {
	_, err := tx.Exec(`DELETE FROM alert_message WHERE id = $1 AND teller = $2`, id, teller)
	return err
}

// Again implements alert.Store.
func (Alerts) Again(tx *store.Tx, id, teller string, at time.Time) error {
	_, err := tx.Exec(`UPDATE alert_message SET due_at = $1 WHERE id = $2 AND teller = $3`, millis(at), id, teller)
	return err
}

// Forget implements alert.Store.
func (Alerts) Forget(tx *store.Tx, before time.Time) error {
	_, err := tx.Exec(`DELETE FROM alert_message WHERE queued_at < $1`, millis(before))
	return err
}
