package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"oots/edelivery/as4"
	"oots/internal/audit"
	"oots/internal/proof"
	"oots/internal/spool"
	"oots/internal/store"
)

// Proof is what proofs of exchange are made of. It only reads.
type Proof struct{ s *Store }

// Proof returns the source of proofs.
func (s *Store) Proof() Proof { return Proof{s} }

// View implements proof.Source.
func (p Proof) View(ctx context.Context, f func(*store.Tx) error) error { return p.s.DB.View(ctx, f) }

// OpenForReading opens the database of a node that may be at work. Nothing is changed, not even the schema: it fails with
// ErrOlder or ErrNewer when that is not the one of this program.
func OpenForReading(ctx context.Context, dir string, key []byte) (*Store, error) {
	seal, err := store.NewSealer(key)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, FileName)
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	reader, err := openPool(file, 2)
	if err != nil {
		return nil, err
	}
	s := &Store{DB: store.New(reader, reader), Seal: seal, Spool: spool.Look(filepath.Join(dir, "spool"), seal), writer: reader, reader: reader}
	if err := current(ctx, reader); err != nil {
		s.Close()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// Messages implements proof.Messages.
func (p Proof) Messages(tx *store.Tx, id string) ([]proof.Message, error) {
	var out []proof.Message
	for _, q := range []struct {
		box             proof.Box
		table, at, only string
	}{{proof.Out, "gateway_outbox", "created_at", " AND action <> ''"}, {proof.In, "gateway_inbox", "received_at", ""}} {
		rows, err := tx.Query(`SELECT message_id, conversation_id, ref_to, peer_type, peer, action, state, error_code, `+q.at+`, settled_at, envelope, receipt
			FROM `+q.table+` WHERE (message_id = $1 OR conversation_id = $2 OR (ref_to = $3 AND ref_to <> ''))`+q.only+` ORDER BY `+q.at+`, message_id LIMIT $4`, id, id, id, proof.Most)
		if err != nil {
			return nil, err
		}
		messages, err := scanMessages(rows, q.box)
		if err != nil {
			return nil, err
		}
		out = append(out, messages...)
	}
	for i := range out {
		var err error
		if out[i].Attempts, err = proofAttempts(tx, out[i].Box, out[i].MessageID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func scanMessages(rows *sql.Rows, box proof.Box) ([]proof.Message, error) {
	defer rows.Close()
	var out []proof.Message
	for rows.Next() {
		m := proof.Message{Box: box}
		var at, settled int64
		err := rows.Scan(&m.MessageID, &m.ConversationID, &m.RefToMessageID, &m.Partner.Type, &m.Partner.Value, &m.Action, &m.State, &m.ErrorCode, &at, &settled, &m.Envelope, &m.Receipt)
		if err != nil {
			return nil, err
		}
		m.At, m.Settled = instant(at), instant(settled)
		out = append(out, m)
	}
	return out, rows.Err()
}

func proofAttempts(tx *store.Tx, box proof.Box, messageID string) ([]proof.Attempt, error) {
	rows, err := tx.Query(`SELECT at, number, duration, outcome, code, detail, status FROM gateway_attempt WHERE box = $1 AND message_id = $2 ORDER BY position`, box, messageID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []proof.Attempt
	for rows.Next() {
		var a proof.Attempt
		var at, micros int64
		if err := rows.Scan(&at, &a.Number, &micros, &a.Outcome, &a.Code, &a.Detail, &a.Status); err != nil {
			return nil, err
		}
		a.At, a.Duration = instant(at), time.Duration(micros)*time.Microsecond
		out = append(out, a)
	}
	return out, rows.Err()
}

// Payloads implements proof.Messages.
func (p Proof) Payloads(tx *store.Tx, b proof.Box, messageID string) ([]proof.Payload, error) {
	parts, err := p.s.Gateway().parts(tx, box(b), messageID)
	if err != nil {
		return nil, err
	}
	var out []proof.Payload
	for _, q := range parts {
		out = append(out, proof.Payload{ContentID: q.contentID, MimeType: q.mimeType, Open: opener(q.content)})
	}
	return out, nil
}

func opener(c as4.Content) func() (io.ReadCloser, error) {
	if c == nil {
		return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(nil)), nil }
	}
	return c.Open
}

// Log implements proof.Log.
func (p Proof) Log(tx *store.Tx, id string) ([]audit.Stored, error) {
	rows, err := p.s.Journal().stored(tx, `WHERE conversation_id = $1 OR exchange_id = $2 OR message_id = $3 OR message_id = $4 OR request_id = $5 OR request_id = $6
		ORDER BY position LIMIT $7`, id, id, id, audit.UnprovenID(id), id, "urn:uuid:"+id, proof.Most)
	if err != nil || len(rows) > 0 || !strings.Contains(id, "@") {
		return rows, err
	}
	// A message that we do not have, or the Content-ID of a part: this reads the whole log.
	return p.s.Journal().stored(tx, `WHERE ref_to = $1 OR instr(parts, $2) > 0 ORDER BY position LIMIT $3`, id, `"`+id+`"`, proof.Most)
}

// Mentions implements proof.Log.
func (p Proof) Mentions(tx *store.Tx, text string) ([]audit.Stored, error) {
	j := p.s.Journal()
	rows, err := tx.Query(`SELECT ` + journalColumns + ` FROM journal WHERE document IS NOT NULL ORDER BY position`)
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
		if bytes.Contains(s.Document, []byte(text)) && len(out) < proof.Most {
			out = append(out, s)
		}
	}
	return out, rows.Err()
}

// Digests implements proof.Log.
func (p Proof) Digests(tx *store.Tx, from, to int64) ([]string, error) {
	var out []string
	for from <= to {
		rows, err := p.s.Journal().Rows(tx, from-1, int(min(500, to-from+1)))
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			return out, store.ErrNotFound
		}
		for _, r := range rows {
			if r.Position != from {
				return out, store.ErrNotFound
			}
			out = append(out, r.Digest())
			from++
		}
	}
	return out, nil
}

// Checkpoint implements proof.Log.
func (p Proof) Checkpoint(tx *store.Tx, position int64) (audit.Checkpoint, error) {
	var number int64
	err := tx.Row(`SELECT number FROM journal_checkpoint WHERE position >= $1 AND signature <> '' ORDER BY position, number LIMIT 1`, []any{position}, &number)
	if err != nil {
		return audit.Checkpoint{}, err
	}
	all, err := p.s.Journal().Checkpoints(tx, number-1)
	if err == nil && (len(all) == 0 || all[0].Number != number) {
		err = errors.New("the checkpoints cannot be read")
	}
	if err != nil {
		return audit.Checkpoint{}, err
	}
	return all[0], nil
}

// Head implements proof.Log.
func (p Proof) Head(tx *store.Tx) (int64, string, error) { return p.s.Journal().Head(tx) }
