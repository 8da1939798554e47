package as4

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	_ "embed"
	"encoding/pem"
	"io"
	"math/big"
	"slices"
	"sync"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
	"oots/xml/xmlenc"
)

var at = time.Date(2026, 9, 14, 8, 30, 0, 512_000_000, time.UTC)

const gateway = "http://sdg.europa.eu/edelivery/gateway"

// The identities of the tests: two access points, a third known one, and certificates of other kinds.
type identities struct {
	at, el, fr       wssec.Identity // pinned
	el2              wssec.Identity // the next certificate of EL
	expired, unknown wssec.Identity
	issued, other    wssec.Identity // below root, for "ap.el.example" and "ap.fr.example"
	twoNames         wssec.Identity // below root, for both
	root             *x509.Certificate
}

// fixedKeys serve tests only. AT and EL have them because fuzzing runs in several processes, which must
// agree about who signed the seeds.
//
//go:embed testdata/keys.pem
var fixedKeys []byte

func newKey(fixed *[]byte) *rsa.PrivateKey {
	block, rest := pem.Decode(*fixed)
	*fixed = rest
	if block == nil {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		return key
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		panic(err)
	}
	return key.(*rsa.PrivateKey)
}

var people = sync.OnceValue(func() (p identities) {
	serial := int64(0)
	fixed := fixedKeys
	issue := func(cn string, edit func(*x509.Certificate), issuer *wssec.Identity) wssec.Identity {
		key := newKey(&fixed)
		serial++
		tmpl := &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: cn},
			NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(1, 0, 0),
		}
		if edit != nil {
			edit(tmpl)
		}
		parent, signer := tmpl, any(key)
		if issuer != nil {
			parent, signer = issuer.Certificate, issuer.Key
		}
		der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, key.Public(), signer)
		if err != nil {
			panic(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		return wssec.Identity{Key: key, Decrypter: key, Certificate: c}
	}
	p.at, p.el, p.fr, p.el2 = issue("at", nil, nil), issue("el", nil, nil), issue("fr", nil, nil), issue("el2", nil, nil)
	p.unknown = issue("unknown", nil, nil)
	p.expired = issue("expired", func(c *x509.Certificate) { c.NotAfter = at.AddDate(0, 0, -1) }, nil)
	ca := issue("root", func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	}, nil)
	p.root = ca.Certificate
	p.issued, p.other = issue("ap.el.example", nil, &ca), issue("ap.fr.example", nil, &ca)
	p.twoNames = issue("", func(c *x509.Certificate) {
		for _, name := range []string{"ap.fr.example", "ap.el.example"} {
			c.Subject.ExtraNames = append(c.Subject.ExtraNames, pkix.AttributeTypeAndValue{Type: oidCommonName, Value: name})
		}
	}, &ca)
	return p
})

func party(country string, id wssec.Identity) pmode.Party {
	return pmode.Party{
		ID:   ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:" + country, Value: "AP_" + country + "_01"},
		Role: gateway, URL: "https://localhost:8441/as4",
		Signing: []*x509.Certificate{id.Certificate}, Encryption: id.Certificate,
	}
}

// receiver is the access point of AT; EL and FR may send to it.
func receiver() *Receiver {
	p := people()
	return &Receiver{
		Self: []wssec.Identity{p.at},
		PModes: &pmode.Set{
			Self: party("AT", p.at), Peers: []pmode.Party{party("EL", p.el), party("FR", p.fr)},
			Service:    ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "QueryManager"},
			Actions:    []string{"ExecuteQueryRequest", "ExecuteQueryResponse", "ExceptionResponse"},
			Properties: pmode.FourCorner(),
		},
		Now: func() time.Time { return at },
	}
}

// message goes from EL to AT.
func message() ebms.UserMessage {
	r := receiver()
	return ebms.UserMessage{
		Timestamp: at, MessageID: "3b0f2c1d-5e64-4a87-9c10-7d2e8f9a0b11@ap.example.el",
		From: ebms.Party{ID: r.PModes.Peers[0].ID, Role: gateway}, To: ebms.Party{ID: r.PModes.Self.ID, Role: gateway},
		Service: r.PModes.Service, Action: "ExecuteQueryResponse", ConversationID: "a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22",
		Properties: []ebms.Property{
			{Name: "originalSender", Type: "urn:x", Value: "Επιδεικτικό Μητρώο"},
			{Name: "finalRecipient", Type: "urn:x", Value: "Größwang & <Söhne>"},
		},
	}
}

