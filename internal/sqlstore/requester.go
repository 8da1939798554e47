package sqlstore

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/store"
)

// Requester keeps the applications and exchanges of the requester.
type Requester struct{ s *Store }

// Requester returns the store of the requester.
func (s *Store) Requester() Requester { return Requester{s} }

// AddApplication implements requester.Store.
func (q Requester) AddApplication(tx *store.Tx, a requester.Application) error {
	user, err := q.s.sealJSON(a.User, "requester_application:"+a.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO requester_application (id, procedure_id, user_data, created_at, submitted_at, active_at) VALUES ($1, $2, $3, $4, 0, $4)`,
		a.ID, a.Procedure, user, millis(a.CreatedAt))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO requester_conversation (id, subject, created_at) VALUES ($1, $2, $3)`, a.ID, q.subject(a.User), millis(a.CreatedAt))
	if err != nil {
		return err
	}
	for i, c := range a.Cards {
		requirement, err := json.Marshal(c.Requirement)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO requester_card (application_id, position, requirement_id, requirement)
			VALUES ($1, $2, $3, $4)`, a.ID, i, c.Requirement.ID, string(requirement))
		if err != nil {
			return err
		}
	}
	return nil
}

// Application implements requester.Store.
func (q Requester) Application(tx *store.Tx, id string) (requester.Application, error) {
	a := requester.Application{ID: id}
	var user, basket []byte
	var created, submitted int64
	err := tx.Row(`SELECT procedure_id, user_data, created_at, submitted_at, basket FROM requester_application WHERE id = $1`, []any{id},
		&a.Procedure, &user, &created, &submitted, &basket)
	if err != nil {
		return requester.Application{}, err
	}
	if err := q.s.openJSON(user, "requester_application:"+id, &a.User); err != nil {
		return requester.Application{}, err
	}
	if basket != nil {
		if err := q.s.openJSON(basket, "requester_basket:"+id, &a.Basket); err != nil {
			return requester.Application{}, err
		}
	}
	a.CreatedAt, a.Submitted = instant(created), instant(submitted)
	a.Cards, err = q.cards(tx, id)
	if err != nil {
		return requester.Application{}, err
	}
	return a, nil
}

func (q Requester) cards(tx *store.Tx, applicationID string) ([]requester.Card, error) {
	rows, err := tx.Query(`SELECT requirement_id, requirement, upload FROM requester_card WHERE application_id = $1 ORDER BY position`, applicationID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []requester.Card
	for rows.Next() {
		var c requester.Card
		var id, requirement string
		var upload []byte
		if err := rows.Scan(&id, &requirement, &upload); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(requirement), &c.Requirement); err != nil {
			return nil, fmt.Errorf("application %s: requirement: %w", applicationID, err)
		}
		if upload != nil {
			c.Upload = new(requester.Upload)
			if err := q.s.openJSON(upload, uploadPlace(applicationID, id), c.Upload); err != nil {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// SetSubmitted implements requester.Store.
func (q Requester) SetSubmitted(tx *store.Tx, id string, at time.Time) (bool, error) {
	n, err := tx.Exec(`UPDATE requester_application SET submitted_at = $1, active_at = $1 WHERE id = $2 AND submitted_at = 0`, millis(at), id)
	return n == 1, err
}

// PutUpload implements requester.Store.
func (q Requester) PutUpload(tx *store.Tx, applicationID, requirementID string, u requester.Upload, content []byte) error {
	meta, err := q.s.sealJSON(u, uploadPlace(applicationID, requirementID))
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE requester_card SET upload = $1, upload_content = $2 WHERE application_id = $3 AND requirement_id = $4`,
		meta, q.s.Seal.Seal(content, "requester_card:"+applicationID+":"+requirementID), applicationID, requirementID)
	if err != nil {
		return err
	}
	if n == 0 {
		return store.ErrNotFound
	}
	return q.touch(tx, applicationID, u.At)
}

