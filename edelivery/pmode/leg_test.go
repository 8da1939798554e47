package pmode

import (
	"slices"
	"testing"
	"time"

	"oots/edelivery/ebms"
)

// withLegs is the set of the tests, where the peer may send requests and we may send responses.
func withLegs() *Set {
	s := set()
	peer := []ebms.PartyID{s.Peers[0].ID}
	leg := func(action string) Leg {
		return Leg{
			Name: action, Service: s.Service, Action: action, InitiatorRole: "urn:asks", ResponderRole: "urn:answers",
			NonRepudiation: true, Retry: Retry{Strategy: Constant, Timeout: 12 * time.Minute, Count: 4},
		}
	}
	in, out := leg("ExecuteQueryRequest"), leg("ExecuteQueryResponse")
	in.Receive, out.Send = peer, peer
	in.Agreement = ebms.Service{Value: "urn:a"}
	out.Agreement = in.Agreement
	in.Payloads = &PayloadProfile{MaxSize: 1000, Payloads: []PayloadRule{{CID: "cid:request@x", MimeType: "application/xml", Required: true}}}
	s.Legs = []Leg{in, out}
	return s
}

func request() *ebms.UserMessage {
	m := message()
	m.From.Role, m.To.Role, m.AgreementRef = "urn:asks", "urn:answers", "urn:a"
	m.Parts = []ebms.PartInfo{{Href: "cid:request@x", Properties: []ebms.Property{{Name: "MimeType", Value: "application/xml"}}}}
	return m
}

func TestMatchByLeg(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*Set, *ebms.UserMessage)
		want string
	}{
		{"ok", func(*Set, *ebms.UserMessage) {}, ""},
		{"ok/by another id of the party", func(s *Set, m *ebms.UserMessage) {
			s.Peers[0].Aliases = []ebms.PartyID{{Value: "urn:el"}}
			m.From.ID = s.Peers[0].Aliases[0]
		}, ""},
		{"ok/test service without leg", func(_ *Set, m *ebms.UserMessage) {
			m.Service, m.Action, m.Parts = ebms.Service{Value: ebms.TestService}, ebms.TestAction, nil
		}, ""},
		{"ok/property of the leg", func(s *Set, m *ebms.UserMessage) {
			s.Legs[0].Properties = append(FourCorner(), Property{Name: "urgent", Datatype: Boolean})
			m.Properties = append(m.Properties, ebms.Property{Name: "urgent", Value: "true"})
		}, ""},
		{"agreement unknown", func(_ *Set, m *ebms.UserMessage) { m.AgreementRef = "urn:b" }, ebms.ValueNotRecognized},
		{"agreement missing", func(_ *Set, m *ebms.UserMessage) { m.AgreementRef = "" }, ebms.ValueNotRecognized},
		{"service unknown", func(_ *Set, m *ebms.UserMessage) { m.Service.Value = "x" }, ebms.ValueNotRecognized},
		{"action unknown", func(_ *Set, m *ebms.UserMessage) { m.Action = "x" }, ebms.ValueNotRecognized},
		{"role unknown", func(_ *Set, m *ebms.UserMessage) { m.From.Role = "urn:x" }, ebms.ValueNotRecognized},
		{"channel unknown", func(_ *Set, m *ebms.UserMessage) { m.MPC = "urn:x" }, ebms.ValueNotRecognized},
		{"only we may send it", func(_ *Set, m *ebms.UserMessage) { m.Action = "ExecuteQueryResponse" }, ebms.ProcessingModeMismatch},
		{"not this party", func(s *Set, _ *ebms.UserMessage) { s.Legs[0].Receive = nil }, ebms.ProcessingModeMismatch},
		{"property not of the type", func(s *Set, m *ebms.UserMessage) {
			s.Legs[0].Properties = append(FourCorner(), Property{Name: "n", Datatype: Integer})
			m.Properties = append(m.Properties, ebms.Property{Name: "n", Value: "1.5"})
		}, ebms.ProcessingModeMismatch},
		{"payload missing", func(_ *Set, m *ebms.UserMessage) { m.Parts = nil }, ebms.ProcessingModeMismatch},
		{"payload unknown", func(_ *Set, m *ebms.UserMessage) { m.Parts[0].Href = "cid:other" }, ebms.ProcessingModeMismatch},
		{"payload of another type", func(_ *Set, m *ebms.UserMessage) { m.Parts[0].Properties = nil }, ebms.ProcessingModeMismatch},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, m := withLegs(), request()
			tc.edit(s, m)
			peer, _, err := s.Match(m)
			got := ""
			if err != nil {
				got = err.Code
			}
			if got != tc.want {
				t.Fatalf("got %v, want %q", err, tc.want)
			}
			if tc.name == "ok" && peer.Limits.Plain != 1000 {
				t.Errorf("the size of the payload profile is not a limit: %+v", peer.Limits)
			}
		})
	}
}

