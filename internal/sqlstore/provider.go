package sqlstore

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"oots/edm/exchange"
	"oots/internal/provider"
	"oots/internal/store"
)

// Provider keeps the request ids and preview sessions of the provider.
type Provider struct{ s *Store }

// Provider returns the store of the provider.
func (s *Store) Provider() Provider { return Provider{s} }

// ClaimRequest implements provider.Store.
func (q Provider) ClaimRequest(tx *store.Tx, requestID string, at time.Time) (bool, error) {
	n, err := tx.Exec(`INSERT INTO provider_request (request_id, at) VALUES ($1, $2) ON CONFLICT (request_id) DO NOTHING`, requestID, millis(at))
	return n == 1, err
}

// AddWaiting implements provider.Store.
func (q Provider) AddWaiting(tx *store.Tx, w provider.Waiting) error {
	data, err := q.s.sealJSON(w, "provider_waiting:"+w.Request.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO provider_waiting (request_id, received_at, deadline, lease_owner, lease_until, data) VALUES ($1, $2, $3, '', 0, $4)`,
		w.Request.ID, millis(w.Since), millis(w.Deadline), data)
	return err
}

// ClaimWaiting implements provider.Store.
func (q Provider) ClaimWaiting(tx *store.Tx, now time.Time, owner string, until time.Time) (string, error) {
	var id string
	err := tx.Row(`UPDATE provider_waiting SET lease_owner = $1, lease_until = $2
		WHERE request_id = (SELECT request_id FROM provider_waiting WHERE lease_until < $3 ORDER BY received_at, request_id LIMIT 1)
		RETURNING request_id`, []any{owner, millis(until), millis(now)}, &id)
	return id, err
}

// ReleaseWaiting implements provider.Store.
func (q Provider) ReleaseWaiting(tx *store.Tx, owner string) error {
	_, err := tx.Exec(`UPDATE provider_waiting SET lease_owner = '', lease_until = 0 WHERE lease_owner = $1`, owner)
	return err
}

// WaitingRequest implements provider.Store.
func (q Provider) WaitingRequest(tx *store.Tx, requestID string) (provider.Waiting, error) {
	var data []byte
	if err := tx.Row(`SELECT data FROM provider_waiting WHERE request_id = $1`, []any{requestID}, &data); err != nil {
		return provider.Waiting{}, err
	}
	var w provider.Waiting
	if err := q.s.openJSON(data, "provider_waiting:"+requestID, &w); err != nil {
		return provider.Waiting{}, err
	}
	return w, nil
}

// TakeWaiting implements provider.Store.
func (q Provider) TakeWaiting(tx *store.Tx, requestID string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM provider_waiting WHERE request_id = $1`, requestID)
	return n == 1, err
}

// Overdue implements provider.Store.
func (q Provider) Overdue(tx *store.Tx, now time.Time) ([]string, error) {
	return texts(tx, `SELECT request_id FROM provider_waiting WHERE deadline < $1 ORDER BY deadline LIMIT 1000`, millis(now))
}

// AddPreview implements provider.Store.
func (q Provider) AddPreview(tx *store.Tx, p provider.Preview, contents [][]byte) error {
	if len(contents) != len(p.Documents) {
		return errors.New("preview: as many contents as documents are needed")
	}
	data, err := q.s.sealJSON(p, "provider_preview:"+p.TokenHash)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO provider_preview (token_hash, state, deadline, active_at, data) VALUES ($1, $2, $3, $4, $5)`,
		p.TokenHash, p.State, millis(p.Deadline), millis(p.UpdatedAt), data)
	if err != nil {
		return err
	}
	ids := make([]string, len(p.Documents))
	for i, d := range p.Documents {
		ids[i] = d.ID
	}
	return q.AddContents(tx, p.TokenHash, ids, contents)
}

// AddContents implements provider.Store.
func (q Provider) AddContents(tx *store.Tx, tokenHash string, docIDs []string, contents [][]byte) error {
	for i, id := range docIDs {
		_, err := tx.Exec(`INSERT INTO provider_document (token_hash, doc_id, content) VALUES ($1, $2, $3)`,
			tokenHash, id, q.s.Seal.Seal(contents[i], "provider_document:"+tokenHash+":"+id))
		if err != nil {
			return err
		}
	}
	return nil
}

// UpdatePreview implements provider.Store.
func (q Provider) UpdatePreview(tx *store.Tx, p provider.Preview, from exchange.ProviderState) (bool, error) {
	data, err := q.s.sealJSON(p, "provider_preview:"+p.TokenHash)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`UPDATE provider_preview SET state = $1, deadline = $2, active_at = $3, data = $4 WHERE token_hash = $5 AND state = $6`,
		p.State, millis(p.Deadline), millis(p.UpdatedAt), data, p.TokenHash, from)
	return n == 1, err
}

// PreviewByToken implements provider.Store.
func (q Provider) PreviewByToken(tx *store.Tx, tokenHash string) (provider.Preview, error) {
	var data []byte
	if err := tx.Row(`SELECT data FROM provider_preview WHERE token_hash = $1`, []any{tokenHash}, &data); err != nil {
		return provider.Preview{}, err
	}
	var p provider.Preview
	if err := q.s.openJSON(data, "provider_preview:"+tokenHash, &p); err != nil {
		return provider.Preview{}, err
	}
	return p, nil
}

// Content implements provider.Store.
func (q Provider) Content(tx *store.Tx, tokenHash, docID string) ([]byte, error) {
	var sealed []byte
	err := tx.Row(`SELECT content FROM provider_document WHERE token_hash = $1 AND doc_id = $2`, []any{tokenHash, docID}, &sealed)
	if err != nil {
		return nil, err
	}
	content, err := q.s.Seal.Open(sealed, "provider_document:"+tokenHash+":"+docID)
	if err != nil {
		return nil, fmt.Errorf("document %s of a preview: %w", docID, err)
	}
	return content, nil
}

// DeleteContents implements provider.Store.
func (q Provider) DeleteContents(tx *store.Tx, tokenHash string, keep []string) error {
	ids, err := texts(tx, `SELECT doc_id FROM provider_document WHERE token_hash = $1`, tokenHash)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if slices.Contains(keep, id) {
			continue
		}
		if _, err := tx.Exec(`DELETE FROM provider_document WHERE token_hash = $1 AND doc_id = $2`, tokenHash, id); err != nil {
			return err
		}
	}
	return nil
}

// Due implements provider.Store.
func (q Provider) Due(tx *store.Tx, now time.Time) ([]string, error) {
	return texts(tx, `SELECT token_hash FROM provider_preview WHERE deadline > 0 AND deadline < $1 ORDER BY deadline LIMIT 1000`, millis(now))
}

// StalePreviews implements provider.Store.
func (q Provider) StalePreviews(tx *store.Tx, before time.Time) ([]string, error) {
	return texts(tx, `SELECT token_hash FROM provider_preview WHERE active_at < $1 AND deadline < $1 ORDER BY active_at LIMIT 1000`, millis(before))
}

// DeletePreview implements provider.Store.
func (q Provider) DeletePreview(tx *store.Tx, tokenHash string) error {
	for _, statement := range []string{
		`DELETE FROM provider_document WHERE token_hash = $1`,
		`DELETE FROM provider_preview WHERE token_hash = $1`,
	} {
		if _, err := tx.Exec(statement, tokenHash); err != nil {
			return err
		}
	}
	return nil
}
