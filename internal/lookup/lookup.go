// Package lookup is the client of the Common Services: it asks the Evidence Broker and the Data Service
// Directory of a country, and fetches the code lists that their questions name. [TDD 3.1.4, 3.2.4, 3.6.2]
//
// An answer is verified before it is parsed, parsed before its status is looked at, judged by the published
// rules, and compared with the question before it is used; only then is it kept. What is no verified answer is
// a *Failure, never "nothing": "nothing" is a *directory.Refusal that a directory signed.
//
// Where a directory is, and whose signature counts there, says a Locator: Static for fixed places, Discovered
// for the DNS.
//
// # Versions
//
// The first query of a chain offers all configured release lines, newest first, and takes what the directory
// answers in. The queries that follow from it ask for exactly that line, because an identifier of one line is
// not valid in another. Where a later directory does not speak it, the chain is taken up again in the next
// older line, with the identifiers that the same records have there.
//
// # Freshness
//
// Verified successes are kept, in memory and with a Disk also across restarts, where they are verified again
// when they are loaded. Fresh says how long; beyond that they are used only while the directory fails, up to
// Fresh.Stale, and the log says so. Refusals, questions, and answers to what a user said are never kept.
package lookup

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"oots/directory"
	"oots/directory/query"
	"oots/internal/clock"
)

const attemptTime = 15 * time.Second

// Deps are what a Client stands on. Locator, Transport, Clock and Log are needed.
type Deps struct {
	Locator   Locator
	Transport http.RoundTripper // NewTransport has one
	Clock     clock.Clock
	Log       *slog.Logger
	Country   string // own country: whose directory answers when a query names no country

	// Versions are the release lines that are offered, newest first; nil is all of them.
	Versions []directory.Version

	// Fresh says how long answers are used; zero fields have the default.
	Fresh Freshness

	// Disk keeps answers across restarts; nil keeps them in memory only.
	Disk *Disk

	// Rules says what becomes of a verified answer that breaks published rules.
	Rules RulePolicy

	// Delays are the waits before the second, third, … attempt after a broken connection or a status 429,
	// 502, 503 or 504; nil is 250 ms and 1 s, empty tries once.
	Delays []time.Duration

	// Tap, if set, sees each HTTP answer as it came, before it is verified: the query's short name, the
	// full URL with the answers of users, status, header and body. It must not keep or change the last two.
	Tap func(query, url string, status int, header http.Header, body []byte)
}

// A Client asks directories. It may be used by many at once; what it returns must not be changed.
type Client struct {
	d      Deps
	http   *http.Client
	flight flight
	hosts  hosts
	ctx    context.Context // of refreshes in the background
	stop   context.CancelFunc
	behind sync.WaitGroup

	mu      sync.Mutex // guards what follows
	cache   map[string]entry
	lists   map[string][]directory.Code // given by the operator
	origins map[string]origin           // of identifiers
	speaks  map[string]bool             // base URL and version of answers seen
}

// New returns a Client with an empty memory.
func New(d Deps) *Client {
	if d.Delays == nil {
		d.Delays = []time.Duration{250 * time.Millisecond, time.Second}
	}
	if len(d.Versions) == 0 {
		d.Versions = []directory.Version{directory.V20, directory.V12, directory.V11, directory.V10}
	}
	d.Fresh = d.Fresh.orDefault()
	c := &Client{
		d: d,
		http: &http.Client{
			Transport:     d.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		cache:   make(map[string]entry),
		lists:   make(map[string][]directory.Code),
		origins: make(map[string]origin),
		speaks:  make(map[string]bool),
	}
	c.ctx, c.stop = context.WithCancel(context.Background())
	return c
}

// Close ends refreshes in the background and waits for them. A Client that was closed still answers.
func (c *Client) Close() {
	c.stop()
	c.behind.Wait()
}

// Requirements asks the Evidence Broker of country, the own one for "", which requirements a procedure has
// there. It begins a chain. [TDD 3.2.4]
func (c *Client) Requirements(ctx context.Context, procedure, country string) ([]directory.Requirement, error) {
	r := &query.Request{Query: query.Requirements, Procedure: procedure, Country: country}
	a, err := c.ask(ctx, r, c.d.Versions)
	if err != nil {
		return nil, err
	}
	return slices.Clone(a.Requirements), nil
}

// EvidenceTypes asks the Evidence Broker of the providing country which lists of evidence types prove the
// requirement there, in the release line in which the requirement was found. [TDD 3.2.4]
func (c *Client) EvidenceTypes(ctx context.Context, requirementID, country string) (directory.Requirement, error) {
	a, err := c.follow(ctx, requirementID, func(v directory.Version, id string) *query.Request {
		return &query.Request{Query: query.EvidenceTypes, Version: v, Requirement: id, Country: country}
	})
	if err != nil {
		return directory.Requirement{}, err
	}
	return a.Requirements[0], nil
}

// DataServices asks the Data Service Directory of the providing country who delivers the evidence type, in
// the release line in which the type was found. The error may be a *directory.Question: ask the user, and call
// again with all answers. [TDD 3.1.4]
func (c *Client) DataServices(ctx context.Context, q directory.DataServiceQuery) ([]directory.DataService, error) {
	a, err := c.follow(ctx, q.Classification, func(v directory.Version, id string) *query.Request {
		in := q
		in.Classification = id
		return query.DataServiceRequest(v, in)
	})
	if err != nil {
		return nil, err
	}
	return slices.Clone(a.DataServices), nil
}
