package edmxml_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"oots/edm"
	"oots/rule"
)

// TestLinesDiffer applies one edit to the answers of each line: some lines refuse it, others take it, with at most a
// warning.
func TestLinesDiffer(t *testing.T) {
	t.Parallel()
	const (
		noReference = `<rim:RepositoryItemRef xlink:href="cid:diploma-el@localhost" xlink:title="Πτυχίο"/>`
		provider    = `<rim:Slot name="EvidenceProvider">`
		soon        = `<rim:Slot name="ResponseAvailableDateTime"><rim:SlotValue xsi:type="rim:DateTimeValueType"><rim:Value>2026-09-16T08:30:00Z</rim:Value></rim:SlotValue></rim:Slot>`
		unavailable = "ResponseStatusType:Unavailable"
	)
	v10, v11, v12, v20 := edm.V10, edm.V11, edm.V12, edm.V20
	for _, tc := range []struct {
		name, golden string
		edit         edit
		id           rule.ID
		refuse       []edm.Version // the others take it
	}{
		{"identifier as URN", one, swapIn("EvidenceResponseIdentifier", answerID, "urn:uuid:"+answerID), "R-EDM-RESP-C003", []edm.Version{v11, v12, v20}},
		{"no list of what comes later", later, swap("<rim:RegistryObjectList/>", ""), "R-EDM-RESP-S007", []edm.Version{v20}},
		{"no list of what is there", "response-empty", swap("<rim:RegistryObjectList/>", ""), "R-EDM-RESP-S007", edm.Versions()},
		{"when to ask again, although it is there", later, swap(unavailable, "ResponseStatusType:Success"), "R-EDM-RESP-S014", []edm.Version{v11, v12, v20}},
		{"not when to ask again", later, noSlot("ResponseAvailableDateTime"), "R-EDM-RESP-S045", []edm.Version{v11, v12, v20}},
		{"level of assurance of the subject", one, swap("<sdg:NaturalPerson>", "<sdg:NaturalPerson><sdg:LevelOfAssurance>High</sdg:LevelOfAssurance>"), "R-EDM-RESP-S041", []edm.Version{v11, v12, v20}},
		{"day with zone", one, swap("<sdg:IssuingDate>2021-07-04", "<sdg:IssuingDate>2021-07-04+03:00"), "R-EDM-RESP-C016", []edm.Version{v11, v12, v20}},
		{"day with white space", one, swap("<sdg:IssuingDate>2021-07-04", "<sdg:IssuingDate>2021-07-04 "), "R-EDM-RESP-C016", nil},
		{"title of the attachment", one, swap(` xlink:title="Πτυχίο"`, ""), "R-EDM-RESP-S035", []edm.Version{v20}},
		{"reference to the attachment", one, swap(noReference, ""), "R-EDM-RESP-S033", edm.Versions()},
		{"reference to what is not there yet", one, both(swap("ResponseStatusType:Success", unavailable), both(swap(provider, soon+provider), swap(noReference, ""))), "R-EDM-RESP-S033", nil},
		{"several exceptions", plain, twice("<rs:Exception ", "</rs:Exception>"), "R-EDM-ERR-C011", []edm.Version{v10}},
		{"error that is unavailable", plain, swap("ResponseStatusType:Failure", unavailable), "R-EDM-RESP-S016", []edm.Version{v11, v12, v20}},
		{"method of the preview", preview, noSlot("PreviewMethod"), "R-EDM-ERR-S031", []edm.Version{v11, v12}},
		{"PUT", preview, swap(">GET<", ">PUT<"), "R-EDM-ERR-C021", []edm.Version{v10}},
		{"scheme in upper case", preview, swap("https://localhost", "HTTPS://localhost"), "R-EDM-ERR-C019", []edm.Version{v10}},
		{"language twice", preview, swap(`xml:lang="EL"`, `xml:lang="EN"`), "R-EDM-ERR-S030", []edm.Version{v11, v12, v20}},
		{"address of the error provider", plain, no(`name="ErrorProvider"`, "Address"), "R-EDM-ERR-C024", []edm.Version{v20}},
		{"old host of the severity", preview, swap("sr.oots.tech.ec.europa", "sr.oots.tech.europa"), "R-EDM-ERR-C014", nil},
	} {
		for _, v := range edm.Versions() {
			t.Run(tc.name+" "+v.Line(), func(t *testing.T) {
				t.Parallel()
				b, err := os.ReadFile(filepath.Join("testdata", goldenIn(tc.golden, v)+".xml"))
				if err != nil {
					t.Fatal(err)
				}
				_, findings, err := read([]byte(tc.edit(string(b))))
				if err != nil {
					t.Fatal(err)
				}
				severity, broken := fired(findings)[tc.id]
				refused := broken && severity == rule.Fatal
				if want := slices.Contains(tc.refuse, v); refused != want || rule.Refuses(findings) != want {
					t.Errorf("refused %v, want %v: %v", refused, want, findings)
				}
			})
		}
	}
}

// TestStrictAnswers gives rules that we soften their published severity.
func TestStrictAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		golden string
		edit   edit
		id     rule.ID
		in     []edm.Version // where a strict operator refuses
	}{
		{one, swap(` xlink:title="Πτυχίο"`, ""), "R-EDM-RESP-S035", []edm.Version{edm.V11, edm.V12, edm.V20}},
		{one, no("<sdg:IsConformantTo>", "Description"), "R-EDM-RESP-S030", []edm.Version{edm.V10}},
		{preview, swap("sr.oots.tech.ec.europa", "sr.oots.tech.europa"), "R-EDM-ERR-C014", []edm.Version{edm.V11, edm.V12, edm.V20}},
	} {
		for _, v := range edm.Versions() {
			b, err := os.ReadFile(filepath.Join("testdata", goldenIn(tc.golden, v)+".xml"))
			if err != nil {
				t.Fatal(err)
			}
			_, findings, err := readWith([]byte(tc.edit(string(b))), &edm.Rules{Strict: true})
			if err != nil {
				t.Fatal(err)
			}
			severity, broken := fired(findings)[tc.id]
			if refused := broken && severity == rule.Fatal; refused != slices.Contains(tc.in, v) {
				t.Errorf("%s in %s: %v", tc.id, v, findings)
			}
		}
	}
}
