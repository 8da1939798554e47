package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/gateway"
	"oots/internal/store"
)

// PutInbound implements gateway.Store.
func (g Gateway) PutInbound(tx *store.Tx, in gateway.Inbound) error {
	m := &in.Message
	header, err := json.Marshal(m)
	if err != nil {
		return err
	}
	var parts []gateway.PartFacts
	for _, p := range in.Payloads {
		f := gateway.PartFacts{ContentID: p.ContentID, MimeType: p.MimeType}
		if p.Content != nil {
			f.Size = p.Content.Size()
		}
		parts = append(parts, f)
	}
	facts, err := marshal(parts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO gateway_inbox (message_id, peer_type, peer, action, conversation_id, fingerprint, state, attempts, next_attempt,
		lease_owner, lease_until, received_at, settled_at, receipt_type, receipt, envelope, message,
		service, ref_to, size, parts, part_facts, payload_digest, written_at, purge_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, '', 0, $9, 0, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
		m.MessageID, m.From.ID.Type, m.From.ID.Value, m.Action, m.ConversationID, in.Fingerprint, in.State, millis(in.NextAttempt),
		millis(in.ReceivedAt), in.ReceiptType, in.Receipt, in.Envelope, g.s.Seal.Seal(header, "inbox:"+m.MessageID),
		m.Service.Value, m.RefToMessageID, total(parts), len(parts), facts[0], in.PayloadDigest, millis(in.ReceivedAt), millis(in.PurgeAt))
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

const inboxColumns = `message_id, peer_type, peer, service, action, conversation_id, ref_to, fingerprint, state, attempts, next_attempt, received_at, receipt_type, receipt, message, payload_digest`

// Inbound implements gateway.Store; the payloads are not read.
func (g Gateway) Inbound(tx *store.Tx, messageID string) (gateway.Inbound, error) {
	return g.inbound(tx, `SELECT `+inboxColumns+` FROM gateway_inbox WHERE message_id = $1`, messageID)
}

// ClaimInbound implements gateway.Store: the row that is due longest, with its payloads. It is claimed although it cannot be
// read: otherwise it would remain the one that is due longest, and no other would ever have its turn.
func (g Gateway) ClaimInbound(tx *store.Tx, now time.Time, owner string, until time.Time) (gateway.Inbound, error) {
	in, err := g.inbound(tx, `UPDATE gateway_inbox SET state = $1, attempts = attempts + 1, lease_owner = $2, lease_until = $3, written_at = $4
		WHERE message_id = (SELECT message_id FROM gateway_inbox WHERE state = $5 AND next_attempt <= $6 ORDER BY next_attempt LIMIT 1)
		RETURNING `+inboxColumns,
		gateway.Handling, owner, millis(until), millis(now), gateway.Received, millis(now))
	if err != nil || in.Unreadable != nil {
		return in, err
	}
	parts, err := g.parts(tx, inbox, in.Message.MessageID)
	if err != nil {
		in.Unreadable = err
		return in, tx.Context().Err()
	}
	for _, p := range parts {
		in.Payloads = append(in.Payloads, as4.Payload{ContentID: p.contentID, MimeType: p.mimeType, Content: p.content})
	}
	return in, nil
}

func (g Gateway) inbound(tx *store.Tx, query string, args ...any) (gateway.Inbound, error) {
	var in gateway.Inbound
	m := &in.Message
	var header []byte
	var next, received int64
	err := tx.Row(query, args, &m.MessageID, &m.From.ID.Type, &m.From.ID.Value, &m.Service.Value, &m.Action, &m.ConversationID, &m.RefToMessageID, &in.Fingerprint, &in.State, &in.Attempts, &next, &received, &in.ReceiptType, &in.Receipt, &header, &in.PayloadDigest)
	if err != nil {
		return gateway.Inbound{}, err
	}
	in.NextAttempt, in.ReceivedAt = instant(next), instant(received)
	var all ebms.UserMessage
	plain, err := g.s.Seal.Open(header, "inbox:"+m.MessageID)
	if err == nil {
		err = json.Unmarshal(plain, &all)
	}
	if err != nil {
		in.Unreadable = fmt.Errorf("header: %w", err)
		return in, nil
	}
	in.Message = all
	return in, nil
}

// SettleInbound implements gateway.Store.
func (g Gateway) SettleInbound(tx *store.Tx, messageID, owner string, s gateway.State, at time.Time) error {
	return one(tx.Exec(`UPDATE gateway_inbox SET state = $1, settled_at = $2, lease_owner = '', lease_until = 0
		WHERE message_id = $3 AND state = $4 AND lease_owner = $5`,
		s, millis(at), messageID, gateway.Handling, owner))
}

// RetryInbound implements gateway.Store.
func (g Gateway) RetryInbound(tx *store.Tx, messageID, owner string, next time.Time) error {
	return one(tx.Exec(`UPDATE gateway_inbox SET state = $1, next_attempt = $2, lease_owner = '', lease_until = 0
		WHERE message_id = $3 AND state = $4 AND lease_owner = $5`,
		gateway.Received, millis(next), messageID, gateway.Handling, owner))
}

// MoveInbound implements gateway.Store. A message that is to be handed over once more begins with its first attempt.
func (Gateway) MoveInbound(tx *store.Tx, messageID string, from []gateway.State, to gateway.State, at time.Time) error {
	if to == gateway.Received {
		args := []any{to, millis(at), millis(at), messageID}
		return one(tx.Exec(`UPDATE gateway_inbox SET state = $1, settled_at = 0, attempts = 0, next_attempt = $2, written_at = $3, lease_owner = '', lease_until = 0
			WHERE message_id = $4 AND deleted_at = 0`+among("state", &args, from), args...))
	}
	args := []any{to, millis(at), messageID}
	return one(tx.Exec(`UPDATE gateway_inbox SET state = $1, settled_at = $2, lease_owner = '', lease_until = 0
		WHERE message_id = $3`+among("state", &args, from), args...))
}
