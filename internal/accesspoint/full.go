package accesspoint

import (
	"errors"
	"fmt"
	"syscall"
)

// sqliteFull is the code of SQLite for a full disk; the bits above it say more. [SQLITE_FULL]
const sqliteFull = 13

// full reports whether err is that of a full disk.
func full(err error) bool {
	var coded interface{ Code() int }
	return errors.Is(err, syscall.ENOSPC) || errors.As(err, &coded) && coded.Code()&0xff == sqliteFull
}

// unopened explains why an access point does not start: on a full disk that first, for the rest follows from it.
func unopened(dir string, err error) error {
	if err == nil || !full(err) {
		return err
	}
	return &fault{"data.folder", dir, fmt.Errorf("the disk is full: %w", err), "making room; nothing is lost, and it starts then"}
}
