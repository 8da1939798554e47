package torture

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"oots/internal/backend"
	"oots/internal/pki"
)

// A world is two nodes with a ledger of what their back ends know.
type world struct {
	seed   uint64
	dir    string
	keys   string // folder of the pairs
	names  [2]string
	nodes  [2]*process
	client [2]*client
	ledger *ledger
	under  int // messages under way, added up over all kills
}

// A plan is what tests want of a world beside two nodes.
type plan struct {
	folders [2]string // of database and spool; "" is made
	// urls gives the URLs at which each node is reached by the other, from the addresses at which they listen; nil is
	// direct.
	urls    func(w *world, listen [2]string) [2]string
	pardons bool
	level   slog.Level
	grace   time.Duration
}

// attempts is how often a message is sent at most: a plan ends by the clock, and no run takes as long as this one.
const attempts = 10_000

func newWorld(t *testing.T, p plan) *world {
	t.Helper()
	w := &world{seed: seed(t), dir: t.TempDir(), names: [2]string{"AT", "EL"}, ledger: newLedger()}
	hash, err := backend.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	w.keys = filepath.Join(w.dir, "keys")
	listen := [2]string{freeAddress(t), freeAddress(t)}
	urls := [2]string{"https://" + listen[0] + "/as4", "https://" + listen[1] + "/as4"}
	if p.grace == 0 {
		p.grace = 2 * time.Second
	}
	for _, name := range w.names {
		if err := writePair(w.keys, name); err != nil {
			t.Fatal(err)
		}
	}
	a, err := pki.Open(w.keys, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Server(server, "127.0.0.1"); err != nil {
		t.Fatal(err)
	}
	if p.urls != nil {
		urls = p.urls(w, listen)
	}
	for i, name := range w.names {
		c := nodeConfig{
			Name: name, Peer: w.names[1-i], Listen: listen[i], PeerURL: urls[1-i], Dir: p.folders[i], Keys: w.keys,
			Log: filepath.Join(w.dir, name+".log"), LogLevel: p.level, Password: hash,
			Attempts: attempts, Interval: time.Duration(i+1) * 250 * time.Millisecond, Grace: p.grace,
		}
		if c.Dir == "" {
			c.Dir = filepath.Join(w.dir, name)
		}
		w.nodes[i] = launch(t, c, p.pardons)
		w.client[i] = newClient(listen[i], a.Pool())
	}
	return w
}

// end ends both nodes as an operator does.
func (w *world) end() {
	for _, p := range w.nodes {
		p.end(syscall.SIGTERM)
	}
}

// writePair makes a self-signed RSA-2048 pair, which is how OOTS partners pin each other.
func writePair(dir, name string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return err
	}
	c := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{Organization: []string{"oots torture"}, CommonName: "AP_" + name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		return err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for suffix, b := range map[string]*pem.Block{".crt.pem": {Type: "CERTIFICATE", Bytes: der}, ".key.pem": {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(filepath.Join(dir, name+suffix), pem.EncodeToMemory(b), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ports hands out each port once, to tests that run at the same time.
var nextPort = sync.OnceValue(func() func() int {
	var mu sync.Mutex
	port := 20000 + os.Getpid()%8000
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		port++
		return port
	}
})

// freeAddress finds a port below those that outgoing connections take: a node must find it free again in its next life.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", nextPort()())
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
	t.Fatal("no free port")
	return ""
}
