package pmodes_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edelivery/pmode"
	"oots/edelivery/pmode/configuration"
	"oots/edelivery/pmode/keystore"
	"oots/internal/clock"
	"oots/internal/pmodes"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// trust is a store with certificates of all parties of the file of the tests.
var trust = sync.OnceValue(func() *keystore.Store {
	var text []byte
	for i, name := range []string{"AP_AA_01", "AP_BB_01", "AP_CC_01"} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(int64(i) + 1), Subject: pkix.Name{CommonName: name}, NotBefore: start, NotAfter: start.AddDate(1, 0, 0)}
		der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
		if err != nil {
			panic(err)
		}
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	s, err := keystore.Parse(text, "")
	if err != nil {
		panic(err)
	}
	return s
})

type world struct {
	db  *sqlstore.Store
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), t.TempDir(), bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &world{db, start}
}

func (w *world) open(t *testing.T) *pmodes.Archive {
	t.Helper()
	a, err := pmodes.Open(t.Context(), pmodes.Deps{
		DB: w.db.DB, Store: w.db.PModes(), Clock: clock.Clock{Now: func() time.Time { return w.now }, NewUUID: clock.UUID},
		Certificates: func(_ context.Context, at time.Time) (configuration.Certificates, error) {
			return keystore.Parties{Store: trust(), Now: at}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func file(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile("../../edelivery/pmode/configuration/testdata/network.xml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func propose(t *testing.T, a *pmodes.Archive, b []byte) *pmodes.Proposal {
	t.Helper()
	p, err := a.Propose(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var consent = pmodes.Act{Actor: "operator", Note: "treaty", Partial: true}

// TestLife puts two versions in force, goes back, and looks at it from a second process.
func TestLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open(t)
	if _, err := a.Source(); !errors.Is(err, pmodes.ErrNone) {
		t.Fatal(err)
	}
	first := propose(t, a, file(t))
	if first.Faulty() || !first.Partial() || first.Base != 0 {
		t.Fatalf("%+v", first.Findings)
	}
	if _, err := a.Activate(t.Context(), first, pmodes.Act{Actor: "operator"}); !errors.Is(err, pmodes.ErrPartial) {
		t.Fatalf("without consent: %v", err)
	}
	if _, err := a.Activate(t.Context(), first, pmodes.Act{Partial: true}); err == nil {
		t.Fatal("by nobody")
	}
	v, err := a.Activate(t.Context(), first, consent)
	if err != nil || v.Number != 1 || v.Party != "AP_AA_01" || len(v.Digest) != 64 || !v.Partial {
		t.Fatalf("%+v %v", v, err)
	}
	source, err := a.Source()
	if err != nil || len(source.PModes().Legs) == 0 {
		t.Fatal(err)
	}
	before := source.PModes()
	other := w.open(t)

	w.now = w.now.Add(time.Hour)
	second := propose(t, a, bytes.Replace(file(t), []byte("12;4;CONSTANT"), []byte("30;9;CONSTANT"), 1))
	if second.Base != 1 || len(second.Changes) != 1 || second.Changes[0].After != "30;9;CONSTANT" {
		t.Fatalf("%+v", second.Changes)
	}
	if _, err := a.Activate(t.Context(), second, consent); err != nil {
		t.Fatal(err)
	}
	if source.PModes() == before || source.PModes().Legs[0].Retry.Count != 9 {
		t.Error("the set in force was not exchanged")
	}
	if n, err := other.Reload(t.Context()); err != nil || n != 2 {
		t.Errorf("the other process has %d, %v", n, err)
	}
	if _, err := a.Activate(t.Context(), propose(t, a, second.Content()), consent); !errors.Is(err, pmodes.ErrUnchanged) {
		t.Errorf("the same again: %v", err)
	}

	back, _, err := other.Rollback(t.Context(), 1, consent)
	if err != nil || back.Number != 3 || back.Digest != v.Digest || back.Origin != "rollback to 1" {
		t.Errorf("%+v %v", back, err)
	}
	history, err := a.History(t.Context())
	if err != nil || len(history) != 3 || history[0].Number != 3 || history[2].Note != "treaty" || !history[1].At.Equal(w.now) {
		t.Errorf("%+v %v", history, err)
	}
	if _, content, err := a.Version(t.Context(), 0); err != nil || !bytes.Equal(content, file(t)) {
		t.Errorf("the bytes are not those of the file: %v", err)
	}
	if _, _, err := a.Version(t.Context(), 9); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}

// TestNothingActivated proposes files with faults.
func TestNothingActivated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open(t)
	if _, err := a.Activate(t.Context(), propose(t, a, file(t)), consent); err != nil {
		t.Fatal(err)
	}
	source, _ := a.Source()
	before := source.PModes()
	for _, tc := range []struct{ name, from, to, want string }{
		{"truncated", "</db:configuration>", "", "the text ends"},
		{"wrong reference", `leg name="requestLeg"`, `leg name="x"`, "nothing in legConfigurations"},
		{"duplicate party", `party name="AP_CC_01"`, `party name="AP_BB_01"`, "is also that of line"},
		{"entity bomb", "<db:configuration", `<!DOCTYPE x [<!ENTITY a "aa">]><db:configuration`, "DOCTYPE"},
		{"party without certificate", "AP_AA_01", "AP_XX_01", "AP_XX_01"},
		{"corner not required", `key="finalRecipient" datatype="string" required="true"`, `key="finalRecipient" datatype="string" required="false"`, "finalRecipient must be required"},
	} {
		p := propose(t, a, bytes.ReplaceAll(file(t), []byte(tc.from), []byte(tc.to)))
		ok := false
		for _, f := range p.Findings {
			ok = ok || f.Severity == configuration.Error && f.Line > 0 && strings.Contains(f.String(), tc.want)
		}
		if !p.Faulty() || !ok {
			t.Errorf("%s: %v", tc.name, p.Findings)
		}
		if _, err := a.Activate(t.Context(), p, consent); !errors.Is(err, pmodes.ErrFaulty) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	unknown := propose(t, a, bytes.Replace(file(t), []byte(` errorHandling="tell"`), []byte(` errorHandling="tell" splittings="large"`), 1))
	if _, err := a.Activate(t.Context(), unknown, pmodes.Act{Actor: "operator"}); !errors.Is(err, pmodes.ErrPartial) {
		t.Errorf("unknown attribute: %v", err)
	}
	if history, _ := a.History(t.Context()); len(history) != 1 || source.PModes() != before {
		t.Error("something was put in force")
	}
}

// TestTwoAtOnce lets one of two operators win.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open(t)
	b := w.open(t)
	one := propose(t, a, file(t))
	two := propose(t, b, bytes.Replace(file(t), []byte("12;4;CONSTANT"), []byte("30;9;CONSTANT"), 1))
	if _, err := a.Activate(t.Context(), one, consent); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Activate(t.Context(), two, consent); !errors.Is(err, pmodes.ErrConflict) {
		t.Errorf("got %v", err)
	}
}

// TestRun lets a process take up what another has put in force.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, other := w.open(t), w.open(t)
	ctx, stop := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	var group sync.WaitGroup
	group.Go(func() {
		other.Run(ctx, time.Millisecond, func(err error) {
			select {
			case failed <- err:
			default:
			}
		})
	})
	if _, err := a.Activate(t.Context(), propose(t, a, file(t)), consent); err != nil {
		t.Fatal(err)
	}
	for {
		source, err := other.Source()
		if err == nil && len(source.PModes().Legs) > 0 {
			break
		}
		select {
		case err := <-failed:
			t.Fatal(err)
		case <-t.Context().Done():
			t.Fatal("never taken up")
		default:
			runtime.Gosched()
		}
	}
	stop()
	group.Wait()
}

// TestSet looks at what becomes of the file.
func TestSet(t *testing.T) {
	t.Parallel()
	c, _ := configuration.Parse(file(t))
	s, found := c.Set(configuration.Choice{Certificates: keystore.Parties{Store: trust(), Now: start}})
	if s == nil {
		t.Fatal(found)
	}
	var legs []string
	for _, l := range s.Set.Legs {
		legs = append(legs, l.Process+"/"+l.Name)
	}
	want := "questions/requestLeg questions/responseLeg questions/testLeg submissions/submitLeg discovered/submitLeg"
	if got := strings.Join(legs, " "); got != want {
		t.Errorf("legs %s, want %s", got, want)
	}
	bb := s.Set.Peers[1]
	if bb.ID.Value != "AP_BB_01" || len(bb.Aliases) != 1 || bb.Aliases[0].Value != "urn:example:bb" || len(bb.Signing) != 1 {
		t.Errorf("%+v", bb)
	}
	request := s.Set.Legs[0]
	if len(request.Send) != 2 || len(request.Receive) != 2 || request.Payloads == nil || request.Agreement.Value != "urn:example:treaty" || len(request.Retry.Attempts()) != 5 {
		t.Errorf("%+v", request)
	}
	keep := pmode.Retention{Undownloaded: 60 * time.Hour, SentSuccess: 2 * time.Hour, SentFailure: 4 * time.Hour, Metadata: 365 * 24 * time.Hour, DeleteMetadata: true}
	if request.Retention != keep {
		t.Errorf("%+v, want %+v", request.Retention, keep)
	}
	if s.Set.Service.Value != "QueryManager" || len(s.Set.Also) != 1 || s.Set.Also[0].Actions[0] != "SubmitObjectsRequest" {
		t.Errorf("%+v %+v", s.Set.Service, s.Set.Also)
	}
}
