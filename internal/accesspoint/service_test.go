package accesspoint

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"oots/edelivery/pmode/configuration"
	"oots/internal/accesspoint/settings"
	"oots/internal/backend"
	"oots/internal/clock"
	"oots/internal/pmodes"
)

// TestGracefulEnd finishes a submission that has begun when the process is told to end, takes no new one, and ends
// without an error.
func TestGracefulEnd(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(nil)
	n.account("register")
	_, internal, monitor := n.ap.Addresses()
	body, rest := io.Pipe()
	answered := make(chan string, 1)
	go func() {
		r, _ := http.NewRequest(http.MethodPost, "http://"+internal.String()+"/services/wsplugin", body)
		r.SetBasicAuth("register", password)
		r.Header.Set("Content-Type", "application/soap+xml")
		r.Header.Set("Expect", "100-continue") // the body goes when the handler reads it
		web := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute}}
		res, err := web.Do(r)
		if err != nil {
			answered <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		answered <- string(b)
	}()
	envelope := `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:p="http://eu.domibus.wsplugin/"><s:Header>` +
		strings.Replace(soapSubmit("AP_AT_01", "AP_AT_01"), "|", "</s:Header><s:Body>", 1) + `</s:Body></s:Envelope>`
	io.WriteString(rest, envelope[:300]) // returns when the handler reads
	n.stop()
	n.until("no new connections", func() bool {
		conn, err := net.Dial("tcp", internal.String())
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	if res, err := http.Get("http://" + monitor.String() + "/readyz"); err == nil { // that of machines ends last
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusServiceUnavailable || !bytes.Contains(b, []byte(`"ending"`)) {
			t.Errorf("while it ends: %d %s", res.StatusCode, b)
		}
	}
	io.WriteString(rest, envelope[300:])
	rest.Close()
	if got := <-answered; !strings.Contains(got, "<messageID>") {
		t.Errorf("the submission that had begun: %s", got)
	}
	n.stop = nil
	if err := <-n.ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// client makes the pair of a TLS client, signed by itself.
func client(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "client"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// TestClientAuthentication at the listener for partners: none without a certificate that is trusted, and that of a
// server does not count. [TDD 3.7 §3.5]
func TestClientAuthentication(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	known, certificate := client(t)
	unknown, _ := client(t)
	n.write("clients.pem", append(certificate, n.read("tls/server.crt.pem")...))
	server, err := tls.X509KeyPair(n.read("tls/server.crt.pem"), n.read("tls/server.key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	n.start(func(c *settings.Config) {
		c.AS4.TLS.Clients, c.AS4.TLS.ClientTrust = "require", []settings.Path{settings.Path(n.dir + "/clients.pem")}
	})
	public, _, _ := n.ap.Addresses()
	for _, c := range []struct {
		name  string
		shown []tls.Certificate
		taken bool
	}{{"known", []tls.Certificate{known}, true}, {"none", nil, false}, {"unknown", []tls.Certificate{unknown}, false}, {"of a server", []tls.Certificate{server}, false}} {
		web := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, Certificates: c.shown}}}
		res, err := web.Get("https://" + public.String() + "/as4")
		if (err == nil) != c.taken {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil {
			res.Body.Close()
		}
	}
}

// TestAccountByCertificate lets a back end in by its TLS client certificate alone.
func TestAccountByCertificate(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	pair, certificate := client(t)
	n.start(func(c *settings.Config) {
		c.Backend.TLS.Certificate, c.Backend.TLS.Key, c.Backend.TLS.Clients = c.AS4.TLS.Certificate, c.AS4.TLS.Key, "request"
	})
	parsed, err := parseCertificates(certificate)
	if err != nil {
		t.Fatal(err)
	}
	err = n.ap.Backend.PutAccount(t.Context(), backend.Account{Name: "broker", Certificate: backend.CertificateName(parsed[0]), Role: backend.Admin})
	if err != nil {
		t.Fatal(err)
	}
	_, internal, _ := n.ap.Addresses()
	for status, shown := range map[int][]tls.Certificate{http.StatusOK: {pair}, http.StatusUnauthorized: nil} {
		web := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, Certificates: shown}}}
		res, err := web.Get("https://" + internal.String() + "/backend/v1/messages")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != status {
			t.Errorf("status %d, want %d", res.StatusCode, status)
		}
	}
}

