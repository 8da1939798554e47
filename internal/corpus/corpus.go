// Package corpus finds what tests may use beside the project: the shared corpus of real messages, schemas and
// captured answers, and programs that judge us. Nothing of it is part of the project.
package corpus

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Path returns the folder or file name below the corpus. The corpus lies in ../shared/corpus beside the
// checkout, or where the environment variable OOTS_CORPUS says. A test that asks for it is skipped when it
// is absent, and fails when it is absent and CI is "true".
func Path(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("OOTS_CORPUS")
	if root == "" {
		root = filepath.Join(checkout(t), "..", "shared", "corpus")
	}
	p := filepath.Join(root, filepath.FromSlash(name))
	if _, err := os.Stat(p); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the corpus has no %s, and CI must have it", name)
		}
		t.Skipf("the corpus has no %s: set OOTS_CORPUS to run this test", name)
	}
	return p
}

// Read returns the bytes of one file of the corpus.
func Read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Tool returns the path of a program that judges us from outside, such as xmllint. A test that asks for it is
// skipped when it is not installed, and fails when it is not and CI is "true".
func Tool(t testing.TB, name string) string {
	t.Helper()
	file, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed, and CI must have it", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return file
}

// checkout is the folder of go.mod above the test's working folder.
func checkout(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}
