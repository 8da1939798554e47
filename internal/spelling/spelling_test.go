package spelling_test

import (
	"strings"
	"testing"

	"oots/internal/spelling"
)

func TestDistance(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"party", "party", 0}, {"party", "partie", 2}, {"listen", "lisen", 1}, {"", "node", 4}, {"R-EDM-REQ-S062", "R-EDM-REQ-S026", 2}, {long, "x", 5000},
	} {
		if got := spelling.Distance(tc.a, tc.b); got != tc.want {
			t.Errorf("%.20q, %q: %d, want %d", tc.a, tc.b, got, tc.want)
		}
		if got := spelling.Distance(tc.b, tc.a); got != tc.want {
			t.Errorf("%q, %.20q: %d, want %d", tc.b, tc.a, got, tc.want)
		}
	}
}
