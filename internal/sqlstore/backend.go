package sqlstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/backend"
	"oots/internal/spool"
	"oots/internal/store"
)

// backendBox holds the payloads of messages that wait for a back end.
const backendBox box = "backend"

// Backend is the store of the interface to back ends.
type Backend struct{ s *Store }

// Backend returns the store of the interface to back ends.
func (s *Store) Backend() Backend { return Backend{s} }

var _ backend.Store = Backend{}

// Update implements backend.Store.
func (b Backend) Update(ctx context.Context, f func(*store.Tx) error) error {
	return b.s.DB.Update(ctx, f)
}

// View implements backend.Store.
func (b Backend) View(ctx context.Context, f func(*store.Tx) error) error { return b.s.DB.View(ctx, f) }

// PutAccount implements backend.Store.
func (Backend) PutAccount(tx *store.Tx, a backend.Account) error {
	_, err := tx.Exec(`INSERT INTO backend_account (name, password, certificate, role, original_user, disabled, made_at, failures, suspended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (name) DO UPDATE SET password = excluded.password, certificate = excluded.certificate, role = excluded.role,
			original_user = excluded.original_user, disabled = excluded.disabled, failures = excluded.failures, suspended = excluded.suspended`,
		a.Name, a.Password, a.Certificate, a.Role, a.OriginalUser, flag(a.Disabled), millis(a.MadeAt), a.Failures, millis(a.Until))
	return err
}

const backendAccountColumns = `name, password, certificate, role, original_user, disabled, made_at, failures, suspended`

// Account implements backend.Store.
func (b Backend) Account(tx *store.Tx, name string) (backend.Account, error) {
	return b.account(tx, `name = $1`, name)
}

// AccountOf implements backend.Store.
func (b Backend) AccountOf(tx *store.Tx, certificate string) (backend.Account, error) {
	return b.account(tx, `certificate = $1 AND certificate <> ''`, certificate)
}

func (Backend) account(tx *store.Tx, where string, arg string) (a backend.Account, err error) {
	var made, until int64
	err = tx.Row(`SELECT `+backendAccountColumns+` FROM backend_account WHERE `+where, []any{arg},
		&a.Name, &a.Password, &a.Certificate, &a.Role, &a.OriginalUser, &a.Disabled, &made, &a.Failures, &until)
	a.MadeAt, a.Until = instant(made), instant(until)
	return a, err
}

