// Package store is the kit that services share for durable state: transactions that several services can
// take part in, and a sealer for what must not lie readable on disk. It names no table.
//
// A Tx is passed explicitly. What a service writes with it, and what another service writes with the same
// Tx, is there together or not at all: so an inbound message is marked as handled in the very transaction
// that stores its answer.
//
// Transactions that come at the same time are committed together, so that they share the cost of making them
// durable; each is still rolled back alone when it fails.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrNotFound says that no row has the key asked for.
var ErrNotFound = errors.New("not found")

// ErrCommit says that a commit has failed. The engine has most probably rolled the transaction back, but it is not known: a
// disk that has failed to say that it has written may have written. So files that the transaction names must stay.
var ErrCommit = errors.New("commit")

// A DB runs transactions on one database.
type DB struct {
	writer group
	reader pool
}

// New makes a DB over a pool for writing, of which it takes one connection, and one for reading; they may be the same.
func New(writer, reader *sql.DB) *DB {
	n := reader.Stats().MaxOpenConnections
	if n <= 0 {
		n = 4
	}
	if reader == writer {
		n--
	}
	return &DB{writer: newGroup(writer), reader: newPool(reader, n)}
}

// Close gives its connections back. The pools are closed by who opened them.
func (d *DB) Close() error {
	return errors.Join(d.writer.close(), d.reader.close())
}

// A Tx is one open transaction. It is used by one goroutine at a time.
type Tx struct {
	ctx   context.Context
	conn  *conn
	after []func()
}

// Update runs f in a transaction that is committed, durably, when f returns nil and rolled back otherwise.
// Functions given to Tx.After run once the commit has succeeded.
func (d *DB) Update(ctx context.Context, f func(*Tx) error) error { return d.writer.update(ctx, f) }

// View runs f in a transaction that only reads.
func (d *DB) View(ctx context.Context, f func(*Tx) error) error {
	c, err := d.reader.take(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer d.reader.give(c)
	if err := c.run(ctx, "BEGIN"); err != nil {
		c.broken = true
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if c.run(context.WithoutCancel(ctx), "ROLLBACK") != nil {
			c.broken = true
		}
	}()
	tx := &Tx{ctx: ctx, conn: c}
	if err := f(tx); err != nil {
		return err
	}
	for _, g := range tx.after {
		g()
	}
	return nil
}

// Exclusive runs f on the connection that writes, outside of any transaction: for what the engine does not do inside of
// one.
func (d *DB) Exclusive(ctx context.Context, f func(*sql.Conn) error) error {
	return d.writer.exclusive(ctx, f)
}

// Context is the context the transaction was begun with.
func (t *Tx) Context() context.Context { return t.ctx }

// After runs f once the transaction is committed, and never when it is rolled back: to wake a worker.
func (t *Tx) After(f func()) { t.after = append(t.after, f) }

// Exec runs a statement with $1 … $n parameters and returns how many rows it changed.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	s, err := t.conn.prepared(query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(t.conn.within(t.ctx), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query runs a query; the caller closes the rows.
func (t *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	return t.conn.c.QueryContext(t.conn.within(t.ctx), query, args...)
}

// Row runs a query of at most one row and scans it; ErrNotFound when there is none.
func (t *Tx) Row(query string, args []any, dest ...any) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	s, err := t.conn.prepared(query)
	if err != nil {
		return err
	}
	err = s.QueryRowContext(t.conn.within(t.ctx), args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
