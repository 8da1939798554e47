package xmlbench

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmltree"
)

// An identity is an RSA key of 2048 bits with its certificate.
type identity struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
}

var signer = sync.OnceValue(func() identity {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "AP_AA_01"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return identity{key, cert}
})

// GetKeyPair makes identity a key store of goxmldsig.
func (i identity) GetKeyPair() (*rsa.PrivateKey, []byte, error) { return i.key, i.cert.Raw, nil }

// signed is an envelope with some thirty properties and five parts, as a message with evidence has them, with an
// enveloped signature below the document element: rsa-sha256, SHA-256, exclusive canonicalisation.
func signed(tb testing.TB) []byte {
	var b strings.Builder
	b.WriteString(`<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:eb="urn:eb" ID="_e"><env:Header><eb:Messaging env:mustUnderstand="true"><eb:UserMessage>`)
	for i := range 12 {
		fmt.Fprintf(&b, "<eb:Property name=\"property%d\" type=\"urn:oasis:names:tc:ebcore:partyid-type:unregistered\">Größe &amp; value %d</eb:Property>\n", i, i)
	}
	for i := range 6 {
		fmt.Fprintf(&b, `<eb:PartInfo href="cid:part%d@example.com"><eb:PartProperties><eb:Property name="MimeType">application/xml</eb:Property></eb:PartProperties></eb:PartInfo>`, i)
	}
	b.WriteString(`</eb:UserMessage></eb:Messaging></env:Header><env:Body/></env:Envelope>`)
	doc := etree.NewDocument()
	if err := doc.ReadFromString(b.String()); err != nil {
		tb.Fatal(err)
	}
	ctx := dsig.NewDefaultSigningContext(signer())
	ctx.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	root, err := ctx.SignEnveloped(doc.Root())
	if err != nil {
		tb.Fatal(err)
	}
	doc.SetRoot(root)
	text, err := doc.WriteToBytes()
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// ours parses and verifies with the packages of this project; the result is the signed element.
func ours(text []byte, pinned *x509.Certificate) (*xmltree.Element, error) {
	doc, err := xmltree.Parse(text, xmltree.Limits{})
	if err != nil {
		return nil, err
	}
	element := doc.Root.First(xmldsig.Namespace, "Signature")
	if element == nil {
		return nil, errors.New("no signature")
	}
	sig, err := xmldsig.Read(element)
	if err != nil {
		return nil, err
	}
	id, _ := doc.Root.Attr("", "ID")
	if len(sig.SignedInfo.References) != 1 || sig.SignedInfo.References[0].URI != "#"+id || sig.SignedInfo.References[0].Digest != xmldsig.SHA256 ||
		sig.SignedInfo.Method != xmldsig.RSASHA256 || sig.SignedInfo.Canonicalization.Algorithm != string(c14n.Exclusive) {
		return nil, errors.New("not what is expected")
	}
	ref := &sig.SignedInfo.References[0]
	if len(ref.Transforms) != 2 || ref.Transforms[0].Algorithm != string(dsig.EnvelopedSignatureAltorithmId) || ref.Transforms[1].Algorithm != string(c14n.Exclusive) {
		return nil, errors.New("other transforms")
	}
	cert, err := certificate(sig)
	if err != nil {
		return nil, err
	}
	if !cert.Equal(pinned) || time.Now().After(cert.NotAfter) {
		return nil, errors.New("another certificate")
	}
	info, err := c14n.Append(nil, sig.SignedInfo.Element, c14n.Exclusive, sig.SignedInfo.Canonicalization.PrefixList)
	if err != nil {
		return nil, err
	}
	if err := xmldsig.Verify(cert.PublicKey, sig.SignedInfo.Method, info, sig.Value); err != nil {
		return nil, err
	}
	h := sha256.New()
	if err := c14n.WriteWithout(h, doc.Root, c14n.Exclusive, ref.Transforms[1].PrefixList, element); err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(h.Sum(nil), ref.Value) != 1 {
		return nil, errors.New("digest mismatch")
	}
	return doc.Root, nil
}

func certificate(sig *xmldsig.Signature) (*x509.Certificate, error) {
	der, err := sig.KeyInfo.First(xmldsig.Namespace, "X509Data").First(xmldsig.Namespace, "X509Certificate").Base64()
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// theirs does the same with etree and goxmldsig.
func theirs(text []byte, pinned *x509.Certificate) (*etree.Element, error) {
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(text); err != nil {
		return nil, err
	}
	ctx := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{pinned}})
	return ctx.Validate(doc.Root())
}

// TestBoth holds that both verify the document and refuse a changed one.
func TestBoth(t *testing.T) {
	text := signed(t)
	t.Logf("%d octets", len(text))
	if len(text) < 4500 || len(text) > 5500 {
		t.Errorf("the document has %d octets", len(text))
	}
	if _, err := ours(text, signer().cert); err != nil {
		t.Errorf("ours: %v", err)
	}
	if _, err := theirs(text, signer().cert); err != nil {
		t.Errorf("theirs: %v", err)
	}
	changed := bytes.Replace(text, []byte("value 3"), []byte("value 4"), 1)
	if _, err := ours(changed, signer().cert); err == nil {
		t.Error("ours accepts a changed document")
	}
	if _, err := theirs(changed, signer().cert); err == nil {
		t.Error("theirs accepts a changed document")
	}
}

func BenchmarkParseVerify(b *testing.B) {
	text := signed(b)
	pinned := signer().cert
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := ours(text, pinned); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("etree+goxmldsig", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := theirs(text, pinned); err != nil {
				b.Fatal(err)
			}
		}
	})
	// What no code around it can save: one RSA verification and the digest of the document.
	b.Run("floor", func(b *testing.B) {
		sum := sha256.Sum256(text)
		value, err := rsa.SignPKCS1v15(rand.Reader, signer().key, crypto.SHA256, sum[:])
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			sum := sha256.Sum256(text)
			if err := rsa.VerifyPKCS1v15(&signer().key.PublicKey, crypto.SHA256, sum[:], value); err != nil {
				b.Fatal(err)
			}
		}
	})
}
