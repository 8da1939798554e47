package portal

import (
	"testing"

	"oots/internal/web/webtest"
)

// TestAxe lets an independent judge look at every screen. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	for _, lang := range webtest.Languages() {
		t.Run(lang, func(t *testing.T) { webtest.Axe(t, host(t, &fake{}), walk(t, lang)) })
	}
}
