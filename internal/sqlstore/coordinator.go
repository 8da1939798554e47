package sqlstore

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"

	"oots/directory"
	"oots/internal/coordinator"
	"oots/internal/store"
)

// Coordinator is the store of the editor of the Common Services.
type Coordinator struct{}

// Coordinator returns the store of the editor of the Common Services.
func (s *Store) Coordinator() Coordinator { return Coordinator{} }

const accountColumns = `name, country, role, password, disabled, demo, made_at, maker`

// Account implements coordinator.Store.
func (Coordinator) Account(tx *store.Tx, name string) (coordinator.Account, error) {
	all, err := accounts(tx, `SELECT `+accountColumns+` FROM coordinator_account WHERE name = $1`, name)
	if err != nil {
		return coordinator.Account{}, err
	}
	if len(all) == 0 {
		return coordinator.Account{}, store.ErrNotFound
	}
	return all[0], nil
}

// Accounts implements coordinator.Store.
func (Coordinator) Accounts(tx *store.Tx) ([]coordinator.Account, error) {
	return accounts(tx, `SELECT `+accountColumns+` FROM coordinator_account ORDER BY country, name`)
}

func accounts(tx *store.Tx, query string, args ...any) ([]coordinator.Account, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []coordinator.Account
	for rows.Next() {
		var a coordinator.Account
		var disabled, demo, made int64
		if err := rows.Scan(&a.Name, &a.Country, &a.Role, &a.Password, &disabled, &demo, &made, &a.Maker); err != nil {
			return nil, err
		}
		a.Disabled, a.Demo, a.Made = disabled != 0, demo != 0, instant(made)
		out = append(out, a)
	}
	return out, rows.Err()
}

// PutAccount implements coordinator.Store.
func (Coordinator) PutAccount(tx *store.Tx, a coordinator.Account) error {
	_, err := tx.Exec(`INSERT INTO coordinator_account (name, country, role, password, disabled, demo, made_at, maker)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (name) DO UPDATE SET country = excluded.country, role = excluded.role, password = excluded.password,
			disabled = excluded.disabled, demo = excluded.demo, made_at = excluded.made_at, maker = excluded.maker`,
		a.Name, a.Country, string(a.Role), a.Password, flag(a.Disabled), flag(a.Demo), millis(a.Made), a.Maker)
	return err
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Invitation implements coordinator.Store.
func (Coordinator) Invitation(tx *store.Tx, digest string) (coordinator.Invitation, error) {
	i := coordinator.Invitation{Digest: digest}
	var expires int64
	err := tx.Row(`SELECT account, expires_at FROM coordinator_invitation WHERE digest = $1`, []any{digest}, &i.Account, &expires)
	i.Expires = instant(expires)
	return i, err
}

// PutInvitation implements coordinator.Store.
func (Coordinator) PutInvitation(tx *store.Tx, i coordinator.Invitation) error {
	_, err := tx.Exec(`INSERT INTO coordinator_invitation (digest, account, expires_at) VALUES ($1, $2, $3)`, i.Digest, i.Account, millis(i.Expires))
	return err
}

// DropInvitations implements coordinator.Store.
func (Coordinator) DropInvitations(tx *store.Tx, account string) error {
	_, err := tx.Exec(`DELETE FROM coordinator_invitation WHERE account = $1`, account)
	return err
}

// Draft implements coordinator.Store.
func (Coordinator) Draft(tx *store.Tx, country string) ([]coordinator.Part, error) {
	rows, err := tx.Query(`SELECT service, base, edition, at, account, data FROM coordinator_draft WHERE country = $1 ORDER BY service`, country)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []coordinator.Part
	for rows.Next() {
		p := coordinator.Part{Partition: directory.Partition{Country: country}}
		var at int64
		var data []byte
		if err := rows.Scan(&p.Service, &p.Base, &p.Edition, &at, &p.Account, &data); err != nil {
			return nil, err
		}
		p.At = instant(at)
		if err := unpack(data, &p.Catalogue); err != nil {
			return nil, fmt.Errorf("draft of %s %s: %w", country, p.Service, err)
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// PutPart implements coordinator.Store.
func (Coordinator) PutPart(tx *store.Tx, p coordinator.Part) error {
	data, err := pack(p.Catalogue)
	if err != nil {
		return err
	}
	var changed int64
	if p.Edition == 1 {
		changed, err = tx.Exec(`INSERT INTO coordinator_draft (country, service, base, edition, at, account, data)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (country, service) DO NOTHING`,
			p.Country, string(p.Service), p.Base, p.Edition, millis(p.At), p.Account, data)
	} else {
		changed, err = tx.Exec(`UPDATE coordinator_draft SET base = $3, edition = $4, at = $5, account = $6, data = $7
			WHERE country = $1 AND service = $2 AND edition = $4 - 1`,
			p.Country, string(p.Service), p.Base, p.Edition, millis(p.At), p.Account, data)
	}
	if err == nil && changed == 0 {
		return coordinator.ErrStale
	}
	return err
}

// DropDraft implements coordinator.Store.
func (Coordinator) DropDraft(tx *store.Tx, country string) error {
	_, err := tx.Exec(`DELETE FROM coordinator_draft WHERE country = $1`, country)
	return err
}

// Record implements coordinator.Store.
func (Coordinator) Record(tx *store.Tx, e coordinator.Entry) error {
	_, err := tx.Exec(`INSERT INTO coordinator_entry (seq, at, account, country, action, object, detail)
		VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM coordinator_entry), $1, $2, $3, $4, $5, $6)`,
		millis(e.At), e.Account, e.Country, string(e.Action), e.Object, e.Detail)
	return err
}

// Entries implements coordinator.Store.
func (Coordinator) Entries(tx *store.Tx, country string, limit int) ([]coordinator.Entry, error) {
	rows, err := tx.Query(`SELECT at, account, country, action, object, detail FROM coordinator_entry
		WHERE ($1 = '' OR country = $1) ORDER BY seq DESC LIMIT $2`, country, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []coordinator.Entry
	for rows.Next() {
		var e coordinator.Entry
		var at int64
		if err := rows.Scan(&at, &e.Account, &e.Country, &e.Action, &e.Object, &e.Detail); err != nil {
			return nil, err
		}
		e.At = instant(at)
		out = append(out, e)
	}
	return out, rows.Err()
}

// pack writes records as they are stored.
func pack(c directory.Catalogue) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if err := json.NewEncoder(w).Encode(c); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

// unpack reads what pack has written.
func unpack(b []byte, c *directory.Catalogue) error {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return err
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, c)
}
