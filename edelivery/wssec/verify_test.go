package wssec

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"io"
	"math/big"
	"strings"
	"testing"

	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
	"oots/xml/xmltree"
)

// TestAttacks changes a good message without the key, and names the answer of each change.
func TestAttacks(t *testing.T) {
	t.Parallel()
	secured, sealed, _ := secure(t, Options{ID: counter()}, attachments()...)
	good := string(secured)
	if _, _, err := receive(secured, sealed, Policy{}, theirs()); err != nil {
		t.Fatal(err)
	}
	messaging := between(good, "<eb:Messaging", "</eb:Messaging>")
	body := `<env:Body xmlns:wsu="` + nsWSU + `" wsu:Id="_b"/>`
	signature := between(good, "<ds:Signature ", "</ds:Signature>")
	security := between(good, "<wsse:Security", "</wsse:Security>")
	encrypted := between(good, "<xenc:EncryptedData", "</xenc:EncryptedData>")
	key := between(good, "<xenc:EncryptedKey", "</xenc:EncryptedKey>")
	forged := strings.Replace(messaging, "Größe", "Grösse", 1)
	for _, tc := range []struct{ name, old, new, want string }{
		{"Messaging changed", "Größe", "Grösse", FailedAuthentication},
		{"Body filled", body, strings.Replace(body, "/>", "><x/></env:Body>", 1), FailedAuthentication},
		{"comment in Messaging", "Größe", "Grö<!-- -->ße", "ok"}, // comments are not signed, and Text skips them
		{"white space in Messaging", "<eb:UserMessage>", " <eb:UserMessage>", FailedAuthentication},
		{"namespace of Messaging", `xmlns:eb="http`, `xmlns:eb="http `, PolicyNoncompliance},
		{"wrapped: signed copy in a foreign header", messaging, "<x>" + messaging + "</x>" + strings.Replace(forged, `wsu:Id="_m"`, `wsu:Id="_f"`, 1), PolicyNoncompliance},
		{"wrapped: forged without id", messaging, "<x>" + messaging + "</x>" + strings.Replace(forged, `wsu:Id="_m"`, ``, 1), PolicyNoncompliance},
		{"wrapped: same id twice", messaging, "<x>" + messaging + "</x>" + forged, PolicyNoncompliance},
		{"wrapped: same id as Id", messaging, strings.Replace(forged, `wsu:Id="_m"`, `Id="_m"`, 1) + "<x>" + messaging + "</x>", PolicyNoncompliance},
		{"wrapped: inside the signature", "</ds:Signature>", "<ds:Object>" + messaging + "</ds:Object></ds:Signature>", PolicyNoncompliance},
		{"wrapped: body in a header", body, strings.Replace(body, `"_b"`, `"_c"`, 1), PolicyNoncompliance},
		{"two Messaging", messaging, messaging + strings.Replace(forged, `"_m"`, `"_f"`, 1), PolicyNoncompliance},
		{"id twice, far away", "<eb:UserMessage>", `<eb:UserMessage ID="_b">`, PolicyNoncompliance},
		{"id twice, xml:id", "</env:Header>", `<x xml:id="_m"/></env:Header>`, PolicyNoncompliance},
		{"no header", security, "", PolicyNoncompliance},
		{"two headers", security, security + `<wsse:Security xmlns:wsse="` + nsWSSE + `"/>`, PolicyNoncompliance},
		{"header for another role", "<wsse:Security ", `<wsse:Security env:role="urn:x" `, PolicyNoncompliance},
		{"header for the ultimate receiver", "<wsse:Security ", `<wsse:Security env:role="` + roleUltimateReceiver + `" `, "ok"},
		{"no signature", signature, "", PolicyNoncompliance},
		{"two signatures", signature, signature + strings.ReplaceAll(signature, ` Id="`, ` Id="x`), PolicyNoncompliance},
		{"username token", signature, signature + "<wsse:UsernameToken/>", PolicyNoncompliance},
		{"timestamp unsigned", signature, `<wsu:Timestamp wsu:Id="TS"/>` + signature, "ok"},
		{"SignedInfo changed", `URI="#_b"`, `URI="#_b" Type="x"`, FailedAuthentication},
		{"empty URI", `URI="#_b"`, `URI=""`, PolicyNoncompliance},
		{"no URI", ` URI="#_b"`, ``, PolicyNoncompliance},
		{"XPointer", `URI="#_b"`, `URI="#xpointer(id('_b'))"`, PolicyNoncompliance},
		{"foreign URI", `URI="#_b"`, `URI="http://localhost/"`, PolicyNoncompliance},
		{"reference to nothing", `URI="#_b"`, `URI="#_z"`, PolicyNoncompliance},
		{"reference twice", `URI="#_b"`, `URI="#_m"`, PolicyNoncompliance},
		{"reference to an encrypted key", `URI="#_b"`, `URI="#EK-1"`, PolicyNoncompliance},
		{"attachment twice", `URI="cid:one@a.example"><ds:Transforms>`, `URI="cid:two@a.example"><ds:Transforms>`, PolicyNoncompliance},
		{"attachment twice, escaped", `URI="cid:one@a.example"><ds:Transforms>`, `URI="CID:%74wo@a.example"><ds:Transforms>`, PolicyNoncompliance},
		{"token through STR-Transform", `<ds:Transform Algorithm="` + string(c14n.Exclusive), `<ds:Transform Algorithm="` + transformSTR, PolicyNoncompliance},
		{"complete transform", transformSignature, strings.Replace(transformSignature, "Content", "Complete", 1), PolicyNoncompliance},
		{"transform of an element on an attachment", transformSignature, string(c14n.Exclusive), PolicyNoncompliance},
		{"no transforms", between(good, "<ds:Transforms", "</ds:Transforms>"), "", PolicyNoncompliance},
		{"two transforms", "<ds:Transforms>", `<ds:Transforms><ds:Transform Algorithm="` + string(c14n.Exclusive) + `"/>`, PolicyNoncompliance},
		{"enveloped transform", `<ds:Transform Algorithm="` + string(c14n.Exclusive), `<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature`, PolicyNoncompliance},
		{"canonicalisation with comments", `<ds:CanonicalizationMethod Algorithm="` + string(c14n.Exclusive), `<ds:CanonicalizationMethod Algorithm="` + string(c14n.ExclusiveWithComments), PolicyNoncompliance},
		{"inclusive canonicalisation", `<ds:CanonicalizationMethod Algorithm="` + string(c14n.Exclusive), `<ds:CanonicalizationMethod Algorithm="` + string(c14n.Inclusive10), PolicyNoncompliance},
		{"HMAC", string(xmldsig.RSASHA256), "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", PolicyNoncompliance},
		{"SHA-1", string(xmldsig.RSASHA256), "http://www.w3.org/2000/09/xmldsig#rsa-sha1", PolicyNoncompliance},
		{"PSS, not agreed", string(xmldsig.RSASHA256), string(xmldsig.PSSSHA256), PolicyNoncompliance},
		{"SHA-512, not agreed", `<ds:DigestMethod Algorithm="` + string(xmldsig.SHA256) + `"></`, `<ds:DigestMethod Algorithm="` + string(xmldsig.SHA512) + `"></`, PolicyNoncompliance},
		{"another token", tokenOf(ours()), tokenOf(theirs()), FailedAuthentication},
		{"token is no certificate", tokenOf(ours()), "AAAA", FailedAuthentication},
		{"token is not base64", tokenOf(ours()), "?", FailedAuthentication},
		{"token as PKCS7", `ValueType="` + tokenX509, `ValueType="` + strings.Replace(tokenX509, "X509v3", "PKCS7", 1), PolicyNoncompliance},
		{"token outside the header", `URI="#X509-7"`, `URI="#_m"`, PolicyNoncompliance},
		{"KeyValue", "<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI=\"#X509-7\"", "<ds:KeyInfo><ds:KeyValue/><wsse:SecurityTokenReference><wsse:Reference URI=\"#X509-7\"", PolicyNoncompliance},
		{"encrypted data removed", encrypted, "", PolicyNoncompliance},
		{"encrypted data without key", `<wsse:Reference URI="#EK-1"/>`, `<wsse:Reference URI="#EK-9"/>`, PolicyNoncompliance},
		{"encrypted key removed", key, "", PolicyNoncompliance},
		{"encrypted for an attachment twice", encrypted, encrypted + strings.Replace(encrypted, `Id="ED`, `Id="EE`, 1), PolicyNoncompliance},
		{"complete encryption", typeContentOnly, strings.Replace(typeContentOnly, "Content-Only", "Complete", 1), PolicyNoncompliance},
		{"no cipher transform", transformCipher, "urn:x", PolicyNoncompliance},
		{"CBC", string(xmlenc.AES128GCM), "http://www.w3.org/2001/04/xmlenc#aes128-cbc", PolicyNoncompliance},
		{"AES-256, not agreed", string(xmlenc.AES128GCM), string(xmlenc.AES256GCM), PolicyNoncompliance},
		{"PKCS#1 v1.5 transport", xmlenc.RSAOAEP, "http://www.w3.org/2001/04/xmlenc#rsa-1_5", PolicyNoncompliance},
		{"label", "<ds:DigestMethod Algorithm=\"" + xmlenc.SHA256 + "\"/>", "<xenc:OAEPparams>AAAA</xenc:OAEPparams><ds:DigestMethod Algorithm=\"" + xmlenc.SHA256 + "\"/>", PolicyNoncompliance},
		{"mask of SHA-1", xmlenc.MGF1SHA256, xmlenc.MGF1SHA1, PolicyNoncompliance},
		{"media type of encrypted text", `MimeType="Text/Plain"`, `MimeType="application/octet-stream"`, FailedAuthentication},
		{"attachment names exchanged", `URI="cid:one@a.example"><xenc:`, `URI="cid:five@a.example"><xenc:`, PolicyNoncompliance},
		{"SOAP 1.1", nsSOAP, "http://schemas.xmlsoap.org/soap/envelope/", PolicyNoncompliance},
		{"third child of the envelope", "</env:Envelope>", "<x/></env:Envelope>", PolicyNoncompliance},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text := strings.ReplaceAll(good, tc.old, tc.new)
			if text == good {
				t.Fatal("nothing changed")
			}
			v, _, err := receive([]byte(text), sealed, Policy{}, theirs())
			if got := code(err); got != tc.want {
				t.Errorf("%v, want %s", err, tc.want)
			}
			if err != nil && v != nil {
				t.Error("a result beside an error")
			}
		})
	}
}