// TestNotReady fails the checks one by one.
func TestNotReady(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(nil)
	a, now := n.ap, time.Now()
	failed := func(c Check, word string) {
		t.Helper()
		if c.Status != Failed || !strings.Contains(c.Detail, word) {
			t.Errorf("%+v, want one that fails with %q", c, word)
		}
	}
	failed(a.dated("keys", now.AddDate(3, 0, 0), a.certificates()), "message AP_AT_01 ended on")
	failed(a.checkCertificates(now.AddDate(2, 0, 0)), "as4.tls ended on")
	if c := a.checkCertificates(now.AddDate(0, 0, 390)); c.Status != Warning || !strings.Contains(c.Detail, "ends in") {
		t.Errorf("a week before the end: %+v", c)
	}
	full := &AccessPoint{Config: a.Config}
	full.Config.Data.Least = 1 << 60
	failed(full.checkDisk(), "fewer than 1048576TiB")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if c := a.checkDatabase(ctx, now); c.Status != OK {
		t.Errorf("a caller that goes away is no fault of the database: %+v", c)
	}
	closed := begin(t, "EL")
	closed.open()
	closed.ap.Store.Close()
	failed(closed.ap.checkDatabase(t.Context(), now), "does not take what is written")
	if r := closed.ap.health.look(t.Context()); r.Status != "not ready" {
		t.Errorf("%+v", r)
	}
	closed.ap.Close()
}

