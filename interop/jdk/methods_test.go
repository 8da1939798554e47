package jdk

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmltree"
)

const enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

// methods signs one document by every method that the JDK knows in all its releases, enveloped, with each digest
// and canonicalisation in turn. Ed25519 is left to the vectors of the corpus: JDK 17 has no URI for it.
func methods(t *testing.T, dir string) []judgement {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	var out []judgement
	n := 0
	add := func(key crypto.Signer, list ...xmldsig.Method) {
		for _, m := range list {
			digest := []xmldsig.Digest{xmldsig.SHA256, xmldsig.SHA384, xmldsig.SHA512}[n%3]
			alg := []c14n.Algorithm{c14n.Exclusive, c14n.Inclusive10, c14n.Inclusive11, c14n.ExclusiveWithComments}[n%4]
			n++
			out = append(out, method(t, dir, key, m, digest, alg)...)
		}
	}
	add(rsaKey, xmldsig.RSASHA256, xmldsig.RSASHA384, xmldsig.RSASHA512, xmldsig.PSSSHA256, xmldsig.PSSSHA384, xmldsig.PSSSHA512)
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		add(key, xmldsig.ECDSASHA256, xmldsig.ECDSASHA384, xmldsig.ECDSASHA512)
	}
	return out
}

func method(t *testing.T, dir string, key crypto.Signer, m xmldsig.Method, digest xmldsig.Digest, alg c14n.Algorithm) []judgement {
	t.Helper()
	const open, shut = `<p:a xmlns:p="urn:p" xmlns="urn:d" xmlns:q="urn:q" Id="t"><b q:c="1"> Größe &amp;<!-- comment -->&#13; </b>`, "</p:a>"
	doc, err := xmltree.Parse([]byte(open+shut), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	h := digest.Hash().New()
	// A reference by id selects no comments, whatever the canonicalisation would keep. [XMLDSig 1.1 §4.4.3.3]
	if alg == c14n.ExclusiveWithComments {
		err = c14n.Write(h, doc.Root, c14n.Exclusive, nil)
	} else {
		err = c14n.Write(h, doc.Root, alg, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	info := &xmldsig.SignedInfo{
		Canonicalization: xmldsig.Transform{Algorithm: string(c14n.Exclusive)}, Method: m,
		References: []xmldsig.Reference{{URI: "#t", HasURI: true, Digest: digest, Value: h.Sum(nil), Transforms: []xmldsig.Transform{{Algorithm: enveloped}, {Algorithm: string(alg)}}}},
	}
	value, err := xmldsig.Sign(key, m, xmldsig.AppendSignedInfo(nil, info, true))
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(open + `<ds:Signature xmlns:ds="` + xmldsig.Namespace + `">`)
	text = append(xmldsig.AppendSignedInfo(text, info, false), "<ds:SignatureValue>"...)
	text = base64.StdEncoding.AppendEncode(text, value)
	text = append(text, "</ds:SignatureValue></ds:Signature>"+shut...)

	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "methods"}, NotBefore: at, NotAfter: at.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(string(m)) + " " + filepath.Base(string(digest)) + " " + filepath.Base(string(alg))
	base := filepath.Join(dir, rand.Text())
	for file, b := range map[string][]byte{
		".crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), ".xml": text,
		".bad.xml": bytes.Replace(text, []byte("ö"), []byte("o"), 1),
	} {
		if err := os.WriteFile(base+file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return []judgement{
		{name: name, line: "sig\t" + base + ".xml\t" + base + ".crt", want: "valid"},
		{name: name + " changed", line: "sig\t" + base + ".bad.xml\t" + base + ".crt", want: "invalid #t"},
	}
}
