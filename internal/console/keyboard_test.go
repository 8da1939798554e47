package console_test

import (
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"oots/internal/console"
	"oots/internal/web/webtest"
)

// TestKeyboard goes from the login to a message that was given up, sends it again and finds that in the log, with the
// keyboard alone and on a narrow screen.
func TestKeyboard(t *testing.T) {
	n := newNode(t, func(c *console.Config) { full(c); c.HTTP = true })
	seeded(n)
	token := n.invite("night.shift", console.Operator)
	server := httptest.NewServer(n.console)
	defer server.Close()
	ctx := webtest.Chromium(t)
	webtest.Do(t, ctx, chromedp.EmulateViewport(320, 800), chromedp.Navigate(server.URL+token))
	tab := func(to string) {
		t.Helper()
		for range 80 {
			webtest.Do(t, ctx, chromedp.KeyEvent(kb.Tab))
			if webtest.Ask[bool](t, ctx, `document.activeElement.matches(`+"`"+to+"`"+`)`) {
				return
			}
		}
		t.Fatalf("the tabulator does not reach %s on %s", to, webtest.Ask[string](t, ctx, `location.pathname + " " + document.querySelector("main").innerText.slice(0, 300)`))
	}
	write := func(to, text string) {
		t.Helper()
		tab(to)
		webtest.Do(t, ctx, chromedp.KeyEvent(text))
	}
	press := func(to, screen string) {
		t.Helper()
		tab(to)
		if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
			t.Fatal(err)
		}
		if got := webtest.Ask[string](t, ctx, `document.body.dataset.screen`); got != screen {
			t.Fatalf("%s leads to %s, want %s: %s", to, got, screen, webtest.Ask[string](t, ctx, `document.querySelector("main").innerText`))
		}
		if wide := webtest.Ask[int](t, ctx, `document.documentElement.scrollWidth`); wide > 320 {
			t.Errorf("%s scrolls sideways: %d pixels", screen, wide)
		}
	}
	write("#password", password)
	write("#again", password)
	press("main button", "factor")
	key := authenticator(decoded(t, webtest.Ask[string](t, ctx, `document.querySelector(".secret code").innerText`)))
	write("#code", key.at(n.Now()))
	press("main button", "recovery")
	press("main a.button", "home")
	press(`main a[href$="state=undelivered"]`, "messages")
	press("main tbody a", "message")
	press("main .verdict a.button", "act")
	write("#reason", "the partner has renewed its certificate")
	press("main button", "message")
	if len(n.gateway.done) != 1 {
		t.Errorf("done: %v", n.gateway.done)
	}
	press(`nav.tabs a[href="/console/audit"]`, "audit")
	if text := webtest.Ask[string](t, ctx, `document.querySelector("tbody tr").innerText`); text == "" {
		t.Error("the log is empty")
	}
	press(`nav.tabs a[href="/console/alerts"]`, "alerts")
	press(`header form button`, "login")
}
