package mirror

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path"
	"sync"
	"time"

	"oots/directory"
	"oots/directory/jades"
	"oots/directory/query"
)

// An Answer is a verified answer with its bytes.
type Answer struct {
	*query.Answer
	Header http.Header
	Body   []byte
}

// A Copier copies one directory. Fetch, Trust, Now and Log are needed.
type Copier struct {
	// Fetch asks the directory and verifies the answer. A refusal is no error.
	Fetch func(ctx context.Context, r *query.Request) (Answer, error)
	Trust jades.Policy // for what an earlier run copied

	Versions       []directory.Version // release lines to copy; nil is 2.0
	Specifications []string            // values of the parameter of that name; "" asks without it; nil is "" only
	Refusals       bool                // also copy that a country has nothing for a requirement
	MaxAge         time.Duration       // what an earlier run copied is copied again when older; 0 is never
	Parallel       int                 // queries at a time; 0 is 4

	Progress func(Progress) // nil tells nobody; called by one goroutine at a time
	Now      func() time.Time
	Log      *slog.Logger
}

// Progress says how far a copy has come. Known grows while answers name further questions.
type Progress struct {
	Done, Known int
	Reused      int // of Done, those that an earlier run had copied
	Failed      int // of Done
	Last        Entry
}

// Copy copies into dir and returns what is there in the end. A run that was broken off is continued: what it
// copied is verified and kept. A question that fails is left out and named in the error, a *Incomplete, beside
// the summary of the rest; any other error ends the copy.
func (c *Copier) Copy(ctx context.Context, dir string) (Summary, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Summary{}, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Summary{}, err
	}
	defer root.Close()
	r := &run{Copier: c, root: root, sum: newSummary(), have: make(map[string]Entry)}
	if err := r.open(); err != nil {
		return Summary{}, err
	}
	defer r.manifest.Close()
	versions := c.Versions
	if len(versions) == 0 {
		versions = []directory.Version{directory.V20}
	}
	for _, v := range versions {
		if err := r.line(ctx, v); err != nil {
			return r.sum, err
		}
	}
	if len(r.failed) > 0 {
		return r.sum, &Incomplete{r.failed}
	}
	return r.sum, nil
}

// Incomplete says which questions could not be copied. A further run tries them again.
type Incomplete struct{ Failed []error }

// Error gives the number and the first.
func (e *Incomplete) Error() string {
	return fmt.Sprintf("%d questions are not copied, the first because: %v", len(e.Failed), e.Failed[0])
}

// A run is one call of Copy.
type run struct {
	*Copier
	root     *os.Root
	manifest *os.File

	mu       sync.Mutex // guards what follows
	sum      Summary
	have     map[string]Entry // of earlier runs, by version and question
	progress Progress
	failed   []error
}

