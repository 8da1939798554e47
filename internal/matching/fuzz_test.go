package matching

import "testing"

// FuzzFold folds what is folded to itself, and every name is the same as its folded form.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Größwang", "O’Neill-Łukasz", "Ελένη", "İ", "ﬀ", "\u1e9e", "a\u0308", "..", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if again := Fold(once); again != once {
			t.Errorf("Fold(%q) = %q, folded again %q", s, once, again)
		}
		if once != "" && !SameName(s, once) {
			t.Errorf("%q is not the same name as %q", s, once)
		}
	})
}
