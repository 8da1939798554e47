package wssec

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/internal/corpus"
	"oots/xml/xmltree"
)

// ours and theirs are two parties, made once.
var (
	ours   = sync.OnceValue(func() Identity { return newIdentity("AP_AA_01", 2048) })
	theirs = sync.OnceValue(func() Identity { return newIdentity("AP_BB_01", 2048) })
)

func newIdentity(name string, bits int) Identity {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	serial, _ := new(big.Int).SetString("00c0ffee00000000000000000000000000000001", 16)
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{Country: []string{"AT"}, Organization: []string{`Größwang, "Amt" + Söhne`}, CommonName: name},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2046, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return Identity{Key: key, Decrypter: key, Certificate: c}
}

const plainEnvelope = `<?xml version="1.0" encoding="UTF-8"?>
<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:unused="urn:unused"><env:Header><eb:Messaging xmlns:eb="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" env:mustUnderstand="true" wsu:Id="_m"><eb:UserMessage>Größe &amp; co</eb:UserMessage></eb:Messaging></env:Header><env:Body xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" wsu:Id="_b"/></env:Envelope>`

func attachments() []attachment {
	return []attachment{
		{ContentID: "one@a.example", MediaType: "application/gzip", Content: []byte{0x1f, 0x8b, 0, 1, 2, 3}},
		{ContentID: "two@a.example", MediaType: "text/xml; charset=UTF-8", Content: []byte("<a  b='1'\r\n/>")},
		{ContentID: "three@a.example", MediaType: "Text/Plain", Content: []byte("a\nb\r\nc\rd")},
		{ContentID: "four@a.example", MediaType: "application/octet-stream", Content: nil},
	}
}

func secure(t testing.TB, o Options, atts ...attachment) ([]byte, []attachment, []Reference) {
	t.Helper()
	secured, out, refs, err := secureWhole([]byte(plainEnvelope), atts, ours(), theirs().Certificate, o)
	if err != nil {
		t.Fatal(err)
	}
	return secured, out, refs
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, by := range []KeyReference{ByToken, BySubjectKeyID, ByIssuerSerial, ByThumbprint} {
		t.Run(fmt.Sprint(by), func(t *testing.T) {
			plain := attachments()
			secured, sealed, sent := secure(t, Options{EncryptTo: by}, plain...)
			for i, a := range sealed {
				if a.ContentID != plain[i].ContentID || a.MediaType != "application/octet-stream" || len(a.Content) != len(plain[i].Content)+28 {
					t.Errorf("sealed %+v", a)
				}
			}
			// The other key comes first: the reference must choose, not the order.
			v, opened, err := receive(secured, sealed, Policy{}, ours(), theirs())
			if err != nil {
				t.Fatal(err)
			}
			if !v.Signer.Equal(ours().Certificate) || v.Messaging.Text() != "" || v.Messaging.Value() != "" || v.Body.Name.Local != "Body" {
				t.Errorf("%+v", v)
			}
			for i, a := range opened {
				if !bytes.Equal(a.Content, plain[i].Content) || a.MediaType != plain[i].MediaType || a.ContentID != plain[i].ContentID {
					t.Errorf("opened %+v", a)
				}
			}
			if len(sent) != 2+len(plain) || len(v.References) != len(sent) {
				t.Fatalf("%d references sent, %d received", len(sent), len(v.References))
			}
			for i := range sent {
				if !reflect.DeepEqual(sent[i], v.References[i]) || sent[i].DigestValue == "" {
					t.Errorf("sent     %+v\nreceived %+v", sent[i], v.References[i])
				}
			}
		})
	}
}

// TestFallbackKeys holds that a key reference nobody knows leads to trying the keys, and that a message for
// somebody else does not open.
func TestFallbackKeys(t *testing.T) {
	t.Parallel()
	secured, sealed, _ := secure(t, Options{EncryptTo: ByThumbprint}, attachments()...)
	sum := sha1.Sum(theirs().Certificate.Raw)
	blind := bytes.Replace(secured, []byte(base64.StdEncoding.EncodeToString(sum[:])), []byte("AAAAAAAAAAAAAAAAAAAAAAAAAAA="), 1)
	if bytes.Equal(blind, secured) {
		t.Fatal("nothing changed")
	}
	if _, _, err := receive(blind, sealed, Policy{}, ours(), theirs()); err != nil {
		t.Error(err)
	}
	if _, _, err := receive(secured, sealed, Policy{}, ours()); code(err) != FailedDecryption {
		t.Error(err)
	}
	if _, _, err := receive(secured, sealed, Policy{}); code(err) != FailedDecryption {
		t.Error(err)
	}
}

