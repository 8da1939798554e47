package web

import (
	"slices"
	"testing"
)

// The forms are those of the CLDR for whole numbers up to a thousand.
func TestPluralForms(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][]string{
		"en": {"other", "one"}, "fr": {"one", "other"}, "de": {"other", "one"}, "el": {"other", "one"},
		"cs": {"other", "one", "few"}, "pl": {"many", "one", "few"}, "sl": {"other", "one", "two", "few"},
		"lt": {"other", "one", "few"}, "ro": {"few", "one", "other"}, "hr": {"other", "one", "few"},
	} {
		if got := PluralForms(lang); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", lang, got, want)
		}
	}
}
