package preview

import (
	"flag"
	"strings"
	"testing"

	"oots/internal/web/webtest"
)

// TestAxe lets an independent judge look at every screen. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	for _, lang := range webtest.Languages() {
		t.Run(lang, func(t *testing.T) { webtest.Axe(t, host(t, newFake()), walk(t, lang)) })
	}
}

var (
	shots  = flag.String("shots", "", "write pictures of the pages into this `folder`")
	shown  = flag.String("shown", "", "pictures of these `screens` only, parted by commas")
	spoken = flag.String("spoken", "en", "`language` of the pictures")
)

// TestShots writes pictures of the pages with prepared data, when they are wanted.
func TestShots(t *testing.T) {
	if *shots == "" {
		t.Skip("no folder for pictures")
	}
	var only []string
	if *shown != "" {
		only = strings.Split(*shown, ",")
	}
	webtest.Look(t, host(t, newFake()), walk(t, *spoken), *shots, only...)
}
