package sqlstore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"oots/internal/gateway"
	"oots/internal/store"
)

// Bounds of one page of messages. together is how many of one millisecond come beyond it.
const (
	defaultPage = 50
	largestPage = 1000
	together    = 10000
	// shortestPrefix is how much of an id must be given at least: what begins with less is most of the table.
	shortestPrefix = 4
)

// Search implements gateway.Store: newest first. Messages of one millisecond are never torn apart, so that the next page
// begins where this one ends.
func (g Gateway) Search(tx *store.Tx, f gateway.Filter) ([]gateway.Summary, error) {
	if f.Limit <= 0 {
		f.Limit = defaultPage
	}
	f.Limit = min(f.Limit, largestPage)
	out, err := g.page(tx, f)
	if err != nil || len(out) < f.Limit {
		return out, err
	}
	last := out[len(out)-1].Created
	f.Since, f.Before, f.Until, f.Limit = last, last.Add(time.Millisecond), time.Time{}, together
	same, err := g.page(tx, f)
	first := slices.IndexFunc(out, func(s gateway.Summary) bool { return s.Created.Equal(last) })
	return append(out[:first], same...), err
}

func (g Gateway) page(tx *store.Tx, f gateway.Filter) ([]gateway.Summary, error) {
	var args []any
	var selects []string
	for _, t := range tables {
		if f.Box == "" || f.Box == t.box {
			selects = append(selects, selectSummary(t.box, t.table, t.created, where(f, t.created, &args), &args, f.Limit))
		}
	}
	args = append(args, f.Limit)
	rows, err := tx.Query(strings.Join(selects, " UNION ALL ")+` ORDER BY created DESC, message_id DESC LIMIT $`+strconv.Itoa(len(args)), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []gateway.Summary
	for rows.Next() {
		var r summaryRow
		if err := rows.Scan(r.dest()...); err != nil {
			return nil, err
		}
		out = append(out, r.summary())
	}
	return out, rows.Err()
}

// summaryColumns are what a summaryRow receives. %s is the box, then the column of the time of creation.
const summaryColumns = `'%s' AS box, message_id, conversation_id, ref_to, peer, service, action, state, attempts, %s AS created,
	next_attempt, settled_at, error_code, size, parts`

func selectSummary(b gateway.Box, table, created, condition string, args *[]any, limit int) string {
	*args = append(*args, limit)
	return fmt.Sprintf(`SELECT * FROM (SELECT `+summaryColumns+` FROM %s WHERE 1 = 1%s ORDER BY %s DESC, message_id DESC LIMIT $%d) AS %s_page`,
		b, created, table, condition, created, len(*args), b)
}

type summaryRow struct {
	s                      gateway.Summary
	created, next, settled int64
}

func (r *summaryRow) dest() []any {
	s := &r.s
	return []any{&s.Box, &s.MessageID, &s.ConversationID, &s.RefToMessageID, &s.Partner, &s.Service, &s.Action, &s.State, &s.Attempts,
		&r.created, &r.next, &r.settled, &s.ErrorCode, &s.Size, &s.Parts}
}

func (r *summaryRow) summary() gateway.Summary {
	r.s.Created, r.s.Settled = instant(r.created), instant(r.settled)
	if r.s.State == gateway.Waiting || r.s.State == gateway.Received {
		r.s.NextAttempt = instant(r.next)
	}
	return r.s
}

// where writes the conditions of a filter and adds their parameters.
func where(f gateway.Filter, created string, args *[]any) string {
	var b strings.Builder
	add := func(condition string, values ...any) {
		for _, v := range values {
			*args = append(*args, v)
			condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(*args)), 1)
		}
		b.WriteString(" AND " + condition)
	}
	switch {
	case f.Text == "":
	case len(f.Text) < shortestPrefix:
		add(`(message_id = ? OR conversation_id = ? OR (ref_to <> '' AND ref_to = ?))`, f.Text, f.Text, f.Text)
	default:
		// A range, so that the index of each column is used; no id goes beyond the last code point.
		end := f.Text + "\U0010FFFF"
		add(`((message_id >= ? AND message_id < ?) OR (conversation_id >= ? AND conversation_id < ?) OR (ref_to <> '' AND ref_to >= ? AND ref_to < ?))`,
			f.Text, end, f.Text, end, f.Text, end)
	}
	if len(f.States) > 0 {
		b.WriteString(among("state", args, f.States))
	}
	if f.Partner != "" {
		add("peer = ?", f.Partner)
	}
	if f.Action != "" {
		add("action = ?", f.Action)
	}
	if !f.Since.IsZero() {
		add(created+" >= ?", millis(f.Since))
	}
	if !f.Until.IsZero() {
		add(created+" < ?", millis(f.Until))
	}
	if !f.Before.IsZero() {
		add(created+" < ?", millis(f.Before))
	}
	return b.String()
}

// Look implements gateway.Store. Message is for the caller to read from the envelope.
func (g Gateway) Look(tx *store.Tx, k gateway.Key) (gateway.Dossier, error) {
	t := tables[0]
	if k.Box == gateway.In {
		t = tables[1]
	}
	var r summaryRow
	var d gateway.Dossier
	var deleted int64
	var facts string
	err := tx.Row(fmt.Sprintf(`SELECT `+summaryColumns+`, envelope, receipt, part_facts, deleted_at FROM %s WHERE message_id = $1`, t.box, t.created, t.table),
		[]any{k.MessageID}, append(r.dest(), &d.Envelope, &d.Receipt, &facts, &deleted)...)
	if err != nil {
		return gateway.Dossier{}, err
	}
	d.Summary, d.Deleted = r.summary(), instant(deleted)
	if unmarshal(facts, &d.Parts) != nil {
		d.Parts = nil // the rest is what an operator needs to see of a damaged row; its attempts say what is broken
	}
	d.Attempts, err = attempts(tx, k)
	return d, err
}

// Queues implements gateway.Store.
func (Gateway) Queues(tx *store.Tx) ([]gateway.Queue, error) {
	rows, err := tx.Query(`SELECT peer, state, COUNT(*), MIN(created_at), MIN(next_attempt) FROM gateway_outbox WHERE state IN ($1, $2, $3) GROUP BY peer, state
		UNION ALL
		SELECT peer, state, COUNT(*), MIN(received_at), 0 FROM gateway_inbox WHERE state IN ($4, $5, $6) GROUP BY peer, state
		ORDER BY 1`,
		gateway.Waiting, gateway.Sending, gateway.Unclear, gateway.Received, gateway.Handling, gateway.Stuck)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []gateway.Queue
	for rows.Next() {
		var partner string
		var state gateway.State
		var n int
		var oldest, next int64
		if err := rows.Scan(&partner, &state, &n, &oldest, &next); err != nil {
			return nil, err
		}
		if len(out) == 0 || out[len(out)-1].Partner != partner {
			out = append(out, gateway.Queue{Partner: partner})
		}
		count(&out[len(out)-1], state, n, instant(oldest), instant(next))
	}
	return out, rows.Err()
}

func count(q *gateway.Queue, s gateway.State, n int, oldest, next time.Time) {
	switch s {
	case gateway.Waiting:
		q.Waiting, q.NextAttempt = n, next
	case gateway.Sending:
		q.Sending = n
	case gateway.Unclear:
		q.Unclear = n
	case gateway.Stuck:
		q.Stuck = n
	default:
		q.Received += n
	}
	if q.Oldest.IsZero() || oldest.Before(q.Oldest) {
		q.Oldest = oldest
	}
}
