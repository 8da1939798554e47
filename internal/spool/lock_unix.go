//go:build unix

package spool

import (
	"os"
	"syscall"
)

// lock marks a file as being written. The mark ends with the process, however it ends. It reports false when another has
// it.
func lock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// share marks a folder, by a file beside it, as being used, until f is closed or the process ends. It reports whether
// nobody else used it.
func share(f *os.File) (alone bool, err error) {
	alone = lock(f)
	return alone, syscall.Flock(int(f.Fd()), syscall.LOCK_SH)
}
