// Package sqlstore keeps the state of a node in SQL: it implements the stores that the services declare.
// The engine is SQLite in pure Go; every statement is written in the SQL that PostgreSQL reads as well.
//
// One file holds one node. It is opened with write-ahead logging and synchronous=FULL, so what a commit
// has acknowledged survives the loss of power; what is deleted is overwritten. Persons, message bodies and evidence are sealed with the
// node's key before they reach the file.
package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"oots/internal/spool"
	"oots/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// FileName is the name of the database in a node's folder.
const FileName = "node.db"

// A Store is the open database of one node.
type Store struct {
	DB    *store.DB
	Seal  *store.Sealer
	Spool *spool.Spool // large parts of messages

	writer, reader *sql.DB
	erased         atomic.Bool // content was deleted that may still be in the log of changes
}

// Open opens the database in dir, makes it when there is none, and brings its schema up to date. Key is
// the node's sealing key of 32 bytes. It fails with ErrNewer on one that a newer version of the program has changed.
func Open(ctx context.Context, dir string, key []byte) (*Store, error) {
	return open(ctx, dir, key, migrate)
}

// open opens the database whose schema fit has judged.
func open(ctx context.Context, dir string, key []byte, fit func(context.Context, *sql.DB) error) (*Store, error) {
	seal, err := store.NewSealer(key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	parts, err := spool.Open(filepath.Join(dir, "spool"), seal)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, FileName)
	if err := private(file); err != nil {
		return nil, err
	}
	writer, err := openPool(file, 1)
	if err != nil {
		return nil, err
	}
	if err := fit(ctx, writer); err != nil {
		writer.Close()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	reader, err := openPool(file, readers)
	if err != nil {
		writer.Close()
		return nil, err
	}
	s := &Store{DB: store.New(writer, reader), Seal: seal, Spool: parts, writer: writer, reader: reader}
	reader.SetMaxOpenConns(readers + 1) // one for the checkpoint
	s.erased.Store(true)                // perhaps by a process before this one
	if err := s.DB.Update(ctx, s.Journal().chain); err != nil {
		s.Close()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// Close closes the database; open transactions are rolled back.
func (s *Store) Close() error {
	return errors.Join(s.DB.Close(), s.reader.Close(), s.writer.Close(), s.Spool.Close())
}

// private lets nobody else read the database: the engine gives its files the mode of the first.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Chmod(file+end, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// checkpoint moves the write-ahead log into the database and empties its file. It moves most of it while others write, and
// waits for nobody in the end: readers that are at work may keep some of it; it fails then.
func (s *Store) checkpoint(ctx context.Context) error {
	var busy, logged, moved int
	err := s.reader.QueryRowContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &logged, &moved)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	err = s.DB.Exclusive(ctx, func(c *sql.Conn) error {
		patient := context.WithoutCancel(ctx)
		if _, err := c.ExecContext(patient, `PRAGMA busy_timeout = 0`); err != nil {
			return err
		}
		err := c.QueryRowContext(patient, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &logged, &moved)
		_, back := c.ExecContext(patient, `PRAGMA busy_timeout = `+busyTimeout)
		return errors.Join(err, back)
	})
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if busy != 0 {
		return errors.New("checkpoint: the database is being read")
	}
	return nil
}

// readers is how many transactions read at once.
const readers = 4

// busyTimeout is how long, in milliseconds, a connection waits for another process.
const busyTimeout = "10000"

// openPool opens file with at most n connections. Transactions take the write lock at once: two that read
// and then write would otherwise fail instead of waiting.
func openPool(file string, n int) (*sql.DB, error) {
	q := url.Values{}
	for _, p := range []string{"busy_timeout(" + busyTimeout + ")", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)"} {
		q.Add("_pragma", p)
	}
	if n == 1 {
		q.Set("_txlock", "immediate")
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(file), RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	if err := db.Ping(); err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return db, nil
}
