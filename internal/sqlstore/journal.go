package sqlstore

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/store"
	"oots/rule"
)

// Journal is the log of article 17 and of the access point.
type Journal struct{ s *Store }

// Journal returns the store of the log.
func (s *Store) Journal() Journal { return Journal{s} }

// Head implements audit.Store.
func (j Journal) Head(tx *store.Tx) (position int64, hash string, err error) {
	err = tx.Row(`SELECT position, hash FROM journal WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1`, nil, &position, &hash)
	if errors.Is(err, store.ErrNotFound) {
		err = tx.Row(`SELECT position, hash FROM journal_checkpoint WHERE reason = $1 ORDER BY position DESC LIMIT 1`, []any{audit.Erasure}, &position, &hash)
	}
	if errors.Is(err, store.ErrNotFound) {
		return 0, audit.Origin, nil
	}
	return position, hash, err
}

// Append implements audit.Store.
func (j Journal) Append(tx *store.Tx, s audit.Stored) error {
	parts, err := json.Marshal(s.Parts)
	if err != nil {
		return err
	}
	var document []byte
	if s.Document != nil {
		document = j.s.Seal.Seal(s.Document, "journal:"+s.ID)
	}
	_, err = tx.Exec(`INSERT INTO journal (`+journalColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
		s.Position, s.ID, millis(s.At), s.Kind, s.Event, s.Box, s.ConversationID, s.ExchangeID, s.MessageID, s.RefToMessageID, s.RequestID,
		s.Partner, s.Action, s.Code, s.Rule, s.Detail, s.Actor, s.DocumentType, s.DocumentSHA256, s.SignedSHA256, string(parts), s.Previous, s.Hash, document)
	return err
}

const journalColumns = `position, id, at, kind, event, box, conversation_id, exchange_id, message_id, ref_to, request_id,
	partner, action, code, rule, detail, actor, document_type, document_sha256, signed_sha256, parts, previous, hash, document`

