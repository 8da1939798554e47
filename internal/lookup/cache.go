package lookup

import (
	"time"

	"oots/directory"
	"oots/directory/query"
)

// maxEntries bounds the memory; a portal asks for a few hundred combinations of requirement and country.
const maxEntries = 2000

// An entry is one verified success, or one fetched code list.
type entry struct {
	answer *query.Answer
	codes  []directory.Code
	query  query.ID // "" for a code list
	at     time.Time
	expire time.Time // the end of its use, outages included
}

// kept returns what memory holds under key, or else the disk. An answer of the disk is verified as if it had
// just come.
func (c *Client) kept(key string, r *query.Request, offered []directory.Version, at Endpoint) (entry, bool) {
	c.mu.Lock()
	e, ok := c.cache[key]
	c.mu.Unlock()
	now := c.d.Clock.Now()
	if ok {
		return e, now.Before(e.expire)
	}
	if c.d.Disk == nil {
		return entry{}, false
	}
	s, ok := c.d.Disk.load(key)
	if !ok {
		return entry{}, false
	}
	a, _, fault := c.judge(r, offered, at, s.header, s.body)
	if fault != nil || a.Err != nil || s.at.After(now) {
		c.d.Log.Warn("a kept answer is no longer good", "file", c.d.Disk.file(key), "query", r.Query.Short(), "error", fault)
		c.d.Disk.drop(key)
		return entry{}, false
	}
	e = c.put(key, entry{answer: a, query: r.Query, at: s.at})
	c.remember(r, a, offered)
	return e, now.Before(e.expire)
}

// keep stores a verified success.
func (c *Client) keep(key string, r *query.Request, res *result) {
	now := c.d.Clock.Now()
	c.put(key, entry{answer: res.answer, query: r.Query, at: now})
	if c.d.Disk == nil {
		return
	}
	if err := c.d.Disk.save(key, saved{at: now, header: res.header, body: res.body}); err != nil {
		c.d.Log.Warn("an answer is not kept on disk", "query", r.Query.Short(), "error", err)
	}
}

// put makes room by dropping what is of no use any more, and then what is so first.
func (c *Client) put(key string, e entry) entry {
	now := c.d.Clock.Now()
	fresh, _ := c.d.Fresh.life(e.query)
	e.expire = e.at.Add(fresh + c.d.Fresh.Stale)
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, there := c.cache[key]; !there && len(c.cache) >= maxEntries {
		first := ""
		for k, old := range c.cache {
			if !now.Before(old.expire) {
				delete(c.cache, k)
			} else if first == "" || old.expire.Before(c.cache[first].expire) {
				first = k
			}
		}
		if len(c.cache) >= maxEntries {
			delete(c.cache, first)
		}
	}
	c.cache[key] = e
	return e
}

// forget drops one answer everywhere.
func (c *Client) forget(key string) {
	c.mu.Lock()
	_, there := c.cache[key]
	delete(c.cache, key)
	c.mu.Unlock()
	if there && c.d.Disk != nil {
		c.d.Disk.drop(key)
	}
}

// drop drops the answers that which names.
func (c *Client) drop(which func(entry) bool) {
	var keys []string
	c.mu.Lock()
	for k, e := range c.cache {
		if which(e) {
			keys = append(keys, k)
		}
	}
	c.mu.Unlock()
	for _, k := range keys {
		c.forget(k)
	}
}
