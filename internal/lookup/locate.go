package lookup

import (
	"context"
	"errors"

	"oots/directory"
	"oots/directory/discovery"
	"oots/directory/jades"
	"oots/directory/query"
)

// An Endpoint is one directory: where it is, and whose signature counts there. Trust is part of the place,
// because a country may run its own instance under its own root.
type Endpoint struct {
	BaseURL string // https, with the segment of the service; the final slash may be missing
	Trust   jades.Policy
}

// A Locator finds the directory of a country. [TDD 3.4]
type Locator interface {
	// Locate returns ErrNotRegistered for a country without such a directory; any other error is trouble
	// that may pass.
	Locate(ctx context.Context, s query.Service, country string) (Endpoint, error)
}

// ErrNotRegistered says that a country has no directory of the kind asked for.
var ErrNotRegistered = errors.New("no directory is registered for the country")

// A Place is one service of one country; Country "" stands for every country without a place of its own.
type Place struct {
	Service query.Service
	Country string
}

// Static is a Locator with fixed places, for tests and fixed deployments.
type Static map[Place]Endpoint

// Locate returns the place of the country, or the place of every country.
func (s Static) Locate(_ context.Context, service query.Service, country string) (Endpoint, error) {
	for _, p := range [...]Place{{service, country}, {service, ""}} {
		if e, ok := s[p]; ok {
			_, err := discovery.CheckBase(e.BaseURL)
			return e, err
		}
	}
	return Endpoint{}, ErrNotRegistered
}

// Discovered is a Locator that asks the DNS. [TDD 3.4]
type Discovered struct {
	Finder *discovery.Finder

	// Trust says whose signature counts in the directory of a country; "" stands for every country without
	// an entry of its own. A country that runs its own instance has its own root.
	Trust map[string]jades.Policy
}

// Locate finds the directory of the country, or that of the own country where the Finder falls back to it: then
// the trust is that of the own country, too.
func (d Discovered) Locate(ctx context.Context, s query.Service, country string) (Endpoint, error) {
	p, err := d.Finder.Find(ctx, directory.Service(s), country)
	if errors.Is(err, discovery.ErrNoRecord) {
		return Endpoint{}, ErrNotRegistered
	}
	if err != nil {
		return Endpoint{}, err
	}
	trust, ok := d.Trust[p.Country]
	if !ok {
		trust = d.Trust[""]
	}
	return Endpoint{BaseURL: p.Base, Trust: trust}, nil
}

// Locate says where the client finds a directory of a country. The error is ErrNotRegistered, or trouble that
// may pass.
func (c *Client) Locate(ctx context.Context, s query.Service, country string) (Endpoint, error) {
	return c.d.Locator.Locate(ctx, s, country)
}

// At returns a client with an empty memory that is like c and finds its directories with l.
func (c *Client) At(l Locator) *Client {
	d := c.d
	d.Locator = l
	return New(d)
}
