package catalogue

import (
	"testing"

	"oots/internal/web/webtest"
)

// TestAxe lets an independent judge look at every screen. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	h := open(t, &fixed{small()})
	b := webtest.NewBrowser(t, webtest.Serve(t, h), "en")
	var pages []*webtest.Page
	for _, a := range addresses() {
		pages = append(pages, b.Get(a))
	}
	webtest.Axe(t, h, pages)
}
