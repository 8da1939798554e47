package render

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/xml/xmltree"
)

// samples are real documents of the models, and the title that they must get.
var samples = []struct{ file, title string }{
	{"evidence/de4a-commons/samples/t4.3/v1.6/Sample Birth Evidence ES.xml", "Geburtsurkunde"},
	{"evidence/de4a-commons/samples/t4.3/v1.6/Sample Domicile Registration Evidence ES.xml", "Meldebestätigung"},
	{"evidence/de4a-commons/samples/t4.3/v1.6/Sample Marriage Evidence ES.xml", "Heiratsurkunde"},
	{"evidence/de4a-commons/samples/t4.2/v0.6/Sample Company Registration NL KVK.xml", "Auszug aus dem Firmenregister"},
	{"evidence/de4a-commons/samples/t4.2/v0.6/Sample Company Registration SE.xml", "Auszug aus dem Firmenregister"},
	{"evidence/emrex-elmo/example.xml", "Bestätigung eines Studienabschlusses"},
	{"evidence/de4a-commons/samples/t4.1/uc1/v2021-04-13/SA-UC1-20-04-2021-SI.xml", ""},
	{"evidence/european-learning-model/EDC_DiplomaSupplement_AA.xml", ""},
	{"evidence/european-learning-model/credential-sample.jsonld", "Digitaler Nachweis"},
	{"evidence/european-learning-model/Sample-MC-Annex1-unsigned.jsonld", "Digitaler Nachweis"},
}

// flat lists all words that a tree shows, and what its title attributes hold.
func flat(ns []Node) string {
	var b strings.Builder
	for _, n := range ns {
		b.WriteString(n.Label + "\n" + n.Value + "\n" + n.ISO + "\n" + n.Note + "\n" + flat(n.Nodes))
		if n.Table != nil {
			b.WriteString(flat(n.Table.Head))
			for _, r := range n.Table.Rows {
				b.WriteString(flat(r))
			}
		}
	}
	return b.String()
}

// texts calls f with every text of a document that is a value.
func texts(e *xmltree.Element, f func(string)) {
	for c := range e.Elements() {
		texts(c, f)
	}
	if v := clean(e.Text()); v != "" {
		f(v)
	}
}

// TestSamplesLoseNothing: whatever a document says is in the tree.
func TestSamplesLoseNothing(t *testing.T) {
	t.Parallel()
	for _, s := range samples {
		t.Run(s.file[strings.LastIndexByte(s.file, '/')+1:], func(t *testing.T) {
			b := corpus.Read(t, s.file)
			mediaType := "application/xml"
			if strings.HasSuffix(s.file, "jsonld") {
				mediaType = "application/json"
			}
			tree, err := Document(mediaType, b, "DE")
			if err != nil {
				t.Fatal(err)
			}
			if tree.Kind != Data || tree.Title != s.title || len(tree.Nodes) == 0 || tree.More {
				t.Errorf("%s, titled %q, %d nodes, more %v", tree.Kind, tree.Title, len(tree.Nodes), tree.More)
			}
			if _, err := tree.HTML(); err != nil {
				t.Error(err)
			}
			if mediaType != "application/xml" {
				return
			}
			doc, err := xmltree.Parse(b, xmltree.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			shown := flat(tree.Nodes)
			texts(doc.Root, func(v string) {
				if isFile(v) || strings.HasPrefix(v, "--") || len(v) > MaxText {
					return // shown as a file, as a part of a date, or up to the bound
				}
				if !strings.Contains(shown, v) && !strings.Contains(shown, strings.ReplaceAll(v, "-", "")) {
					t.Errorf("%.60q is not shown", v)
				}
			})
		})
	}
}

func TestBirth(t *testing.T) {
	t.Parallel()
	tree, err := Document("text/xml; charset=utf-8", corpus.Read(t, samples[0].file), "el")
	if err != nil {
		t.Fatal(err)
	}
	shown := flat(tree.Nodes)
	for _, want := range []string{"Εκδούσα αρχή\nMinisterio de Justicia", "Χώρα\nΙσπανία\nESP", "Ημερομηνία γέννησης\n25 Δεκεμβρίου 1978\n1978-12-25",
		"Φύλο\nδεν έχει καταχωριστεί", "Όνομα\nCiudadano Ficticio"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing in\n%s", want, shown)
		}
	}
}

