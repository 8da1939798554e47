package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"oots/eid/eidas"
)

// posted signs a request as it is written after an edit of its text.
func (w *world) posted(edit func(string) string) []byte {
	w.t.Helper()
	doc := must(w.request.write())
	if edit != nil {
		out := edit(string(doc))
		if out == string(doc) {
			w.t.Fatal("the edit changes nothing")
		}
		doc = []byte(out)
	}
	return sealed(w, doc, w.spSign, nil)
}

func TestHostileRequests(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		edit    func(string) string // before it is signed
		signed  func(string) string // after
		world   func(*world)
		context func(*RequestContext)
		want    Reason // "" means accepted
	}{
		{name: "ok"},
		{name: "one exact level", edit: swap(`Comparison="minimum"`, `Comparison="exact"`)},
		{name: "unsigned", signed: func(s string) string { return strings.Replace(s, signature(s), "", 1) }, want: unsigned},
		{name: "changed", signed: swap("Portal", "Evil"), want: badSignature},
		{name: "signed by a stranger", world: func(w *world) { w.spSign = stranger(w) }, want: badSignature},
		{name: "a stranger", context: func(c *RequestContext) { c.Peer = func(string) (*Metadata, bool) { return nil, false } }, want: unknownIssuer},
		{name: "a service that asks", context: func(c *RequestContext) {
			idp := &Metadata{IDP: &IDPRole{}}
			c.Peer = func(string) (*Metadata, bool) { return idp, true }
		}, want: unknownIssuer},
		{name: "another destination", context: func(c *RequestContext) { c.Destination = "https://other.example" }, want: badDestination},
		{name: "old", context: func(c *RequestContext) { c.Now = now.Add(time.Hour) }, want: expired},
		{name: "from the future", context: func(c *RequestContext) { c.Now = now.Add(-time.Hour) }, want: early},
		{name: "version", edit: swap(`Version="2.0"`, `Version="1.1"`), want: badVersion},
		{name: "without ForceAuthn", edit: swap(` ForceAuthn="true"`, ""), want: badRequest},
		{name: "passive", edit: swap(`IsPassive="false"`, `IsPassive="true"`), want: badRequest},
		{name: "answer by artifact", edit: swap(` IsPassive`, ` ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact" IsPassive`), want: badRequest},
		{name: "answer to a foreign address", edit: swap(` IsPassive`, ` AssertionConsumerServiceURL="https://evil.example/" IsPassive`), want: badRequest},
		{name: "answer to the address in other letters", edit: swap(` IsPassive`, ` AssertionConsumerServiceURL="`+strings.ToUpper(consumer)+`" IsPassive`), want: badRequest},
		{name: "SPType twice", edit: swap("<eidas:RequestedAttributes>", "<eidas:SPType>public</eidas:SPType><eidas:RequestedAttributes>"), want: badRequest},
		{name: "SPType nowhere", world: func(w *world) { w.sp.SPType = "" }, want: badRequest},
		{name: "private", world: func(w *world) { w.sp.SPType = SPPrivate }, want: badRequest},
		{name: "NodeCountry", edit: swap("<eidas:RequestedAttributes>", "<eidas:NodeCountry>EL</eidas:NodeCountry><eidas:RequestedAttributes>"), want: badRequest},
		{name: "no attributes", edit: cut("<eidas:RequestedAttributes>", "</eidas:RequestedAttributes>"), want: badRequest},
		{name: "half the minimum data set", edit: cut("<eidas:RequestedAttribute ", "</eidas:RequestedAttribute>"), want: badRequest},
		{name: "natural and legal", edit: swap("</eidas:RequestedAttributes>", `<eidas:RequestedAttribute Name="`+eidas.PrefixLegal+`LegalName" NameFormat="`+nameFormatURI+`"/></eidas:RequestedAttributes>`), want: badRequest},
		{name: "representative", edit: swap("</eidas:RequestedAttributes>", `<eidas:RequestedAttribute Name="`+eidas.PrefixRepresentativeNatural+`CurrentFamilyName" NameFormat="`+nameFormatURI+`"/></eidas:RequestedAttributes>`), want: badRequest},
		{name: "no level", edit: cut("<saml:AuthnContextClassRef>", "</saml:AuthnContextClassRef>"), want: badRequest},
		{name: "at least what is not notified", edit: swap(string(eidas.Substantial), string(eidas.NotNotifiedLow)), want: badRequest},
		{name: "better than", edit: swap(`Comparison="minimum"`, `Comparison="better"`), want: badRequest},
		{name: "comment", signed: swap("</samlp:NameIDPolicy>", "<!-- x --></samlp:NameIDPolicy>"), want: badComment},
		{name: "an unknown element", edit: swap("</samlp:AuthnRequest>", "<evil/></samlp:AuthnRequest>"), want: badSchema},
		{name: "a response", edit: func(s string) string { return strings.ReplaceAll(s, "samlp:AuthnRequest", "samlp:Response") }, want: badSchema},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := usual(t)
			if tc.world != nil {
				tc.world(w)
			}
			doc := w.posted(tc.edit)
			if tc.signed != nil {
				doc = []byte(tc.signed(string(doc)))
			}
			c := w.requestContext()
			if tc.context != nil {
				tc.context(&c)
			}
			r, _, err := ReadRequest(&Message{Binding: BindingPOST, xml: doc}, c)
			if reason(err) != tc.want || (r == nil) == (tc.want == "") {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
}

// TestHostileBindings is about what comes before any XML.
func TestHostileBindings(t *testing.T) {
	t.Parallel()
	w := usual(t)
	good := must(url.Parse(must(w.request.Redirect(w.spSign, w.policy, "state")))).RawQuery
	var bomb bytes.Buffer
	z := must(flate.NewWriter(&bomb, flate.BestCompression))
	z.Write(bytes.Repeat([]byte("<"), 100<<20))
	z.Close()
	set := func(name, value string) string {
		var out []string
		for pair := range strings.SplitSeq(good, "&") {
			if strings.HasPrefix(pair, name+"=") {
				pair = name + "=" + url.QueryEscape(value)
			}
			out = append(out, pair)
		}
		return strings.Join(out, "&")
	}
	for name, tc := range map[string]struct {
		query string
		want  Reason
	}{
		"ok":                     {good, ""},
		"deflate bomb":           {set("SAMLRequest", base64.StdEncoding.EncodeToString(bomb.Bytes())), badEncoding},
		"not deflated":           {set("SAMLRequest", "AAAA"), badEncoding},
		"not base64":             {set("SAMLRequest", "!"), badEncoding},
		"twice":                  {good + "&SAMLRequest=AAAA", badEncoding},
		"another encoding":       {good + "&SAMLEncoding=x", badEncoding},
		"unsigned":               {good[:strings.Index(good, "&SigAlg")], unsigned},
		"another RelayState":     {set("RelayState", "other"), badSignature},
		"without its RelayState": {strings.Replace(good, "&RelayState=state", "", 1), badSignature},
		"a long RelayState":      {set("RelayState", strings.Repeat("x", 81)), badEncoding},
		"SHA-1":                  {set("SigAlg", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"), badAlgorithm},
		"another signature":      {set("Signature", "AAAA"), badSignature},
		"too long":               {good + "&x=" + strings.Repeat("x", 300<<10), badEncoding},
	} {
		m, err := FromQuery(tc.query)
		if err == nil {
			c := w.requestContext()
			c.Replay = &Memory{}
			_, _, err = ReadRequest(m, c)
		}
		if reason(err) != tc.want {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
	for name, form := range map[string]url.Values{
		"nothing":           {},
		"two":               {"SAMLResponse": {"AAAA", "AAAA"}},
		"two states":        {"SAMLResponse": {"AAAA"}, "RelayState": {"a", "b"}},
		"not base64":        {"SAMLResponse": {"?"}},
		"too large":         {"SAMLResponse": {strings.Repeat("A", 600<<10)}},
		"a long RelayState": {"SAMLResponse": {"AAAA"}, "RelayState": {strings.Repeat("x", 81)}},
	} {
		if m, err := FromForm(form, "SAMLResponse"); m != nil || reason(err) != badEncoding {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What we would write ourselves against the profile is not written.
func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	w := usual(t)
	for name, edit := range map[string]func(*AuthnRequest){
		"no identifier":    func(r *AuthnRequest) { r.ID = "1" },
		"no destination":   func(r *AuthnRequest) { r.Destination = "" },
		"no level":         func(r *AuthnRequest) { r.Levels = nil },
		"an attribute off": func(r *AuthnRequest) { r.Asked = r.Asked[1:] },
		"control letters":  func(r *AuthnRequest) { r.ProviderName = "\x01" },
	} {
		r := *w.request
		edit(&r)
		var refusal *Refusal
		if text, err := r.POST(w.spSign, w.policy); text != "" || !errors.As(err, &refusal) {
			t.Errorf("request: %s: %v", name, err)
		}
	}
	for name, edit := range map[string]func(*Response){
		"no identifier":    func(r *Response) { r.ID = "" },
		"no audience":      func(r *Response) { r.Audience = "" },
		"no level":         func(r *Response) { r.Level = "" },
		"no end":           func(r *Response) { r.NotOnOrAfter = time.Time{} },
		"control letters":  func(r *Response) { r.NameID = "\x01" },
		"broken character": func(r *Response) { setAttribute(r, "Gender", "\xff") },
	} {
		r := w.response()
		edit(r)
		if text, err := r.Write(w.idpSign, w.sp.SP.Encryption[0], w.policy); text != "" || err == nil {
			t.Errorf("response: %s is written", name)
		}
	}
	weak := newPair(t, rsa2048())
	if _, err := w.response().Write(w.idpSign, EncryptionKey{Certificate: weak.cert}, w.policy); reason(err) != badKey {
		t.Errorf("encrypted to a short key: %v", err)
	}
}
