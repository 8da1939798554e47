package pmode

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edelivery/ebms"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

var certificate = sync.OnceValues(func() (*x509.Certificate, *x509.Certificate) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	issue := func(serial int64) *x509.Certificate {
		t := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: start, NotAfter: start.AddDate(1, 0, 0)}
		der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
		if err != nil {
			panic(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		return c
	}
	return issue(1), issue(2)
})

const role = "http://sdg.europa.eu/edelivery/gateway"

func set() *Set {
	a, b := certificate()
	party := func(country string, c *x509.Certificate) Party {
		return Party{
			ID:   ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:" + country, Value: "AP_" + country + "_01"},
			Role: role, URL: "https://localhost:8441/as4", Signing: []*x509.Certificate{c}, Encryption: c,
		}
	}
	return &Set{
		Self: party("AT", a), Peers: []Party{party("EL", b)},
		Service:    ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "QueryManager"},
		Actions:    []string{"ExecuteQueryRequest", "ExecuteQueryResponse", "ExceptionResponse"},
		Properties: FourCorner(),
	}
}

// submissions are a second service.
var submissions = Collaboration{
	Service: ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "LifecycleManager"},
	Actions: []string{"SubmitObjectsRequest", "SubmitObjectsResponse", "ExceptionResponse"},
}

