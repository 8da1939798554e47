package catalogue

import (
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"

	"oots/internal/corpus"
	"oots/internal/demo"
	"oots/internal/web/webtest"
)

var shots = flag.String("shots", "", "folder to write pictures of the pages to")

// TestShots writes pictures of the captured catalogue, when they are wanted.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no folder for pictures")
	}
	captured, err := demo.Import([]string{corpus.Path(t, "common-services/oots-france/responses/eb_requirements_catalogue.xml")})
	if err != nil {
		t.Fatal(err)
	}
	mixed := captured.Merge(*small())
	p := open(t, &fixed{&mixed})
	p.site.Insecure = true
	server := httptest.NewServer(p)
	defer server.Close()
	ctx := webtest.Chromium(t)
	for i, a := range append(addresses(), "/procedures/X1", "/search?q=certificate") {
		for _, width := range []int64{1280, 390} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(server.URL+a)); err != nil {
				t.Fatal(err)
			}
			b, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(*shots, strconv.Itoa(i)+"-"+strconv.FormatInt(width, 10)+".png"), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
