package saml

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"oots/eid/eidas"
	"oots/xml/xmldsig"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const (
	portal   = "https://portal.example/login/eidas/metadata"
	consumer = "https://portal.example/login/eidas/response"
	node     = "https://node.example/metadata"
	sso      = "https://node.example/request"
)

// pair is a key with a certificate of its own.
type pair struct {
	key  crypto.Signer
	cert *x509.Certificate
}

func newPair(t testing.TB, key crypto.Signer) pair {
	t.Helper()
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return pair{key, c}
}

var (
	rsa3072 = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 3072)) })
	rsa2048 = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	ec256   = sync.OnceValue(func() *ecdsa.PrivateKey { return fixed(elliptic.P256(), 32, 1) })
	ec384   = sync.OnceValue(func() *ecdsa.PrivateKey { return fixed(elliptic.P384(), 48, 2) })
	ecOther = sync.OnceValue(func() *ecdsa.PrivateKey { return fixed(elliptic.P256(), 32, 3) })
)

// fixed is the same key in every process, so that fuzzing goes on from what another process signed.
func fixed(c elliptic.Curve, n int, b byte) *ecdsa.PrivateKey {
	return must(ecdsa.ParseRawPrivateKey(c, bytes.Repeat([]byte{b}, n)))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// world is a service provider, a service, and a request that waits.
type world struct {
	t       testing.TB
	policy  Policy
	sp, idp *Metadata
	spSign  Signer
	idpSign Signer
	spKey   Decrypter
	request *AuthnRequest
	replay  *Memory
}

func newWorld(t testing.TB, signing, encryption crypto.Signer, p Policy) *world {
	t.Helper()
	sign, enc := newPair(t, signing), newPair(t, encryption)
	w := &world{t: t, policy: p, replay: &Memory{}}
	w.spSign, w.idpSign = Signer{Key: sign.key, Certificate: sign.cert}, Signer{Key: sign.key, Certificate: sign.cert}
	switch k := encryption.(type) {
	case *rsa.PrivateKey:
		w.spKey = Decrypter{Key: k}
	case *ecdsa.PrivateKey:
		w.spKey = Decrypter{Agreer: must(k.ECDH())}
	}
	w.sp = &Metadata{
		EntityID: portal, ID: "_sp", ValidUntil: now.AddDate(0, 0, 7), SPType: SPPublic, ProtocolVersions: []string{"1.4", "1.2"}, ApplicationIdentifier: "oots:portal:1",
		SP: &SPRole{
			Role:      Role{Signing: []*x509.Certificate{sign.cert}, Encryption: []EncryptionKey{{Certificate: enc.cert}}, NameIDs: []string{NameIDPersistent}},
			Consumers: []Consumer{{consumer, 0, true}},
		},
		Organization: Organization{"Authority", "The Authority", "https://portal.example/"},
		Contacts:     []Contact{{Kind: "support", Email: "mailto:help@portal.example"}, {Kind: "technical", Given: "Ada"}},
	}
	w.idp = &Metadata{
		EntityID: node, ID: "_idp", ValidUntil: now.AddDate(0, 0, 7), Levels: []string{string(eidas.High)}, RequesterIDRequired: true,
		Digests: []string{string(xmldsig.SHA256)}, Signatures: []string{string(xmldsig.PSSSHA256)},
		IDP: &IDPRole{
			Role:       Role{NodeCountry: "EL", Signing: []*x509.Certificate{sign.cert}, NameIDs: []string{NameIDPersistent, NameIDTransient}},
			Services:   []Endpoint{{BindingPOST, sso}, {BindingRedirect, sso}},
			Attributes: eidas.Mandatory(false),
		},
	}
	w.request = &AuthnRequest{
		ID: "_request1", IssueInstant: now.Add(-30 * time.Second), Destination: sso, Issuer: portal, ProviderName: "Portal & co",
		NameID: NameIDUnspecified, Levels: []eidas.Level{eidas.Substantial},
	}
	for _, name := range eidas.Mandatory(false) {
		w.request.Asked = append(w.request.Asked, Requested{name, true})
	}
	for _, d := range eidas.Natural() {
		if !d.Mandatory {
			w.request.Asked = append(w.request.Asked, Requested{d.Name, false})
		}
	}
	return w
}

// usual is the world of the strict policy with curves, which is quick.
func usual(t testing.TB) *world { return newWorld(t, ec256(), ec384(), Strict()) }

func eleni() *eidas.Subject {
	return &eidas.Subject{Natural: &eidas.NaturalPerson{
		PersonIdentifier: "EL/AT/1234567890", FamilyName: eidas.Name{Latin: "Papadopoulou", Original: "Παπαδοπούλου"},
		FirstName: eidas.Name{Latin: "Eleni <&>", Original: "Ελένη"}, DateOfBirth: "1996-02-29", Nationality: []string{"EL", "AT"}, Gender: "Female",
		CurrentAddress: &eidas.Address{Thoroughfare: "Ermou & Sons", LocatorDesignator: "7", PostName: "Athina", PostCode: "10563", AdminunitFirstline: "EL"},
	}}
}

func (w *world) response() *Response {
	return &Response{
		ID: "_response1", AssertionID: "_assertion1", IssueInstant: now.Add(-time.Second), Issuer: node, Destination: consumer, InResponseTo: w.request.ID, Audience: portal,
		NameID: "EL/AT/1234567890", NameIDFormat: NameIDPersistent, AuthnInstant: now.Add(-2 * time.Second), NotOnOrAfter: now.Add(4 * time.Minute),
		Level: eidas.High, Attributes: eleni().Attributes(),
	}
}

func (w *world) write(r *Response) []byte {
	w.t.Helper()
	text, err := r.Write(w.idpSign, w.sp.SP.Encryption[0], w.policy)
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := FromForm(url.Values{"SAMLResponse": {text}}, "SAMLResponse")
	if err != nil {
		w.t.Fatal(err)
	}
	return m.xml
}

func (w *world) context() ResponseContext {
	return ResponseContext{
		EntityID: portal, Consumer: consumer, Keys: []Decrypter{w.spKey}, Policy: w.policy, Replay: w.replay, Now: now,
		Open: func(id string) (*AuthnRequest, *Metadata, bool) { return w.request, w.idp, id == w.request.ID },
	}
}

func (w *world) read(doc []byte) (*Assertion, error) {
	return ReadResponse(&Message{Binding: BindingPOST, xml: doc}, w.context())
}

func (w *world) requestContext() RequestContext {
	return RequestContext{
		Destination: sso, Policy: w.policy, Replay: w.replay, Now: now,
		Peer: func(id string) (*Metadata, bool) { return w.sp, id == portal },
	}
}

func sameAttributes(a, b []eidas.Attribute) bool {
	return slices.EqualFunc(a, b, func(x, y eidas.Attribute) bool { return x.Name == y.Name && slices.Equal(x.Values, y.Values) })
}
