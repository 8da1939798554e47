package lcm_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"oots/directory"
	"oots/directory/lcm"
)

var update = flag.Bool("update", false, "write the golden submissions anew")

// TestGolden holds what we write byte by byte, for people to read.
func TestGolden(t *testing.T) {
	t.Parallel()
	refused := []lcm.Finding{(&lcm.Error{Line: 3, Msg: "unexpected end"}).Finding()}
	for name, got := range map[string][]byte{
		"eb-1.0.xml":       written(directory.V10, oldBroker()),
		"dsd-1.0.xml":      written(directory.V10, old(services(), directory.V10)),
		"dsd-1.1.xml":      written(directory.V11, old(services(), directory.V11)),
		"combined-2.0.xml": written(directory.V20, broker(), services(), schemes("1.0", "esch", "vianden")),
		"accepted.xml":     lcm.AppendResponse(nil, requestID, nil),
		"refused.xml":      lcm.AppendResponse(nil, requestID, refused),
	} {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what is written any more: go test ./directory/lcm -update", file)
		}
	}
}

func written(v directory.Version, ps ...directory.Partition) []byte {
	return lcm.AppendRequest(nil, ps, lcm.Form{ID: requestID, Line: directory.Line{Version: v}})
}

// BenchmarkSubmission reads and judges a submission with a thousand providers.
func BenchmarkSubmission(b *testing.B) {
	p := services()
	one := p.Services[0]
	p.Services = nil
	for i := range 1000 {
		s := one
		s.Publisher.ID.Value = uuid(i)
		p.Services = append(p.Services, s)
	}
	doc := written(directory.V20, p)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		s, err := lcm.Parse(doc)
		if err != nil {
			b.Fatal(err)
		}
		ps, fs := s.Partitions(nil)
		if fs = append(fs, s.Check(nil)...); len(fs) > 0 || len(ps[0].Services) != 1000 {
			b.Fatal(fs)
		}
	}
}
