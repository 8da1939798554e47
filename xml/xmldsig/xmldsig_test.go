package xmldsig

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"oots/internal/corpus"
	"oots/xml/c14n"
	"oots/xml/xmltree"
)

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func ecKey(t testing.TB, c elliptic.Curve) *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestSignVerify(t *testing.T) {
	t.Parallel()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name    string
		key     crypto.Signer
		methods []Method
	}{
		{"RSA", rsaKey(), []Method{RSASHA256, RSASHA384, RSASHA512, PSSSHA256, PSSSHA384, PSSSHA512}},
		{"P-256", ecKey(t, elliptic.P256()), []Method{ECDSASHA256, ECDSASHA384, ECDSASHA512}},
		{"P-384", ecKey(t, elliptic.P384()), []Method{ECDSASHA256, ECDSASHA384, ECDSASHA512}},
		{"P-521", ecKey(t, elliptic.P521()), []Method{ECDSASHA256, ECDSASHA384, ECDSASHA512}},
		{"Ed25519", ed, []Method{Ed25519}},
	} {
		all := []Method{RSASHA256, PSSSHA256, ECDSASHA256, Ed25519}
		for _, m := range tc.methods {
			value, err := Sign(tc.key, m, []byte("message"))
			if err != nil {
				t.Fatalf("%s %s: %v", tc.name, m, err)
			}
			if err := Verify(tc.key.Public(), m, []byte("message"), value); err != nil {
				t.Errorf("%s %s: %v", tc.name, m, err)
			}
			if err := Verify(tc.key.Public(), m, []byte("Message"), value); !errors.Is(err, ErrValue) {
				t.Errorf("%s %s, other message: %v", tc.name, m, err)
			}
			for _, bad := range [][]byte{nil, value[1:], append([]byte{0}, value...), append(bytes.Clone(value), 0), bytes.Repeat([]byte{0}, len(value))} {
				if err := Verify(tc.key.Public(), m, []byte("message"), bad); !errors.Is(err, ErrValue) {
					t.Errorf("%s %s, value of %d octets: %v", tc.name, m, len(bad), err)
				}
			}
			for _, other := range all {
				if other == m {
					continue
				}
				if err := Verify(tc.key.Public(), other, []byte("message"), value); err == nil {
					t.Errorf("%s: a value of %s passes as %s", tc.name, m, other)
				}
			}
		}
		for _, unknown := range []Method{"", "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"} {
			if _, err := Sign(tc.key, unknown, nil); !errors.Is(err, ErrMethod) {
				t.Errorf("%s signs with %q: %v", tc.name, unknown, err)
			}
			if err := Verify(tc.key.Public(), unknown, nil, nil); !errors.Is(err, ErrMethod) {
				t.Errorf("%s verifies with %q: %v", tc.name, unknown, err)
			}
		}
	}
	if _, err := Sign(rsaKey(), Ed25519, nil); !errors.Is(err, ErrKey) {
		t.Errorf("RSA key signs Ed25519: %v", err)
	}
}

