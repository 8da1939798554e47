package accesspoint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrivateFiles: nobody but their owner reads databases and private keys of a new access point at work, wherever a
// copy of them goes.
func TestPrivateFiles(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(nil)
	if _, err := n.ap.Gateway.Ping(t.Context(), n.ap.modes.PModes().Self.ID); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err := filepath.Walk(n.dir, func(name string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		base := filepath.Base(name)
		if strings.HasPrefix(base, "node.db") || strings.Contains(base, ".key") || base == configFile {
			seen++
			if info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %o", name, info.Mode().Perm())
			}
		}
		return nil
	})
	if err != nil || seen < 6 {
		t.Errorf("%d files, %v", seen, err)
	}
}
