package sqlstore

import (
	"errors"
	"fmt"
	"time"

	"oots/internal/console"
	"oots/internal/store"
)

// Console is the store of the operators of an access point and of what they do.
type Console struct{ s *Store }

// Console returns the store of the operators' console.
func (s *Store) Console() Console { return Console{s} }

const consoleAccountColumns = `SELECT name, role, password, secret, step, failures, locked_until, disabled, made_at, maker, seen_at FROM console_account `

// Account implements console.Store.
func (c Console) Account(tx *store.Tx, name string) (console.Account, error) {
	all, err := c.accounts(tx, consoleAccountColumns+`WHERE name = $1`, name)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return console.Account{}, err
	}
	return all[0], nil
}

// Accounts implements console.Store.
func (c Console) Accounts(tx *store.Tx) ([]console.Account, error) {
	return c.accounts(tx, consoleAccountColumns+`ORDER BY name`)
}

func (c Console) accounts(tx *store.Tx, query string, args ...any) ([]console.Account, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []console.Account
	for rows.Next() {
		var a console.Account
		var sealed []byte
		var locked, disabled, made, seen int64
		if err := rows.Scan(&a.Name, &a.Role, &a.Password, &sealed, &a.Step, &a.Failures, &locked, &disabled, &made, &a.Maker, &seen); err != nil {
			return nil, err
		}
		a.Locked, a.Disabled, a.Made, a.Seen = instant(locked), disabled != 0, instant(made), instant(seen)
		if len(sealed) > 0 {
			if a.Secret, err = c.s.Seal.Open(sealed, "console:"+a.Name); err != nil {
				return nil, fmt.Errorf("account %s: %w", a.Name, err)
			}
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// PutAccount implements console.Store.
func (c Console) PutAccount(tx *store.Tx, a console.Account) error {
	var sealed []byte
	if len(a.Secret) > 0 {
		sealed = c.s.Seal.Seal(a.Secret, "console:"+a.Name)
	}
	_, err := tx.Exec(`INSERT INTO console_account (name, role, password, secret, step, failures, locked_until, disabled, made_at, maker, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (name) DO UPDATE SET role = excluded.role, password = excluded.password, secret = excluded.secret, step = excluded.step,
			failures = excluded.failures, locked_until = excluded.locked_until, disabled = excluded.disabled, made_at = excluded.made_at,
			maker = excluded.maker, seen_at = excluded.seen_at`,
		a.Name, string(a.Role), a.Password, sealed, a.Step, a.Failures, millis(a.Locked), flag(a.Disabled), millis(a.Made), a.Maker, millis(a.Seen))
	return err
}

// TakeStep implements console.Store.
func (Console) TakeStep(tx *store.Tx, name string, step int64) error {
	return one(tx.Exec(`UPDATE console_account SET step = $1 WHERE name = $2 AND step < $1`, step, name))
}

// PutRecovery implements console.Store.
func (Console) PutRecovery(tx *store.Tx, name string, digests []string) error {
	if _, err := tx.Exec(`DELETE FROM console_recovery WHERE account = $1`, name); err != nil {
		return err
	}
	for _, d := range digests {
		if _, err := tx.Exec(`INSERT INTO console_recovery (account, digest) VALUES ($1, $2)`, name, d); err != nil {
			return err
		}
	}
	return nil
}

// TakeRecovery implements console.Store.
func (Console) TakeRecovery(tx *store.Tx, name, digest string) error {
	return one(tx.Exec(`DELETE FROM console_recovery WHERE account = $1 AND digest = $2`, name, digest))
}

// Recovery implements console.Store.
func (Console) Recovery(tx *store.Tx, name string) (n int, err error) {
	err = tx.Row(`SELECT COUNT(*) FROM console_recovery WHERE account = $1`, []any{name}, &n)
	return n, err
}

// Invitation implements console.Store.
func (Console) Invitation(tx *store.Tx, digest string) (console.Invitation, error) {
	i := console.Invitation{Digest: digest}
	var expires int64
	err := tx.Row(`SELECT account, expires_at FROM console_invitation WHERE digest = $1`, []any{digest}, &i.Account, &expires)
	i.Expires = instant(expires)
	return i, err
}

// PutInvitation implements console.Store.
func (Console) PutInvitation(tx *store.Tx, i console.Invitation) error {
	_, err := tx.Exec(`INSERT INTO console_invitation (digest, account, expires_at) VALUES ($1, $2, $3)`, i.Digest, i.Account, millis(i.Expires))
	return err
}

// DropInvitations implements console.Store.
func (Console) DropInvitations(tx *store.Tx, account string) error {
	_, err := tx.Exec(`DELETE FROM console_invitation WHERE account = $1`, account)
	return err
}

// Record implements console.Store.
func (Console) Record(tx *store.Tx, a console.Act) error {
	var seq int64
	var before string
	err := tx.Row(`SELECT seq, chain FROM console_act ORDER BY seq DESC LIMIT 1`, nil, &seq, &before)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	a.Seq = seq + 1
	a.At = a.At.UTC().Truncate(time.Millisecond)
	_, err = tx.Exec(`INSERT INTO console_act (seq, at, account, action, object, detail, origin, chain) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.Seq, millis(a.At), a.Account, string(a.Action), a.Object, a.Detail, a.Origin, a.Link(before))
	return err
}

// Acts implements console.Store.
func (Console) Acts(tx *store.Tx, f console.ActFilter) ([]console.Act, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	return acts(tx, `SELECT seq, at, account, action, object, detail, origin, chain FROM console_act
		WHERE ($1 = '' OR account = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR object = $3) AND ($4 = 0 OR seq < $4)
		ORDER BY seq DESC LIMIT $5`, f.Account, string(f.Action), f.Object, f.Before, f.Limit)
}

// Chain implements console.Store.
func (Console) Chain(tx *store.Tx, after int64, limit int) ([]console.Act, error) {
	return acts(tx, `SELECT seq, at, account, action, object, detail, origin, chain FROM console_act WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
}

func acts(tx *store.Tx, query string, args ...any) ([]console.Act, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []console.Act
	for rows.Next() {
		var a console.Act
		var at int64
		if err := rows.Scan(&a.Seq, &at, &a.Account, &a.Action, &a.Object, &a.Detail, &a.Origin, &a.Chain); err != nil {
			return nil, err
		}
		a.At = instant(at)
		out = append(out, a)
	}
	return out, rows.Err()
}

// CountActs implements console.Store.
func (Console) CountActs(tx *store.Tx, action console.Action, since time.Time) (n int, err error) {
	err = tx.Row(`SELECT COUNT(*) FROM console_act WHERE action = $1 AND at >= $2`, []any{string(action), millis(since)}, &n)
	return n, err
}
