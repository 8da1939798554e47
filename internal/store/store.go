// Package store is the kit that services share for durable state: transactions that several services can
// take part in, and a sealer for what must not lie readable on disk. It names no table.
//
// A Tx is passed explicitly. What a service writes with it, and what another service writes with the same
// Tx, is there together or not at all: so an inbound message is marked as handled in the very transaction
// that stores its answer.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrNotFound says that no row has the key asked for.
var ErrNotFound = errors.New("not found")

// A DB runs transactions on one database.
type DB struct {
	writer, reader *sql.DB
}

// New makes a DB over a pool for writing and one for reading; they may be the same.
func New(writer, reader *sql.DB) *DB { return &DB{writer: writer, reader: reader} }

// A Tx is one open transaction. It is used by one goroutine at a time.
type Tx struct {
	ctx   context.Context
	tx    *sql.Tx
	after []func()
}

// Update runs f in a transaction that is committed, durably, when f returns nil and rolled back otherwise.
// Functions given to Tx.After run once the commit has succeeded.
func (d *DB) Update(ctx context.Context, f func(*Tx) error) error { return run(ctx, d.writer, nil, f) }

// View runs f in a transaction that only reads.
func (d *DB) View(ctx context.Context, f func(*Tx) error) error {
	return run(ctx, d.reader, &sql.TxOptions{ReadOnly: true}, f)
}

func run(ctx context.Context, db *sql.DB, o *sql.TxOptions, f func(*Tx) error) error {
	sqlTx, err := db.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{ctx: ctx, tx: sqlTx}
	done := false
	defer func() {
		if !done {
			sqlTx.Rollback()
		}
	}()
	if err := f(tx); err != nil {
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	done = true
	for _, g := range tx.after {
		g()
	}
	return nil
}

// Context is the context the transaction was begun with.
func (t *Tx) Context() context.Context { return t.ctx }

// After runs f once the transaction is committed, and never when it is rolled back: to wake a worker.
func (t *Tx) After(f func()) { t.after = append(t.after, f) }

// Exec runs a statement with $1 … $n parameters and returns how many rows it changed.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	r, err := t.tx.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query runs a query; the caller closes the rows.
func (t *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(t.ctx, query, args...)
}

// Row runs a query of at most one row and scans it; ErrNotFound when there is none.
func (t *Tx) Row(query string, args []any, dest ...any) error {
	err := t.tx.QueryRowContext(t.ctx, query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
