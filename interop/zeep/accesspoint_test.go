package zeep

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"oots/edelivery/pmode/configuration"
	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
	"oots/internal/backend"
	"oots/internal/clock"
)

// A begun access point is its files; nothing serves yet.
type begun struct {
	dir    string
	made   *accesspoint.Made
	public net.Listener
}

// newAccessPoints makes two access points that know each other, and serves them until the test ends. It returns the
// addresses for back ends and a file with the certificates of their servers.
func newAccessPoints(t *testing.T) (fr, de, root string) {
	t.Helper()
	a, b := begin(t, "FR"), begin(t, "DE")
	introduce(t, a, b)
	introduce(t, b, a)
	root = filepath.Join(t.TempDir(), "servers.pem")
	write(t, root, append(read(t, a.dir, "tls/server.crt.pem"), read(t, b.dir, "tls/server.crt.pem")...))
	return serve(t, a, "fr"), serve(t, b, "de"), root
}

func begin(t *testing.T, country string) *begun {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := &begun{dir: t.TempDir(), public: l}
	a.made, err = accesspoint.Begin(accesspoint.Beginning{Country: country, Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Dir: a.dir, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// introduce adds a partner to the P-Modes of a, as an operator does.
func introduce(t *testing.T, a, partner *begun) {
	t.Helper()
	c, found := configuration.Parse(read(t, a.dir, "pmodes.yaml"))
	if c == nil {
		t.Fatal(found)
	}
	name := partner.made.Party
	c.Parties = append(c.Parties, configuration.Party{Name: name, Endpoint: partner.made.Endpoint,
		Identifiers: []configuration.Identifier{{PartyID: name, PartyIDType: c.PartyIDTypes[0].Name}}})
	p := &c.Processes[0]
	p.Initiators = append(p.Initiators, configuration.Reference{Name: name})
	p.Responders = append(p.Responders, configuration.Reference{Name: name})
	write(t, filepath.Join(a.dir, "pmodes.yaml"), configuration.Append(nil, c, nil, configuration.YAML))
	write(t, filepath.Join(a.dir, "partners", name+".crt.pem"), read(t, partner.dir, "handover/"+name+".crt.pem"))
	write(t, filepath.Join(a.dir, "partners/tls", name+".pem"), read(t, partner.dir, "handover/server.crt.pem"))
}

// serve lets an access point work until the test ends; account may use its interface for back ends, which has TLS.
func serve(t *testing.T, a *begun, account string) (address string) {
	t.Helper()
	file, found, err := settings.ReadFile(a.made.Config)
	if err != nil || file == nil {
		t.Fatal(found, err)
	}
	c := file.Config
	public := c.AS4.Listen
	c.Backend.Listen, c.Monitor.Listen, c.Data.Least = "127.0.0.1:0", "127.0.0.1:0", 0
	c.Backend.TLS.Certificate, c.Backend.TLS.Key = c.AS4.TLS.Certificate, c.AS4.TLS.Key
	listen := func(network, address string) (net.Listener, error) {
		if address == string(public) {
			return a.public, nil
		}
		return net.Listen(network, address)
	}
	ap, err := accesspoint.Open(t.Context(), c, accesspoint.Deps{Clock: clock.System(), Log: slog.New(slog.DiscardHandler), Listen: listen})
	if err != nil {
		t.Fatal(err)
	}
	if err := ap.Listen(); err != nil {
		t.Fatal(err)
	}
	hash, err := backend.HashPassword(password)
	if err == nil {
		err = ap.Backend.PutAccount(t.Context(), backend.Account{Name: account, Password: hash, Role: backend.Admin})
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	_, internal, _ := ap.Addresses()
	go func() { ended <- ap.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return "https://" + internal.String()
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