// TestPModesOfAnother takes up what another process puts in force.
func TestPModesOfAnother(t *testing.T) {
	t.Parallel()
	n, el := begin(t, "AT"), begin(t, "EL")
	n.start(func(c *settings.Config) { c.PModes.Poll = settings.Duration(20 * time.Millisecond) })
	introduce(t, n, el)
	db, err := OpenStore(t.Context(), n.config(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	archive, err := OpenArchive(n.config(nil), db, clock.System())
	if err != nil {
		t.Fatal(err)
	}
	p, err := archive.Propose(t.Context(), n.read("pmodes.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Activate(t.Context(), p, pmodes.Act{Actor: "operator"}); err != nil {
		t.Fatal(err, worst(p.Findings))
	}
	n.until("version 2", func() bool {
		_, text := n.get("/metrics")
		return strings.Contains(text, "oots_pmodes_version 2")
	})
	if got := len(n.ap.modes.PModes().Peers); got != 2 {
		t.Errorf("%d partners", got)
	}
}

// TestExamine says what is wrong with the files that a configuration names.
func TestExamine(t *testing.T) {
	t.Parallel()
	n, el := begin(t, "AT"), begin(t, "EL")
	variables := map[string]string{}
	examined := func(change func(*settings.Config)) string {
		t.Helper()
		f, found, err := settings.ReadFile(n.made.Config)
		if f == nil {
			t.Fatal(found, err)
		}
		f.Config.Data.Least = 0
		change(&f.Config)
		var out []string
		for _, x := range examine(f, time.Now(), func(name string) string { return variables[name] }) {
			out = append(out, x.String())
		}
		return strings.Join(out, "\n")
	}
	if got := examined(func(*settings.Config) {}); got != "" {
		t.Errorf("what Begin makes: %s", got)
	}
	n.write("broken.yaml", []byte("party: AP_AT_01\nfoo: 1\n"))
	alone := skeleton("AP_AT_01", "https://127.0.0.1/as4")
	alone.Parties = append(alone.Parties, configuration.Party{Name: "AP_XX_01", Endpoint: "https://x.example", Identifiers: []configuration.Identifier{{PartyID: "AP_XX_01", PartyIDType: "oots"}}})
	alone.Processes[0].Responders = append(alone.Processes[0].Responders, configuration.Reference{Name: "AP_XX_01"})
	n.write("stranger.yaml", configuration.Append(nil, alone, nil, configuration.YAML))
	n.write("other.key.pem", el.read("tls/server.key.pem"))
	for _, c := range []struct {
		name, want string
		change     func(*settings.Config)
	}{
		{"key of another", "error: as4.tls.certificate: ", func(c *settings.Config) { c.AS4.TLS.Key = settings.Path(n.dir + "/other.key.pem") }},
		{"certificate for messages as that of a server", "extended key usage lacks serverAuth [TDD 3.7 §3.5]", func(c *settings.Config) {
			c.AS4.TLS.Certificate, c.AS4.TLS.Key = c.Keys.Own[0].File, c.Keys.Own[0].Key
		}},
		{"TLS key for messages", "there is no RSA key in it", func(c *settings.Config) {
			c.Keys.Own[0] = settings.Own{File: c.AS4.TLS.Certificate, Key: c.AS4.TLS.Key}
		}},
		{"P-Modes with a fault", "broken.yaml: line 2: error: ", func(c *settings.Config) { c.PModes.File = settings.Path(n.dir + "/broken.yaml") }},
		{"partner without certificate", "it has no certificate, so it is left out; try partial: true", func(c *settings.Config) { c.PModes.File = settings.Path(n.dir + "/stranger.yaml") }},
		{"folder of partners missing", "error: partners.stores[1]: ", func(c *settings.Config) { c.Partners.Stores = []settings.Path{"/nowhere"} }},
		{"trust missing", "error: as4.trust: ", func(c *settings.Config) { c.AS4.Trust = []settings.Path{"/nowhere"} }},
		{"same port", "is that of as4.listen", func(c *settings.Config) { c.Monitor.Listen = c.AS4.Listen }},
		{"proxy of messages", "warning: as4.proxy: connections go through http://proxy.example:3128", func(c *settings.Config) { c.AS4.Proxy = "http://proxy.example:3128" }},
		{"proxy with a path", "error: backend.proxy: it is no address of a proxy", func(c *settings.Config) { c.Backend.Proxy = "https://proxy.example/x" }},
		{"mail without receivers", "error: alerts.mail: ", func(c *settings.Config) { c.Alerts.Mail.Server = "mail.example" }},
		{"webhook without secret", "a webhook needs a secret of at least 16 bytes", func(c *settings.Config) {
			c.Backend.Notices = []settings.Notice{{Name: "x", URL: "https://x.example", Form: "webhook", Kinds: []string{"DELETED"}}}
		}},
		{"unknown notice", `unknown kind "ALL"`, func(c *settings.Config) {
			c.Backend.Notices = []settings.Notice{{Name: "x", URL: "https://x.example", Form: "soap", Kinds: []string{"ALL"}}}
		}},
	} {
		if got := examined(c.change); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	variables["HTTPS_PROXY"] = "http://proxy.example:3128"
	if got := examined(func(*settings.Config) {}); !strings.Contains(got, "HTTPS_PROXY of the environment does not count") {
		t.Errorf("a proxy of the environment: %s", got)
	}
}

// TestRequests for certificates ask for what the certificates of Begin are. [TDD 3.7 §3.5]
func TestRequests(t *testing.T) {
	t.Parallel()
	n := begin(t, "EL")
	for name, want := range map[string]string{"handover/server.csr.pem": "CN=127.0.0.1,C=GR", "handover/AP_EL_01.csr.pem": "CN=AP_EL_01,C=GR"} {
		block, _ := pem.Decode(n.read(name))
		r, err := x509.ParseCertificateRequest(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.CheckSignature(); err != nil || r.Subject.String() != want {
			t.Errorf("%s: %s %v", name, r.Subject, err)
		}
		extended := false
		for _, e := range r.Extensions {
			extended = extended || e.Id.String() == "2.5.29.37"
		}
		if server := name == "handover/server.csr.pem"; extended != server || server != (len(r.IPAddresses) == 1) {
			t.Errorf("%s: extended key usage %v, addresses %v", name, extended, r.IPAddresses)
		}
	}
	if _, err := Begin(Beginning{Country: "EL", Host: "127.0.0.1", Dir: n.dir, Now: time.Now()}); err == nil {
		t.Error("files were overwritten")
	}
}
