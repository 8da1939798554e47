package discovery

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// ErrNoRecord says that a name does not exist or has no NAPTR record: the country does not offer the service.
// It is an answer, not trouble.
var ErrNoRecord = errors.New("no NAPTR record")

// Trouble says that nobody answered: silence, refusals and faults of every name server that was asked. It
// may pass.
type Trouble struct {
	Name string
	Err  error // of each server and round, joined
}

// Error gives name and causes.
func (t *Trouble) Error() string { return "resolving " + t.Name + ": " + t.Err.Error() }

// Unwrap returns the causes.
func (t *Trouble) Unwrap() error { return t.Err }

const (
	// udpSize is what fits through every path in one piece. [RFC 9715 §3.1]
	udpSize = 1232
	// maxAliases bounds the CNAME records followed for one name.
	maxAliases = 8
)

// A Resolver asks name servers for NAPTR records, over UDP and, when an answer is truncated, over TCP. It
// asks for absolute names: no search domain is ever added.
type Resolver struct {
	Servers []string      // host:port, asked in this order; port 53 may be left out
	Timeout time.Duration // of one exchange; 0 is two seconds
	Rounds  int           // over all servers; 0 is two

	// Authentic accepts only answers whose AD bit says that a validating resolver checked DNSSEC. The way to
	// that resolver must be trusted. [RFC 6840 §5.7]
	Authentic bool
}

// An Answer is what a name has, possibly nothing.
type Answer struct {
	Records   []Record
	TTL       time.Duration // of the records, or of their absence; 0 if unknown
	Authentic bool          // the AD bit
	Server    string        // who answered
}

// Lookup returns the NAPTR records of an absolute name. The error is ErrNoRecord, with an Answer that says how
// long that holds, or a *Trouble.
func (r *Resolver) Lookup(ctx context.Context, name string) (Answer, error) {
	if _, ok := dns.IsDomainName(name); !ok || !dns.IsFqdn(name) {
		return Answer{}, fmt.Errorf("%.80q is no absolute name", name)
	}
	asked, ttl := name, time.Duration(-1)
	authentic := true
	for range maxAliases {
		m, server, err := r.ask(ctx, asked)
		if err != nil {
			return Answer{}, &Trouble{Name: name, Err: err}
		}
		a := read(m, asked)
		a.Server = server
		if ttl >= 0 {
			a.TTL = min(a.TTL, ttl)
		}
		authentic = authentic && m.AuthenticatedData
		a.Authentic = authentic
		if a.alias != "" {
			asked, ttl = a.alias, a.TTL
			continue
		}
		if len(a.Records) == 0 {
			return a.Answer, ErrNoRecord
		}
		return a.Answer, nil
	}
	return Answer{}, &Trouble{Name: name, Err: errors.New("too many aliases")}
}

// ask tries every server in every round and returns the first usable answer.
func (r *Resolver) ask(ctx context.Context, name string) (m *dns.Msg, server string, err error) {
	if len(r.Servers) == 0 {
		return nil, "", errors.New("no name server is configured")
	}
	rounds := r.Rounds
	if rounds == 0 {
		rounds = 2
	}
	var failed []error
	for range rounds {
		for _, s := range r.Servers {
			m, err := r.exchange(ctx, withPort(s), name)
			if err == nil {
				return m, s, nil
			}
			failed = append(failed, fmt.Errorf("%s: %w", s, err))
			if ctx.Err() != nil {
				return nil, "", errors.Join(failed...)
			}
		}
	}
	return nil, "", errors.Join(failed...)
}

func withPort(server string) string {
	if _, _, err := net.SplitHostPort(server); err == nil {
		return server
	}
	return net.JoinHostPort(strings.Trim(server, "[]"), "53")
}

