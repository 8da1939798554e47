package wsplugin

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"oots/edelivery/as4"
	"oots/xml/xmltree"
)

// FuzzRead reads any bytes as a request. What is accepted must be what the strict parser alone would have seen: the
// text of each payload value decodes to the content that went into the spool.
func FuzzRead(f *testing.F) {
	const head = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><w:submitRequest xmlns:w="http://eu.domibus.wsplugin/">`
	const tail = `</w:submitRequest></s:Body></s:Envelope>`
	for _, s := range []string{
		`<payload payloadId="a"><value>QUJD</value></payload>`, `<payload payloadId="a"><value>QU&#13;<!-- > -->JD</value></payload><bodyload><value>cid:x</value></bodyload>`,
		`<payload payloadId="a"><value><![CDATA[QUJD]]></value></payload>`, `<payload><value><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:a"/></value></payload>`,
		`<payload payloadId='<value>"'><value/></payload>`, `<?x <payload><value>?>`, `<payload><value>QUJD<!--></value></payload>`,
	} {
		f.Add(head + s + tail)
	}
	h := &Handler{c: Config{Limits: Limits{Request: 1 << 20, Envelope: 1 << 16, Part: 1 << 16}.filled(), Spool: storage{as4.Memory()}}}
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(text))
		r.Header.Set("Content-Type", "text/xml")
		q, err := h.read(httptest.NewRecorder(), r)
		if err != nil {
			var told *fault
			if !errors.As(err, &told) {
				t.Fatalf("%v is not told", err)
			}
			return
		}
		whole, err := xmltree.Parse([]byte(text), xmltree.Limits{Depth: 32, NoProcInst: true})
		if err != nil {
			if len(q.split.inlines) > 0 {
				return // a comment within a value may be dropped before the parser would refuse it
			}
			t.Fatalf("accepted what the parser refuses: %v", err)
		}
		payloads, _, err := (&call{request: q}).payloads()
		if err != nil {
			return
		}
		var body *xmltree.Element
		for e := range whole.Root.Elements() {
			if e.Name.Local == "Body" {
				body = e
			}
		}
		for op := range body.Elements() {
			for p := range op.Elements() {
				id, _ := p.Attr("", "payloadId")
				g := payloads[key(strings.TrimSpace(id))]
				if p.Name.Local != "payload" || g == nil || g.err != nil {
					continue
				}
				v, err := onlyChild(p, "value")
				if err != nil || v == nil {
					t.Fatalf("payload %q: accepted without a value", id)
				}
				got, err := as4.ReadAll(g.content)
				if err != nil {
					t.Fatal(err)
				}
				want, err := v.Base64()
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("payload %q: read %q, is %q, %v", id, got, want, err)
				}
			}
		}
	})
}