// Accounts implements backend.Store.
func (Backend) Accounts(tx *store.Tx) ([]backend.Account, error) {
	rows, err := tx.Query(`SELECT ` + backendAccountColumns + ` FROM backend_account ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []backend.Account
	for rows.Next() {
		var a backend.Account
		var made, until int64
		if err := rows.Scan(&a.Name, &a.Password, &a.Certificate, &a.Role, &a.OriginalUser, &a.Disabled, &made, &a.Failures, &until); err != nil {
			return nil, err
		}
		a.MadeAt, a.Until = instant(made), instant(until)
		out = append(out, a)
	}
	return out, rows.Err()
}

// SetFailures implements backend.Store.
func (Backend) SetFailures(tx *store.Tx, name string, failures int, until time.Time) error {
	return one(tx.Exec(`UPDATE backend_account SET failures = $1, suspended = $2 WHERE name = $3`, failures, millis(until), name))
}

// PutSent implements backend.Store.
func (Backend) PutSent(tx *store.Tx, s backend.Sent) error {
	_, err := tx.Exec(`INSERT INTO backend_sent (message_id, account, fingerprint, conversation_id, original_sender, final_recipient, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, s.MessageID, s.Account, s.Fingerprint, s.ConversationID, s.OriginalSender, s.FinalRecipient, millis(s.CreatedAt))
	return err
}

// Sent implements backend.Store.
func (Backend) Sent(tx *store.Tx, messageID string) (s backend.Sent, err error) {
	var created, settled int64
	err = tx.Row(`SELECT s.message_id, s.account, s.fingerprint, s.conversation_id, s.original_sender, s.final_recipient, s.created_at,
			o.state, o.attempts, o.error_code, o.settled_at
		FROM backend_sent s JOIN gateway_outbox o ON o.message_id = s.message_id WHERE s.message_id = $1`, []any{messageID},
		&s.MessageID, &s.Account, &s.Fingerprint, &s.ConversationID, &s.OriginalSender, &s.FinalRecipient, &created,
		&s.State, &s.Attempts, &s.ErrorCode, &settled)
	s.CreatedAt, s.SettledAt = instant(created), instant(settled)
	return s, err
}

// PutReceived implements backend.Store: a file of the spool changes hands by its name; what lies in the database is
// sealed for its new place.
func (b Backend) PutReceived(tx *store.Tx, r backend.Received) error {
	m := &r.Message
	header, err := b.s.sealJSON(m, "backend:"+m.MessageID)
	if err != nil {
		return err
	}
	sender, _ := m.Property(ebms.OriginalSender)
	recipient, _ := m.Property(ebms.FinalRecipient)
	_, err = tx.Exec(`INSERT INTO backend_received (message_id, state, conversation_id, ref_to, from_party, original_sender, final_recipient,
		received_at, downloaded_at, deleted_at, holder, held_until, message) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '', 0, $9)`,
		m.MessageID, r.State, m.ConversationID, m.RefToMessageID, m.From.ID.Value, sender.Value, recipient.Value, millis(r.ReceivedAt), header)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM gateway_part WHERE box = $1 AND message_id = $2`, inbox, m.MessageID); err != nil {
		return err
	}
	for i, p := range r.Payloads {
		if err := b.s.Gateway().putPart(tx, backendBox, m.MessageID, i, part{contentID: p.ContentID, mimeType: p.MimeType, content: p.Content}); err != nil {
			return err
		}
	}
	return nil
}

const receivedColumns = `message_id, state, received_at, downloaded_at, message`

func (b Backend) received(tx *store.Tx, query string, args ...any) (r backend.Received, err error) {
	var id string
	var received, downloaded int64
	var sealed []byte
	if err := tx.Row(query, args, &id, &r.State, &received, &downloaded, &sealed); err != nil {
		return backend.Received{}, err
	}
	r.ReceivedAt, r.DownloadedAt = instant(received), instant(downloaded)
	if err := b.s.openJSON(sealed, "backend:"+id, &r.Message); err != nil {
		return backend.Received{}, err
	}
	return r, nil
}

// Received implements backend.Store.
func (b Backend) Received(tx *store.Tx, messageID string) (backend.Received, error) {
	return b.received(tx, `SELECT `+receivedColumns+` FROM backend_received WHERE message_id = $1`, messageID)
}

// filtered is a condition with its parameters, numbered from those of args on.
func filtered(f backend.Filter, prefix string, args []any) (string, []any) {
	var b strings.Builder
	add := func(condition string, value any) {
		args = append(args, value)
		fmt.Fprintf(&b, " AND %s%s $%d", prefix, condition, len(args))
	}
	for _, c := range []struct{ column, value string }{
		{"message_id =", f.MessageID}, {"conversation_id =", f.ConversationID}, {"ref_to =", f.RefToMessageID},
		{"from_party =", f.FromPartyID}, {"final_recipient =", f.FinalRecipient}, {"original_sender =", f.OriginalSender},
	} {
		if c.value != "" {
			add(c.column, c.value)
		}
	}
	if !f.From.IsZero() {
		add("received_at >=", millis(f.From))
	}
	if !f.To.IsZero() {
		add("received_at <=", millis(f.To))
	}
	return b.String(), args
}

// Pending implements backend.Store.
func (Backend) Pending(tx *store.Tx, f backend.Filter) ([]string, error) {
	condition, args := filtered(f, "", []any{backend.Ready})
	args = append(args, f.Limit)
	return texts(tx, fmt.Sprintf(`SELECT message_id FROM backend_received WHERE state = $1%s ORDER BY received_at, message_id LIMIT $%d`, condition, len(args)), args...)
}

// Claim implements backend.Store.
func (b Backend) Claim(tx *store.Tx, messageID, holder string, now, until, since time.Time) (backend.Received, error) {
	r, err := b.received(tx, `UPDATE backend_received SET holder = $1, held_until = $2
		WHERE message_id = $3 AND held_until <= $4 AND (state = $5 OR (state = $6 AND downloaded_at > $7)) RETURNING `+receivedColumns,
		holder, millis(until), messageID, millis(now), backend.Ready, backend.Downloaded, millis(since))
	if err != nil {
		return backend.Received{}, err
	}
	parts, err := b.s.Gateway().parts(tx, backendBox, messageID)
	if err != nil {
		return backend.Received{}, err
	}
	for i, p := range parts {
		payload := as4.Payload{ContentID: p.contentID, MimeType: p.mimeType, Content: p.content}
		if i < len(r.Message.Parts) {
			payload.Properties = r.Message.Parts[i].Properties
		}
		r.Payloads = append(r.Payloads, payload)
	}
	return r, nil
}

// Extend implements backend.Store.
func (Backend) Extend(tx *store.Tx, messageID, holder string, until time.Time) error {
	return one(tx.Exec(`UPDATE backend_received SET held_until = $1 WHERE message_id = $2 AND holder = $3`, millis(until), messageID, holder))
}

// Unclaim implements backend.Store; a message that was downloaded before keeps the time of the first.
func (Backend) Unclaim(tx *store.Tx, messageID, holder string, at time.Time) error {
	if at.IsZero() {
		return one(tx.Exec(`UPDATE backend_received SET holder = '', held_until = 0 WHERE message_id = $1 AND holder = $2`, messageID, holder))
	}
	return one(tx.Exec(`UPDATE backend_received SET holder = '', held_until = 0, state = $1,
			downloaded_at = CASE WHEN downloaded_at = 0 THEN $2 ELSE downloaded_at END
		WHERE message_id = $3 AND holder = $4`, backend.Downloaded, millis(at), messageID, holder))
}

// Mark implements backend.Store.
func (Backend) Mark(tx *store.Tx, messageID string, at time.Time) error {
	return one(tx.Exec(`UPDATE backend_received SET state = $1, downloaded_at = $2 WHERE message_id = $3 AND state = $4`,
		backend.Downloaded, millis(at), messageID, backend.Ready))
}

// Expired implements backend.Store.
func (Backend) Expired(tx *store.Tx, downloaded, received, now time.Time, limit int) ([]string, error) {
	return texts(tx, `SELECT message_id FROM backend_received
		WHERE held_until <= $1 AND ((state = $2 AND downloaded_at <= $3) OR (state = $4 AND received_at <= $5))
		ORDER BY received_at, message_id LIMIT $6`,
		millis(now), backend.Downloaded, millis(downloaded), backend.Ready, millis(received), limit)
}

// Delete implements backend.Store.
func (b Backend) Delete(tx *store.Tx, messageID string, at time.Time) error {
	err := one(tx.Exec(`UPDATE backend_received SET state = $1, deleted_at = $2 WHERE message_id = $3 AND state <> $4`,
		backend.Deleted, millis(at), messageID, backend.Deleted))
	if err != nil {
		return err
	}
	return b.s.Gateway().deleteParts(tx, backendBox, messageID)
}

// Holds implements backend.Store; small parts lie in the rows themselves.
func (Backend) Holds(tx *store.Tx, c as4.Content) (bool, error) {
	f, ok := c.(*spool.File)
	if !ok {
		return false, nil
	}
	var n int
	err := tx.Row(`SELECT COUNT(*) FROM gateway_part WHERE file = $1`, []any{f.Name()}, &n)
	return n > 0, err
}

// PutNotice implements backend.Store.
func (Backend) PutNotice(tx *store.Tx, n backend.Notice) error {
	_, err := tx.Exec(`INSERT INTO backend_notice (id, message_id, position, kind, status, rule, state, reason, attempts, next_attempt,
			lease_owner, lease_until, created_at)
		SELECT $1, $2, COALESCE(MAX(position), 0) + 1, $3, $4, $5, $6, '', 0, $7, '', 0, $8 FROM backend_notice WHERE message_id = $9`,
		n.ID, n.MessageID, n.Kind, n.Status, n.Rule, backend.NoticeWaiting, millis(n.CreatedAt), millis(n.CreatedAt), n.MessageID)
	return err
}

// ClaimNotice implements backend.Store.
func (Backend) ClaimNotice(tx *store.Tx, now time.Time, owner string, until time.Time) (n backend.Notice, err error) {
	var created int64
	err = tx.Row(`UPDATE backend_notice SET state = $1, attempts = attempts + 1, lease_owner = $2, lease_until = $3
		WHERE id = (SELECT id FROM backend_notice n
			WHERE ((n.state = $4 AND n.next_attempt <= $5) OR (n.state = $6 AND n.lease_until <= $7))
			AND NOT EXISTS (SELECT 1 FROM backend_notice e WHERE e.message_id = n.message_id AND e.position < n.position AND e.state IN ($8, $9))
			ORDER BY n.next_attempt, n.message_id, n.position LIMIT 1)
		RETURNING id, message_id, position, kind, status, rule, attempts, created_at`,
		[]any{backend.NoticeSending, owner, millis(until), backend.NoticeWaiting, millis(now), backend.NoticeSending, millis(now),
			backend.NoticeWaiting, backend.NoticeSending},
		&n.ID, &n.MessageID, &n.Position, &n.Kind, &n.Status, &n.Rule, &n.Attempts, &created)
	n.CreatedAt = instant(created)
	return n, err
}

// SettleNotice implements backend.Store.
func (Backend) SettleNotice(tx *store.Tx, id, owner string, s backend.NoticeState, reason string, next time.Time) error {
	return one(tx.Exec(`UPDATE backend_notice SET state = $1, reason = $2, next_attempt = $3, lease_owner = '', lease_until = 0
		WHERE id = $4 AND state = $5 AND lease_owner = $6`, s, reason, millis(next), id, backend.NoticeSending, owner))
}

// FailedNotices implements backend.Store. Only received messages have corners and times to filter by.
func (Backend) FailedNotices(tx *store.Tx, f backend.Filter) ([]string, error) {
	condition, args := filtered(f, "r.", []any{backend.NoticeFailed})
	join := "LEFT JOIN"
	if condition != "" {
		join = "JOIN"
	}
	args = append(args, f.Limit)
	return texts(tx, fmt.Sprintf(`SELECT n.message_id FROM backend_notice n %s backend_received r ON r.message_id = n.message_id
		WHERE n.state = $1%s GROUP BY n.message_id ORDER BY MIN(n.created_at), n.message_id LIMIT $%d`, join, condition, len(args)), args...)
}

// Renotify implements backend.Store; attempts begin anew.
func (Backend) Renotify(tx *store.Tx, messageID string, now time.Time) error {
	n, err := tx.Exec(`UPDATE backend_notice SET state = $1, attempts = 0, next_attempt = $2 WHERE message_id = $3 AND state = $4`,
		backend.NoticeWaiting, millis(now), messageID, backend.NoticeFailed)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	return err
}

// ReleaseNotices implements backend.Store.
func (Backend) ReleaseNotices(tx *store.Tx, owner string) error {
	_, err := tx.Exec(`UPDATE backend_notice SET state = $1, lease_owner = '', lease_until = 0 WHERE state = $2 AND lease_owner = $3`,
		backend.NoticeWaiting, backend.NoticeSending, owner)
	return err
}
