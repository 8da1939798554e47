package discovery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"oots/directory"
	"oots/internal/corpus"
)

var silent = slog.New(slog.DiscardHandler)

// serve runs a name server of the zone until the test ends.
func serve(t testing.TB, z *Zone) string {
	t.Helper()
	s, err := Listen("127.0.0.1:0", z, silent)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error("serve:", err)
		}
	})
	return s.Addr()
}

func zone(t testing.TB) *Zone {
	t.Helper()
	var many []Record
	for i := range 20 { // more than fits into one datagram
		many = append(many, record(100, uint16(i), "U", fmt.Sprintf("!.*!https://%s.test/dsd/%d/!", strings.Repeat("x", 60), i)))
	}
	z, err := NewRecordZone(Testing, map[Where][]Record{
		{directory.EvidenceBroker, "EL"}:       {record(100, 10, "U", "!.*!https://el.test/eb/!"), record(10, 10, "S", "")},
		{directory.EvidenceBroker, "AT"}:       {record(100, 10, "U", "!.*!https://at.test/eb/!")},
		{directory.DataServiceDirectory, "AT"}: many,
	}, "localhost", time.Hour, 7)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestResolve(t *testing.T) {
	t.Parallel()
	r := &Resolver{Servers: []string{serve(t, zone(t))}, Timeout: time.Second}
	for _, tc := range []struct {
		name    string
		records int
		ttl     time.Duration
		none    bool
	}{
		{"el.eb.v1.cs.testing.oots.tech.ec.europa.eu.", 2, time.Hour, false},
		{"At.Eb.V1.CS.testing.oots.tech.ec.europa.eu.", 1, time.Hour, false},
		{"at.dsd.v1.cs.testing.oots.tech.ec.europa.eu.", 20, time.Hour, false}, // over TCP
		{"fr.eb.v1.cs.testing.oots.tech.ec.europa.eu.", 0, 5 * time.Minute, true},
		{"at.eb.v9.cs.testing.oots.tech.ec.europa.eu.", 0, 5 * time.Minute, true},
		{"eb.v1.cs.testing.oots.tech.ec.europa.eu.", 0, 5 * time.Minute, true}, // there, without records
	} {
		a, err := r.Lookup(t.Context(), tc.name)
		if errors.Is(err, ErrNoRecord) != tc.none || !tc.none && err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if len(a.Records) != tc.records || a.TTL != tc.ttl {
			t.Errorf("%s: %d records for %v, want %d for %v", tc.name, len(a.Records), a.TTL, tc.records, tc.ttl)
		}
	}
	var trouble *Trouble
	if _, err := r.Lookup(t.Context(), "at.eb.v1.cs.acc.oots.tech.ec.europa.eu."); !errors.As(err, &trouble) || !strings.Contains(err.Error(), "REFUSED") {
		t.Errorf("another zone: %v", err)
	}
	if _, err := r.Lookup(t.Context(), "at.eb.v1.cs.testing.oots.tech.ec.europa.eu"); err == nil {
		t.Error("a relative name was asked")
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	addr := serve(t, zone(t))
	const at = "at.eb.v1.cs.testing.oots.tech.ec.europa.eu."
	const many = "at.dsd.v1.cs.testing.oots.tech.ec.europa.eu."
	for _, tc := range []struct {
		what      string
		edit      func(*dns.Msg)
		net       string
		rcode     int
		answers   int
		truncated bool
	}{
		{"question", nil, "udp", dns.RcodeSuccess, 1, false},
		{"zone's SOA", func(m *dns.Msg) { m.SetQuestion("cs.testing.oots.tech.ec.europa.eu.", dns.TypeSOA) }, "udp", dns.RcodeSuccess, 1, false},
		{"zone's servers", func(m *dns.Msg) { m.SetQuestion("cs.testing.oots.tech.ec.europa.eu.", dns.TypeNS) }, "udp", dns.RcodeSuccess, 1, false},
		{"other type", func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeA }, "udp", dns.RcodeSuccess, 0, false},
		{"no such name", func(m *dns.Msg) { m.Question[0].Name = "fr.eb.v1.cs.testing.oots.tech.ec.europa.eu." }, "udp", dns.RcodeNameError, 0, false},
		{"a name that only ends alike", func(m *dns.Msg) { m.Question[0].Name = "xcs.testing.oots.tech.ec.europa.eu." }, "udp", dns.RcodeRefused, 0, false},
		{"outside", func(m *dns.Msg) { m.Question[0].Name = "example.org." }, "udp", dns.RcodeRefused, 0, false},
		{"root", func(m *dns.Msg) { m.SetQuestion(".", dns.TypeNS) }, "udp", dns.RcodeRefused, 0, false},
		{"transfer", func(m *dns.Msg) { m.SetAxfr("cs.testing.oots.tech.ec.europa.eu.") }, "tcp", dns.RcodeRefused, 0, false},
		{"any", func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeANY }, "udp", dns.RcodeRefused, 0, false},
		{"other class", func(m *dns.Msg) { m.Question[0].Qclass = dns.ClassCHAOS }, "udp", dns.RcodeRefused, 0, false},
		{"no query", func(m *dns.Msg) { m.Opcode = dns.OpcodeUpdate }, "udp", dns.RcodeNotImplemented, 0, false},
		{"two questions", func(m *dns.Msg) { m.Question = append(m.Question, m.Question[0]) }, "udp", dns.RcodeFormatError, 0, false},
		{"EDNS of the future", func(m *dns.Msg) { m.SetEdns0(udpSize, false); m.IsEdns0().SetVersion(1) }, "udp", dns.RcodeBadVers, 0, false},
		{"long over UDP", func(m *dns.Msg) { m.SetQuestion(many, dns.TypeNAPTR) }, "udp", dns.RcodeSuccess, -1, true},
		{"long over a wide UDP", func(m *dns.Msg) { m.SetQuestion(many, dns.TypeNAPTR); m.SetEdns0(4096, false) }, "udp", dns.RcodeSuccess, -1, true},
		{"long over TCP", func(m *dns.Msg) { m.SetQuestion(many, dns.TypeNAPTR) }, "tcp", dns.RcodeSuccess, 20, false},
	} {
		t.Run(tc.what, func(t *testing.T) {
			q := new(dns.Msg)
			q.SetQuestion(at, dns.TypeNAPTR)
			if tc.edit != nil {
				tc.edit(q)
			}
			c := dns.Client{Net: tc.net, Timeout: 2 * time.Second}
			m, _, err := c.Exchange(q, addr)
			if err != nil {
				t.Fatal(err)
			}
			if m.Rcode != tc.rcode || m.Truncated != tc.truncated || tc.answers >= 0 && len(m.Answer) != tc.answers {
				t.Errorf("%s with %d answers, truncated %v", dns.RcodeToString[m.Rcode], len(m.Answer), m.Truncated)
			}
			m.Compress = true
			if size := m.Len(); tc.net == "udp" && size > udpSize {
				t.Errorf("a datagram of %d bytes", size)
			}
			if tc.rcode == dns.RcodeNameError && soa(m) == nil {
				t.Error("absence without SOA: nobody may remember it [RFC 2308 §3]")
			}
			if m.RecursionAvailable {
				t.Error("the server offers to resolve")
			}
		})
	}
}

