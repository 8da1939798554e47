package torture

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/backend"
	"oots/internal/backend/rest"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/sqlstore"
)

// What the two parties agreed on.
const (
	partyType = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots"
	ebrs      = "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0"
	queries   = "QueryManager"
	request   = "ExecuteQueryRequest"
	server    = "SERVER" // name of the pair of the TLS servers
	role      = "http://sdg.europa.eu/edelivery/gateway"
	account   = "backend"
	password  = "correct horse battery"
)

// A nodeConfig is everything that a node's process is told, as JSON in a file.
type nodeConfig struct {
	Name, Peer string
	Listen     string // host and port
	PeerURL    string // where messages to the peer go
	Dir        string // database and spool
	Keys       string // folder of the pairs
	Log        string // file, appended to
	LogLevel   slog.Level
	Password   string // bcrypt hash
	Attempts   int
	Interval   time.Duration // between attempts
	Grace      time.Duration // how long a downloaded message can be had again
}

// outbox is the gateway, which is made after what submits to it.
type outbox struct{ *gateway.Gateway }

// runNode is one life of a node: until SIGTERM, or until it is killed.
func runNode(file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var c nodeConfig
	if err := json.Unmarshal(b, &c); err != nil {
		return err
	}
	go watchLeash()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	out, err := os.OpenFile(c.Log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	log := slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: c.LogLevel}))
	db, err := sqlstore.Open(ctx, c.Dir, make([]byte, 32))
	if err != nil {
		return err
	}
	g, behind, err := assemble(c, db, clock.System(), log)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	err = serveNode(ctx, c, db, g, behind, log)
	return errors.Join(err, db.Close())
}

// assemble makes the gateway and what is behind it.
func assemble(c nodeConfig, db *sqlstore.Store, k clock.Clock, log *slog.Logger) (*gateway.Gateway, *backend.Service, error) {
	own, certificate, err := readPair(c.Keys, c.Name)
	if err != nil {
		return nil, nil, err
	}
	_, theirs, err := readPair(c.Keys, c.Peer)
	if err != nil {
		return nil, nil, err
	}
	modes := &pmode.Set{
		Self: party(c.Name, "https://"+c.Listen+"/as4", certificate), Peers: []pmode.Party{party(c.Peer, c.PeerURL, theirs)},
		Service: ebms.Service{Type: ebrs, Value: queries}, Actions: []string{request}, Properties: pmode.FourCorner(),
	}
	roots, err := trusted(c.Keys)
	if err != nil {
		return nil, nil, err
	}
	line := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute}
	front := &outbox{}
	behind, err := backend.New(backend.Config{
		Store: db.Backend(), Gateway: front, PModes: modes, Clock: k, Suffix: c.Name + ".test", Owner: c.Name, Log: log, Grace: c.Grace,
	})
	if err != nil {
		return nil, nil, err
	}
	front.Gateway, err = gateway.New(gateway.Config{
		Self:   wssec.Identity{Key: own, Decrypter: own.(crypto.Decrypter), Certificate: certificate},
		PModes: modes, Store: db.Gateway(), Spool: db.Spool, Client: &http.Client{Transport: line},
		Clock: k, Suffix: c.Name + ".test", Owner: c.Name, Log: log,
		Retry:   gateway.RetryPlan{Attempts: c.Attempts, Interval: c.Interval},
		Consume: behind.Consume, Fail: behind.Fail, Sent: behind.Sent,
	})
	return front.Gateway, behind, err
}

// serveNode takes up what an earlier life has left, and works.
func serveNode(ctx context.Context, c nodeConfig, db *sqlstore.Store, g *gateway.Gateway, behind *backend.Service, log *slog.Logger) error {
	if err := errors.Join(g.Recover(ctx), behind.Recover(ctx)); err != nil {
		return err
	}
	if err := behind.PutAccount(ctx, backend.Account{Name: account, Password: c.Password, Role: backend.Admin}); err != nil {
		return err
	}
	api, err := rest.New(rest.Config{Backend: behind, Spool: db.Spool, Base: "/backend", Suffix: c.Name + ".test", Log: log, Limits: rest.Limits{AtOnce: 32}})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/as4", g)
	mux.Handle("/backend/", api)
	mux.HandleFunc("GET /facts", func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(measure(c.Dir)) })
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	key, certificate, err := readPair(c.Keys, server)
	if err != nil {
		return err
	}
	h := &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{certificate.Raw}, PrivateKey: key}}},
	}
	var work sync.WaitGroup
	work.Go(func() { g.Run(ctx, 50*time.Millisecond) })
	work.Go(func() { behind.Run(ctx, time.Second) })
	work.Go(func() { purge(ctx, behind, log) })
	work.Go(func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		h.Shutdown(end)
	})
	err = h.ServeTLS(l, "", "")
	work.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func purge(ctx context.Context, behind *backend.Service, log *slog.Logger) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if _, err := behind.Purge(ctx); err != nil && ctx.Err() == nil {
			log.Error("purge failed", "err", err)
		}
	}
}

func party(name, url string, c *x509.Certificate) pmode.Party {
	return pmode.Party{ID: ebms.PartyID{Type: partyType, Value: "AP_" + name}, Role: role, URL: url, Signing: []*x509.Certificate{c}, Encryption: c}
}

// Facts are what a node says of its process and its folder.
type facts struct {
	RSS, Heap         int64 // bytes
	Goroutines, Files int
	Database, WAL     int64 // bytes
	Spooled           int   // files
}

func measure(dir string) (f facts) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f.Heap, f.Goroutines = int64(m.HeapAlloc), runtime.NumGoroutine()
	var pages int64
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		fmt.Sscan(string(b), new(int64), &pages)
	}
	f.RSS = pages * int64(os.Getpagesize())
	if e, err := os.ReadDir("/proc/self/fd"); err == nil {
		f.Files = len(e) - 1 // without the one that lists them
	}
	for name, size := range map[string]*int64{sqlstore.FileName: &f.Database, sqlstore.FileName + "-wal": &f.WAL} {
		if i, err := os.Stat(filepath.Join(dir, name)); err == nil {
			*size = i.Size()
		}
	}
	if e, err := os.ReadDir(filepath.Join(dir, "spool")); err == nil {
		f.Spooled = len(e)
	}
	return f
}

// trusted returns the authority of the TLS servers.
func trusted(dir string) (*x509.CertPool, error) {
	a, err := pki.Open(dir, time.Now())
	if err != nil {
		return nil, err
	}
	return a.Pool(), nil
}

// readPair reads what writePair wrote.
func readPair(dir, name string) (crypto.Signer, *x509.Certificate, error) {
	var der [2][]byte
	for i, suffix := range []string{".key.pem", ".crt.pem"} {
		b, err := os.ReadFile(filepath.Join(dir, name+suffix))
		if err != nil {
			return nil, nil, err
		}
		block, _ := pem.Decode(b)
		if block == nil {
			return nil, nil, fmt.Errorf("%s%s: no PEM", name, suffix)
		}
		der[i] = block.Bytes
	}
	key, err := x509.ParsePKCS8PrivateKey(der[0])
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(der[1])
	if err != nil {
		return nil, nil, err
	}
	return key.(crypto.Signer), certificate, nil
}
