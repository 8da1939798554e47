package mirror

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"time"

	"oots/directory"
	"oots/directory/jades"
	"oots/directory/query"
)

const (
	bodySuffix   = ".xml"
	headerSuffix = ".headers"
	maxHeaders   = 64 << 10
	// maxLoaded bounds the bodies of a mirror together.
	maxLoaded = 4 << 30
)

// A pair is an answer as it lies in a mirror.
type pair struct {
	Entry
	header http.Header
	body   []byte
	answer *query.Answer
}

// readPair reads and verifies the pair of an entry. The error is a *FileError.
func readPair(root *os.Root, e Entry, trust jades.Policy, now time.Time) (*pair, error) {
	raw, err := readFile(root, e.File+headerSuffix, maxHeaders)
	if err != nil {
		return nil, &FileError{e.File + headerSuffix, err}
	}
	h, err := jades.ReadHeaders(raw)
	if err != nil {
		return nil, &FileError{e.File + headerSuffix, err}
	}
	if !replayable(h.Values("Content-Type")) {
		return nil, &FileError{e.File + headerSuffix, errors.New("the content type is not " + query.MediaType)}
	}
	body, err := readFile(root, e.File+bodySuffix, query.MaxAnswer)
	if err != nil {
		return nil, &FileError{e.File + bodySuffix, err}
	}
	if _, err := jades.Verify(h, body, trust, now); err != nil {
		return nil, &FileError{e.File + bodySuffix, err}
	}
	a, err := query.Read(body)
	if err != nil {
		return nil, &FileError{e.File + bodySuffix, err}
	}
	if lineOf(a) != e.Version {
		return nil, &FileError{e.File + bodySuffix, fmt.Errorf("an answer of %s under a question of %s", lineOf(a), e.Version)}
	}
	if why := query.Misfit(e.request(), a); why != "" {
		return nil, &FileError{e.File + bodySuffix, errors.New("the answer to another question: " + why)}
	}
	if outcome(a) != e.Outcome {
		return nil, &FileError{e.File + bodySuffix, fmt.Errorf("the answer says %s, the manifest %s", outcome(a), e.Outcome)}
	}
	return &pair{e, h, body, a}, nil
}

// replayable reports whether a content type is that of an answer, or of XML as some servers say. The signature
// does not cover it, and a mirror replays it.
func replayable(values []string) bool {
	if len(values) != 1 {
		return false
	}
	t, _, err := mime.ParseMediaType(values[0])
	return err == nil && (t == query.MediaType || t == "application/xml" || t == "text/xml")
}

func readFile(root *os.Root, name string, limit int64) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, errors.New("longer than an answer may be")
	}
	return b, nil
}

// lineOf is the release line of an answer; the shape of 1.0 names none.
func lineOf(a *query.Answer) directory.Version {
	if a.Version == "" {
		return directory.V10
	}
	return a.Version
}

// outcome is Success, or the code of a refusal.
func outcome(a *query.Answer) string {
	var q *directory.Question
	var r *directory.Refusal
	switch {
	case errors.As(a.Err, &q):
		return query.CodeQuestion
	case errors.As(a.Err, &r):
		return r.Code
	}
	return "Success"
}

// A Mirror is a verified copy of a directory. It serves GET and HEAD of …/eb/rest/search and
// …/dsd/rest/search with the bytes and headers of the original. It never changes.
type Mirror struct {
	pairs map[string]map[directory.Version]*pair // by question, then by release line
	sum   Summary
}

// Summary says what a mirror holds.
type Summary struct {
	Answers  int            // pairs of files
	Refusals int            // of these, refusals and questions
	Bytes    int64          // of the bodies
	Queries  map[string]int // answers by the short name of their query
	Oldest   time.Time      // when the oldest was copied
	Newest   time.Time
	Versions map[directory.Version]int
}

func newSummary() Summary {
	return Summary{Queries: make(map[string]int), Versions: make(map[directory.Version]int)}
}

func (s *Summary) add(e Entry, size int) {
	s.Answers++
	if e.Outcome != "Success" {
		s.Refusals++
	}
	s.Bytes += int64(size)
	s.Queries[e.Query]++
	s.Versions[e.Version]++
	if s.Oldest.IsZero() || e.At.Before(s.Oldest) {
		s.Oldest = e.At
	}
	if e.At.After(s.Newest) {
		s.Newest = e.At
	}
}

// Load reads a mirror and verifies every pair in it: signature, form, and that it answers the question it
// stands under. The error names all files that do not pass, as joined *FileErrors; nothing is served then.
func Load(dir string, trust jades.Policy, now time.Time) (*Mirror, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	entries, _, err := readManifest(root)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("%s holds no mirror", dir)
	}
	m := &Mirror{pairs: make(map[string]map[directory.Version]*pair), sum: newSummary()}
	latest := make(map[string]Entry, len(entries)) // a later line replaces an earlier one
	var order []string
	for _, e := range entries {
		k := string(e.Version) + " " + e.key()
		if _, there := latest[k]; !there {
			order = append(order, k)
		}
		latest[k] = e
	}
	var bad []error
	for _, k := range order {
		e := latest[k]
		p, err := readPair(root, e, trust, now)
		if err != nil {
			bad = append(bad, err)
			continue
		}
		p.answer = nil
		m.add(p)
		if m.sum.Bytes > maxLoaded {
			return nil, errors.New("the mirror is larger than 4 GB")
		}
	}
	if len(bad) > 0 {
		return nil, errors.Join(bad...)
	}
	return m, nil
}

func (m *Mirror) add(p *pair) {
	k := p.key()
	if m.pairs[k] == nil {
		m.pairs[k] = make(map[directory.Version]*pair)
	}
	m.pairs[k][p.Version] = p
	m.sum.add(p.Entry, len(p.body))
}

// Summary says what m holds.
func (m *Mirror) Summary() Summary { return m.sum }
