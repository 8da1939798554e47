package torture

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// nodeVariable names the configuration file of the node that this process is to be. Without it the process runs tests.
const nodeVariable = "OOTS_TORTURE_NODE"

func TestMain(m *testing.M) {
	if file := os.Getenv(nodeVariable); file != "" {
		if err := runNode(file); err != nil {
			fmt.Fprintln(os.Stderr, "node:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// seed is that of OOTS_TORTURE_SEED, or a new one. It is printed: the decisions of a run can be made again, the
// instants at which the processes meet them cannot.
func seed(t *testing.T) uint64 {
	t.Helper()
	n := uint64(time.Now().UnixNano())
	if s := os.Getenv("OOTS_TORTURE_SEED"); s != "" {
		var err error
		if n, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("OOTS_TORTURE_SEED: %v", err)
		}
	}
	t.Logf("OOTS_TORTURE_SEED=%d", n)
	return n
}

// chance is a source of random decisions for one of the actors of a test, so that each makes the same ones whatever the
// others do.
func chance(seed uint64, actor string) *rand.Rand {
	stream := uint64(14695981039346656037) // FNV-1a
	for _, b := range []byte(actor) {
		stream = (stream ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, stream))
}

// number is the value of an environment variable, or otherwise.
func number(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	s := os.Getenv(variable)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		t.Fatalf("%s is %q, want a number", variable, s)
	}
	return n
}
