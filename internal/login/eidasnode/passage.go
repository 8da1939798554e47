package eidasnode

import (
	"time"

	"oots/eid/saml"
	"oots/internal/clock"
)

// patience is how long a user may take, and how old a message between the parts of the node may be.
const patience = 20 * time.Minute

// maxOpen bounds the logins under way; the oldest is forgotten for a new one.
const maxOpen = 1000

// A passage is one login on its way through the node.
type passage struct {
	began time.Time
	// What the site asked the connector.
	site      *saml.AuthnRequest
	siteMeta  *saml.Metadata
	siteRelay string
	// What the connector asked the proxy service of a country; nil before.
	own     *saml.AuthnRequest
	country string
	// What the proxy service received; nil before.
	received *saml.AuthnRequest
}

// keep remembers p and returns its secret name.
func (n *Node) keep(p *passage) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	oldest := ""
	for name, o := range n.open {
		if n.Clock.Now().Sub(o.began) > patience {
			delete(n.open, name)
		} else if oldest == "" || o.began.Before(n.open[oldest].began) {
			oldest = name
		}
	}
	if len(n.open) >= maxOpen {
		delete(n.open, oldest)
	}
	name := clock.Token(16)
	n.open[name] = p
	return name
}

// find returns the passage with the name; a copy of what it was, so that no two requests share one.
func (n *Node) find(name string) (passage, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p, ok := n.open[name]
	if !ok || n.Clock.Now().Sub(p.began) > patience {
		return passage{}, false
	}
	return *p, true
}

// update replaces the passage with the name.
func (n *Node) update(name string, p passage) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, ok := n.open[name]; ok {
		n.open[name] = &p
	}
}

// end forgets the passage with the name and reports whether it was still there.
func (n *Node) end(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, ok := n.open[name]
	delete(n.open, name)
	return ok
}
