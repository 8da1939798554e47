package matching

import (
	"testing"
)

// FuzzFold folds what is folded to itself.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Größwang", "O’Neill-Łukasz", "Ελένη", "İ", "ﬀ", "\u1e9e", "a\u0308", "..", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if again := Fold(once); again != once {
			t.Errorf("Fold(%q) = %q, folded again %q", s, once, again)
		}
	})
}

// FuzzNormalize: normalising twice is normalising once, and a name is the same as its normal form.
func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"Größwang", "O’Neill–Łukasz", "ΕΛΈΝΗ Σ", "İI", "ﬀ", "\u1e9e", "a\u0308", "\u200b a \u00a0", "ﷺ", "\xff", "..", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Normalize(s)
		if again := Normalize(once); again != once {
			t.Errorf("Normalize(%q) = %q, again %q", s, once, again)
		}
		if len(once) > maxName {
			t.Errorf("%d bytes", len(once))
		}
		if n := parseName(s); len(n.words) > 0 && !n.mixed && !SameName(s, once) {
			t.Errorf("%q is not the same name as %q", s, once)
		}
	})
}

// FuzzNames grades any two names, the same way round and the other, and finds a name equal to itself.
func FuzzNames(f *testing.F) {
	f.Add("van der Meer", "Meer, vd")
	f.Add("Βαγγέλης", "Vangelis")
	f.Add("O'Brien", "İ")
	m := New(Default(), "", nil)
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := forms{latin: m.lexicon.family(a)}, forms{latin: m.lexicon.family(b)}
		if g, h := x.compare(&y, m.lexicon.gradeFamily), y.compare(&x, m.lexicon.gradeFamily); g != h {
			t.Errorf("family %q, %q: %s, the other way %s", a, b, g, h)
		}
		if g := x.compare(&x, m.lexicon.gradeFamily); !x.missing() && !x.mixed() && g != Agree {
			t.Errorf("family %q and itself: %s", a, g)
		}
		x, y = forms{latin: m.lexicon.given(a)}, forms{latin: m.lexicon.given(b)}
		if g, h := x.compare(&y, m.lexicon.gradeGiven), y.compare(&x, m.lexicon.gradeGiven); g != h {
			t.Errorf("given %q, %q: %s, the other way %s", a, b, g, h)
		}
	})
}
