package saml

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"oots/internal/corpus"
	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
	"oots/xml/xmltree"
)

// TestXmlsec lets xmlsec1 verify what we sign and open what we encrypt. Its releases before 1.3 know neither RSA-PSS
// nor key agreement.
func TestXmlsec(t *testing.T) {
	t.Parallel()
	tool := corpus.Tool(t, "xmlsec1")
	dir := t.TempDir()
	for _, tc := range []struct {
		name   string
		key    crypto.Signer
		policy Policy
		method xmldsig.Method
	}{
		{"rsa-sha256", rsa2048(), Lenient(), xmldsig.RSASHA256},
		{"rsa-sha512", rsa3072(), Lenient(), xmldsig.RSASHA512},
		{"ecdsa-sha256", ec256(), Strict(), xmldsig.ECDSASHA256},
		{"ecdsa-sha384", ec384(), Strict(), xmldsig.ECDSASHA384},
	} {
		w := newWorld(t, tc.key, rsa2048(), tc.policy)
		if tc.policy.MinRSA > 2048 {
			w = newWorld(t, tc.key, rsa3072(), tc.policy)
		}
		w.spSign.Method, w.idpSign.Method = tc.method, tc.method
		cert := filepath.Join(dir, tc.name+".pem")
		write(t, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.spSign.Certificate.Raw}))
		for name, m := range map[string]struct {
			doc  []byte
			root string
		}{
			"request":  {must(base64.StdEncoding.DecodeString(must(w.request.POST(w.spSign, w.policy)))), nsProtocol + ":AuthnRequest"},
			"response": {w.write(w.response()), nsProtocol + ":Response"},
			"metadata": {must(w.idp.Write(w.idpSign, w.policy)), nsMetadata + ":EntityDescriptor"},
		} {
			verify := func(doc []byte) error {
				file := filepath.Join(dir, tc.name+name+".xml")
				write(t, file, doc)
				out, err := exec.Command(tool, "--verify", "--id-attr:ID", m.root, "--pubkey-cert-pem", cert, file).CombinedOutput()
				if err != nil && testing.Verbose() {
					t.Logf("%s", out)
				}
				return err
			}
			if err := verify(m.doc); err != nil {
				t.Errorf("%s %s: xmlsec1 refuses: %v", tc.name, name, err)
			}
			if verify(bytes.Replace(m.doc, []byte("https://"), []byte("httpS://"), 1)) == nil {
				t.Errorf("%s %s: xmlsec1 accepts a changed one: the test proves nothing", tc.name, name)
			}
		}
	}
}

// TestXmlsecDecrypts opens the assertion with a private key and finds it as it was written.
func TestXmlsecDecrypts(t *testing.T) {
	t.Parallel()
	tool := corpus.Tool(t, "xmlsec1")
	dir := t.TempDir()
	key := filepath.Join(dir, "key.pem")
	write(t, key, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsa2048())}))
	for _, content := range []xmlenc.Content{xmlenc.AES128GCM, xmlenc.AES256GCM} {
		w := newWorld(t, rsa2048(), rsa2048(), Lenient())
		w.sp.SP.Encryption[0].Methods = []string{string(content), xmlenc.RSAOAEPMGF1P}
		file := filepath.Join(dir, "response.xml")
		write(t, file, w.write(w.response()))
		out, err := exec.Command(tool, "--decrypt", "--privkey-pem", key, file).Output()
		if err != nil {
			t.Fatal(err)
		}
		root := must(xmltree.Parse(out, xmltree.Limits{})).Root
		inside := must(c14n.Append(nil, root.First(nsAssertion, "EncryptedAssertion").First(nsAssertion, "Assertion"), c14n.Exclusive, nil))
		alone := must(c14n.Append(nil, must(xmltree.Parse(must(w.response().assertion()), xmltree.Limits{})).Root, c14n.Exclusive, nil))
		if !bytes.Equal(inside, alone) {
			t.Errorf("%s: xmlsec1 opens another assertion:\n%s\n%s", content, inside, alone)
		}
	}
}

// TestXmlsecEncrypts opens what xmlsec1 has encrypted, whose template names the algorithms.
func TestXmlsecEncrypts(t *testing.T) {
	t.Parallel()
	tool := corpus.Tool(t, "xmlsec1")
	dir := t.TempDir()
	w := newWorld(t, rsa2048(), rsa2048(), Lenient())
	public := filepath.Join(dir, "public.pem")
	write(t, public, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(&rsa2048().PublicKey))}))
	plain, template := filepath.Join(dir, "plain.xml"), filepath.Join(dir, "template.xml")
	write(t, plain, must(w.response().assertion()))
	write(t, template, []byte(`<xenc:EncryptedData xmlns:xenc="`+nsEncrypt+`" Type="`+typeElement+`"><xenc:EncryptionMethod Algorithm="`+string(xmlenc.AES128GCM)+`"/>`+
		`<ds:KeyInfo xmlns:ds="`+nsSignature+`"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="`+xmlenc.RSAOAEPMGF1P+`"/><xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>`+
		`<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>`))
	out, err := exec.Command(tool, "--encrypt", "--pubkey-pem", public, "--session-key", "aes-128", "--xml-data", plain, template).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, data, _ := bytes.Cut(out, []byte("?>"))
	encrypted := append(append([]byte("<saml:EncryptedAssertion>"), bytes.TrimSpace(data)...), "</saml:EncryptedAssertion>"...)
	doc := sealed(w, must(w.response().around(encrypted)), w.idpSign, nil)
	a, err := w.read(doc)
	if err != nil || a.Subject.Natural.FamilyName.Original != "Παπαδοπούλου" {
		t.Error(err)
	}
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
