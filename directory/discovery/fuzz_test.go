package discovery

import (
	"net/url"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"oots/directory"
)

// FuzzRegexp: what a record leads to is a plain https URL that stands in the record, whatever the record says.
func FuzzRegexp(f *testing.F) {
	for _, s := range []string{"!.*!https://a.test/eb/!", "!^.*$!https://a.test/!i", "!.*!http://a.test!", "!!!", "", `!.*!https://\\1/!`, "!.*!https://a@b/!", "!.*!https://[::1]:1/!"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		base, err := record(1, 1, "U", s).Base()
		if err != nil {
			if base != "" {
				t.Fatal("a result beside an error")
			}
			return
		}
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !strings.HasSuffix(base, "/") {
			t.Fatalf("%q leads to %q", s, base)
		}
		if !strings.Contains(s, strings.TrimRight(base, "/")) {
			t.Fatalf("%q does not stand in %q", base, s)
		}
	})
}

// FuzzReply reads whatever a name server sends; what is read out survives being served by us.
func FuzzReply(f *testing.F) {
	q := new(dns.Msg)
	q.SetQuestion(asked, dns.TypeNAPTR)
	for _, rrs := range [][]string{{rrGood}, {rrSOA}, {asked + " 60 IN CNAME eu.test.", `eu.test. 600 IN NAPTR 1 1 "u" "\001" "!.*!https://eu.test/\"!" x.`}} {
		b, err := reply(q, rrs...).Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := new(dns.Msg)
		if m.Unpack(b) != nil || (&Resolver{}).usable(q, m) != nil {
			return
		}
		a := read(m, asked)
		if a.TTL < 0 || a.alias != "" && len(a.Records) > 0 {
			t.Fatalf("%+v", a)
		}
		base, chosen, err := Choose(a.Records)
		if err != nil {
			return
		}
		z, err := NewRecordZone(Testing, map[Where][]Record{{directory.EvidenceBroker, "AT"}: {chosen}}, "localhost", 0, 1)
		if err != nil {
			t.Fatalf("%+v: %v", chosen, err)
		}
		r := new(dns.Msg)
		r.SetReply(q)
		z.answer(r, q.Question[0])
		if b, err = r.Pack(); err != nil {
			t.Fatal(err)
		}
		again := new(dns.Msg)
		if err := again.Unpack(b); err != nil {
			t.Fatal(err)
		}
		back := read(again, asked).Records
		if got, _, err := Choose(back); err != nil || got != base || back[0].Service != chosen.Service {
			t.Fatalf("%+v became %+v: %v", chosen, back, err)
		}
	})
}
