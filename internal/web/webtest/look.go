package webtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// Look writes pictures of the pages into dir, wide and as narrow as a telephone, for people to look at: one of each
// screen, or all when only names none. Assets come from the site.
func Look(t *testing.T, site http.Handler, pages []*Page, dir string, only ...string) {
	t.Helper()
	server := httptest.NewServer(replay(site, pages))
	defer server.Close()
	ctx := Chromium(t)
	seen := map[string]int{}
	for i, p := range pages {
		if p.Node == nil {
			continue
		}
		screen := p.Tags("body")[0].Attr["data-screen"]
		if seen[screen]++; len(only) > 0 && !slices.Contains(only, screen) || len(only) == 0 && seen[screen] > 1 {
			continue
		}
		for _, width := range []int64{1280, 390} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(fmt.Sprintf("%s/replay/%d", server.URL, i))); err != nil {
				t.Fatal(err)
			}
			png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s-%d-%d.png", screen, seen[screen], width)
			if err := os.WriteFile(filepath.Join(dir, name), png, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
