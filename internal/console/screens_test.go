package console_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/web"
	"oots/internal/web/webtest"
)

// full gives a console every part that it can have, on invented figures.
func full(c *console.Config) {
	c.Alerts, c.Proof, c.Diagnose, c.Certificates, c.Storage = fakeAlerts{}, fakeProof{}, diagnosed, certificates, room
}

// at is the address of a message.
func at(box, id string) string {
	return "/console/message?" + url.Values{"box": {box}, "id": {id}}.Encode()
}

// walk shows every screen, with and without mistakes.
func walk(t testing.TB, n *node) []*webtest.Page {
	t.Helper()
	seeded(n)
	var out []*webtest.Page
	see := func(p *webtest.Page) *webtest.Page { out = append(out, p); return p }
	b := n.browser()
	p := see(b.Get(n.invite("night.shift", console.Administrator)))
	see(b.Submit(p, "/welcome", url.Values{"password": {"short"}, "again": {"short"}}))
	p = see(b.Land(b.Submit(p, "/welcome", url.Values{"password": {password}, "again": {password}})))
	key := keyOf(t, p)
	see(b.Submit(p, "/factor", url.Values{"code": {"000000"}}))
	see(b.Submit(p, "/factor", url.Values{"code": {key.at(n.Now())}}).On(t, 200, "recovery"))
	other := n.browser()
	see(other.Get("/console/login"))
	see(login(other, "night.shift", "wrong"))
	p = see(login(other, "night.shift", password))
	see(other.Submit(p, "/code", url.Values{"code": {"000000"}}))

	see(b.Get("/console/"))
	see(b.Get("/console/messages"))
	see(b.Get("/console/messages?state=trouble&partner=AP_EL_02"))
	see(b.Get("/console/messages?q=nothing"))
	for _, d := range n.gateway.dossiers {
		see(b.Get(at(string(d.Box), d.MessageID)))
	}
	p = see(b.Get("/console/message/act?do=resend&box=out&id=" + url.QueryEscape(n.gateway.dossiers[0].MessageID)))
	see(b.Submit(p, "/message/act", nil))
	n.gateway.refuse = gateway.ErrDeleted
	see(b.Submit(p, "/message/act", url.Values{"reason": {"the partner has renewed its certificate"}}))
	n.gateway.refuse = nil
	see(b.Land(b.Submit(p, "/message/act", url.Values{"reason": {"the partner has renewed its certificate"}})))
	see(b.Get("/console/trace"))
	see(b.Get("/console/trace?id=nothing"))
	see(b.Get("/console/trace?id=conversation-11aa"))
	p = see(b.Get("/console/partners"))
	if n.console != nil && p.With("name", "party") != nil {
		see(b.Submit(p, "/partners/test", nil))
	}
	p = see(b.Get("/console/pmodes"))
	if p.Status == 200 {
		out = append(out, walkPModes(t, b, p)...)
	}
	see(b.Get("/console/alerts"))
	see(b.Get("/console/storage"))
	n.invite("early.shift", console.Operator)
	p = see(b.Get("/console/accounts"))
	see(b.Submit(p, "/accounts", url.Values{"name": {"X"}}))
	see(b.Submit(p, "/accounts", url.Values{"name": {"auditor"}, "role": {"reader"}}))
	see(b.Get("/console/audit"))
	see(b.Get("/console/nowhere"))
	return out
}

// TestTexts holds the texts to the files that say them.
func TestTexts(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("texts/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	sources, _ := filepath.Glob("*.go")
	screens, _ := filepath.Glob("templates/*.html")
	key := regexp.MustCompile(`"(console/[A-Za-z_]+)\.[A-Za-z0-9]+"`)
	for _, name := range append(sources, screens...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(name), ".go"), ".html")
		for _, m := range key.FindAllStringSubmatch(string(b), -1) {
			k := strings.Trim(m[0], `"`)
			if said[k] = true; m[1] != "console/"+base {
				t.Errorf("%s says %s, whose name belongs to another file", name, k)
			}
			if texts[k] == "" && texts[k+".other"] == "" {
				t.Errorf("%s says %s, and no text does", name, k)
			}
		}
	}
	for k, text := range texts {
		if !said[k] && !said[strings.TrimSuffix(strings.TrimSuffix(k, ".one"), ".other")] || text == "" {
			t.Errorf("%s is empty, or nobody says it", k)
		}
	}
}

func TestEveryScreen(t *testing.T) {
	t.Parallel()
	n := newNode(t, full)
	withPModes(t, n)
	seen := map[string]bool{}
	for _, p := range walk(t, n) {
		if p.Node == nil {
			t.Fatalf("%s: status %d, no page", p.Path, p.Status)
		}
		if p.Status >= 500 {
			t.Errorf("%s: status %d\n%s", p.Path, p.Status, n.log.String())
		}
		seen[p.Tags("body")[0].Attr["data-screen"]] = true
	}
	screens, err := web.Parse(console.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range screens.Names() {
		if !seen[name] {
			t.Errorf("screen %s was not shown", name)
		}
	}
}
