package login

import (
	"fmt"
	"testing"
)

func TestBegun(t *testing.T) {
	t.Parallel()
	var b Begun
	if b.End("/a") || !b.Begin("/a") || !b.Begin("/b") || b.Begin("/a") {
		t.Error("only what was begun counts, once")
	}
	if !b.End("/a") || b.End("/a") || !b.End("/b") {
		t.Error("each login ends once, in any order")
	}
	for i := range maxBegun + 3 {
		b.Begin(fmt.Sprint("/", i))
	}
	if len(b) != maxBegun || b.End("/2") || !b.End("/3") {
		t.Errorf("the oldest are forgotten: %v", b)
	}
}