// exchange asks one server. Each question has an id and a port of its own.
func (r *Resolver) exchange(ctx context.Context, server, name string) (*dns.Msg, error) {
	q := new(dns.Msg)
	q.SetQuestion(name, dns.TypeNAPTR)
	q.AuthenticatedData = r.Authentic
	q.SetEdns0(udpSize, false)
	timeout := r.Timeout
	if timeout == 0 {
		timeout = 2 * time.Second
	}
	client := dns.Client{Net: "udp", UDPSize: udpSize, Timeout: timeout}
	m, _, err := client.ExchangeContext(ctx, q, server)
	if err == nil && (m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented) && m.IsEdns0() == nil {
		q.Extra = nil // a server from before EDNS [RFC 6891 §7]
		q.Id = dns.Id()
		m, _, err = client.ExchangeContext(ctx, q, server)
	}
	if truncated := m != nil && m.Truncated; truncated && echoes(q, m) {
		client.Net = "tcp"
		q.Id = dns.Id()
		m, _, err = client.ExchangeContext(ctx, q, server)
	}
	if err != nil {
		return nil, err
	}
	return m, r.usable(q, m)
}

// usable says why m is no answer to q that one may build on.
func (r *Resolver) usable(q, m *dns.Msg) error {
	switch {
	case !echoes(q, m):
		return errors.New("the reply is to another question")
	case m.Truncated:
		return errors.New("the reply is truncated over TCP")
	case m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError:
		return errors.New("the server says " + dns.RcodeToString[m.Rcode])
	case m.Rcode == dns.RcodeSuccess && len(m.Answer) == 0 && referral(m):
		return errors.New("the server refers to others and does not resolve itself")
	case r.Authentic && !m.AuthenticatedData:
		return errors.New("the reply is not authenticated")
	}
	return nil
}

func echoes(q, m *dns.Msg) bool {
	return m.Response && m.Opcode == dns.OpcodeQuery && len(m.Question) == 1 &&
		strings.EqualFold(m.Question[0].Name, q.Question[0].Name) &&
		m.Question[0].Qtype == q.Question[0].Qtype && m.Question[0].Qclass == q.Question[0].Qclass
}

// referral tells a delegation from a name without records: the latter comes with an SOA, or at least without
// name servers. [RFC 2308 §2.2]
func referral(m *dns.Msg) bool {
	servers := false
	for _, rr := range m.Ns {
		switch rr.(type) {
		case *dns.SOA:
			return false
		case *dns.NS:
			servers = true
		}
	}
	return servers && !m.Authoritative
}

// A reading is an answer or the name to ask instead.
type reading struct {
	Answer
	alias string
}

// read takes the records of name, followed through its aliases, out of a message.
func read(m *dns.Msg, name string) reading {
	var out reading
	ttl := ^uint32(0)
	seen := func(h *dns.RR_Header) { ttl = min(ttl, h.Ttl) }
	owner := name
	for range maxAliases {
		next := ""
		for _, rr := range m.Answer {
			if c, ok := rr.(*dns.CNAME); ok && strings.EqualFold(c.Hdr.Name, owner) {
				next = c.Target
				seen(&c.Hdr)
			}
		}
		if next == "" {
			break
		}
		owner = next
	}
	for _, rr := range m.Answer {
		if n, ok := rr.(*dns.NAPTR); ok && strings.EqualFold(n.Hdr.Name, owner) && n.Hdr.Class == dns.ClassINET {
			seen(&n.Hdr)
			out.Records = append(out.Records, Record{n.Order, n.Preference, octets(n.Flags), octets(n.Service), octets(n.Regexp), n.Replacement})
		}
	}
	if len(out.Records) == 0 {
		if s := soa(m); s != nil {
			seen(&s.Hdr)
			ttl = min(ttl, s.Minttl) // [RFC 2308 §5]
		} else if owner != name && m.Rcode == dns.RcodeSuccess {
			out.alias = owner
		}
	}
	if ttl != ^uint32(0) {
		out.TTL = time.Duration(ttl) * time.Second
	}
	return out
}

func soa(m *dns.Msg) *dns.SOA {
	for _, rr := range m.Ns {
		if s, ok := rr.(*dns.SOA); ok {
			return s
		}
	}
	return nil
}

// SystemServers returns the name servers of this machine.
func SystemServers() ([]string, error) {
	c, err := dns.ClientConfigFromFile("/etc/resolv.conf")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range c.Servers {
		out = append(out, net.JoinHostPort(s, c.Port))
	}
	return out, nil
}
