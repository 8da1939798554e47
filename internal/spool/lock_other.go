//go:build !unix

package spool

import "os"

// lock cannot tell here whether another process writes a file; a system that has it open refuses its removal.
func lock(*os.File) bool { return true }

// share cannot tell here whether another process uses the folder.
func share(*os.File) (alone bool, err error) { return false, nil }
