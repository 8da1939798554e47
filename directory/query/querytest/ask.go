package querytest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"oots/directory"
	"oots/directory/query"
)

// Ask sends a query in its release line to a directory and returns the body of the answer. No version at all
// is named when that of the query is "".
func Ask(t testing.TB, h http.Handler, r *query.Request) []byte {
	t.Helper()
	return Get(t, h, r.Version, r.URL("/"+string(r.Query.Service())))
}

// Get is Ask for a target that Request.URL would not make.
func Get(t testing.TB, h http.Handler, v directory.Version, target string) []byte {
	t.Helper()
	q := httptest.NewRequest(http.MethodGet, target, nil)
	q.Header.Set("Accept", query.MediaType)
	if v != "" {
		q.Header.Set(query.HeaderAcceptVersion, string(v))
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, q)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != query.MediaType || w.Header().Get("Oots-Response-Sig") == "" || w.Header().Get("Digest") == "" {
		t.Fatalf("status %d, headers %v", w.Code, w.Header())
	}
	return w.Body.Bytes()
}

// Read returns the records of answers as a catalogue, without code lists; a refusal or a question among them
// fails the test.
func Read(t testing.TB, answers ...[]byte) *directory.Catalogue {
	t.Helper()
	var c directory.Catalogue
	for _, b := range answers {
		a, err := query.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		if a.Err != nil {
			t.Fatal(a.Err)
		}
		c = c.Merge(directory.Catalogue{Requirements: a.Requirements, Services: a.DataServices})
	}
	return &c
}

// An Edit is an argued difference: a published answer is compared with ours after Old became New. Both are
// pieces of canonical answers.
type Edit struct{ Old, New, Why string }

// Compare fails the test unless our answer is the published one with the edits, each of which must apply.
func Compare(t testing.TB, published, ours []byte, edits ...Edit) {
	t.Helper()
	want, got := Canonical(t, published), Canonical(t, ours)
	for _, e := range edits {
		if !strings.Contains(want, e.Old) || e.Why == "" {
			t.Errorf("the difference is gone, or not argued: %q (%s)", e.Old, e.Why)
		}
		want = strings.ReplaceAll(want, e.Old, e.New)
	}
	if want == got {
		return
	}
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			t.Fatalf("line %d of %d and %d:\npublished %s\nours      %s", i+1, len(a), len(b), at(a, i), at(b, i))
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}
