package saml

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
	"oots/xml/xmltree"
)

// An openssl judges the algorithms of the eIDAS profile that xmlsec1 learns with 1.3 only: it gets the bytes of a message
// and no help of our packages but their canonical form, which others judge. [eIDAS Cryptographic Requirements 1.4 §3]
type openssl struct {
	t         *testing.T
	tool, dir string
}

func newOpenssl(t *testing.T) *openssl {
	t.Helper()
	return &openssl{t, corpus.Tool(t, "openssl"), t.TempDir()}
}

// run returns what openssl writes; the arguments that begin with @ are files in the folder of the test.
func (o *openssl) run(args ...string) ([]byte, error) {
	for i, a := range args {
		if name, ok := strings.CutPrefix(a, "@"); ok {
			args[i] = filepath.Join(o.dir, name)
		}
	}
	return exec.Command(o.tool, args...).Output()
}

func (o *openssl) must(args ...string) []byte {
	o.t.Helper()
	out, err := o.run(args...)
	if err != nil {
		o.t.Fatalf("openssl %s: %v", strings.Join(args, " "), err)
	}
	return out
}

func (o *openssl) put(name string, b []byte) { o.t.Helper(); write(o.t, filepath.Join(o.dir, name), b) }

func (o *openssl) pem(name, kind string, der []byte) {
	o.t.Helper()
	o.put(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// decoded is the base64 of an element.
func decoded(t *testing.T, e *xmltree.Element) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(e.Value()), ""))
	if err != nil || len(b) == 0 {
		t.Fatalf("no base64 in the message: %v", err)
	}
	return b
}

// TestOpensslVerifiesPSS checks RSASSA-PSS, with the salt as long as the digest. [RFC 6931 §2.3.10]
func TestOpensslVerifiesPSS(t *testing.T) {
	t.Parallel()
	o := newOpenssl(t)
	for _, tc := range []struct {
		method xmldsig.Method
		digest string
		salt   string
	}{{xmldsig.PSSSHA256, "sha256", "32"}, {xmldsig.PSSSHA384, "sha384", "48"}, {xmldsig.PSSSHA512, "sha512", "64"}} {
		w := newWorld(t, rsa3072(), rsa3072(), Strict())
		w.spSign.Method, w.idpSign.Method = tc.method, tc.method
		o.pem("public", "PUBLIC KEY", must(x509.MarshalPKIXPublicKey(&rsa3072().PublicKey)))
		for name, doc := range map[string][]byte{
			"request":  must(base64.StdEncoding.DecodeString(must(w.request.POST(w.spSign, w.policy)))),
			"response": w.write(w.response()),
			"metadata": must(w.idp.Write(w.idpSign, w.policy)),
		} {
			signature := must(xmltree.Parse(doc, xmltree.Limits{})).Root.First(nsSignature, "Signature")
			info := must(c14n.Append(nil, signature.First(nsSignature, "SignedInfo"), c14n.Exclusive, nil))
			o.put("value", decoded(t, signature.First(nsSignature, "SignatureValue")))
			verify := func(signed []byte) error {
				o.put("signed", signed)
				_, err := o.run("dgst", "-"+tc.digest, "-verify", "@public", "-signature", "@value", "-sigopt", "rsa_padding_mode:pss",
					"-sigopt", "rsa_pss_saltlen:"+tc.salt, "-sigopt", "rsa_mgf1_md:"+tc.digest, "@signed")
				return err
			}
			if err := verify(info); err != nil {
				t.Errorf("%s %s: openssl refuses: %v", tc.method, name, err)
			}
			info[len(info)-20] ^= 1
			if verify(info) == nil {
				t.Errorf("%s %s: openssl accepts a changed one: the test proves nothing", tc.method, name)
			}
		}
	}
}

// TestOpensslOpens unwraps the content key of an assertion with openssl, by RSA-OAEP with SHA-256 and by key agreement
// on a curve, and finds the assertion as it was written. [XML Encryption 1.1 §5.4.1, §5.5.2, §5.6.4]
func TestOpensslOpens(t *testing.T) {
	t.Parallel()
	o := newOpenssl(t)
	for _, tc := range []struct {
		name   string
		key    crypto.Signer
		unwrap func(key *xmltree.Element) []byte
	}{
		{"RSA-OAEP", rsa3072(), func(key *xmltree.Element) []byte {
			method := key.First(nsEncrypt, "EncryptionMethod")
			if alg, _ := method.Attr("", "Algorithm"); alg != xmlenc.RSAOAEP {
				t.Fatalf("the key is transported by %s", alg)
			}
			return o.must("pkeyutl", "-decrypt", "-inkey", "@private", "-in", "@wrapped", "-pkeyopt", "rsa_padding_mode:oaep",
				"-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256")
		}},
		{"ECDH-ES", ec384(), func(key *xmltree.Element) []byte {
			var point []byte
			for e := range descendants(key) {
				if e.Name.Local == "PublicKey" {
					point = decoded(t, e)
				}
			}
			peer, err := ecdh.P384().NewPublicKey(point)
			if err != nil {
				t.Fatal(err)
			}
			o.pem("peer", "PUBLIC KEY", must(x509.MarshalPKIXPublicKey(peer)))
			z := o.must("pkeyutl", "-derive", "-inkey", "@private", "-peerkey", "@peer")
			wrap, _ := key.First(nsEncrypt, "EncryptionMethod").Attr("", "Algorithm")
			size, alg := "32", "-id-aes256-wrap"
			if wrap == string(xmlenc.KWAES128) {
				size, alg = "16", "-id-aes128-wrap"
			}
			kek := o.must("kdf", "-binary", "-keylen", size, "-kdfopt", "digest:SHA256", "-kdfopt", "hexkey:"+hex.EncodeToString(z), "SSKDF")
			return o.must("enc", "-d", alg, "-K", hex.EncodeToString(kek), "-iv", strings.Repeat("A6", 8), "-in", "@wrapped")
		}},
	} {
		w := newWorld(t, ec256(), tc.key, Strict())
		o.pem("private", "PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(tc.key)))
		data := must(xmltree.Parse(w.write(w.response()), xmltree.Limits{})).Root.First(nsAssertion, "EncryptedAssertion").First(nsEncrypt, "EncryptedData")
		key := data.First(nsSignature, "KeyInfo").First(nsEncrypt, "EncryptedKey")
		o.put("wrapped", decoded(t, key.First(nsEncrypt, "CipherData").First(nsEncrypt, "CipherValue")))
		block, err := aes.NewCipher(tc.unwrap(key))
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		value := decoded(t, data.First(nsEncrypt, "CipherData").First(nsEncrypt, "CipherValue"))
		plain, err := must(cipher.NewGCM(block)).Open(nil, value[:12], value[12:], nil)
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if want := string(must(w.response().assertion())); string(plain) != want {
			t.Errorf("%s: openssl opens another assertion:\n%s\n%s", tc.name, plain, want)
		}
	}
}

// descendants are the elements below e.
func descendants(e *xmltree.Element) func(func(*xmltree.Element) bool) {
	return func(yield func(*xmltree.Element) bool) {
		var walk func(*xmltree.Element) bool
		walk = func(e *xmltree.Element) bool {
			for c := range e.Elements() {
				if !yield(c) || !walk(c) {
					return false
				}
			}
			return true
		}
		walk(e)
	}
}
