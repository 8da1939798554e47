package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/pressly/goose/v3"
)

// What a database can be to this program.
var (
	// ErrNewer says that a newer version of the program has changed the schema. This one does not know what the data mean
	// by now, and writes nothing into them.
	ErrNewer = errors.New("the database is of a newer version of the program")
	// ErrOlder says that the schema is one from before this version. Open brings it up to date; nothing else does.
	ErrOlder = errors.New("the database is of an older version of the program")
)

// OpenExisting opens the database in dir beside the process that it belongs to. It makes none, and never changes the
// schema: under a process of an older version that would be the end of its work. It fails with ErrOlder or ErrNewer.
func OpenExisting(ctx context.Context, dir string, key []byte) (*Store, error) {
	if _, err := os.Stat(filepath.Join(dir, FileName)); err != nil {
		return nil, err
	}
	return open(ctx, dir, key, current)
}

// migrate applies the numbered files that this database has not seen. A released file is never edited.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	if err := current(ctx, db); err != nil && !errors.Is(err, ErrOlder) {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// current compares the schema with that of this program.
func current(ctx context.Context, db *sql.DB) error {
	has, err := applied(ctx, db)
	if err != nil {
		return err
	}
	known, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var newest int64
	for _, name := range known {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return err
		}
		newest = max(newest, n)
	}
	switch most := slices.Max(append(has, 0)); {
	case most > newest:
		return fmt.Errorf("%w: its schema is number %d, and this one knows %d", ErrNewer, most, newest)
	case most < newest:
		return fmt.Errorf("%w: its schema is number %d, and this one has %d", ErrOlder, most, newest)
	}
	return nil
}

// applied are the numbers of the files that this database has seen; none of one that is empty.
func applied(ctx context.Context, db *sql.DB) (out []int64, err error) {
	var n int
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'`).Scan(&n); err != nil || n == 0 {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT version_id FROM goose_db_version WHERE is_applied`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v int64
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
