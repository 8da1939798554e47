package convert_test

import (
	"os"
	"path/filepath"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
)

// FuzzConvert converts whatever can be read, valid or not, into every line: nothing panics, and what comes out can
// be written and read.
func FuzzConvert(f *testing.F) {
	files, err := filepath.Glob("../edmxml/testdata/*.xml")
	if err != nil || len(files) == 0 {
		f.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m := message{}
		var err error
		if m.request, _, err = edmxml.ParseRequest(b); err != nil {
			if m.response, m.failure, _, err = edmxml.ParseResponse(b); err != nil {
				return
			}
		}
		for _, v := range edm.Versions() {
			out, _ := m.to(v)
			if out.version() != v {
				t.Fatalf("version %q", out.version())
			}
			parse(t, out.xml(t))
		}
	})
}