func message() *ebms.UserMessage {
	s := set()
	return &ebms.UserMessage{
		Timestamp: start, MessageID: "1@x", ConversationID: "c",
		From: ebms.Party{ID: s.Peers[0].ID, Role: role}, To: ebms.Party{ID: s.Self.ID, Role: role},
		Service: s.Service, Action: "ExecuteQueryRequest",
		Properties: []ebms.Property{{Name: "originalSender", Value: "C1"}, {Name: "finalRecipient", Value: "C4"}, {Name: "SpecificationId", Value: "oots-edm:v2.0"}},
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*Set, *ebms.UserMessage)
		want string // "" means accepted
	}{
		{"ok", func(*Set, *ebms.UserMessage) {}, ""},
		{"ok/default channel", func(_ *Set, m *ebms.UserMessage) { m.MPC = ebms.DefaultMPC }, ""},
		{"ok/message of 1.x without the properties of 2.0", func(_ *Set, m *ebms.UserMessage) { m.Properties = m.Properties[:2] }, ""},
		{"ok/agreement", func(s *Set, m *ebms.UserMessage) {
			s.Agreement, m.AgreementRef, m.AgreementType = ebms.Service{Type: "t", Value: "a"}, "a", "t"
		}, ""},
		{"ok/unknown property kept", func(s *Set, m *ebms.UserMessage) {
			s.UnknownProperties = KeepUnknown
			m.Properties = append(m.Properties, ebms.Property{Name: "x", Value: "y"})
		}, ""},
		{"ok/another case", func(s *Set, m *ebms.UserMessage) {
			s.FoldCase, m.From.ID.Value, m.Action, m.To.Role = true, "ap_el_01", "executequeryrequest", strings.ToUpper(role)
		}, ""},
		{"ok/another service", func(s *Set, m *ebms.UserMessage) {
			s.Also = []Collaboration{submissions}
			m.Service, m.Action = submissions.Service, "SubmitObjectsRequest"
		}, ""},
		{"ok/test service", func(_ *Set, m *ebms.UserMessage) {
			m.Service, m.Action = ebms.Service{Value: ebms.TestService}, ebms.TestAction
		}, ""},

		{"§13 party unknown", func(_ *Set, m *ebms.UserMessage) { m.From.ID.Value = "AP_XX_01" }, ebms.ValueInconsistent},
		{"§13 party of another type", func(_ *Set, m *ebms.UserMessage) { m.From.ID.Type = "urn:x" }, ebms.ValueInconsistent},
		{"§13 party in another case", func(_ *Set, m *ebms.UserMessage) { m.From.ID.Value = "ap_el_01" }, ebms.ValueInconsistent},
		{"§13 not for us", func(_ *Set, m *ebms.UserMessage) { m.To = m.From }, ebms.ValueInconsistent},
		{"§13 role unknown", func(_ *Set, m *ebms.UserMessage) { m.From.Role = "urn:role" }, ebms.ValueNotRecognized},
		{"§13 role of another party", func(s *Set, m *ebms.UserMessage) {
			s.Peers = append(s.Peers, Party{ID: ebms.PartyID{Value: "urn:p"}, Role: "urn:role"})
			m.From.Role = "urn:role"
		}, ebms.ProcessingModeMismatch},
		{"§13 service unknown", func(_ *Set, m *ebms.UserMessage) { m.Service.Value = "LifecycleManager" }, ebms.ValueNotRecognized},
		{"§13 service type", func(_ *Set, m *ebms.UserMessage) { m.Service.Type = "urn:x" }, ebms.ValueNotRecognized},
		{"§13 action of another service", func(s *Set, m *ebms.UserMessage) {
			s.Also = []Collaboration{submissions}
			m.Action = "SubmitObjectsRequest"
		}, ebms.ProcessingModeMismatch},
		{"§13 action unknown", func(_ *Set, m *ebms.UserMessage) { m.Action = "SubmitObjectsRequest" }, ebms.ValueNotRecognized},
		{"§13 action empty", func(_ *Set, m *ebms.UserMessage) { m.Action = "" }, ebms.ValueNotRecognized},
		{"§13 no combination", func(s *Set, _ *ebms.UserMessage) { s.Peers[0].Actions = []string{"ExceptionResponse"} }, ebms.ProcessingModeMismatch},
		{"§13 agreement not agreed", func(_ *Set, m *ebms.UserMessage) { m.AgreementRef = "urn:a" }, ebms.ValueNotRecognized},
		{"§13 agreement missing", func(s *Set, _ *ebms.UserMessage) { s.Agreement.Value = "urn:a" }, ebms.ValueNotRecognized},
		{"§13 channel unknown", func(_ *Set, m *ebms.UserMessage) { m.MPC = "urn:mpc" }, ebms.ValueNotRecognized},
		{"§4.1 finalRecipient missing", func(_ *Set, m *ebms.UserMessage) { m.Properties = m.Properties[:1] }, ebms.ProcessingModeMismatch},
		{"§4.1 originalSender empty", func(_ *Set, m *ebms.UserMessage) { m.Properties[0].Value = "" }, ebms.ProcessingModeMismatch},
		{"§4.1 finalRecipient twice with two types", func(_ *Set, m *ebms.UserMessage) {
			m.Properties = append(m.Properties, ebms.Property{Name: "finalRecipient", Type: "t", Value: "C5"})
		}, ebms.ValueInconsistent},
		{"§13 property not agreed", func(_ *Set, m *ebms.UserMessage) {
			m.Properties = append(m.Properties, ebms.Property{Name: "finalrecipient", Value: "x"})
		}, ebms.ProcessingModeMismatch},
		{"§13 property of 1025 characters", func(_ *Set, m *ebms.UserMessage) { m.Properties[2].Value = strings.Repeat("ü", 1025) }, ebms.ProcessingModeMismatch},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, m := set(), message()
			tc.edit(s, m)
			peer, test, err := s.Match(m)
			if tc.want != "" {
				if err == nil || err.Code != tc.want {
					t.Fatalf("got %v, want %s", err, tc.want)
				}
				if peer.ID != (ebms.PartyID{}) || test {
					t.Error("a party beside an error")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if peer.ID.Value != "AP_EL_01" || test != (m.Action == ebms.TestAction) {
				t.Errorf("party %v, test %v", peer.ID, test)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	if err := set().Check(); err != nil {
		t.Fatal(err)
	}
	weak := certificateOf(t, func(*x509.Certificate) {}, 1024)
	ca := certificateOf(t, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign }, 2048)
	ec := ecCertificate(t)
	for _, tc := range []struct {
		name string
		edit func(*Set)
		want string // part of the problem
	}{
		{"self without id", func(s *Set) { s.Self.ID.Value = "" }, "self.id: is empty"},
		{"self without encryption", func(s *Set) { s.Self.Encryption = nil }, "self.encryption"},
		{"no peers", func(s *Set) { s.Peers = nil }, "peers: there is none"},
		{"id without type", func(s *Set) { s.Peers[0].ID.Type = "" }, "must be a URI"},
		{"http", func(s *Set) { s.Peers[0].URL = "http://x/as4" }, "uses TLS"},
		{"no url", func(s *Set) { s.Peers[0].URL = "" }, "is no URL"},
		{"password in url", func(s *Set) { s.Peers[0].URL = "https://a:b@x/" }, "no user"},
		{"no signing", func(s *Set) { s.Peers[0].Signing = nil }, "could be accepted"},
		{"no encryption", func(s *Set) { s.Peers[0].Encryption = nil }, "could be sent"},
		{"small key", func(s *Set) { s.Peers[0].Signing = []*x509.Certificate{weak} }, "1024 bits"},
		{"key usage", func(s *Set) { s.Peers[0].Signing = []*x509.Certificate{ca} }, "allow to sign"},
		{"key usage for encryption", func(s *Set) { s.Peers[0].Encryption = ca }, "allow to transport keys"},
		{"elliptic curve", func(s *Set) { s.Peers[0].Encryption = ec }, "is not RSA"},
		{"party twice", func(s *Set) { s.Peers = append(s.Peers, s.Peers[0]) }, "the same party"},
		{"certificate of two parties", func(s *Set) {
			p := s.Peers[0]
			p.ID.Value = "AP_EL_02"
			s.Peers = append(s.Peers, p)
		}, "must tell who sends"},
		{"action unknown", func(s *Set) { s.Peers[0].Actions = []string{"x"} }, "is no action"},
		{"no actions", func(s *Set) { s.Actions = nil }, "actions: there is none"},
		{"action twice", func(s *Set) { s.Actions = append(s.Actions, s.Actions[0]) }, "occurs twice"},
		{"service without type", func(s *Set) { s.Service.Type = "" }, "must be a URI"},
		{"service twice", func(s *Set) { s.Also = []Collaboration{{Service: s.Service, Actions: s.Actions}} }, "is that of the set"},
		{"another service without actions", func(s *Set) { s.Also = []Collaboration{{Service: submissions.Service}} }, "also[0].actions: there is none"},
		{"corners not required", func(s *Set) { s.Properties[1].Required = false }, "finalRecipient must be required"},
		{"negative limit", func(s *Set) { s.Peers[0].Limits.Parts = -1 }, "limits: one is negative"},
		{"key reference", func(s *Set) { s.Peers[0].Sending.EncryptTo = 9 }, "no such way"},
		{"no role", func(s *Set) { s.Peers[0].Role = "" }, "role: is empty"},
	} {
		s := set()
		tc.edit(s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	s := set()
	s.Service, s.Actions, s.Self.Role = ebms.Service{}, nil, ""
	if n := strings.Count(s.Check().Error(), "\n"); n != 2 {
		t.Errorf("three problems, %d lines:\n%v", n+1, s.Check())
	}
}

func TestCertificatesInTime(t *testing.T) {
	t.Parallel()
	p := set().Peers[0]
	for _, tc := range []struct {
		at   time.Time
		want bool
	}{
		{start.Add(-time.Hour), false},
		{start.Add(-4 * time.Minute), true}, // clocks differ
		{start, true},
		{start.AddDate(1, 0, 0), true},
		{start.AddDate(1, 0, 0).Add(time.Minute), false},
	} {
		got := p.At(tc.at)
		if (len(got.Signing) == 1) != tc.want || (got.Encryption != nil) != tc.want {
			t.Errorf("%v: %d signing, encryption %v", tc.at, len(got.Signing), got.Encryption != nil)
		}
	}
	if len(p.Signing) != 1 {
		t.Error("At changed the party")
	}
}

func certificateOf(t *testing.T, edit func(*x509.Certificate), bits int) *x509.Certificate {
	t.Helper()
	if bits < 2048 {
		t.Helper()
		key := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), uint(bits-1)), E: 65537}
		return &x509.Certificate{PublicKey: key}
	}
	c, _ := certificate()
	x := &x509.Certificate{PublicKey: c.PublicKey}
	edit(x)
	return x
}

func ecCertificate(t *testing.T) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &x509.Certificate{PublicKey: &key.PublicKey}
}
