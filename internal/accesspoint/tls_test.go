package accesspoint

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"oots/internal/accesspoint/settings"
)

// TestTLS of the listener for partners. [TDD 3.7 §3.2-3.4]
func TestTLS(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(nil)
	public, _, _ := n.ap.Addresses()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(n.read("tls/server.crt.pem"))
	for _, c := range []struct {
		name  string
		tls   *tls.Config
		there bool
	}{
		{"1.3", &tls.Config{MinVersion: tls.VersionTLS13}, true},
		{"1.2 with ECDHE and GCM", &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}}, true},
		{"1.2 without GCM", &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}, false},
		{"1.1", &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, false},
		{"secp384r1", &tls.Config{CurvePreferences: []tls.CurveID{tls.CurveP384}}, true},
	} {
		c.tls.RootCAs = pool
		conn, err := tls.Dial("tcp", public.String(), c.tls)
		if (err == nil) != c.there {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil {
			conn.Close()
		}
	}
	if problems := ServerProfile(n.ap.public.leaf()); problems != nil {
		t.Errorf("the certificate of Begin: %v", problems)
	}
}

// TestMinimum13 refuses what the configuration does not allow any more. [TDD 3.7 §3.1]
func TestMinimum13(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(func(c *settings.Config) { c.AS4.TLS.Minimum = "1.3" })
	public, _, _ := n.ap.Addresses()
	if _, err := tls.Dial("tcp", public.String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12}); err == nil {
		t.Error("TLS 1.2 was taken")
	}
}

// TestReload exchanges the certificate of the listener while a connection is open, keeps it when the new file is
// broken, and says so in log, health and figures.
func TestReload(t *testing.T) {
	t.Parallel()
	n, other := begin(t, "AT"), begin(t, "EL")
	n.start(nil)
	before, old := n.dial(&tls.Config{InsecureSkipVerify: true})
	defer before.Close()

	n.write("tls/server.crt.pem", []byte("-----BEGIN CERTIFICATE-----\nbroken\n"))
	n.ap.reloader.look(false)
	if _, c := n.dial(&tls.Config{InsecureSkipVerify: true}); !c.Equal(old) {
		t.Error("a broken file changed the certificate")
	}
	status, r := n.ready()
	if status != http.StatusOK || !warned(r, "files", "as4.tls") {
		t.Errorf("health: %d %+v", status, r)
	}
	if _, m := n.get("/metrics"); !strings.Contains(m, `oots_reload_failed{what="as4.tls"} 1`) {
		t.Error("the figures do not say that a file is broken")
	}
	if said := strings.Count(n.log.String(), "a changed file is not taken up"); said == 0 {
		t.Error("the log does not say it")
	}
	n.ap.reloader.look(false)
	if said := strings.Count(n.log.String(), `"as4.tls"`); said != 1 {
		t.Errorf("said %d times", said)
	}

	n.write("tls/server.crt.pem", other.read("tls/server.crt.pem"))
	n.write("tls/server.key.pem", other.read("tls/server.key.pem"))
	n.ap.reloader.look(false)
	if _, c := n.dial(&tls.Config{InsecureSkipVerify: true}); c.Equal(old) {
		t.Error("the new certificate is not in use")
	}
	if _, m := n.get("/metrics"); !strings.Contains(m, `oots_reload_failed{what="as4.tls"} 0`) {
		t.Error("the figures still say that a file is broken")
	}
	// The connection from before goes on.
	if _, err := before.Write([]byte("GET /as4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 15)
	if _, err := before.Read(head); err != nil || string(head) != "HTTP/1.1 200 OK" {
		t.Errorf("the connection from before: %q %v", head, err)
	}
}

func warned(r Readiness, check, word string) bool {
	for _, c := range r.Checks {
		if c.Name == check {
			return c.Status == Warning && strings.Contains(c.Detail, word)
		}
	}
	return false
}

// TestKeyOpenToOthers refuses a private key that others than its owner can read.
func TestKeyOpenToOthers(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	for _, name := range []string{"keys/sealing.key", "keys/AP_AT_01.key.pem", "tls/server.key.pem"} {
		if err := os.Chmod(n.dir+"/"+name, 0o644); err != nil {
			t.Fatal(err)
		}
		ap, err := Open(t.Context(), n.config(nil), Deps{Clock: testClock(), Log: discard()})
		if err == nil {
			ap.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "mode 0644") {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.Chmod(n.dir+"/"+name, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKeysTurn signs with a successor as soon as the one before has ended, and opens with both.
func TestKeysTurn(t *testing.T) {
	t.Parallel()
	n, next := begin(t, "AT"), begin(t, "AT")
	now := time.Now()
	k := &keyring{now: func() time.Time { return now }, own: []settings.Own{
		{File: settings.Path(n.dir + "/keys/AP_AT_01.crt.pem"), Key: settings.Path(n.dir + "/keys/AP_AT_01.key.pem")},
		{File: settings.Path(next.dir + "/keys/AP_AT_01.crt.pem")},
	}}
	if err := k.load(); err != nil {
		t.Fatal(err)
	}
	first := k.identities()
	if len(first) != 2 || k.turned(now) {
		t.Fatalf("%d identities", len(first))
	}
	now = first[0].Certificate.NotAfter.Add(time.Second)
	first[1].Certificate.NotAfter = now.AddDate(1, 0, 0)
	if got := k.identities(); !k.turned(now) || got[0].Certificate != first[1].Certificate || len(got) != 2 {
		t.Error("the successor does not sign")
	}
}

// TestProxy: connections go through the proxy of the configuration; the environment has no say.
func TestProxy(t *testing.T) {
	t.Parallel()
	s := &sending{field: "as4.trust"}
	if err := s.load(); err != nil {
		t.Fatal(err)
	}
	if s.current.Load().Proxy != nil {
		t.Error("something else than the configuration says which way connections go")
	}
	s.proxy = "http://proxy.example:3128"
	if err := s.load(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "https://partner.example/as4", nil)
	if u, err := s.current.Load().Proxy(r); err != nil || u.String() != s.proxy {
		t.Error(u, err)
	}
}
