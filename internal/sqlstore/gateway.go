package sqlstore

import (
	"context"
	"strconv"
	"strings"
	"time"

	"oots/internal/gateway"
	"oots/internal/store"
)

// Gateway is the outbox and inbox of the access point.
type Gateway struct{ s *Store }

// Gateway returns the store of the access point.
func (s *Store) Gateway() Gateway { return Gateway{s} }

// Update implements gateway.Store.
func (g Gateway) Update(ctx context.Context, f func(*store.Tx) error) error {
	return g.s.DB.Update(ctx, f)
}

// View implements gateway.Store.
func (g Gateway) View(ctx context.Context, f func(*store.Tx) error) error {
	return g.s.DB.View(ctx, f)
}

// Release implements gateway.Store.
func (g Gateway) Release(tx *store.Tx, owner string) error {
	if _, err := tx.Exec(`UPDATE gateway_outbox SET state = $1, lease_owner = '', lease_until = 0 WHERE state = $2 AND lease_owner = $3`,
		gateway.Waiting, gateway.Sending, owner); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE gateway_inbox SET state = $1, lease_owner = '', lease_until = 0 WHERE state = $2 AND lease_owner = $3`,
		gateway.Received, gateway.Handling, owner)
	return err
}

// skew is how far ahead a clock may have been that wrote a time into a row: what lies beyond was written before the
// clock was set back.
const skew = 5 * time.Minute

// Revive implements gateway.Store. A lease that seems to have been written in the future is taken for one from before the
// clock was set back: when that was wrong, because only our clock was set back, another process may send the same message
// at the same time. Its receiver tells the duplicate; without this, a message would wait for as long as a clock was wrong.
func (g Gateway) Revive(tx *store.Tx, now time.Time, busy []gateway.Key) (int64, error) {
	ids := map[gateway.Box][]any{}
	for _, k := range busy {
		ids[k.Box] = append(ids[k.Box], k.MessageID)
	}
	var n int64
	for _, t := range []struct {
		box             gateway.Box
		table           string
		idle, underWork gateway.State
	}{
		{gateway.Out, "gateway_outbox", gateway.Waiting, gateway.Sending},
		{gateway.In, "gateway_inbox", gateway.Received, gateway.Handling},
	} {
		args := []any{t.idle, millis(now), millis(now), t.underWork, millis(now), millis(now.Add(skew))}
		lost, err := tx.Exec(`UPDATE `+t.table+` SET state = $1, lease_owner = '', lease_until = 0, next_attempt = $2, written_at = $3
			WHERE state = $4 AND (lease_until <= $5 OR written_at > $6)`+except("message_id", &args, ids[t.box]), args...)
		if err != nil {
			return n, err
		}
		ahead, err := tx.Exec(`UPDATE `+t.table+` SET next_attempt = $1, written_at = $2 WHERE state = $3 AND next_attempt > $4 AND written_at > $5`,
			millis(now), millis(now), t.idle, millis(now), millis(now.Add(skew)))
		if err != nil {
			return n, err
		}
		n += lost + ahead
	}
	return n, nil
}

// except is the condition that column is none of values, whose parameters follow args.
func except(column string, args *[]any, values []any) string {
	if len(values) == 0 {
		return ""
	}
	return " AND " + column + " NOT IN " + list(args, values)
}

// among is the condition that column is one of values.
func among[T ~string](column string, args *[]any, values []T) string {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return " AND " + column + " IN " + list(args, all)
}

func list(args *[]any, values []any) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		*args = append(*args, v)
		b.WriteString("$" + strconv.Itoa(len(*args)))
	}
	b.WriteByte(')')
	return b.String()
}

// Scrub implements gateway.Store: the log of changes is brought into the database, where deleted content is
// overwritten, and cut to nothing. When this process has deleted nothing since the last time, there is nothing to do.
func (g Gateway) Scrub(ctx context.Context) error {
	if !g.s.erased.Swap(false) {
		return nil
	}
	err := g.s.checkpoint(ctx)
	if err != nil {
		g.s.erased.Store(true)
	}
	return err
}

// one turns the row count of a conditional update into ErrNotFound when the condition did not hold.
func one(n int64, err error) error {
	if err == nil && n != 1 {
		return store.ErrNotFound
	}
	return err
}

// millis is the stored form of a time: milliseconds since 1970, 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant reverses millis.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
