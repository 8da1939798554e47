package pysaml2

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"oots/eid/eidas"
	"oots/eid/saml"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
)

// A world is the folder of the other make, and our keys.
type world struct {
	t    *testing.T
	dir  string
	now  time.Time
	key  *rsa.PrivateKey
	ours saml.Signer
	peer saml.Signer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), now: time.Now()}
	var peerKey *rsa.PrivateKey
	w.key, w.ours = w.signer("ours")
	peerKey, w.peer = w.signer("peer")
	w.write("peer.key", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(peerKey)}))
	w.write("peer.crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.peer.Certificate.Raw}))
	role := saml.Role{
		Signing: []*x509.Certificate{w.ours.Certificate}, NameIDs: []string{saml.NameIDPersistent},
		Encryption: []saml.EncryptionKey{{Certificate: w.ours.Certificate, Methods: []string{string(xmlenc.AES128GCM), xmlenc.RSAOAEPMGF1P}}},
	}
	until := w.now.Add(time.Hour).UTC().Truncate(time.Second)
	w.metadata("sp.xml", &saml.Metadata{EntityID: ourSP, ID: "_sp", ValidUntil: until, ProtocolVersions: []string{"1.4"}, SP: &saml.SPRole{Role: role, Consumers: []saml.Consumer{{Location: ourACS, Default: true}}}})
	role.NodeCountry = "EL"
	w.metadata("idp.xml", &saml.Metadata{EntityID: ourIDP, ID: "_idp", ValidUntil: until, ProtocolVersions: []string{"1.4"}, IDP: &saml.IDPRole{
		Role: role, Attributes: eidas.Mandatory(false),
		Services: []saml.Endpoint{{Binding: saml.BindingPOST, Location: ourSSO}, {Binding: saml.BindingRedirect, Location: ourSSO}},
	}})
	w.attributes()
	return w
}

func (w *world) write(name string, b []byte) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), b, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) metadata(name string, m *saml.Metadata) {
	w.t.Helper()
	doc, err := m.Write(w.ours, saml.Lenient())
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(name, doc)
}

// attributes writes the map of names that pysaml2 wants as a Python file.
func (w *world) attributes() {
	w.t.Helper()
	to, from := map[string]string{}, map[string]string{}
	for _, d := range eidas.Natural() {
		to[d.Friendly], from[d.Name] = d.Name, d.Friendly
	}
	b, err := json.Marshal(map[string]any{"identifier": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri", "to": to, "fro": from})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(w.dir, "attributes"), 0o700); err != nil {
		w.t.Fatal(err)
	}
	w.write("attributes/eidas.py", append([]byte("MAP = "), b...))
}

func (w *world) signer(name string) (*rsa.PrivateKey, saml.Signer) {
	w.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		w.t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: w.now.Add(-time.Hour), NotAfter: w.now.Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		w.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		w.t.Fatal(err)
	}
	return key, saml.Signer{Key: key, Certificate: cert, Method: xmldsig.RSASHA256}
}

func eleni() *eidas.Subject {
	return &eidas.Subject{Natural: &eidas.NaturalPerson{
		PersonIdentifier: "EL/AT/1234567890", FamilyName: eidas.Name{Latin: "Papadopoulou", Original: "Παπαδοπούλου"},
		FirstName: eidas.Name{Latin: "Eleni <&>", Original: "Ελένη"}, DateOfBirth: "1996-02-29", Gender: "Female", Nationality: []string{"EL", "AT"},
	}}
}

// answer answers a request of the other make.
func (w *world) answer(request *saml.AuthnRequest, sp *saml.Metadata) string {
	w.t.Helper()
	now := time.Now()
	r := &saml.Response{
		ID: "_r" + request.ID, AssertionID: "_a" + request.ID, IssueInstant: now, Issuer: ourIDP, Destination: request.ConsumerURL, InResponseTo: request.ID,
		Audience: request.Issuer, NameID: eleni().Natural.PersonIdentifier, NameIDFormat: saml.NameIDPersistent, AuthnInstant: now, NotOnOrAfter: now.Add(5 * time.Minute),
		Level: eidas.High, Attributes: eleni().Attributes(),
	}
	key := sp.SP.Encryption[0]
	key.Methods = []string{string(xmlenc.AES128GCM), xmlenc.RSAOAEPMGF1P} // what the other side's tool can do
	text, err := r.Write(w.ours, key, saml.Lenient())
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}
