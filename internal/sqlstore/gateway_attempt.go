package sqlstore

import (
	"encoding/json"
	"time"

	"oots/internal/gateway"
	"oots/internal/store"
)

// tables are the tables of the boxes.
var tables = [...]struct {
	box     gateway.Box
	table   string
	created string
}{{gateway.Out, "gateway_outbox", "created_at"}, {gateway.In, "gateway_inbox", "received_at"}}

func tableOf(b gateway.Box) string {
	if b == gateway.In {
		return tables[1].table
	}
	return tables[0].table
}

// PutAttempt implements gateway.Store.
func (Gateway) PutAttempt(tx *store.Tx, k gateway.Key, a gateway.Attempt) error {
	layers := ""
	if len(a.Layers) > 0 {
		b, err := json.Marshal(a.Layers)
		if err != nil {
			return err
		}
		layers = string(b)
	}
	_, err := tx.Exec(`INSERT INTO gateway_attempt (box, message_id, position, at, number, duration, outcome, code, detail, status, layers)
		SELECT $1, $2, COALESCE(MAX(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10 FROM gateway_attempt WHERE box = $11 AND message_id = $12`,
		k.Box, k.MessageID, millis(a.At), a.Number, a.Duration.Microseconds(), a.Outcome, a.Code, a.Detail, a.Status, layers, k.Box, k.MessageID)
	return err
}

func attempts(tx *store.Tx, k gateway.Key) ([]gateway.Attempt, error) {
	rows, err := tx.Query(`SELECT at, number, duration, outcome, code, detail, status, layers FROM gateway_attempt
		WHERE box = $1 AND message_id = $2 ORDER BY position`, k.Box, k.MessageID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []gateway.Attempt
	for rows.Next() {
		var a gateway.Attempt
		var at, duration int64
		var layers string
		if err := rows.Scan(&at, &a.Number, &duration, &a.Outcome, &a.Code, &a.Detail, &a.Status, &layers); err != nil {
			return nil, err
		}
		a.At, a.Duration = instant(at), time.Duration(duration)*time.Microsecond
		if err := unmarshal(layers, &a.Layers); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// Keep implements gateway.Store.
func (Gateway) Keep(tx *store.Tx, k gateway.Key, until time.Time) error {
	return one(tx.Exec(`UPDATE `+tableOf(k.Box)+` SET purge_at = $1 WHERE message_id = $2 AND deleted_at = 0`, millis(until), k.MessageID))
}

// Erase implements gateway.Store. What a back end has taken over is not deleted but its own.
func (g Gateway) Erase(tx *store.Tx, k gateway.Key, at, forget time.Time) (string, error) {
	secret := ""
	if k.Box == gateway.Out {
		secret = ", secret = NULL"
	}
	var digest string
	err := tx.Row(`UPDATE `+tableOf(k.Box)+` SET deleted_at = $1, purge_at = 0, forget_at = $2`+secret+` WHERE message_id = $3 AND deleted_at = 0
		AND state NOT IN ($4, $5, $6, $7) RETURNING payload_digest`,
		[]any{millis(at), millis(forget), k.MessageID, gateway.Waiting, gateway.Sending, gateway.Received, gateway.Handling}, &digest)
	if err != nil {
		return "", err
	}
	n, err := g.dropParts(tx, box(k.Box), k.MessageID)
	if n == 0 {
		digest = ""
	}
	return digest, err
}

// Expired implements gateway.Store.
func (Gateway) Expired(tx *store.Tx, now time.Time, limit int) ([]gateway.Key, error) {
	var out []gateway.Key
	for _, t := range tables {
		ids, err := texts(tx, `SELECT message_id FROM `+t.table+` WHERE purge_at > 0 AND purge_at <= $1 AND deleted_at = 0
			AND state NOT IN ($2, $3, $4, $5) ORDER BY purge_at LIMIT $6`,
			millis(now), gateway.Waiting, gateway.Sending, gateway.Received, gateway.Handling, limit-len(out))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			out = append(out, gateway.Key{Box: t.box, MessageID: id})
		}
	}
	return out, nil
}

// Forget implements gateway.Store.
func (g Gateway) Forget(tx *store.Tx, now time.Time, limit int) (int64, error) {
	var n int64
	for _, t := range tables {
		ids, err := texts(tx, `SELECT message_id FROM `+t.table+` WHERE forget_at > 0 AND forget_at <= $1 AND deleted_at > 0 ORDER BY forget_at LIMIT $2`,
			millis(now), limit)
		if err != nil {
			return n, err
		}
		for _, id := range ids {
			if _, err := tx.Exec(`DELETE FROM gateway_attempt WHERE box = $1 AND message_id = $2`, t.box, id); err != nil {
				return n, err
			}
			deleted, err := tx.Exec(`DELETE FROM `+t.table+` WHERE message_id = $1`, id)
			if err != nil {
				return n, err
			}
			n += deleted
			tx.After(func() { g.s.erased.Store(true) })
		}
	}
	return n, nil
}
