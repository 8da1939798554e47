package discovery

import (
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
)

const asked = "at.eb.v1.cs.testing.oots.tech.ec.europa.eu."

// fake runs a name server that answers as f says until the test ends; f returning nil is silence.
func fake(t *testing.T, f func(q *dns.Msg, tcp bool) *dns.Msg) string {
	t.Helper()
	packet, stream, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	handler := dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		_, tcp := w.RemoteAddr().(*net.TCPAddr)
		if m := f(q, tcp); m != nil {
			w.WriteMsg(m)
		}
	})
	for _, s := range []*dns.Server{{PacketConn: packet, Handler: handler, UDPSize: udpSize}, {Listener: stream, Handler: handler}} {
		started := make(chan struct{})
		s.NotifyStartedFunc = func() { close(started) }
		go s.ActivateAndServe()
		<-started
		t.Cleanup(func() { s.Shutdown() })
	}
	return packet.LocalAddr().String()
}

func reply(q *dns.Msg, rrs ...string) *dns.Msg {
	m := new(dns.Msg)
	m.SetReply(q)
	for _, s := range rrs {
		rr, err := dns.NewRR(s)
		if err != nil {
			panic(err)
		}
		if _, ok := rr.(*dns.SOA); ok {
			m.Ns = append(m.Ns, rr)
		} else if _, ok := rr.(*dns.NS); ok {
			m.Ns = append(m.Ns, rr)
		} else {
			m.Answer = append(m.Answer, rr)
		}
	}
	return m
}