// stored lists rows; the clauses are behind FROM journal.
func (j Journal) stored(tx *store.Tx, clauses string, args ...any) ([]audit.Stored, error) {
	rows, err := tx.Query(`SELECT `+journalColumns+` FROM journal `+clauses, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []audit.Stored
	for rows.Next() {
		s, err := j.scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func (j Journal) scan(rows *sql.Rows) (s audit.Stored, err error) {
	var at int64
	var position sql.NullInt64
	var parts string
	var sealed []byte
	err = rows.Scan(&position, &s.ID, &at, &s.Kind, &s.Event, &s.Box, &s.ConversationID, &s.ExchangeID, &s.MessageID, &s.RefToMessageID, &s.RequestID,
		&s.Partner, &s.Action, &s.Code, &s.Rule, &s.Detail, &s.Actor, &s.DocumentType, &s.DocumentSHA256, &s.SignedSHA256, &parts, &s.Previous, &s.Hash, &sealed)
	if err != nil {
		return audit.Stored{}, err
	}
	s.Position, s.At = position.Int64, instant(at)
	if err := json.Unmarshal([]byte(parts), &s.Parts); err != nil {
		return audit.Stored{}, fmt.Errorf("journal entry %s: %w", s.ID, err)
	}
	if sealed != nil {
		if s.Document, err = j.s.Seal.Open(sealed, "journal:"+s.ID); err != nil {
			return audit.Stored{}, fmt.Errorf("journal entry %s: %w", s.ID, err)
		}
		if s.Document == nil {
			s.Document = []byte{}
		}
	}
	return s, nil
}

// Entries implements audit.Store.
func (j Journal) Entries(tx *store.Tx, exchangeID string) ([]audit.Entry, error) {
	return j.entries(tx, `WHERE exchange_id = $1 AND kind = 'exchange' ORDER BY position`, exchangeID)
}

// Conversation implements audit.Store.
func (j Journal) Conversation(tx *store.Tx, conversationID string) ([]audit.Entry, error) {
	return j.entries(tx, `WHERE conversation_id = $1 AND kind = 'exchange' ORDER BY position`, conversationID)
}

func (j Journal) entries(tx *store.Tx, clauses, arg string) ([]audit.Entry, error) {
	rows, err := j.stored(tx, clauses, arg)
	if err != nil {
		return nil, err
	}
	var out []audit.Entry
	for _, s := range rows {
		out = append(out, audit.Entry{ID: s.ID, Event: exchange.Event{
			Name: exchange.EventName(s.Event), At: s.At, ConversationID: s.ConversationID, ExchangeID: s.ExchangeID, MessageID: s.MessageID,
			RequestID: s.RequestID, Code: edm.Code(s.Code), Rule: rule.ID(s.Rule), Detail: s.Detail, Document: s.Document,
			DocumentType: s.DocumentType, Parts: s.Parts,
		}})
	}
	return out, nil
}

// Rows implements audit.Store.
func (j Journal) Rows(tx *store.Tx, after int64, limit int) ([]audit.Stored, error) {
	return j.stored(tx, `WHERE position > $1 ORDER BY position LIMIT $2`, after, limit)
}

// Aged implements audit.Store.
func (j Journal) Aged(tx *store.Tx, before time.Time) (audit.Row, error) {
	// The plus keeps a planner on the order of positions: it stops at the first young row.
	rows, err := j.stored(tx, `WHERE position = COALESCE((SELECT position FROM journal WHERE +at >= $1 ORDER BY position LIMIT 1),
		(SELECT MAX(position) + 1 FROM journal)) - 1`, millis(before))
	if err != nil {
		return audit.Row{}, err
	}
	if len(rows) == 0 {
		return audit.Row{}, store.ErrNotFound
	}
	return rows[0].Row, nil
}

// Erase implements audit.Store.
func (j Journal) Erase(tx *store.Tx, position int64) (int64, error) {
	return tx.Exec(`DELETE FROM journal WHERE position <= $1`, position)
}

// PutCheckpoint implements audit.Store.
func (j Journal) PutCheckpoint(tx *store.Tx, c audit.Checkpoint) error {
	text := base64.StdEncoding.EncodeToString
	_, err := tx.Exec(`INSERT INTO journal_checkpoint (number, position, hash, at, reason, statement, signature, certificate)
		VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM journal_checkpoint), $1, $2, $3, $4, $5, $6, $7)`,
		c.Position, c.Hash, millis(c.At), c.Reason, string(c.Text), text(c.Signature), text(c.Certificate))
	return err
}

// LastCheckpoint implements audit.Store.
func (j Journal) LastCheckpoint(tx *store.Tx, why audit.Reason) (position int64, at time.Time, err error) {
	var ms int64
	err = tx.Row(`SELECT position, at FROM journal_checkpoint WHERE reason = $1 OR $2 = '' ORDER BY number DESC LIMIT 1`, []any{why, why}, &position, &ms)
	if errors.Is(err, store.ErrNotFound) {
		return 0, time.Time{}, nil
	}
	return position, instant(ms), err
}

// Checkpoints implements audit.Store.
func (j Journal) Checkpoints(tx *store.Tx, after int64) ([]audit.Checkpoint, error) {
	rows, err := tx.Query(`SELECT number, position, hash, at, reason, statement, signature, certificate FROM journal_checkpoint
		WHERE number > $1 ORDER BY number`, after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []audit.Checkpoint
	for rows.Next() {
		var c audit.Checkpoint
		var at int64
		var text, signature, certificate string
		if err := rows.Scan(&c.Number, &c.Position, &c.Hash, &at, &c.Reason, &text, &signature, &certificate); err != nil {
			return nil, err
		}
		c.At, c.Text = instant(at), []byte(text)
		if c.Reason == audit.Restored {
			said, _ := audit.ReadCheckpoint(c.Text) // what is wrong with it, its verification says
			c.Copy = said.Copy
		}
		for _, v := range []struct {
			text string
			to   *[]byte
		}{{signature, &c.Signature}, {certificate, &c.Certificate}} {
			if v.text == "" {
				continue
			}
			if *v.to, err = base64.StdEncoding.DecodeString(v.text); err != nil {
				return nil, fmt.Errorf("journal checkpoint %d: %w", c.Number, err)
			}
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// chain gives the rows that an earlier version has written their place in the chain, in the order in which they were
// written, in one transaction.
func (j Journal) chain(tx *store.Tx) error {
	rows, err := j.unchained(tx)
	if err != nil || len(rows) == 0 {
		return err
	}
	position, hash, err := j.Head(tx)
	if err != nil {
		return err
	}
	for _, id := range rows {
		found, err := j.stored(tx, `WHERE id = $1`, id)
		if err != nil {
			return err
		}
		s := audit.Chained(position, hash, found[0].Row, found[0].Document)
		_, err = tx.Exec(`UPDATE journal SET position = $1, document_sha256 = $2, previous = $3, hash = $4 WHERE id = $5`,
			s.Position, s.DocumentSHA256, s.Previous, s.Hash, id)
		if err != nil {
			return err
		}
		position, hash = s.Position, s.Hash
	}
	return nil
}

func (j Journal) unchained(tx *store.Tx) ([]string, error) {
	rows, err := tx.Query(`SELECT id FROM journal WHERE position IS NULL ORDER BY rowid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
