package genericode

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"oots/codelist"
	"oots/internal/corpus"
)

func gc(shortName, version string, codes ...string) *fstest.MapFile {
	var b strings.Builder
	b.WriteString(`<g:CodeList xmlns:g="` + Namespace + `"><Identification><ShortName>` + shortName + `</ShortName><Version>` + version +
		`</Version></Identification><ColumnSet><Column Id="code"/><Column Id="name-EN"/></ColumnSet><SimpleCodeList>`)
	for _, c := range codes {
		b.WriteString(`<Row><Value><SimpleValue>` + c + `</SimpleValue></Value><Value><SimpleValue>Name of ` + c + `</SimpleValue></Value></Row>`)
	}
	b.WriteString(`</SimpleCodeList></g:CodeList>`)
	return &fstest.MapFile{Data: []byte(b.String())}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	set, report, err := Load(fstest.MapFS{
		"eas.gc":    gc("EAS", "3000-01", "0002", "0999"),
		"loa.gc":    gc("LoA", "2", "Low", "Substantial", "High"),
		"towns.gc":  gc("Towns", "1", "ATH"),
		"readme.md": {Data: []byte("no list")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !set.Has(codelist.EAS, "0999") || set.Has(codelist.EAS, "9914") || set.Label(codelist.EAS, "0999") != "Name of 0999" {
		t.Error("the new edition is not in force")
	}
	if set.Version(codelist.EAS) != "3000-01" || set.Version(codelist.Languages) != codelist.Languages.Version() {
		t.Error("wrong editions in force")
	}
	if len(report) != 3 {
		t.Fatalf("report %+v", report)
	}
	if r := report[0]; r.List != codelist.EAS || !slices.Equal(r.Added, []string{"0999"}) || !slices.Contains(r.Gone, "9914") {
		t.Errorf("EAS is reported as %+v", r)
	}
	if r := report[1]; r.List != codelist.LevelsOfAssurance || r.Added != nil || r.Gone != nil {
		t.Errorf("LoA is reported as %+v", r)
	}
	if r := report[2]; r.List != "" || r.File != "towns.gc" {
		t.Errorf("a list that nobody uses is reported as %+v", r)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		folder fstest.MapFS
		want   string
	}{
		"no list":      {fstest.MapFS{"a.gc": {Data: []byte("<a/>")}}, "a.gc: no code list: line 1"},
		"empty":        {fstest.MapFS{"a.gc": gc("EAS", "1")}, "a.gc: the list EAS has no codes"},
		"twice":        {fstest.MapFS{"a.gc": gc("EAS", "1", "x"), "b.gc": gc("eas", "2", "y")}, "a.gc and b.gc are both the list EAS"},
		"folder is it": {fstest.MapFS{"a.gc/b": gc("EAS", "1", "x")}, "a.gc"},
		"too large":    {fstest.MapFS{"a.gc": {Data: make([]byte, MaxList+1)}}, errTooLarge.Error()},
	} {
		set, report, err := Load(tc.folder)
		if err == nil || !strings.Contains(err.Error(), tc.want) || set != nil || report != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var syntax *Error
	if _, _, err := Load(fstest.MapFS{"a.gc": {Data: []byte("<!DOCTYPE a>")}}); !errors.As(err, &syntax) {
		t.Errorf("a DOCTYPE gives %v", err)
	}
}

// TestLoadPublished puts the edition of 2022 in force, its one broken file apart.
func TestLoadPublished(t *testing.T) {
	folder := fstest.MapFS{}
	dir := corpus.Path(t, "common-services/tdd-2023-04/codelists")
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.Name() != "EDMErrorCodes-CodeList.gc" {
			folder[f.Name()] = &fstest.MapFile{Data: corpus.Read(t, "common-services/tdd-2023-04/codelists/"+f.Name())}
		}
	}
	set, report, err := Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	used := map[codelist.List]Loaded{}
	for _, r := range report {
		used[r.List] = r
	}
	for _, l := range []codelist.List{codelist.AgentClasses, codelist.EAS, codelist.LegalIdentifiers, codelist.LevelsOfAssurance, codelist.MediaTypes, codelist.Procedures} {
		if used[l].File == "" || set.Version(l) == "" {
			t.Errorf("%s is not loaded: %+v", l, report)
		}
	}
	if set.Has(codelist.Procedures, "V5") || !set.Has(codelist.Procedures, "T3") || !set.Has(codelist.Procedures, "00") {
		t.Errorf("procedures %v", set.Codes(codelist.Procedures))
	}
}