// open reads the manifest of earlier runs and opens it for more, without a last line that was cut short.
func (r *run) open() error {
	entries, sound, err := readManifest(r.root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		r.have[string(e.Version)+" "+e.key()] = e
	}
	f, err := r.root.OpenFile(manifestName, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	if err := f.Truncate(sound); err != nil {
		f.Close()
		return err
	}
	if _, err := f.Seek(0, io.SeekEnd); err != nil {
		f.Close()
		return err
	}
	r.manifest = f
	return nil
}

// line copies everything in one release line: the catalogue, the requirements by procedure and country, the
// evidence types of each requirement, and the data services of each type in each country that issues it.
func (r *run) line(ctx context.Context, v directory.Version) error {
	all, err := r.one(ctx, &query.Request{Query: query.Requirements, Version: v})
	if err != nil {
		return err
	}
	if all.Err != nil {
		return fmt.Errorf("the catalogue of %s: %w", v, all.Err)
	}
	if _, err := r.many(ctx, byProcedure(v, all.Requirements)); err != nil {
		return err
	}
	var ask []*query.Request
	for i := range all.Requirements {
		ask = append(ask, &query.Request{Query: query.EvidenceTypes, Version: v, Requirement: all.Requirements[i].ID})
	}
	found, err := r.many(ctx, ask)
	if err != nil {
		return err
	}
	if _, err := r.many(ctx, r.byCountry(v, all.Requirements, found)); err != nil {
		return err
	}
	_, err = r.many(ctx, r.byType(v, found))
	return err
}

// many copies questions, a few at a time. Those that fail are noted and left out of the result.
func (r *run) many(ctx context.Context, rs []*query.Request) (map[*query.Request]*query.Answer, error) {
	r.mu.Lock()
	r.progress.Known += len(rs)
	r.mu.Unlock()
	parallel := r.Parallel
	if parallel <= 0 {
		parallel = 4
	}
	out := make(map[*query.Request]*query.Answer, len(rs))
	work := make(chan *query.Request)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for q := range work {
				if ctx.Err() != nil {
					continue
				}
				a, err := r.copy(ctx, q)
				r.mu.Lock()
				if err == nil {
					out[q] = a
				} else if ctx.Err() == nil {
					r.failed = append(r.failed, err)
				}
				r.mu.Unlock()
			}
		})
	}
	for _, q := range rs {
		select {
		case work <- q:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(work)
	workers.Wait()
	return out, ctx.Err()
}

// one copies a question on which others build.
func (r *run) one(ctx context.Context, q *query.Request) (*query.Answer, error) {
	r.mu.Lock()
	r.progress.Known++
	r.mu.Unlock()
	return r.copy(ctx, q)
}

// copy takes one answer from an earlier run or from the directory, and puts it into the mirror.
func (r *run) copy(ctx context.Context, q *query.Request) (*query.Answer, error) {
	e := Entry{Query: q.Query.Short(), Version: q.Version, Procedure: q.Procedure, Country: q.Country, Requirement: q.Requirement,
		Classification: q.Classification, Specification: q.Specification}
	if a := r.reuse(q); a != nil {
		return a, nil
	}
	a, err := r.Fetch(ctx, q)
	if err != nil {
		err = fmt.Errorf("%s: %w", e.Query, err)
	} else if final(a.Answer) {
		err = r.write(&e, q, a)
	} else {
		err = fmt.Errorf("%s: %w", e.Query, a.Err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.progress.Done++
	if err != nil {
		r.progress.Failed++
		r.Log.LogAttrs(ctx, slog.LevelWarn, "not copied", slog.String("query", e.Query), slog.String("country", e.Country), slog.Any("error", err))
	} else {
		r.sum.add(e, len(a.Body))
	}
	r.tell(e)
	if err != nil {
		return nil, err
	}
	return a.Answer, nil
}

// final reports whether an answer says something that is worth keeping: records, a true nothing, or a question
// for the user.
func final(a *query.Answer) bool {
	var q *directory.Question
	var no *directory.Refusal
	return a.Err == nil || errors.As(a.Err, &q) || errors.As(a.Err, &no) && no.Empty()
}

// reuse returns the answer that an earlier run copied, if it is there, young enough, and still verifies.
func (r *run) reuse(q *query.Request) *query.Answer {
	r.mu.Lock()
	e, ok := r.have[string(q.Version)+" "+key(q)]
	r.mu.Unlock()
	if !ok || r.MaxAge > 0 && r.Now().Sub(e.At) > r.MaxAge {
		return nil
	}
	p, err := readPair(r.root, e, r.Trust, r.Now())
	if err != nil {
		r.Log.Warn("copied again", "error", err)
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.progress.Done++
	r.progress.Reused++
	r.sum.add(e, len(p.body))
	r.tell(e)
	return p.answer
}

// tell reports progress; the lock is held.
func (r *run) tell(e Entry) {
	if r.Progress != nil {
		p := r.progress
		p.Last = e
		r.Progress(p)
	}
}

// write puts a pair into the mirror and then its line into the manifest, so that a line always has its files.
func (r *run) write(e *Entry, q *query.Request, a Answer) error {
	sum := sha256.Sum256([]byte(string(q.Version) + " " + key(q)))
	service := string(q.Query.Service())
	e.File = path.Join(service, string(q.Version[len("oots-cs:"):])+"-"+hex.EncodeToString(sum[:12]))
	e.Outcome, e.Records, e.At = outcome(a.Answer), len(a.Requirements)+len(a.DataServices), r.Now().UTC().Truncate(time.Second)
	if err := r.root.MkdirAll(service, 0o755); err != nil {
		return err
	}
	if err := r.place(e.File+headerSuffix, jades.AppendHeaders(nil, a.Header)); err != nil {
		return err
	}
	if err := r.place(e.File+bodySuffix, a.Body); err != nil {
		return err
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err = r.manifest.Write(append(line, '\n'))
	return err
}

// place writes a file whole or not at all.
func (r *run) place(name string, b []byte) error {
	f, err := r.root.Create(name + ".part")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return r.root.Rename(name+".part", name)
}
