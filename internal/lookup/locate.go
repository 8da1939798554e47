package lookup

import (
	"context"
	"errors"
	"fmt"
	"net/url"

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
			return e, checkBase(e.BaseURL)
		}
	}
	return Endpoint{}, ErrNotRegistered
}

// checkBase accepts an https URL without user, query and fragment only. [TDD 3.4]
func checkBase(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("the base URL %q is not a plain https URL", base)
	}
	return nil
}