// TestForeignSignatures verifies the signature values of the corpus, made by another implementation.
func TestForeignSignatures(t *testing.T) {
	t.Parallel()
	dir := corpus.Path(t, "as4/generated")
	for _, tc := range []struct {
		message, certificate string
		want                 error
	}{
		{"v04-two-payloads", "AP_XX_01", nil},
		{"v10-prefixlist-out-of-scope", "AP_XX_01", nil},
		{"v18-whitespace-cr", "AP_XX_01", nil},
		{"v04-two-payloads", "AP_ZZ_01", ErrValue},
		{"e02-ed25519-x25519-info", "AP_XX_01_ed25519", nil},
		{"e05-ecdsa-ecdhes", "AP_XX_01_p256", nil},
		{"e07-ed25519-bad-signature", "AP_XX_01_ed25519", ErrValue},
		{"e05-ecdsa-ecdhes", "AP_XX_01", ErrKey},
	} {
		doc := envelope(t, filepath.Join(dir, "messages", tc.message+".body"))
		e := doc.Root.First(doc.Root.Name.Space, "Header")
		var sig *xmltree.Element
		for c := range e.Elements() {
			if s := c.First(Namespace, "Signature"); s != nil {
				sig = s
			}
		}
		s, err := Read(sig)
		if err != nil {
			t.Fatalf("%s: %v", tc.message, err)
		}
		info, err := c14n.Append(nil, s.SignedInfo.Element, c14n.Algorithm(s.SignedInfo.Canonicalization.Algorithm), s.SignedInfo.Canonicalization.PrefixList)
		if err != nil {
			t.Fatal(err)
		}
		if err := Verify(certificate(t, filepath.Join(dir, "keys", tc.certificate+".crt.pem")).PublicKey, s.SignedInfo.Method, info, s.Value); !errors.Is(err, tc.want) {
			t.Errorf("%s with %s: %v", tc.message, tc.certificate, err)
		}
	}
}

