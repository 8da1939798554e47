// Package partner finds out why an access point of the other side cannot be reached: it tries layer by layer, from
// the name to a message of the test service, and says of each whether it works, how long it took, what it means when
// it does not, and what to try. [AS4 1.15 §3.2.6, §16] [TDD 3.7]
//
// Diagnose is a pure function over the tools it is given: a resolver, a dialer, a way to send a test message, a clock.
// It keeps nothing, and every layer has a longest time. It sends no payload and changes nothing at the partner.
package partner

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"slices"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
)

// A Layer is one of the things that must work before a message arrives.
type Layer string

// The layers, in the order in which they are tried. Certificates does not depend on those before it.
const (
	DNS          Layer = "dns"
	TCP          Layer = "tcp"
	TLS          Layer = "tls"
	Certificates Layer = "certificates" // of the P-Mode: what the partner signs with, and what is encrypted for it
	HTTP         Layer = "http"
	AS4          Layer = "as4"
)

// Layers are all of them.
func Layers() []Layer { return []Layer{DNS, TCP, TLS, Certificates, HTTP, AS4} }

// A Verdict is how a layer stands.
type Verdict string

// The verdicts. A Doubtful layer works, and will not for long, or not as it should.
const (
	OK       Verdict = "ok"
	Doubtful Verdict = "doubtful"
	Failed   Verdict = "failed"
	NotTried Verdict = "not tried"
)

// A Fact is something that a layer showed.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Step is what came of one layer.
type Step struct {
	Layer   Layer         `json:"layer"`
	Verdict Verdict       `json:"verdict"`
	Took    time.Duration `json:"nanoseconds"`
	Cause   Cause         `json:"cause,omitempty"`  // "" when there is nothing to say
	Detail  string        `json:"detail,omitempty"` // the exact error
	Facts   []Fact        `json:"facts,omitempty"`
}

func (s *Step) fact(name, value string) {
	if value != "" {
		s.Facts = append(s.Facts, Fact{name, value})
	}
}

func (s *Step) fail(c Cause, detail string) {
	s.Verdict, s.Cause, s.Detail = Failed, c, detail
}

func (s *Step) doubt(c Cause, detail string) {
	if s.Verdict == OK {
		s.Verdict, s.Cause, s.Detail = Doubtful, c, detail
	}
}

// A Report is what came of all layers.
type Report struct {
	Party ebms.PartyID  `json:"party"`
	URL   string        `json:"url"`
	At    time.Time     `json:"at"`
	Took  time.Duration `json:"nanoseconds"`
	Steps []Step        `json:"steps"` // one for each of Layers
}

// Reached reports whether every layer worked.
func (r *Report) Reached() bool {
	return !slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Verdict != OK && s.Verdict != Doubtful })
}

// Broken is the first layer that failed, "" for none.
func (r *Report) Broken() Layer {
	for _, s := range r.Steps {
		if s.Verdict == Failed {
			return s.Layer
		}
	}
	return ""
}

// A Resolver looks names up; *net.Resolver is one.
type Resolver interface {
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupCNAME(ctx context.Context, host string) (string, error)
}

// A Pong is the answer to a message of the test service.
type Pong struct {
	MessageID string
	Status    int    // of HTTP; 0 when no answer came
	Code      string // ebMS error; "" when the receipt is there and valid
	Detail    string // the exact error, or what is remarkable
	Unsigned  bool   // the answer is not signed: anybody could have given it
	Answer    string // Content-Type of the answer, for those that are no signal
}

// A Pinger sends one message of the test service and judges the answer. It fails when none could be sent.
type Pinger func(ctx context.Context, to ebms.PartyID) (Pong, error)

// Limits are the longest times of the layers; zero fields mean the default.
type Limits struct {
	DNS  time.Duration // 5 s
	TCP  time.Duration // 5 s, for all addresses together
	TLS  time.Duration // 5 s
	HTTP time.Duration // 10 s
	AS4  time.Duration // 60 s
}

func (l Limits) orDefault() Limits {
	set := func(d *time.Duration, s time.Duration) {
		if *d <= 0 {
			*d = s * time.Second
		}
	}
	set(&l.DNS, 5)
	set(&l.TCP, 5)
	set(&l.TLS, 5)
	set(&l.HTTP, 10)
	set(&l.AS4, 60)
	return l
}

// Tools are what a diagnosis works with.
type Tools struct {
	Resolver Resolver                                                             // nil is that of the machine
	Dial     func(ctx context.Context, network, address string) (net.Conn, error) // nil is that of the machine
	TLS      *tls.Config                                                          // as messages are sent with: roots, versions, our certificate for servers that ask for one
	Ping     Pinger                                                               // nil leaves the last layer out
	Now      func() time.Time                                                     // nil is the clock of the machine
	Limits   Limits
}

// A diagnosis is one in progress.
type diagnosis struct {
	Tools
	ctx   context.Context
	party pmode.Party
	url   *url.URL
	hosts []string // addresses with ports, to be dialled
	good  string   // the one that took a connection
}

// Diagnose tries the layers of p one after the other. What comes after a broken one is not tried, but for the
// certificates of the P-Mode, which need no connection, and for the test message after a strange answer to HTTP.
func Diagnose(ctx context.Context, p pmode.Party, t Tools) Report {
	t.Limits = t.Limits.orDefault()
	if t.Now == nil {
		t.Now = time.Now
	}
	if t.Resolver == nil {
		t.Resolver = net.DefaultResolver
	}
	if t.Dial == nil {
		t.Dial = (&net.Dialer{}).DialContext
	}
	d := &diagnosis{Tools: t, ctx: ctx, party: p}
	begun := t.Now()
	r := Report{Party: p.ID, URL: p.URL, At: begun.UTC()}
	broken := false
	for _, layer := range Layers() {
		s := Step{Layer: layer, Verdict: NotTried}
		if !broken || layer == Certificates {
			s = d.try(layer)
			broken = broken || s.Verdict == Failed && layer != Certificates && layer != HTTP
		}
		r.Steps = append(r.Steps, s)
	}
	r.Took = t.Now().Sub(begun)
	return r
}

func (d *diagnosis) try(layer Layer) Step {
	s := Step{Layer: layer, Verdict: OK}
	begun := d.Now()
	switch layer {
	case DNS:
		d.resolve(&s)
	case TCP:
		d.connect(&s)
	case TLS:
		d.handshake(&s)
	case Certificates:
		d.certificates(&s)
	case HTTP:
		d.get(&s)
	case AS4:
		d.ping(&s)
	}
	s.Took = d.Now().Sub(begun)
	return s
}
