package page

import (
	"context"
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

// shoot writes a picture of the page at a width, when pictures are wanted.
func shoot(t *testing.T, ctx context.Context, name string, width int64) {
	t.Helper()
	if *shots == "" {
		return
	}
	webtest.Do(t, ctx, chromedp.EmulateViewport(width, 900))
	for file, take := range map[string]chromedp.Action[[]byte]{name + "-full.png": chromedp.FullScreenshot(100), name + ".png": chromedp.CaptureScreenshot()} {
		b, err := chromedp.Run(ctx, take)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*shots, file), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKeyboard goes from the first page to a finding, to its line and back with the keyboard alone.
func TestKeyboard(t *testing.T) {
	server := httptest.NewServer(open(t, nil, nil))
	defer server.Close()
	ctx := webtest.Chromium(t)
	webtest.Do(t, ctx, chromedp.Navigate(server.URL+"/"))
	tab := func(to string) {
		t.Helper()
		for range 60 {
			webtest.Do(t, ctx, chromedp.KeyEvent(kb.Tab))
			if webtest.Ask[bool](t, ctx, `document.activeElement.matches(`+"`"+to+"`"+`)`) {
				return
			}
		}
		t.Fatalf("the tabulator does not reach %s", to)
	}
	tab("#text")
	// A paste is one event; typing would indent the text anew.
	webtest.Ask[bool](t, ctx, `document.execCommand("insertText", false, `+quoted(broken(t))+`)`)
	tab("form.document button")
	webtest.Do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(".verdict")))
	if got := webtest.Ask[string](t, ctx, `document.querySelector("h1").textContent`); got != "Invalid" {
		t.Fatalf("verdict %q", got)
	}
	tab(`.finding .at a`)
	webtest.Do(t, ctx, chromedp.KeyEvent(kb.Enter))
	lit := webtest.Ask[string](t, ctx, `document.querySelector(":target").textContent`)
	if !strings.Contains(lit, `T99`) {
		t.Errorf("the finding leads to %q", lit)
	}
	if !webtest.Ask[bool](t, ctx, `(() => { const s = document.querySelector(".source").getBoundingClientRect(), l = document.querySelector(":target").getBoundingClientRect(); return l.top >= s.top && l.bottom <= s.bottom && l.top >= 0 && l.bottom <= innerHeight })()`) {
		t.Error("the line is out of sight")
	}
	tab(".source .mark") // the way goes on from the line
	webtest.Do(t, ctx, chromedp.KeyEvent(kb.Enter))
	if got := webtest.Ask[string](t, ctx, `document.querySelector(":target").id`); !strings.HasPrefix(got, "f") {
		t.Errorf("the line leads back to %q", got)
	}
	tab(`.finding .rule`)
	webtest.Do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("dl.facts")))
}

func quoted(s string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`", "$", `\$`).Replace(s) + "`"
}

// TestChosenFile judges a file given through the browser's own field, and hides and shows findings.
func TestChosenFile(t *testing.T) {
	server := httptest.NewServer(open(t, nil, nil))
	defer server.Close()
	file := filepath.Join(t.TempDir(), "request.xml")
	if err := os.WriteFile(file, []byte(mixed(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := webtest.Chromium(t)
	webtest.Do(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+"/"))
	shoot(t, ctx, "start-1280", 1280)
	shoot(t, ctx, "start-390", 390)
	webtest.Do(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}), chromedp.Click(chromedp.CSS("form.document button")), chromedp.WaitVisible(chromedp.CSS(".verdict")))
	if got := webtest.Ask[string](t, ctx, `document.querySelector(".verdict .name").textContent`); got != "request.xml" {
		t.Errorf("the file is called %q", got)
	}
	all := webtest.Ask[int](t, ctx, visible)
	kinds := webtest.Ask[int](t, ctx, `document.querySelectorAll(".filter input").length`)
	if all < 4 || kinds != 3 {
		t.Fatalf("%d findings of %d severities", all, kinds)
	}
	webtest.Do(t, ctx, chromedp.Click(chromedp.CSS("#show-bad")))
	if left := webtest.Ask[int](t, ctx, visible); left == 0 || left >= all {
		t.Errorf("%d of %d findings are left", left, all)
	}
	webtest.Do(t, ctx, chromedp.Click(chromedp.CSS("#show-bad")))
	if left := webtest.Ask[int](t, ctx, visible); left != all {
		t.Errorf("%d of %d findings are back", left, all)
	}
	webtest.Do(t, ctx, chromedp.Click(chromedp.CSS(".finding .at a")))
	shoot(t, ctx, "findings-1280", 1280)
	shoot(t, ctx, "findings-390", 390)
	webtest.Do(t, ctx, chromedp.EmulateViewport(1280, 980))
	webtest.Ask[bool](t, ctx, `scrollTo(0, 0); true`)
	shoot(t, ctx, "validator", 1280)
	for name, path := range map[string]string{"rules": "/rules/", "rule": "/rules/R-EDM-REQ-C003", "about": "/about"} {
		webtest.Do(t, ctx, chromedp.Navigate(server.URL+path))
		shoot(t, ctx, name+"-1280", 1280)
		shoot(t, ctx, name+"-390", 390)
	}
}

// visible counts the findings that are not hidden.
const visible = `[...document.querySelectorAll(".finding")].filter(f => f.offsetParent).length`

// mixed is a request with findings of all three severities.
func mixed(t *testing.T) string {
	t.Helper()
	return strings.NewReplacer(
		"<sdg:EvidenceTypeClassification>https://sr.oots.tech.ec.europa.eu/", "<sdg:EvidenceTypeClassification>https://sr.test.example/", // C027, C115
		"<sdg:Format>application/pdf<", "<sdg:Format>application/xml<", // C070
	).Replace(broken(t))
}

// TestAxe lets an independent judge look at every screen. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	p := open(t, nil, nil)
	for _, lang := range webtest.Languages() {
		t.Run(lang, func(t *testing.T) { webtest.Axe(t, p, walk(t, webtest.NewBrowser(t, webtest.Serve(t, p), lang))) })
	}
}
