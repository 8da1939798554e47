package saxon

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/corpus"
)

// jars are where Saxon-HE lies; the first is Debian's.
var jars = []string{"/usr/share/java/Saxon-HE.jar"}

// A jvm is a running Judge.
type jvm struct {
	in       io.WriteCloser
	out      *bufio.Reader
	cmd      *exec.Cmd
	messages bytes.Buffer
	dir      string
}

// start runs the judge until the test ends. The test is skipped when Java or Saxon is absent, and fails when one
// is absent and CI is "true". SAXON_JAR names another jar.
func start(t testing.TB) *jvm {
	t.Helper()
	java := corpus.Tool(t, "java")
	jar := os.Getenv("SAXON_JAR")
	for _, name := range jars {
		if _, err := os.Stat(name); err == nil && jar == "" {
			jar = name
		}
	}
	if jar == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no Saxon-HE (libsaxonhe-java), and CI must have it")
		}
		t.Skip("there is no Saxon-HE (libsaxonhe-java): set SAXON_JAR to run this")
	}
	j := &jvm{dir: t.TempDir()}
	j.cmd = exec.Command(java, "-Xshare:auto", "-cp", jar, "Judge.java")
	j.cmd.Stderr = &j.messages
	in, err := j.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := j.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := j.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	j.in, j.out = in, bufio.NewReaderSize(out, 1<<20)
	t.Cleanup(func() {
		j.in.Close()
		if err := j.cmd.Wait(); err != nil {
			t.Errorf("%v\n%s", err, j.messages.Bytes())
		}
	})
	return j
}

// ask puts one case before the judge.
func (j *jvm) ask(t testing.TB, fields ...string) string {
	t.Helper()
	if _, err := fmt.Fprintln(j.in, strings.Join(fields, "\t")); err != nil {
		t.Fatal(err)
	}
	line, err := j.out.ReadString('\n')
	if err != nil {
		t.Fatalf("%v\n%s", err, j.messages.Bytes())
	}
	line = strings.TrimSuffix(line, "\n")
	if strings.HasPrefix(line, "error net.") || strings.HasPrefix(line, "error java.") {
		t.Fatal(line)
	}
	return line
}

// file writes a document or stylesheet for the judge.
func (j *jvm) file(t testing.TB, name string, text []byte) string {
	t.Helper()
	name = filepath.Join(j.dir, name)
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
