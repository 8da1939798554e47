package catalogue

import (
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"

	"oots/directory"
	"oots/directory/query"
	"oots/internal/corpus"
	"oots/internal/web/webtest"
)

var shots = flag.String("shots", "", "folder to write pictures of the pages to")

// TestShots writes pictures of the captured catalogue, when they are wanted.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no folder for pictures")
	}
	captured := directory.Catalogue{Requirements: capturedRequirements(t)}
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

// capturedRequirements are those of the captured catalogue.
func capturedRequirements(t *testing.T) []directory.Requirement {
	t.Helper()
	b, err := os.ReadFile(corpus.Path(t, "common-services/oots-france/responses/eb_requirements_catalogue.xml"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := query.Read(b)
	if err != nil || a.Err != nil {
		t.Fatal(err, a.Err)
	}
	return a.Requirements
}

// TestCaptured shows the captured catalogue: 53 requirements, 27 countries.
func TestCaptured(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, &fixed{&directory.Catalogue{Requirements: capturedRequirements(t)}})), "en")
	b.Get("/").On(t, 200, "start").See(t, "53 requirements", "27 countries", "Studying")
	b.Get("/matrix?page=2").On(t, 200, "matrix").See(t, "51 to 53 of 53")
	b.Get("/countries/FI").On(t, 200, "country")
}