// TestHostile: nothing of evidence becomes markup, and nothing too large is read.
func TestHostile(t *testing.T) {
	t.Parallel()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 3, 2)), nil); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, mediaType, content string
		kind                     Kind
		err                      error
	}{
		{"script in XML", "application/xml", `<a><b x="&quot;onload=1">&lt;script>alert(1)&lt;/script></b></a>`, Data, nil},
		{"script in a name of JSON", "application/json", `{"<script>alert(1)</script>": "<img onerror=1>"}`, Data, nil},
		{"DOCTYPE", "application/xml", `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>`, "", ErrMismatch},
		{"no XML", "application/xml", `%PDF-1.4`, "", ErrMismatch},
		{"deep JSON", "application/json", strings.Repeat("[", 5000), "", ErrMismatch},
		{"two members of a name", "application/json", `{"a":1,"a":2}`, "", ErrMismatch},
		{"two values", "application/json", `{} {}`, "", ErrMismatch},
		{"PNG", "image/png", picture.String(), Picture, nil},
		{"JPEG", "IMAGE/JPEG", photo.String(), Picture, nil},
		{"PNG that is JPEG", "image/png", photo.String(), "", ErrMismatch},
		{"PNG that is HTML", "image/png", `<script>alert(1)</script>`, "", ErrMismatch},
		{"SVG", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, File, nil},
		{"HTML", "text/html", `<script>alert(1)</script>`, File, nil},
		{"PDF", "application/pdf", "%PDF-1.7\n", Paper, nil},
		{"PDF that is HTML", "application/pdf", "<script>alert(1)</script>", "", ErrMismatch},
		{"too large", "application/xml", strings.Repeat(" ", MaxBytes+1), "", ErrTooLarge},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tree, err := Document(tc.mediaType, []byte(tc.content), "EN")
			if !errors.Is(err, tc.err) || tree.Kind != tc.kind {
				t.Fatalf("%q, %v; want %q, %v", tree.Kind, err, tc.kind, tc.err)
			}
			if err != nil && strings.Contains(err.Error(), "alert") {
				t.Errorf("the error repeats evidence: %v", err)
			}
			h, err := tree.HTML()
			if err != nil || strings.Contains(string(h), "<script") || strings.Contains(string(h), "<img") || strings.Contains(string(h), `" onload`) {
				t.Errorf("%v in\n%s", err, h)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, content string }{
		{"many", "<a>" + strings.Repeat("<b>1</b>", 2*MaxNodes) + "</a>"},
		{"deep", strings.Repeat("<a>", 50) + "x" + strings.Repeat("</a>", 50)},
		{"a long table", "<a>" + strings.Repeat("<b><c>1</c><d>2</d></b>", MaxNodes) + "</a>"},
	} {
		tree, err := Document("application/xml", []byte(tc.content), "EN")
		if err != nil || !tree.More {
			t.Errorf("%s: %v, more %v", tc.name, err, tree.More)
		}
		if n := strings.Count(flat(tree.Nodes), "\n"); n > 8*MaxNodes+100 {
			t.Errorf("%s: %d lines", tc.name, n)
		}
	}
	long, err := Document("application/xml", []byte("<a><b>"+strings.Repeat("ä ", MaxText)+"</b></a>"), "EN")
	if err != nil || !long.Nodes[0].Cut || len([]rune(long.Nodes[0].Value)) != MaxText+1 {
		t.Errorf("%v, cut %v", err, long.Nodes[0].Cut)
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, mediaType, content, want string }{
		{"names as words", "application/xml", `<r><dateOfIssue>2026-01-05</dateOfIssue></r>`, "date Of Issue|5 January 2026|2026-01-05"},
		{"time", "application/xml", `<r><a>2026-01-05T10:15:00+02:00</a></r>`, "5 January 2026, 10:15 UTC+02:00"},
		{"no day", "application/xml", `<r><a>2026-13-05</a></r>`, "|2026-13-05|"},
		{"attributes", "application/xml", `<r><a unit="kg">5</a></r>`, "a|5||kg"},
		{"texts by language", "application/json", `{"name": {"el": "Αθήνα", "en": "Athens"}}`, "name|Αθήνα||\nname|Athens"},
		{"array", "application/json", `{"a": [1, 2.50, true, null]}`, "a|1||\na|2.50||\na|yes|true|\na|not recorded"},
		{"file", "application/json", `{"a": "data:image/png;base64,` + strings.Repeat("AAAA", 1000) + `"}`, "a|File: image/png, 3 kB"},
		{"direction marks", "application/json", `{"a": "x` + "\u202e" + `y"}`, "a|xy|"},
		{"partial date", "application/json", `{"dateOfBirth": {"year": 1950, "month": 3, "precision": "month"}}`, "date Of Birth|03/1950|1950-03"},
	} {
		tree, err := Document(tc.mediaType, []byte(tc.content), "EN")
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		var lines []string
		for _, n := range tree.Nodes {
			lines = append(lines, strings.Join([]string{n.Label, n.Value, n.ISO, n.Note}, "|"))
		}
		if got := strings.Join(lines, "\n"); !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

func FuzzDocument(f *testing.F) {
	f.Add("application/xml", []byte(`<a xml:lang="el"><b>1</b><b>2</b></a>`))
	f.Add("application/json", []byte(`{"a": [{"b": 1, "c": "x"}, {"b": 2, "c": "y"}, {"b": 3, "c": ""}]}`))
	f.Fuzz(func(t *testing.T, mediaType string, b []byte) {
		tree, err := Document(mediaType, b, "BG")
		if err != nil {
			if tree.Kind != "" || tree.Nodes != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		if _, err := tree.HTML(); err != nil {
			t.Fatal(err)
		}
	})
}
