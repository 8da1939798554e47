//go:build !unix

package accesspoint

import (
	"os"
	"path/filepath"
)

// lock cannot keep a second process away here; see docs/operation.md.
func lock(dir, node string) (*os.File, error) {
	return os.OpenFile(filepath.Join(dir, "lock-"+fileName(node)), os.O_RDWR|os.O_CREATE, 0o600)
}
