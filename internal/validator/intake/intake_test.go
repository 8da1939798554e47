package intake_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/internal/validator"
	"oots/internal/validator/intake"
)

const document = "<a>\n</a>\n"

// entry is a file of an archive or a folder.
type entry struct{ name, content string }

func tarOf(entries ...entry) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		w.WriteHeader(&tar.Header{Name: e.name, Size: int64(len(e.content)), Mode: 0o600})
		io.WriteString(w, e.content)
	}
	w.Close()
	return b.String()
}

func zipOf(entries ...entry) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, _ := w.Create(e.name)
		io.WriteString(f, e.content)
	}
	w.Close()
	return b.String()
}

func gzipOf(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

// folder writes files and returns where.
func folder(t testing.TB, entries ...entry) string {
	t.Helper()
	dir := t.TempDir()
	for _, e := range entries {
		name := filepath.Join(dir, filepath.FromSlash(e.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(e.content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// read lists what the names stand for, without dir before it: the names of items, and "error: …".
func read(t testing.TB, r intake.Reader, dir string, names ...string) []string {
	t.Helper()
	var out []string
	for item, err := range r.Items(names...) {
		if err != nil {
			out = append(out, "error: "+strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), ""))
			continue
		}
		name := strings.TrimPrefix(item.Name, dir+string(filepath.Separator))
		if item.Sealed {
			name += " sealed"
		}
		out = append(out, filepath.ToSlash(name))
	}
	return out
}

// TestFolders holds which files of a folder are read, in which order, and under which names.
func TestFolders(t *testing.T) {
	t.Parallel()
	dir := folder(t, entry{"b.xml", document}, entry{"a/deep/C.XML", document}, entry{"list.gc", document}, entry{"note.txt", document},
		entry{"all.zip", zipOf(entry{"x/1.xml", document}, entry{"x/read.me", document}, entry{"2.XML", document})},
		entry{"old.tgz", gzipOf(tarOf(entry{"3.xml", document}))}, entry{"one.xml.gz", gzipOf(document)})
	got := read(t, intake.Reader{}, dir, dir)
	want := []string{"a/deep/C.XML", "all.zip!x/1.xml", "all.zip!2.XML", "b.xml", "list.gc", "old.tgz!3.xml", "one.xml.gz"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestNames holds that what is wrong with one name stops nothing else.
func TestNames(t *testing.T) {
	t.Parallel()
	dir := folder(t, entry{"a.xml", document}, entry{"note.txt", "hello"}, entry{"empty/keep", ""})
	at := func(name string) string { return filepath.Join(dir, name) }
	r := intake.Reader{Stdin: strings.NewReader(document)}
	got := read(t, r, dir, at("absent.xml"), at("a.xml"), at("note.txt"), "-", at("empty"))
	want := []string{"error: stat absent.xml: no such file or directory", "a.xml", "note.txt", "-",
		"error: empty: no document, archive or AS4 entity below it: *.xml, *.gc, *.body, *.zip, *.tar, *.tar.gz"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	n := 0
	for range (intake.Reader{}).Items(at("a.xml"), at("a.xml"), at("a.xml")) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d items were taken", n)
	}
}

// TestArchives holds names and bounds of archives, from a file and from the standard input.
func TestArchives(t *testing.T) {
	t.Parallel()
	two := []entry{{"1.xml", document}, {"d/2.xml", document}}
	zeros := strings.Repeat("\x00", 8<<20)
	for _, tc := range []struct {
		name    string
		archive string
		limits  intake.Limits
		want    []string // with "A" for the name of the archive
	}{
		{"zip", zipOf(two...), intake.Limits{}, []string{"A!1.xml", "A!d/2.xml"}},
		{"tar", tarOf(two...), intake.Limits{}, []string{"A!1.xml", "A!d/2.xml"}},
		{"tar.gz", gzipOf(tarOf(two...)), intake.Limits{}, []string{"A!1.xml", "A!d/2.xml"}},
		{"gzip of a document", gzipOf(document), intake.Limits{}, []string{"A"}},
		{"path that leads out", tarOf(entry{"../../etc/1.xml", document}), intake.Limits{}, []string{"A!../../etc/1.xml"}},
		{"empty zip", zipOf(), intake.Limits{}, nil},
		{"archive in an archive", zipOf(entry{"in.zip", zipOf(two...)}, entry{"1.xml", document}), intake.Limits{}, []string{"error: A!in.zip: an archive in an archive is not opened", "A!1.xml"}},
		{"archive called a document", zipOf(entry{"in.xml", zipOf(two...)}), intake.Limits{}, []string{"error: A!in.xml: an archive in an archive is not opened"}},
		{"gzip in gzip", gzipOf(gzipOf(document)), intake.Limits{}, []string{"error: A: an archive in an archive is not opened"}},
		{"entries", zipOf(two...), intake.Limits{Entries: 1}, []string{"A!1.xml", "error: A: too large: more than 1 entries"}},
		{"entries of a tar", tarOf(two...), intake.Limits{Entries: 1}, []string{"A!1.xml", "error: A: too large: more than 1 entries"}},
		{"total", zipOf(two...), intake.Limits{Total: 12}, []string{"A!1.xml", "error: A: too large: unpacks to more than 12 bytes"}},
		{"total of a tar", tarOf(two...), intake.Limits{Total: 12}, []string{"A!1.xml", "error: A: too large: unpacks to more than 12 bytes"}},
		{"bomb in a zip", zipOf(entry{"1.xml", zeros}), intake.Limits{}, []string{"error: A: too large: unpacks to more than 500 times its size"}},
		{"bomb in gzip", gzipOf(zeros), intake.Limits{}, []string{"error: A: too large: unpacks to more than 500 times its size"}},
		{"bomb in a tar.gz", gzipOf(tarOf(entry{"note.txt", zeros}, entry{"1.xml", document})), intake.Limits{}, []string{"error: A: too large: unpacks to more than 500 times its size"}},
		{"cut zip", zipOf(two...)[:60], intake.Limits{}, []string{"error: A: zip: not a valid zip file"}},
		{"cut tar", tarOf(two...)[:515], intake.Limits{}, []string{"error: A: unexpected EOF"}},
		{"cut gzip", gzipOf(document)[:14], intake.Limits{}, []string{"error: A: unexpected EOF"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, entry{"given", tc.archive})
			for as, got := range map[string][]string{
				"given": read(t, intake.Reader{Limits: tc.limits}, dir, filepath.Join(dir, "given")),
				"-":     read(t, intake.Reader{Limits: tc.limits, Stdin: strings.NewReader(tc.archive)}, dir, "-"),
			} {
				for i := range got {
					rest, failed := strings.CutPrefix(got[i], "error: ")
					if got[i] = "A" + strings.TrimPrefix(rest, as); failed {
						got[i] = "error: " + got[i]
					}
				}
				if !slices.Equal(got, tc.want) {
					t.Errorf("%s: %q, want %q", as, got, tc.want)
				}
			}
		})
	}
}

// TestLargeDocument holds that no more of a document is read than tells that it is too large.
func TestLargeDocument(t *testing.T) {
	t.Parallel()
	endless := io.LimitReader(blanks{}, 1<<40)
	for item, err := range (intake.Reader{Stdin: endless}).Items("-") {
		if err != nil || len(item.Content) != validator.MaxBytes+1 {
			t.Errorf("%d bytes, %v", len(item.Content), err)
		}
		if r := item.Judge(validator.Options{}); len(r.Findings) != 1 || r.Findings[0].Rule != validator.RuleUnreadable {
			t.Errorf("%+v", r)
		}
	}
}

type blanks struct{}

func (blanks) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// TestJudge holds that reports come in the order of the items, and that a caller may stop.
func TestJudge(t *testing.T) {
	t.Parallel()
	var entries []entry
	for i := range 200 {
		entries = append(entries, entry{strings.Repeat("x", i+1) + ".xml", strings.Repeat(" ", (i*7919)%5000) + document})
	}
	dir := folder(t, entry{"all.tar", tarOf(entries...)})
	options := func(intake.Item) validator.Options { return validator.Options{} }
	n := 0
	for j := range intake.Judge(intake.Reader{}.Items(filepath.Join(dir, "all.tar"), filepath.Join(dir, "absent")), options) {
		if n == len(entries) {
			if j.Err == nil {
				t.Error("what is absent was judged")
			}
		} else if j.Err != nil || !strings.HasSuffix(j.Report.Name, "!"+entries[n].name) || j.Report.Verdict != validator.Invalid {
			t.Fatalf("%d: %s %v", n, j.Report.Name, j.Err)
		}
		n++
	}
	if n != len(entries)+1 {
		t.Errorf("%d reports", n)
	}
	for range intake.Judge(intake.Reader{}.Items(filepath.Join(dir, "all.tar")), options) {
		break
	}
}

// FuzzItems holds that reading outside bytes never panics and keeps to its bounds.
func FuzzItems(f *testing.F) {
	for _, s := range []string{document, zipOf(entry{"1.xml", document}), tarOf(entry{"1.xml", document}), gzipOf(tarOf(entry{"1.xml", document})), gzipOf(document),
		"--b\r\nContent-Type: application/soap+xml\r\nContent-ID: <a@b>\r\n\r\n<x/>\r\n--b--\r\n", "Content-Type: multipart/related; boundary=b; type=\"application/soap+xml\"\r\n\r\n--b\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		limits := intake.Limits{Archive: 1 << 20, Entries: 100, Total: 1 << 20}
		var total int
		for item, err := range (intake.Reader{Stdin: bytes.NewReader(b), Limits: limits}).Items("-") {
			if err != nil && (item.Name != "" || item.Content != nil) {
				t.Fatal("a result beside an error")
			}
			total += len(item.Content)
		}
		if total > 1<<20+len(b) {
			t.Fatalf("%d bytes of %d", total, len(b))
		}
	})
}
