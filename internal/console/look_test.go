package console_test

import (
	"flag"
	"testing"

	"oots/internal/web/webtest"
)

var shots = flag.String("shots", "", "folder to write pictures of the pages to")

// TestLook writes pictures of the pages, when they are wanted.
func TestLook(t *testing.T) {
	if *shots == "" {
		t.Skip("no folder for pictures")
	}
	n := newNode(t, full)
	withPModes(t, n)
	pages := walk(t, n)
	webtest.Look(t, n.console, pages, *shots)
}

// TestAxe lets an independent judge look at every screen. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	n := newNode(t, full)
	withPModes(t, n)
	webtest.Axe(t, n.console, walk(t, n))
}
