package jdk

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
)

var at = time.Date(2026, 9, 14, 8, 30, 0, 512_000_000, time.UTC)

const gateway = "http://sdg.europa.eu/edelivery/gateway"

func identity(t *testing.T, name string) wssec.Identity {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return wssec.Identity{Key: key, Decrypter: key, Certificate: c}
}

func party(name string, id wssec.Identity) pmode.Party {
	return pmode.Party{
		ID: ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:" + name[3:5], Value: name}, Role: gateway,
		URL: "https://localhost:8441/as4", Signing: []*x509.Certificate{id.Certificate}, Encryption: id.Certificate,
	}
}

// signatures are those of a message with payloads, of one without, of its receipt and of an error, each as it is
// and with one thing changed.
func signatures(t *testing.T, dir string) []judgement {
	el, us := identity(t, "el"), identity(t, "at")
	receiver := &as4.Receiver{Self: []wssec.Identity{us}, Now: func() time.Time { return at }, PModes: &pmode.Set{
		Self: party("AP_AT_01", us), Peers: []pmode.Party{party("AP_EL_01", el)},
		Service:    ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "QueryManager"},
		Actions:    []string{"ExecuteQueryRequest", "ExecuteQueryResponse"},
		Properties: pmode.FourCorner(),
	}}
	m := ebms.UserMessage{
		Timestamp: at, MessageID: "3b0f2c1d-5e64-4a87-9c10-7d2e8f9a0b11@ap.example.el",
		From: ebms.Party{ID: receiver.PModes.Peers[0].ID, Role: gateway}, To: ebms.Party{ID: receiver.PModes.Self.ID, Role: gateway},
		Service: receiver.PModes.Service, Action: "ExecuteQueryResponse", ConversationID: "a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22",
		Properties: []ebms.Property{
			{Name: "originalSender", Type: "urn:x", Value: "Επιδεικτικό Μητρώο"},
			{Name: "finalRecipient", Type: "urn:x", Value: "Größwang & <Söhne>\r\n\t"},
		},
	}
	payloads := []as4.Payload{
		{ContentID: "1@ap.example.el", MimeType: "application/x-ebrs+xml", Compress: true, Content: as4.Bytes([]byte("<a>\r\n\tβ</a>"))},
		{ContentID: "2@ap.example.el", MimeType: "application/pdf", Content: as4.Bytes([]byte("%PDF-1.7\r\n\x00\xff"))},
	}
	var out []judgement
	for _, tc := range []struct {
		name     string
		payloads []as4.Payload
	}{{"message", payloads}, {"message without payload", nil}} {
		e, err := as4.Pack(m, tc.payloads, el, receiver.PModes.Self, as4.Memory())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, judge(t, dir, tc.name, e, el, "2026-09-14T08:30:00")...)
		if tc.payloads == nil {
			continue
		}
		in, err := receiver.Receive(e.ContentType, e.Open())
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := as4.Receipt(in, "r@ap.example.at", at, us)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, judge(t, dir, "receipt", receipt, us, "r@ap.example.at")...)
	}
	failure, err := as4.ErrorSignal([]ebms.Error{*ebms.NewError(ebms.DecompressionFailure, "größer als < & >")}, m.MessageID, "e@ap.example.at", at, &us)
	if err != nil {
		t.Fatal(err)
	}
	return append(out, judge(t, dir, "error", failure, us, "e@ap.example.at")...)
}

// judge writes an envelope with what it refers to, good and with the first of text changed.
func judge(t *testing.T, dir, name string, e *as4.Entity, signer wssec.Identity, text string) []judgement {
	t.Helper()
	write := func(file string, b []byte) string {
		path := filepath.Join(dir, strings.ReplaceAll(file, " ", "_"))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cert := write(name+".crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signer.Certificate.Raw}))
	good := write(name+".xml", e.Envelope)
	changed := bytes.Replace(e.Envelope, []byte(text), bytes.ToUpper([]byte(text[:len(text)-1]+"9")), 1)
	if bytes.Equal(changed, e.Envelope) {
		t.Fatalf("%s does not hold %s", name, text)
	}
	bad := write(name+" changed.xml", changed)
	for _, p := range e.Parts {
		content, err := as4.ReadAll(p.Content)
		if err != nil {
			t.Fatal(err)
		}
		write(name+".xml."+p.ContentID, content)
		write(name+" changed.xml."+p.ContentID, append(content, 0))
	}
	return []judgement{
		{name: name, line: "sig\t" + good + "\t" + cert, want: "valid"},
		{name: name + " changed", line: "sig\t" + bad + "\t" + cert, refuse: "invalid #"},
	}
}
