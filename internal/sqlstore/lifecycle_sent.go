package sqlstore

import (
	"oots/edm"
	"oots/internal/lifecycle"
	"oots/internal/store"
)

// AddSent implements lifecycle.SentStore.
func (Lifecycle) AddSent(tx *store.Tx, s lifecycle.Sent) (bool, error) {
	n, err := tx.Exec(`INSERT INTO lifecycle_sent (request, receiver_scheme, receiver, conversation_id, message_id, sent_at, state, answered_at, code, answer)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', NULL) ON CONFLICT (request) DO NOTHING`,
		s.Request, s.Receiver.Scheme, s.Receiver.Value, s.ConversationID, s.MessageID, millis(s.At), string(s.State))
	return n > 0, err
}

// Unanswered implements lifecycle.SentStore.
func (Lifecycle) Unanswered(tx *store.Tx, receiver edm.Identifier) (bool, error) {
	var n int64
	err := tx.Row(`SELECT COUNT(*) FROM lifecycle_sent WHERE receiver_scheme = $1 AND receiver = $2 AND state = $3`,
		[]any{receiver.Scheme, receiver.Value, string(lifecycle.Waiting)}, &n)
	return n > 0, err
}

// SentByMessage implements lifecycle.SentStore.
func (Lifecycle) SentByMessage(tx *store.Tx, messageID string) (lifecycle.Sent, error) {
	return sent(tx, `WHERE message_id = $1`, messageID)
}

// SentByRequest implements lifecycle.SentStore.
func (Lifecycle) SentByRequest(tx *store.Tx, request string) (lifecycle.Sent, error) {
	return sent(tx, `WHERE request = $1`, request)
}

// Settle implements lifecycle.SentStore.
func (Lifecycle) Settle(tx *store.Tx, s lifecycle.Sent) (bool, error) {
	n, err := tx.Exec(`UPDATE lifecycle_sent SET state = $1, answered_at = $2, code = $3, answer = $4 WHERE request = $5 AND state = $6`,
		string(s.State), millis(s.AnsweredAt), s.Code, s.Answer, s.Request, string(lifecycle.Waiting))
	return n > 0, err
}

func sent(tx *store.Tx, where, key string) (lifecycle.Sent, error) {
	var s lifecycle.Sent
	var at, answered int64
	err := tx.Row(`SELECT request, receiver_scheme, receiver, conversation_id, message_id, sent_at, state, answered_at, code, answer FROM lifecycle_sent `+where,
		[]any{key}, &s.Request, &s.Receiver.Scheme, &s.Receiver.Value, &s.ConversationID, &s.MessageID, &at, &s.State, &answered, &s.Code, &s.Answer)
	if err != nil {
		return lifecycle.Sent{}, err
	}
	s.At, s.AnsweredAt = instant(at), instant(answered)
	return s, nil
}
