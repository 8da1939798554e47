package wsplugin_test

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"oots/internal/store"
	"oots/internal/wsplugin"
	"oots/xml/xmltree"
)

func (s *side) count(table string) (n int) {
	s.t.Helper()
	err := s.store.DB.View(s.t.Context(), func(tx *store.Tx) error { return tx.Row(`SELECT COUNT(*) FROM `+table, nil, &n) })
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

const include = `<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:%s"/>`

// related is an MTOM package as widespread SOAP stacks write it.
func related(envelope string, parts ...[2]string) (contentType, body string) {
	var b strings.Builder
	b.WriteString("--b1\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <root@x>\r\n\r\n" + envelope)
	for _, p := range parts {
		b.WriteString("\r\n--b1\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <" + p[0] + ">\r\n\r\n" + p[1])
	}
	b.WriteString("\r\n--b1--\r\n")
	return `multipart/related; type="application/xop+xml"; boundary="b1"; start="<root@x>"; start-info="application/soap+xml"`, b.String()
}

func mtom(id string) string {
	return soap(messaging("m1@c1.test", partInfo("cid:doc@c1.test", "application/pdf")),
		`<_1:submitRequest><payload payloadId="doc@c1.test"><value>`+fmt.Sprintf(include, id)+`</value></payload></_1:submitRequest>`)
}

// TestMTOM sends a payload beside the envelope and gets it back beside the envelope.
func TestMTOM(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{plugin: func(c *wsplugin.Config) { c.MTOM = true }})
	content := strings.Repeat("%PDF-1.7\r\n\x00\xff--b1x", 50_000)
	ct, body := related(mtom("a%2Bb%40x"), [2]string{"a+b@x", content}, [2]string{"other@x", "unused"})
	rec := w.fr.post("admin", ct, strings.NewReader(body))
	w.fr.body(parse(t, rec), wsplugin.NS, "submitResponse")
	if got := w.fr.files(); got != 1 {
		t.Errorf("%d files, want that of the message", got)
	}
	w.pump()
	rec = w.de.post("user", "application/soap+xml", strings.NewReader(soap("", w.de.retrieveCall("", "m1@c1.test"))))
	kind, params, err := mime.ParseMediaType(rec.Header().Get("Content-Type"))
	if err != nil || kind != "multipart/related" {
		t.Fatalf("%s, %v", rec.Header().Get("Content-Type"), err)
	}
	parts := multipart.NewReader(rec.Body, params["boundary"])
	root, err := parts.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(root)
	doc, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	v := w.de.body(doc.Root, wsplugin.NS, "retrieveMessageResponse").First("", "payload").First("", "value")
	href, _ := v.First("http://www.w3.org/2004/08/xop/include", "Include").Attr("", "href")
	attachment, err := parts.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(attachment)
	if err != nil || string(got) != content || "<"+strings.TrimPrefix(href, "cid:")+">" != attachment.Header.Get("Content-ID") {
		t.Errorf("%d bytes as %s, %v", len(got), attachment.Header.Get("Content-ID"), err)
	}
}

// TestMTOMFaults: wrong content ids and broken packages are refused, and nothing is left.
func TestMTOMFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{plugin: func(c *wsplugin.Config) { c.Limits.Part = 1 << 20 }})
	big := strings.Repeat("x", 500_000)
	ct, good := related(mtom("a@x"), [2]string{"a@x", big})
	for _, c := range []struct{ name, contentType, body, want string }{
		{"wrong id", ct, strings.Replace(good, "ID: <a@x>", "ID: <b@x>", 1), "xop:Include names no attachment of the request"},
		{"no id", ct, strings.Replace(good, "Content-ID: <a@x>\r\n", "", 1), "an attachment has no Content-ID"},
		{"an id twice", ct, strings.Replace(good, "\r\n--b1--", "\r\n--b1\r\nContent-ID: <a@x>\r\n\r\nx\r\n--b1--", 1), "two attachments have one Content-ID"},
		{"another start", strings.Replace(ct, "<root@x>", "<a@x>", 1), good, "the start parameter does not name the first part"},
		{"cut off", ct, strings.TrimSuffix(good, "\r\n--b1--\r\n"), "Envelope:"},
		{"cut off in the envelope", ct, good[:600], "Envelope:"},
		{"no boundary", "multipart/related", good, "multipart/related has no boundary"},
		{"transfer encoding", ct, strings.Replace(good, "binary\r\nContent-ID: <a@x>", "base64\r\nContent-ID: <a@x>", 1), "an attachment has a transfer encoding"},
		{"too large", ct, strings.Replace(good, big, big+big+big, 1), "an attachment has more than 1048576 bytes"},
		{"no cid", ct, strings.Replace(good, `href="cid:a@x"`, `href="file:///etc/passwd"`, 1), "xop:Include has no cid address"},
		{"two includes", ct, strings.Replace(good, "<value>", "<value>"+fmt.Sprintf(include, "a@x"), 1), "has an element that is not one xop:Include"},
		{"inline and by reference", ct, strings.Replace(good, "</value>", "AAAA</value>", 1), "is given inline and by reference"},
	} {
		if got := faultText(parse(t, w.fr.post("admin", c.contentType, strings.NewReader(c.body)))); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if w.fr.stored() != 0 || w.fr.files() != 0 {
		t.Errorf("%d rows, %d files are left", w.fr.stored(), w.fr.files())
	}
	if rec := w.fr.post("admin", ct, strings.NewReader(good)); rec.Code != http.StatusOK {
		t.Errorf("the good one: %d %s", rec.Code, faultText(parse(t, rec)))
	}
}

