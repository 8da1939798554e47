package portal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/web/webtest"
)

// TestMine shows what the user has begun and what was exchanged about her, to her only.
func TestMine(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := host(t, f)
	u := newUser(t, h, "en", "eleni")
	u.asks(t, tertiary)
	p := u.Get("/mine").On(t, 200, "mine")
	p.See(t, "Recognition of a diploma", "Documents under way: 1")
	if p.With("data-application", u.id()) == nil {
		t.Error("her application is not there")
	}
	u.Follow("/mine/exchanged").On(t, 200, "exchanged").See(t,
		"University diploma", "You asked for it:", "I ask for <my> diploma.", "The authority has the document and asked you to look at it first.", "a_later_event",
		"What the request said about you", "Papadopoulou", "EL/AT/DEMO1001")

	file := u.Get("/mine/exchanged.json")
	var entries []map[string]any
	if err := json.Unmarshal([]byte(file.Body), &entries); err != nil || len(entries) != 12 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	if d := file.Header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment;") || file.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the file: %v", file.Header)
	}
	if entries[1]["event"] != "request_sent" || !strings.Contains(entries[1]["document"].(string), "Papadopoulou") {
		t.Errorf("entry %v", entries[1])
	}

	other := newUser(t, h, "en", "hans")
	p = other.Get("/mine/exchanged").On(t, 200, "exchanged")
	if strings.Contains(p.Body, "Papadopoulou") || strings.Contains(other.Get("/mine/exchanged.json").Body, "Papadopoulou") {
		t.Error("somebody else's log")
	}
	nobody := webtest.NewBrowser(t, webtest.Serve(t, h), "en")
	nobody.Get("/mine").On(t, 200, "mine").See(t, "Log in to find what you have begun")
	nobody.Get("/mine/exchanged").To(t, "/mine")
	nobody.Get("/mine/exchanged.json").To(t, "/mine")
}

// TestReceipt hands out the acknowledgement as a file in the language of the user, once the application is submitted.
func TestReceipt(t *testing.T) {
	t.Parallel()
	for _, lang := range webtest.Languages() {
		f := &fake{}
		h := host(t, f)
		u := newUser(t, h, lang, "eleni")
		u.asks(t, tertiary)
		f.move(u.id(), tertiary, outcomes[0].card, outcomes[0].edit)
		u.Upload(u.Get(u.requirement(birth)+"/upload"), "/upload", "file", "γέννηση.pdf", "application/pdf", pdf())
		u.Get(u.app+"/receipt.pdf").To(t, u.app)
		p := u.Land(u.Submit(u.Get(u.app+"/summary"), "/summary", nil)).On(t, 200, "done")
		if !strings.Contains(p.Body, document().SHA256) {
			t.Error("the acknowledgement does not say which file it was")
		}
		r := u.Get(u.app + "/receipt.pdf")
		if r.Status != 200 || !strings.HasPrefix(r.Body, "%PDF-") || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment;") {
			t.Fatalf("%s: %d %v", lang, r.Status, r.Header)
		}
		if *shots != "" {
			if err := os.WriteFile(filepath.Join(*shots, "receipt-"+lang+".pdf"), []byte(r.Body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		other := newUser(t, h, lang, "hans")
		other.Get(u.app+"/receipt.pdf").On(t, 404, "problem")
	}
}
