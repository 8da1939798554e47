// Package xml_test runs the published vectors of Apache Santuario through all packages of XML security together.
package xml_test

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/subtle"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
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

// Reasons for which a vector is not run.
const (
	xpathNodeSet = "a node set that only an XPath transform makes: c14n offers whole elements, and the protocols refuse XPath"
	doctype      = "a document type declaration: refused by design"
	noEd448      = "Ed448: not in the standard library, and in no profile here"
	dsaSHA1      = "the signature value is DSA with SHA-1, which does not exist here; its canonical forms are compared"
	noVector     = "no vector of its own"
	keyStore     = "a key store whose key is read from pem/"
	noDH         = "finite-field Diffie-Hellman: no vector uses it"
)

// A vector is one case; files are those that it uses, below the folder of the vectors.
type vector struct {
	name  string
	files []string
	run   func(t *testing.T) // nil when skip is set
	skip  string             // the reason
}

// TestSantuario runs every vector of a supported algorithm, names the others with the reason, and holds that no
// file of the collection is forgotten.
func TestSantuario(t *testing.T) {
	root := corpus.Path(t, "as4/santuario")
	var all []vector
	all = append(all, canonicalVectors()...)
	all = append(all, signatureVectors()...)
	all = append(all, encryptionVectors()...)
	all = append(all, otherFiles()...)
	used := map[string]bool{}
	ran, skipped := 0, 0
	for _, v := range all {
		for _, f := range v.files {
			used[f] = true
		}
		t.Run(v.name, func(t *testing.T) {
			if v.skip != "" {
				skipped++
				t.Skip(v.skip)
			}
			ran++
			v.run(t)
		})
	}
	t.Logf("%d vectors run, %d named with a reason", ran, skipped)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if rel = filepath.ToSlash(rel); !used[rel] {
			t.Errorf("%s is in no vector", rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) []byte { return corpus.Read(t, "as4/santuario/"+name) }

func parse(t *testing.T, text []byte) *xmltree.Document {
	t.Helper()
	doc, err := xmltree.Parse(text, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// first finds an element by its local name in document order.
func first(t *testing.T, e *xmltree.Element, local string) *xmltree.Element {
	t.Helper()
	if found := search(e, func(e *xmltree.Element) bool { return e.Name.Local == local }); found != nil {
		return found
	}
	t.Fatalf("no element %s", local)
	return nil
}

func search(e *xmltree.Element, is func(*xmltree.Element) bool) *xmltree.Element {
	if is(e) {
		return e
	}
	for c := range e.Elements() {
		if found := search(c, is); found != nil {
			return found
		}
	}
	return nil
}

// otherFiles names what is no vector.
func otherFiles() []vector {
	return []vector{
		{name: "texts", skip: noVector, files: []string{"README.md", "LICENSE", "NOTICE", "c14n-interop-Y1-exclusive/Readme.txt",
			"c14n-merlin-exclusive/Readme.txt", "c14n-merlin-inclusive/Readme.txt"}},
		{name: "key stores", skip: keyStore, files: []string{"eddsa/eddsa.p12",
			"xmlenc-core-11/EC-P256_SHA256WithECDSA-v02.p12", "xmlenc-core-11/EC-P256_SHA256WithECDSA.p12",
			"xmlenc-core-11/EC-P384_SHA256WithECDSA-v02.p12", "xmlenc-core-11/EC-P384_SHA256WithECDSA.p12",
			"xmlenc-core-11/EC-P521_SHA256WithECDSA-v02.p12", "xmlenc-core-11/EC-P521_SHA256WithECDSA.p12",
			"xmlenc-core-11/RSA-2048_SHA256WithRSA.jks", "xmlenc-core-11/RSA-2048_SHA256WithRSA.p12",
			"xmlenc-core-11/RSA-3072_SHA256WithRSA.jks", "xmlenc-core-11/RSA-3072_SHA256WithRSA.p12",
			"xmlenc-core-11/RSA-4096_SHA256WithRSA.jks", "xmlenc-core-11/RSA-4096_SHA256WithRSA.p12"}},
		{name: "finite field", skip: noDH, files: []string{"xmlenc-core-11/DH-1024_SHA256WithDSA.p12"}},
		{name: "keys", files: []string{"keys/ed25519.key", "keys/x25519.key"}, run: publicKeys},
	}
}

func publicKeys(t *testing.T) {
	for name, want := range map[string]string{"keys/ed25519.key": "ed25519.PublicKey", "keys/x25519.key": "*ecdh.PublicKey"} {
		der, err := xmltree.DecodeBase64(string(read(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		pub, err := x509.ParsePKIXPublicKey(der)
		if got := fmt.Sprintf("%T", pub); err != nil || got != want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
		if want != "*ecdh.PublicKey" {
			continue
		}
		a := &xmlenc.Agreement{Algorithm: xmlenc.X25519, Originator: pub.(*ecdh.PublicKey), Derivation: xmlenc.Derivation{Algorithm: xmlenc.HKDF, HKDF: &xmlenc.HKDFParams{}}}
		text := xmlenc.AppendAgreement(nil, a, nil)
		if b64 := strings.TrimSpace(string(read(t, name))); !bytes.Contains(text, []byte(b64)) {
			t.Errorf("%s is written as %s", name, text)
		}
		if back, err := xmlenc.ReadAgreement(parse(t, text).Root); err != nil || !back.Originator.Equal(a.Originator) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// canonicalVectors are documents with the canonical octets of a part.
func canonicalVectors() []vector {
	type part struct {
		dir, in, out, apex string
		alg                c14n.Algorithm
		list               []string
		skip               string
	}
	var parts []part
	add := func(dir, in, out, apex string, alg c14n.Algorithm, list ...string) {
		parts = append(parts, part{dir: dir, in: in, out: out, apex: apex, alg: alg, list: list})
	}
	skip := func(dir, in, out, why string) { parts = append(parts, part{dir: dir, in: in, out: out, skip: why}) }
	ex := "c14n-exclusive/"
	add(ex, "example2_2_1.xml", "example2_2_1_c14nized.xml", "elem2", c14n.Inclusive10)
	add(ex, "example2_2_2.xml", "example2_2_2_c14nized.xml", "elem2", c14n.Inclusive10)
	add(ex, "example2_2_1.xml", "example2_2_c14nized_exclusive.xml", "elem2", c14n.Exclusive)
	add(ex, "example2_2_2.xml", "example2_2_c14nized_exclusive.xml", "elem2", c14n.Exclusive)
	add(ex, "example2_2_3.xml", "example2_2_3_c14nized_exclusive.xml", "p", c14n.Exclusive)
	add(ex, "example2_4.xml", "example2_4_c14nized.xml", "elem2", c14n.Exclusive)
	add(ex, "plain-soap-1.1.xml", "plain-soap-c14nized.xml", "Body", c14n.Exclusive)
	for _, dir := range []string{"c14n-interop-Y1-exclusive/", "c14n-merlin-exclusive/"} {
		add(dir, "exc-signature.xml", "c14n-0.txt", "Object", c14n.Exclusive)
		add(dir, "exc-signature.xml", "c14n-1.txt", "Object", c14n.Exclusive, "bar", "#default")
		add(dir, "exc-signature.xml", "c14n-2.txt", "Object", c14n.ExclusiveWithComments)
		add(dir, "exc-signature.xml", "c14n-3.txt", "Object", c14n.ExclusiveWithComments, "bar", "#default")
		add(dir, "exc-signature.xml", "c14n-4.txt", "SignedInfo", c14n.Exclusive)
	}
	for i := range 3 {
		skip("c14n-interop-Y2-exclusive-joseph/", "signature-joseph-exc.xml", fmt.Sprintf("c14n-%d.txt", i), doctype)
	}
	// References 0, 9 and 18 select bar:Something with all that it holds, in inclusive form, in exclusive form,
	// and in exclusive form with a PrefixList; the others leave nodes of the namespace axis out.
	dir := "c14n-merlin-inclusive/"
	for i := range 27 {
		out := fmt.Sprintf("c14n-%d.txt", i)
		switch i {
		case 0:
			add(dir, "signature.xml", out, "Something", c14n.Inclusive10)
		case 9:
			add(dir, "signature.xml", out, "Something", c14n.Exclusive)
		case 18:
			add(dir, "signature.xml", out, "Something", c14n.Exclusive, "#default")
		default:
			skip(dir, "signature.xml", out, xpathNodeSet)
		}
	}
	add(dir, "signature.xml", "c14n-27.txt", "SignedInfo", c14n.Inclusive10)
	add(dir, "signatureCommented.xml", "c14n-27.txt", "SignedInfo", c14n.Inclusive10)

	var out []vector
	for _, p := range parts {
		v := vector{name: p.dir + p.out + " of " + p.in, files: []string{p.dir + p.in, p.dir + p.out}, skip: p.skip}
		v.run = func(t *testing.T) {
			e := first(t, parse(t, read(t, p.dir+p.in)).Root, p.apex)
			got, err := c14n.Append(nil, e, p.alg, p.list)
			if err != nil {
				t.Fatal(err)
			}
			if want := read(t, p.dir+p.out); !bytes.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		}
		out = append(out, v)
	}
	for _, f := range []string{"c14n-interop-Y1-exclusive/exc-signature.xml", "c14n-merlin-exclusive/exc-signature.xml", "c14n-merlin-inclusive/signature.xml"} {
		out = append(out, vector{name: f + " signature", files: []string{f}, skip: dsaSHA1})
	}
	return out
}

// signatureVectors are signed documents, enveloped or enveloping.
func signatureVectors() []vector {
	var out []vector
	for _, name := range []string{
		"ecc_p256_sha256_exc-c14n", "ecc_p384_sha256_exc-c14n", "ecc_p384_sha384_exc-c14n", "ecc_p521_sha256_exc-c14n",
		"ecc_p521_sha512_exc-c14n", "rsa2048_sha256_c14n", "rsa2048_sha256_exc-c14n", "rsa2048_sha512_exc-c14n",
	} {
		f := "xmldsig11-microsoft/" + name + ".xml"
		out = append(out, vector{name: f, files: []string{f}, run: func(t *testing.T) { verify(t, f, true) }})
	}
	for f, digestFits := range map[string]bool{
		"eddsa/eddsaEd25519Signature.xml": true, "eddsa/envelopingSignatureEd25519.xml": true, "eddsa/envelopingInvalidSignatureEd25519.xml": false,
	} {
		out = append(out, vector{name: f, files: []string{f}, run: func(t *testing.T) { verify(t, f, digestFits) }})
	}
	return append(out, vector{name: "Ed448", files: []string{"eddsa/eddsaEd448Signature.xml"}, skip: noEd448})
}

// verify checks the signature value with the key in the document, and the digest of its one reference.
func verify(t *testing.T, name string, digestFits bool) {
	t.Helper()
	text := read(t, name)
	element := first(t, parse(t, text).Root, "Signature")
	sig, err := xmldsig.Read(element)
	if err != nil {
		t.Fatal(err)
	}
	how := sig.SignedInfo.Canonicalization
	info, err := c14n.Append(nil, sig.SignedInfo.Element, c14n.Algorithm(how.Algorithm), how.PrefixList)
	if err != nil {
		t.Fatal(err)
	}
	pub := keyOf(t, sig.KeyInfo)
	if err := xmldsig.Verify(pub, sig.SignedInfo.Method, info, sig.Value); err != nil {
		t.Error(err)
	}
	if err := xmldsig.Verify(pub, sig.SignedInfo.Method, append(info, ' '), sig.Value); !errors.Is(err, xmldsig.ErrValue) {
		t.Errorf("other octets: %v", err)
	}
	got, want := referenceDigest(t, text, element, &sig.SignedInfo.References[0]), sig.SignedInfo.References[0].Value
	if fits := subtle.ConstantTimeCompare(got, want) == 1; fits != digestFits {
		t.Errorf("digest %x, want %x", got, want)
	}
}

// referenceDigest hashes the whole document without its signature, or the element that an id names.
func referenceDigest(t *testing.T, text []byte, signature *xmltree.Element, ref *xmldsig.Reference) []byte {
	t.Helper()
	alg := c14n.Inclusive10
	for _, tr := range ref.Transforms {
		switch {
		case c14n.Algorithm(tr.Algorithm).Known():
			alg = c14n.Algorithm(tr.Algorithm)
		case tr.Algorithm != "http://www.w3.org/2000/09/xmldsig#enveloped-signature":
			t.Fatalf("transform %s", tr.Algorithm)
		}
	}
	var canonical bytes.Buffer
	var err error
	if ref.URI == "" {
		// An empty URI selects no comments, whatever the canonicalisation would keep. [XMLDSig 1.1 §4.4.3.3]
		alg = c14n.Algorithm(strings.TrimSuffix(string(alg), "#WithComments"))
		rest := append(bytes.Clone(text[:signature.Start]), text[signature.End:]...)
		err = c14n.WriteDocument(&canonical, parse(t, rest), alg, nil)
	} else {
		id := strings.TrimPrefix(ref.URI, "#")
		e := search(signature, func(e *xmltree.Element) bool { v, _ := e.Attr("", "AssertionID"); return v == id })
		err = c14n.Write(&canonical, e, alg, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	// The vectors digest with SHA-1, which xmldsig does not know.
	if ref.Digest == "http://www.w3.org/2000/09/xmldsig#sha1" {
		sum := sha1.Sum(canonical.Bytes())
		return sum[:]
	}
	h := ref.Digest.Hash().New()
	h.Write(canonical.Bytes())
	return h.Sum(nil)
}

// keyOf reads the key in one of the forms that the vectors use.
func keyOf(t *testing.T, info *xmltree.Element) crypto.PublicKey {
	t.Helper()
	number := func(s string) *big.Int {
		n, ok := new(big.Int).SetString(s, 10)
		if !ok {
			t.Fatalf("not a number: %s", s)
		}
		return n
	}
	if c := search(info, func(e *xmltree.Element) bool { return e.Name.Local == "X509Certificate" }); c != nil {
		der, err := c.Base64()
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return cert.PublicKey
	}
	if m := search(info, func(e *xmltree.Element) bool { return e.Name.Local == "Modulus" }); m != nil {
		modulus, err := m.Base64()
		if err != nil {
			t.Fatal(err)
		}
		exponent, err := first(t, info, "Exponent").Base64()
		if err != nil {
			t.Fatal(err)
		}
		return &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(new(big.Int).SetBytes(exponent).Int64())}
	}
	urn, _ := first(t, info, "NamedCurve").Attr("", "URN")
	curve := map[string]elliptic.Curve{
		"urn:oid:1.2.840.10045.3.1.7": elliptic.P256(), "urn:oid:1.3.132.0.34": elliptic.P384(), "urn:oid:1.3.132.0.35": elliptic.P521(),
	}[urn]
	x, _ := first(t, info, "X").Attr("", "Value")
	y, _ := first(t, info, "Y").Attr("", "Value")
	size := (curve.Params().BitSize + 7) / 8
	point := append([]byte{4}, make([]byte, 2*size)...)
	number(x).FillBytes(point[1 : 1+size])
	number(y).FillBytes(point[1+size:])
	pub, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		t.Fatal(err)
	}
	return pub
}

// encryptionVectors are the interoperability vectors of XML Encryption 1.1; they hold one clear text
// or the other.
func encryptionVectors() []vector {
	var out []vector
	plain := "plaintext.xml"
	add := func(file, key string) {
		f, k, plain := "xmlenc-core-11/cipherText__"+file+".xml", "xmlenc-core-11/"+key, plain
		out = append(out, vector{name: f, files: []string{f, k, "xmlenc-core-11/" + plain}, run: func(t *testing.T) { decrypt(t, f, k, plain) }})
	}
	add("RSA-2048__aes128-gcm__rsa-oaep-mgf1p", "pem/RSA-2048_SHA256WithRSA.pem")
	add("RSA-3072__aes192-gcm__rsa-oaep-mgf1p__Sha256", "pem/RSA-3072_SHA256WithRSA.pem")
	add("RSA-3072__aes256-gcm__rsa-oaep__Sha384-MGF_Sha1", "pem/RSA-3072_SHA256WithRSA.pem")
	add("RSA-4096__aes256-gcm__rsa-oaep__Sha512-MGF_Sha1_PSource", "pem/RSA-4096_SHA256WithRSA.pem")
	add("EC-P256__aes128-gcm__kw-aes128__ECDH-ES__ConcatKDF-1", "pem/EC-P256-v02.pem")
	add("EC-P384__aes192-gcm__kw-aes192__ECDH-ES__ConcatKDF-2", "pem/EC-P384-v02.pem")
	add("EC-P521__aes256-gcm__kw-aes256__ECDH-ES__ConcatKDF-3", "pem/EC-P521-v02.pem")
	plain = "binary-data.hex"
	add("EC-P256__aes128-gcm__kw-aes128__ECDH-ES__ConcatKDF-4", "EC-P256.pfx")
	add("EC-P384__aes192-gcm__kw-aes192__ECDH-ES__ConcatKDF-5", "EC-P384.pfx")
	add("EC-P521__aes256-gcm__kw-aes256__ECDH-ES__ConcatKDF-6", "EC-P521.pfx")
	return out
}

func decrypt(t *testing.T, file, keyFile, plainFile string) {
	key := privateKey(t, keyFile)
	data, err := xmlenc.ReadEncryptedData(first(t, parse(t, read(t, file)).Root, "EncryptedData"))
	if err != nil {
		t.Fatal(err)
	}
	ek, err := xmlenc.ReadEncryptedKey(first(t, data.KeyInfo, "EncryptedKey"))
	if err != nil {
		t.Fatal(err)
	}
	var content []byte
	switch key := key.(type) {
	case *rsa.PrivateKey:
		content, err = xmlenc.UnwrapKey(key, ek.Transport, ek.Value)
	case *ecdsa.PrivateKey:
		content = agreed(t, key, ek)
	}
	if err != nil {
		t.Fatal(err)
	}
	plain, err := xmlenc.Open(data.Content, content, data.Value)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(plainFile, ".hex") {
		want := strings.ToLower(strings.Join(strings.Fields(string(read(t, "xmlenc-core-11/"+plainFile))), ""))
		if hex.EncodeToString(plain) != want {
			t.Errorf("got %x, want %s", plain, want)
		}
		return
	}
	// The element was serialised by another writer: compare what it says.
	want, err := c14n.Append(nil, parse(t, read(t, "xmlenc-core-11/"+plainFile)).Root, c14n.Exclusive, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c14n.Append(nil, parse(t, plain).Root, c14n.Exclusive, nil)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v\n%s", err, plain)
	}
}

func agreed(t *testing.T, key *ecdsa.PrivateKey, ek *xmlenc.EncryptedKey) []byte {
	t.Helper()
	own, err := key.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	a, err := ek.Agreement()
	if err != nil || a == nil {
		t.Fatalf("%v, %v", a, err)
	}
	w := xmlenc.KeyWrap(ek.Transport.Algorithm)
	kek, err := a.Key(own, w.KeySize())
	if err != nil {
		t.Fatal(err)
	}
	content, err := xmlenc.UnwrapAES(w, kek, ek.Value)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// privateKey reads a PEM file, or a PKCS#12 file with the help of openssl.
func privateKey(t *testing.T, name string) crypto.PrivateKey {
	t.Helper()
	text := read(t, name)
	if strings.HasSuffix(name, ".pfx") {
		openssl, err := exec.LookPath("openssl")
		if err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal("openssl is not on PATH, and CI must have it")
			}
			t.Skip("openssl, which opens the key store, is not on PATH")
		}
		// The password of the key stores of this vendor is published with the vectors.
		cmd := exec.Command(openssl, "pkcs12", "-in", corpus.Path(t, "as4/santuario/"+name), "-passin", "pass:1234", "-nodes", "-nocerts", "-legacy")
		if text, err = cmd.Output(); err != nil {
			t.Fatal(err)
		}
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "PRIVATE KEY" {
			continue
		}
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	t.Fatalf("%s holds no key", name)
	return nil
}
