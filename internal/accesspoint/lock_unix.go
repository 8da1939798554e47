//go:build unix

package accesspoint

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// lock keeps a second process with the same name from the folder. The system lets go of it when the process ends,
// however it ends.
func lock(dir, node string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock-"+fileName(node)), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errTaken
		}
		return nil, err
	}
	return f, nil
}
