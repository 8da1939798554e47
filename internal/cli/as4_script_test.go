package cli

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCommands are what the scripts can do besides running oots.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"receiver": startReceiver,
	"received": waitReceived,

	"directories": startDirectories,
	"mirror":      startMirror,

	"ports":   freePorts,
	"fill":    fill,
	"serving": serving,
	"ask":     askOnce,
	"await":   await,
	"pick":    pick,
}

// setupScript gives a script its place for lines of a receiver.
func setupScript(env *testscript.Env) error {
	env.Values[receivedKey{}] = make(chan string, 100)
	env.Values[servedKey{}] = map[string]func(){}
	return nil
}

type receivedKey struct{}

// startReceiver runs "oots as4 receive" with args until the script ends. It returns when the receiver listens,
// and sets URL to where.
func startReceiver(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("a receiver cannot be negated")
	}
	for i, a := range args {
		switch a {
		case "--pmode", "--keys", "--dir":
			args[i+1] = ts.MkAbs(args[i+1])
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- Main(ctx, append([]string{"as4", "receive"}, args...), w, os.Stderr)
		w.Close()
	}()
	ts.Defer(func() {
		cancel()
		if code := <-done; code != exitDone {
			ts.Logf("the receiver ended with %d", code)
		}
	})
	arrived := ts.Value(receivedKey{}).(chan string)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if url, found := strings.CutPrefix(lines.Text(), "Listening on "); found {
			ts.Setenv("URL", url)
			go func() {
				for lines.Scan() {
					arrived <- lines.Text()
				}
				close(arrived)
			}()
			return
		}
	}
	ts.Fatalf("the receiver does not listen")
}

// waitReceived waits for the next message that the receiver tells, which must contain every argument, and sets
// FOLDER to where it lies.
func waitReceived(ts *testscript.TestScript, neg bool, args []string) {
	line, ok := <-ts.Value(receivedKey{}).(chan string)
	if !ok || neg {
		ts.Fatalf("the receiver told of no message")
	}
	for _, a := range args {
		if !strings.Contains(line, a) {
			ts.Fatalf("%q does not contain %q", line, a)
		}
	}
	_, folder, _ := strings.Cut(line, "payloads: ")
	ts.Setenv("FOLDER", folder)
}
