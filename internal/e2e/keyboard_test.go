package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// shown tells what is wrong with the focus: "" when the focused element is seen, not hidden behind another,
// and has a mark around it. [WCAG 2.2 2.4.7, 2.4.11]
const shown = `(() => {
	const e = document.activeElement, label = e.closest('label');
	const r = e.getClientRects()[0] || e.getBoundingClientRect(), s = getComputedStyle(e);
	if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) return 'no mark around it';
	if (r.width === 0 || r.bottom <= 0 || r.top >= innerHeight) return 'out of sight';
	const there = document.elementFromPoint(r.left + Math.min(r.width, innerWidth) / 2, Math.max(r.top, 0) + Math.min(r.height, innerHeight) / 2);
	if (!there || !(e.contains(there) || label && label.contains(there))) return 'behind ' + (there && there.outerHTML.slice(0, 80));
	return '';
})()`

func (w *walker) key(keys string) {
	w.t.Helper()
	w.do(chromedp.KeyEvent(keys))
}

func (w *walker) focused(selector string) bool {
	w.t.Helper()
	return get(w, chromedp.Evaluate[bool](fmt.Sprintf(`document.activeElement?.matches(%q) ?? false`, selector)))
}

// until waits for a page that goes on by itself, until it has, or for the focus.
func (w *walker) until(what string, condition string) {
	w.t.Helper()
	for range 600 {
		if get(w, chromedp.Evaluate[bool](condition)) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("after %v: waited in vain for %s", w.seen, what)
}

// focus waits until the focus is on selector by itself.
func (w *walker) focus(selector string) {
	w.t.Helper()
	w.until("the focus on "+selector, fmt.Sprintf(`document.activeElement?.matches(%q) ?? false`, selector))
}

// comes waits for an element of a page that goes on by itself.
func (w *walker) comes(selector string) {
	w.t.Helper()
	w.until(selector, fmt.Sprintf(`document.readyState === 'complete' && document.querySelector(%q) !== null`, selector))
}

// tab goes on with the tab key until the focus is on selector, and looks at every stop on the way.
func (w *walker) tab(selector string) {
	w.t.Helper()
	for range 40 {
		w.key(kb.Tab)
		if fault := get(w, chromedp.Evaluate[string](shown)); fault != "" {
			w.t.Errorf("%s: the focus on %s is %s", w.seen[len(w.seen)-1], get(w, chromedp.Evaluate[string](`document.activeElement.outerHTML.slice(0, 120)`)), fault)
		}
		if w.focused(selector) {
			return
		}
	}
	w.t.Fatalf("after %v: the tab key does not reach %s", w.seen, selector)
}

// enter goes to selector by the tab key, and on by the enter key.
func (w *walker) enter(selector string) {
	w.t.Helper()
	w.tab(selector)
	if _, err := chromedp.RunResponse(w.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		w.t.Fatalf("after %v: enter on %s: %v", w.seen, selector, err)
	}
}

// choose goes to selector by the tab key and ticks it.
func (w *walker) choose(selector string) {
	w.t.Helper()
	w.tab(selector)
	w.key(" ")
	if !get(w, chromedp.Evaluate[bool](`document.activeElement.checked`)) {
		w.t.Errorf("after %v: the space bar does not tick %s", w.seen, selector)
	}
}

// skip uses the link over the header.
func (w *walker) skip() {
	w.t.Helper()
	w.tab(`.skip`)
	w.key(kb.Enter)
}

// confirm sends the explicit request without the tick first: the mistake has the focus, and leads to its field.
func (w *walker) confirm() {
	w.t.Helper()
	w.enter(`main form button[type="submit"]`)
	w.focus(`.errors`) // the mistake has the focus,
	w.tab(`.errors a`)
	// Not by the enter key: what the driver sends as one event ends in the field that the link leads to.
	get(w, chromedp.Evaluate[bool](`document.activeElement.click() ?? true`))
	w.focus(`#confirm`) // and leads to its field
	w.key(" ")
	w.enter(`main form button[type="submit"]`)
}

// TestJourneyByKeyboard walks from the first page to the acknowledgement without a pointer, in five languages of
// three scripts, each page looked at in 320 pixels too, which is 400 % of 1280. [WCAG 2.2 1.4.10, 2.1.1, 2.1.2, 2.4.3]
func TestJourneyByKeyboard(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser")
	}
	for _, lang := range []string{"en", "de", "fr", "el", "bg"} {
		t.Run(lang, func(t *testing.T) { journeyByKeyboard(t, lang) })
	}
}

func journeyByKeyboard(t *testing.T, lang string) {
	ctx := browser(t)
	d := serve(t)
	w := &walker{t: t, ctx: ctx}
	actions := map[string]func(){
		"procedures":  func() { w.skip(); w.enter(`[data-procedure="T3"]`) },
		"landing":     func() { w.enter(`a.button[href$="/begin"]`) },
		"login":       func() { w.enter(`[data-login="demo"]`) },
		"choose":      func() { w.choose(`#person-eleni`); w.enter(`main form button[type="submit"]`) },
		"identity":    func() { w.enter(`form[action$="/begin"] button`) },
		"explanation": func() { w.enter(`main a.button`) },
		"checklist":   func() { w.enter(`li.card a.button`) },
		"country":     func() { w.enter(`main form button`) },
		"question":    func() { w.choose(`input[value="ATH"]`); w.enter(`main form button`) },
		"request":     w.confirm,
		"waiting":     func() { w.comes(`body:not([data-screen="waiting"])`) },
		"ready":       func() { w.enter(`form[action$="/preview"] button`) },
		"arrival":     func() { w.enter(`main .actions a.button`) },
		"documents":   func() { w.enter(`main form button[value="send"]`) },
		"decision":    func() { w.enter(`main form button[type="submit"]`) },
	}
	w.do(chromedp.Navigate(d.States[0].Base + "/?lang=" + lang))
	w.walk(actions, "result")
	if got := get(w, chromedp.Evaluate[string](`document.documentElement.lang`)); got != lang {
		t.Errorf("the preview space is in %q", got)
	}
	w.comes(`#return`)
	w.enter(`#return`)
	w.comes(`[data-outcome="received"]`)
	w.enter(`main .actions a.button[href^="/applications/"]:not(li a)`)
	w.screen()
	w.enter(`main a.button[href$="/summary"]`)
	w.screen()
	w.enter(`form[action$="/summary"] button`)
	if name := w.screen(); name != "done" {
		t.Errorf("the journey ends on %q", name)
	}
}
