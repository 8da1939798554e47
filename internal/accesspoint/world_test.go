package accesspoint

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edelivery/pmode/configuration"
	"oots/internal/accesspoint/settings"
	"oots/internal/backend"
	"oots/internal/clock"
)

const password = "correct horse battery"

// A node is an access point made by Begin, at work in this process.
type node struct {
	t       *testing.T
	made    *Made
	dir     string
	ap      *AccessPoint
	log     *lockedBuffer
	stop    context.CancelFunc
	ended   chan error
	client  *http.Client
	listens map[string]net.Listener
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}
func (l *lockedBuffer) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }

// key is the one of a country: to make one takes longer than most tests.
var key = func() func(country string) (*rsa.PrivateKey, error) {
	made := func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 3072) }
	at, el := sync.OnceValues(made), sync.OnceValues(made)
	return func(country string) (*rsa.PrivateKey, error) {
		if country == "AT" {
			return at()
		}
		return el()
	}
}()

// begin makes the files of an access point on a free port of this machine.
func begin(t *testing.T, country string) *node {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	n := &node{t: t, dir: t.TempDir(), log: &lockedBuffer{}, client: &http.Client{}, listens: map[string]net.Listener{fmt.Sprintf("127.0.0.1:%d", port): l}}
	n.made, err = Begin(Beginning{Country: country, Host: "127.0.0.1", Port: port, Dir: n.dir, Now: time.Now(),
		newRSA: func() (*rsa.PrivateKey, error) { return key(country) }})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// config reads the configuration, with ports that nobody else has.
func (n *node) config(change func(*settings.Config)) settings.Config {
	n.t.Helper()
	f, found, err := settings.ReadFile(n.made.Config)
	if err != nil || f == nil {
		n.t.Fatal(found, err)
	}
	c := f.Config
	_, port, _ := net.SplitHostPort(string(c.AS4.Listen))
	c.AS4.Listen = settings.Address("127.0.0.1:" + port)
	c.Backend.Listen, c.Monitor.Listen = "127.0.0.1:0", "127.0.0.1:0"
	c.AS4.Poll = settings.Duration(50 * time.Millisecond)
	c.Data.Least, c.Log.Access = 0, false
	if change != nil {
		change(&c)
	}
	return c
}

// start opens the access point and lets it work until the test ends or stop is called.
func (n *node) start(change func(*settings.Config)) {
	n.t.Helper()
	listen := func(network, address string) (net.Listener, error) {
		if l := n.listens[address]; l != nil {
			delete(n.listens, address)
			return l, nil
		}
		return net.Listen(network, address)
	}
	var err error
	n.ap, err = Open(n.t.Context(), n.config(change), Deps{Clock: clock.System(), Log: slog.New(slog.NewJSONHandler(n.log, nil)), Version: "test", Listen: listen})
	if err != nil {
		n.t.Fatal(err)
	}
	if err := n.ap.Listen(); err != nil {
		n.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n.stop, n.ended = cancel, make(chan error, 1)
	go func() { n.ended <- n.ap.Run(ctx) }()
	n.t.Cleanup(n.end)
}

// end stops the access point as a signal does.
func (n *node) end() {
	if n.stop == nil {
		return
	}
	n.stop()
	n.stop = nil
	if err := <-n.ended; err != nil {
		n.t.Errorf("it ended with %v", err)
	}
	if n.t.Failed() {
		n.t.Logf("%s:\n%s", n.made.Party, n.log)
	}
}

// account makes an account for back ends.
func (n *node) account(name string) {
	n.t.Helper()
	hash, err := backend.HashPassword(password)
	if err == nil {
		err = n.ap.Backend.PutAccount(n.t.Context(), backend.Account{Name: name, Password: hash, Role: backend.Admin})
	}
	if err != nil {
		n.t.Fatal(err)
	}
}

// introduce gives both nodes P-Modes and certificates of each other.
func introduce(t *testing.T, a, b *node) {
	t.Helper()
	for _, pair := range [][2]*node{{a, b}, {b, a}} {
		n, peer := pair[0], pair[1]
		c := skeleton(n.made.Party, n.made.Endpoint)
		c.Parties = append(c.Parties, configuration.Party{Name: peer.made.Party, Endpoint: peer.made.Endpoint,
			Identifiers: []configuration.Identifier{{PartyID: peer.made.Party, PartyIDType: "oots"}}})
		p := &c.Processes[0]
		p.Initiators = append(p.Initiators, configuration.Reference{Name: peer.made.Party})
		p.Responders = append(p.Responders, configuration.Reference{Name: peer.made.Party})
		n.write("pmodes.yaml", configuration.Append(nil, c, nil, configuration.YAML))
		n.write("partners/"+peer.made.Party+".crt.pem", peer.read("handover/"+peer.made.Party+".crt.pem"))
		n.write("partners/tls/"+peer.made.Party+".pem", peer.read("handover/server.crt.pem"))
	}
}

func (n *node) read(name string) []byte {
	n.t.Helper()
	b, err := os.ReadFile(filepath.Join(n.dir, name))
	if err != nil {
		n.t.Fatal(err)
	}
	return b
}

func (n *node) write(name string, b []byte) {
	n.t.Helper()
	if err := os.WriteFile(filepath.Join(n.dir, name), b, 0o600); err != nil {
		n.t.Fatal(err)
	}
}

// get asks the listener for machines.
func (n *node) get(path string) (int, string) {
	n.t.Helper()
	_, _, monitor := n.ap.Addresses()
	res, err := n.client.Get("http://" + monitor.String() + path)
	if err != nil {
		n.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// ready is the answer of /readyz.
func (n *node) ready() (int, Readiness) {
	n.t.Helper()
	status, body := n.get("/readyz")
	var r Readiness
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		n.t.Fatal(err)
	}
	return status, r
}

// do asks the listener for back ends as an account.
func (n *node) do(method, path, contentType string, body io.Reader) (int, []byte) {
	n.t.Helper()
	_, internal, _ := n.ap.Addresses()
	r, err := http.NewRequestWithContext(n.t.Context(), method, "http://"+internal.String()+path, body)
	if err != nil {
		n.t.Fatal(err)
	}
	r.SetBasicAuth("register", password)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := n.client.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return res.StatusCode, b
}

// submit sends a message with one payload to a party through the JSON interface and returns its id.
func (n *node) submit(to string, payload []byte) string {
	n.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part := func(name, kind string, content []byte) {
		p, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + name + `"`}, "Content-Type": {kind}})
		p.Write(content)
	}
	part("message", "application/json", []byte(`{"to":{"type":"`+partyIDType+`","id":"`+to+`"},"service":{"type":"`+serviceType+`","value":"QueryManager"},`+
		`"action":"ExecuteQueryRequest","conversationId":"c-1","properties":[{"name":"originalSender","value":"C1"},{"name":"finalRecipient","value":"C4"}]}`))
	part("request@c1.example", "application/x-ebrs+xml", payload)
	w.Close()
	status, b := n.do(http.MethodPost, "/backend/v1/messages", w.FormDataContentType(), &body)
	var got struct{ MessageID string }
	if err := json.Unmarshal(b, &got); status != http.StatusAccepted || err != nil {
		n.t.Fatalf("submission: %d %s", status, b)
	}
	return got.MessageID
}