func uploadPlace(applicationID, requirementID string) string {
	return "requester_upload:" + applicationID + ":" + requirementID
}

// touch notes that something happened to an application.
func (q Requester) touch(tx *store.Tx, applicationID string, at time.Time) error {
	_, err := tx.Exec(`UPDATE requester_application SET active_at = $1 WHERE id = $2 AND active_at < $1`, millis(at), applicationID)
	return err
}

// DeleteUpload implements requester.Store.
func (q Requester) DeleteUpload(tx *store.Tx, applicationID, requirementID string) error {
	_, err := tx.Exec(`UPDATE requester_card SET upload = NULL, upload_content = NULL WHERE application_id = $1 AND requirement_id = $2`,
		applicationID, requirementID)
	return err
}

// AddExchange implements requester.Store.
func (q Requester) AddExchange(tx *store.Tx, r requester.Record) error {
	data, err := q.s.sealJSON(r, "requester_exchange:"+r.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO requester_exchange (id, application_id, position, state, deadline, return_hash, data)
		VALUES ($1, $2, (SELECT COUNT(*) FROM requester_exchange WHERE application_id = $2), $3, $4, $5, $6)`,
		r.ID, r.ApplicationID, r.State, millis(r.Deadline), r.Returns.TokenHash, data)
	if err != nil {
		return err
	}
	return q.touch(tx, r.ApplicationID, r.UpdatedAt)
}

// UpdateExchange implements requester.Store.
func (q Requester) UpdateExchange(tx *store.Tx, r requester.Record, from exchange.RequesterState) (bool, error) {
	data, err := q.s.sealJSON(r, "requester_exchange:"+r.ID)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`UPDATE requester_exchange SET state = $1, deadline = $2, return_hash = $3, data = $4 WHERE id = $5 AND state = $6`,
		r.State, millis(r.Deadline), r.Returns.TokenHash, data, r.ID, from)
	if err != nil || n != 1 {
		return false, err
	}
	return true, q.touch(tx, r.ApplicationID, r.UpdatedAt)
}

// ExchangeByID implements requester.Store.
func (q Requester) ExchangeByID(tx *store.Tx, id string) (requester.Record, error) {
	return q.exchange(tx, `SELECT id, data FROM requester_exchange WHERE id = $1`, id)
}

// ExchangeByRequest implements requester.Store.
func (q Requester) ExchangeByRequest(tx *store.Tx, requestID string) (requester.Record, error) {
	return q.exchange(tx, `SELECT e.id, e.data FROM requester_request r JOIN requester_exchange e ON e.id = r.exchange_id WHERE r.request_id = $1`, requestID)
}

// ExchangeByReturn implements requester.Store.
func (q Requester) ExchangeByReturn(tx *store.Tx, tokenHash string) (requester.Record, error) {
	if tokenHash == "" {
		return requester.Record{}, store.ErrNotFound
	}
	return q.exchange(tx, `SELECT id, data FROM requester_exchange WHERE return_hash = $1`, tokenHash)
}

// ExchangeByMessage implements requester.Store.
func (q Requester) ExchangeByMessage(tx *store.Tx, messageID string) (requester.Record, requester.SentRequest, error) {
	sent := requester.SentRequest{MessageID: messageID}
	var at int64
	err := tx.Row(`SELECT request_id, exchange_id, sent_at FROM requester_request WHERE message_id = $1`, []any{messageID},
		&sent.RequestID, &sent.ExchangeID, &at)
	if err != nil {
		return requester.Record{}, requester.SentRequest{}, err
	}
	sent.SentAt = instant(at)
	r, err := q.ExchangeByID(tx, sent.ExchangeID)
	return r, sent, err
}

func (q Requester) exchange(tx *store.Tx, query string, arg any) (requester.Record, error) {
	var id string
	var data []byte
	if err := tx.Row(query, []any{arg}, &id, &data); err != nil {
		return requester.Record{}, err
	}
	var r requester.Record
	if err := q.s.openJSON(data, "requester_exchange:"+id, &r); err != nil {
		return requester.Record{}, err
	}
	return r, nil
}

// Exchanges implements requester.Store.
func (q Requester) Exchanges(tx *store.Tx, applicationID string) ([]requester.Record, error) {
	rows, err := tx.Query(`SELECT id, data FROM requester_exchange WHERE application_id = $1 ORDER BY position`, applicationID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []requester.Record
	for rows.Next() {
		var id string
		var data []byte
		if err := rows.Scan(&id, &data); err != nil {
			return nil, err
		}
		var r requester.Record
		if err := q.s.openJSON(data, "requester_exchange:"+id, &r); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Due implements requester.Store.
func (q Requester) Due(tx *store.Tx, now time.Time) ([]string, error) {
	return texts(tx, `SELECT id FROM requester_exchange WHERE deadline > 0 AND deadline < $1 ORDER BY deadline LIMIT 1000`, millis(now))
}

// AddRequest implements requester.Store.
func (q Requester) AddRequest(tx *store.Tx, r requester.SentRequest) error {
	_, err := tx.Exec(`INSERT INTO requester_request (request_id, message_id, exchange_id, sent_at) VALUES ($1, $2, $3, $4)`,
		r.RequestID, r.MessageID, r.ExchangeID, millis(r.SentAt))
	return err
}

// AddEvidence implements requester.Store.
func (q Requester) AddEvidence(tx *store.Tx, exchangeID, docID string, content []byte) error {
	_, err := tx.Exec(`INSERT INTO requester_evidence (exchange_id, doc_id, content) VALUES ($1, $2, $3)`,
		exchangeID, docID, q.s.Seal.Seal(content, "requester_evidence:"+exchangeID+":"+docID))
	return err
}

// EvidenceContent implements requester.Store.
func (q Requester) EvidenceContent(tx *store.Tx, exchangeID, docID string) ([]byte, error) {
	var sealed []byte
	err := tx.Row(`SELECT content FROM requester_evidence WHERE exchange_id = $1 AND doc_id = $2`, []any{exchangeID, docID}, &sealed)
	if err != nil {
		return nil, err
	}
	content, err := q.s.Seal.Open(sealed, "requester_evidence:"+exchangeID+":"+docID)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("evidence %s of exchange %s", docID, exchangeID), err)
	}
	return content, nil
}

// DeleteEvidence implements requester.Store.
func (q Requester) DeleteEvidence(tx *store.Tx, exchangeID string) error {
	_, err := tx.Exec(`DELETE FROM requester_evidence WHERE exchange_id = $1`, exchangeID)
	return err
}

// Stale implements requester.Store.
func (q Requester) Stale(tx *store.Tx, submitted, idle time.Time) ([]string, error) {
	return texts(tx, `SELECT id FROM requester_application WHERE (submitted_at > 0 AND submitted_at < $1) OR (submitted_at = 0 AND active_at < $2)
		ORDER BY active_at LIMIT 1000`, millis(submitted), millis(idle))
}

// HasOpen implements requester.Store: only an open exchange has a deadline.
func (q Requester) HasOpen(tx *store.Tx, applicationID string) (bool, error) {
	n := 0
	err := tx.Row(`SELECT COUNT(*) FROM requester_exchange WHERE application_id = $1 AND deadline > 0`, []any{applicationID}, &n)
	return n > 0, err
}

// DeleteApplication implements requester.Store.
func (q Requester) DeleteApplication(tx *store.Tx, id string) error {
	for _, statement := range []string{
		`DELETE FROM requester_evidence WHERE exchange_id IN (SELECT id FROM requester_exchange WHERE application_id = $1)`,
		`DELETE FROM requester_exchange WHERE application_id = $1`,
		`DELETE FROM requester_card WHERE application_id = $1`,
		`DELETE FROM requester_application WHERE id = $1`,
	} {
		if _, err := tx.Exec(statement, id); err != nil {
			return err
		}
	}
	return nil
}

// texts runs a query for one column of text.
func texts(tx *store.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
