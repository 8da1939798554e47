package saml

import (
	"os"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"oots/eid/eidas"
	"oots/internal/corpus"
)

// TestCorpusAssertion reads an assertion of another make, as if it had been decrypted: its own clock and its own
// parties, and types whose names hold a blank.
func TestCorpusAssertion(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(corpus.Path(t, "evidence/swedenconnect-opensaml-eidas/example-assertion.xml"))
	if err != nil {
		t.Fatal(err)
	}
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

// The lists of services are no metadata of one entity, and the broken one is no better.
func TestCorpusServiceList(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mdservicelist.xml", "mdservicelist-badsign.xml"} {
		b, err := os.ReadFile(corpus.Path(t, "evidence/swedenconnect-opensaml-eidas/"+name))
		if err != nil {
			t.Fatal(err)
		}
		if m, err := ReadMetadata(b, Trust{Local: true}, Lenient(), now); m != nil || reason(err) != badSchema {
			t.Errorf("%s: %v", name, err)
		}
	}
}
