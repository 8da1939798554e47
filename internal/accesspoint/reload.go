package accesspoint

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"oots/internal/accesspoint/settings"
)

// A resource is something made of files that is exchanged while the process runs.
type resource struct {
	name  string // in logs, health and figures
	files func() []settings.Path
	load  func() error           // exchanges it; on error it stays as it was
	due   func(t time.Time) bool // whether it changes by itself; may be nil

	mark   [sha256.Size]byte // of the files when they were last tried
	failed string            // why what was last tried was not taken; "" when it was
}

// A reloader looks after resources.
type reloader struct {
	now func() time.Time
	log *slog.Logger

	mu  sync.Mutex
	all []*resource
}

// add takes a resource that is loaded already.
func (r *reloader) add(x *resource) {
	x.mark = mark(x.files())
	r.all = append(r.all, x)
}

// look exchanges what has changed; with force, everything. A file that is broken leaves what is in use, and is said
// once.
func (r *reloader) look(force bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range r.all {
		now := mark(x.files())
		if !force && now == x.mark && x.failed == "" && (x.due == nil || !x.due(r.now())) {
			continue
		}
		changed := now != x.mark
		x.mark = now
		err := x.load()
		switch {
		case err != nil && (changed || err.Error() != x.failed):
			r.log.Error("a changed file is not taken up; what was there before stays in use", "what", x.name, "err", err)
		case err == nil && (changed || x.failed != ""):
			r.log.Info("a changed file is in use", "what", x.name)
		}
		if x.failed = ""; err != nil {
			x.failed = err.Error()
		}
	}
}

// failures are the resources whose files are broken, with why.
func (r *reloader) failures() map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[string]string{}
	for _, x := range r.all {
		out[x.name] = x.failed
	}
	return out
}

// run looks every so often until ctx ends.
func (r *reloader) run(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			r.look(false)
		}
	}
}

// mark is the same for the same files with the same content. What cannot be read has a mark too.
func mark(names []settings.Path) (out [sha256.Size]byte) {
	h := sha256.New()
	for _, n := range names {
		if n == "" {
			continue
		}
		files := []string{string(n)}
		if info, err := os.Stat(string(n)); err == nil && info.IsDir() {
			entries, err := os.ReadDir(string(n))
			fmt.Fprintf(h, "%v\n", err)
			files = nil
			for _, e := range entries {
				files = append(files, filepath.Join(string(n), e.Name()))
			}
			slices.Sort(files)
		}
		for _, f := range files {
			b, err := readBounded(f)
			fmt.Fprintf(h, "%q %v %x\n", f, err, sha256.Sum256(b))
		}
	}
	h.Sum(out[:0])
	return out
}