const (
	rrGood = asked + ` 600 IN NAPTR 100 10 "U" "" "!.*!https://a.test/eb/!" .`
	rrSOA  = `oots.tech.ec.europa.eu. 60 IN SOA ns.test. root.test. 1 2 3 4 30`
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	good := func(q *dns.Msg, _ bool) *dns.Msg { return reply(q, rrGood) }
	code := func(rcode int) func(*dns.Msg, bool) *dns.Msg {
		return func(q *dns.Msg, _ bool) *dns.Msg { m := reply(q); m.Rcode = rcode; return m }
	}
	silence := func(*dns.Msg, bool) *dns.Msg { return nil }
	type server = func(*dns.Msg, bool) *dns.Msg
	for _, tc := range []struct {
		name      string
		servers   []server
		authentic bool
		want      string // base URL, "none" or "trouble: <part of the error>"
	}{
		{"good", []server{good}, false, "https://a.test/eb/"},
		{"the first is silent", []server{silence, good}, false, "https://a.test/eb/"},
		{"the first fails", []server{code(dns.RcodeServerFailure), good}, false, "https://a.test/eb/"},
		{"the first refuses", []server{code(dns.RcodeRefused), good}, false, "https://a.test/eb/"},
		{"no such name", []server{func(q *dns.Msg, _ bool) *dns.Msg { m := reply(q, rrSOA); m.Rcode = dns.RcodeNameError; return m }}, false, "none"},
		{"no such name ends the search", []server{func(q *dns.Msg, _ bool) *dns.Msg { m := reply(q, rrSOA); m.Rcode = dns.RcodeNameError; return m }, good}, false, "none"},
		{"no record", []server{func(q *dns.Msg, _ bool) *dns.Msg { return reply(q, rrSOA) }}, false, "none"},
		{"records of other types only", []server{func(q *dns.Msg, _ bool) *dns.Msg { return reply(q, rrSOA, asked+" 60 IN A 192.0.2.1") }}, false, "none"},
		{"records of another name only", []server{func(q *dns.Msg, _ bool) *dns.Msg {
			return reply(q, `fr.eb.v1.cs.testing.oots.tech.ec.europa.eu. 60 IN NAPTR 1 1 "U" "" "!.*!https://b.test/!" .`)
		}}, false, "none"},
		{"all silent", []server{silence, silence}, false, "trouble: timeout"},
		{"all fail", []server{code(dns.RcodeServerFailure)}, false, "trouble: SERVFAIL"},
		{"silence is no absence", []server{silence, code(dns.RcodeServerFailure)}, false, "trouble: "},
		{"a referral is no absence", []server{func(q *dns.Msg, _ bool) *dns.Msg { return reply(q, "ec.europa.eu. 60 IN NS ns.test.") }}, false, "trouble: refers"},
		{"another question", []server{func(q *dns.Msg, _ bool) *dns.Msg { m := reply(q, rrGood); m.Question[0].Name = "x."; return m }}, false, "trouble: another question"},
		{"no reply at all", []server{func(q *dns.Msg, _ bool) *dns.Msg { m := reply(q, rrGood); m.Response = false; return m }}, false, "trouble: another question"},
		{"truncated, then whole", []server{func(q *dns.Msg, tcp bool) *dns.Msg {
			m := reply(q)
			if m.Truncated = !tcp; tcp {
				m = reply(q, rrGood)
			}
			return m
		}}, false, "https://a.test/eb/"},
		{"truncated for ever", []server{func(q *dns.Msg, _ bool) *dns.Msg { m := reply(q, rrGood); m.Truncated = true; return m }}, false, "trouble: truncated"},
		{"truncated, then silent", []server{func(q *dns.Msg, tcp bool) *dns.Msg {
			if tcp {
				return nil
			}
			m := reply(q)
			m.Truncated = true
			return m
		}}, false, "trouble: "},
		{"a server before EDNS", []server{func(q *dns.Msg, _ bool) *dns.Msg {
			if q.IsEdns0() != nil {
				m := reply(q)
				m.Rcode = dns.RcodeFormatError
				return m
			}
			return reply(q, rrGood)
		}}, false, "https://a.test/eb/"},
		{"alias in the answer", []server{func(q *dns.Msg, _ bool) *dns.Msg {
			return reply(q, asked+" 60 IN CNAME eu.test.", `EU.test. 600 IN NAPTR 1 1 "u" "" "!.*!https://eu.test/eb/!" .`)
		}}, false, "https://eu.test/eb/"},
		{"alias to ask for", []server{func(q *dns.Msg, _ bool) *dns.Msg {
			if q.Question[0].Name == "eu.test." {
				return reply(q, `eu.test. 600 IN NAPTR 1 1 "u" "" "!.*!https://eu.test/eb/!" .`)
			}
			return reply(q, asked+" 60 IN CNAME eu.test.")
		}}, false, "https://eu.test/eb/"},
		{"alias in a circle", []server{func(q *dns.Msg, _ bool) *dns.Msg {
			return reply(q, q.Question[0].Name+" 60 IN CNAME x"+q.Question[0].Name)
		}}, false, "trouble: aliases"},
		{"not authenticated", []server{good}, true, "trouble: not authenticated"},
		{"authenticated", []server{func(q *dns.Msg, _ bool) *dns.Msg {
			m := reply(q, rrGood)
			m.AuthenticatedData = q.AuthenticatedData
			return m
		}}, true, "https://a.test/eb/"},
		{"no server", nil, false, "trouble: no name server"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := &Resolver{Timeout: 100 * time.Millisecond, Authentic: tc.authentic}
			for _, s := range tc.servers {
				r.Servers = append(r.Servers, fake(t, s))
			}
			a, err := r.Lookup(t.Context(), asked)
			var trouble *Trouble
			got := ""
			switch {
			case errors.Is(err, ErrNoRecord) && !errors.As(err, &trouble):
				got = "none"
			case errors.As(err, &trouble):
				got = "trouble: " + err.Error()
			case err == nil:
				got, _, _ = Choose(a.Records)
			}
			kind, part, _ := strings.Cut(tc.want, ": ")
			if got != tc.want && (kind != "trouble" || !strings.HasPrefix(got, "trouble: ") || !strings.Contains(got, part)) {
				t.Errorf("got %q (%v), want %q", got, err, tc.want)
			}
		})
	}
}

func TestRounds(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	s := fake(t, func(q *dns.Msg, _ bool) *dns.Msg {
		if n.Add(1) == 1 {
			return nil
		}
		if q.RecursionDesired != true || q.IsEdns0().UDPSize() != udpSize || q.Question[0].Name != asked {
			t.Errorf("asked %v", q)
		}
		return reply(q, rrGood)
	})
	r := &Resolver{Servers: []string{s}, Timeout: 100 * time.Millisecond}
	a, err := r.Lookup(t.Context(), asked)
	if err != nil || a.TTL != 10*time.Minute || a.Server != s || a.Authentic {
		t.Errorf("%+v %v", a, err)
	}
	if r.Rounds = 1; n.Swap(0) != 2 {
		t.Error("not asked again")
	}
	if _, err := r.Lookup(t.Context(), asked); err == nil {
		t.Error("asked again in one round")
	}
}

func TestPort(t *testing.T) {
	for in, want := range map[string]string{"192.0.2.1": "192.0.2.1:53", "192.0.2.1:5353": "192.0.2.1:5353", "2001:db8::1": "[2001:db8::1]:53", "[2001:db8::1]:8453": "[2001:db8::1]:8453", "ns.test": "ns.test:53"} {
		if got := withPort(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
