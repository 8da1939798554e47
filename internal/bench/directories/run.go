package directories

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"oots/directory"
	"oots/directory/query"
)

// A Plan is one run.
type Plan struct {
	// Command serves the catalogue of Queries with Serve, in a process of its own.
	Command     []string
	Queries     []Query
	Nginx       string        // program; "" measures ours alone
	Concurrency int           // connections at once
	Duration    time.Duration // of the measurement of one query at one server, in Rounds parts
	Rounds      int           // how often the servers take turns; at least 1
}

// A Query is what is asked for under one name: one request, or several in turn.
type Query struct {
	Name    string
	Targets []string // path and query string
}

// A Report is what one query came to.
type Report struct {
	Query string   `json:"query"`
	Bytes int      `json:"bytes"` // of a body, on average
	Ours  Figures  `json:"ours"`
	Nginx *Figures `json:"nginx,omitempty"` // the same bytes as a file; nil for queries that vary
}

// Figures are those of one server.
type Figures struct {
	Answers   int           `json:"answers"`
	Rate      float64       `json:"perSecond"`
	P50       time.Duration `json:"p50Ns"`
	P99       time.Duration `json:"p99Ns"`
	Processor time.Duration `json:"processorNs"` // of the server, per answer; 0 when it cannot be told
}

// A Summary is the whole run.
type Summary struct {
	Reports  []Report `json:"queries"`
	Heap     uint64   `json:"catalogueBytes"` // of the catalogue on the heap
	Resident uint64   `json:"residentBytes"`  // of our server at the end
}

// Run starts the servers, measures every query, and calls each for every report as soon as there is one.
func Run(ctx context.Context, p Plan, each func(Report)) (Summary, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ours, err := startOurs(ctx, p.Command)
	if err != nil {
		return Summary{}, err
	}
	defer ours.stop()
	var nginx *process
	if p.Nginx != "" {
		dir, err := os.MkdirTemp("", "oots-bench")
		if err != nil {
			return Summary{}, err
		}
		defer os.RemoveAll(dir)
		if err := os.Chmod(dir, 0o755); err != nil { // nginx may give its rights away
			return Summary{}, err
		}
		answers, err := fetch(ctx, ours.address, p.Queries)
		if err != nil {
			return Summary{}, err
		}
		if nginx, err = startNginx(ctx, p.Nginx, dir, answers); err != nil {
			return Summary{}, err
		}
		defer nginx.stop()
	}
	s := Summary{Heap: ours.heap}
	for i, q := range p.Queries {
		r, err := p.measure(ctx, ours, nginx, i)
		if err != nil {
			return s, fmt.Errorf("%s: %w", q.Name, err)
		}
		s.Reports = append(s.Reports, r)
		each(r)
	}
	s.Resident = ours.resident()
	return s, nil
}

// fetch asks once for the first target of every query.
func fetch(ctx context.Context, address string, queries []Query) ([]*http.Response, error) {
	var out []*http.Response
	for _, q := range queries {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+q.Targets[0], nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set(query.HeaderAcceptVersion, string(directory.V20))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return nil, err
		}
		if res.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", q.Name, res.Status)
		}
		out = append(out, res)
	}
	return out, nil
}

// measure lets the servers take turns with one query.
func (p Plan) measure(ctx context.Context, ours, nginx *process, i int) (Report, error) {
	q := p.Queries[i]
	r := Report{Query: q.Name}
	part := p.Duration / time.Duration(max(p.Rounds, 1))
	if _, err := load(ctx, ours.address, q.Targets, p.Concurrency, min(part, 300*time.Millisecond)); err != nil {
		return r, err
	}
	beside := nginx != nil && len(q.Targets) == 1
	var own, other tally
	for range max(p.Rounds, 1) {
		if err := own.add(ctx, ours, q.Targets, p.Concurrency, part); err != nil {
			return r, err
		}
		if beside {
			if err := other.add(ctx, nginx, []string{fmt.Sprintf("/%d", i)}, p.Concurrency, part); err != nil {
				return r, err
			}
		}
	}
	r.Ours, r.Bytes = own.figures(), own.bytes/max(len(own.latencies), 1)
	if beside {
		f := other.figures()
		r.Nginx = &f
		if n := other.bytes / max(len(other.latencies), 1); n != r.Bytes {
			return r, errors.New("nginx serves other bytes")
		}
	}
	return r, nil
}
