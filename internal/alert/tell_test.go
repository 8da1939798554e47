package alert_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"oots/internal/alert"
	"oots/internal/backend/rest"
)

var raised = alert.Message{ID: "6f9619ff-8b86-4d01-b42d-00c04fc964ff", Alert: alert.Alert{ID: "a", Kind: alert.PartnerDown, Subject: "AP_EL\r\nBcc: x@y.test", Value: 5, Limit: 3, Raised: start}}

// mailServer speaks as much SMTP as a client needs, and writes down what it gets.
func mailServer(t *testing.T, certificate *tls.Certificate) (address string, got chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	got = make(chan string, 1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go converse(c, certificate, got)
		}
	}()
	return l.Addr().String(), got
}

func converse(c net.Conn, certificate *tls.Certificate, got chan<- string) {
	defer func() { c.Close() }()
	r := bufio.NewReader(c)
	fmt.Fprint(c, "220 mail.test\r\n")
	said := ""
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		said += line
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO":
			if _, encrypted := c.(*tls.Conn); !encrypted && certificate != nil {
				fmt.Fprint(c, "250-mail.test\r\n250 STARTTLS\r\n")
			} else {
				fmt.Fprint(c, "250-mail.test\r\n250 AUTH PLAIN\r\n")
			}
		case "STARTTLS":
			fmt.Fprint(c, "220 go on\r\n")
			c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{*certificate}})
			r, said = bufio.NewReader(c), "encrypted\n"
		case "AUTH":
			fmt.Fprint(c, "235 welcome\r\n")
		case "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			for {
				line, err := r.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				said += line
			}
			fmt.Fprint(c, "250 taken\r\n")
		case "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			got <- said
			return
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

func serverPair(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"mail.test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(made)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// TestMail sends over STARTTLS, logs in, and lets no text of an alert become a header.
func TestMail(t *testing.T) {
	t.Parallel()
	pair, roots := serverPair(t)
	address, got := mailServer(t, &pair)
	m := &alert.Mail{Host: "mail.test", From: "oots <oots@example.test>", To: []string{"night@example.test", "day@example.test"}, Username: "oots", Password: "tiger", Node: "AP of Austria",
		TLS: &tls.Config{RootCAs: roots}, Now: func() time.Time { return start },
		Dial: func(ctx context.Context, network, to string) (net.Conn, error) {
			if to != "mail.test:587" {
				t.Errorf("dialled %s", to)
			}
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}}
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	if err := m.Tell(t.Context(), raised); err != nil {
		t.Fatal(err)
	}
	said := <-got
	envelope, text, _ := strings.Cut(said, "DATA\r\n")
	if !strings.HasPrefix(envelope, "encrypted\n") || strings.Count(envelope, "RCPT TO") != 2 || strings.Contains(envelope, "tiger") {
		t.Errorf("envelope %q", envelope)
	}
	read, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if read.Header.Get("Bcc") != "" || !strings.Contains(read.Header.Get("Subject"), "[AP of Austria] partner AP_EL") || read.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("header %v", read.Header)
	}
	body, _ := io.ReadAll(read.Body)
	if !strings.Contains(string(body), "Figure: 5 (limit 3)") || !strings.Contains(string(body), "State: raised") {
		t.Errorf("body %s", body)
	}
}

// TestMailUnsafe sends nothing to a server without STARTTLS, or with a certificate that it does not trust.
func TestMailUnsafe(t *testing.T) {
	t.Parallel()
	pair, _ := serverPair(t)
	for _, certificate := range []*tls.Certificate{nil, &pair} {
		address, got := mailServer(t, certificate)
		m := &alert.Mail{Host: "mail.test", From: "oots@example.test", To: []string{"night@example.test"}, Username: "oots", Password: "tiger", Now: func() time.Time { return start },
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, address)
			}}
		if err := m.Tell(t.Context(), raised); err == nil || strings.Contains(err.Error(), "tiger") {
			t.Errorf("%v", err)
		}
		select {
		case said := <-got:
			t.Errorf("sent %q", said)
		default:
		}
	}
}

// TestWebhook signs as the interface for back ends does, follows no redirect, and is strict about its configuration.
func TestWebhook(t *testing.T) {
	t.Parallel()
	secret := []byte("a secret of some length")
	status := http.StatusNoContent
	var body []byte
	var signature string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		signature = r.Header.Get(rest.SignatureHeader)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	defer server.Close()
	h := &alert.Webhook{URL: server.URL, Secret: secret, Node: "at", Client: server.Client(), Now: func() time.Time { return start }}
	if err := h.Check(); err != nil {
		t.Fatal(err)
	}
	if err := h.Tell(t.Context(), raised); err != nil {
		t.Fatal(err)
	}
	var e map[string]any
	if err := json.Unmarshal(body, &e); err != nil || e["type"] != "ALERT_RAISED" || e["kind"] != "partner down" || e["value"] != 5.0 || e["id"] != raised.ID {
		t.Errorf("%s %v", body, err)
	}
	if signature != rest.Sign(secret, start, body) {
		t.Errorf("signature %s", signature)
	}
	for _, status = range []int{302, 400, 503} {
		if err := h.Tell(t.Context(), raised); err == nil {
			t.Errorf("status %d counts as taken", status)
		}
	}
	for _, wrong := range []alert.Webhook{{URL: "http://hooks.example.test/", Secret: secret}, {URL: "https://hooks.example.test/", Secret: []byte("short")}, {URL: "hooks", Secret: secret}} {
		wrong.Client, wrong.Now = server.Client(), h.Now
		if wrong.Check() == nil {
			t.Errorf("%s is accepted", wrong.URL)
		}
	}
}
