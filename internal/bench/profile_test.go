package bench

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"math"
	"runtime/pprof"
	"testing"
	"time"
)

// TestBreakdown profiles work whose stage is known.
func TestBreakdown(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second of processor time")
	}
	var b bytes.Buffer
	if err := pprof.StartCPUProfile(&b); err != nil {
		t.Skip("somebody else is profiling: ", err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	for start := time.Now(); err == nil && time.Since(start) < time.Second; {
		sum := sha256.Sum256(nil)
		_, err = rsa.SignPKCS1v15(rand.Reader, key, 5, sum[:])
	}
	pprof.StopCPUProfile()
	if err != nil {
		t.Fatal(err)
	}
	stages, err := breakdown(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var all float64
	for _, s := range stages {
		all += s.Share
	}
	if len(stages) == 0 || stages[0].Name != "public-key operations" || stages[0].Share < 0.5 || math.Abs(all-1) > 1e-9 {
		t.Errorf("%+v", stages)
	}
}

func TestStageOf(t *testing.T) {
	t.Parallel()
	p := &profile{functions: map[uint64]string{}, locations: map[uint64][]uint64{}}
	add := func(id uint64, name string) { p.functions[id], p.locations[id] = name, []uint64{id} }
	add(1, "runtime.mallocgc")
	add(2, "oots/xml/c14n.(*canonical).element")
	add(3, "oots/edelivery/wssec.Verify")
	add(4, "runtime.gcBgMarkWorker")
	add(5, "runtime.schedule")
	add(6, "crypto/internal/fips140/bigmod.(*Nat).Exp")
	add(7, "modernc.org/sqlite/lib.Xsqlite3_step")
	for _, tc := range []struct {
		stack []uint64
		want  string
	}{
		{[]uint64{1, 2, 3}, "canonical XML"},
		{[]uint64{1, 3}, "WS-Security"},
		{[]uint64{6, 3}, "public-key operations"},
		{[]uint64{4}, stageCollector},
		{[]uint64{5}, stageScheduler},
		{[]uint64{7}, "store"},
		{nil, stageScheduler},
	} {
		if got := p.stageOf(tc.stack); got != tc.want {
			t.Errorf("%v: %s, want %s", tc.stack, got, tc.want)
		}
	}
}

func FuzzReadProfile(f *testing.F) {
	var b bytes.Buffer
	pprof.Lookup("goroutine").WriteTo(&b, 0)
	f.Add(b.Bytes())
	f.Add([]byte{0x12, 0x02, 0x0a, 0x00})
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := readProfile(b); err != nil && p != nil {
			t.Fatal("a result beside an error")
		}
	})
}
