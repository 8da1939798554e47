package lifecycle_test

import (
	"bufio"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"oots/directory"
	"oots/internal/clock"
	"oots/internal/lifecycle"
	"oots/internal/sqlstore"
)

// killed is the folder of the process that a test kills; that process runs the tests with it set.
const killed = "OOTS_LIFECYCLE_KILLED"

// TestKilledProcess is the process that is killed: it submits both partitions of a country again and again, under a
// number that grows, and says which one is in force.
func TestKilledProcess(t *testing.T) {
	dir := os.Getenv(killed)
	if dir == "" {
		t.Skip("runs in the process that TestKill kills")
	}
	db, err := sqlstore.Open(t.Context(), dir, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	s, err := lifecycle.Open(t.Context(), lifecycle.Deps{DB: db.DB, Store: db.Lifecycle(), Clock: clock.System(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for n := number(s) + 1; ; n++ {
		eb, dsd := numbered(n)
		o, err := s.Submit(t.Context(), state("LU"), lifecycle.Proposal{Document: document(eb, dsd)})
		if err != nil || !o.Accepted {
			t.Fatalf("%v, %v", o.Findings, err)
		}
		os.Stdout.WriteString("in force " + strconv.Itoa(n) + "\n")
	}
}

// numbered are both partitions of a country under a number.
func numbered(n int) (eb, dsd directory.Partition) {
	eb, dsd = broker("LU"), services("LU", 20)
	name := en(strconv.Itoa(n))
	eb.Requirements[0].Lists[0].Names = name
	for i := range dsd.Services {
		dsd.Services[i].Publisher.Names = name
	}
	return eb, dsd
}

// number is the number in force, 0 when there is none, -1 when two numbers are.
func number(s *lifecycle.Service) int {
	eb, dsd := s.Active("LU", directory.EvidenceBroker), s.Active("LU", directory.DataServiceDirectory)
	if len(eb.Requirements)+len(dsd.Services) == 0 {
		return 0
	}
	if len(eb.Requirements) != 1 || len(dsd.Services) != 20 {
		return -1
	}
	name := eb.Requirements[0].Lists[0].Names.In("EN").Value
	for i := range dsd.Services {
		if dsd.Services[i].Publisher.Names.In("EN").Value != name {
			return -1
		}
	}
	n, err := strconv.Atoi(name)
	if err != nil {
		return -1
	}
	return n
}

// TestKill kills a process that submits, several times, and looks at what it left: nothing half, and nothing lost that
// was said to be in force.
func TestKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for round := range 5 {
		p := exec.Command(os.Args[0], "-test.run", "^TestKilledProcess$")
		p.Env = append(os.Environ(), killed+"="+dir)
		out, err := p.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		said := 0
		lines := bufio.NewScanner(out)
		var timer *time.Timer
		for lines.Scan() {
			if n, found := strings.CutPrefix(lines.Text(), "in force "); found {
				said, _ = strconv.Atoi(n)
				if timer == nil { // somewhere within the next submissions
					timer = time.AfterFunc(time.Duration(7*round+3)*time.Millisecond, func() { p.Process.Kill() })
				}
			}
		}
		p.Wait()
		if timer == nil {
			t.Fatal("it said nothing")
		}
		db, err := sqlstore.Open(t.Context(), dir, make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		s, err := lifecycle.Open(t.Context(), lifecycle.Deps{DB: db.DB, Store: db.Lifecycle(), Clock: clock.System(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		history, err := s.History(t.Context(), "LU", "")
		events, err2 := s.Events(t.Context(), time.Time{})
		if got := number(s); got < said || got < 0 || got > said+1 || err != nil || err2 != nil || len(history) != 2*len(events) || len(events) != got {
			t.Errorf("round %d: it said %d, in force is %d, %d revisions, %d events, %v, %v", round, said, got, len(history), len(events), err, err2)
		}
		db.Close()
	}
}
