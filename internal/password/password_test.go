package password_test

import (
	"testing"

	"oots/internal/password"
)

func TestPassword(t *testing.T) {
	t.Parallel()
	hash := password.Hash("a sentence of some length")
	if hash == password.Hash("a sentence of some length") {
		t.Error("two hashes have one salt")
	}
	for _, tc := range []struct {
		name, hash, password string
		want                 bool
	}{
		{"right", hash, "a sentence of some length", true},
		{"wrong", hash, "a sentence of some Length", false},
		{"none chosen", "", "", false},
		{"cut", hash[:len(hash)-4], "a sentence of some length", false},
		{"cheaper than ours", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "x", false},
	} {
		if got := password.Same(tc.hash, tc.password); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}
