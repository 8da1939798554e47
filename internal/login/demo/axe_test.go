package demo

import (
	"testing"

	"oots/internal/web/webtest"
)

// TestAxe lets an independent judge look at the page. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	h, _ := page(t)
	for _, lang := range webtest.Languages() {
		b := webtest.NewBrowser(t, webtest.Serve(t, h), lang)
		p := b.Get((*Method)(nil).Start("/procedures/T3/begin", ""))
		webtest.Axe(t, h, []*webtest.Page{p, b.Submit(p, "/login/demo/", nil)})
	}
}
