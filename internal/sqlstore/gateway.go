package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/gateway"
	"oots/internal/store"
)

// Gateway is the outbox and inbox of the access point.
type Gateway struct{ s *Store }

// Gateway returns the store of the access point.
func (s *Store) Gateway() Gateway { return Gateway{s} }

// Update implements gateway.Store.
func (g Gateway) Update(ctx context.Context, f func(*store.Tx) error) error {
	return g.s.DB.Update(ctx, f)
}

// View implements gateway.Store.
func (g Gateway) View(ctx context.Context, f func(*store.Tx) error) error {
	return g.s.DB.View(ctx, f)
}

// Release implements gateway.Store.
func (g Gateway) Release(tx *store.Tx, owner string) error {
	if _, err := tx.Exec(`UPDATE gateway_outbox SET state = $1, lease_owner = '', lease_until = 0 WHERE state = $2 AND lease_owner = $3`,
		gateway.Waiting, gateway.Sending, owner); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE gateway_inbox SET state = $1, lease_owner = '', lease_until = 0 WHERE state = $2 AND lease_owner = $3`,
		gateway.Received, gateway.Handling, owner)
	return err
}

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
	_, err = tx.Exec(`INSERT INTO gateway_outbox (message_id, peer_type, peer, action, conversation_id, state, attempts, next_attempt,
		lease_owner, lease_until, created_at, settled_at, error_code, content_type, boundary, envelope, secret, signed_refs, receipt)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '', 0, $8, 0, '', $9, $10, $11, $12, $13, NULL)`,
		o.MessageID, o.To.Type, o.To.Value, o.Action, o.ConversationID, o.State, millis(o.NextAttempt), millis(o.CreatedAt),
		o.Entity.ContentType, o.Entity.Boundary, o.Entity.Envelope, g.s.Seal.Seal(plain, "outbox:"+o.MessageID), string(refs))
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

// ClaimOutbound implements gateway.Store: the row that is due longest, waiting or left by a dead sender.
func (g Gateway) ClaimOutbound(tx *store.Tx, now time.Time, owner string, until time.Time) (gateway.Outbound, error) {
	o := gateway.Outbound{Entity: &as4.Entity{}}
	var refs string
	var sealed []byte
	var created, next int64
	err := tx.Row(`UPDATE gateway_outbox SET state = $1, attempts = attempts + 1, lease_owner = $2, lease_until = $3
		WHERE message_id = (SELECT message_id FROM gateway_outbox
			WHERE (state = $4 AND next_attempt <= $5) OR (state = $6 AND lease_until <= $7)
			ORDER BY next_attempt, message_id LIMIT 1)
		RETURNING message_id, peer_type, peer, action, conversation_id, state, attempts, next_attempt, created_at, error_code,
			content_type, boundary, envelope, secret, signed_refs`,
		[]any{gateway.Sending, owner, millis(until), gateway.Waiting, millis(now), gateway.Sending, millis(now)},
		&o.MessageID, &o.To.Type, &o.To.Value, &o.Action, &o.ConversationID, &o.State, &o.Attempts, &next, &created, &o.ErrorCode,
		&o.Entity.ContentType, &o.Entity.Boundary, &o.Entity.Envelope, &sealed, &refs)
	if err != nil {
		return gateway.Outbound{}, err
	}
	o.NextAttempt, o.CreatedAt = instant(next), instant(created)
	if err := g.openEntity(tx, o.MessageID, o.Entity, sealed, refs); err != nil {
		return gateway.Outbound{}, fmt.Errorf("message %s: %w", o.MessageID, err)
	}
	return o, nil
}

// openEntity fills e with what is sealed and with its parts.
func (g Gateway) openEntity(tx *store.Tx, messageID string, e *as4.Entity, sealed []byte, refs string) error {
	if err := json.Unmarshal([]byte(refs), &e.References); err != nil {
		return err
	}
	plain, err := g.s.Seal.Open(sealed, "outbox:"+messageID)
	if err != nil {
		return err
	}
	var secret outboxSecret
	if err := json.Unmarshal(plain, &secret); err != nil {
		return err
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
	o := gateway.Outbound{Entity: &as4.Entity{}}
	var refs string
	err := tx.Row(`SELECT message_id, peer_type, peer, action, conversation_id, state, attempts, signed_refs FROM gateway_outbox
		WHERE message_id = $1 AND (state = $2 OR state = $3)`,
		[]any{messageID, gateway.Waiting, gateway.Sending},
		&o.MessageID, &o.To.Type, &o.To.Value, &o.Action, &o.ConversationID, &o.State, &o.Attempts, &refs)
	if err != nil {
		return gateway.Outbound{}, err
	}
	return o, json.Unmarshal([]byte(refs), &o.Entity.References)
}

// ConcludeOutbound implements gateway.Store.
func (g Gateway) ConcludeOutbound(tx *store.Tx, messageID string, s gateway.State, code string, receipt []byte, at time.Time) error {
	err := one(tx.Exec(`UPDATE gateway_outbox SET state = $1, error_code = $2, receipt = $3, settled_at = $4, secret = NULL, lease_owner = '', lease_until = 0
		WHERE message_id = $5 AND (state = $6 OR state = $7)`,
		s, code, receipt, millis(at), messageID, gateway.Waiting, gateway.Sending))
	if err != nil {
		return err
	}
	return g.deleteParts(tx, outbox, messageID)
}

// ExtendOutbound implements gateway.Store.
func (g Gateway) ExtendOutbound(tx *store.Tx, messageID, owner string, until time.Time) error {
	return one(tx.Exec(`UPDATE gateway_outbox SET lease_until = $1 WHERE message_id = $2 AND state = $3 AND lease_owner = $4`,
		millis(until), messageID, gateway.Sending, owner))
}

// SettleOutbound implements gateway.Store: parts and key are deleted, envelope and receipt stay as evidence.
func (g Gateway) SettleOutbound(tx *store.Tx, messageID, owner string, s gateway.State, code string, receipt []byte, at time.Time) error {
	err := one(tx.Exec(`UPDATE gateway_outbox SET state = $1, error_code = $2, receipt = $3, settled_at = $4, secret = NULL, lease_owner = '', lease_until = 0
		WHERE message_id = $5 AND state = $6 AND lease_owner = $7`,
		s, code, receipt, millis(at), messageID, gateway.Sending, owner))
	if err != nil {
		return err
	}
	return g.deleteParts(tx, outbox, messageID)
}

// RetryOutbound implements gateway.Store.
func (g Gateway) RetryOutbound(tx *store.Tx, messageID, owner, code string, next time.Time) error {
	return one(tx.Exec(`UPDATE gateway_outbox SET state = $1, error_code = $2, next_attempt = $3, lease_owner = '', lease_until = 0
		WHERE message_id = $4 AND state = $5 AND lease_owner = $6`,
		gateway.Waiting, code, millis(next), messageID, gateway.Sending, owner))
}

// PutInbound implements gateway.Store.
func (g Gateway) PutInbound(tx *store.Tx, in gateway.Inbound) error {
	m := &in.Message
	header, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO gateway_inbox (message_id, peer_type, peer, action, conversation_id, fingerprint, state, attempts, next_attempt,
		lease_owner, lease_until, received_at, settled_at, receipt_type, receipt, envelope, message)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, '', 0, $9, 0, $10, $11, $12, $13)`,
		m.MessageID, m.From.ID.Type, m.From.ID.Value, m.Action, m.ConversationID, in.Fingerprint, in.State, millis(in.NextAttempt),
		millis(in.ReceivedAt), in.ReceiptType, in.Receipt, in.Envelope, g.s.Seal.Seal(header, "inbox:"+m.MessageID))
	if err != nil || in.State == gateway.Tested {
		return err
	}
	for i, p := range in.Payloads {
		if err := g.putPart(tx, inbox, m.MessageID, i, part{contentID: p.ContentID, mimeType: p.MimeType, content: p.Content}); err != nil {
			return err
		}
	}
	return nil
}