func envelope(t testing.TB, name string) *xmltree.Document {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	start, end := bytes.Index(b, []byte("<env:Envelope")), bytes.Index(b, []byte("</env:Envelope>"))
	doc, err := xmltree.Parse(b[start:end+len("</env:Envelope>")], xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func certificate(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(b)
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWriteRead holds that what is written reads back, and that the declared form is its own canonical form.
func TestWriteRead(t *testing.T) {
	t.Parallel()
	info := &SignedInfo{
		Canonicalization: Transform{Algorithm: string(c14n.Exclusive)},
		Method:           RSASHA256,
		References: []Reference{
			{URI: "#_1", HasURI: true, Transforms: []Transform{{Algorithm: string(c14n.Exclusive)}}, Digest: SHA256, Value: []byte("one")},
			{URI: "cid:a&b\"<>@x", HasURI: true, Transforms: []Transform{{Algorithm: "urn:t"}}, Digest: SHA512, Text: "dHdv"},
			{URI: "", HasURI: true, Digest: SHA384, Value: []byte("three")},
			{Digest: SHA384, Value: []byte("four")},
		},
	}
	text := AppendSignedInfo(nil, info, true)
	doc, err := xmltree.Parse(text, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	canonical, err := c14n.Append(nil, doc.Root, c14n.Exclusive, nil)
	if err != nil || !bytes.Equal(canonical, text) {
		t.Errorf("not canonical:\n%s\n%s", text, canonical)
	}
	signature := `<ds:Signature xmlns:ds="` + Namespace + `" Id="s">` + string(AppendSignedInfo(nil, info, false)) + "<ds:SignatureValue>AA==</ds:SignatureValue><ds:KeyInfo/></ds:Signature>"
	got, err := Read(parse(t, signature))
	if err != nil {
		t.Fatal(err)
	}
	if inside, _ := c14n.Append(nil, got.SignedInfo.Element, c14n.Exclusive, nil); !bytes.Equal(inside, text) {
		t.Errorf("inside a signature it is\n%s", inside)
	}
	if got.ID != "s" || got.KeyInfo == nil || len(got.SignedInfo.References) != len(info.References) {
		t.Fatalf("%+v", got)
	}
	for i, want := range info.References {
		have := got.SignedInfo.References[i]
		if want.Value != nil && string(have.Value) != string(want.Value) || want.Text != "" && have.Text != want.Text ||
			have.URI != want.URI || have.HasURI != want.HasURI || have.Digest != want.Digest || len(have.Transforms) != len(want.Transforms) {
			t.Errorf("reference %d: %+v", i, have)
		}
	}
}

func parse(t testing.TB, text string) *xmltree.Element {
	t.Helper()
	doc, err := xmltree.Parse([]byte(text), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Root
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	good := `<ds:Signature xmlns:ds="` + Namespace + `"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="a"><i:InclusiveNamespaces xmlns:i="` + NamespaceExclusive + `" PrefixList=" p  q"/></ds:CanonicalizationMethod>` +
		`<ds:SignatureMethod Algorithm="m"/><ds:Reference URI="#x"><ds:Transforms><ds:Transform Algorithm="t"/></ds:Transforms><ds:DigestMethod Algorithm="d"/><ds:DigestValue> A A == </ds:DigestValue></ds:Reference></ds:SignedInfo>` +
		`<ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>`
	s, err := Read(parse(t, good))
	if err != nil || strings.Join(s.SignedInfo.Canonicalization.PrefixList, "+") != "p+q" || s.SignedInfo.References[0].Text != " A A == " {
		t.Fatalf("%+v, %v", s, err)
	}
	for _, tc := range []struct{ name, old, new string }{
		{"another root", "ds:Signature", "ds:Sig"},
		{"no SignedInfo", "ds:SignedInfo", "ds:Other"},
		{"HMACOutputLength", `<ds:SignatureMethod Algorithm="m"/>`, `<ds:SignatureMethod Algorithm="m"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>`},
		{"no reference", `ds:Reference`, `ds:Manifest`},
		{"two digest values", `</ds:DigestValue>`, `</ds:DigestValue><ds:DigestValue>AA==</ds:DigestValue>`},
		{"digest not base64", ` A A == `, `?`},
		{"value not base64", `>AA==</ds:SignatureValue>`, `>A</ds:SignatureValue>`},
		{"value missing", `<ds:SignatureValue>AA==</ds:SignatureValue>`, ``},
		{"two values", `</ds:Signature>`, `<ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>`},
		{"two transforms parameters", `<ds:Transform Algorithm="t"/>`, `<ds:Transform Algorithm="t"><x/><y/></ds:Transform>`},
		{"endless prefix list", ` p  q`, strings.Repeat("p ", 257)},
		{"foreign transform", `<ds:Transform Algorithm="t"/>`, `<x/>`},
		{"foreign element", `</ds:SignedInfo>`, `<x/></ds:SignedInfo>`},
		{"order", `<ds:DigestMethod Algorithm="d"/>`, ``},
	} {
		text := strings.ReplaceAll(good, tc.old, tc.new)
		if text == good {
			t.Fatalf("%s changes nothing", tc.name)
		}
		if s, err := Read(parse(t, text)); err == nil || s != nil {
			t.Errorf("%s: accepted", tc.name)
		}
	}
}

func FuzzRead(f *testing.F) {
	info := &SignedInfo{Canonicalization: Transform{Algorithm: string(c14n.Exclusive), PrefixList: []string{"p"}}, Method: Ed25519,
		References: []Reference{{URI: "#a", HasURI: true, Transforms: []Transform{{Algorithm: "t"}}, Digest: SHA256, Value: []byte("v")}}}
	f.Add([]byte(`<ds:Signature xmlns:ds="` + Namespace + `">` + string(AppendSignedInfo(nil, info, false)) + `<ds:SignatureValue>AA==</ds:SignatureValue><ds:KeyInfo/><ds:Object/></ds:Signature>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: 1 << 16})
		if err != nil {
			return
		}
		s, err := Read(doc.Root)
		if err != nil {
			if s != nil {
				t.Fatal("a signature beside an error")
			}
			return
		}
		// What is read can be written and read again.
		text := `<ds:Signature xmlns:ds="` + Namespace + `">` + string(AppendSignedInfo(nil, &s.SignedInfo, false)) + `<ds:SignatureValue/></ds:Signature>`
		again, err := Read(parse(t, text))
		if err != nil || len(again.SignedInfo.References) != len(s.SignedInfo.References) || again.SignedInfo.Method != s.SignedInfo.Method {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}

func BenchmarkVerifyRSA(b *testing.B) {
	value, err := Sign(rsaKey(), RSASHA256, []byte("message"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := Verify(&rsaKey().PublicKey, RSASHA256, []byte("message"), value); err != nil {
			b.Fatal(err)
		}
	}
}
