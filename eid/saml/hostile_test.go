package saml

import (
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"oots/eid/eidas"
	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
)

// hostile are answers that must be refused, each for its reason.
var hostile = []struct {
	name string
	forgery
	want Reason
}{
	// The signature.
	{"unsigned", forgery{signed: func(s string) string { return strings.Replace(s, signature(s), "", 1) }}, unsigned},
	{"signed by a stranger who brings a certificate", forgery{peer: stranger}, badSignature},
	{"changed after it was signed", forgery{signed: swap("https://portal.example/login", "https://portal.example/Login")}, badSignature},
	{"signature value changed", forgery{signed: swap("<ds:SignatureValue>", "<ds:SignatureValue>AAAA")}, badSignature},
	{"digest of something else", forgery{info: func(i *xmldsig.SignedInfo) { i.References[0].Value[0] ^= 1 }}, badSignature},
	{"signature out of place", forgery{signed: func(s string) string {
		return strings.Replace(strings.Replace(s, signature(s), "", 1), "</samlp:Status>", "</samlp:Status>"+signature(s), 1)
	}}, badSchema},
	{"two signatures", forgery{signed: func(s string) string { return strings.Replace(s, signature(s), signature(s)+signature(s), 1) }}, badSchema},
	{"another signature below", forgery{signed: func(s string) string {
		return strings.Replace(s, "</samlp:StatusCode>", "</samlp:StatusCode><samlp:StatusDetail>"+signature(s)+"</samlp:StatusDetail>", 1)
	}}, badSignature},
	{"reference to the whole document", forgery{info: func(i *xmldsig.SignedInfo) { i.References[0].URI = "" }}, badSignature},
	{"reference to another identifier", forgery{info: func(i *xmldsig.SignedInfo) { i.References[0].URI = "#_assertion1" }}, badSignature},
	{"reference by XPointer", forgery{info: func(i *xmldsig.SignedInfo) { i.References[0].URI = "#xpointer(/)" }}, badSignature},
	{"reference elsewhere", forgery{info: func(i *xmldsig.SignedInfo) { i.References[0].URI = "https://evil.example/" }}, badSignature},
	{"two references", forgery{info: func(i *xmldsig.SignedInfo) { i.References = append(i.References, i.References[0]) }}, badSignature},
	{"three transforms", forgery{info: func(i *xmldsig.SignedInfo) {
		i.References[0].Transforms = append(i.References[0].Transforms, i.References[0].Transforms[1])
	}}, badAlgorithm},
	{"no transform", forgery{info: func(i *xmldsig.SignedInfo) { i.References[0].Transforms = nil }}, badAlgorithm},
	{"transform by XSLT", forgery{info: func(i *xmldsig.SignedInfo) {
		i.References[0].Transforms[1].Algorithm = "http://www.w3.org/TR/1999/REC-xslt-19991116"
	}}, badAlgorithm},
	{"transform by XPath", forgery{info: func(i *xmldsig.SignedInfo) {
		i.References[0].Transforms[1].Algorithm = "http://www.w3.org/TR/1999/REC-xpath-19991116"
	}}, badAlgorithm},
	{"inclusive canonicalisation", forgery{info: func(i *xmldsig.SignedInfo) { i.Canonicalization.Algorithm = string(c14n.Inclusive10) }}, badAlgorithm},
	{"canonicalisation with comments", forgery{info: func(i *xmldsig.SignedInfo) {
		i.References[0].Transforms[1].Algorithm = string(c14n.ExclusiveWithComments)
	}}, badAlgorithm},
	{"digest by SHA-1", forgery{info: func(i *xmldsig.SignedInfo) { i.References[0].Digest = "http://www.w3.org/2000/09/xmldsig#sha1" }}, badAlgorithm},
	{"signature over SHA-1", forgery{info: func(i *xmldsig.SignedInfo) { i.Method = "http://www.w3.org/2000/09/xmldsig#rsa-sha1" }}, badAlgorithm},
	{"signature by HMAC", forgery{info: func(i *xmldsig.SignedInfo) { i.Method = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256" }}, badAlgorithm},
	{"signature by PKCS#1 v1.5 against the policy", forgery{peer: func(w *world) Signer { return Signer{rsa3072(), newPair(w.t, rsa3072()).cert, xmldsig.RSASHA256} }}, badAlgorithm},
	{"method of another kind of key", forgery{info: func(i *xmldsig.SignedInfo) { i.Method = xmldsig.PSSSHA256 }}, badSignature},
	{"short key", forgery{world: func(w *world) {
		short := newPair(w.t, rsa2048())
		w.idp.IDP.Signing = []*x509.Certificate{short.cert}
		w.idpSign = Signer{short.key, short.cert, xmldsig.PSSSHA256}
	}}, badKey},
	{"certificate that is over", forgery{context: func(c *ResponseContext) { c.Now = now.AddDate(2, 0, 0) }}, badKey},
	{"an object in the signature", forgery{signed: swap("</ds:Signature>", "<ds:Object/></ds:Signature>")}, badSignature},

	// Wrapping: a genuine answer stands somewhere in a forged one.
	{"genuine answer in the extensions of a forged one", forgery{signed: func(s string) string { return wrapped(s, "_evil", signature(s), s) }}, badSignature},
	{"the same, with the identifier of the genuine one", forgery{signed: func(s string) string { return wrapped(s, "_response1", signature(s), s) }}, badID},
	{"genuine answer inside an object of its signature", forgery{signed: func(s string) string {
		inner := strings.Replace(s, signature(s), "", 1)
		sig := strings.Replace(signature(s), "</ds:Signature>", "<ds:Object>"+inner+"</ds:Object></ds:Signature>", 1)
		return wrapped(s, "_evil", sig, "")
	}}, badSignature},
	{"genuine answer below, forged one unsigned", forgery{signed: func(s string) string { return wrapped(s, "_evil", "", s) }}, unsigned},
	{"forged answer with the identifier in other letters", forgery{signed: func(s string) string {
		return strings.Replace(s, "<samlp:Status>", `<samlp:Status Id="_response1">`, 1)
	}}, badID},
	{"xml:id beside ID", forgery{signed: func(s string) string {
		return strings.Replace(s, "<samlp:Status>", `<samlp:Status xml:id="_response1">`, 1)
	}}, badID},

	// The form.
	{"not XML", forgery{signed: func(string) string { return "hello" }}, badXML},
	{"DOCTYPE", forgery{signed: func(s string) string { return `<!DOCTYPE r [<!ENTITY x "y">]>` + s }}, badXML},
	{"entity", forgery{signed: swap("</saml:Issuer>", "&x;</saml:Issuer>")}, badXML},
	{"too deep", forgery{signed: swap("<samlp:Status>", "<samlp:Status>"+strings.Repeat("<a>", 40)+strings.Repeat("</a>", 40))}, badXML},
	{"comment in the issuer", forgery{signed: swap("https://node.example/metadata", "https://node.example/<!-- -->metadata")}, badComment},
	{"processing instruction", forgery{signed: swap("https://node.example/metadata", "https://node.example/<?x?>metadata")}, badXML},
	{"another root", forgery{unsigned: func(s string) string { return strings.ReplaceAll(s, "samlp:Response", "samlp:ArtifactResponse") }}, badSchema},
	{"the right name in a wrong namespace", forgery{unsigned: func(s string) string {
		return strings.Replace(strings.ReplaceAll(s, "saml:EncryptedAssertion", "x:EncryptedAssertion"), "<samlp:Response", `<samlp:Response xmlns:x="urn:x"`, 1)
	}}, badSchema},
	{"version 1.1", forgery{unsigned: swap(`Version="2.0"`, `Version="1.1"`)}, badVersion},
	{"no identifier", forgery{signed: swap(` ID="_response1"`, "")}, badID},
	{"local time", forgery{unsigned: swap(`000Z" Destination`, `000+01:00" Destination`)}, badSchema},
	{"an unknown attribute", forgery{unsigned: swap(` Version=`, ` Trust="me" Version=`)}, badSchema},
	{"an unknown element", forgery{unsigned: swap("</samlp:Status>", "</samlp:Status><evil/>")}, badSchema},
	{"text between elements", forgery{unsigned: swap("</samlp:Status>", "</samlp:Status>evil")}, badSchema},

	// Who, whom, when.
	{"another issuer", forgery{response: func(r *Response) { r.Issuer = "https://other.example/metadata" }}, unknownIssuer},
	{"another destination", forgery{unsigned: swap(`Destination="`+consumer, `Destination="https://other.example/response`)}, badDestination},
	{"destination with a slash more", forgery{unsigned: swap(`Destination="`+consumer, `Destination="`+consumer+"/")}, badDestination},
	{"no destination", forgery{unsigned: swap(` Destination="`+consumer+`"`, "")}, badDestination},
	{"answer to another request", forgery{response: func(r *Response) { r.InResponseTo = "_other" }}, unsolicited},
	{"answer to no request", forgery{unsigned: swap(` InResponseTo="_request1"`, "")}, unsolicited},
	{"issued long ago", forgery{response: func(r *Response) { r.IssueInstant = now.Add(-7 * time.Minute) }}, expired},
	{"issued in the future", forgery{response: func(r *Response) { r.IssueInstant = now.Add(2 * time.Minute) }}, early},

	// Status and the number of assertions.
	{"unknown status", forgery{response: func(r *Response) { r.Status = "urn:evil" }}, badStatus},
	{"success with a reason", forgery{response: func(r *Response) { r.SubStatus = StatusAuthnFailed }}, badStatus},
	{"failure with an assertion", forgery{unsigned: swap(StatusSuccess, StatusResponder)}, badStatus},
	{"success without an assertion", forgery{encrypted: func(string) string { return "" }}, severalAssertion},
	{"two encrypted assertions", forgery{encrypted: func(s string) string { return s + s }}, severalAssertion},
	{"assertion in the clear", forgery{encrypted: func(string) string { return clear() }}, unencrypted},
	{"another one in the clear", forgery{encrypted: func(s string) string { return s + clear() }}, unencrypted},
	{"one in the clear before it", forgery{encrypted: func(s string) string { return clear() + s }}, unencrypted},

	// The encryption.
	{"content in CBC mode", forgery{encrypted: swap(string(xmlenc.AES256GCM), cbc)}, badAlgorithm},
	{"key transport by PKCS#1 v1.5", forgery{world: transport, encrypted: swap(xmlenc.RSAOAEP+`"`, `http://www.w3.org/2001/04/xmlenc#rsa-1_5"`)}, badAlgorithm},
	{"key transport with the mask of SHA-1 against the policy", forgery{world: transport, policy: func(w *world) Policy {
		p := Lenient()
		p.Transports = []string{xmlenc.RSAOAEPMGF1P}
		return p
	}}, badAlgorithm},
	{"another key agreement", forgery{encrypted: swap(xmlenc.ECDHES, "http://www.w3.org/2009/xmlenc11#dh-es")}, badAlgorithm},
	{"encrypted to somebody else", forgery{context: func(c *ResponseContext) { c.Keys = []Decrypter{{Agreer: must(ecOther().ECDH())}, {Key: rsa3072()}} }}, undecryptable},
	{"no encrypted key", forgery{encrypted: cut("<xenc:EncryptedKey", "</xenc:EncryptedKey>")}, undecryptable},
	{"five encrypted keys", forgery{encrypted: func(s string) string {
		k := part(s, "<xenc:EncryptedKey", "</xenc:EncryptedKey>")
		return strings.Replace(s, k, strings.Repeat(k, 5), 1)
	}}, undecryptable},
	{"cipher text elsewhere", forgery{encrypted: func(s string) string {
		at := strings.LastIndex(s, "<xenc:CipherValue>")
		return s[:at] + `<xenc:CipherReference URI="https://evil.example/"/></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>`
	}}, badSchema},
	{"encrypted content instead of an element", forgery{encrypted: swap(nsEncrypt+"Element", nsEncrypt+"Content")}, badSchema},
	{"two assertions inside", forgery{assertion: func(s string) string { return s + s }}, badXML},
	{"something else inside", forgery{assertion: func(s string) string { return strings.ReplaceAll(s, "saml:Assertion", "saml:Advice") }}, badSchema},

	// The assertion.
	{"comment inside a name", forgery{assertion: swap("Papadopoulou", "Papadopoulou<!---->s")}, badComment},
	{"assertion by another issuer", forgery{assertion: swap(">"+node, ">https://other.example/metadata")}, unknownIssuer},
	{"assertion of version 1.1", forgery{assertion: swap(`Version="2.0"`, `Version="1.1"`)}, badVersion},
	{"assertion without identifier", forgery{assertion: swap(` ID="_assertion1"`, "")}, badID},
	{"assertion with a signature of its own that is wrong", forgery{assertion: func(s string) string {
		return strings.Replace(s, "</saml:Issuer>", `</saml:Issuer><ds:Signature xmlns:ds="`+nsSignature+`"/>`, 1)
	}}, badSignature},
	{"assertion with a signature out of place", forgery{assertion: swap("<saml:AttributeStatement>", `<saml:Advice><ds:Signature xmlns:ds="`+nsSignature+`"/></saml:Advice><saml:AttributeStatement>`)}, badSignature},
	{"two subjects", forgery{assertion: swap("<saml:Conditions", "<saml:Subject/><saml:Conditions")}, badSchema},
	{"no subject", forgery{assertion: cut("<saml:Subject>", "</saml:Subject>")}, badSchema},
	{"empty name identifier", forgery{assertion: swap(">EL/AT/1234567890</saml:NameID>", "></saml:NameID>")}, badSchema},
	{"not confirmed as bearer", forgery{assertion: swap("cm:bearer", "cm:sender-vouches")}, badConfirmation},
	{"confirmed for another recipient", forgery{assertion: swap(`Recipient="`+consumer, `Recipient="https://other.example/`)}, badConfirmation},
	{"confirmed for another request", forgery{assertion: swap(`InResponseTo="_request1"`, `InResponseTo="_other"`)}, badRequestID},
	{"confirmed from some time on", forgery{assertion: swap("<saml:SubjectConfirmationData", `<saml:SubjectConfirmationData NotBefore="2026-01-01T00:00:00Z"`)}, badConfirmation},
	{"confirmation without end", forgery{assertion: cut(` NotOnOrAfter="`, `Z"`)}, badSchema},
	{"confirmation over", forgery{assertion: swap(`NotOnOrAfter="2026-11-24T12:04`, `NotOnOrAfter="2026-11-24T11:58`)}, expired},
	{"two confirmations", forgery{assertion: func(s string) string {
		c := part(s, "<saml:SubjectConfirmation ", "</saml:SubjectConfirmation>")
		return strings.Replace(s, c, c+c, 1)
	}}, badSchema},
	{"conditions over", forgery{assertion: swap(`NotOnOrAfter="2026-11-24T12:04:00.000Z"><saml:Aud`, `NotOnOrAfter="2026-11-24T11:58:00.000Z"><saml:Aud`)}, expired},
	{"conditions not yet", forgery{assertion: swap(`NotBefore="2026-11-24T11:59:59.000Z"`, `NotBefore="2026-11-24T12:01:30.000Z"`)}, early},
	{"no conditions", forgery{assertion: cut("<saml:Conditions", "</saml:Conditions>")}, badSchema},
	{"unknown condition", forgery{assertion: swap("<saml:AudienceRestriction>", `<saml:Condition/><saml:AudienceRestriction>`)}, badCondition},
	{"another audience", forgery{response: func(r *Response) { r.Audience = "https://other.example/metadata" }}, badAudience},
	{"no audience", forgery{assertion: cut("<saml:AudienceRestriction>", "</saml:AudienceRestriction>")}, badAudience},
	{"two restrictions, one for another", forgery{assertion: swap("</saml:Conditions>", "<saml:AudienceRestriction><saml:Audience>https://other.example</saml:Audience></saml:AudienceRestriction></saml:Conditions>")}, badAudience},
	{"authenticated before it was asked", forgery{response: func(r *Response) { r.AuthnInstant = now.Add(-time.Hour) }}, expired},
	{"authenticated in the future", forgery{response: func(r *Response) { r.AuthnInstant = now.Add(time.Hour) }}, early},
	{"two authentications", forgery{assertion: func(s string) string {
		a := part(s, "<saml:AuthnStatement", "</saml:AuthnStatement>")
		return strings.Replace(s, a, a+a, 1)
	}}, severalAssertion},
	{"no authentication", forgery{assertion: cut("<saml:AuthnStatement", "</saml:AuthnStatement>")}, severalAssertion},
	{"two attribute statements", forgery{assertion: swap("</saml:AttributeStatement>", "</saml:AttributeStatement><saml:AttributeStatement/>")}, severalAssertion},
	{"decision statement", forgery{assertion: swap("<saml:AttributeStatement>", "<saml:AuthzDecisionStatement/><saml:AttributeStatement>")}, badSchema},

	// Level and attributes.
	{"too low a level", forgery{response: func(r *Response) { r.Level = eidas.Low }}, badLevel},
	{"a level that is not notified", forgery{response: func(r *Response) { r.Level = eidas.NotNotifiedHigh }}, badLevel},
	{"a level in other letters", forgery{response: func(r *Response) { r.Level = "http://eidas.europa.eu/LoA/High" }}, badLevel},
	{"a required attribute missing", forgery{response: func(r *Response) { r.Attributes = r.Attributes[1:] }}, badAttributes},
	{"an attribute twice", forgery{response: func(r *Response) { r.Attributes = append(r.Attributes, r.Attributes[0]) }}, badAttributes},
	{"an attribute named otherwise", forgery{assertion: swap(nameFormatURI, "urn:oasis:names:tc:SAML:2.0:attrname-format:basic")}, badAttributes},
	{"a value that is nil", forgery{assertion: swap(`xsi:type="eidas-natural:DateOfBirthType"`, `xsi:nil="true"`)}, badAttributes},
	{"an element as a value", forgery{assertion: swap("1996-02-29", "<x/>")}, badSchema},
	{"an encrypted attribute", forgery{assertion: swap("</saml:AttributeStatement>", "<saml:EncryptedAttribute/></saml:AttributeStatement>")}, badSchema},
	{"a date that is none", forgery{response: func(r *Response) { setAttribute(r, "DateOfBirth", "1997-02-29") }}, badAttributes},
	{"an identifier without countries", forgery{response: func(r *Response) { setAttribute(r, "PersonIdentifier", "1234567890") }}, badAttributes},
	{"an address with an entity", forgery{response: func(r *Response) {
		setAttribute(r, "CurrentAddress", encode([]byte("<eidas:PostName>&x;</eidas:PostName>")))
	}}, badAttributes},
	{"a company beside the person", forgery{response: func(r *Response) {
		s := eidas.Subject{Legal: &eidas.LegalPerson{LegalPersonIdentifier: "EL/AT/1", LegalName: eidas.Name{Latin: "x"}}}
		r.Attributes = append(r.Attributes, s.Attributes()...)
	}}, badAttributes},
	{"a company instead of the person", forgery{response: func(r *Response) {
		s := eidas.Subject{Legal: &eidas.LegalPerson{LegalPersonIdentifier: "EL/AT/1", LegalName: eidas.Name{Latin: "x"}}}
		r.Attributes = s.Attributes()
	}}, badAttributes},
	{"half a representative", forgery{response: func(r *Response) {
		r.Attributes = append(r.Attributes, eidas.Attribute{Name: eidas.PrefixRepresentativeNatural + "CurrentFamilyName", Values: []eidas.Value{{Text: "x"}}})
	}}, badAttributes},
}

func stranger(w *world) Signer {
	p := newPair(w.t, ecOther())
	return Signer{Key: p.key, Certificate: p.cert}
}

// transport lets the service provider have an RSA key.
func transport(w *world) {
	w.sp.SP.Encryption = []EncryptionKey{{Certificate: newPair(w.t, rsa3072()).cert}}
	w.spKey = Decrypter{Key: rsa3072()}
}

// clear is a forged assertion that nobody signed.
func clear() string {
	w := &world{request: &AuthnRequest{ID: "_request1"}}
	r := w.response()
	r.AssertionID = "_evil1"
	return string(must(r.assertion()))
}

// wrapped is a forged response with another identifier around something genuine.
func wrapped(genuine, id, sig, inside string) string {
	evil := strings.Replace(strings.Replace(genuine, signature(genuine), sig, 1), `ID="_response1"`, `ID="`+id+`"`, 1)
	if inside == "" {
		return evil
	}
	return strings.Replace(evil, "<samlp:Status>", "<samlp:Extensions>"+inside+"</samlp:Extensions><samlp:Status>", 1)
}

func TestHostileResponses(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, tc := range hostile {
		if names[tc.name] {
			t.Fatalf("%q twice", tc.name)
		}
		names[tc.name] = true
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := usual(t)
			doc := tc.make(w)
			c := w.context()
			if tc.context != nil {
				tc.context(&c)
			}
			a, err := ReadResponse(&Message{Binding: BindingPOST, xml: doc}, c)
			var r *Refusal
			if a != nil || !errors.As(err, &r) {
				t.Fatalf("accepted: %v", err)
			}
			if r.Reason != tc.want {
				t.Errorf("refused for %v, want %s", err, tc.want)
			}
			for _, secret := range []string{"Papadop", "1234567890", "Eleni"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the refusal says who it was about: %v", err)
				}
			}
		})
	}
	t.Logf("%d hostile answers", len(hostile))
}

// What the forgeries change is the reason: without a change they are accepted.
func TestHonestForgery(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]forgery{"as it is": {}, "key transport": {world: transport}} {
		w := usual(t)
		if _, err := w.read(f.make(w)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReplay takes an answer once, and an assertion once also inside another answer.
func TestReplay(t *testing.T) {
	t.Parallel()
	w := usual(t)
	doc := w.write(w.response())
	if _, err := w.read(doc); err != nil {
		t.Fatal(err)
	}
	if _, err := w.read(doc); reason(err) != replayed {
		t.Errorf("the same answer: %v", err)
	}
	again := w.response()
	again.ID = "_response2"
	if _, err := w.read(w.write(again)); reason(err) != replayed {
		t.Errorf("the same assertion in another answer: %v", err)
	}
	again.ID, again.AssertionID = "_response3", "_assertion3"
	if _, err := w.read(w.write(again)); err != nil {
		t.Errorf("another answer: %v", err)
	}
}
