package torture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// smallDisk mounts a file system of its own for one node, in memory.
func smallDisk(t *testing.T, bytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skipf("a file system of its own cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill takes what is free on a disk but rest bytes, and returns how to give it back.
func fill(dir string, rest int64) (release func() error, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, "filling")
	f, err := os.Create(name)
	if errors.Is(err, syscall.ENOSPC) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// The node writes meanwhile: what is not free any more is taken in ever smaller pieces.
	at := int64(0)
	for piece := max(int64(s.Bavail)*s.Bsize-rest, 4096); piece >= 4096; {
		if err := syscall.Fallocate(int(f.Fd()), 0, at, piece); err != nil {
			piece /= 2
			continue
		}
		at += piece
		if at >= int64(s.Bavail)*s.Bsize-rest {
			break
		}
	}
	return func() error { return os.Remove(name) }, nil
}

// TestDiskFull takes the disk from one node after the other and gives it back, and kills one in three meanwhile, so that
// it has to start on a full disk. OOTS_TORTURE is how often.
func TestDiskFull(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	t.Parallel()
	times := number(t, "OOTS_TORTURE", 8)
	total := 20 * times
	room := 64<<20 + total*100<<10
	p := plan{folders: [2]string{smallDisk(t, room), smallDisk(t, room)}, pardons: true}
	w := newWorld(t, p)
	began := time.Now()
	l := w.begin(t.Context(), total, ahead)
	r := chance(w.seed, "filler")
	for n := range times {
		node := w.nodes[n%2]
		release, err := fill(node.c.Dir, r.Int64N(64<<10))
		if err != nil {
			t.Fatal(err)
		}
		pause(t.Context(), r, 500*time.Millisecond)
		_, marked, _ := w.ledger.progress()
		if r.IntN(3) == 0 && node.kill() {
			w.under += int(l.begun.Load()) - marked
		}
		pause(t.Context(), r, time.Second)
		if err := release(); err != nil {
			t.Fatal(err)
		}
		l.allowed.Add(20)
		await(t.Context(), w.client[n%2], r.Int64N(20))
	}
	w.conclude(t, l, began, nil)
	t.Logf("the disk of each node was full %d times; %d submissions were refused for the time being", times/2, w.ledger.refused)
}

// await waits until a node answers, and a little longer.
func await(ctx context.Context, c *client, more int64) {
	for ctx.Err() == nil {
		if _, err := c.pending(ctx, 1); err == nil {
			break
		}
		<-time.After(20 * time.Millisecond)
	}
	<-time.After(time.Duration(more) * 10 * time.Millisecond)
}
