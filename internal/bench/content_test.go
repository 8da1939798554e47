package bench

import (
	"bytes"
	"compress/gzip"
	"testing"
)

// TestContent keeps the payload like what it stands for: not random, and not one repeated byte.
func TestContent(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 1000, 1_000_000} {
		if got := len(content(n)); got != n {
			t.Errorf("%d bytes, want %d", got, n)
		}
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(content(1_000_000))
	z.Close()
	if ratio := 1_000_000 / b.Len(); ratio < 5 || ratio > 15 {
		t.Errorf("compresses 1:%d", ratio)
	}
}