func TestSignal(t *testing.T) {
	t.Parallel()
	secured, out, refs, err := secureWhole([]byte(plainEnvelope), nil, ours(), nil, Options{})
	if err != nil || out != nil || len(refs) != 2 {
		t.Fatal(out, refs, err)
	}
	if bytes.Contains(secured, []byte("Encrypted")) {
		t.Error("a signal with encryption elements")
	}
	if _, _, err := receive(secured, nil, Policy{}); err != nil {
		t.Error(err)
	}
}

// TestLayout holds the order of the security header that peers expect. [AS4 1.15 §7.1]
func TestLayout(t *testing.T) {
	t.Parallel()
	n := 0
	secured, _, _ := secure(t, Options{ID: func() string { n++; return fmt.Sprint(n) }}, attachments()[:2]...)
	doc, err := xmltree.Parse(secured, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	env, err := locate(doc)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for e := range env.security.Elements() {
		id, ok := e.Attr("", "Id")
		if !ok {
			id, _ = e.Attr(nsWSU, "Id")
		}
		order = append(order, e.Name.Local+" "+id)
	}
	want := "BinarySecurityToken X509-4, EncryptedKey EK-1, EncryptedData ED-2, EncryptedData ED-3, BinarySecurityToken X509-5, Signature SIG-6"
	if got := strings.Join(order, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if must, _ := env.security.Attr(nsSOAP, "mustUnderstand"); must != "true" {
		t.Error("mustUnderstand is missing")
	}
	before, after, _ := strings.Cut(plainEnvelope, "</env:Header>")
	if !bytes.HasPrefix(secured, []byte(before)) || !bytes.HasSuffix(secured, []byte("</env:Header>"+after)) {
		t.Error("the envelope around the header changed")
	}
}

// TestDefaultNamespace secures an envelope whose SOAP elements have no prefix.
func TestDefaultNamespace(t *testing.T) {
	t.Parallel()
	text := `<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Header><eb:Messaging xmlns:eb="` + nsEBMS + `" xmlns:u="` + nsWSU + `" u:Id="m"/></Header><Body xmlns:u="` + nsWSU + `" u:Id="b"></Body></Envelope>`
	secured, _, _, err := secureWhole([]byte(text), nil, ours(), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := receive(secured, nil, Policy{}); err != nil {
		t.Error(err)
	}
}

func TestSecureRefuses(t *testing.T) {
	t.Parallel()
	secured, _, _ := secure(t, Options{})
	one := attachments()[:1]
	for _, tc := range []struct {
		name      string
		envelope  string
		atts      []attachment
		signer    Identity
		recipient *x509.Certificate
	}{
		{"no key", plainEnvelope, nil, Identity{Certificate: ours().Certificate}, nil},
		{"another key", plainEnvelope, nil, Identity{Key: theirs().Key, Certificate: ours().Certificate}, nil},
		{"no recipient", plainEnvelope, one, ours(), nil},
		{"two attachments of one name", plainEnvelope, append(one, one...), ours(), theirs().Certificate},
		{"attachment without name", plainEnvelope, []attachment{{}}, ours(), theirs().Certificate},
		{"broken XML attachment", plainEnvelope, []attachment{{ContentID: "x", MediaType: "text/xml", Content: []byte("<")}}, ours(), theirs().Certificate},
		{"secured already", string(secured), nil, ours(), nil},
		{"no id", strings.Replace(plainEnvelope, ` wsu:Id="_b"`, "", 1), nil, ours(), nil},
		{"no envelope", "<a/>", nil, ours(), nil},
		{"no XML", "<", nil, ours(), nil},
	} {
		if out, _, _, err := secureWhole([]byte(tc.envelope), tc.atts, tc.signer, tc.recipient, Options{}); err == nil || out != nil {
			t.Errorf("%s: accepted", tc.name)
		}
	}
}

// TestXMLSec1 has a second implementation verify a signal of ours.
func TestXMLSec1(t *testing.T) {
	xmlsec1 := corpus.Tool(t, "xmlsec1")
	t.Parallel()
	secured, _, _, err := secureWhole([]byte(plainEnvelope), nil, ours(), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	pub, err := x509.MarshalPKIXPublicKey(ours().Certificate.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	verify := func(envelope []byte) error {
		name, key := filepath.Join(dir, "signal.xml"), filepath.Join(dir, "key.pem")
		if err := os.WriteFile(name, envelope, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pub}), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(xmlsec1, "--verify", "--id-attr:Id", nsEBMS+":Messaging", "--id-attr:Id", nsSOAP+":Body", "--pubkey-pem", key, name).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		return nil
	}
	if err := verify(secured); err != nil {
		t.Errorf("xmlsec1 refuses: %v", err)
	}
	if err := verify(bytes.Replace(secured, []byte("Größe"), []byte("Grösse"), 1)); err == nil {
		t.Error("xmlsec1 accepts a changed signal: the test proves nothing")
	}
}

// TestPKIPath reads a path, leaf last.
func TestPKIPath(t *testing.T) {
	t.Parallel()
	secured, sealed, _ := secure(t, Options{EncryptTo: ByThumbprint}, attachments()...)
	path, err := asn1.Marshal([]asn1.RawValue{{FullBytes: theirs().Certificate.Raw}, {FullBytes: ours().Certificate.Raw}})
	if err != nil {
		t.Fatal(err)
	}
	single := base64.StdEncoding.EncodeToString(ours().Certificate.Raw)
	text := strings.Replace(string(secured), single, base64.StdEncoding.EncodeToString(path), 1)
	text = strings.ReplaceAll(text, tokenX509, tokenPKIPath)
	v, _, err := receive([]byte(text), sealed, Policy{}, theirs())
	if err != nil {
		t.Fatal(err)
	}
	if !v.Signer.Equal(ours().Certificate) || len(v.Chain) != 2 || !v.Chain[1].Equal(theirs().Certificate) {
		t.Errorf("chain %v", v.Chain)
	}
	for _, bad := range []string{"MAA=", "AAAA", base64.StdEncoding.EncodeToString(append(path, 0))} {
		text := strings.Replace(text, base64.StdEncoding.EncodeToString(path), bad, 1)
		if _, _, err := receive([]byte(text), sealed, Policy{}, theirs()); code(err) != FailedAuthentication {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestKeySizes refuses keys that are weak, and keys that are there to burn time.
func TestKeySizes(t *testing.T) {
	t.Parallel()
	short := newIdentity("AP_CC_01", 1024)
	secured, _, _, err := secureWhole([]byte(plainEnvelope), nil, short, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := receive(secured, nil, Policy{}); code(err) != FailedAuthentication {
		t.Errorf("a key of 1024 bits: %v", err)
	}
	n := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 200_000), big.NewInt(1))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "AP_DD_01"}}
	der, err := x509.CreateCertificate(rand.Reader, template, ours().Certificate, &rsa.PublicKey{N: n, E: 65537}, ours().Key)
	if err != nil {
		t.Fatal(err)
	}
	secured, _, _, err = secureWhole([]byte(plainEnvelope), nil, ours(), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Replace(string(secured), tokenOf(ours()), base64.StdEncoding.EncodeToString(der), 1)
	if _, _, err := receive([]byte(long), nil, Policy{}); code(err) != FailedAuthentication || !strings.Contains(err.Error(), "too long") {
		t.Errorf("a key of 200000 bits: %v", err)
	}
}

func BenchmarkSecure(b *testing.B) {
	atts := []attachment{{ContentID: "one@a.example", MediaType: "application/gzip", Content: make([]byte, 4096)}}
	b.ReportAllocs()
	for b.Loop() {
		secure(b, Options{}, atts...)
	}
}

func BenchmarkVerify(b *testing.B) {
	secured, sealed, _ := secure(b, Options{}, attachment{ContentID: "one@a.example", MediaType: "application/gzip", Content: make([]byte, 4096)})
	doc, err := xmltree.Parse(secured, xmltree.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("header", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Verify(doc, Policy{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := receive(secured, sealed, Policy{}, theirs()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
