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

// AddPreview implements provider.Store.
func (q Provider) AddPreview(tx *store.Tx, p provider.Preview, contents [][]byte) error {
	if len(contents) != len(p.Documents) {
		return errors.New("preview: as many contents as documents are needed")
	}
	data, err := q.s.sealJSON(p, "provider_preview:"+p.TokenHash)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO provider_preview (token_hash, state, deadline, data) VALUES ($1, $2, $3, $4)`,
		p.TokenHash, p.State, millis(p.Deadline), data)
	if err != nil {
		return err
	}
	for i, d := range p.Documents {
		_, err := tx.Exec(`INSERT INTO provider_document (token_hash, doc_id, content) VALUES ($1, $2, $3)`,
			p.TokenHash, d.ID, q.s.Seal.Seal(contents[i], "provider_document:"+p.TokenHash+":"+d.ID))
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
	n, err := tx.Exec(`UPDATE provider_preview SET state = $1, deadline = $2, data = $3 WHERE token_hash = $4 AND state = $5`,
		p.State, millis(p.Deadline), data, p.TokenHash, from)
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
