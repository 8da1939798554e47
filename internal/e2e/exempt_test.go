package e2e

import (
	"net/url"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/node"
	"oots/internal/requester"
	"oots/internal/web/webtest"
)

// TestWithoutPreviewFromPortalToReceipt goes through the pages of a portal whose law needs no preview, up to the
// receipt of the application, with a partner of either line. [Regulation (EU) 2018/1724 art. 14(5)] [TDD 4.9]
func TestWithoutPreviewFromPortalToReceipt(t *testing.T) {
	t.Parallel()
	for _, line := range []edm.Version{edm.V12, edm.V20} {
		t.Run(string(line), func(t *testing.T) {
			t.Parallel()
			u := newUnionWith(t, func(o *node.Options) {
				o.Speaks = map[string][]edm.Version{"AT": {line}}
				o.Variant.Requester = func(_ string, s *requester.Settings) { s.Exempt = []string{"T3"} }
			})
			b := webtest.NewBrowser(t, webtest.Serve(t, u.net.hosts["el.test"]), "en")
			p := b.Get(b.Follow("/procedures/T3/begin").With("data-login", "demo").Attr["href"])
			p = b.Land(b.Submit(p, "/login/demo/", url.Values{"person": {"hans"}})).On(t, 200, "identity")
			p = b.Land(b.Submit(p, "/begin", nil)).On(t, 200, "explanation")
			app := strings.TrimSuffix(p.Path, "/explanation")
			p = b.Get(app).On(t, 200, "checklist")
			country := p.All(func(n *webtest.Node) bool { return strings.HasSuffix(n.Attr["href"], "/country") })[0]
			p = b.Get(country.Attr["href"]).On(t, 200, "country")
			p = b.Land(b.Submit(p, "/evidence", url.Values{"country": {"AT"}})).On(t, 200, "request")
			p = b.Land(b.Submit(p, "/request", url.Values{"confirm": {"yes"}})).On(t, 200, "waiting")
			exchange := p.Path
			u.step()
			p = b.Get(exchange).On(t, 200, "result")
			if p.With("data-outcome", "received") == nil || len(u.net.as4) != 2 {
				t.Fatalf("%d messages: %s", len(u.net.as4), p.Tags("main")[0].Text())
			}
			file := b.Get(exchange + "/evidence/0/file")
			if !strings.HasPrefix(file.Body, "%PDF-") {
				t.Error("the document is no PDF")
			}
			p = b.Get(app+"/summary").On(t, 200, "summary")
			b.Land(b.Submit(p, "/summary", nil)).On(t, 200, "done")
			if receipt := b.Get(app + "/receipt.pdf"); !strings.HasPrefix(receipt.Body, "%PDF-") {
				t.Error("there is no receipt")
			}
		})
	}
}
