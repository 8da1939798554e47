package web

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// A Limiter bounds how often one client may post. Each client has a bucket of Burst that refills by one
// every Every. It keeps at most 10,000 clients, in memory only. A client is the address of the connection:
// behind a proxy all users are one, and the proxy has to do this work.
type Limiter struct {
	Burst int           // at once
	Every time.Duration // one more

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

const limiterClients = 10_000

// Allow takes one from the bucket of the client that sent r, for handlers outside a Site.
func (l *Limiter) Allow(r *http.Request, now time.Time) bool { return l.allow(client(r), now) }

// allow takes one from the bucket of client.
func (l *Limiter) allow(client string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.buckets == nil {
		l.buckets = map[string]bucket{}
	}
	b, ok := l.buckets[client]
	if !ok {
		if len(l.buckets) >= limiterClients {
			l.forget(now)
		}
		b = bucket{float64(l.Burst), now}
	}
	b.left = min(b.left+float64(now.Sub(b.at))/float64(l.Every), float64(l.Burst))
	b.at = now
	ok = b.left >= 1
	if ok {
		b.left--
	}
	l.buckets[client] = b
	return ok
}

// forget drops the clients whose bucket is full again, and everybody when that frees nothing: a flood
// from many addresses must not grow the table.
func (l *Limiter) forget(now time.Time) {
	full := time.Duration(l.Burst) * l.Every
	for c, b := range l.buckets {
		if now.Sub(b.at) > full {
			delete(l.buckets, c)
		}
	}
	if len(l.buckets) >= limiterClients {
		clear(l.buckets)
	}
}

// client is the address a request came from, without its port; IPv6 counts by its network of 64 bits.
func client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() != nil {
		return host
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}
