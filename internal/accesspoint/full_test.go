package accesspoint

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"oots/internal/sqlstore"
)

// TestDiskFull: whoever cannot start because the disk is full says that first, and what to do.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), sqlstore.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`PRAGMA max_page_count = 2; CREATE TABLE a (b); CREATE TABLE c (d)`)
	for _, cause := range []error{err, &fs.PathError{Op: "write", Path: "spool", Err: syscall.ENOSPC}} {
		got := unopened("/data", fmt.Errorf("migration: %w", cause)).Error()
		if !strings.HasPrefix(got, "data.folder: /data: the disk is full: migration: ") || !strings.HasSuffix(got, "; try making room; nothing is lost, and it starts then") {
			t.Errorf("%s", got)
		}
	}
	if err := errors.New("else"); unopened("/data", err) != err {
		t.Error("another error was changed")
	}
}
