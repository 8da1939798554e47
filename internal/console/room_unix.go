//go:build unix && !solaris && !illumos && !aix && !netbsd && !openbsd

package console

import "syscall"

// room is the size of the disk that dir lies on, and what of it this process may still use, in bytes.
func room(dir string) (total, free int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	return int64(s.Blocks) * int64(s.Bsize), int64(s.Bavail) * int64(s.Bsize), nil
}