func counter() func() string {
	n := new(big.Int)
	return func() string { return n.Add(n, big.NewInt(1)).String() }
}

func between(s, from, to string) string {
	i := strings.Index(s, from)
	j := strings.Index(s[i:], to)
	return s[i : i+j+len(to)]
}

func tokenOf(id Identity) string { return base64.StdEncoding.EncodeToString(id.Certificate.Raw) }

// TestAttachments changes what comes beside the envelope.
func TestAttachments(t *testing.T) {
	t.Parallel()
	secured, sealed, _ := secure(t, Options{}, attachments()...)
	change := func(f func([]attachment) []attachment) []attachment {
		var out []attachment
		for _, a := range sealed {
			a.Content = bytes.Clone(a.Content)
			out = append(out, a)
		}
		return f(out)
	}
	for _, tc := range []struct {
		name string
		f    func([]attachment) []attachment
		want string
	}{
		{"as they are", func(a []attachment) []attachment { return a }, "ok"},
		{"other order", func(a []attachment) []attachment { a[0], a[1] = a[1], a[0]; return a }, "ok"},
		{"one missing", func(a []attachment) []attachment { return a[1:] }, PolicyNoncompliance},
		{"one more", func(a []attachment) []attachment { return append(a, attachment{ContentID: "x"}) }, PolicyNoncompliance},
		{"one twice", func(a []attachment) []attachment { return append(a, a[0]) }, PolicyNoncompliance},
		{"names exchanged", func(a []attachment) []attachment {
			a[0].ContentID, a[1].ContentID = a[1].ContentID, a[0].ContentID
			return a
		}, FailedAuthentication},
		{"a bit", func(a []attachment) []attachment { a[0].Content[14] ^= 1; return a }, FailedDecryption},
		{"cut", func(a []attachment) []attachment { a[0].Content = a[0].Content[:27]; return a }, FailedDecryption},
		{"empty", func(a []attachment) []attachment { a[0].Content = nil; return a }, FailedDecryption},
	} {
		if _, _, err := receive(secured, change(tc.f), Policy{}, theirs()); code(err) != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
}

// resign writes a message with references of the test's choice, signed properly.
func resign(t testing.TB, security string, info *xmldsig.SignedInfo, keyInfo string) []byte {
	t.Helper()
	value, err := xmldsig.Sign(ours().Key, info.Method, xmldsig.AppendSignedInfo(nil, info, true))
	if err != nil {
		t.Fatal(err)
	}
	sig := `<ds:Signature xmlns:ds="` + nsDS + `">` + string(xmldsig.AppendSignedInfo(nil, info, false)) + "<ds:SignatureValue>" +
		base64.StdEncoding.EncodeToString(value) + "</ds:SignatureValue><ds:KeyInfo>" + keyInfo + "</ds:KeyInfo></ds:Signature>"
	header := string(openSecurity(nil, "env")) + security + sig + "</wsse:Security>"
	return []byte(strings.Replace(plainEnvelope, "</env:Header>", header+"</env:Header>", 1))
}

// digestOf hashes the element with an id in a document that holds security.
func digestOf(t testing.TB, security, id string) xmldsig.Reference {
	t.Helper()
	header := string(openSecurity(nil, "env")) + security + "</wsse:Security></env:Header>"
	doc, err := xmltree.Parse([]byte(strings.Replace(plainEnvelope, "</env:Header>", header, 1)), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	ids, err := indexIDs(doc.Root)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := digestElement(xmldsig.SHA256, ids[id], nil)
	if err != nil {
		t.Fatal(err)
	}
	return xmldsig.Reference{URI: "#" + id, HasURI: true, Transforms: []xmldsig.Transform{{Algorithm: string(c14n.Exclusive)}}, Digest: xmldsig.SHA256, Value: sum}
}

// TestExtraReferences accepts a signed timestamp and the signing token beside what must be signed, verifies
// their digests, and returns them for the receipt.
func TestExtraReferences(t *testing.T) {
	t.Parallel()
	security := `<wsu:Timestamp wsu:Id="TS"><wsu:Created>2026-01-15T10:00:00Z</wsu:Created></wsu:Timestamp>` +
		string(appendToken(nil, "T", tokenX509, ours().Certificate.Raw)) + string(appendToken(nil, "U", tokenX509, theirs().Certificate.Raw))
	keyInfo := string(appendTokenReference(nil, "T", tokenX509))
	info := func(ids ...string) *xmldsig.SignedInfo {
		s := &xmldsig.SignedInfo{Canonicalization: xmldsig.Transform{Algorithm: string(c14n.Exclusive)}, Method: xmldsig.RSASHA256}
		for _, id := range ids {
			s.References = append(s.References, digestOf(t, security, id))
		}
		return s
	}
	for _, tc := range []struct {
		name string
		info *xmldsig.SignedInfo
		want string
	}{
		{"what must be", info("_b", "_m"), "ok"},
		{"with timestamp and token", info("_m", "TS", "T", "_b"), "ok"},
		{"with a token that did not sign", info("_m", "U", "_b"), PolicyNoncompliance},
		{"Body missing", info("_m", "TS", "T"), PolicyNoncompliance},
		{"Messaging missing", info("_b"), PolicyNoncompliance},
		{"only the token", info("T"), PolicyNoncompliance},
	} {
		v, _, err := receive(resign(t, security, tc.info, keyInfo), nil, Policy{})
		if code(err) != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
		if err == nil && len(v.References) != len(tc.info.References) {
			t.Errorf("%s: %d references", tc.name, len(v.References))
		}
	}
	wrong := info("_m", "TS", "_b")
	wrong.References[1].Value = make([]byte, 32)
	if _, _, err := receive(resign(t, security, wrong, keyInfo), nil, Policy{}); code(err) != FailedAuthentication {
		t.Errorf("a wrong digest of the timestamp: %v", err)
	}
}

// TestTokenReferences signs with every form of reference. A certificate that the message does not carry must be
// known beforehand.
func TestTokenReferences(t *testing.T) {
	t.Parallel()
	c := ours().Certificate
	security := string(appendToken(nil, "T", tokenX509, c.Raw))
	info := &xmldsig.SignedInfo{Canonicalization: xmldsig.Transform{Algorithm: string(c14n.Exclusive)}, Method: xmldsig.RSASHA256,
		References: []xmldsig.Reference{digestOf(t, "", "_b"), digestOf(t, "", "_m")}}
	x509Data := func(s string) string {
		return "<wsse:SecurityTokenReference><ds:X509Data>" + s + "</ds:X509Data></wsse:SecurityTokenReference>"
	}
	of := func(by KeyReference) string {
		_, keyInfo := appendRecipient(nil, c, &Options{EncryptTo: by})
		return string(keyInfo)
	}
	for _, tc := range []struct {
		name, keyInfo  string
		known, unknown string
	}{
		{"token", string(appendTokenReference(nil, "T", tokenX509)), "ok", "ok"},
		{"subject key identifier", of(BySubjectKeyID), "ok", FailedAuthentication},
		{"thumbprint", of(ByThumbprint), "ok", FailedAuthentication},
		{"issuer and serial", of(ByIssuerSerial), "ok", FailedAuthentication},
		{"X509SKI", x509Data("<ds:X509SKI>" + base64.StdEncoding.EncodeToString(subjectKeyID(c)) + "</ds:X509SKI>"), "ok", FailedAuthentication},
		{"embedded", "<wsse:SecurityTokenReference><wsse:Embedded/></wsse:SecurityTokenReference>", PolicyNoncompliance, PolicyNoncompliance},
		{"two references", string(appendTokenReference(nil, "T", tokenX509)) + string(appendTokenReference(nil, "T", tokenX509)), PolicyNoncompliance, PolicyNoncompliance},
		{"no reference", "", PolicyNoncompliance, PolicyNoncompliance},
		{"X509Data without token reference", "<ds:X509Data><ds:X509Certificate>" + tokenOf(ours()) + "</ds:X509Certificate></ds:X509Data>", PolicyNoncompliance, PolicyNoncompliance},
		{"another serial", strings.Replace(of(ByIssuerSerial), c.SerialNumber.String(), "1", 1), FailedAuthentication, FailedAuthentication},
		{"unknown identifier", strings.Replace(of(ByThumbprint), keyIDThumbprint, "urn:x", 1), PolicyNoncompliance, PolicyNoncompliance},
	} {
		message := resign(t, security, info, tc.keyInfo)
		if _, _, err := receive(message, nil, Policy{Candidates: []*x509.Certificate{theirs().Certificate, c}}); code(err) != tc.known {
			t.Errorf("%s, known: %v, want %s", tc.name, err, tc.known)
		}
		if _, _, err := receive(message, nil, Policy{Candidates: []*x509.Certificate{theirs().Certificate}}); code(err) != tc.unknown {
			t.Errorf("%s, unknown: %v, want %s", tc.name, err, tc.unknown)
		}
	}
}

// TestNames compares one issuer in the texts that stacks print.
func TestNames(t *testing.T) {
	t.Parallel()
	raw := ours().Certificate.RawIssuer
	for text, want := range map[string]bool{
		ours().Certificate.Issuer.String():                                                      true,
		`CN=AP_AA_01,O=Größwang\, \"Amt\" \+ Söhne,C=AT`:                                        true,
		`CN=AP_AA_01, O="Größwang, \"Amt\" + Söhne", C=AT`:                                      true,
		`C=AT; O="Größwang, \"Amt\" + Söhne" ; CN=ap_aa_01`:                                     true,
		`2.5.4.3=AP_AA_01,oid.2.5.4.10=Gr\C3\B6\C3\9Fwang\, \"Amt\" \+ Söhne,2.5.4.6=#13024154`: true,
		`CN=AP_AA_01,O=Größwang\, \"Amt\" \+ Söhne`:                                             false,
		`CN=AP_BB_01,O=Größwang\, \"Amt\" \+ Söhne,C=AT`:                                        false,
		`O=Größwang\, \"Amt\" \+ Söhne,CN=AP_AA_01,C=AT`:                                        false,
		`CN=AP_AA_01+O=Größwang\, \"Amt\" \+ Söhne,C=AT`:                                        false,
	} {
		n, err := parseName(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := n.names(raw); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	for _, bad := range []string{"", "AT", "=AT", "XYZ=AT", "C=AT,", `C="AT`, `C="AT"x`, `C=AT\`} {
		if n, err := parseName(bad); err == nil {
			t.Errorf("%q is read as %v", bad, n)
		}
	}
}

func TestSerials(t *testing.T) {
	t.Parallel()
	serial, _ := new(big.Int).SetString("c0ffee0000", 16)
	negative := new(big.Int).Sub(serial, new(big.Int).Lsh(big.NewInt(1), 40))
	for _, tc := range []struct {
		written *big.Int
		want    bool
	}{{serial, true}, {negative, true}, {big.NewInt(1), false}, {big.NewInt(-1), false}, {new(big.Int).Neg(serial), false}} {
		if got := sameSerial(tc.written, serial); got != tc.want {
			t.Errorf("%s: %v", tc.written, got)
		}
	}
}

// TestMediaTypes holds the three ways of digesting. [SwA Profile 1.1.1 §5.4]
func TestMediaTypes(t *testing.T) {
	t.Parallel()
	sum := func(s string) []byte {
		h := crypto.SHA256.New()
		h.Write([]byte(s))
		return h.Sum(nil)
	}
	for _, tc := range []struct{ mediaType, content, hashed string }{
		{"text/xml", "<?xml version='1.0'?>\n<a  b='1'/>\n", `<a b="1"></a>`},
		{"Application/XML; charset=utf-8", "<a/>", "<a></a>"},
		{"application/x-ebrs+xml", "<a/><!-- -->", "<a></a>"},
		{"image/svg+xml ; x=y", "<a/>", "<a></a>"},
		{"text/plain", "a\nb\rc\r\nd\r\re\n", "a\r\nb\r\nc\r\nd\r\n\r\ne\r\n"},
		{"TEXT/x+xml", "<a/>\n", "<a/>\r\n"},
		{"text/plain", "", ""},
		{"application/gzip", "a\nb\r", "a\nb\r"},
		{"application/pdf", "<a/>\n", "<a/>\n"},
		{"", "a\n", "a\n"},
	} {
		for _, step := range []int{1, 2, 3, 100} { // line ends fall into two writes
			d := NewDigest(xmldsig.SHA256, tc.mediaType)
			for rest := []byte(tc.content); len(rest) > 0; rest = rest[min(step, len(rest)):] {
				d.Write(rest[:min(step, len(rest))])
			}
			got, err := d.Sum()
			if err != nil || !bytes.Equal(got, sum(tc.hashed)) {
				t.Errorf("%s of %q by %d: %v", tc.mediaType, tc.content, step, err)
			}
		}
	}
}

// What was not read to its end does not count, and nobody reads it twice.
func TestHalfOpened(t *testing.T) {
	t.Parallel()
	secured, sealed, _ := secure(t, Options{}, attachments()[0], attachment{ContentID: "large@a.example", MediaType: "application/gzip", Content: make([]byte, 200_000)})
	doc, err := xmltree.Parse(secured, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := Verify(doc, Policy{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := v.openWhole(sealed[0], []Identity{theirs()}); err != nil {
		t.Fatal(err)
	}
	o, err := v.Open(sealed[1].ContentID, "", bytes.NewReader(sealed[1].Content), []Identity{theirs()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, o, 200_000); err != nil { // all octets, but not the end behind them
		t.Fatal(err)
	}
	if err := v.Complete(); code(err) != PolicyNoncompliance {
		t.Errorf("complete without the end: %v", err)
	}
	if _, err := v.Open(sealed[1].ContentID, "", bytes.NewReader(sealed[1].Content), []Identity{theirs()}); code(err) != PolicyNoncompliance {
		t.Errorf("opened twice: %v", err)
	}
	if n, err := o.Read(make([]byte, 10)); n != 0 || err != io.EOF {
		t.Error(n, err)
	}
	if err := v.Complete(); err != nil {
		t.Error(err)
	}
}

// XML is kept in memory to be canonicalised, and therefore bounded.
func TestLargeXMLAttachment(t *testing.T) {
	t.Parallel()
	d := NewDigest(xmldsig.SHA256, "text/xml")
	chunk := bytes.Repeat([]byte(" "), 1<<20)
	for range xmltree.Default.Bytes >> 20 {
		if _, err := d.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Write(chunk[:1]); err == nil {
		t.Error("no limit")
	}
	if sum, err := d.Sum(); sum != nil || err == nil {
		t.Error("a digest of too much")
	}
}

func FuzzVerify(f *testing.F) {
	secured, sealed, _ := secure(f, Options{ID: counter()}, attachments()...)
	f.Add(secured)
	signal, _, _, err := secureWhole([]byte(plainEnvelope), nil, ours(), nil, Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signal)
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: 1 << 16, NoProcInst: true})
		if err != nil {
			return
		}
		v, err := Verify(doc, Policy{Candidates: []*x509.Certificate{ours().Certificate}})
		if err != nil {
			if v != nil || len(code(err)) != len(PolicyNoncompliance) {
				t.Fatalf("%v beside %v", v, err)
			}
			return
		}
		for _, a := range sealed {
			if plain, _, err := v.openWhole(a, []Identity{theirs()}); err != nil && plain != nil {
				t.Fatal("octets beside an error")
			}
		}
	})
}

func FuzzParseName(f *testing.F) {
	f.Add(`CN=AP_AA_01, O="Größwang, \"Amt\" + Söhne", C=AT`)
	f.Add(`2.5.4.3=a\C3\B6+oid.2.5.4.10=#13024154;C=AT`)
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := parseName(s); err != nil && n != nil {
			t.Fatal("a name beside an error")
		}
	})
}
