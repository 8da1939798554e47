package webtest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"oots/internal/corpus"
)

// Axe holds pages to the rules of axe-core for WCAG 2.2 AA in headless Chromium: wide and at 320 pixels, in
// the light and in the dark colours; at 320 pixels nothing may scroll sideways. Assets come from the site.
// It skips when OOTS_AXE does not name a file of axe-core (axe.min.js of the npm package), or without
// Chromium. [WCAG 2.2] [EN 301 549]
//
// The pages do not refresh themselves here: axe refuses every refresh, and cannot know that ours is held
// until something has happened and can be stopped. [WCAG 2.2.1]
func Axe(t *testing.T, site http.Handler, pages []*Page) {
	t.Helper()
	axe, chromium := judge(t)
	server := httptest.NewServer(replay(site, pages))
	t.Cleanup(server.Close)
	for scheme, flag := range map[string]string{"light": "preferredColorScheme=1", "dark": "preferredColorScheme=0"} {
		ctx := headless(t, chromium, flag)
		for i, p := range pages {
			if p.Node == nil {
				continue
			}
			open(t, ctx, fmt.Sprintf("%s/replay/%d", server.URL, i), axe, scheme)
			for _, width := range []int64{1280, 320} {
				for _, fault := range audit(t, ctx, width) {
					t.Errorf("%s (%s, %s, %d): %s", p.Path, p.Header.Get("Content-Language"), scheme, width, fault)
				}
			}
		}
	}
}

// judge finds axe-core and Chromium, or says what is missing.
func judge(t *testing.T) (axe, chromium string) {
	t.Helper()
	b, err := os.ReadFile(os.Getenv("OOTS_AXE"))
	if err != nil {
		t.Skip("OOTS_AXE names no axe.min.js")
	}
	if chromium, err = exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed")
	}
	return string(b), chromium
}

var refresh = regexp.MustCompile(`<meta http-equiv="refresh"[^>]*>`)

// replay serves the pages as they were shown, and everything else from the site.
func replay(site http.Handler, pages []*Page) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", site)
	for i, p := range pages {
		mux.HandleFunc(fmt.Sprintf("GET /replay/%d", i), func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write([]byte(refresh.ReplaceAllString(p.Body, "")))
		})
	}
	return mux
}

// Chromium starts a browser without a window in the light colours, for the length of the test. Without Chromium it
// skips as corpus.Tool does.
func Chromium(t *testing.T) context.Context {
	t.Helper()
	return headless(t, corpus.Tool(t, "chromium"), "preferredColorScheme=1")
}

func headless(t *testing.T, chromium, blink string) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("blink-settings", blink),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// run is what axe is asked; it gives one line for each element that breaks a rule.
const run = `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], iframes: false, resultTypes: ['violations']})
.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ' (' + v.impact + '): ' + n.html.slice(0, 160) + ' ' + n.failureSummary.split('\n').slice(1).join(' '))))`

// open goes to a page and brings axe along.
func open(t *testing.T, ctx context.Context, address, axe, scheme string) {
	t.Helper()
	Do(t, ctx, chromedp.Navigate(address))
	if dark := Ask[bool](t, ctx, `matchMedia('(prefers-color-scheme: dark)').matches`); dark != (scheme == "dark") {
		t.Fatalf("the browser does not prefer %s", scheme)
	}
	Ask[bool](t, ctx, axe+"; true")
}

// audit returns what is wrong with the open page at a width.
func audit(t *testing.T, ctx context.Context, width int64) []string {
	t.Helper()
	Do(t, ctx, chromedp.EmulateViewport(width, 900))
	faults := Ask[[]string](t, ctx, run, chromedp.EvalAwaitPromise)
	if got := Ask[int64](t, ctx, `document.documentElement.scrollWidth`); got > width {
		faults = append(faults, fmt.Sprintf("scrolls sideways: %d pixels", got))
	}
	for i := range faults {
		faults[i] = strings.Join(strings.Fields(faults[i]), " ")
	}
	return faults
}

// Ask evaluates an expression on the open page.
func Ask[T any](t *testing.T, ctx context.Context, script string, o ...chromedp.EvaluateOption) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, o...))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Do takes steps in the browser.
func Do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}
