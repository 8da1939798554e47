package saml

import (
	"crypto/x509"
	"encoding/base64"
	"net/url"
	"testing"
)

// FuzzReadResponse: whatever arrives is a refusal or what the service said.
func FuzzReadResponse(f *testing.F) {
	w := usual(f)
	f.Add(w.write(w.response()))
	failed := w.response()
	failed.Status, failed.SubStatus = StatusResponder, StatusRequestDenied
	f.Add(w.write(failed))
	f.Fuzz(func(t *testing.T, doc []byte) {
		c := w.context()
		c.Replay = &Memory{}
		a, err := ReadResponse(&Message{Binding: BindingPOST, xml: doc}, c)
		if (a == nil) == (err == nil) {
			t.Fatal("an assertion beside an error, or neither")
		}
		if a != nil && a.NameID != "EL/AT/1234567890" {
			t.Fatal("somebody else")
		}
	})
}

// FuzzReadAssertion reads what only an encrypted message can hold.
func FuzzReadAssertion(f *testing.F) {
	w := usual(f)
	f.Add(must(w.response().assertion()))
	f.Fuzz(func(t *testing.T, doc []byte) {
		c := w.context()
		c.Replay = &Memory{}
		a, err := readAssertion(doc, w.idp, &c)
		if (a == nil) == (err == nil) {
			t.Fatal("an assertion beside an error, or neither")
		}
		if a != nil && a.judge(w.request, w.idp, &c) == nil && a.Subject == nil {
			t.Fatal("accepted without a subject")
		}
	})
}

// FuzzReadRequest reads both bindings.
func FuzzReadRequest(f *testing.F) {
	w := usual(f)
	text := must(w.request.POST(w.spSign, w.policy))
	doc := must(base64.StdEncoding.DecodeString(text))
	f.Add("", doc)
	u := must(url.Parse(must(w.request.Redirect(w.spSign, w.policy, "state"))))
	f.Add(u.RawQuery, []byte(nil))
	f.Fuzz(func(t *testing.T, query string, doc []byte) {
		m := &Message{Binding: BindingPOST, xml: doc}
		if query != "" {
			var err error
			if m, err = FromQuery(query); err != nil {
				if m != nil && len(m.xml) > 0 {
					t.Fatal("a message beside an error")
				}
				return
			}
		}
		c := w.requestContext()
		c.Replay = &Memory{}
		r, peer, err := ReadRequest(m, c)
		if (r == nil) == (err == nil) || (peer == nil) != (r == nil) {
			t.Fatal("a request beside an error, or neither")
		}
		if r != nil && r.ConsumerURL != consumer {
			t.Fatal("the answer would go elsewhere")
		}
	})
}

// FuzzReadMetadata reads what no signature protects yet.
func FuzzReadMetadata(f *testing.F) {
	w := usual(f)
	for _, m := range []*Metadata{w.sp, w.idp} {
		f.Add(must(m.Write(w.spSign, w.policy)))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		m, err := ReadMetadata(doc, Trust{Local: true}, w.policy, now)
		if (m == nil) == (err == nil) {
			t.Fatal("metadata beside an error, or neither")
		}
		if signed, err := ReadMetadata(doc, Trust{Anchors: []*x509.Certificate{w.spSign.Certificate}}, w.policy, now); err == nil && signed.EntityID != portal && signed.EntityID != node {
			t.Fatal("somebody else's metadata")
		}
	})
}

// FuzzReadServiceList reads what only its signature makes trustworthy.
func FuzzReadServiceList(f *testing.F) {
	f.Add([]byte(`<l:MetadataServiceList xmlns:l="` + nsServiceList + `" NextUpdate="2030-01-01T00:00:00Z"><l:MetadataList Territory="EL"><l:MetadataLocation Location="https://node.example"><l:Endpoint EntityID="e"/></l:MetadataLocation></l:MetadataList></l:MetadataServiceList>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		l, err := ReadServiceList(doc, Trust{Local: true}, Lenient(), now)
		if (l == nil) == (err == nil) {
			t.Fatal("a list beside an error, or neither")
		}
		if signed, err := ReadServiceList(doc, Trust{}, Lenient(), now); err == nil || signed != nil {
			t.Fatal("accepted without an anchor")
		}
	})
}

func BenchmarkReadResponse(b *testing.B) {
	w := usual(b)
	doc := w.write(w.response())
	c := w.context()
	b.ReportAllocs()
	for b.Loop() {
		c.Replay = &Memory{}
		if _, err := ReadResponse(&Message{Binding: BindingPOST, xml: doc}, c); err != nil {
			b.Fatal(err)
		}
	}
}
