package coordinator_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"oots/internal/web/webtest"
)

var shots = flag.String("shots", "", "folder to write pictures of the pages to")

// TestShots writes pictures of every page, when they are wanted.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no folder for pictures")
	}
	o := filled(t, nil).serve()
	pages := walk(t, o)
	mux := http.NewServeMux()
	mux.Handle("/", o.page)
	for i, p := range pages {
		mux.HandleFunc(fmt.Sprintf("GET /shown/%d", i), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write([]byte(p.Body))
		})
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	ctx := webtest.Chromium(t)
	for i, p := range pages {
		for _, width := range []int64{1280, 390} {
			name := fmt.Sprintf("%02d-%s-%d.png", i, p.Tags("body")[0].Attr["data-screen"], width)
			webtest.Do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(fmt.Sprintf("%s/shown/%d", server.URL, i)))
			b, err := chromedp.Run(ctx, chromedp.FullScreenshot(90))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(*shots, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
