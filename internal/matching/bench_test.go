package matching

import (
	"testing"

	"oots/edm"
)

// BenchmarkDecide decides between thirty people who were born on one day: about what a register of a million holds.
func BenchmarkDecide(b *testing.B) {
	m := New(Default(), "EL", nil)
	names := []string{"Müller", "van der Meer", "García López", "Nováková", "Παπαδόπουλος", "Smith"}
	var entries []Entry
	for i := range 30 {
		entries = append(entries, Entry{Key: "x", Person: who(names[i%len(names)], "Anna "+names[(i/6)%len(names)], "1984-03-07")})
	}
	q := Query{Person: who("Novakova", "Anna Smith", "1984-03-07"), LoA: edm.High}
	b.ReportAllocs()
	for b.Loop() {
		m.Decide(&q, entries)
	}
}

// BenchmarkReadPolicy proves the default policy sound.
func BenchmarkReadPolicy(b *testing.B) {
	for b.Loop() {
		if err := Default().sound(); err != nil {
			b.Fatal(err)
		}
	}
}
