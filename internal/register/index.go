package register

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"

	"oots/internal/matching"
)

// An Index finds the entries of a register by date of birth and by number. It keeps one hash and one place per key:
// about 16 bytes for each date and each number, so that a country of millions fits into the memory of one
// process. The entries stay where they are. It never changes and may be asked at once.
type Index struct {
	keys  []key
	seed  maphash.Seed
	entry func(i int) matching.Entry
}

// A key is one place where an entry is found. Two keys with the same hash are sorted out by the matcher.
type key struct {
	hash  uint64
	place int32
}

// Kinds of keys, so that a year is no number.
const (
	kindDay byte = iota
	kindMonth
	kindYear
	kindNumber
	kindLink
)

// NewIndex indexes n entries, which entry gives by their place from 0 on. Entry is called once for each here, and again
// for every candidate; it must be safe for use at once.
func NewIndex(n int, entry func(i int) matching.Entry) *Index {
	x := &Index{keys: make([]key, 0, n), seed: maphash.MakeSeed(), entry: entry}
	for i := range n {
		e := entry(i)
		b := matching.KeysOf(&e)
		x.each(&b, func(h uint64) { x.keys = append(x.keys, key{h, int32(i)}) })
	}
	slices.SortFunc(x.keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.place, b.place))
	})
	x.keys = slices.Clip(x.keys)
	return x
}

// each calls f with the hash of every key of b.
func (x *Index) each(b *matching.Blocks, f func(hash uint64)) {
	for kind, words := range [...][]string{kindDay: b.Days, kindMonth: b.Months, kindYear: b.Years, kindNumber: b.NationalNumbers, kindLink: b.Links} {
		for _, w := range words {
			var h maphash.Hash
			h.SetSeed(x.seed)
			h.WriteByte(byte(kind))
			h.WriteString(w)
			f(h.Sum64())
		}
	}
}

// Candidates implements matching.Register.
func (x *Index) Candidates(ctx context.Context, b matching.Blocks) ([]matching.Entry, error) {
	var places []int32
	x.each(&b, func(h uint64) {
		i, _ := slices.BinarySearchFunc(x.keys, h, func(k key, h uint64) int { return cmp.Compare(k.hash, h) })
		for ; i < len(x.keys) && x.keys[i].hash == h; i++ {
			places = append(places, x.keys[i].place)
		}
	})
	slices.Sort(places)
	places = slices.Compact(places)
	out := make([]matching.Entry, 0, len(places))
	for _, p := range places {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = append(out, x.entry(int(p)))
	}
	return out, nil
}
