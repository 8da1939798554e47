package lifecycle_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"oots/directory"
	"oots/internal/lifecycle"
)

// europe are the countries of the synthetic Europe.
var europe = []string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}

// TestEurope opens an instance with 27 countries of 100 providers each, or as many as OOTS_EUROPE says, and changes
// one of them. It logs how long that takes.
func TestEurope(t *testing.T) {
	providers := 100
	if n, err := strconv.Atoi(os.Getenv("OOTS_EUROPE")); err == nil {
		providers = n
	}
	i := newInstance(t)
	var all []directory.Partition
	for _, c := range europe {
		all = append(all, broker(c), services(c, providers))
	}
	start := time.Now()
	o, err := i.Replace(t.Context(), keeper, all, lifecycle.OriginImport, "")
	if err != nil || !o.Accepted {
		t.Fatalf("%v", err)
	}
	t.Logf("import: %v", time.Since(start).Round(time.Millisecond))
	o, all = lifecycle.Outcome{}, nil

	start = time.Now()
	i.reopen()
	t.Logf("open: %v", time.Since(start).Round(time.Millisecond))
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	t.Logf("heap: %d MB", m.HeapAlloc>>20)
	if n := i.Catalogue().Counts(); n.Services != 27*providers || n.Countries != 27 {
		t.Errorf("counts %+v", n)
	}

	doc := document(services("LU", providers))
	start = time.Now()
	if o, err := i.Submit(t.Context(), state("LU"), lifecycle.Proposal{Document: doc}); err != nil || !o.Accepted {
		t.Fatalf("%v, %v", o.Findings, err)
	}
	t.Logf("one submission of %d (%d kB): %v", providers, len(doc)>>10, time.Since(start).Round(time.Millisecond))
}
