//go:build !unix

package spool

import "os"

// lock cannot tell here whether another process writes a file; a system that has it open refuses its removal.
func lock(*os.File) bool { return true }