const inboxColumns = `message_id, fingerprint, state, attempts, next_attempt, received_at, receipt_type, receipt, message`

// Inbound implements gateway.Store; the payloads are not read.
func (g Gateway) Inbound(tx *store.Tx, messageID string) (gateway.Inbound, error) {
	return g.inbound(tx, `SELECT `+inboxColumns+` FROM gateway_inbox WHERE message_id = $1`, messageID)
}

// ClaimInbound implements gateway.Store: the row that is due longest, with its payloads.
func (g Gateway) ClaimInbound(tx *store.Tx, now time.Time, owner string, until time.Time) (gateway.Inbound, error) {
	in, err := g.inbound(tx, `UPDATE gateway_inbox SET state = $1, attempts = attempts + 1, lease_owner = $2, lease_until = $3
		WHERE message_id = (SELECT message_id FROM gateway_inbox
			WHERE (state = $4 AND next_attempt <= $5) OR (state = $6 AND lease_until <= $7)
			ORDER BY next_attempt, message_id LIMIT 1)
		RETURNING `+inboxColumns,
		gateway.Handling, owner, millis(until), gateway.Received, millis(now), gateway.Handling, millis(now))
	if err != nil {
		return gateway.Inbound{}, err
	}
	parts, err := g.parts(tx, inbox, in.Message.MessageID)
	if err != nil {
		return gateway.Inbound{}, err
	}
	for _, p := range parts {
		in.Payloads = append(in.Payloads, as4.Payload{ContentID: p.contentID, MimeType: p.mimeType, Content: p.content})
	}
	return in, nil
}

