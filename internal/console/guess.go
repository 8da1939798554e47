package console

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// guesses counts wrong passwords of accounts without a second factor, for each name and the network they come from: who
// guesses from elsewhere locks nobody out. It is in memory, and bounded.
type guesses struct {
	mu    sync.Mutex
	tried map[guess]tries
}

type guess struct{ account, network string }

type tries struct {
	n     int
	until time.Time // none is taken before
	last  time.Time
}

// The lock of a name for a network: so many failures in a row close it for a while.
const (
	maxFailures = 5
	lockTime    = 15 * time.Minute
	maxGuesses  = 10_000
)

// locked reports whether guesses from there are taken at all.
func (g *guesses) locked(account, network string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return now.Before(g.tried[guess{account, network}].until)
}

// lockedAnywhere reports whether the name is locked for any network.
func (g *guesses) lockedAnywhere(account string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for k, t := range g.tried {
		if k.account == account && now.Before(t.until) {
			return true
		}
	}
	return false
}

// wrong counts a failure and reports whether it closes the name for that network. While it is closed nothing is
// counted, so that it opens again.
func (g *guesses) wrong(account, network string, now time.Time) (closes bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	k := guess{account, network}
	t := g.tried[k]
	if now.Before(t.until) {
		return false
	}
	if now.Sub(t.last) > lockTime {
		t.n = 0
	}
	t.n, t.last = t.n+1, now
	if t.n >= maxFailures {
		t.n, t.until, closes = 0, now.Add(lockTime), true
	}
	if len(g.tried) >= maxGuesses {
		for k, t := range g.tried {
			if now.Sub(t.last) > lockTime {
				delete(g.tried, k)
			}
		}
	}
	if len(g.tried) >= maxGuesses { // a flood from everywhere: what is slow then is the hashing of passwords
		clear(g.tried)
	}
	if g.tried == nil {
		g.tried = map[guess]tries{}
	}
	g.tried[k] = t
	return closes
}

// forget opens a name for one network, or for all when that is "".
func (g *guesses) forget(account, network string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for k := range g.tried {
		if k.account == account && (network == "" || k.network == network) {
			delete(g.tried, k)
		}
	}
}

// network is where a request comes from: the network of 24 bits of its address, of 64 for IPv6.
func network(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if v4 := ip.To4(); v4 != nil {
		return v4.Mask(net.CIDRMask(24, 32)).String()
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

// delay is how long no code is taken after n wrong ones in a row: who sends them knows the password. It grows from half a
// minute to five minutes, at which a day is good for 288 of a million codes, and never locks for longer.
func delay(n int) time.Duration {
	if n < maxFailures {
		return 0
	}
	return min(30*time.Second<<min(n-maxFailures, 4), 5*time.Minute)
}
