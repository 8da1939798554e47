package saml

import (
	"crypto"
	"crypto/x509"
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"oots/eid/eidas"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
)

// TestLogin goes both ways with every kind of key and both bindings.
func TestLogin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name                string
		signing, encryption crypto.Signer
		policy              Policy
		method              xmldsig.Method
		methods             []string
	}{
		{"PSS and OAEP", rsa3072(), rsa3072(), Strict(), "", nil},
		{"PSS SHA-512 and AES-128", rsa3072(), rsa3072(), Strict(), xmldsig.PSSSHA512, []string{string(xmlenc.AES128GCM)}},
		{"ECDSA P-256 and ECDH-ES P-384", ec256(), ec384(), Strict(), "", nil},
		{"ECDSA P-384 and ECDH-ES P-256, AES-128", ec384(), ec256(), Strict(), "", []string{string(xmlenc.AES128GCM)}},
		{"PKCS#1 and OAEP with SHA-1 mask by policy", rsa2048(), rsa2048(), Lenient(), xmldsig.RSASHA256, []string{xmlenc.RSAOAEPMGF1P}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tc.signing, tc.encryption, tc.policy)
			w.spSign.Method, w.idpSign.Method = tc.method, tc.method
			w.sp.SP.Encryption[0].Methods = tc.methods
			posted, err := w.request.POST(w.spSign, w.policy)
			if err != nil {
				t.Fatal(err)
			}
			m, err := FromForm(url.Values{"SAMLRequest": {posted}, "RelayState": {"abc"}}, "SAMLRequest")
			if err != nil {
				t.Fatal(err)
			}
			got, peer, err := ReadRequest(m, w.requestContext())
			if err != nil || peer != w.sp {
				t.Fatal(err)
			}
			want := *w.request
			want.ConsumerURL = consumer
			if got.IssueInstant = got.IssueInstant.UTC(); !reflect.DeepEqual(*got, want) {
				t.Errorf("read\n%+v, want\n%+v", *got, want)
			}
			w.request.ID = "_request2"
			address, err := w.request.Redirect(w.spSign, w.policy, "a b&c")
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			if m, err = FromQuery(u.RawQuery); err != nil || m.RelayState != "a b&c" {
				t.Fatal(err)
			}
			if _, _, err := ReadRequest(m, w.requestContext()); err != nil {
				t.Fatal(err)
			}
			if _, _, err := ReadRequest(m, w.requestContext()); reason(err) != replayed {
				t.Errorf("the same request again: %v", err)
			}
			a, err := w.read(w.write(w.response()))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(a.Subject, eleni()) || !sameAttributes(a.Attributes, eleni().Attributes()) || a.Level != eidas.High || a.InResponseTo != "_request2" {
				t.Errorf("read %+v", a)
			}
		})
	}
}

func reason(err error) Reason {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Reason
	}
	return ""
}

// TestSubjects carries every kind of subject.
func TestSubjects(t *testing.T) {
	t.Parallel()
	olives := &eidas.LegalPerson{LegalPersonIdentifier: "EL/AT/099999999", LegalName: eidas.Name{Latin: "Aegean Olives", Original: "Ελιές Αιγαίου"}, VATRegistration: "EL099999999", LEI: "5299000J2N45DDNE4Y28"}
	nikos := &eidas.NaturalPerson{PersonIdentifier: "EL/AT/77", FamilyName: eidas.Name{Latin: "Oikonomou"}, FirstName: eidas.Name{Latin: "Nikos"}, DateOfBirth: "1960-01-01"}
	for name, s := range map[string]*eidas.Subject{
		"natural":             eleni(),
		"legal":               {Legal: olives},
		"natural for natural": {Natural: eleni().Natural, Representative: nikos},
		"natural for legal":   {Legal: olives, Representative: nikos},
		"legal for natural":   {Natural: nikos, RepresentativeLegal: olives},
		"legal for legal":     {Legal: olives, RepresentativeLegal: olives},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := usual(t)
			if s.Legal != nil {
				w.request.Asked = nil
				for _, d := range eidas.Legal() {
					w.request.Asked = append(w.request.Asked, Requested{d.Name, d.Mandatory})
				}
			}
			r := w.response()
			r.Attributes = s.Attributes()
			a, err := w.read(w.write(r))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(a.Subject, s) {
				t.Errorf("read %+v", a.Subject)
			}
		})
	}
}

// TestStatus carries a signed failure.
func TestStatus(t *testing.T) {
	t.Parallel()
	w := usual(t)
	r := w.response()
	r.Status, r.SubStatus, r.Message = StatusResponder, StatusRequestDenied, "no consent"
	a, err := w.read(w.write(r))
	var status *StatusError
	if a != nil || !errors.As(err, &status) || !status.Cancelled() || status.InResponseTo != w.request.ID {
		t.Fatalf("%v, %v", a, err)
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rsa3072(), ec384(), Strict())
	w.sp.SP.Encryption[0].Methods = []string{string(xmlenc.AES256GCM)}
	for _, m := range []*Metadata{w.sp, w.idp} {
		doc, err := m.Write(w.spSign, w.policy)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadMetadata(doc, Trust{Anchors: []*x509.Certificate{w.spSign.Certificate}}, w.policy, now)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, m) {
			t.Errorf("read\n%+v, want\n%+v", got, m)
		}
		stranger := newPair(t, ecOther()).cert
		for _, tc := range []struct {
			name  string
			doc   string
			trust Trust
			at    time.Time
			want  Reason
		}{
			{"no anchor", string(doc), Trust{}, now, untrusted},
			{"another anchor", string(doc), Trust{Anchors: []*x509.Certificate{stranger}}, now, untrusted},
			{"over", string(doc), Trust{Local: true}, now.AddDate(0, 0, 8), expired},
			{"changed", strings.Replace(string(doc), ".example", ".evil", 1), Trust{Anchors: []*x509.Certificate{w.spSign.Certificate}}, now, badSignature},
			{"unsigned", strings.Replace(string(doc), "ds:Signature>", "ds:Sig>", 1), Trust{}, now, badXML},
			{"another root", strings.ReplaceAll(string(doc), "md:EntityDescriptor", "md:Entity"), Trust{Local: true}, now, badSchema},
			{"no keys", strings.ReplaceAll(string(doc), "md:KeyDescriptor", "md:Key"), Trust{Local: true}, now, badMetadata},
			{"no end", strings.ReplaceAll(string(doc), "validUntil", "valid"), Trust{Anchors: []*x509.Certificate{w.spSign.Certificate}}, now, badSignature},
			{"identifier twice", strings.Replace(string(doc), "<md:Extensions>", `<md:Extensions ID="`+m.ID+`">`, 1), Trust{Local: true}, now, badID},
		} {
			if got, err := ReadMetadata([]byte(tc.doc), tc.trust, w.policy, tc.at); reason(err) != tc.want || got != nil {
				t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
			}
		}
	}
}
