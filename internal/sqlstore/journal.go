package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"

	"oots/internal/audit"
	"oots/internal/store"
)

// Journal is the log of article 17.
type Journal struct{ s *Store }

// Journal returns the store of the log.
func (s *Store) Journal() Journal { return Journal{s} }

// Append implements audit.Store.
func (j Journal) Append(tx *store.Tx, e audit.Entry) error {
	parts, err := json.Marshal(e.Parts)
	if err != nil {
		return err
	}
	var document []byte
	if e.Document != nil {
		document = j.s.Seal.Seal(e.Document, "journal:"+e.ID)
	}
	_, err = tx.Exec(`INSERT INTO journal (id, at, seq, event, conversation_id, exchange_id, message_id, request_id, code, rule, detail, document_type, document, parts)
		VALUES ($1, $2, (SELECT COALESCE(MAX(seq), 0) + 1 FROM journal WHERE exchange_id = $5), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		e.ID, millis(e.At), e.Name, e.ConversationID, e.ExchangeID, e.MessageID, e.RequestID, e.Code, e.Rule, e.Detail, e.DocumentType, document, string(parts))
	return err
}

// Entries implements audit.Store.
func (j Journal) Entries(tx *store.Tx, exchangeID string) ([]audit.Entry, error) {
	return j.entries(tx, `exchange_id = $1 ORDER BY seq, at`, exchangeID)
}

// Conversation implements audit.Store.
func (j Journal) Conversation(tx *store.Tx, conversationID string) ([]audit.Entry, error) {
	return j.entries(tx, `conversation_id = $1 ORDER BY at, exchange_id, seq`, conversationID)
}

func (j Journal) entries(tx *store.Tx, where, arg string) ([]audit.Entry, error) {
	rows, err := tx.Query(`SELECT id, at, event, conversation_id, exchange_id, message_id, request_id, code, rule, detail, document_type, document, parts
		FROM journal WHERE `+where, arg)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []audit.Entry
	for rows.Next() {
		var e audit.Entry
		var at int64
		var sealed []byte
		var parts string
		if err := rows.Scan(&e.ID, &at, &e.Name, &e.ConversationID, &e.ExchangeID, &e.MessageID, &e.RequestID, &e.Code, &e.Rule, &e.Detail, &e.DocumentType, &sealed, &parts); err != nil {
			return nil, err
		}
		e.At = instant(at)
		if sealed != nil {
			if e.Document, err = j.s.Seal.Open(sealed, "journal:"+e.ID); err != nil {
				return nil, fmt.Errorf("journal entry %s: %w", e.ID, err)
			}
		}
		if err := json.Unmarshal([]byte(parts), &e.Parts); err != nil {
			return nil, fmt.Errorf("journal entry %s: %w", e.ID, err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// Erase implements audit.Store.
func (j Journal) Erase(tx *store.Tx, before time.Time) (int64, error) {
	return tx.Exec(`DELETE FROM journal WHERE at < $1`, millis(before))
}