func TestOutgoing(t *testing.T) {
	t.Parallel()
	s := withLegs()
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	to := s.Peers[0].ID
	out, ok := s.Outgoing(to, s.Service, "ExecuteQueryResponse")
	if !ok || out.FromRole != "urn:asks" || out.ToRole != "urn:answers" || out.Agreement.Value != "urn:a" || out.Leg != &s.Legs[1] {
		t.Errorf("got %+v, %v", out, ok)
	}
	if _, ok := s.Outgoing(to, s.Service, "ExecuteQueryRequest"); ok {
		t.Error("a leg that only the peer may send was found")
	}
	ping, ok := s.Outgoing(to, ebms.Service{Value: ebms.TestService}, ebms.TestAction)
	if !ok || ping.FromRole != "urn:asks" || ping.Leg != nil {
		t.Errorf("test service: %+v, %v", ping, ok)
	}
	s.Legs = nil
	if out, ok := s.Outgoing(to, s.Service, "ExecuteQueryRequest"); !ok || out.FromRole != role || out.Leg != nil {
		t.Errorf("without legs: %+v, %v", out, ok)
	}
}

func TestLegCheck(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*Leg)
	}{
		{"no receipt", func(l *Leg) { l.NonRepudiation = false }},
		{"no role", func(l *Leg) { l.InitiatorRole = "" }},
		{"stranger", func(l *Leg) { l.Send = []ebms.PartyID{{Value: "urn:x"}} }},
		{"corners", func(l *Leg) { l.Properties = []Property{{Name: "x"}} }},
		{"service", func(l *Leg) { l.Service = ebms.Service{Value: "x"} }},
	} {
		s := withLegs()
		tc.edit(&s.Legs[0])
		if s.Check() == nil {
			t.Errorf("%s: nothing was found", tc.name)
		}
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	m := time.Minute
	for _, tc := range []struct {
		text string
		want []time.Duration // nil means refused
	}{
		{"", []time.Duration{0}},
		{"12;4;CONSTANT", []time.Duration{0, 3 * m, 6 * m, 9 * m, 12 * m}},
		{"0;0;CONSTANT", []time.Duration{0}},
		{"2;1;SEND_ONCE", []time.Duration{0}},
		{"10;1;2;PROGRESSIVE", []time.Duration{0, m, 3 * m, 7 * m}},
		{"3;1;1;progressive", []time.Duration{0, m, 2 * m, 3 * m}},
		{"12;4", nil}, {"12;4;LINEAR", nil}, {"x;4;CONSTANT", nil}, {"12;-1;CONSTANT", nil}, {"12;4;1;CONSTANT", nil},
		{"12;0;2;PROGRESSIVE", nil}, {"12;1;NaN;PROGRESSIVE", nil}, {"12;1;0.5;PROGRESSIVE", nil}, {"99999999;1;CONSTANT", nil},
	} {
		r, err := ParseRetry(tc.text)
		if (err == nil) != (tc.want != nil) {
			t.Errorf("%q: %v", tc.text, err)
			continue
		}
		if err == nil && !slices.Equal(r.Attempts(), tc.want) {
			t.Errorf("%q: %v, want %v", tc.text, r.Attempts(), tc.want)
		}
		if again, e := ParseRetry(r.String()); err == nil && (e != nil || again != r) {
			t.Errorf("%q: written %q", tc.text, r.String())
		}
	}
	if r, _ := ParseRetry("12;4;CONSTANT"); r.GivesUp() != 12*m+30*time.Second {
		t.Error(r.GivesUp())
	}
}

func TestActive(t *testing.T) {
	t.Parallel()
	first := set()
	a, err := NewActive(first)
	if err != nil || a.PModes() != first || first.PModes() != first {
		t.Fatal(err)
	}
	if err := a.Replace(&Set{}); err == nil || a.PModes() != first {
		t.Error("a set with faults is in force")
	}
	second := withLegs()
	if err := a.Replace(second); err != nil || a.PModes() != second {
		t.Error(err)
	}
}
