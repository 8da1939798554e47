package edmxml_test

import (
	"maps"
	"slices"
	"testing"

	"oots/edm"
	"oots/internal/corpus"
	"oots/rule"
)

// TestPublishedAnswersOf10 reads the examples of the chapter in 1.0: the responses break nothing there, the error has
// a severity that ends with a control character. Other lines refuse them.
func TestPublishedAnswersOf10(t *testing.T) {
	t.Parallel()
	for file, broken := range map[string][]rule.ID{
		"birth-response.xml":           nil,
		"tax-legalperson-response.xml": nil,
		"education-error-preview.xml":  {"R-EDM-ERR-C014", "R-EDM-ERR-C022"}, // C022 asks for the severity too
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			b := corpus.Read(t, "edm/tdd-1.0/examples/"+file)
			m, findings, err := read(b)
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.Sorted(maps.Keys(fired(findings))); !slices.Equal(got, broken) {
				t.Errorf("breaks %v, want %v", got, broken)
			}
			stable(t, m)
			for _, v := range []edm.Version{edm.V11, edm.V12, edm.V20} {
				if _, findings, err := readWith(b, &edm.Rules{As: v}); err != nil || !rule.Refuses(findings) {
					t.Errorf("accepted as %s: %v, %v", v, findings, err)
				}
			}
		})
	}
}

// TestFlatList reads documents that stand beside each other as evidences of their own.
func TestFlatList(t *testing.T) {
	t.Parallel()
	m, _, err := read(corpus.Read(t, "edm/governikus/secondary-education/oots_response.xml"))
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, p := range m.response.Packages {
		if len(p.Documents) != 1 || p.Main() == nil || p.ID != "" {
			t.Errorf("package %+v", p)
			continue
		}
		parts = append(parts, p.Main().ContentID)
	}
	if len(parts) != 2 || parts[0] == parts[1] {
		t.Errorf("parts %v, want two", parts)
	}
	m, _, err = read(corpus.Read(t, "edm/tdd-1.0/examples/birth-response.xml"))
	if err != nil {
		t.Fatal(err)
	}
	d := m.response.Packages[0].Main().Evidence.Distribution
	if d.ConformsTo == "" || d.Transformation != d.ConformsTo+"/age-of-majority" {
		t.Errorf("distribution %+v", d)
	}
}

// TestDraftAnswers reads the samples of a draft that call themselves 1.0, and finds what they are known to break.
func TestDraftAnswers(t *testing.T) {
	t.Parallel()
	response := []rule.ID{
		"R-EDM-RESP-C007", "R-EDM-RESP-C011", "R-EDM-RESP-C013", "R-EDM-RESP-C017", "R-EDM-RESP-C018", "R-EDM-RESP-C020",
		"R-EDM-RESP-C028", "R-EDM-RESP-C039", "R-EDM-RESP-S004", "R-EDM-RESP-S037",
	}
	for file, want := range map[string][]rule.ID{
		"birth-certificate/oots_response.xml":   response,
		"secondary-education/oots_response.xml": response,
		"secondary-education/oots_exception_preview.xml": {
			"R-EDM-ERR-C004", "R-EDM-ERR-C008", "R-EDM-ERR-C010", "R-EDM-ERR-C014", "R-EDM-ERR-C020", "R-EDM-ERR-C022", "R-EDM-ERR-S004",
		},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			m, findings, err := read(corpus.Read(t, "edm/governikus/"+file))
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.Sorted(maps.Keys(fired(findings))); !slices.Equal(got, want) {
				t.Errorf("breaks %v, want %v", got, want)
			}
			stable(t, m)
		})
	}
}