func payloads() []Payload {
	return []Payload{
		{ContentID: "1@ap.example.el", MimeType: "application/x-ebrs+xml", Compress: true, Content: Bytes([]byte("<a>\r\n\tβ</a>"))},
		{ContentID: "2@ap.example.el", MimeType: "application/pdf", Compress: true, Content: Bytes([]byte("%PDF-1.7\r\n--B\r\n\x00\xff"))},
		{ContentID: "3@ap.example.el", MimeType: "text/plain; charset=utf-8", Content: Bytes([]byte{}), Properties: []ebms.Property{{Name: "CharacterSet", Value: "utf-8"}}},
	}
}

// An attachment is a part in memory, as it is signed.
type attachment struct {
	ContentID, MediaType string
	Content              []byte
}

// whole returns the bytes of an entity, and checks that it says how many they are.
func whole(t testing.TB, e *Entity) []byte {
	t.Helper()
	r := e.Open()
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(b)) != e.Length() {
		t.Errorf("%d bytes, Length says %d", len(b), e.Length())
	}
	return b
}

// content returns the bytes of a payload.
func content(t testing.TB, c Content) []byte {
	t.Helper()
	b, err := ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A forgery is a message under construction: each step can be spoiled before the next.
type forgery struct {
	message  ebms.UserMessage
	payloads []Payload
	signer   wssec.Identity
	to       *x509.Certificate

	prepared  func(infos []ebms.PartInfo, atts []attachment) // before the header is written
	envelope  func([]byte) []byte                            // before it is signed
	attach    func([]attachment) []attachment                // what is signed
	digested  func([]attachment)                             // after they are digested
	secured   func([]byte) []byte                            // after it is signed
	parts     func([]swa.Part) []swa.Part                    // what is sent
	mediaType func(string) string
}

func (f *forgery) make(t testing.TB) (string, []byte) {
	t.Helper()
	m := f.message
	atts := make([]attachment, len(f.payloads))
	m.Parts = make([]ebms.PartInfo, len(f.payloads))
	for i := range f.payloads {
		e, p := new(Entity), &f.payloads[i]
		part, att, err := e.prepare(p, Memory())
		if err != nil {
			t.Fatal(err)
		}
		m.Parts[i] = describe(p)
		atts[i] = attachment{p.ContentID, att.MediaType, bytes.Clone(content(t, part.Content))}
	}
	if f.prepared != nil {
		f.prepared(m.Parts, atts)
	}
	envelope := ebms.AppendUserEnvelope(nil, &m, "_m", "_b")
	if f.envelope != nil {
		envelope = f.envelope(envelope)
	}
	if f.attach != nil {
		atts = f.attach(atts)
	}
	if f.signer.Key != nil {
		envelope, atts = secureWhole(t, envelope, atts, f.signer, f.to, f.digested)
	}
	if f.secured != nil {
		envelope = f.secured(envelope)
	}
	root := swa.Part{ContentID: "root@x", Content: envelope}
	var parts []swa.Part
	for _, a := range atts {
		parts = append(parts, swa.Part{ContentID: a.ContentID, MediaType: "application/octet-stream", Content: a.Content})
	}
	if f.parts != nil {
		parts = f.parts(parts)
	}
	var body bytes.Buffer
	if err := swa.Write(&body, root, parts, "oots-test"); err != nil {
		t.Fatal(err)
	}
	ct := swa.ContentType(root, parts, "oots-test")
	if f.mediaType != nil {
		ct = f.mediaType(ct)
	}
	return ct, body.Bytes()
}

// secureWhole digests, signs and encrypts.
func secureWhole(t testing.TB, envelope []byte, atts []attachment, signer wssec.Identity, to *x509.Certificate, digested func([]attachment)) ([]byte, []attachment) {
	t.Helper()
	signed := make([]wssec.Attachment, len(atts))
	for i, a := range atts {
		sum := sha256.Sum256(a.Content)
		signed[i] = wssec.Attachment{ContentID: a.ContentID, MediaType: a.MediaType, Digest: sum[:]}
	}
	if digested != nil {
		digested(atts)
	}
	s, err := wssec.Secure(envelope, signed, signer, to, wssec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sealed := slices.Clone(atts)
	for i, a := range atts {
		if sealed[i].Content, err = xmlenc.Seal(xmlenc.AES128GCM, s.Key, a.Content); err != nil {
			t.Fatal(err)
		}
	}
	return s.Envelope, sealed
}
