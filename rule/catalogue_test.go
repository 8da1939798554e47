package rule

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestCatalogue holds what readers of the catalogue rely on.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	rows, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	type form struct {
		id      ID
		version string
	}
	forms := map[form]bool{}
	newest := map[ID]string{}
	for _, r := range rows {
		if !slices.Contains(Documents(), r.Document) || !slices.Contains(States(), r.State) {
			t.Errorf("%s: document %q, state %q", r.ID, r.Document, r.State)
		}
		if r.Wrong == "" || r.State == Checked && r.Write == "" || r.State == Unknown && r.Write != "" {
			t.Errorf("%s %s: wrong %q, write %q", r.ID, r.State, r.Wrong, r.Write)
		}
		if (r.State == ReadAs || r.State == Dead) && r.Note == "" {
			t.Errorf("%s %s says no reason", r.ID, r.State)
		}
		if len(r.Releases) == 0 && r.State != Unknown {
			t.Errorf("%s holds in no release line", r.ID)
		}
		for _, l := range r.Releases {
			if !slices.Contains([]string{"1.0", "1.1", "1.2", "2.0"}, l.Version) {
				t.Errorf("%s: release %q", r.ID, l.Version)
			}
			if forms[form{r.ID, l.Version}] {
				t.Errorf("%s has two forms in %s", r.ID, l.Version)
			}
			forms[form{r.ID, l.Version}] = true
			if first, seen := newest[r.ID]; seen && first < l.Version {
				t.Errorf("%s: the form of %s stands behind that of %s", r.ID, l.Version, first)
			}
		}
		if _, seen := newest[r.ID]; !seen && len(r.Releases) > 0 {
			newest[r.ID] = r.Releases[len(r.Releases)-1].Version
		}
		for _, text := range []string{r.Wrong, r.Write, r.Note} {
			if end, _ := utf8.DecodeLastRuneInString(text); text != "" && !strings.ContainsRune(".…?)]", end) {
				t.Errorf("%s: %q does not end as a sentence", r.ID, text)
			}
		}
	}
	if len(forms) < 2500 {
		t.Errorf("only %d forms", len(forms))
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		id      ID
		version string
		want    Row
	}{
		{"R-EDM-REQ-C003", "2.0", Row{Document: Request, Kind: "C", State: Checked, Context: "Procedure/Value"}},
		{"R-EDM-REQ-C003", "1.2", Row{Document: Request, Kind: "C", State: Checked, Context: "Procedure/Value/LocalizedString/@value"}},
		{"R-EDM-REQ-S011", "1.0", Row{Document: Request, Kind: "S", Severity: Warning, State: Checked, Context: "QueryRequest"}},
		{"R-EDM-REQ-S054", "2.0", Row{Document: Request, Kind: "S", State: Unknown}},
		{"R-EDM-REQ-C121", "2.0", Row{Document: Request, Kind: "C", State: Dead, Context: "Query/AuthorizedRepresentative/Person[Identifier/@schemeID='eidas2']"}},
		{"R-EDM-ERR-C013", "1.1", Row{Document: ErrorResponse, Kind: "C", State: Checked, Context: "Exception/@xsi:type"}},
		{"R-EDM-ebMS-032", "2.0", Row{Document: Header, Severity: Warning, State: Checked, Context: "UserMessage[CollaborationInfo/Action='ExecuteQueryResponse']/PayloadInfo/PartInfo[1]"}},
		{"R-LCM-SUC-003", "2.0", Row{Document: SubmitSuccess, State: Checked, Context: "/"}},
	} {
		got, ok := LookupIn(tc.id, tc.version)
		if !ok {
			t.Errorf("%s is not in %s", tc.id, tc.version)
			continue
		}
		if got.Document != tc.want.Document || got.Kind != tc.want.Kind || got.Severity != tc.want.Severity ||
			got.State != tc.want.State || got.Context != tc.want.Context {
			t.Errorf("%s in %s: %+v", tc.id, tc.version, got)
		}
	}
	if r, ok := Lookup("R-EDM-REQ-C003"); !ok || !r.Holds("2.0") {
		t.Errorf("the newest form of R-EDM-REQ-C003 is %+v", r)
	}
	if _, ok := LookupIn("R-EDM-REQ-S059", "1.2"); ok {
		t.Error("R-EDM-REQ-S059 is of 2.0 only")
	}
	if _, ok := Lookup("R-EDM-REQ-S099"); ok {
		t.Error("found a rule that does not exist")
	}
	for _, r := range Rows(Request, "1.0") {
		if r.Document != Request || !r.Holds("1.0") {
			t.Errorf("%s is no rule of a 1.0 request", r.ID)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	got := Explain("R-EDM-REQ-C032")
	for _, want := range []string{
		"R-EDM-REQ-C032  FATAL  oots-edm 2.0\n", "R-EDM-REQ-C032  FATAL  oots-edm 1.0, 1.1, 1.2\n",
		"document: evidence request\n", "write: Write one DistributedAs at most.\n", "checked; a breach is reported",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Index(got, "2.0") > strings.Index(got, "1.2") {
		t.Error("the older form comes first")
	}
	if got := Explain("R-EDM-REQ-C073"); !strings.Contains(got, "oots-edm 1.2, 2.0 (assumed: 1.1)\n") {
		t.Errorf("what is assumed is not told apart:\n%s", got)
	}
	if got := Explain("R-EDM-REQ-S099"); got != "" {
		t.Errorf("explains what does not exist: %s", got)
	}
	for r := range All() {
		if text := Explain(r.ID); !strings.HasPrefix(text, string(r.ID)) || !strings.HasSuffix(text, "\n") {
			t.Errorf("%s: %q", r.ID, text)
		}
	}
}

func TestParseCatalogueRefuses(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"too few columns":   "R-X\tREQ\tFATAL",
		"unknown severity":  "R-X\tREQ\tERROR\t2.0\tchecked\t/\tw\tw\t",
		"too many columns":  "R-X\tREQ\tFATAL\t2.0\tchecked\t/\tw\tw\tn\tmore",
		"severity in lower": "R-X\tREQ\tfatal\t2.0\tchecked\t/\tw\tw\t",
	} {
		if rows, err := parseCatalogue("# heading\n\n" + line + "\n"); err == nil || rows != nil {
			t.Errorf("%s: rows %v, error %v", name, rows, err)
		} else if !strings.HasPrefix(err.Error(), "line 3: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
