package catalogue

import (
	"strings"

	"oots/internal/matching"
)

// fold is the form in which texts are compared: lower case, without accents, in any script. Greek ends words with
// another sigma; who types capitals cannot.
func fold(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return strings.ReplaceAll(matching.Fold(s), "ς", "σ")
		}
	}
	return strings.ToLower(s)
}
