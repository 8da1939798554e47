package lookup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"oots/directory"
	"oots/directory/query"
)

// maxOrigins bounds the identifiers whose origin is remembered; without it they are asked for in the newest
// line.
const maxOrigins = 100_000

// An origin is the query that an identifier was found with.
type origin struct {
	request *query.Request // its Version is the line of the answer
	offered []directory.Version
}

// errVersion marks a Failure whose answer was in a line that was not asked for.
var errVersion = errors.New("another release line")

// remember notes where the identifiers of an answer come from.
func (c *Client) remember(r *query.Request, a *query.Answer, offered []directory.Version) {
	found := *r
	found.Version = lineOf(a)
	o := origin{&found, offered}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.origins) > maxOrigins {
		clear(c.origins)
	}
	for i := range a.Requirements {
		q := &a.Requirements[i]
		if r.Query == query.Requirements {
			c.origins[q.ID] = o
			continue
		}
		for j := range q.Lists {
			for k := range q.Lists[j].Types {
				c.origins[q.Lists[j].Types[k].Classification] = o
			}
		}
	}
}

func (c *Client) origin(id string) (origin, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.origins[id]
	return o, ok
}

// follow asks what follows from an identifier, in the line of its origin. A directory that does not speak
// that line is asked in the next older one, with the identifier that the same record has there. A directory
// that does not know the identifier is asked once more after its origin was asked anew. [TDD 3.4, 3.6.2]
func (c *Client) follow(ctx context.Context, id string, request func(v directory.Version, id string) *query.Request) (*query.Answer, error) {
	from, known := c.origin(id)
	var unspoken error
	for _, v := range c.d.Versions {
		if known && v > from.request.Version {
			continue
		}
		own := id
		if known && v != from.request.Version {
			translated, err := c.translate(ctx, id, from, v)
			if err != nil {
				continue
			}
			own = translated
		}
		r := request(v, own)
		a, err := c.ask(ctx, r, []directory.Version{v})
		if c.unspoken(ctx, r, err) {
			if unspoken == nil {
				unspoken = err
			}
			continue
		}
		if known && outdated(err) && c.renew(ctx, own, v) {
			return c.ask(ctx, r, []directory.Version{v})
		}
		return a, err
	}
	if unspoken == nil {
		unspoken = &Failure{Query: "chain", Reason: "no release line is left in which the chain could go on", Err: errVersion}
	}
	return nil, unspoken
}

// unspoken reports whether err may mean that the directory does not speak the version of r: it refuses the
// parameters, or answers in another line, and was never seen to speak it.
func (c *Client) unspoken(ctx context.Context, r *query.Request, err error) bool {
	var refusal *directory.Refusal
	switch {
	case errors.Is(err, errVersion):
		return true
	case errors.As(err, &refusal) && strings.HasSuffix(refusal.Code, ":0003"):
	default:
		return false
	}
	e, lerr := c.d.Locator.Locate(ctx, r.Query.Service(), c.countryOf(r))
	c.mu.Lock()
	defer c.mu.Unlock()
	return lerr == nil && !c.speaks[e.BaseURL+" "+string(r.Version)]
}

// outdated reports whether a directory does not know the identifier that it was asked for.
func outdated(err error) bool {
	var r *directory.Refusal
	return errors.As(err, &r) && (r.Code == "EB:ERR:0002" || r.Code == "DSD:ERR:0002")
}

// translate finds the identifier in line v of the record that id names in the line of its origin: the one
// with the same UUID.
func (c *Client) translate(ctx context.Context, id string, from origin, v directory.Version) (string, error) {
	a, err := c.again(ctx, from, v)
	if err != nil {
		return "", err
	}
	for _, other := range identifiers(from.request, a) {
		if strings.EqualFold(tail(other), tail(id)) {
			return other, nil
		}
	}
	return "", fmt.Errorf("%s has no identifier in %s", id, v)
}

// again asks a query of the chain in line v; as it was asked before when that is its own.
func (c *Client) again(ctx context.Context, o origin, v directory.Version) (*query.Answer, error) {
	in := *o.request
	if v == in.Version {
		return c.ask(ctx, &in, o.offered)
	}
	in.Version = v
	if from, known := c.origin(in.Requirement); known {
		translated, err := c.translate(ctx, in.Requirement, from, v)
		if err != nil {
			return nil, err
		}
		in.Requirement = translated
	}
	return c.ask(ctx, &in, []directory.Version{v})
}

// renew drops the answer that id was found in, asks for it anew, and reports whether the new one still names
// id. When it does not, the caller's chain has to begin again, and will do so with the new answer.
func (c *Client) renew(ctx context.Context, id string, v directory.Version) bool {
	from, known := c.origin(id)
	if !known {
		return false
	}
	c.drop(func(e entry) bool { return e.answer != nil && slices.Contains(identifiers(from.request, e.answer), id) })
	a, err := c.again(ctx, from, v)
	return err == nil && slices.Contains(identifiers(from.request, a), id)
}

// identifiers returns what an answer to r gives to ask further with.
func identifiers(r *query.Request, a *query.Answer) []string {
	var ids []string
	for i := range a.Requirements {
		if r.Query == query.Requirements {
			ids = append(ids, a.Requirements[i].ID)
			continue
		}
		for _, l := range a.Requirements[i].Lists {
			for _, t := range l.Types {
				ids = append(ids, t.Classification)
			}
		}
	}
	return ids
}

// tail is the UUID at the end of an identifier.
func tail(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// lineOf is the release line of an answer; the shape of 1.0 names none.
func lineOf(a *query.Answer) directory.Version {
	if a.Version == "" {
		return directory.V10
	}
	return a.Version
}
