package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
)

// A group lets transactions that come at the same time share one commit. Each runs by itself, in its own goroutine and
// between two savepoints, while the others wait for their turn; the last of them commits, and nobody returns before that.
type group struct {
	db      *sql.DB
	turn    chan struct{} // held by who uses what follows
	conn    *conn
	batch   *batch // begun and not committed; nil for none
	waiting atomic.Int64
}

// A batch is the transactions of one commit.
type batch struct {
	size int
	err  error         // of the commit
	done chan struct{} // closed after it
}

// largestBatch bounds how many transactions wait for each other.
const largestBatch = 32

func newGroup(db *sql.DB) group { return group{db: db, turn: make(chan struct{}, 1)} }

// update runs f and returns when it is committed, or rolled back.
func (g *group) update(ctx context.Context, f func(*Tx) error) error {
	if err := g.wait(ctx); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	b, after, err := g.run(ctx, f)
	if b == nil {
		return err
	}
	<-b.done
	if err != nil {
		return err
	}
	if b.err != nil {
		return b.err
	}
	for _, h := range after {
		h()
	}
	return nil
}

// wait takes the turn, unless ctx ends before that. Who has begun waits for the commit, whatever its context: otherwise it
// could not say whether it is done.
func (g *group) wait(ctx context.Context) error {
	g.waiting.Add(1)
	select {
	case g.turn <- struct{}{}:
		g.waiting.Add(-1)
		return nil
	case <-ctx.Done():
		go g.standIn()
		return ctx.Err()
	}
}

// standIn takes the turn of somebody who has given up: who had the turn before may have left an open batch to him.
func (g *group) standIn() {
	g.turn <- struct{}{}
	g.waiting.Add(-1)
	if g.batch != nil && g.waiting.Load() == 0 {
		g.commit()
	}
	<-g.turn
}

// run is one turn. It returns the batch that f is part of, or nil when nothing is left to wait for. Whatever happens in f,
// a batch that nobody else will end is ended.
func (g *group) run(ctx context.Context, f func(*Tx) error) (b *batch, after []func(), err error) {
	fine := false
	defer func() {
		if !fine && g.batch != nil { // f has panicked, or ended its goroutine
			g.undo(g.batch.size > 0)
		}
		if g.batch != nil && (g.waiting.Load() == 0 || g.batch.size >= largestBatch) {
			g.commit()
		}
		<-g.turn
	}()
	if err := ctx.Err(); err != nil {
		fine = true
		return nil, nil, fmt.Errorf("begin: %w", err)
	}
	if err := g.begin(); err != nil {
		fine = true
		return nil, nil, fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{ctx: ctx, conn: g.conn}
	err = f(tx)
	fine = true
	if err != nil {
		g.undo(g.batch.size > 0)
		return nil, nil, err
	}
	b = g.batch
	if b.size > 0 {
		if err := g.conn.run(context.Background(), "RELEASE member"); err != nil {
			g.fail(err)
			return nil, nil, fmt.Errorf("commit: %w", err)
		}
	}
	b.size++
	return b, tx.after, nil
}

// begin opens a batch, or sets the savepoint of one more transaction of the open one.
func (g *group) begin() error {
	if g.conn == nil {
		c, err := open(context.Background(), g.db, true)
		if err != nil {
			return err
		}
		g.conn = c
	}
	if g.batch != nil {
		err := g.conn.run(context.Background(), "SAVEPOINT member")
		if err != nil {
			g.fail(err)
		}
		return err
	}
	if err := g.conn.run(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		g.conn.run(context.Background(), "ROLLBACK") // of one that could not be rolled back before
		if errors.Is(err, sql.ErrConnDone) || errors.Is(err, driver.ErrBadConn) {
			g.conn.close()
			g.conn = nil
		}
		return err
	}
	g.batch = &batch{done: make(chan struct{})}
	return nil
}

// undo rolls back one transaction: to its savepoint if the batch has others, else the batch.
func (g *group) undo(others bool) {
	if !others {
		g.fail(nil)
		return
	}
	err := g.conn.run(context.Background(), "ROLLBACK TO member")
	if err == nil {
		err = g.conn.run(context.Background(), "RELEASE member")
	}
	if err != nil {
		// The engine has rolled back everything, as it does when the disk is full.
		g.fail(err)
	}
}

// fail ends the batch without any of its transactions.
func (g *group) fail(err error) {
	b := g.batch
	g.batch = nil
	g.conn.run(context.Background(), "ROLLBACK") // an error says that the engine has done so
	if err == nil {
		err = errRolledBack
	}
	if b.err = err; !errors.Is(err, ErrCommit) {
		b.err = fmt.Errorf("rolled back with others: %w", err)
	}
	close(b.done)
}

var errRolledBack = errors.New("rolled back")

func (g *group) commit() {
	b := g.batch
	if err := g.conn.run(context.Background(), "COMMIT"); err != nil {
		g.fail(fmt.Errorf("%w: %w", ErrCommit, err))
		return
	}
	g.batch = nil
	close(b.done)
}

// exclusive runs f between two batches.
func (g *group) exclusive(ctx context.Context, f func(*sql.Conn) error) error {
	if err := g.wait(ctx); err != nil {
		return err
	}
	defer func() { <-g.turn }()
	if g.batch != nil {
		g.commit()
	}
	if g.conn == nil {
		c, err := open(ctx, g.db, true)
		if err != nil {
			return err
		}
		g.conn = c
	}
	return f(g.conn.c)
}

func (g *group) close() error {
	g.turn <- struct{}{}
	defer func() { <-g.turn }()
	if g.batch != nil {
		g.commit()
	}
	if g.conn == nil {
		return nil
	}
	err := g.conn.close()
	g.conn = nil
	return err
}
