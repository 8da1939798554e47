package validator_test

import (
	"testing"

	"oots/internal/corpus"
	"oots/internal/validator"
)

// BenchmarkDocuments judges whole documents with nothing given: kind and line detected, content model and rules.
func BenchmarkDocuments(b *testing.B) {
	for _, tc := range []struct{ name, file string }{
		{"request", "edm/oots-france/reference-messages/requete.xml"},
		{"response", "edm/oots-france/reference-messages/reponse.xml"},
		{"error", "edm/oots-france/reference-messages/erreur.xml"},
		{"header", "edm/oots-france/reference-messages/requete.entete.xml"},
		{"request of 1.0", "edm/tdd-1.0/examples/birth-request.xml"},
		{"package with translation", "edm/own/valid/resp20-package-translation.xml"},
		{"answer of a directory", "common-services/oots-france/responses/dsd_data_services_fi.xml"},
	} {
		b.Run(tc.name, func(b *testing.B) {
			text := corpus.Read(b, tc.file)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if r := validator.Validate(tc.file, text, validator.Options{}); r.Refuses() {
					b.Fatal(r.Findings)
				}
			}
		})
	}
}
