package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"oots/directory"
	"oots/directory/discovery"
	"oots/directory/jades"
	"oots/internal/clock"
	"oots/internal/corpus"
	"oots/internal/demo"
	"oots/internal/dsd"
	"oots/internal/eb"
	"oots/internal/pki"
)

// demoSource is the demonstration's catalogue.
type demoSource struct{ c *directory.Catalogue }

func (s demoSource) Catalogue() *directory.Catalogue { return s.c }

// startDirectories runs both directories over TLS with the demonstration's catalogue, and a name server that
// leads AT and EL to them, until the script ends. It sets BASE, DNS and ROOT; the root is that of signatures
// and of the web server.
func startDirectories(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: directories")
	}
	catalogue, err := demo.Catalogue()
	ts.Check(err)
	authority, err := pki.Open(ts.MkAbs("pki"), time.Now())
	ts.Check(err)
	pair, err := authority.DirectorySigner("directories")
	ts.Check(err)
	signer, err := jades.NewSigner(pair.Key, []*x509.Certificate{pair.Certificate, authority.Root()}, time.Now())
	ts.Check(err)
	web, err := authority.Server("web", "localhost", "127.0.0.1")
	ts.Check(err)
	log := slog.New(slog.DiscardHandler)
	source := demoSource{&catalogue}
	mux := http.NewServeMux()
	mux.Handle("/eb/", eb.New(eb.Deps{Source: source, Signer: signer, Clock: clock.System(), Log: log}))
	mux.Handle("/dsd/", dsd.New(dsd.Deps{Source: source, Signer: signer, Clock: clock.System(), Log: log}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	base := "https://localhost:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	server := &http.Server{Handler: mux, TLSConfig: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{web.Certificate.Raw}, PrivateKey: web.Key}}}}
	go server.ServeTLS(l, "", "")
	ts.Defer(func() { server.Close() })

	places := make(map[discovery.Where]string)
	for _, country := range []string{"AT", "EL"} {
		places[discovery.Where{Service: directory.EvidenceBroker, Country: country}] = base + "/eb/"
		places[discovery.Where{Service: directory.DataServiceDirectory, Country: country}] = base + "/dsd/"
	}
	zone, err := discovery.NewZone(discovery.Testing, places, "localhost", time.Hour, 1)
	ts.Check(err)
	names, err := discovery.Listen("127.0.0.1:0", zone, log)
	ts.Check(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- names.Serve(ctx) }()
	ts.Defer(func() { stop(); <-ended })
	ts.Setenv("BASE", base)
	ts.Setenv("DNS", names.Addr())
	ts.Setenv("ROOT", authority.RootFile())
}

// startMirror runs "oots cs serve-mirror" with args until the script ends, and sets MIRROR to where it listens.
func startMirror(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("a mirror cannot be negated")
	}
	args[0] = ts.MkAbs(args[0])
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- Main(ctx, append([]string{"cs", "serve-mirror", "--listen", "127.0.0.1:0", "--keys", filepath.Join(ts.MkAbs("."), "keys")}, args...), w, os.Stderr)
		w.Close()
	}()
	ts.Defer(func() {
		cancel()
		if code := <-done; code != exitDone {
			ts.Logf("the mirror ended with %d", code)
		}
	})
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if url, found := strings.CutPrefix(lines.Text(), "Listening on "); found {
			ts.Setenv("MIRROR", strings.TrimSuffix(url, "/"))
			go io.Copy(io.Discard, r)
			return
		}
	}
	ts.Fatalf("the mirror does not listen")
}

// TestVerifyCaptured verifies what the acceptance environment really answered, under its root and another.
func TestVerifyCaptured(t *testing.T) {
	t.Parallel()
	const dir = "common-services/oots-france/"
	files, err := filepath.Glob(filepath.Join(corpus.Path(t, dir+"responses"), "*.xml"))
	if err != nil || len(files) != 7 {
		t.Fatalf("%d captured answers", len(files))
	}
	for _, body := range files {
		run := func(root string, want int, says string) {
			t.Helper()
			var out, errs bytes.Buffer
			args := []string{"cs", "verify", "--at", "2026-08-01T00:00:00Z", "--root", corpus.Path(t, dir+"trust-anchors/"+root), body, strings.TrimSuffix(body, ".xml") + ".headers"}
			if code := Main(context.Background(), args, &out, &errs); code != want || !strings.Contains(out.String(), says) {
				t.Errorf("%s: exit %d, want %d\n%s%s", filepath.Base(body), code, want, &out, &errs)
			}
		}
		run("services_communs_acc.pem", exitDone, "EC-OOTS-CS-ACC")
		run("services_communs_prod.pem", exitNo, "step 7")
	}
}
