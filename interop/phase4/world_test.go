package phase4

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// What the parties agreed on; the Java side has the same.
const (
	partyType   = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots"
	role        = "http://sdg.europa.eu/edelivery/gateway"
	service     = "QueryManager"
	serviceType = "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0"
	request     = "ExecuteQueryRequest"
	unknown     = "NotAgreedUpon" // phase4 does not know it
)

func partyID(name string) ebms.PartyID { return ebms.PartyID{Type: partyType, Value: "AP_" + name} }

// A keyring is a folder of PEM files that both sides read, with what is in it.
type keyring struct {
	dir    string
	keys   map[string]pki.Pair
	server tls.Certificate
	roots  *x509.CertPool
}

// newKeyring makes self-signed pairs of the access points OURS, PHASE4 and STRANGER, which is how OOTS
// partners pin each other, and a TLS server below an authority.
func newKeyring(t *testing.T, bits int) *keyring {
	t.Helper()
	k := &keyring{dir: t.TempDir(), keys: map[string]pki.Pair{}}
	for _, name := range []string{"OURS", "PHASE4", "STRANGER"} {
		k.keys[name] = k.selfSigned(t, name, bits)
	}
	a, err := pki.Open(k.dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.Server("SERVER", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	k.server = tls.Certificate{Certificate: [][]byte{s.Certificate.Raw}, PrivateKey: s.Key}
	k.roots = a.Pool()
	return k
}

func (k *keyring) selfSigned(t *testing.T, name string, bits int) pki.Pair {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Country: []string{"AT"}, Organization: []string{"oots interoperability"}, CommonName: "AP_" + name},
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for suffix, b := range map[string]*pem.Block{
		".crt.pem": {Type: "CERTIFICATE", Bytes: der},
		".key.pem": {Type: "PRIVATE KEY", Bytes: pkcs8},
	} {
		if err := os.WriteFile(filepath.Join(k.dir, name+suffix), pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return pki.Pair{Key: key, Certificate: cert}
}

func (k *keyring) identity(name string) wssec.Identity {
	p := k.keys[name]
	return wssec.Identity{Key: p.Key, Decrypter: p.Key.(crypto.Decrypter), Certificate: p.Certificate}
}

func (k *keyring) fingerprint(name string) string {
	sum := sha256.Sum256(k.keys[name].Certificate.Raw)
	return hex.EncodeToString(sum[:])
}

func (k *keyring) party(id, key, url string) pmode.Party {
	c := k.keys[key].Certificate
	return pmode.Party{ID: partyID(id), Role: role, URL: url, Signing: []*x509.Certificate{c}, Encryption: c}
}

func (k *keyring) client() *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: k.roots, MinVersion: tls.VersionTLS12}}}
}

// A side is one access point of ours with what its back end saw.
type side struct {
	*gateway.Gateway
	db        *sqlstore.Store
	mu        sync.Mutex
	delivered map[string][]delivery // by message id
	failed    map[string]string     // code by message id
	skew      atomic.Int64          // nanoseconds, added to the clock
}

// A delivery is what the back end got.
type delivery struct {
	message  ebms.UserMessage
	payloads []digested
}

// A digested is a payload without its bytes.
type digested struct {
	ContentID, MimeType string
	Size                int64
	SHA256              string
}

// interval is between attempts; attempts is how many there are.
const (
	interval = 3 * time.Minute
	attempts = 3
)

// newSide makes the access point OURS, that signs with the named key and sends to PHASE4 at url, with what edits make of
// its configuration.
func newSide(t *testing.T, k *keyring, key, url string, edits ...func(*gateway.Config, *pmode.Set)) *side {
	t.Helper()
	db, err := sqlstore.Open(context.Background(), t.TempDir(), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &side{db: db, delivered: map[string][]delivery{}, failed: map[string]string{}}
	self := k.party("OURS", key, "https://127.0.0.1/as4")
	modes := &pmode.Set{
		Self: self, Peers: []pmode.Party{k.party("PHASE4", "PHASE4", url)},
		Service: ebms.Service{Type: serviceType, Value: service}, Actions: []string{request, unknown},
		Properties: pmode.FourCorner(),
	}
	c := gateway.Config{
		Self: k.identity(key), PModes: modes,
		Store: db.Gateway(), Spool: db.Spool, Client: k.client(),
		Clock:  clock.Clock{Now: func() time.Time { return time.Now().UTC().Add(time.Duration(s.skew.Load())) }, NewUUID: clock.UUID},
		Suffix: "ours.test", Owner: "ours-1",
		Retry:   gateway.RetryPlan{Attempts: attempts, Interval: interval},
		Limits:  as4.Limits{Message: 512 << 20, Part: 256 << 20, Plain: 256 << 20},
		Log:     slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Consume: func(_ *store.Tx, d gateway.Delivery) error { return s.consume(d) },
		Fail: func(_ *store.Tx, id, code string) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.failed[id] = code
			return nil
		},
	}
	for _, edit := range edits {
		edit(&c, modes)
	}
	if s.Gateway, err = gateway.New(c); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *side) consume(d gateway.Delivery) error {
	got := delivery{message: d.Message}
	for _, p := range d.Payloads {
		h := sha256.New()
		r, err := p.Content.Open()
		if err != nil {
			return err
		}
		n, err := io.Copy(h, r)
		r.Close()
		if err != nil {
			return err
		}
		got.payloads = append(got.payloads, digested{
			ContentID: p.ContentID, MimeType: p.MimeType,
			Size: n, SHA256: hex.EncodeToString(h.Sum(nil)),
		})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivered[d.Message.MessageID] = append(s.delivered[d.Message.MessageID], got)
	return nil
}

// submit hands over a message; it is sent by pump.
func (s *side) submit(t *testing.T, action string, properties []ebms.Property, payloads []as4.Payload) (id string) {
	t.Helper()
	err := s.db.DB.Update(context.Background(), func(tx *store.Tx) (err error) {
		id, _, err = s.Submit(tx, gateway.Submission{
			To: partyID("PHASE4"), Action: action, ConversationID: clock.UUID(), Properties: properties, Payloads: payloads,
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// pump sends what is due now.
func (s *side) pump(t *testing.T) {
	t.Helper()
	if _, err := s.Send(context.Background()); err != nil {
		t.Fatal("send:", err)
	}
}

// later sends what is due after the interval between attempts.
func (s *side) later(t *testing.T) {
	t.Helper()
	s.skew.Add(int64(interval))
	s.pump(t)
}

// outbox returns state and last error code of a message of ours.
func (s *side) outbox(t *testing.T, id string) string {
	t.Helper()
	var state, code string
	err := s.db.DB.View(context.Background(), func(tx *store.Tx) error {
		return tx.Row(`SELECT state, error_code FROM gateway_outbox WHERE message_id = $1`, []any{id}, &state, &code)
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(state + " " + code)
}

// got delivers what has come and returns the deliveries of one message.
func (s *side) got(t *testing.T, id string) []delivery {
	t.Helper()
	if _, err := s.Deliver(context.Background()); err != nil {
		t.Fatal("deliver:", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.delivered[id]
}
