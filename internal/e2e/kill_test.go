package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"oots/internal/node"
)

// program builds the binary once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := keyDir()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "oots")
	cmd := exec.Command("go", "build", "-o", file, "oots/cmd/oots")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: "go build: " + string(out), Err: err}
	}
	return file, nil
})

// killAt runs the program and kills it with SIGKILL when it prints a line with mark. It reports whether
// the line came.
func killAt(t *testing.T, mark string, args ...string) bool {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(file, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	seen := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		t.Logf("before: %s", lines.Text())
		if strings.Contains(lines.Text(), mark) {
			seen = true
			break
		}
	}
	cmd.Process.Kill()
	cmd.Wait()
	if !seen {
		t.Logf("stderr: %s", stderr.String())
	}
	return seen
}

// TestKilledBetweenRequestAndAnswer kills the program at moments of a journey and starts it again: the
// exchange ends, once.
func TestKilledBetweenRequestAndAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the program")
	}
	t.Parallel()
	for _, mark := range []string{"asks explicitly", "goes to", "asks for a preview", "follows the link", "releases the evidence"} {
		t.Run(mark, func(t *testing.T) {
			t.Parallel()
			dir, out := t.TempDir(), t.TempDir()
			shareKeys(t, dir)
			args := []string{"demo", "--dir", dir, "--out", out}
			if !killAt(t, mark, args...) {
				t.Fatalf("no line with %q", mark)
			}
			file, _ := program()
			text, err := exec.Command(file, args...).CombinedOutput()
			t.Logf("after:\n%s", text)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(text, []byte("continuing the journey")) {
				t.Error("the journey was not continued")
			}
			b, err := os.ReadFile(filepath.Join(out, "journey.json"))
			if err != nil {
				t.Fatal(err)
			}
			var r node.Result
			if err := json.Unmarshal(b, &r); err != nil {
				t.Fatal(err)
			}
			if len(r.Exchanges) != 1 {
				t.Fatalf("%d exchanges", len(r.Exchanges))
			}
			for event, want := range map[string]int{"explicit_request_given": 1, "request_sent": 2, "response_received": 1, "evidence_delivered": 1} {
				n := 0
				for _, l := range r.Exchanges[0].RequesterLog {
					if string(l.Event) == event {
						n++
					}
				}
				if n != want {
					t.Errorf("%s happened %d times, want %d: %v", event, n, want, r.Exchanges[0].RequesterLog)
				}
			}
			pdf, err := os.ReadFile(filepath.Join(out, "evidence.pdf"))
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Errorf("evidence: %d bytes, %v", len(pdf), err)
			}
		})
	}
}