// TestWaysToWriteBase64: line ends as characters or references, CDATA, comments, white space.
func TestWaysToWriteBase64(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	for i, text := range []string{
		"PHg+PC94Pg==", "\n PHg+\r\nPC94\tPg==\n", "PHg&#43;PC9&#13;\n4Pg&#x3D;=", "<![CDATA[PHg+PC94Pg==]]>", "PHg+<!-- here -->PC94Pg==", "PHg+<![CDATA[PC94]]>Pg==",
	} {
		id := fmt.Sprintf("m%d@c1.test", i)
		root := w.fr.envelope("admin", soap(messaging(id, partInfo("cid:message", "text/xml")),
			`<_1:submitRequest><payload payloadId="cid:message"><value>`+text+`</value></payload></_1:submitRequest>`))
		w.fr.body(root, wsplugin.NS, "submitResponse")
		w.pump()
		p := w.de.body(w.de.call("admin", w.de.retrieveCall("", id)), wsplugin.NS, "retrieveMessageResponse").First("", "payload")
		if got, err := p.First("", "value").Base64(); err != nil || string(got) != "<x></x>" {
			t.Errorf("%q: %q, %v", text, got, err)
		}
		if ref, _ := p.Attr("", "payloadId"); ref != "cid:message@FR.test" {
			t.Errorf("payloadId %q", ref)
		}
	}
}

// TestBodyload: a PartInfo without href is the bodyload, which travels as a part.
func TestBodyload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	root := w.fr.envelope("admin", soap(messaging("m1@c1.test", `<eb:PartInfo/>`), `<_1:submitRequest><bodyload contentType="text/plain"><value>aGk=</value></bodyload></_1:submitRequest>`))
	w.fr.body(root, wsplugin.NS, "submitResponse")
	w.pump()
	p := w.de.body(w.de.call("admin", w.de.retrieveCall("", "m1@c1.test")), wsplugin.NS, "retrieveMessageResponse").First("", "payload")
	if got, _ := p.First("", "value").Base64(); !bytes.Equal(got, []byte("hi")) {
		t.Errorf("%q", got)
	}
}

// TestLegacy: the older interface is the same under another namespace.
func TestLegacy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	id := w.submit("m1@c1.test", []byte("x"))
	w.pump()
	legacy := func(s string) string { return strings.ReplaceAll(soap("", s), wsplugin.NS, wsplugin.NSLegacy) }
	if got := w.de.body(w.de.envelope("admin", legacy("<_1:listPendingMessagesRequest/>")), wsplugin.NSLegacy, "listPendingMessagesResponse").First("", "messageID").Text(); got != id {
		t.Errorf("pending %q", got)
	}
	w.de.body(w.de.envelope("admin", legacy(w.de.retrieveCall(` markAsDownloaded="false"`, id))), wsplugin.NSLegacy, "retrieveMessageResponse")
	if got := w.de.pendings("admin", ""); got != nil {
		t.Errorf("it always consumes, but %v", got)
	}
	if got := faultText(w.de.envelope("admin", legacy("<_1:markMessageAsDownloadedRequest/>"))); !strings.Contains(got, "is no operation of this interface") {
		t.Errorf("%q", got)
	}
}
