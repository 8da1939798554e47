package xmlbench

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"

	"oots/edelivery/wssec"
	"oots/xml/xmltree"
)

const (
	soap = "http://www.w3.org/2003/05/soap-envelope"
	wsu  = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
)

// envelope is a signed AS4 message without payload: the token, two references, one signature.
func envelope(tb testing.TB) []byte {
	tb.Helper()
	text := `<env:Envelope xmlns:env="` + soap + `"><env:Header><eb:Messaging xmlns:eb="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/" xmlns:wsu="` + wsu + `" env:mustUnderstand="true" wsu:Id="_m">` +
		`<eb:UserMessage><eb:MessageInfo><eb:Timestamp>2026-09-14T08:30:00.512Z</eb:Timestamp><eb:MessageId>3b0f2c1d-5e64-4a87-9c10-7d2e8f9a0b11@ap.example</eb:MessageId></eb:MessageInfo>` +
		`<eb:PartyInfo><eb:From><eb:PartyId type="urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots">AP_AA_01</eb:PartyId><eb:Role>http://sdg.europa.eu/edelivery/gateway</eb:Role></eb:From>` +
		`<eb:To><eb:PartyId type="urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots">AP_BB_01</eb:PartyId><eb:Role>http://sdg.europa.eu/edelivery/gateway</eb:Role></eb:To></eb:PartyInfo>` +
		`<eb:CollaborationInfo><eb:Service type="urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0">QueryManager</eb:Service><eb:Action>ExecuteQueryRequest</eb:Action><eb:ConversationId>a4c1e7f2</eb:ConversationId></eb:CollaborationInfo>` +
		`<eb:MessageProperties><eb:Property name="originalSender" type="urn:x">Größe &amp; co</eb:Property><eb:Property name="finalRecipient" type="urn:x">Ελένη</eb:Property></eb:MessageProperties></eb:UserMessage></eb:Messaging>` +
		`</env:Header><env:Body xmlns:wsu="` + wsu + `" wsu:Id="_b"/></env:Envelope>`
	us := wssec.Identity{Key: signer().key, Decrypter: signer().key, Certificate: signer().cert}
	secured, err := wssec.Secure([]byte(text), nil, us, nil, wssec.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return secured.Envelope
}

func oursEnvelope(text []byte, pinned *x509.Certificate) error {
	doc, err := xmltree.Parse(text, xmltree.Limits{NoProcInst: true})
	if err != nil {
		return err
	}
	v, err := wssec.Verify(doc, wssec.Policy{})
	if err != nil {
		return err
	}
	if !v.Signer.Equal(pinned) {
		return errors.New("another certificate")
	}
	return v.Complete()
}

// theirsEnvelope verifies the same with the canonicalisation and the tree of the other two. It leaves out most of
// what must be checked of a security header; goxmldsig itself knows enveloped signatures only.
func theirsEnvelope(text []byte, pinned *x509.Certificate) error {
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(text); err != nil {
		return err
	}
	sig := doc.FindElement("//Signature")
	info := sig.FindElement("./SignedInfo")
	canonical, err := theirForm(info)
	if err != nil {
		return err
	}
	value, err := base64.StdEncoding.DecodeString(sig.FindElement("./SignatureValue").Text())
	if err != nil {
		return err
	}
	der, err := base64.StdEncoding.DecodeString(strings.TrimSpace(doc.FindElement("//BinarySecurityToken").Text()))
	if err != nil {
		return err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	if !cert.Equal(pinned) {
		return errors.New("another certificate")
	}
	if err := cert.CheckSignature(x509.SHA256WithRSA, canonical, value); err != nil {
		return err
	}
	for _, ref := range info.FindElements("./Reference") {
		id := strings.TrimPrefix(ref.SelectAttrValue("URI", ""), "#")
		target := doc.FindElement("//[@wsu:Id='" + id + "']")
		if target == nil {
			return errors.New("nothing has the id " + id)
		}
		canonical, err := theirForm(target)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(canonical)
		want, err := base64.StdEncoding.DecodeString(ref.FindElement("./DigestValue").Text())
		if err != nil || !bytes.Equal(sum[:], want) {
			return errors.New("digest mismatch")
		}
	}
	return nil
}

func theirForm(e *etree.Element) ([]byte, error) {
	ctx, err := etreeutils.NSBuildParentContext(e)
	if err != nil {
		return nil, err
	}
	detached, err := etreeutils.NSDetatch(ctx, e)
	if err != nil {
		return nil, err
	}
	return dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("").Canonicalize(detached)
}

func TestBothEnvelope(t *testing.T) {
	text := envelope(t)
	t.Logf("%d octets", len(text))
	if len(text) < 4000 || len(text) > 6000 {
		t.Errorf("the envelope has %d octets", len(text))
	}
	changed := bytes.Replace(text, []byte("ExecuteQueryRequest"), []byte("ExecuteQueryResponse"), 1)
	for name, verify := range map[string]func([]byte, *x509.Certificate) error{"ours": oursEnvelope, "theirs": theirsEnvelope} {
		if err := verify(text, signer().cert); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := verify(changed, signer().cert); err == nil {
			t.Errorf("%s takes a changed envelope", name)
		}
	}
}

func BenchmarkParseVerifyEnvelope(b *testing.B) {
	text, pinned := envelope(b), signer().cert
	for _, s := range []struct {
		name   string
		verify func([]byte, *x509.Certificate) error
	}{{"ours", oursEnvelope}, {"etree+goxmldsig", theirsEnvelope}} {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if err := s.verify(text, pinned); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
