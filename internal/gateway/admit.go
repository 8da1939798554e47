package gateway

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"oots/edelivery/pmode"
)

// An admission keeps some from taking what the others need. A request whose sender is not proven takes one of many cheap
// slots: it must bring its envelope soon, and costs no more than that. Those of one source, which is a client certificate
// that was verified or an address, share an eighth of them. When a signature has proven the partner, the request leaves that
// slot for one of the messages: those of one partner share a part of these and a bucket of tokens.
//
// So it takes eight sources at least to keep strangers from being heard, and several partners to keep messages from
// being taken; who controls so many can.
type admission struct {
	limits   PartnerLimits
	unproven int // requests at once whose sender is not proven
	each     int // of one source

	mu       sync.Mutex
	all      int
	requests map[string]int // whose sender is not proven, by source
	partners map[string]*guest
}

// sources is the share of one source: a part of so many.
const sources = 8

// A visit is one request and what it takes.
type visit struct {
	source  string
	partner string // "" until it is proven
	wait    int    // seconds that it is told to wait when it was not admitted
	counted bool   // among the messages of its partner
	slot    bool   // it has one of the slots for messages
}

// A guest is what a partner takes.
type guest struct {
	reading   int
	tokens    float64
	filled    time.Time
	throttled int64
}

// source says where a request comes from, before anything of it is read; "" when it cannot be told. Without TLS a proxy
// stands before us, and its address is that of everybody. An IPv6 network of 64 bits is one source: it is what one
// subscriber gets. [RFC 6177]
func source(r *http.Request) string {
	if r.TLS == nil {
		return ""
	}
	if len(r.TLS.VerifiedChains) > 0 && len(r.TLS.PeerCertificates) > 0 {
		sum := sha256.Sum256(r.TLS.PeerCertificates[0].Raw)
		return "certificate " + hex.EncodeToString(sum[:])
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := at.Addr().Unmap().WithZone("")
	if addr.Is6() {
		if network, err := addr.Prefix(64); err == nil {
			return network.String()
		}
	}
	return addr.String()
}

// enter counts a request of a source; nil when there is no room for it.
func (a *admission) enter(source string) *visit {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all >= a.unproven || source != "" && a.requests[source] >= a.each {
		return nil
	}
	if a.requests == nil {
		a.requests = map[string]int{}
	}
	a.all++
	a.requests[source]++
	return &visit{source: source}
}

// heard gives back what a visit has taken whose sender was not proven.
func (a *admission) heard(v *visit) {
	a.all--
	if a.requests[v.source]--; a.requests[v.source] <= 0 {
		delete(a.requests, v.source)
	}
}

// leave ends a visit.
func (a *admission) leave(v *visit) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case v.partner == "":
		a.heard(v)
	case v.counted:
		a.of(v.partner).reading--
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

// admit counts the message of a visit, which is proven to be of partner.
func (a *admission) admit(v *visit, partner string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heard(v)
	v.partner = partner
	w := a.of(partner)
	if w.reading >= a.limits.Inbound || !w.take(now, a.limits.Rate, a.limits.Burst) {
		w.throttled++
		return false
	}
	w.reading++
	v.counted = true
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
func (g *Gateway) admit(v *visit, peer pmode.Party) bool {
	partner := peer.ID.Value
	if !g.admission.admit(v, partner, g.c.Clock.Now()) {
		g.c.Metrics.Count(MetricReceived, partner, "throttled")
		v.wait = waitThrottled
		return false
	}
	select {
	case g.slots <- struct{}{}:
		v.slot = true
	default:
		g.c.Metrics.Count(MetricReceived, partner, "busy")
		v.wait = waitBusy
	}
	return v.slot
}

// leave ends a visit.
func (g *Gateway) leave(v *visit) {
	if v.slot {
		<-g.slots
	}
	g.admission.leave(v)
}
