package schema

import (
	"os"
	"path/filepath"
	"testing"

	"oots/edm"
	"oots/internal/corpus"
	"oots/xml/model"
	"oots/xml/xmltree"
)

// FuzzCheck holds that no message makes a check panic or go on without end, in any line.
func FuzzCheck(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(corpus.Path(f, "edm/own/valid"), "*.xml"))
	if err != nil || len(files) == 0 {
		f.Fatal(len(files), err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: 1 << 18})
		if err != nil {
			return
		}
		for _, v := range []edm.Version{edm.V10, edm.V11, edm.V12, edm.V20} {
			for _, kind := range []Kind{Request, Response, Error} {
				fs := Check(doc, kind, v)
				if len(fs) > model.MaxFindings {
					t.Fatalf("%d findings", len(fs))
				}
				for _, x := range fs {
					if x.Rule == "" || x.Path == "" || x.Want == "" || x.Line < 1 || len(x.Got) > 120 {
						t.Fatalf("%+v", x)
					}
				}
			}
		}
	})
}
