package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"oots/internal/clock"
	"oots/internal/demo"
	"oots/internal/node"
)

// serve runs a demonstration on loopback as localserve does and returns it.
func serve(t *testing.T) *node.Demonstration {
	t.Helper()
	return serveWith(t, nil)
}

// serveWith does so with options of the test.
func serveWith(t *testing.T, alter func(*node.Options)) *node.Demonstration {
	t.Helper()
	var listeners []net.Listener
	var addresses []string
	for range 3 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners = append(listeners, l)
		addresses = append(addresses, fmt.Sprintf("https://localhost:%d", l.Addr().(*net.TCPAddr).Port))
	}
	catalogue, err := demo.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	shareKeys(t, dir)
	options := node.Options{
		Dir: dir, Catalogue: catalogue, Clock: clock.System(), Log: slog.New(slog.DiscardHandler), T1: time.Minute, Record: true,
		Bases: node.Bases{Front: addresses[0], States: addresses[1:]},
	}
	if alter != nil {
		alter(&options)
	}
	d, err := node.Open(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Serve(ctx, listeners) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error("serving ended:", err)
		}
		d.Close()
	})
	return d
}

// browser starts headless Chromium, or says why not.
func browser(t *testing.T) context.Context {
	t.Helper()
	file, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("chromium is not installed, and CI must have it")
		}
		t.Skip("chromium is not installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(file), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.IgnoreCertErrors,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "en"),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// A walker goes from page to page as a person does: it looks which screen it is on and does what one does
// there.
type walker struct {
	t        *testing.T
	ctx      context.Context
	seen     []string
	pictures string // folder for screenshots; "" for none
}

func get[T any](w *walker, a chromedp.Action[T]) T {
	w.t.Helper()
	v, err := chromedp.Run(w.ctx, a)
	if err != nil {
		w.t.Fatalf("after %v: %v", w.seen, err)
	}
	return v
}

func (w *walker) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, steps...); err != nil {
		w.t.Fatalf("after %v: %v", w.seen, err)
	}
}

// press clicks and waits for the page that follows.
func (w *walker) press(selector string) {
	w.t.Helper()
	if _, err := chromedp.RunResponse(w.ctx, chromedp.Click(selector, chromedp.NodeVisible)); err != nil {
		w.t.Fatalf("after %v: pressing %s: %v", w.seen, selector, err)
	}
}

// screen names the page, checks it, and keeps its picture at two widths.
func (w *walker) screen() string {
	w.t.Helper()
	name := get(w, chromedp.Evaluate[string](`document.body.dataset.screen`))
	if len(w.seen) == 0 || w.seen[len(w.seen)-1] != name {
		w.seen = append(w.seen, name)
		w.check(name)
		w.picture(name)
	}
	return name
}

// check holds what every page has to keep. [WCAG 2.2 1.4.10, 2.4.2, 3.1.1]
func (w *walker) check(name string) {
	w.t.Helper()
	if n := get(w, chromedp.Evaluate[int](`document.querySelectorAll('h1').length`)); n != 1 {
		w.t.Errorf("%s: %d headings of level 1", name, n)
	}
	if s := get(w, chromedp.Evaluate[string](`document.title`)); s == "" {
		w.t.Errorf("%s: no title", name)
	}
	w.do(chromedp.EmulateViewport(320, 800))
	if n := get(w, chromedp.Evaluate[int](`document.documentElement.scrollWidth`)); n > 320 {
		w.t.Errorf("%s: scrolls sideways at 320 pixels: %d", name, n)
	}
	w.do(chromedp.EmulateViewport(1280, 900))
}

func (w *walker) picture(name string) {
	if w.pictures == "" {
		return
	}
	for _, width := range []int64{1280, 390} {
		w.do(chromedp.EmulateViewport(width, 900))
		png := get(w, chromedp.FullScreenshot(100))
		file := filepath.Join(w.pictures, fmt.Sprintf("%02d-%s-%d.png", len(w.seen), filepath.Base(name), width))
		if err := os.WriteFile(file, png, 0o644); err != nil {
			w.t.Fatal(err)
		}
	}
	w.do(chromedp.EmulateViewport(1280, 900))
}

// walk goes on until stop is reached. Each screen has one thing to press.
func (w *walker) walk(actions map[string]func(), stop string) {
	w.t.Helper()
	for range 60 {
		name := w.screen()
		if name == stop {
			return
		}
		act := actions[name]
		if act == nil {
			w.t.Fatalf("nothing to do on screen %q after %v at %s", name, w.seen, get(w, chromedp.Location()))
		}
		act()
	}
	w.t.Fatalf("walked in circles: %v", w.seen)
}

func TestJourneyInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser")
	}
	ctx := browser(t)
	d := serve(t)
	w := &walker{t: t, ctx: ctx, pictures: os.Getenv("OOTS_SCREENSHOTS")}
	unticked := false
	actions := map[string]func(){
		"procedures":   func() { w.press(`[data-procedure="T3"]`) },
		"landing":      func() { w.press(`a.button[href$="/begin"]`) },
		"login":        func() { w.press(`[data-login="demo"]`) },
		"choose":       func() { w.do(chromedp.Click(`#person-eleni`)); w.press(`main form button[type="submit"]`) },
		"identity":     func() { w.press(`form[action$="/begin"] button`) },
		"explanation":  func() { w.press(`main a.button`) },
		"checklist":    func() { w.press(`li.card a.button`) },
		"country":      func() { w.press(`main form button`) },
		"alternatives": func() { w.press(`main li a.button`) },
		"question":     func() { w.do(chromedp.Click(`input[value="ATH"]`)); w.press(`main form button`) },
		"request": func() {
			if !unticked { // a request that nobody confirmed is not sent
				unticked = true
				w.press(`main form button[type="submit"]`)
				if n := get(w, chromedp.Evaluate[int](`document.querySelectorAll('.errors').length`)); n != 1 {
					t.Error("an unticked request was not refused")
				}
				w.picture("request-error")
				return
			}
			w.do(chromedp.Click(`#confirm`))
			w.press(`main form button[type="submit"]`)
		},
		"waiting":   func() { w.comes(`body:not([data-screen="waiting"])`) },
		"ready":     func() { w.press(`form[action$="/preview"] button`) },
		"arrival":   func() { w.press(`main .actions a.button`) },
		"documents": func() { w.press(`main form button[value="send"]`) },
		"decision":  func() { w.press(`main form button[type="submit"]`) },
	}
	w.do(chromedp.Navigate(d.States[0].Base + "/?lang=en"))
	w.walk(actions, "result")
	if r := get(w, chromedp.Evaluate[string](`document.querySelector('[data-result]').dataset.result`)); r != "sent" {
		t.Fatalf("the preview space says %q", r)
	}
	w.comes(`#return`) // with the second request
	w.press(`#return`)
	w.comes(`[data-outcome="received"]`)
	w.seen = append(w.seen, "back")
	w.screen()
	w.press(`main li a.button`) // the evidence
	w.screen()
	w.press(`main .actions a:not(.button)`)
	if s := get(w, chromedp.AttributeValue(`li.card`, "data-state")); s.Value != "received" {
		t.Errorf("the card says %q", s.Value)
	}
	w.screen()
	w.press(`main a.button[href$="/summary"]`)
	w.screen()
	w.press(`form[action$="/summary"] button`)
	if name := w.screen(); name != "done" {
		t.Errorf("the journey ends on %q", name)
	}
	w.do(chromedp.Navigate(d.Bases().Front + "/?lang=en"))
	w.screen()
	t.Logf("screens: %v", w.seen)
}
