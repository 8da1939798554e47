package saml

import (
	"bytes"
	"crypto/x509"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"oots/eid/eidas"
	"oots/internal/corpus"
	"oots/xml/xmltree"
)

// TestCorpusAssertion reads an assertion of another make, as if it had been decrypted: its own clock and its own
// parties, and types whose names hold a blank.
func TestCorpusAssertion(t *testing.T) {
	t.Parallel()
	b := corpus.Read(t, "evidence/swedenconnect-opensaml-eidas/example-assertion.xml")
	w := usual(t)
	w.idp.EntityID = "https://eidas-service.eu"
	w.request.ID, w.request.IssueInstant = "_171ccc6b39b1e8f6e762c2e4ee4ded3a", time.Date(2015, 4, 30, 19, 27, 0, 0, time.UTC)
	c := w.context()
	c.EntityID, c.Consumer, c.Now = "https://eidas-connector.eu/post", "https://eidas-connector.eu/post", time.Date(2015, 4, 30, 19, 28, 0, 0, time.UTC)
	a, err := readAssertion(b, w.idp, &c)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.judge(w.request, w.idp, &c); err != nil {
		t.Fatal(err)
	}
	want := eidas.NaturalPerson{PersonIdentifier: "ES/AT/02635542Y", FamilyName: eidas.Name{Latin: "Onasis", Original: "Ωνάσης"}, FirstName: eidas.Name{Latin: "Sarah"}, DateOfBirth: "1970-05-28"}
	got := a.Subject.Natural
	if got.PersonIdentifier != want.PersonIdentifier || got.FamilyName.Latin != want.FamilyName.Latin || norm.NFC.String(got.FamilyName.Original) != want.FamilyName.Original || got.FirstName != want.FirstName || got.DateOfBirth != want.DateOfBirth || a.Level != eidas.High {
		t.Errorf("%+v at %s", *got, a.Level)
	}
	c.Now = c.Now.Add(time.Hour)
	if again, err := readAssertion(b, w.idp, &c); err != nil || reason(again.judge(w.request, w.idp, &c)) != expired {
		t.Error("an hour later it is still good")
	}
}

// TestCorpusServiceList verifies a published list, and refuses the one whose signature is broken.
func TestCorpusServiceList(t *testing.T) {
	t.Parallel()
	read := func(name string) []byte {
		return corpus.Read(t, "evidence/swedenconnect-opensaml-eidas/"+name)
	}
	at := time.Date(2018, 2, 25, 0, 0, 0, 0, time.UTC)
	good := read("mdservicelist.xml")
	root := must(xmltree.Parse(good, xmltree.Limits{})).Root
	signer := must(readCertificate(root.First(nsSignature, "Signature").First(nsSignature, "KeyInfo")))
	trust := Trust{Anchors: []*x509.Certificate{signer}}
	list, err := ReadServiceList(good, trust, Lenient(), at)
	if err != nil {
		t.Fatal(err)
	}
	if list.Territory != "SE" || len(list.Locations) < 20 || list.Locations[0].Country != "SE" || list.Locations[0].URL == "" || len(list.Locations[0].Certificates) != 1 {
		t.Errorf("%d places of %s, the first %+v", len(list.Locations), list.Territory, list.Locations[0].URL)
	}
	for _, tc := range []struct {
		name  string
		doc   []byte
		trust Trust
		p     Policy
		at    time.Time
		want  Reason
	}{
		{"broken signature", read("mdservicelist-badsign.xml"), trust, Lenient(), at, badSignature},
		{"changed", bytes.Replace(good, []byte("eunode"), []byte("evil01"), 1), trust, Lenient(), at, badSignature},
		{"a stranger", good, Trust{Anchors: []*x509.Certificate{newPair(t, ecOther()).cert}}, Lenient(), at, untrusted},
		{"nobody trusted", good, Trust{}, Lenient(), at, untrusted},
		{"against the policy", good, trust, Strict(), at, badAlgorithm},
		{"a month later", good, trust, Lenient(), at.AddDate(0, 1, 0), expired},
		{"something else", []byte("<a/>"), trust, Lenient(), at, badSchema},
	} {
		if l, err := ReadServiceList(tc.doc, tc.trust, tc.p, tc.at); l != nil || reason(err) != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
	if m, err := ReadMetadata(good, Trust{Local: true}, Lenient(), at); m != nil || reason(err) != badSchema {
		t.Errorf("a list is no metadata of one entity: %v", err)
	}
}
