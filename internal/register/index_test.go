package register

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/matching"
)

func TestIndex(t *testing.T) {
	t.Parallel()
	entries := []matching.Entry{
		{Key: "day", Person: matching.Person{DateOfBirth: "1984-03-07"}},
		{Key: "month", Person: matching.Person{DateOfBirth: "1984-03"}},
		{Key: "year", Person: matching.Person{DateOfBirth: "1984"}},
		{Key: "zeros", Person: matching.Person{DateOfBirth: "1984-00-00"}},
		{Key: "swapped", Person: matching.Person{DateOfBirth: "1984-07-03"}},
		{Key: "number", Person: matching.Person{DateOfBirth: "1990-01-01", NationalNumbers: []string{"12 34"}}},
		{Key: "both", Person: matching.Person{DateOfBirth: "1984-03-07", NationalNumbers: []string{"77"}}},
		{Key: "linked", Person: matching.Person{Links: []string{"BG/EL/7"}}},
		{Key: "nothing"},
	}
	x := NewIndex(len(entries), func(i int) matching.Entry { return entries[i] })
	for _, tc := range []struct {
		name   string
		blocks matching.Blocks
		want   []string
	}{
		{"day, and what is known in part", matching.Blocks{Days: []string{"1984-03-07"}, Months: []string{"1984-03"}, Years: []string{"1984"}}, []string{"day", "month", "year", "zeros", "both"}},
		{"day and month exchanged", matching.Blocks{Days: []string{"1984-03-07", "1984-07-03"}}, []string{"day", "swapped", "both"}},
		{"number", matching.Blocks{NationalNumbers: []string{"1234"}}, []string{"number"}},
		{"found twice, given once", matching.Blocks{Days: []string{"1984-03-07"}, NationalNumbers: []string{"77"}}, []string{"day", "both"}},
		{"link", matching.Blocks{Links: []string{"BG/GR/7"}}, []string{"linked"}},
		{"a year is no number", matching.Blocks{NationalNumbers: []string{"1984"}}, nil},
		{"nobody", matching.Blocks{Days: []string{"2001-01-01"}}, nil},
	} {
		got, err := x.Candidates(t.Context(), tc.blocks)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, e := range got {
			keys = append(keys, e.Key)
		}
		if !slices.Equal(keys, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, keys, tc.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Candidates(ctx, matching.Blocks{Days: []string{"1984-03-07"}}); err == nil {
		t.Error("a cancelled search answers")
	}
}

// A town of invented people: names by syllables and by frequency, as they are in life; four in a thousand entries
// know a part of the date only, and two in a hundred have the first of January for it.
type town struct {
	family, given []string
	people        []inhabitant
}

type inhabitant struct {
	family, given, second uint16
	days                  uint16 // since 1930; of a partial date the year counts
	partial               bool
}

const million = 1_000_000

var millionTown = sync.OnceValue(func() *town {
	r := rand.New(rand.NewPCG(1, 2))
	t := &town{family: invented(r, 20_000, familyEndings), given: invented(r, 2_000, givenEndings)}
	t.people = make([]inhabitant, million)
	pick := func(n int) uint16 { // a few names are frequent, most are rare
		f := r.Float64()
		return uint16(float64(n) * f * f * f)
	}
	for i := range t.people {
		p := inhabitant{family: pick(len(t.family)), given: pick(len(t.given)), second: pick(len(t.given)), days: uint16(r.IntN(34_000))}
		switch {
		case i%50 == 0:
			p.days = uint16(firstDay.AddDate(int(p.days)/366, 0, 0).Sub(firstDay) / (24 * time.Hour))
		case i%250 == 1:
			p.partial = true
		}
		t.people[i] = p
	}
	return t
})

var (
	firstDay      = time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC)
	familyEndings = []string{"er", "mann", "ić", "ová", "ński", "ópulos", "sen", "ström", "ez", "ão", "escu", "as", "öld", "y", "ßner"}
	givenEndings  = []string{"a", "o", "us", "ía", "é", "ik", "ina", "el", "ė", "un"}
)

func invented(r *rand.Rand, n int, endings []string) []string {
	heads := []string{"Ba", "Ke", "Lo", "Mü", "Sta", "Vri", "Gro", "Ho", "Ja", "Ni", "Pe", "Ru", "Sze", "To", "Wa", "Ża", "Če", "Ø", "Fri", "Da"}
	middles := []string{"l", "n", "r", "st", "ck", "ven", "lan", "der", "mir", "tin", "ro", "ga", "lü", "ne"}
	out := make([]string, n)
	for i := range out {
		out[i] = heads[r.IntN(len(heads))] + middles[r.IntN(len(middles))] + middles[r.IntN(len(middles))] + endings[r.IntN(len(endings))]
	}
	return out
}

func (t *town) entry(i int) matching.Entry {
	p := t.people[i]
	born := firstDay.AddDate(0, 0, int(p.days)).Format(time.DateOnly)
	if p.partial {
		born = born[:4]
	}
	given := t.given[p.given]
	if p.second%3 == 0 {
		given += " " + t.given[p.second]
	}
	return matching.Entry{Key: fmt.Sprint(i), Person: matching.Person{
		FamilyName: t.family[p.family], GivenName: given, DateOfBirth: born, NationalNumbers: []string{fmt.Sprint(10_000_000 + i)},
	}}
}

// BenchmarkMillion asks a register of a million persons for 2000 of them, spread over it, as a request comes in: by
// names and date of birth, every second time with the national number too. It reports the median and the 99th of
// a hundred, from the search to the decision; nothing is cached between questions.
func BenchmarkMillion(b *testing.B) {
	t := millionTown()
	x := NewIndex(million, t.entry)
	m := matching.New(matching.Default(), "EL", nil)
	f := matching.Finder[string]{Matcher: m, Register: x, Records: func(_ context.Context, key, _ string, _ []string) ([]string, error) {
		return []string{key}, nil
	}}
	var times []time.Duration
	found := 0
	for n := 0; b.Loop(); n++ {
		i := n * 499_979 % million
		e := t.entry(i)
		p := edm.Person{FamilyName: e.FamilyName, GivenName: e.GivenName, DateOfBirth: edm.Date(e.DateOfBirth), LoA: edm.High}
		if n%2 == 1 {
			p.Identifier = "EL/AT/" + e.NationalNumbers[0]
		}
		start := time.Now()
		got, err := f.Find(b.Context(), p, "", nil)
		times = append(times, time.Since(start))
		switch {
		case err == nil && got[0] != e.Key:
			b.Fatalf("entry %d: found %s", i, got[0])
		case err == nil:
			found++
		}
	}
	slices.SortFunc(times, func(a, b time.Duration) int { return cmp.Compare(a, b) })
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "median-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(times[len(times)-1].Microseconds()), "max-µs")
	b.ReportMetric(float64(found)/float64(len(times)), "found")
}

// TestRegisterOfHundredThousand holds every decision over a large register to be right: who is found is who was asked
// for, and a stranger with the date of birth of many is nobody.
func TestRegisterOfHundredThousand(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a large register")
	}
	const n = 100_000
	people := millionTown()
	x := NewIndex(n, people.entry)
	f := matching.Finder[string]{Matcher: matching.New(matching.Default(), "EL", nil), Register: x, Records: func(_ context.Context, key, _ string, _ []string) ([]string, error) {
		return []string{key}, nil
	}}
	found := 0
	for k := range 1000 {
		e := people.entry(k * 97)
		p := edm.Person{FamilyName: e.FamilyName, GivenName: e.GivenName, DateOfBirth: edm.Date(e.DateOfBirth), LoA: edm.High}
		got, err := f.Find(t.Context(), p, "", nil)
		if err == nil {
			found++
			if got[0] != e.Key {
				t.Errorf("%s found for %s", got[0], e.Key)
			}
		}
		p.GivenName = "Xyzzy"
		if got, err := f.Find(t.Context(), p, "", nil); err == nil {
			t.Errorf("a stranger is %s", got[0])
		}
	}
	// Of people who are not in the register, only namesakes of one day are found.
	for k := range 2000 {
		e := people.entry(n + k*401)
		p := edm.Person{FamilyName: e.FamilyName, GivenName: e.GivenName, DateOfBirth: edm.Date(e.DateOfBirth), LoA: edm.High}
		got, err := f.Find(t.Context(), p, "", nil)
		if err != nil {
			continue
		}
		i, _ := strconv.Atoi(got[0])
		if x := people.entry(i); x.DateOfBirth != e.DateOfBirth || !matching.SameName(x.FamilyName, e.FamilyName) || !matching.SameName(x.GivenName, e.GivenName) {
			t.Errorf("%s, who is absent, is taken for %s", e.Key, got[0])
		}
	}
	if found < 900 {
		t.Errorf("only %d of 1000 were found", found)
	}
}
