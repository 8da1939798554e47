package gateway

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"sync"
	"time"

	"oots/edelivery/pmode"
)

// An admission keeps one partner from taking what the others need. Before it is known who sends, requests of one client
// certificate or, without one, of one address share a number of slots; when a signature has proven the partner, its
// messages share a number of slots and a bucket of tokens. Nobody can use up the share of another.
type admission struct {
	limits PartnerLimits

	mu       sync.Mutex
	requests map[string]int // under way, by source
	partners map[string]*guest
	told     guest // refusals that were recorded
}

// Refusals are recorded at most this fast, so that who sends rubbish does not fill the log.
const (
	refusalsAtOnce    = 100
	refusalsPerSecond = 5
)

// tell reports whether one more refusal may be recorded.
func (a *admission) tell(now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.told.filled.IsZero() {
		a.told.tokens = refusalsAtOnce
	}
	return a.told.take(now, refusalsPerSecond, refusalsAtOnce)
}

// A guest is what a partner takes.
type guest struct {
	reading   int
	tokens    float64
	filled    time.Time
	throttled int64
}

// source says where a request comes from, before anything of it is read.
func source(r *http.Request) string {
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		sum := sha256.Sum256(r.TLS.PeerCertificates[0].Raw)
		return "certificate " + hex.EncodeToString(sum[:])
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// enter counts a request of a source; when it says yes, leave follows.
func (a *admission) enter(source string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.requests[source] >= a.limits.Inbound {
		return false
	}
	if a.requests == nil {
		a.requests = map[string]int{}
	}
	a.requests[source]++
	return true
}

func (a *admission) leave(source string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.requests[source]--; a.requests[source] <= 0 {
		delete(a.requests, source)
	}
}

func (a *admission) of(partner string) *guest {
	v := a.partners[partner]
	if v == nil {
		if a.partners == nil {
			a.partners = map[string]*guest{}
		}
		v = &guest{tokens: float64(a.limits.Burst)}
		a.partners[partner] = v
	}
	return v
}

// admit counts a message that is proven to be of partner.
func (a *admission) admit(partner string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	v := a.of(partner)
	if v.reading >= a.limits.Inbound || !v.take(now, a.limits.Rate, a.limits.Burst) {
		v.throttled++
		return false
	}
	v.reading++
	return true
}

// take takes one token out of the bucket, after it was filled up for the time that has passed.
func (v *guest) take(now time.Time, rate float64, burst int) bool {
	if passed := now.Sub(v.filled); passed > 0 && !v.filled.IsZero() {
		v.tokens = min(v.tokens+passed.Seconds()*rate, float64(burst))
	}
	v.filled = now // also when the clock was set back
	if v.tokens < 1 {
		return false
	}
	v.tokens--
	return true
}

func (a *admission) release(partner string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.of(partner).reading--
}

func (a *admission) throttled() map[string]int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := make(map[string]int64, len(a.partners))
	for p, v := range a.partners {
		out[p] = v.throttled
	}
	return out
}

// admit is the receiver's question.
func (g *Gateway) admit(peer pmode.Party) (release func(), ok bool) {
	if !g.admission.admit(peer.ID.Value, g.c.Clock.Now()) {
		g.c.Metrics.Count(MetricReceived, peer.ID.Value, "throttled")
		return nil, false
	}
	return func() { g.admission.release(peer.ID.Value) }, true
}
