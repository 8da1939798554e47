package discovery

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// maxRegexp is what one character string of a record holds in bytes. [RFC 3403 §4.1]
const maxRegexp = 255

// A Zone is what an authoritative server knows of one environment. It is never changed once made.
type Zone struct {
	origin  string
	soa     *dns.SOA
	ns      *dns.NS
	records map[string][]dns.RR // by lower-case name
	inner   map[string]bool     // names that only have names below them
}

// NewZone returns the zone of an environment in which each place has one NAPTR record that leads to its base
// URL. Places need a country. Server is the host name of the name server; serial should grow with changes.
func NewZone(env Environment, places map[Where]string, server string, ttl time.Duration, serial uint32) (*Zone, error) {
	records := make(map[Where][]Record, len(places))
	for w, base := range places {
		base, err := CheckBase(base)
		if err != nil {
			return nil, err
		}
		records[w] = []Record{{Order: 100, Preference: 10, Flags: "U", Regexp: "!.*!" + base + "!", Replacement: "."}}
	}
	return NewRecordZone(env, records, server, ttl, serial)
}

// NewRecordZone is NewZone with any records, unusable ones included.
func NewRecordZone(env Environment, records map[Where][]Record, server string, ttl time.Duration, serial uint32) (*Zone, error) {
	origin, err := env.Zone()
	if err != nil {
		return nil, err
	}
	server = dns.Fqdn(server)
	seconds := uint32(ttl / time.Second)
	z := &Zone{
		origin:  origin,
		soa:     &dns.SOA{Hdr: header(origin, dns.TypeSOA, seconds), Ns: server, Mbox: "hostmaster." + origin, Serial: serial, Refresh: 3600, Retry: 600, Expire: 86400, Minttl: min(seconds, 300)},
		ns:      &dns.NS{Hdr: header(origin, dns.TypeNS, seconds), Ns: server},
		records: make(map[string][]dns.RR),
		inner:   make(map[string]bool),
	}
	z.records[origin] = []dns.RR{z.soa, z.ns}
	for w, rs := range records {
		name, err := Name(w.Country, w.Service, env)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			if len(r.Regexp) > maxRegexp || len(r.Flags) > maxRegexp || len(r.Service) > maxRegexp {
				return nil, fmt.Errorf("a text of the record of %s is longer than %d bytes", name, maxRegexp)
			}
			z.records[name] = append(z.records[name], &dns.NAPTR{Hdr: header(name, dns.TypeNAPTR, seconds), Order: r.Order, Preference: r.Preference,
				Flags: presentation(r.Flags), Service: presentation(r.Service), Regexp: presentation(r.Regexp), Replacement: dns.Fqdn(r.Replacement)})
		}
		for at := name; at != origin; {
			_, at, _ = strings.Cut(at, ".")
			z.inner[at] = true
		}
	}
	return z, nil
}

func header(name string, kind uint16, ttl uint32) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: kind, Class: dns.ClassINET, Ttl: ttl}
}

// presentation escapes a character string as zone files do: the DNS library keeps texts in that form.
func presentation(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, "\\%03d", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// octets turns the escapes of presentation back.
func octets(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		if i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 10, 8); err == nil {
				b = append(b, byte(n))
				i += 3
				continue
			}
		}
		i++
		b = append(b, s[i])
	}
	return string(b)
}

// Origin is the absolute name of the zone.
func (z *Zone) Origin() string { return z.origin }

// answer fills m, the reply to one question of class IN. [RFC 1034 §4.3.2] [RFC 2308]
func (z *Zone) answer(m *dns.Msg, q dns.Question) {
	name := strings.ToLower(q.Name)
	if name != z.origin && !strings.HasSuffix(name, "."+z.origin) {
		m.Rcode = dns.RcodeRefused
		return
	}
	switch q.Qtype {
	case dns.TypeAXFR, dns.TypeIXFR, dns.TypeANY: // [RFC 8482]
		m.Rcode = dns.RcodeRefused
		return
	}
	m.Authoritative = true
	rrs, known := z.records[name]
	for _, rr := range rrs {
		if rr.Header().Rrtype == q.Qtype {
			own := dns.Copy(rr)
			own.Header().Name = q.Name // the letters as asked, which some resolvers check
			m.Answer = append(m.Answer, own)
		}
	}
	if len(m.Answer) > 0 {
		return
	}
	if !known && !z.inner[name] {
		m.Rcode = dns.RcodeNameError
	}
	s := dns.Copy(z.soa)
	s.Header().Ttl = min(s.Header().Ttl, z.soa.Minttl) // [RFC 2308 §3]
	m.Ns = []dns.RR{s}
}
