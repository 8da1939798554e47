package edmxml_test

import (
	"os"
	"path/filepath"
	"testing"

	"oots/rule"
)

// TestFindingsSayWhere holds line and XPath of findings that only the model can make.
func TestFindingsSayWhere(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		golden string
		edit   edit
		id     rule.ID
		line   int
		path   string
	}{
		{company, swap("ATU00000001</sdg:Identifier>\n          <sdg:Name lang=\"EN\"", "ATU00000001</sdg:Identifier>\n          <sdg:Name lang=\"en\""),
			"R-EDM-REQ-C108", 55, `/query:QueryRequest/rim:Slot[7]/rim:SlotValue/rim:Element[2]/sdg:Agent/sdg:Name/@lang`},
		{company, swap("<sdg:Nationality>CY", "<sdg:Nationality>XX"),
			"R-EDM-REQ-C078", 138, `/query:QueryRequest/query:Query/rim:Slot[2]/rim:SlotValue/sdg:Person/sdg:Nationality[2]`},
		{twoDocs, swapIn("9383704", "<sdg:Language>EN", "<sdg:Language>en"),
			"R-EDM-RESP-C026", 91, `/query:QueryResponse/rim:RegistryObjectList/rim:RegistryObject/rim:RegistryObjectList/rim:RegistryObject[2]/rim:Slot/rim:SlotValue/sdg:Evidence/sdg:Distribution/sdg:Language`},
		{preview, swap(`xml:lang="EL"`, `xml:lang="el"`),
			"R-EDM-ERR-C020", 50, `/query:QueryResponse/rs:Exception/rim:Slot[3]/rim:SlotValue/rim:Value/rim:LocalizedString[2]/@lang`},
		{"response12-several", swapIn("9383712", `<sdg:Title lang="EN"`, `<sdg:Title lang="en"`),
			"R-EDM-RESP-C018", 102, `/query:QueryResponse/rim:RegistryObjectList/rim:RegistryObject[2]/rim:Slot/rim:SlotValue/sdg:Evidence/sdg:IsConformantTo/sdg:Title[2]/@lang`},
		{"error12-preview-required", swap(">GET<", ">HEAD<"),
			"R-EDM-ERR-C021", 48, `/query:QueryResponse/rs:Exception/rim:Slot[3]/rim:SlotValue/rim:Value`},
		{company, swap(">X1<", ">Z1<"), "R-EDM-REQ-C003", 15, `/query:QueryRequest/rim:Slot[3]/rim:SlotValue/rim:Value`},
		{"request12-first", swap(`value="T3"`, `value="Z1"`),
			"R-EDM-REQ-C003", 16, `/query:QueryRequest/rim:Slot[3]/rim:SlotValue/rim:Value/rim:LocalizedString`},
	} {
		t.Run(string(tc.id), func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join("testdata", tc.golden+".xml"))
			if err != nil {
				t.Fatal(err)
			}
			_, findings, err := read([]byte(tc.edit(string(b))))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				if f.Rule == tc.id {
					if f.Line != tc.line || f.Path != tc.path {
						t.Errorf("got line %d, %s\nwant line %d, %s", f.Line, f.Path, tc.line, tc.path)
					}
					return
				}
			}
			t.Errorf("did not fire: %v", findings)
		})
	}
}
