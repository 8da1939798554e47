package swa

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"oots/internal/corpus"
)

const envelope = `<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"/>`

func sample() (Part, []Part) {
	return Part{ContentID: "root@ap.example", Content: []byte(envelope)}, []Part{
		{ContentID: "a@ap.example", MediaType: "application/octet-stream", Content: []byte("one\r\n--oots-")},
		{ContentID: "b@ap.example", MediaType: "application/gzip", Content: []byte{}},
		{ContentID: "c@ap.example", MediaType: "application/octet-stream", Content: []byte("\r\n--B\r")},
	}
}

func TestWriteExactBytes(t *testing.T) {
	t.Parallel()
	root, parts := sample()
	var b bytes.Buffer
	if err := Write(&b, root, parts[:1], "oots-0123"); err != nil {
		t.Fatal(err)
	}
	want := "--oots-0123\r\nContent-Type: application/soap+xml; charset=UTF-8\r\nContent-Transfer-Encoding: binary\r\n" +
		"Content-ID: <root@ap.example>\r\n\r\n" + envelope + "\r\n" +
		"--oots-0123\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n" +
		"Content-ID: <a@ap.example>\r\n\r\none\r\n--oots-\r\n--oots-0123--\r\n"
	if b.String() != want {
		t.Errorf("got\n%q\nwant\n%q", b.String(), want)
	}
	if n := Size(root, parts[:1], "oots-0123"); n != int64(b.Len()) {
		t.Errorf("Size says %d, Write wrote %d", n, b.Len())
	}
}