func (g Gateway) inbound(tx *store.Tx, query string, args ...any) (gateway.Inbound, error) {
	var in gateway.Inbound
	var id string
	var header []byte
	var next, received int64
	if err := tx.Row(query, args, &id, &in.Fingerprint, &in.State, &in.Attempts, &next, &received, &in.ReceiptType, &in.Receipt, &header); err != nil {
		return gateway.Inbound{}, err
	}
	in.NextAttempt, in.ReceivedAt = instant(next), instant(received)
	plain, err := g.s.Seal.Open(header, "inbox:"+id)
	if err != nil {
		return gateway.Inbound{}, fmt.Errorf("message %s: %w", id, err)
	}
	var m ebms.UserMessage
	if err := json.Unmarshal(plain, &m); err != nil {
		return gateway.Inbound{}, fmt.Errorf("message %s: %w", id, err)
	}
	in.Message = m
	return in, nil
}

// SettleInbound implements gateway.Store: a handled message loses its payloads, a stuck one keeps them.
func (g Gateway) SettleInbound(tx *store.Tx, messageID, owner string, s gateway.State, at time.Time) error {
	err := one(tx.Exec(`UPDATE gateway_inbox SET state = $1, settled_at = $2, lease_owner = '', lease_until = 0
		WHERE message_id = $3 AND state = $4 AND lease_owner = $5`,
		s, millis(at), messageID, gateway.Handling, owner))
	if err != nil || s != gateway.Handled {
		return err
	}
	return g.deleteParts(tx, inbox, messageID)
}

// RetryInbound implements gateway.Store.
func (g Gateway) RetryInbound(tx *store.Tx, messageID, owner string, next time.Time) error {
	return one(tx.Exec(`UPDATE gateway_inbox SET state = $1, next_attempt = $2, lease_owner = '', lease_until = 0
		WHERE message_id = $3 AND state = $4 AND lease_owner = $5`,
		gateway.Received, millis(next), messageID, gateway.Handling, owner))
}

// one turns the row count of a conditional update into ErrNotFound when the condition did not hold.
func one(n int64, err error) error {
	if err == nil && n != 1 {
		return store.ErrNotFound
	}
	return err
}

// millis is the stored form of a time: milliseconds since 1970, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant reverses millis.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
