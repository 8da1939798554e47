package lookup

import (
	"errors"
	"time"

	"oots/directory"
	"oots/directory/query"
)

// maxEntries bounds the cache; a portal asks for a few hundred combinations of requirement and country.
const maxEntries = 2000

// An entry is one verified success, or one fetched code list.
type entry struct {
	answer  *query.Answer
	codes   []directory.Code
	query   query.ID // "" for a code list
	country string
	expires time.Time
}

func (c *Client) cached(key string) (*query.Answer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.cache[key]
	if !ok || e.answer == nil || !c.d.Clock.Now().Before(e.expires) {
		return nil, false
	}
	return e.answer, true
}

func (c *Client) keep(key string, id query.ID, country string, a *query.Answer) {
	ttl := catalogueTTL
	if id == query.DataServices {
		ttl = serviceTTL
	}
	c.put(key, entry{answer: a, query: id, country: country}, ttl)
}

// put makes room by dropping what has expired, and then what expires first.
func (c *Client) put(key string, e entry, ttl time.Duration) {
	now := c.d.Clock.Now()
	e.expires = now.Add(ttl)
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, there := c.cache[key]; !there && len(c.cache) >= maxEntries {
		first := ""
		for k, old := range c.cache {
			if !now.Before(old.expires) {
				delete(c.cache, k)
			} else if first == "" || old.expires.Before(c.cache[first].expires) {
				first = k
			}
		}
		if len(c.cache) >= maxEntries {
			delete(c.cache, first)
		}
	}
	c.cache[key] = e
}

// stale drops the upstream answers that led to an identifier which a directory does not know (any more):
// the lists that named the evidence type, the requirements that named the requirement. [TDD 3.4]
func (c *Client) stale(err error, country string) {
	var r *directory.Refusal
	if !errors.As(err, &r) {
		return
	}
	switch r.Code {
	case "DSD:ERR:0002":
		c.drop(func(e entry) bool { return e.query == query.EvidenceTypes && e.country == country })
	case "EB:ERR:0002":
		c.drop(func(e entry) bool { return e.query == query.Requirements })
	}
}

func (c *Client) drop(which func(entry) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, e := range c.cache {
		if which(e) {
			delete(c.cache, k)
		}
	}
}