func TestWriteWithoutPartsIsPlainSOAP(t *testing.T) {
	t.Parallel()
	root, _ := sample()
	var b bytes.Buffer
	if err := Write(&b, root, nil, ""); err != nil || b.String() != envelope {
		t.Fatalf("got %q, %v", b.String(), err)
	}
	if ct := ContentType(root, nil, ""); ct != "application/soap+xml; charset=UTF-8" {
		t.Errorf("content type %q", ct)
	}
	m, err := ReadAll(ContentType(root, nil, ""), &b, Limits{})
	if err != nil || len(m.Parts) != 0 || string(m.Root.Content) != envelope {
		t.Errorf("read back %+v, %v", m, err)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	root, parts := sample()
	b := NewBoundary()
	var body bytes.Buffer
	if err := Write(&body, root, parts, b); err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]io.Reader{
		"whole":    bytes.NewReader(body.Bytes()),
		"one byte": iotest.OneByteReader(bytes.NewReader(body.Bytes())),
		"data+eof": iotest.DataErrReader(bytes.NewReader(body.Bytes())),
	} {
		m, err := ReadAll(ContentType(root, parts, b), src, Limits{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(m.Parts) != len(parts) || m.LFOnly {
			t.Fatalf("%s: %d parts, LF %v", name, len(m.Parts), m.LFOnly)
		}
		for i := range parts {
			if m.Parts[i].ContentID != parts[i].ContentID || m.Parts[i].MediaType != parts[i].MediaType || !bytes.Equal(m.Parts[i].Content, parts[i].Content) {
				t.Errorf("%s: part %d is %+v", name, i, m.Parts[i])
			}
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(root *Part, parts []Part, boundary *string){
		"Content-ID with plus":      func(_ *Part, p []Part, _ *string) { p[0].ContentID = "a+b@x" },
		"Content-ID with percent":   func(_ *Part, p []Part, _ *string) { p[0].ContentID = "a%40b@x" },
		"Content-ID with line end":  func(_ *Part, p []Part, _ *string) { p[0].ContentID = "a@x>\r\nX: y" },
		"Content-ID without at":     func(_ *Part, p []Part, _ *string) { p[0].ContentID = "a" },
		"Content-ID with two at":    func(_ *Part, p []Part, _ *string) { p[0].ContentID = "a@b@c" },
		"Content-ID twice":          func(_ *Part, p []Part, _ *string) { p[1].ContentID = p[0].ContentID },
		"Content-ID of root":        func(r *Part, p []Part, _ *string) { p[1].ContentID = r.ContentID },
		"media type with line end":  func(_ *Part, p []Part, _ *string) { p[1].MediaType = "a/b\r\nX: y" },
		"boundary above 70":         func(_ *Part, _ []Part, b *string) { *b = strings.Repeat("x", 71) },
		"boundary with white space": func(_ *Part, _ []Part, b *string) { *b = "a b" },
	} {
		root, parts := sample()
		boundary := "oots-1"
		edit(&root, parts, &boundary)
		if err := Write(io.Discard, root, parts, boundary); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

// crlfBody turns the readable form of a test into MIME: every LF becomes CRLF.
func crlfBody(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

const (
	okType = `multipart/related; type="application/soap+xml"; start="<r@x>"; boundary="B"`
	okRoot = "--B\nContent-Type: application/soap+xml; charset=UTF-8\nContent-ID: <r@x>\n\n<e/>\n"
	okPart = "--B\nContent-Type: application/octet-stream\nContent-ID: <p@x>\n\ndata\n"
	closed = "--B--\n"
)

func TestReader(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 999)
	for _, tc := range []struct {
		name, contentType, body string
		want                    error // nil means accepted
		parts                   string
	}{
		{"ok", okType, okRoot + okPart + closed, nil, "data"},
		{"ok/root only", okType, okRoot + closed, nil, ""},
		{"ok/mixed case media type", `Multipart/Related; Type="Application/SOAP+xml; charset=UTF-8"; boundary=B`, okRoot + okPart + closed, nil, "data"},
		{"ok/no start, no root id", `multipart/related; boundary=B; type=application/soap+xml`, "--B\nContent-Type: application/soap+xml\n\n<e/>\n" + okPart + closed, nil, "data"},
		{"ok/start without brackets", `multipart/related; boundary=B; start=r@x; type=application/soap+xml`, okRoot + okPart + closed, nil, "data"},
		{"ok/start unquoted with brackets", `multipart/related; boundary=B; start=<r@x>; type=application/soap+xml`, okRoot + okPart + closed, nil, "data"},
		{"ok/boundary with equal sign", `multipart/related; boundary=----=_Part:0; type="application/soap+xml"`,
			strings.ReplaceAll(okRoot+okPart+closed, "--B", "------=_Part:0"), nil, "data"},
		{"ok/folded header", okType, okRoot + "--B\nContent-Type:\n application/octet-stream;\n\tx=y\nContent-ID:\n <p@x>\n\ndata\n" + closed, nil, "data"},
		{"ok/id without brackets", okType, okRoot + "--B\nContent-ID: p@x\n\ndata\n" + closed, nil, "data"},
		{"ok/preamble and epilogue", okType, "text\n--Bx\n" + okRoot + okPart + closed + "more", nil, "data"},
		{"ok/padding behind boundary", okType, okRoot + strings.Replace(okPart, "--B\n", "--B  \t\n", 1) + "--B-- \n", nil, "data"},
		{"ok/no line end behind close", okType, okRoot + okPart + "--B--", nil, "data"},
		{"ok/look-alikes", okType, okRoot + "--B\nContent-ID: <p@x>\n\n--Bx\na--B\n--B-\n--B x\n" + closed, nil, "--Bx\r\na--B\r\n--B-\r\n--B x"},
		{"ok/trailing line ends stay", okType, okRoot + "--B\nContent-ID: <p@x>\n\ndata\n\n\n" + closed, nil, "data\r\n\r\n"},
		{"ok/empty part", okType, okRoot + "--B\nContent-ID: <p@x>\n\n\n" + closed, nil, ""},
		{"ok/empty part without own line end", okType, okRoot + "--B\nContent-ID: <p@x>\n\n" + closed, nil, ""},
		{"ok/base64", okType, okRoot + "--B\nContent-ID: <p@x>\nContent-Transfer-Encoding: Base64\n\nZGF \n0YQ==\n" + closed, nil, "data"},
		{"ok/quoted-printable", okType, okRoot + "--B\nContent-ID: <p@x>\nContent-Transfer-Encoding: quoted-printable\n\nd=61t=\na\n" + closed, nil, "data"},

		{"fail/json", "application/json", "{}", ErrMediaType, ""},
		{"fail/no content type", "", okRoot + closed, ErrMediaType, ""},
		{"fail/xop", `multipart/related; type="application/xop+xml"; boundary=B`, okRoot + closed, ErrMediaType, ""},
		{"fail/no boundary", `multipart/related; type="application/soap+xml"`, okRoot + closed, ErrMalformed, ""},
		{"fail/no type", `multipart/related; boundary=B`, okRoot + closed, ErrMalformed, ""},
		{"fail/parameter twice", okType + "; boundary=C", okRoot + closed, ErrMediaType, ""},
		{"fail/start names no part", strings.Replace(okType, "r@x", "q@x", 1), okRoot + okPart + closed, ErrMalformed, ""},
		{"fail/start names a later part", strings.Replace(okType, "r@x", "p@x", 1), okRoot + okPart + closed, ErrMalformed, ""},
		{"fail/root of another type", okType, strings.Replace(okRoot, "soap+xml", "xml", 1) + closed, ErrMalformed, ""},
		{"fail/content id twice", okType, okRoot + okPart + okPart + closed, ErrMalformed, ""},
		{"fail/content id of root", okType, okRoot + strings.Replace(okPart, "p@x", "r@x", 1) + closed, ErrMalformed, ""},
		{"fail/no content id", okType, okRoot + "--B\n\ndata\n" + closed, ErrMalformed, ""},
		{"fail/two content ids", okType, okRoot + "--B\nContent-ID: <p@x>\nContent-ID: <q@x>\n\ndata\n" + closed, ErrMalformed, ""},
		{"fail/no close delimiter", okType, okRoot + okPart, ErrMalformed, ""},
		{"fail/close without hyphens", okType, okRoot + okPart + "--B\n", ErrMalformed, ""},
		{"fail/cut in header", okType, okRoot + "--B\nContent-", ErrMalformed, ""},
		{"fail/cut in content", okType, okRoot + "--B\nContent-ID: <p@x>\n\nda", ErrMalformed, ""},
		{"fail/cut in delimiter", okType, okRoot + "--B\nContent-ID: <p@x>\n\nda\n--B-", ErrMalformed, ""},
		{"fail/unknown encoding", okType, okRoot + "--B\nContent-ID: <p@x>\nContent-Transfer-Encoding: x-uu\n\nda\n" + closed, ErrMalformed, ""},
		{"fail/bad base64", okType, okRoot + "--B\nContent-ID: <p@x>\nContent-Transfer-Encoding: base64\n\nda!!\n" + closed, ErrMalformed, ""},
		{"fail/cut base64", okType, okRoot + "--B\nContent-ID: <p@x>\nContent-Transfer-Encoding: base64\n\nZGF\n" + closed, ErrMalformed, ""},
		{"fail/header without colon", okType, okRoot + "--B\nnonsense\n\ndata\n" + closed, ErrMalformed, ""},
		{"fail/header line of 999", okType, okRoot + "--B\nX: " + long + "\n\ndata\n" + closed, ErrMalformed, ""},
		{"fail/101 header fields", okType, okRoot + "--B\n" + strings.Repeat("X: y\n", 101) + "\ndata\n" + closed, ErrMalformed, ""},
		{"fail/header of 16 KiB", okType, okRoot + "--B\n" + strings.Repeat("X: "+long[:990]+"\n", 17) + "\ndata\n" + closed, ErrMalformed, ""},
		{"fail/line without end", okType, strings.Repeat("x", 70000), ErrMalformed, ""},
		{"fail/preamble", okType, strings.Repeat("preamble\n", 500) + okRoot + closed, ErrMalformed, ""},
		{"fail/epilogue", okType, okRoot + closed + strings.Repeat("x", 4097), ErrMalformed, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m, err := ReadAll(tc.contentType, strings.NewReader(crlfBody(tc.body)), Limits{})
			if !errors.Is(err, tc.want) {
				t.Fatalf("got error %v, want %v", err, tc.want)
			}
			if err != nil {
				if m != nil {
					t.Error("a result beside an error")
				}
				return
			}
			var got []string
			for _, p := range m.Parts {
				got = append(got, string(p.Content))
			}
			if s := strings.Join(got, "|"); s != tc.parts {
				t.Errorf("parts %q, want %q", s, tc.parts)
			}
		})
	}
}

// With CRLF line ends a lone LF before the boundary is content; with LF line ends a CR is.
func TestLineEndsAreNotMixed(t *testing.T) {
	t.Parallel()
	m, err := ReadAll(okType, strings.NewReader(crlfBody(okRoot+"--B\nContent-ID: <p@x>\n\n")+"a\n--B--\n"+"b\r\n--B--\r\n"), Limits{})
	if err != nil || string(m.Parts[0].Content) != "a\n--B--\nb" {
		t.Errorf("CRLF: %v, %+v", err, m)
	}
	m, err = ReadAll(okType, strings.NewReader(okRoot+"--B\nContent-ID: <p@x>\n\na\r\n--B--\n"), Limits{})
	if err != nil || string(m.Parts[0].Content) != "a\r" || !m.LFOnly {
		t.Errorf("LF: %v, %+v", err, m)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	two := crlfBody(okRoot + okPart + strings.Replace(okPart, "p@x", "q@x", 1) + closed)
	for name, lim := range map[string]Limits{
		"root":    {Root: 3},
		"part":    {Part: 3},
		"message": {Message: int64(len(two)) - 1},
		"parts":   {Parts: 1},
	} {
		if _, err := ReadAll(okType, strings.NewReader(two), lim); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	exact := Limits{Root: 4, Part: 4, Message: int64(len(two)), Parts: 2}
	if _, err := ReadAll(okType, strings.NewReader(two), exact); err != nil {
		t.Errorf("at the limit: %v", err)
	}
}

// Limits that come when the first part is read bound the rest, also below what was read already.
func TestRestrict(t *testing.T) {
	t.Parallel()
	root, parts := sample()
	parts[1].Content = make([]byte, 200_000)
	var b bytes.Buffer
	if err := Write(&b, root, parts, "B"); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		lim Limits
		ok  bool
	}{
		{Limits{}, true},
		{Limits{Part: 1 << 40, Parts: 1 << 20, Message: 1 << 40}, true},
		{Limits{Part: 100_000}, false},
		{Limits{Parts: len(parts) - 1}, false},
		{Limits{Message: 100_000}, false},
		{Limits{Message: 1}, false},
	} {
		r, err := NewReader(ContentType(root, parts, "B"), bytes.NewReader(b.Bytes()), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Root(); err != nil {
			t.Fatal(err)
		}
		r.Restrict(tc.lim)
		var p *PartReader
		for err == nil {
			if p, err = r.Next(); err == nil {
				_, err = io.Copy(io.Discard, p)
			}
		}
		if (err == io.EOF) != tc.ok || !tc.ok && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%+v: %v", tc.lim, err)
		}
	}
}

func TestNextSkipsUnreadParts(t *testing.T) {
	t.Parallel()
	r, err := NewReader(okType, strings.NewReader(crlfBody(okRoot+okPart+strings.Replace(okPart, "p@x", "q@x", 1)+closed)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Root(); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for {
		p, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, p.ContentID)
	}
	if strings.Join(ids, " ") != "p@x q@x" {
		t.Errorf("parts %v", ids)
	}
}

func TestReadErrorsPass(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	body := io.MultiReader(strings.NewReader(crlfBody(okRoot)), iotest.ErrReader(broken))
	if _, err := ReadAll(okType, body, Limits{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// TestCorpus reads every golden message; the digests of the parts are the business of package as4.
func TestCorpus(t *testing.T) {
	t.Parallel()
	dir := corpus.Path(t, "as4/generated/messages")
	bodies, _ := filepath.Glob(filepath.Join(dir, "*.body"))
	if len(bodies) < 50 {
		t.Fatalf("only %d messages", len(bodies))
	}
	broken := map[string]bool{
		"x41-duplicate-content-id": true, "x42-truncated-mime": true, "x43-no-close-delimiter": true, "x44-start-unknown": true,
	}
	for _, f := range bodies {
		name := strings.TrimSuffix(filepath.Base(f), ".body")
		head, err := os.ReadFile(strings.TrimSuffix(f, ".body") + ".headers")
		if err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		ct := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(string(head)), "Content-Type:"))
		m, err := ReadAll(ct, bytes.NewReader(body), Limits{})
		if broken[name] {
			if !errors.Is(err, ErrMalformed) {
				t.Errorf("%s: %v, want a MIME error", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if lf := name == "v16-lf-only-mime"; m.LFOnly != lf {
			t.Errorf("%s: LFOnly %v", name, m.LFOnly)
		}
	}
}

func FuzzReadAll(f *testing.F) {
	f.Add(okType, []byte(crlfBody(okRoot+okPart+closed)))
	f.Add(okType, []byte(okRoot+okPart+closed))
	f.Add(`multipart/related; boundary=B; type=application/soap+xml`, []byte(crlfBody("x\n--B\nContent-Type: application/soap+xml\n\n<e/>\n--B\nContent-ID: <p@x>\nContent-Transfer-Encoding: base64\n\nZGF0YQ==\n--B--")))
	f.Add("application/soap+xml", []byte(envelope))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		m, err := ReadAll(contentType, bytes.NewReader(body), Limits{})
		slow, slowErr := ReadAll(contentType, iotest.OneByteReader(bytes.NewReader(body)), Limits{})
		if (err == nil) != (slowErr == nil) {
			t.Fatalf("depends on how bytes arrive: %v, %v", err, slowErr)
		}
		if err != nil {
			if m != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		if digest(m) != digest(slow) {
			t.Fatal("content depends on how bytes arrive")
		}
	})
}

func digest(m *Message) string {
	h := sha256.New()
	h.Write(m.Root.Content)
	for _, p := range m.Parts {
		io.WriteString(h, p.ContentID+"|"+p.MediaType+"|")
		h.Write(p.Content)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func BenchmarkReadAll1MiB(b *testing.B) {
	root, _ := sample()
	parts := []Part{{ContentID: "a@x", MediaType: "application/octet-stream", Content: bytes.Repeat([]byte("0123456789\r\n--abc"), 1<<16)}}
	var body bytes.Buffer
	if err := Write(&body, root, parts, "oots-1"); err != nil {
		b.Fatal(err)
	}
	ct := ContentType(root, parts, "oots-1")
	b.SetBytes(int64(body.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadAll(ct, bytes.NewReader(body.Bytes()), Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
