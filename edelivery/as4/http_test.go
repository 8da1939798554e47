package as4

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPost(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	mux := http.NewServeMux()
	mux.HandleFunc("POST /as4", func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/soap+xml")
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, "<answer/>")
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/as4", http.StatusPermanentRedirect)
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		io.Copy(w, strings.NewReader(strings.Repeat("x", maxAnswer+1)))
	})
	server := httptest.NewTLSServer(mux)
	defer server.Close()
	e := &Entity{ContentType: `multipart/related; boundary="B"`, Envelope: []byte("--B--")}

	status, ct, answer, header, err := Post(context.Background(), server.Client(), server.URL+"/as4", e)
	if err != nil {
		t.Fatal(err)
	}
	if status != 500 || ct != "application/soap+xml" || string(answer) != "<answer/>" || header.Get("Content-Type") != ct {
		t.Errorf("%d %s %s", status, ct, answer)
	}
	if !bytes.Equal(body, e.Envelope) || got.ContentLength != e.Length() || len(got.TransferEncoding) != 0 {
		t.Errorf("body %q, length %d, %v", body, got.ContentLength, got.TransferEncoding)
	}
	if got.Header.Get("Content-Type") != e.ContentType || got.UserAgent() != "oots" || got.Header.Get("SOAPAction") != "" || got.Header.Get("Accept-Encoding") != "identity" {
		t.Errorf("header %v", got.Header)
	}

	got = nil
	if status, _, _, _, err = Post(context.Background(), server.Client(), server.URL+"/moved", e); err != nil || status != 308 || got != nil {
		t.Errorf("redirect: %d, %v, followed %v", status, err, got != nil)
	}
	if _, _, _, _, err = Post(context.Background(), server.Client(), server.URL+"/large", e); err == nil {
		t.Error("a large answer is read")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, _, _, err = Post(ctx, server.Client(), server.URL+"/as4", e); err == nil {
		t.Error("sent although cancelled")
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	c := TLS()
	if c.MinVersion != tls.VersionTLS12 || c.InsecureSkipVerify || len(c.CipherSuites) != 4 {
		t.Errorf("%+v", c)
	}
	for _, id := range c.CipherSuites {
		if name := tls.CipherSuiteName(id); !strings.HasPrefix(name, "TLS_ECDHE_") || !strings.Contains(name, "_GCM_") {
			t.Errorf("suite %s", name)
		}
	}
}
