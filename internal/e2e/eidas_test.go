package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestEIDASLogin identifies a user through the eIDAS node of the demonstration in a real browser: from one host to
// another and back, with the answer posted across sites. Refusing consent leads back, too.
func TestEIDASLogin(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser")
	}
	ctx := browser(t)
	d := serve(t)
	w := &walker{t: t, ctx: ctx}
	refused := false
	actions := map[string]func(){
		"procedures": func() { w.press(`[data-procedure="T3"]`) },
		"landing":    func() { w.press(`a.button[href$="/begin"]`) },
		"login":      func() { w.press(`[data-login="eidas"]`) },
		"choose":     func() { w.do(chromedp.SetValue(`#country`, "EL")); w.press(`main form button[type="submit"]`) },
		"person":     func() { w.do(chromedp.Click(`#person-eleni`)); w.press(`main form button[type="submit"]`) },
		"consent": func() {
			if !refused {
				refused = true
				w.press(`main form button[value="refuse"]`)
				return
			}
			w.press(`main form button[value="agree"]`)
		},
		"leave": func() { w.press(`main form button[type="submit"]`) },
		"ended": func() { w.press(`main .actions a.button`) },
	}
	w.do(chromedp.Navigate(d.States[0].Base + "/?lang=en"))
	w.walk(actions, "identity")
	if text := get(w, chromedp.Text(`main`)); !strings.Contains(text, "Papadopoulou") || !strings.Contains(text, "Παπαδοπούλου") {
		t.Errorf("the portal shows\n%s", text)
	}
	if !refused {
		t.Error("consent was not asked")
	}
}
