package directories

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A process is a server under measurement.
type process struct {
	cmd     *exec.Cmd
	address string
	heap    uint64 // bytes that the catalogue takes; 0 for nginx
}

// startOurs runs the command, which calls Serve, and reads where it listens.
func startOurs(ctx context.Context, command []string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, command[0], command[1:]...)}
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the server did not start: %w", err), p.stop())
	}
	if _, err := fmt.Sscan(line, &p.address, &p.heap); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	go io.Copy(io.Discard, out)
	return p, nil
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	p.cmd.Wait() // it was told to end: how it says so does not matter
	return nil
}

// pids are the process and its children.
func (p *process) pids() []int {
	pid := p.cmd.Process.Pid
	all := []int{pid}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return all
	}
	for field := range strings.FieldsSeq(string(b)) {
		if child, err := strconv.Atoi(field); err == nil {
			all = append(all, child)
		}
	}
	return all
}

// tick is the unit of processor time in /proc, the same on every Linux that Go runs on. [proc(5)]
const tick = 10 * time.Millisecond

// processor is what the server has used of all processors; 0 where there is no /proc.
func (p *process) processor() time.Duration {
	var sum time.Duration
	for _, pid := range p.pids() {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0
		}
		fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
		if len(fields) < 13 {
			return 0
		}
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		sum += time.Duration(user+system) * tick
	}
	return sum
}

// resident is the memory of the server in bytes; 0 where there is no /proc.
func (p *process) resident() uint64 {
	var sum uint64
	for _, pid := range p.pids() {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if err != nil {
			return 0
		}
		if fields := strings.Fields(string(b)); len(fields) > 1 {
			pages, _ := strconv.ParseUint(fields[1], 10, 64)
			sum += pages * uint64(os.Getpagesize())
		}
	}
	return sum
}
