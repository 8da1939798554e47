package coordinator

import (
	"fmt"
	"testing"
	"time"
)

// TestManyNames tries more names than are kept: a name that was tried too often stays closed.
func TestManyNames(t *testing.T) {
	t.Parallel()
	var a attempts
	now := time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)
	for range attemptsAtOnce {
		a.allow("victim", now)
	}
	for i := range attemptsNames + 10 {
		a.allow(fmt.Sprint("name", i), now)
	}
	if a.allow("victim", now) {
		t.Error("many other names gave it its attempts back")
	}
	if len(a.names) > attemptsNames {
		t.Errorf("%d names are kept", len(a.names))
	}
	if !a.allow("victim", now.Add(attemptsEvery)) {
		t.Error("a minute later it is still closed")
	}
}
