package portal

import (
	"encoding/json"
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
