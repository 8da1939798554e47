package wsplugin

import (
	"io"
	"runtime"
	"strings"
	"testing"

	"oots/edelivery/as4"
)

// nowhere is a spool that keeps nothing.
type nowhere struct{}

func (nowhere) Create() (as4.Spooled, error) { return nowhere{}, nil }
func (nowhere) Write(b []byte) (int, error)  { return len(b), nil }
func (nowhere) Finish() (as4.Content, error) { return as4.Bytes(nil), nil }
func (nowhere) Discard() error               { return nil }

// repeated gives the same text n times.
type repeated struct {
	text string
	n    int
	rest string
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n--
		r.rest = r.text
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func bigRequest(n int) io.Reader {
	const head = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><w:submitRequest xmlns:w="http://eu.domibus.wsplugin/"><payload payloadId="a"><value>`
	return io.MultiReader(strings.NewReader(head), &repeated{text: strings.Repeat("QUJD", 1024), n: n / 4096},
		strings.NewReader(`</value></payload></w:submitRequest></s:Body></s:Envelope>`))
}

func readBig(t testing.TB, n int) {
	s := newSplitter(bigRequest(n), nowhere{}, Limits{}.filled())
	if err := s.split(); err != nil || len(s.inlines) != 1 {
		t.Fatal(err)
	}
}

// TestReadsInConstantMemory: a request ten times as large takes no more memory to read.
func TestReadsInConstantMemory(t *testing.T) {
	allocated := func(n int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		readBig(t, n)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	allocated(1 << 20) // what is made once
	small, large := allocated(1<<20), allocated(10<<20)
	if large > 2*small {
		t.Errorf("1 MiB takes %d bytes, 10 MiB %d", small, large)
	}
}

// BenchmarkRead reads an envelope with 16 MiB of base64.
func BenchmarkRead(b *testing.B) {
	const n = 16 << 20
	b.SetBytes(n)
	b.ReportAllocs()
	for b.Loop() {
		readBig(b, n)
	}
}
