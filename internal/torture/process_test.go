package torture

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A process is a node that is started again whenever it ends.
type process struct {
	c       nodeConfig
	file    string // configuration
	pardons bool   // a life that ends by itself is no failure: for tests that take away what a node needs to start

	mu     sync.Mutex
	cmd    *exec.Cmd // nil while there is no life
	killed bool      // this life, by us
	lives  int
	kills  int
	deaths []string // of lives that ended by themselves, with what they said
	over   bool
	ended  chan struct{}
}

// launch writes the configuration of a node and keeps it running until the test ends.
func launch(t *testing.T, c nodeConfig, pardons bool) *process {
	t.Helper()
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{c: c, file: c.Log + ".json", pardons: pardons, ended: make(chan struct{})}
	if err := os.WriteFile(p.file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	go p.keep(program)
	t.Cleanup(func() { p.end(syscall.SIGKILL) })
	return p
}

// keep starts life after life.
func (p *process) keep(program string) {
	defer close(p.ended)
	for {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), nodeVariable+"="+p.file)
		var said bytes.Buffer
		cmd.Stderr = &said
		leash, err := cmd.StdinPipe() // a node ends when nobody holds it any more
		p.mu.Lock()
		if p.over {
			p.mu.Unlock()
			return
		}
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			p.deaths = append(p.deaths, err.Error())
			p.over = true
			p.mu.Unlock()
			return
		}
		p.cmd, p.killed = cmd, false
		p.lives++
		p.mu.Unlock()

		err = cmd.Wait()
		leash.Close()

		p.mu.Lock()
		if !p.killed && !p.over {
			p.deaths = append(p.deaths, fmt.Sprintf("%v: %.2000s", err, said.String()))
		}
		p.cmd = nil
		unasked := !p.killed
		p.mu.Unlock()
		if unasked {
			<-time.After(50 * time.Millisecond) // as a supervisor does
		}
	}
}

// watchLeash ends this process when the test that holds it is gone.
func watchLeash() {
	io.Copy(io.Discard, os.Stdin)
	os.Exit(3)
}

// kill ends the present life with SIGKILL; false when there is none just now.
func (p *process) kill() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil || p.killed {
		return false
	}
	p.killed = true
	p.kills++
	p.cmd.Process.Kill()
	return true
}

// end ends the node for good. What it answers to SIGTERM with is its exit status.
func (p *process) end(s syscall.Signal) {
	p.mu.Lock()
	if !p.over {
		p.over = true
		if p.cmd != nil {
			p.cmd.Process.Signal(s)
		}
	}
	p.mu.Unlock()
	<-p.ended
}

// logged counts the lines of the node's log by their text.
func (p *process) logged() (map[string]int, error) {
	f, err := os.Open(p.c.Log)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string]int{}
	b, err := io.ReadAll(f)
	for line := range bytes.Lines(b) {
		var l struct{ Msg string }
		if json.Unmarshal(line, &l) == nil { // the last line of a killed life may be half
			out[l.Msg]++
		}
	}
	return out, err
}

// A killer kills nodes at random instants.
type killer struct {
	nodes []*process
	mean  time.Duration
	each  func() // after every kill
}

// hopeless reports whether nodes end by themselves again and again, where they should not.
func (k *killer) hopeless() bool {
	for _, p := range k.nodes {
		p.mu.Lock()
		deaths := len(p.deaths)
		p.mu.Unlock()
		if deaths > 5 && !p.pardons {
			return true
		}
	}
	return false
}

// run kills n times, or until ctx ends. One in ten kills follows so soon that it meets a node that is starting, one in
// twenty takes both nodes at once.
func (k *killer) run(ctx context.Context, seed uint64, n int) {
	r := chance(seed, "killer")
	for done := 0; done < n; {
		wait := time.Duration(r.Int64N(int64(2 * k.mean)))
		if r.IntN(10) == 0 {
			wait = time.Duration(r.Int64N(int64(k.mean / 8)))
		}
		victims := []*process{k.nodes[r.IntN(len(k.nodes))]}
		if r.IntN(20) == 0 {
			victims = k.nodes
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if k.hopeless() {
			return
		}
		for _, p := range victims {
			if done < n && p.kill() {
				done++
				k.each()
			}
		}
	}
}
