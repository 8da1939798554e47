package webtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const good = `<!doctype html>
<html lang="en"><head><title>T</title></head><body><main id="main"><h1>H</h1>
<form method="get" action="/"><label for="a">A</label><input type="text" id="a" name="a"><button type="submit">go</button></form>
</main></body></html>`

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, old, new, want string }{
		{"ok", "", "", ""},
		{"no doctype", "<!doctype html>", "", "doctype"},
		{"other language", `lang="en"`, `lang="de"`, "lang"},
		{"no title", "<title>T</title>", "<title></title>", "title"},
		{"two h1", "<h1>H</h1>", "<h1>H</h1><h1>I</h1>", "h1"},
		{"level skipped", "<h1>H</h1>", "<h1>H</h1><h3>I</h3>", "h3"},
		{"script", "<h1>", "<script></script><h1>", "script"},
		{"inline style", "<h1>", `<h1 style="x">`, "style"},
		{"handler", "<h1>", `<h1 onclick="x">`, "onclick"},
		{"label of nothing", `for="a"`, `for="b"`, "without label"},
		{"radio alone", `type="text"`, `type="radio"`, "fieldset"},
		{"no button", `<button type="submit">go</button>`, "", "without button"},
		{"empty link", "<h1>H", `<h1><a href="/"></a>H`, "without text"},
		{"id twice", `id="main"`, `id="a"`, "twice"},
		{"link to nowhere", "<h1>H", `<h1><a href="#z">z</a>H`, "not there"},
		{"unclosed", "</main>", "", "closes"},
		{"unquoted", `type="text"`, `type=text`, "quoted"},
		{"key", ">H<", ">[portal/landing.title]<", "unfilled"},
		{"placeholder", ">H<", ">for {name}<", "unfilled"},
		{"value of a struct", ">H<", ">{{High &lt;nil&gt;} }<", "unfilled"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := strings.Join(Check(strings.Replace(good, tc.old, tc.new, 1), "en"), "; ")
			if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// The judge finds what is wrong with a page that is wrong.
func TestAxeFindsFaults(t *testing.T) {
	axe, chromium := judge(t)
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(`<!doctype html><html><title>x</title><main><h1>x</h1><img src="x"><p style="color:#bbb;width:500px">pale</p></main>`))
	}))
	defer bad.Close()
	ctx := headless(t, chromium, "preferredColorScheme=1")
	open(t, ctx, bad.URL, axe, "light")
	all := strings.Join(audit(t, ctx, 320), "\n")
	for _, want := range []string{"html-has-lang", "image-alt", "color-contrast", "scrolls sideways"} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is not found:\n%s", want, all)
		}
	}
}
