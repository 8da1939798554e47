package sqlstore

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"oots/edelivery/as4"
	"oots/internal/gateway"
	"oots/internal/store"
)

// outboxSecret is what of an entity must not lie readable: who has it can open the parts.
type outboxSecret struct {
	Key []byte
	IVs [][]byte
}

// PutOutbound implements gateway.Store.
func (g Gateway) PutOutbound(tx *store.Tx, o gateway.Outbound) error {
	refs, err := json.Marshal(o.Entity.References)
	if err != nil {
		return err
	}
	secret := outboxSecret{Key: o.Entity.Key}
	for _, p := range o.Entity.Parts {
		secret.IVs = append(secret.IVs, p.IV)
	}
	plain, err := json.Marshal(secret)
	if err != nil {
		return err
	}
	terms, err := marshal(o.Plan, o.Keeping, o.Parts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO gateway_outbox (message_id, peer_type, peer, action, conversation_id, state, attempts, next_attempt,
		lease_owner, lease_until, created_at, settled_at, error_code, content_type, boundary, envelope, secret, signed_refs, receipt,
		service, ref_to, size, parts, part_facts, payload_digest, plan, keeping, started_at, expires_at, written_at, silent)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '', 0, $8, 0, '', $9, $10, $11, $12, $13, NULL,
			$14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`,
		o.MessageID, o.To.Type, o.To.Value, o.Action, o.ConversationID, o.State, millis(o.NextAttempt), millis(o.CreatedAt),
		o.Entity.ContentType, o.Entity.Boundary, o.Entity.Envelope, g.s.Seal.Seal(plain, "outbox:"+o.MessageID), string(refs),
		o.Service, o.RefToMessageID, total(o.Parts), len(o.Parts), terms[2], gateway.PayloadDigest(o.Entity.References), terms[0], terms[1],
		millis(o.StartedAt), millis(o.ExpiresAt), millis(o.CreatedAt), flag(o.Silent))
	if err != nil {
		return err
	}
	for i, p := range o.Entity.Parts {
		if err := g.putPart(tx, outbox, o.MessageID, i, part{contentID: p.ContentID, content: p.Content}); err != nil {
			return err
		}
	}
	return nil
}

// marshal gives the JSON of each value.
func marshal(values ...any) ([]string, error) {
	out := make([]string, len(values))
	for i, v := range values {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		out[i] = string(b)
	}
	return out, nil
}

// unmarshal reads a column that older rows have empty.
func unmarshal(column string, v any) error {
	if column == "" {
		return nil
	}
	return json.Unmarshal([]byte(column), v)
}

func total(parts []gateway.PartFacts) (n int64) {
	for _, p := range parts {
		n += p.Size
	}
	return n
}

// Due implements gateway.Store. It steps from partner to partner over the index, however much waits for each.
func (Gateway) Due(tx *store.Tx, now time.Time, limit int) ([]gateway.Due, error) {
	rows, err := tx.Query(`WITH RECURSIVE p(peer) AS (
			SELECT MIN(peer) FROM gateway_outbox WHERE state = $1
			UNION ALL
			SELECT (SELECT MIN(o.peer) FROM gateway_outbox o WHERE o.state = $2 AND o.peer > p.peer) FROM p WHERE p.peer IS NOT NULL)
		SELECT p.peer, (SELECT COUNT(*) FROM (SELECT 1 FROM gateway_outbox o WHERE o.state = $3 AND o.peer = p.peer AND o.next_attempt <= $4 LIMIT $5) AS d)
		FROM p WHERE p.peer IS NOT NULL`, gateway.Waiting, gateway.Waiting, gateway.Waiting, millis(now), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []gateway.Due
	for rows.Next() {
		var d gateway.Due
		if err := rows.Scan(&d.Partner, &d.Count); err != nil {
			return nil, err
		}
		if d.Count > 0 {
			out = append(out, d)
		}
	}
	return out, rows.Err()
}

const outboxColumns = `message_id, peer_type, peer, service, action, conversation_id, ref_to, state, attempts, next_attempt, created_at, settled_at,
	error_code, content_type, boundary, envelope, signed_refs, plan, keeping, part_facts, started_at, expires_at, silent, deleted_at`

// An outboxRow receives outboxColumns.
type outboxRow struct {
	o                                                        gateway.Outbound
	refs, plan, keeping, facts                               string
	next, created, settled, started, expires, silent, erased int64
}

func (r *outboxRow) dest() []any {
	o := &r.o
	o.Entity = &as4.Entity{}
	return []any{&o.MessageID, &o.To.Type, &o.To.Value, &o.Service, &o.Action, &o.ConversationID, &o.RefToMessageID, &o.State, &o.Attempts,
		&r.next, &r.created, &r.settled, &o.ErrorCode, &o.Entity.ContentType, &o.Entity.Boundary, &o.Entity.Envelope, &r.refs,
		&r.plan, &r.keeping, &r.facts, &r.started, &r.expires, &r.silent, &r.erased}
}

// outbound is what could be read of the row, and in Unreadable what not.
func (r *outboxRow) outbound() gateway.Outbound {
	o := &r.o
	o.NextAttempt, o.CreatedAt, o.SettledAt = instant(r.next), instant(r.created), instant(r.settled)
	o.StartedAt, o.ExpiresAt, o.Deleted, o.Silent = instant(r.started), instant(r.expires), instant(r.erased), r.silent != 0
	for _, c := range []struct {
		name, column string
		v            any
	}{{"signed references", r.refs, &o.Entity.References}, {"retry plan", r.plan, &o.Plan}, {"retention", r.keeping, &o.Keeping}, {"facts of the parts", r.facts, &o.Parts}} {
		if err := unmarshal(c.column, c.v); err != nil {
			o.Unreadable = errors.Join(o.Unreadable, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	return *o
}

// ClaimOutbound implements gateway.Store. A message is claimed although it cannot be read: otherwise it would remain the one
// that is due longest, and nothing else would ever go to its partner.
func (g Gateway) ClaimOutbound(tx *store.Tx, c gateway.Claim) (gateway.Outbound, error) {
	var r outboxRow
	var sealed []byte
	args := []any{gateway.Sending, c.Owner, millis(c.Until), millis(c.Now), gateway.Waiting, c.Partner, millis(c.Now)}
	named := ""
	if c.MessageID != "" {
		named = " AND message_id = $8"
		args = append(args, c.MessageID)
	}
	err := tx.Row(`UPDATE gateway_outbox SET state = $1, attempts = attempts + 1, lease_owner = $2, lease_until = $3, written_at = $4
		WHERE message_id = (SELECT message_id FROM gateway_outbox WHERE state = $5 AND peer = $6 AND next_attempt <= $7`+named+` ORDER BY next_attempt LIMIT 1)
		RETURNING `+outboxColumns+`, secret`, args, append(r.dest(), &sealed)...)
	if err != nil {
		return gateway.Outbound{}, err
	}
	o := r.outbound()
	if err := g.openEntity(tx, o.MessageID, o.Entity, sealed); err != nil {
		o.Unreadable = errors.Join(o.Unreadable, err)
		return o, tx.Context().Err()
	}
	return o, nil
}

// openEntity fills e with what is sealed and with its parts.
func (g Gateway) openEntity(tx *store.Tx, messageID string, e *as4.Entity, sealed []byte) error {
	var secret outboxSecret
	plain, err := g.s.Seal.Open(sealed, "outbox:"+messageID)
	if err == nil {
		err = json.Unmarshal(plain, &secret)
	}
	if err != nil {
		return fmt.Errorf("key of the message: %w", err)
	}
	parts, err := g.parts(tx, outbox, messageID)
	if err != nil {
		return err
	}
	if len(parts) != len(secret.IVs) {
		return fmt.Errorf("%d parts, %d nonces", len(parts), len(secret.IVs))
	}
	e.Key = secret.Key
	for i, p := range parts {
		e.Parts = append(e.Parts, as4.EntityPart{ContentID: p.contentID, IV: secret.IVs[i], Content: p.content})
	}
	return nil
}

// Outbound implements gateway.Store.
func (g Gateway) Outbound(tx *store.Tx, messageID string) (gateway.Outbound, error) {
	var r outboxRow
	if err := tx.Row(`SELECT `+outboxColumns+` FROM gateway_outbox WHERE message_id = $1`, []any{messageID}, r.dest()...); err != nil {
		return gateway.Outbound{}, err
	}
	return r.outbound(), nil
}

// ConcludeOutbound implements gateway.Store.
func (g Gateway) ConcludeOutbound(tx *store.Tx, messageID string, s gateway.State, code string, receipt []byte, at time.Time) error {
	from := []gateway.State{gateway.Waiting, gateway.Sending}
	if s == gateway.Acknowledged {
		from = append(from, gateway.Undelivered, gateway.Unclear, gateway.Cancelled, gateway.Resolved)
	}
	args := []any{s, code, receipt, millis(at), messageID}
	return one(tx.Exec(`UPDATE gateway_outbox SET state = $1, error_code = $2, receipt = $3, settled_at = $4, lease_owner = '', lease_until = 0
		WHERE message_id = $5`+among("state", &args, from), args...))
}

// ExtendOutbound implements gateway.Store.
func (g Gateway) ExtendOutbound(tx *store.Tx, messageID, owner string, until time.Time) error {
	return one(tx.Exec(`UPDATE gateway_outbox SET lease_until = $1 WHERE message_id = $2 AND state = $3 AND lease_owner = $4`,
		millis(until), messageID, gateway.Sending, owner))
}

// SettleOutbound implements gateway.Store; envelope and receipt stay as evidence.
func (g Gateway) SettleOutbound(tx *store.Tx, messageID, owner string, s gateway.State, code string, receipt []byte, at time.Time) error {
	return one(tx.Exec(`UPDATE gateway_outbox SET state = $1, error_code = $2, receipt = $3, settled_at = $4, lease_owner = '', lease_until = 0
		WHERE message_id = $5 AND state = $6 AND lease_owner = $7`,
		s, code, receipt, millis(at), messageID, gateway.Sending, owner))
}

// RetryOutbound implements gateway.Store.
func (g Gateway) RetryOutbound(tx *store.Tx, messageID, owner, code string, next time.Time) error {
	return g.retry(tx, 0, messageID, owner, code, next)
}

// PostponeOutbound implements gateway.Store.
func (g Gateway) PostponeOutbound(tx *store.Tx, messageID, owner, code string, next time.Time) error {
	return g.retry(tx, 1, messageID, owner, code, next)
}

func (g Gateway) retry(tx *store.Tx, uncounted int, messageID, owner, code string, next time.Time) error {
	return one(tx.Exec(`UPDATE gateway_outbox SET state = $1, error_code = $2, next_attempt = $3, attempts = attempts - $4, lease_owner = '', lease_until = 0
		WHERE message_id = $5 AND state = $6 AND lease_owner = $7`,
		gateway.Waiting, code, millis(next), uncounted, messageID, gateway.Sending, owner))
}

// Overdue implements gateway.Store.
func (Gateway) Overdue(tx *store.Tx, partner string, now time.Time, limit int) ([]string, error) {
	return texts(tx, `SELECT message_id FROM gateway_outbox WHERE state = $1 AND peer = $2 AND next_attempt <= $3 AND expires_at > 0 AND expires_at <= $4
		ORDER BY next_attempt LIMIT $5`, gateway.Waiting, partner, millis(now), millis(now), limit)
}

// MoveOutbound implements gateway.Store.
func (Gateway) MoveOutbound(tx *store.Tx, messageID string, from []gateway.State, to gateway.State, code string, at time.Time) error {
	args := []any{to, code, millis(at), messageID}
	return one(tx.Exec(`UPDATE gateway_outbox SET state = $1, error_code = $2, settled_at = $3, lease_owner = '', lease_until = 0
		WHERE message_id = $4`+among("state", &args, from), args...))
}

// ResendOutbound implements gateway.Store.
func (Gateway) ResendOutbound(tx *store.Tx, messageID string, from []gateway.State, at, expires time.Time) error {
	args := []any{gateway.Waiting, millis(at), millis(at), millis(at), millis(expires), messageID}
	return one(tx.Exec(`UPDATE gateway_outbox SET state = $1, attempts = 0, next_attempt = $2, written_at = $3, started_at = $4, expires_at = $5,
			settled_at = 0, purge_at = 0, lease_owner = '', lease_until = 0
		WHERE message_id = $6 AND deleted_at = 0 AND secret IS NOT NULL`+among("state", &args, from), args...))
}
