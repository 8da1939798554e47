package official_test

import (
	"testing"

	"oots/internal/corpus"
	"oots/rule"
)

// BenchmarkJudge judges the reference request: by the rules of the table, and by the schemas.
func BenchmarkJudge(b *testing.B) {
	text := corpus.Read(b, "edm/oots-france/reference-messages/requete.xml")
	rules, _ := worked(b, "2.0")
	schemas := released(b)
	b.Run("rules", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := rules.Judge(rule.Request, "2.0", text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("schemas", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := schemas.Judge(rule.Request, "2.0", text); err != nil {
				b.Fatal(err)
			}
		}
	})
}
