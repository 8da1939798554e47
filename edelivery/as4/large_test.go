package as4

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
)

const (
	gib = 1 << 30
	// maxPeak is how much memory each of the two processes may ever hold, in kB.
	maxPeak = 128 << 10
)

// TestGiB sends a payload of 1 GiB from one process to another over HTTP, and asks the kernel how much memory
// each of them held at most. It takes a minute and 3 GiB of disk: OOTS_LARGE=1 runs it.
func TestGiB(t *testing.T) {
	if os.Getenv("OOTS_LARGE") != "1" {
		t.Skip("OOTS_LARGE is not 1")
	}
	for _, mediaType := range []string{"application/pdf", "application/x-ebrs+xml"} {
		t.Run(mediaType, func(t *testing.T) {
			dir := t.TempDir()
			writeIdentity(t, dir, "el", people().el)
			writeIdentity(t, dir, "at", people().at)
			receiving := startRole(t, "receiver", dir, mediaType, "")
			url := receiving.value(t, "url")
			start := time.Now()
			sending := startRole(t, "sender", dir, mediaType, url)
			sent, sentPeak := sending.value(t, "sha256"), sending.value(t, "peak")
			elapsed := time.Since(start)
			got, gotPeak := receiving.value(t, "sha256"), receiving.value(t, "peak")
			t.Logf("%s: %.1f s, sender at most %s kB, receiver at most %s kB", mediaType, elapsed.Seconds(), sentPeak, gotPeak)
			if sent != got {
				t.Errorf("sent %s, received %s", sent, got)
			}
			for _, peak := range []string{sentPeak, gotPeak} {
				if n, err := strconv.Atoi(peak); err != nil || n > maxPeak {
					t.Errorf("peak of %s kB, want at most %d", peak, maxPeak)
				}
			}
		})
	}
}

// A role is the other process of TestGiB.
type role struct{ out *bufio.Scanner }

func startRole(t *testing.T, name, dir, mediaType, url string) role {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestGiBRole$", "-test.v")
	c.Env = append(os.Environ(), "OOTS_LARGE_ROLE="+name, "OOTS_LARGE_DIR="+dir, "OOTS_LARGE_TYPE="+mediaType, "OOTS_LARGE_URL="+url)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	return role{bufio.NewScanner(out)}
}

// value waits for a line "key=value" of the process.
func (r role) value(t *testing.T, key string) string {
	t.Helper()
	for r.out.Scan() {
		if v, ok := strings.CutPrefix(r.out.Text(), key+"="); ok {
			return v
		}
		t.Log(r.out.Text())
	}
	t.Fatalf("no %s", key)
	return ""
}

// TestGiBRole is what the processes of TestGiB run.
func TestGiBRole(t *testing.T) {
	dir, mediaType := os.Getenv("OOTS_LARGE_DIR"), os.Getenv("OOTS_LARGE_TYPE")
	switch os.Getenv("OOTS_LARGE_ROLE") {
	case "sender":
		sendGiB(t, dir, mediaType, os.Getenv("OOTS_LARGE_URL"))
	case "receiver":
		receiveGiB(t, dir)
	default:
		t.Skip("only within TestGiB")
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Printf("\npeak=%s\n", strings.Fields(peak)[0])
}

func sendGiB(t *testing.T, dir, mediaType, url string) {
	el, at := readIdentity(t, dir, "el"), readIdentity(t, dir, "at")
	spool := &fileSpool{dir: t.TempDir()}
	payload := Payload{ContentID: "1@x", MimeType: mediaType, Compress: true, Content: noise{gib}}
	e, err := Pack(message(), []Payload{payload}, el, party("AT", at), spool)
	if err != nil {
		t.Fatal(err)
	}
	status, ct, answer, _, err := Post(context.Background(), http.DefaultClient, url, e)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadSignal(ct, bytes.NewReader(answer), party("AT", at))
	if err != nil {
		t.Fatal(status, err)
	}
	if err := CheckReceipt(s, message().MessageID, e.References); err != nil {
		t.Fatal(status, err, s.Errors)
	}
	fmt.Printf("\nsha256=%s\n", sum(t, payload.Content))
}

func receiveGiB(t *testing.T, dir string) {
	r, el, at := receiver(), readIdentity(t, dir, "el"), readIdentity(t, dir, "at")
	r.Self, r.PModes.Self, r.PModes.Peers = []wssec.Identity{at}, party("AT", at), []pmode.Party{party("EL", el)}
	r.Spool = &fileSpool{dir: t.TempDir()}
	received := make(chan *Received)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		in, err := r.Receive(req.Header.Get("Content-Type"), req.Body)
		if err != nil {
			t.Error(err)
			close(received)
			return
		}
		receipt, err := Receipt(in, "receipt@x", r.now(), at)
		if err != nil {
			t.Error(err)
			return
		}
		w.Header().Set("Content-Type", receipt.ContentType)
		receipt.WriteTo(w)
		go func() { received <- in }()
	}))
	defer server.Close()
	fmt.Printf("\nurl=%s\n", server.URL)
	in := <-received
	if in == nil {
		return
	}
	fmt.Printf("\nsha256=%s\n", sum(t, in.Payloads[0].Content))
}

func sum(t *testing.T, c Content) string {
	r, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	h := sha256.New()
	if n, err := io.Copy(h, r); err != nil || n != c.Size() {
		t.Fatal(n, err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// noise is content that compresses to about three quarters and costs no memory: random digits of 64.
type noise struct{ size int64 }

func (n noise) Size() int64 { return n.size }
func (n noise) Open() (io.ReadCloser, error) {
	return io.NopCloser(io.LimitReader(&digits{r: rand.NewChaCha8([32]byte{7})}, n.size)), nil
}

type digits struct{ r *rand.ChaCha8 }

func (d *digits) Read(b []byte) (int, error) {
	d.r.Read(b)
	for i := range b {
		b[i] = '0' + b[i]&63
	}
	return len(b), nil
}

func writeIdentity(t *testing.T, dir, name string, id wssec.Identity) {
	t.Helper()
	key, err := x509.MarshalPKCS8PrivateKey(id.Key)
	if err != nil {
		t.Fatal(err)
	}
	for ending, b := range map[string][]byte{".key": key, ".crt": id.Certificate.Raw} {
		if err := os.WriteFile(filepath.Join(dir, name+ending), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func readIdentity(t *testing.T, dir, name string) wssec.Identity {
	t.Helper()
	read := func(ending string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name+ending))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	key, err := x509.ParsePKCS8PrivateKey(read(".key"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(read(".crt"))
	if err != nil {
		t.Fatal(err)
	}
	return wssec.Identity{Key: key.(crypto.Signer), Decrypter: key.(crypto.Decrypter), Certificate: c}
}
