package edmxml_test

import (
	"os"
	"strings"
	"testing"

	"oots/edm/edmxml"
)

// TestMandateAsItCame holds that the mandate of a representative keeps name and URI, and that two representatives
// keep mandates of their own.
func TestMandateAsItCame(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/request-company.xml")
	if err != nil {
		t.Fatal(err)
	}
	const ours = "PowerOfRepresentationScope<"
	natural, legal, two := strings.Cut(string(b), `name="AuthorizedRepresentativeLegalPerson"`)
	if !two || !strings.Contains(natural, ours) || !strings.Contains(legal, ours) {
		t.Fatal("the specimen has no two mandates")
	}
	for name, text := range map[string]string{
		"other name": strings.ReplaceAll(string(b), ours, "Mandate<"),
		"two scopes": natural + `name="AuthorizedRepresentativeLegalPerson"` + strings.ReplaceAll(legal, "<sdg:AttributeValue>X1<", "<sdg:AttributeValue>X1,X2<"),
	} {
		q, findings, err := edmxml.ParseRequest([]byte(text))
		if err != nil || len(findings) > 0 || q.RepresentativePowerScope != "X1" {
			t.Fatalf("%s: %v %v, scope %q", name, err, findings, q.RepresentativePowerScope)
		}
		got, err := edmxml.AppendRequest(nil, q)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != text {
			t.Errorf("%s: written otherwise:\n%s", name, got)
		}
	}
}
