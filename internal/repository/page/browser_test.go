package page

import (
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"oots/internal/web/webtest"
)

var shots = flag.String("shots", "", "folder to write pictures of the pages to")

// TestKeyboard finds a requirement by its words, goes on to an evidence type and a code list, and searches in it,
// with the keyboard alone.
func TestKeyboard(t *testing.T) {
	server := httptest.NewServer(serve(t, demoCatalogue(t), nil))
	defer server.Close()
	ctx := webtest.Chromium(t)
	webtest.Do(t, ctx, chromedp.Navigate(server.URL+"/sr/"))
	tab := func(to string) {
		t.Helper()
		for range 150 {
			webtest.Do(t, ctx, chromedp.KeyEvent(kb.Tab))
			if webtest.Ask[bool](t, ctx, `document.activeElement.matches(`+"`"+to+"`"+`)`) {
				return
			}
		}
		t.Fatalf("the tabulator does not reach %s", to)
	}
	on := func(screen, title string) {
		t.Helper()
		webtest.Do(t, ctx, chromedp.WaitVisible(chromedp.CSS(`body[data-screen="`+screen+`"]`)))
		if got := webtest.Ask[string](t, ctx, `document.querySelector("h1").textContent`); !strings.Contains(got, title) {
			t.Fatalf("on %q, want %q", got, title)
		}
	}
	tab("#q")
	webtest.Do(t, ctx, chromedp.KeyEvent("tertiary education"), chromedp.KeyEvent(kb.Enter))
	on("list", "Search")
	tab(`tbody th a[href*="/requirements/"]`)
	webtest.Do(t, ctx, chromedp.KeyEvent(kb.Enter))
	on("asset", "tertiary education")
	tab(`a[href*="/evidencetypeclassifications/EL/"]`)
	webtest.Do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(`a[href$="/codelists/EL/DemoRegistries"]`)))
	tab(`a[href$="/codelists/EL/DemoRegistries"]`)
	webtest.Do(t, ctx, chromedp.KeyEvent(kb.Enter))
	on("asset", "DemoRegistries")
	tab("#find")
	webtest.Do(t, ctx, chromedp.KeyEvent("thess"), chromedp.KeyEvent(kb.Enter), chromedp.WaitNotPresent(chromedp.CSS("table.codes tbody tr:nth-child(2)")))
	if got := webtest.Ask[string](t, ctx, `document.querySelector("table.codes tbody").textContent`); !strings.Contains(got, "THE") {
		t.Errorf("found %q", got)
	}
	tab(`.history a[href*="compare="]`)
	webtest.Do(t, ctx, chromedp.KeyEvent(kb.Enter))
	on("difference", "Version 0.9 to 1")
}

// TestPictures takes pictures of every screen for people to look at, and holds that none scrolls sideways at 320
// pixels.
func TestPictures(t *testing.T) {
	server := httptest.NewServer(serve(t, demoCatalogue(t), nil))
	defer server.Close()
	ctx := webtest.Chromium(t)
	for name, path := range map[string]string{
		"front": "/sr/", "list": "/sr/assets", "models": "/sr/assets?type=data-model", "requirement": "/sr/" + diploma, "codelist": "/sr/codelists/EAS",
		"national": "/sr/codelists/EL/DemoRegistries", "languages": "/sr/codelists/LanguageCode", "difference": "/sr/codelists/EAS?compare=2023-04",
		"model": "/sr/datamodels/oots-demo-birth", "about": "/sr/about", "rules": "/sr/rulesets/req",
	} {
		webtest.Do(t, ctx, chromedp.Navigate(server.URL+path))
		for _, width := range []int64{1280, 390, 320} {
			webtest.Do(t, ctx, chromedp.EmulateViewport(width, 900))
			if got := webtest.Ask[int64](t, ctx, `document.documentElement.scrollWidth`); got > width {
				t.Errorf("%s scrolls sideways at %d: %d pixels", name, width, got)
			}
			if *shots == "" || width == 320 {
				continue
			}
			b, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(*shots, name+"-"+map[int64]string{1280: "1280", 390: "390"}[width]+".png"), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestAxe lets an independent judge look at every screen. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	p := serve(t, demoCatalogue(t), nil)
	for _, lang := range webtest.Languages() {
		t.Run(lang, func(t *testing.T) { webtest.Axe(t, p, walk(t, webtest.NewBrowser(t, webtest.Serve(t, p), lang))) })
	}
}
