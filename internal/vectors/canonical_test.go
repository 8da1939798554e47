package vectors

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/corpus"
)

func TestCorpusCanonical(t *testing.T) {
	t.Parallel()
	var tally Tally
	err := RunCanonical(corpus.Path(t, "as4/generated/c14n"), func(r Result) {
		tally.Add(r)
		if r.Verdict != Passed {
			t.Errorf("%s: %s: %s", r.ID, r.Got, r.Reason)
		}
		if recoded := r.Note != ""; recoded != strings.Contains(r.ID, "iso-8859-1") {
			t.Errorf("%s: note %q", r.ID, r.Note)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if tally.Cases < 40 {
		t.Errorf("only %d cases", tally.Cases)
	}
}

func TestCanonicalDifferences(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"manifest.json": `[
			{"id": "good", "algorithm": "http://www.w3.org/2001/10/xml-exc-c14n#", "prefixList": null, "apex": "document"},
			{"id": "other", "algorithm": "http://www.w3.org/2001/10/xml-exc-c14n#", "prefixList": "p", "apex": "element"},
			{"id": "longer", "algorithm": "http://www.w3.org/2001/10/xml-exc-c14n#", "apex": "document"},
			{"id": "broken", "algorithm": "http://www.w3.org/2001/10/xml-exc-c14n#", "apex": "document"},
			{"id": "apexless", "algorithm": "http://www.w3.org/2001/10/xml-exc-c14n#", "apex": "element"},
			{"id": "unknown", "algorithm": "urn:none", "apex": "document"}]`,
		"good.xml": `<a/>`, "good.c14n": `<a></a>`,
		"other.xml": `<b xmlns:p="u"><a Id="t"/></b>`, "other.c14n": `<a Id="t"></a>`,
		"longer.xml": `<a/>`, "longer.c14n": `<a></a> `,
		"broken.xml": `<a>`, "broken.c14n": `<a></a>`,
		"apexless.xml": `<a/>`, "apexless.c14n": `<a></a>`,
		"unknown.xml": `<a/>`, "unknown.c14n": `<a></a>`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{
		"good": "", "other": "octet 3: got", "longer": "octet 7", "broken": "line 1", "apexless": `no element has an attribute Id="t"`, "unknown": "no such canonicalisation",
	}
	if err := RunCanonical(dir, func(r Result) {
		if (r.Verdict == Passed) != (want[r.ID] == "") || !strings.Contains(r.Reason, want[r.ID]) {
			t.Errorf("%s: %s %q, want %q", r.ID, r.Verdict, r.Reason, want[r.ID])
		}
		delete(want, r.ID)
	}); err != nil {
		t.Fatal(err)
	}
	if len(want) > 0 {
		t.Errorf("not run: %v", want)
	}
}

func TestFolders(t *testing.T) {
	t.Parallel()
	all, err := Folders(corpus.Path(t, "as4/generated"))
	if err != nil || len(all) != 2 || !all[0].Canonical || all[1].Canonical {
		t.Errorf("%+v, %v", all, err)
	}
	one, err := Folders(corpus.Path(t, "as4/generated/messages"))
	if err != nil || len(one) != 1 || one[0].Canonical {
		t.Errorf("%+v, %v", one, err)
	}
	if all, err := Folders(t.TempDir()); err == nil {
		t.Errorf("an empty folder has %+v", all)
	}
}
