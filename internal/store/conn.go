package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// maxStatements bounds the prepared statements of a connection: those of a program are few, those that are put together
// from conditions could be many.
const maxStatements = 256

// A conn is one connection with its prepared statements. It is used by one goroutine at a time.
type conn struct {
	c          *sql.Conn
	statements map[string]*sql.Stmt
	writes     bool // a statement is never interrupted: that would roll back the others of the group as well
	broken     bool
}

func open(ctx context.Context, db *sql.DB, writes bool) (*conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{c: c, statements: map[string]*sql.Stmt{}, writes: writes}, nil
}

// within is the context for one statement.
func (c *conn) within(ctx context.Context) context.Context {
	if c.writes {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// prepared returns the statement, made once. Its result must be read before it is used again.
func (c *conn) prepared(query string) (*sql.Stmt, error) {
	if s := c.statements[query]; s != nil {
		return s, nil
	}
	if len(c.statements) >= maxStatements {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	s, err := c.c.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	c.statements[query] = s
	return s, nil
}

// run runs a statement without parameters.
func (c *conn) run(ctx context.Context, query string) error {
	s, err := c.prepared(query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx)
	return err
}

func (c *conn) forget() error {
	var errs []error
	for _, s := range c.statements {
		errs = append(errs, s.Close())
	}
	clear(c.statements)
	return errors.Join(errs...)
}

func (c *conn) close() error { return errors.Join(c.forget(), c.c.Close()) }

// A pool is connections for reading.
type pool struct {
	db    *sql.DB
	slots chan struct{}
	mu    sync.Mutex
	idle  []*conn
}

func newPool(db *sql.DB, n int) pool {
	return pool{db: db, slots: make(chan struct{}, max(n, 1))}
}

func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	c, err := open(ctx, p.db, false)
	if err != nil {
		<-p.slots
	}
	return c, err
}

func (p *pool) give(c *conn) {
	if c.broken {
		c.close()
	} else {
		p.mu.Lock()
		p.idle = append(p.idle, c)
		p.mu.Unlock()
	}
	<-p.slots
}

func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, c := range p.idle {
		errs = append(errs, c.close())
	}
	p.idle = nil
	return errors.Join(errs...)
}
