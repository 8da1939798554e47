package front

import (
	"testing"

	"oots/internal/web/webtest"
)

// TestAxe lets an independent judge look at every screen. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	h := page(t, recorded())
	for _, lang := range webtest.Languages() {
		b := webtest.NewBrowser(t, webtest.Serve(t, h), lang)
		webtest.Axe(t, h, []*webtest.Page{b.Get("/"), b.Get("/wire/"), b.Get("/wire/c0ffee")})
	}
}
