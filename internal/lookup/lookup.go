// Package lookup is the client of the Common Services: it asks the Evidence Broker and the Data Service
// Directory of a country, and fetches the code lists that their questions name. [TDD 3.1.4, 3.2.4, 3.6.2]
//
// An answer is verified before it is parsed, parsed before its status is looked at, and compared with the
// question before it is used; only then is it cached. What is no verified answer is a *Failure, never
// "nothing": "nothing" is a *directory.Refusal that a directory signed.
//
// Where a directory is, and whose signature counts there, says a Locator.
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

// version is the release line that is asked for. An identifier of one line is not valid in another, so the
// whole chain of queries uses one.
const version = directory.V20

const (
	catalogueTTL = 24 * time.Hour // requirements, evidence types, code lists
	serviceTTL   = time.Hour      // data services
	attemptTime  = 15 * time.Second
)

// Deps are what a Client stands on. Locator, Transport, Clock and Log are needed.
type Deps struct {
	Locator   Locator
	Transport http.RoundTripper // NewTransport has one
	Clock     clock.Clock
	Log       *slog.Logger
	Country   string // own country: whose directory answers when a query names no country

	// Delays are the waits before the second, third, … attempt after a broken connection or a status 502,
	// 503 or 504; nil is 250 ms and 1 s, empty tries once.
	Delays []time.Duration

	// Tap, if set, sees each HTTP answer as it came, before it is verified: the query's short name, the
	// full URL with the answers of users, status, header and body. It must not keep or change the last two.
	Tap func(query, url string, status int, header http.Header, body []byte)
}

// A Client asks directories. It may be used by many at once; what it returns must not be changed.
type Client struct {
	d     Deps
	http  *http.Client
	mu    sync.Mutex // guards what follows
	cache map[string]entry
	lists map[string][]directory.Code // given by the operator
}

// New returns a Client with an empty cache.
func New(d Deps) *Client {
	if d.Delays == nil {
		d.Delays = []time.Duration{250 * time.Millisecond, time.Second}
	}
	return &Client{
		d: d,
		http: &http.Client{
			Transport:     d.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		cache: make(map[string]entry),
		lists: make(map[string][]directory.Code),
	}
}

// Requirements asks the Evidence Broker of country, the own one for "", which requirements a procedure has
// there. [TDD 3.2.4]
func (c *Client) Requirements(ctx context.Context, procedure, country string) ([]directory.Requirement, error) {
	a, err := c.ask(ctx, &query.Request{Query: query.Requirements, Version: version, Procedure: procedure, Country: country})
	if err != nil {
		return nil, err
	}
	return slices.Clone(a.Requirements), nil
}

// EvidenceTypes asks the Evidence Broker of the providing country which lists of evidence types prove the
// requirement there. [TDD 3.2.4]
func (c *Client) EvidenceTypes(ctx context.Context, requirementID, country string) (directory.Requirement, error) {
	a, err := c.ask(ctx, &query.Request{Query: query.EvidenceTypes, Version: version, Requirement: requirementID, Country: country})
	if err != nil {
		return directory.Requirement{}, err
	}
	return a.Requirements[0], nil
}

// DataServices asks the Data Service Directory of the providing country who delivers the evidence type. The
// error may be a *directory.Question: ask the user, and call again with all answers. [TDD 3.1.4]
func (c *Client) DataServices(ctx context.Context, q directory.DataServiceQuery) ([]directory.DataService, error) {
	a, err := c.ask(ctx, &query.Request{Query: query.DataServices, Version: version, Classification: q.Classification,
		Country: q.Country, Specification: string(q.Specification), Answers: q.Answers})
	if err != nil {
		return nil, err
	}
	return slices.Clone(a.DataServices), nil
}

// ask answers from the cache or from the directory.
func (c *Client) ask(ctx context.Context, r *query.Request) (*query.Answer, error) {
	country := r.Country
	if country == "" {
		country = c.d.Country
	}
	endpoint, err := c.d.Locator.Locate(ctx, r.Query.Service(), country)
	if err != nil {
		return nil, &Failure{Query: r.Query.Short(), Reason: "the directory of " + country + " cannot be located", Err: err}
	}
	key := r.URL(endpoint.BaseURL) + " " + string(r.Version)
	if a, ok := c.cached(key); ok {
		return a, nil
	}
	a, err := c.fetch(ctx, r, endpoint)
	if err != nil {
		return nil, err
	}
	if a.Err != nil {
		c.stale(a.Err, country)
		return nil, a.Err
	}
	if len(r.Answers) == 0 { // answers belong to one user
		c.keep(key, r.Query, country, a)
	}
	return a, nil
}
