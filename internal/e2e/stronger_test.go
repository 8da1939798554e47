package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"oots/directory"
	"oots/edm"
	"oots/internal/node"
)

// TestStrongerLoginInABrowser meets an authority that demands more than the login reaches: the portal says so before
// anything is sent, the eIDAS login asks for the higher level and refuses less, and the user is back where she was.
// [IR 2022/1463 art. 11]
func TestStrongerLoginInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser")
	}
	ctx := browser(t)
	d := serveWith(t, func(o *node.Options) {
		diplomas(o, func(_ bool, s *directory.DataService) { s.LoA = edm.High })
	})
	w := &walker{t: t, ctx: ctx}
	levels := []string{"Substantial", "Substantial", "High"} // of each visit to the eID
	visits := 0
	actions := map[string]func(){
		"procedures": func() { w.press(`[data-procedure="T3"]`) },
		"landing":    func() { w.press(`a.button[href$="/begin"]`) },
		"login":      func() { w.press(`[data-login="eidas"]`) },
		"stronger":   func() { w.press(`[data-login="eidas"]`) },
		"choose":     func() { w.do(chromedp.SetValue(`#country`, "EL")); w.press(`main form button[type="submit"]`) },
		"person": func() {
			w.do(chromedp.Click(`#person-eleni`), chromedp.Click(`input[value="`+levels[visits]+`"]`))
			visits++
			w.press(`main form button[type="submit"]`)
		},
		"consent":      func() { w.press(`main form button[value="agree"]`) },
		"leave":        func() { w.press(`main form button[type="submit"]`) },
		"ended":        func() { w.press(`main .actions a.button`) },
		"identity":     func() { w.press(`form[action$="/begin"] button`) },
		"explanation":  func() { w.press(`main a.button`) },
		"checklist":    func() { w.press(`li.card a.button`) },
		"country":      func() { w.press(`main form button`) },
		"alternatives": func() { w.press(`main li a.button`) },
		"question":     func() { w.do(chromedp.Click(`input[value="ATH"]`)); w.press(`main form button`) },
		"provider":     func() { w.press(`a[href*="/stronger?"]`) },
		"blocked":      func() { w.press(`a[href*="/stronger?"]`) },
	}
	w.do(chromedp.Navigate(d.States[0].Base + "/?lang=en"))
	w.walk(actions, "request")
	if visits != len(levels) || !slices.Contains(w.seen, "stronger") || !slices.Contains(w.seen, "ended") {
		t.Errorf("%d visits to the eID: %v", visits, w.seen)
	}
	if text := get(w, chromedp.Text(`main`)); !strings.Contains(text, "Demo Registry of Athens") {
		t.Errorf("back at another place:\n%s", text)
	}
}
