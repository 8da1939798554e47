package intake_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/edelivery/swa"
	"oots/internal/corpus"
	"oots/internal/validator"
	"oots/internal/validator/intake"
)

const envelope = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><eb:Messaging xmlns:eb="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"><eb:UserMessage>
<eb:PayloadInfo><eb:PartInfo href="cid:body@x"><eb:PartProperties><eb:Property name="MimeType">application/x-ebrs+xml</eb:Property><eb:Property name="CompressionType">application/gzip</eb:Property></eb:PartProperties></eb:PartInfo>
<eb:PartInfo href="cid:plain@x"/><eb:PartInfo href="cid:pdf@x"/></eb:PayloadInfo></eb:UserMessage></eb:Messaging></s:Header><s:Body/></s:Envelope>`

// clear is an entity with a compressed message, one that only its root element tells, and a document of evidence.
func clear(t *testing.T) (contentType string, body []byte) {
	t.Helper()
	request, err := os.ReadFile("../../../edm/edmxml/testdata/request-first.xml")
	if err != nil {
		t.Fatal(err)
	}
	root := swa.Part{ContentID: "root@x", MediaType: swa.SOAP, Content: []byte(envelope)}
	parts := []swa.Part{
		{ContentID: "body@x", MediaType: "application/gzip", Content: []byte(gzipOf(string(request)))},
		{ContentID: "plain@x", MediaType: "application/xml", Content: request},
		{ContentID: "pdf@x", MediaType: "application/pdf", Content: []byte("%PDF-1.7")},
	}
	boundary := swa.NewBoundary()
	var b bytes.Buffer
	if err := swa.Write(&b, root, parts, boundary); err != nil {
		t.Fatal(err)
	}
	return swa.ContentType(root, parts, boundary), b.Bytes()
}

// TestEntityInClear holds that header and messages are judged, evidence is not, and that an entity is known by its
// first bytes, by MIME headers before them, and by the file of headers beside it.
func TestEntityInClear(t *testing.T) {
	t.Parallel()
	contentType, body := clear(t)
	withHeaders := "MIME-Version: 1.0\r\nContent-Type: " + contentType + "\r\n\r\n" + string(body)
	dir := folder(t, entry{"a.body", string(body)}, entry{"b.mime", withHeaders}, entry{"c.body", string(body)}, entry{"c.headers", "content-type: " + contentType + "\n"},
		entry{"d.zip", zipOf(entry{"e.body", string(body)})})
	got := read(t, intake.Reader{}, dir, dir)
	var want []string
	for _, name := range []string{"a.body", "b.mime", "c.body", "d.zip!e.body"} {
		want = append(want, name+"!header", name+"!body@x", name+"!plain@x")
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for item := range (intake.Reader{}).Items(filepath.Join(dir, "a.body")) {
		r := item.Judge(validator.Options{Kind: validator.Request}) // what the caller says is about the message
		if kind := map[bool]validator.Kind{true: validator.Header, false: validator.Request}[strings.HasSuffix(item.Name, "!header")]; r.Kind != kind || (kind == validator.Request) != (r.Verdict == validator.Valid) {
			t.Errorf("%s: %s, %s", item.Name, r.Kind, r.Verdict)
		}
	}
}

// TestBrokenEntity holds what is said of an entity that cannot be read.
func TestBrokenEntity(t *testing.T) {
	t.Parallel()
	_, body := clear(t)
	cut := string(body[:len(body)-200])
	wrongGzip := strings.Replace(string(body), gzipOf("")[:3], "xyz", 1)
	dir := folder(t, entry{"a.body", cut}, entry{"b.body", "--x\r\n"}, entry{"c.body", "Content-Type: text/plain\r\n\r\nhello"}, entry{"d.body", wrongGzip})
	for _, line := range read(t, intake.Reader{}, dir, dir) {
		if !strings.HasPrefix(line, "error: ") && !strings.Contains(line, "!") {
			t.Errorf("taken for a document: %s", line)
		}
	}
	if got := read(t, intake.Reader{}, dir, filepath.Join(dir, "d.body")); len(got) != 3 || !strings.HasPrefix(got[1], "error: d.body!body@x: declared as compressed") {
		t.Errorf("%q", got)
	}
}

// TestPlugin holds that the messages in a call to Domibus are judged, and the header only of a fetched one.
func TestPlugin(t *testing.T) {
	t.Parallel()
	request, err := os.ReadFile("../../../edm/edmxml/testdata/request-first.xml")
	if err != nil {
		t.Fatal(err)
	}
	call := func(name string, parts ...string) string {
		return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://eu.domibus.wsplugin/"><s:Body><d:` + name + ">" + strings.Join(parts, "") + "</d:" + name + "></s:Body></s:Envelope>"
	}
	part := func(id string, content []byte) string {
		return `<payload payloadId="cid:` + id + `"><value>` + "\n" + base64.StdEncoding.EncodeToString(content) + "\n</value></payload>"
	}
	for _, tc := range []struct {
		name, call string
		want       []string
	}{
		{"submission", call("submitRequest", part("message", request), part("pdf", []byte("%PDF"))), []string{"c.xml!message"}},
		{"fetched", call("retrieveMessageResponse", part("message", request)), []string{"c.xml!header", "c.xml!message"}},
		{"no base64", call("submitRequest", `<payload payloadId="cid:x"><value>?</value></payload>`), []string{"error: c.xml!x: its value is no base64"}},
		{"another call", call("getStatusRequest"), []string{"c.xml"}},
		{"no XML", "<a xmlns='http://eu.domibus.wsplugin/'", []string{"c.xml"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := folder(t, entry{"c.xml", tc.call})
			if got := read(t, intake.Reader{}, dir, dir); !slices.Equal(got, tc.want) {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
	for item := range (intake.Reader{Stdin: strings.NewReader(call("submitRequest", part("message", request)))}).Items("-") {
		if r := item.Judge(validator.Options{}); r.Verdict != validator.Valid {
			t.Errorf("%+v", r)
		}
	}
}

// TestEntitiesOfTheCorpus reads every stored entity that our gateway accepts in signature and form: header, and each
// part named as sealed.
func TestEntitiesOfTheCorpus(t *testing.T) {
	t.Parallel()
	dir := corpus.Path(t, "as4/generated/messages")
	var manifest any
	if b, err := os.ReadFile(filepath.Join(dir, "manifest.json")); err != nil || json.Unmarshal(b, &manifest) != nil {
		t.Fatal(err)
	}
	headers, sealed := 0, 0
	for item, err := range (intake.Reader{}).Items(dir) {
		switch {
		case err != nil: // the corpus has broken ones
		case item.Sealed:
			sealed++
			if r := item.Judge(validator.Options{}); r.Verdict != validator.Encrypted || r.Refuses() || len(r.Notes) != 1 {
				t.Errorf("%+v", r)
			}
		case item.Kind == validator.Header:
			headers++
		}
	}
	if headers < 20 || sealed < 20 {
		t.Errorf("%d headers, %d sealed parts", headers, sealed)
	}
}
