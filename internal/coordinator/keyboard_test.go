package coordinator_test

import (
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"oots/internal/coordinator"
	"oots/internal/web/webtest"
)

// TestKeyboard declares a procedure, checks it, puts it in force and undoes it in a browser, with the keyboard alone.
func TestKeyboard(t *testing.T) {
	o := newOffice(t, func(c *coordinator.Config) { c.HTTP = true })
	o.replace(luxembourg, broker("Change of address"))
	server := httptest.NewServer(o.page)
	defer server.Close()
	ctx := webtest.Chromium(t)
	webtest.Do(t, ctx, chromedp.EmulateViewport(320, 800), chromedp.Navigate(server.URL+"/login"))
	tab := func(to string) {
		t.Helper()
		for range 120 {
			webtest.Do(t, ctx, chromedp.KeyEvent(kb.Tab))
			if webtest.Ask[bool](t, ctx, `document.activeElement.matches(`+"`"+to+"`"+`)`) {
				return
			}
		}
		t.Fatalf("the tabulator does not reach %s on %s", to, webtest.Ask[string](t, ctx, `location.pathname + " " + document.querySelector("main").innerText.slice(0, 300)`))
	}
	press := func(to, key, screen string) {
		t.Helper()
		tab(to)
		if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(key)); err != nil {
			t.Fatal(err)
		}
		if got := webtest.Ask[string](t, ctx, `document.body.dataset.screen`); got != screen {
			t.Fatalf("%s leads to %s, want %s: %s", to, got, screen, webtest.Ask[string](t, ctx, `document.querySelector("main").innerText`))
		}
		if wide := webtest.Ask[int](t, ctx, `document.documentElement.scrollWidth`); wide > 320 {
			t.Errorf("%s scrolls sideways: %d pixels", screen, wide)
		}
	}
	press(`form[action="/demo"] button`, kb.Enter, "home")
	press(`a[href="/list/procedure"]`, kb.Enter, "section")
	press(`a[href="/edit/procedure"]`, kb.Enter, "record")
	tab(`[name="title.0.value"]`)
	webtest.Do(t, ctx, chromedp.KeyEvent("Name of a child"))
	tab(`[name="requirement"]`)
	webtest.Do(t, ctx, chromedp.KeyEvent(" "))
	tab(`[name="code"][value="R1"]`)
	webtest.Do(t, ctx, chromedp.KeyEvent(" "))
	press(`.actions button[type="submit"]`, kb.Enter, "section")
	press(`a[href="/check"]`, kb.Enter, "check")
	press(`form[action="/submit"] button`, kb.Enter, "home")
	if n := counts(o)["ReferenceFramework"]; n != 2 {
		t.Errorf("%d procedures in force, want 2", n)
	}
	press(`a[href="/history"]`, kb.Enter, "history")
	press(`a[href="/history/2"]`, kb.Enter, "revision")
	press(`form[action="/history/2/restore"] button`, kb.Enter, "history")
	if n := counts(o)["ReferenceFramework"]; n != 1 {
		t.Errorf("%d procedures in force after the undoing, want 1", n)
	}
}