// until asks again and again, without waiting in between, until what is asked for is there; the deadline of the test
// ends it.
func (n *node) until(what string, there func() bool) {
	n.t.Helper()
	for end := time.Now().Add(30 * time.Second); !there(); {
		if time.Now().After(end) {
			n.t.Fatalf("%s: never; %s", what, n.log)
		}
	}
}

// pending waits until a message is there for the back end.
func (n *node) pending(id string) {
	n.t.Helper()
	n.until("message "+id, func() bool {
		_, b := n.do(http.MethodGet, "/backend/v1/messages", "", nil)
		return strings.Contains(string(b), `"`+id+`"`)
	})
}

// status of a message.
func (n *node) status(id, side string) string {
	n.t.Helper()
	_, b := n.do(http.MethodGet, "/backend/v1/messages/"+id+"/status?side="+side, "", nil)
	var got struct{ Status string }
	json.Unmarshal(b, &got)
	return got.Status
}

// dial makes a TLS connection to the listener for partners and returns the certificate that it shows.
func (n *node) dial(c *tls.Config) (*tls.Conn, *x509.Certificate) {
	n.t.Helper()
	public, _, _ := n.ap.Addresses()
	conn, err := tls.Dial("tcp", public.String(), c)
	if err != nil {
		n.t.Fatal(err)
	}
	return conn, conn.ConnectionState().PeerCertificates[0]
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func testClock() clock.Clock { return clock.System() }
