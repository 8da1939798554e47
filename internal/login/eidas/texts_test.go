package eidas

import (
	"testing"

	"oots/internal/web/webtest"
)

func TestTexts(t *testing.T) {
	webtest.Texts(t, "login/eidas")
	webtest.Official(t)
}
