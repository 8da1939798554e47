package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"oots/edm/exchange"
	"oots/internal/demo"
)

// TestCompaniesFindTheirExtract sends every company of the demonstration, and who acts for one, through the procedure
// that asks for its extract.
func TestCompaniesFindTheirExtract(t *testing.T) {
	t.Parallel()
	n := 0
	for _, s := range demo.Subjects() {
		if s.Identity.Legal == nil {
			continue
		}
		n++
		t.Run(s.Key, func(t *testing.T) {
			t.Parallel()
			r, err := newUnion(t).journey(s.Key, "X1").Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Exchanges) != 1 || r.Exchanges[0].State != exchange.Answered || len(r.Evidence) == 0 {
				t.Errorf("%+v", r.Exchanges)
			}
		})
	}
	if n != 4 {
		t.Errorf("%d companies and representatives", n)
	}
}

// TestCompanyInABrowser registers a business activity abroad as somebody who acts for a company: she logs in for it at
// both ends, and its extract arrives.
func TestCompanyInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser")
	}
	ctx := browser(t)
	d := serve(t)
	w := &walker{t: t, ctx: ctx}
	actions := map[string]func(){
		"procedures":   func() { w.press(`[data-procedure="X1"]`) },
		"landing":      func() { w.press(`a.button[href$="/begin"]`) },
		"login":        func() { w.press(`[data-login="demo"]`) },
		"choose":       func() { w.do(chromedp.Click(`#person-eleni-aigaion`)); w.press(`main form button[type="submit"]`) },
		"identity":     func() { w.press(`form[action$="/begin"] button`) },
		"explanation":  func() { w.press(`main a.button`) },
		"checklist":    func() { w.press(`li.card a.button`) },
		"country":      func() { w.press(`main form button`) },
		"alternatives": func() { w.press(`main li a.button`) },
		"request":      func() { w.do(chromedp.Click(`#confirm`)); w.press(`main form button[type="submit"]`) },
		"waiting":      func() { w.comes(`body:not([data-screen="waiting"])`) },
		"ready":        func() { w.press(`form[action$="/preview"] button`) },
		"arrival":      func() { w.press(`main .actions a.button`) },
		"documents":    func() { w.press(`main form button[value="send"]`) },
		"decision":     func() { w.press(`main form button[type="submit"]`) },
	}
	w.do(chromedp.Navigate(d.States[0].Base + "/?lang=en"))
	w.walk(actions, "request")
	if text := get(w, chromedp.Text(`main`)); !strings.Contains(text, "Aigaion Epideixi AE") || !strings.Contains(text, "Papadopoulou") {
		t.Errorf("the request does not say for whom who asks:\n%s", text)
	}
	w.walk(actions, "result")
	w.comes(`#return`)
	w.press(`#return`)
	w.comes(`[data-outcome="received"]`)
	if text := get(w, chromedp.Text(`main`)); !strings.Contains(text, "Extract") {
		t.Errorf("the result:\n%s", text)
	}
}