// TestConnectionsAreBounded opens more connections than there are places: the next one is served when one ends.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	addr := serve(t, zone(t))
	var held []net.Conn
	for range maxConnections {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		held = append(held, c)
	}
	q := new(dns.Msg)
	q.SetQuestion("at.eb.v1.cs.testing.oots.tech.ec.europa.eu.", dns.TypeNAPTR)
	c := dns.Client{Net: "tcp", Timeout: 100 * time.Millisecond}
	if _, _, err := c.Exchange(q, addr); err == nil {
		t.Error("a connection beyond the bound was served")
	}
	held[0].Close()
	c.Timeout = 2 * time.Second
	if _, _, err := c.Exchange(q, addr); err != nil {
		t.Errorf("after one left: %v", err)
	}
}

// TestDig asks our server with the program of another house.
func TestDig(t *testing.T) {
	t.Parallel()
	dig := corpus.Tool(t, "dig") // bind9-dnsutils
	host, port, _ := net.SplitHostPort(serve(t, zone(t)))
	run := func(args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), dig, append([]string{"-r", "@" + host, "-p", port, "+norecurse", "+tries=1", "+time=2"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("dig: %v\n%s", err, out)
		}
		return string(out)
	}
	const el = "el.eb.v1.cs.testing.oots.tech.ec.europa.eu."
	if got := run("+short", el, "NAPTR"); !strings.Contains(got, `100 10 "U" "" "!.*!https://el.test/eb/!" .`) {
		t.Errorf("short: %s", got)
	}
	whole := strings.Join(strings.Fields(run(el, "NAPTR")), " ")
	for _, want := range []string{"status: NOERROR", "flags: qr aa;", `3600 IN NAPTR 100 10 "U" "" "!.*!https://el.test/eb/!" .`, "udp: 1232"} {
		if !strings.Contains(whole, want) {
			t.Errorf("dig does not show %q:\n%s", want, whole)
		}
	}
	if got := run("fr.eb.v1.cs.testing.oots.tech.ec.europa.eu.", "NAPTR"); !strings.Contains(got, "status: NXDOMAIN") || !strings.Contains(strings.Join(strings.Fields(got), " "), "IN SOA localhost.") {
		t.Errorf("no such country:\n%s", got)
	}
	if got := run("example.org.", "NAPTR"); !strings.Contains(got, "status: REFUSED") {
		t.Errorf("outside:\n%s", got)
	}
	if got := run("+short", "at.dsd.v1.cs.testing.oots.tech.ec.europa.eu.", "NAPTR"); strings.Count(got, "https://") != 20 {
		t.Errorf("after truncation:\n%s", got)
	}
	if got := run("+tcp", "+short", el, "NAPTR"); !strings.Contains(got, "https://el.test/eb/") {
		t.Errorf("over TCP: %s", got)
	}
}

func TestZoneRefuses(t *testing.T) {
	for name, places := range map[string]map[Where]string{
		"no country":      {{directory.EvidenceBroker, ""}: "https://a.test/"},
		"http":            {{directory.EvidenceBroker, "AT"}: "http://a.test/"},
		"a URL too long":  {{directory.EvidenceBroker, "AT"}: "https://a.test/" + strings.Repeat("x", 250)},
		"another service": {{directory.SemanticRepository, "AT"}: "https://a.test/"},
	} {
		if _, err := NewZone(Testing, places, "localhost", time.Hour, 1); err == nil {
			t.Error(name, "was accepted")
		}
	}
	z, err := NewZone(Testing, map[Where]string{{directory.EvidenceBroker, "AT"}: "https://a.test/eb"}, "localhost", time.Hour, 1)
	if err != nil || z.Origin() != "cs.testing.oots.tech.ec.europa.eu." {
		t.Errorf("%v", err)
	}
	r := &Resolver{Servers: []string{serve(t, z)}}
	a, err := r.Lookup(t.Context(), "at.eb.v1.cs.testing.oots.tech.ec.europa.eu.")
	if err != nil {
		t.Fatal(err)
	}
	if base, _, err := Choose(a.Records); base != "https://a.test/eb/" {
		t.Errorf("%q %v", base, err)
	}
}
