package eidasnode

import (
	"testing"

	"oots/internal/web/webtest"
)

func TestTexts(t *testing.T) {
	webtest.Texts(t, "login/eidasnode")
	webtest.Official(t)
}
