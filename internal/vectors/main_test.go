package vectors

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// keyDir is where the tests keep the keys that they make.
var keyDir string

var update = flag.Bool("update", false, "write docs/conformance-as4.md anew")

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if keyDir, err = os.MkdirTemp("", "vectors-keys-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(keyDir)
	os.Exit(code)
}
