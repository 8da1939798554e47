package preview

import (
	"strings"
	"testing"
)

// TestStructuredEvidence: data are shown with words of the user, and nothing of them runs. [ux-guidance V5]
func TestStructuredEvidence(t *testing.T) {
	t.Parallel()
	f := newFake()
	b := browser(t, f, "de")
	logIn(t, b, "eleni")
	p := b.Get(path+"/documents/1").On(t, 200, "document")
	p.See(t, "Staatsangehörigkeit Griechenland", "Geburtsdatum 25. März 1998", "Bildungseinrichtung", "Επιδεικτικό Πολυτεχνείο Αττικής", "Αλγόριθμοι <script>alert(1)</script>",
		"Wird gemeinsam damit gesendet", "lesbare Fassung", "Übersetzung")
	if strings.Contains(p.Body, "<script>alert") {
		t.Error("evidence became markup")
	}
	b.Get(path+"/documents/1.1").On(t, 200, "document").See(t, "das Dokument selbst")
	if file := b.Get(path + "/documents/1.1/file"); file.Body != "%PDF-1.4 1.1" {
		t.Errorf("file %q", file.Body)
	}
	if h := b.Get(path + "/documents/1/file?download=1").Header.Get("Content-Disposition"); !strings.Contains(h, ".xml") {
		t.Errorf("the file is called %q", h)
	}
	b.Get(path+"/documents/1.9").On(t, 404, "problem")
	f.data = "no XML"
	p = b.Get(path+"/documents/1").On(t, 200, "document")
	p.See(t, "Diese Art von Datei kann hier nicht gezeigt werden.")
	if strings.Contains(p.Body, "no XML") {
		t.Error("what is not of its media type is shown")
	}
}
