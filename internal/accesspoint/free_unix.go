//go:build linux || darwin || freebsd

package accesspoint

import "syscall"

// free is how many bytes are left where dir lies.
func free(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}
