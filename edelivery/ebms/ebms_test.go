package ebms

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"oots/internal/corpus"
	"oots/xml/xmltree"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func message() UserMessage {
	return UserMessage{
		MPC:       DefaultMPC,
		Timestamp: time.Date(2026, 9, 14, 8, 30, 0, 120_000_000, time.UTC), MessageID: "3b0f2c1d-5e64-4a87-9c10-7d2e8f9a0b11@ap.example.at",
		From:    Party{PartyID{"urn:oasis:names:tc:ebcore:partyid-type:unregistered:AT", "AP_AT_01"}, "http://sdg.europa.eu/edelivery/gateway"},
		To:      Party{PartyID{"urn:oasis:names:tc:ebcore:partyid-type:unregistered:EL", "AP_EL_01"}, "http://sdg.europa.eu/edelivery/gateway"},
		Service: Service{"urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", "QueryManager"},
		Action:  "ExecuteQueryRequest", ConversationID: "a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22",
		Properties: []Property{
			{OriginalSender, "urn:oasis:names:tc:ebcore:partyid-type:unregistered:AT", "DEMO-AT-UNI"},
			{FinalRecipient, "urn:oasis:names:tc:ebcore:partyid-type:unregistered:EL", "Επιδεικτικό <Μητρώο> & \"Größwang\""},
		},
		Parts: []PartInfo{
			{"cid:1@ap.example.at", []Property{{MimeType, "", "application/x-ebrs+xml"}, {CompressionType, "", Gzip}}},
			{"cid:2@ap.example.at", []Property{{MimeType, "", "application/pdf"}}},
		},
	}
}

func parse(t testing.TB, b []byte) *xmltree.Document {
	t.Helper()
	d, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil {
		t.Fatalf("not well-formed: %v\n%s", err, b)
	}
	return d
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs:\n%s", file, got)
	}
}

func TestUserMessageBytes(t *testing.T) {
	t.Parallel()
	m := message()
	b := AppendUserEnvelope(nil, &m, "_m1", "_b1")
	golden(t, "request.xml", b)
	e, err := ReadEnvelope(parse(t, b))
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := e.Messaging.Attr(NSWSU, "Id"); id != "_m1" || e.Unmarked || e.Security != nil || !BodyIsEmpty(e.Body) {
		t.Errorf("envelope %+v", e)
	}
	back, err := ReadMessaging(e.Messaging)
	if err != nil {
		t.Fatal(err)
	}
	u, refused := back.User()
	if refused != nil || !reflect.DeepEqual(*u, m) {
		t.Errorf("read back\n%+v\nwant\n%+v", u, m)
	}
}

func TestSignalBytes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 14, 8, 30, 1, 0, time.UTC)
	raw := `<ds:Reference xmlns:ds="` + NSDS + `" URI="cid:1@x"><ds:Transforms><ds:Transform Algorithm="urn:t"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="urn:d"></ds:DigestMethod><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>`
	receipt := &SignalMessage{Timestamp: at, MessageID: "r@x", RefToMessageID: "m@x", Receipt: &Receipt{References: []Reference{{Raw: raw}}}}
	failure := &SignalMessage{Timestamp: at, MessageID: "e@x", RefToMessageID: "m@x", Errors: []Error{*NewError(ValueInconsistent, "party <unknown>")}}
	failure.Errors[0].RefToMessageInError = "m@x"
	failure.Errors[0].Description = "The party is not known here."
	for name, m := range map[string]*SignalMessage{"receipt.xml": receipt, "error.xml": failure} {
		b := AppendSignalEnvelope(nil, m, "_m1", "_b1")
		golden(t, name, b)
		e, err := ReadEnvelope(parse(t, b))
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadMessaging(e.Messaging)
		if err != nil || len(back.Signals) != 1 {
			t.Fatalf("%s: %v", name, err)
		}
		s := back.Signals[0]
		if s.MessageID != m.MessageID || s.RefToMessageID != "m@x" || !s.Timestamp.Equal(at) {
			t.Errorf("%s: %+v", name, s)
		}
		if m.Receipt != nil {
			want := Reference{URI: "cid:1@x", Transforms: []string{"urn:t"}, DigestMethod: "urn:d", DigestValue: "AAAA"}
			if s.Receipt == nil || len(s.Receipt.References) != 1 || !reflect.DeepEqual(s.Receipt.References[0], want) {
				t.Errorf("receipt %+v", s.Receipt)
			}
			continue
		}
		want := m.Errors[0]
		want.Lang = "en"
		if len(s.Errors) != 1 || s.Errors[0] != want || !s.Errors[0].Failure() {
			t.Errorf("error %+v, want %+v", s.Errors, want)
		}
	}
}

// Each case edits the readable text of a good message once; the code is what the clause asks for.
func TestUserMessageRules(t *testing.T) {
	t.Parallel()
	m := message()
	good := string(AppendUserEnvelope(nil, &m, "_m1", "_b1"))
	for _, tc := range []struct{ name, old, new, want string }{
		{"ok", "", "", ""},
		{"ok/no mpc", ` mpc="` + DefaultMPC + `"`, "", ""},
		{"ok/empty mpc", `mpc="` + DefaultMPC + `"`, `mpc=""`, ""},
		{"ok/empty conversation", ">a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22<", "><", ""},
		{"ok/empty agreement", "<eb:Service", "<eb:AgreementRef/><eb:Service", ""},
		{"ok/agreement with pmode", "<eb:Service", `<eb:AgreementRef type="t" pmode="p">a</eb:AgreementRef><eb:Service`, ""},
		{"ok/timestamp without zone", "08:30:00.120Z", "08:30:00", ""},
		{"ok/timestamp with offset", "08:30:00.120Z", "10:30:00.123456789+02:00", ""},
		{"ok/comment in text", "AP_AT_01", "AP_<!-- -->AT_01", ""},
		{"ok/reference to another message", "</eb:MessageId>", "</eb:MessageId><eb:RefToMessageId>x@y</eb:RefToMessageId>", ""},
		{"ok/schema and description of a part", "<eb:PartProperties>", `<eb:Schema location="x"/><eb:Description xml:lang="en">d</eb:Description><eb:PartProperties>`, ""},
		{"ok/property name in another case", `"MimeType"`, `"mimetype"`, ""},
		{"ok/foreign element", "</eb:UserMessage>", `</eb:UserMessage><x xmlns="urn:x"/>`, ""},

		{"§5.2 no MessageInfo", "eb:MessageInfo>", "eb:MessageInf>", InvalidHeader},
		{"§5.2 no timestamp", "<eb:Timestamp>2026-09-14T08:30:00.120Z</eb:Timestamp>", "", InvalidHeader},
		{"§5.2 order in CollaborationInfo", "<eb:Action>ExecuteQueryRequest</eb:Action><eb:ConversationId>a4c1e7f2-90b3-4d58-8e61-2f7b9c0d1e22</eb:ConversationId>",
			"<eb:ConversationId>a</eb:ConversationId><eb:Action>ExecuteQueryRequest</eb:Action>", InvalidHeader},
		{"§5.2 no To", "eb:To>", "eb:Too>", InvalidHeader},
		{"§5.2 no Role", "<eb:Role>http://sdg.europa.eu/edelivery/gateway</eb:Role></eb:From>", "</eb:From>", InvalidHeader},
		{"§5.2 empty MessageProperties", "<eb:MessageProperties>", "<eb:MessageProperties/><eb:MessageProperties>", InvalidHeader},
		{"§5.2 text between elements", "<eb:PartyInfo>", "<eb:PartyInfo>x", InvalidHeader},
		{"§5.2 foreign element inside", "<eb:PartyInfo>", `<x xmlns="urn:x"/><eb:PartyInfo>`, InvalidHeader},
		{"§5.2 property with an element", "DEMO-AT-UNI", "<b/>", InvalidHeader},
		{"§5.2 property without name", ` name="originalSender"`, "", InvalidHeader},
		{"§5.3 timestamp", "2026-09-14T08", "2026-09-14 08", InvalidHeader},
		{"§5.3 MessageId empty", "3b0f2c1d-5e64-4a87-9c10-7d2e8f9a0b11@ap.example.at", "", InvalidHeader},
		{"§5.3 MessageId with brackets", "3b0f2c1d-5e64-4a87-9c10-7d2e8f9a0b11@ap.example.at", "&lt;a@b&gt;", InvalidHeader},
		{"§5.3 MessageId with white space", "3b0f2c1d-5e64", " 3b0f2c1d-5e64", InvalidHeader},
		{"§5.3 MessageId of 256", "3b0f2c1d-5e64-4a87-9c10-7d2e8f9a0b11@ap.example.at", strings.Repeat("a", 256), InvalidHeader},
		{"§5.3 MessageId not ASCII", "3b0f2c1d", "ü", InvalidHeader},
		{"§5.3 two PartyId", "</eb:PartyId>", `</eb:PartyId><eb:PartyId type="t">x</eb:PartyId>`, ValueInconsistent},
		{"§5.3 no PartyId", `<eb:PartyId type="urn:oasis:names:tc:ebcore:partyid-type:unregistered:AT">AP_AT_01</eb:PartyId>`, "", InvalidHeader},
		{"§5.3 PartyId without type", ` type="urn:oasis:names:tc:ebcore:partyid-type:unregistered:AT">AP_AT`, ">AP_AT", ValueInconsistent},
		{"§5.3 Service without type", ` type="urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0"`, "", ValueInconsistent},
		{"§5.3 agreement without type", "<eb:Service", "<eb:AgreementRef>a</eb:AgreementRef><eb:Service", ValueInconsistent},
		{"§5.3 property twice", `name="finalRecipient" type="urn:oasis:names:tc:ebcore:partyid-type:unregistered:EL"`,
			`name="originalSender" type="urn:oasis:names:tc:ebcore:partyid-type:unregistered:AT"`, ValueInconsistent},
		{"§5.3 part in Body", ` href="cid:2@ap.example.at"`, "", ValueInconsistent},
		{"§5.3 part by fragment", "cid:2@ap.example.at", "#body", ValueInconsistent},
		{"§5.3 part elsewhere", "cid:2@ap.example.at", "http://x.example/2", ExternalPayloadError},
		{"§5.3 part twice", "cid:2@ap.example.at", "cid:1@ap.example.at", ValueInconsistent},
		{"§5.4 compressed without MimeType", `<eb:Property name="MimeType">application/x-ebrs+xml</eb:Property>`, "", ValueInconsistent},
		{"§5.4 other compression", ">application/gzip<", ">application/zip<", ValueInconsistent},
		{"§5.4 MimeType twice", `name="CompressionType">application/gzip`, `name="mimetype">text/xml`, ValueInconsistent},
		{"§5.4 character set", `name="MimeType">application/pdf`, `name="CharacterSet">8!`, ValueInconsistent},
		{"§16 test action of another service", ">ExecuteQueryRequest<", ">" + TestAction + "<", ValueInconsistent},
		{"§16 test service with another action", ">QueryManager<", ">" + TestService + "<", ValueInconsistent},
		{"§2 two user messages", "</eb:UserMessage></eb:Messaging>", "</eb:UserMessage>" + between(good, "<eb:UserMessage", "</eb:Messaging>") + "</eb:Messaging>", ValueInconsistent},
		{"§2 signal in front", "<eb:UserMessage", signalText + "<eb:UserMessage", ValueInconsistent},
		{"§2 signal behind", "</eb:UserMessage>", "</eb:UserMessage>" + signalText, InvalidHeader},
		{"§5.2 unknown unit", "</eb:UserMessage>", "</eb:UserMessage><eb:Other/>", InvalidHeader},
		{"§5.2 nothing", between(good, "<eb:UserMessage", "</eb:Messaging>"), "", InvalidHeader},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := good
			if tc.old != "" {
				if !strings.Contains(good, tc.old) {
					t.Fatal("the case edits nothing")
				}
				n := 1
				if strings.HasPrefix(tc.old, "eb:") {
					n = -1 // both tags of an element
				}
				text = strings.Replace(good, tc.old, tc.new, n)
			}
			e, err := ReadEnvelope(parse(t, []byte(text)))
			if err != nil {
				t.Fatal(err)
			}
			got := readOne(e)
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

const signalText = `<eb:SignalMessage><eb:MessageInfo><eb:Timestamp>2026-01-01T00:00:00Z</eb:Timestamp><eb:MessageId>s@x</eb:MessageId></eb:MessageInfo><eb:Error errorCode="EBMS:0004" severity="failure"/></eb:SignalMessage>`

func between(s, from, to string) string {
	s = s[strings.Index(s, from):]
	return s[:strings.Index(s, to)]
}

func readOne(e *Envelope) string {
	m, err := ReadMessaging(e.Messaging)
	if err != nil {
		return err.(*Error).Code
	}
	if _, err := m.User(); err != nil {
		return err.Code
	}
	return ""
}

func TestEnvelopeRules(t *testing.T) {
	t.Parallel()
	m := message()
	good := string(AppendUserEnvelope(nil, &m, "_m1", "_b1"))
	security := `<s:Security xmlns:s="` + NSWSSE + `"`
	for _, tc := range []struct{ name, old, new, want string }{
		{"ok", "x", "x", ""},
		{"ok/no mustUnderstand", ` env:mustUnderstand="true"`, "", ""},
		{"ok/mustUnderstand 1", `env:mustUnderstand="true"`, `env:mustUnderstand="1"`, ""},
		{"ok/foreign header", "<env:Header>", `<env:Header><x xmlns="urn:x"/>`, ""},
		{"ok/header of another role", "<env:Header>", `<env:Header><x xmlns="urn:x" env:mustUnderstand="true" env:role="urn:other"/>`, ""},
		{"ok/security of another role", "</env:Header>", security + "/>" + security + ` env:role="ebms"/></env:Header>`, ""},
		{"SOAP 1.1", NSSOAP12, NSSOAP11, "VersionMismatch"},
		{"another root", "env:Envelope", "env:Other", "VersionMismatch"},
		{"unknown header", "<env:Header>", `<env:Header><x xmlns="urn:x" env:mustUnderstand="1"/>`, "MustUnderstand"},
		{"unknown header for the next node", "<env:Header>", `<env:Header><x xmlns="urn:x" env:mustUnderstand="true" env:role="` + NSSOAP12 + `/role/next"/>`, "MustUnderstand"},
		{"two security headers", "</env:Header>", security + "/>" + security + "/></env:Header>", PolicyNoncompliance},
		{"two Messaging", "</env:Header>", `<eb:Messaging xmlns:eb="` + NS + `"/></env:Header>`, InvalidHeader},
		{"Messaging of another role", "</env:Header>", `<eb:Messaging xmlns:eb="` + NS + `" env:role="urn:other"/></env:Header>`, InvalidHeader},
		{"mustUnderstand false", `env:mustUnderstand="true"`, `env:mustUnderstand="false"`, InvalidHeader},
		{"two bodies", "</env:Envelope>", "<env:Body/></env:Envelope>", InvalidHeader},
		{"two headers", "<env:Header>", "<env:Header/><env:Header>", InvalidHeader},
		{"foreign child", "</env:Envelope>", "<x/></env:Envelope>", InvalidHeader},
		{"no body", between(good, "<env:Body", "</env:Envelope>"), "", InvalidHeader},
		{"no header", between(good, "<env:Header>", "<env:Body"), "", InvalidHeader},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(good, tc.old) {
				t.Fatal("the case edits nothing")
			}
			n := 1
			if strings.HasPrefix(tc.old, "env:E") {
				n = -1
			}
			_, err := ReadEnvelope(parse(t, []byte(strings.Replace(good, tc.old, tc.new, n))))
			got := ""
			switch err := err.(type) {
			case *Fault:
				got = err.Code
			case *Error:
				got = err.Code
			}
			if got != tc.want {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestFaultOnly(t *testing.T) {
	t.Parallel()
	b := AppendFault(nil, &Fault{"MustUnderstand", "A header block\nis not known."})
	e, err := ReadEnvelope(parse(t, b))
	if err != nil {
		t.Fatal(err)
	}
	if e.Fault == nil || *e.Fault != (Fault{"MustUnderstand", "A header block is not known."}) {
		t.Errorf("fault %+v", e.Fault)
	}
}

func TestTimestamp(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 120_000_000, time.FixedZone("", 7200))
	if s := string(AppendTimestamp(nil, at)); s != "2026-01-02T01:04:05.120Z" {
		t.Errorf("wrote %s", s)
	}
	for in, want := range map[string]string{
		"2026-01-15T10:00:00":                 "2026-01-15T10:00:00Z",
		"2026-01-15T10:00:00.5Z":              "2026-01-15T10:00:00.5Z",
		"2026-01-15T10:00:00.1234567":         "2026-01-15T10:00:00.1234567Z",
		" 2026-01-15T10:00:00.123456789Z\n":   "2026-01-15T10:00:00.123456789Z",
		"2026-01-15T10:00:00+02:00":           "2026-01-15T08:00:00Z",
		"2026-01-15":                          "",
		"2026-13-15T10:00:00Z":                "",
		"":                                    "",
		"2026-01-15T10:00:00,5Z":              "",
		"2026-01-15T10:00:00.000000000000000": "2026-01-15T10:00:00Z",
	} {
		got, ok := ParseTimestamp(in)
		if text := got.Format(time.RFC3339Nano); ok != (want != "") || ok && text != want {
			t.Errorf("%q: %s, %v; want %q", in, text, ok, want)
		}
	}
}

func TestContentID(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ href, raw, decoded string }{
		{"cid:a@b", "a@b", "a@b"},
		{"CID:a%40b", "a%40b", "a@b"},
		{"cid:a+b@c", "a+b@c", "a+b@c"},
		{"cid:a%25b@c", "a%25b@c", "a%b@c"},
		{"cid:a%b@c", "a%b@c", "a%b@c"},
		{"cid:a%4", "a%4", "a%4"},
		{"cid:", "", ""},
		{"http://x", "", ""},
		{"a@b", "", ""},
	} {
		raw, decoded, ok := ContentID(tc.href)
		if raw != tc.raw || decoded != tc.decoded || ok != (tc.raw != "") {
			t.Errorf("%s: %q %q %v", tc.href, raw, decoded, ok)
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	if len(Table) != 42 {
		t.Errorf("%d rows", len(Table))
	}
	seen := map[string]bool{}
	for _, r := range Table {
		if seen[r.Code] || !strings.HasPrefix(r.Code, "EBMS:") || len(r.Code) != 9 || r.ShortDescription == "" || r.Raised == "" {
			t.Errorf("row %+v", r)
		}
		seen[r.Code] = true
		switch r.Category {
		case "Content", "Unpackaging", "Processing", "Communication":
		default:
			t.Errorf("%s: category %s", r.Code, r.Category)
		}
		want := "ebMS"
		switch r.Code[5:7] {
		case "01":
			want = "security"
		case "02":
			want = "reliability"
		}
		if r.Origin != want {
			t.Errorf("%s: origin %s", r.Code, r.Origin)
		}
		if r.Severity != SeverityFailure && r.Severity != SeverityWarning {
			t.Errorf("%s: severity %s", r.Code, r.Severity)
		}
	}
	if e := NewError("EBMS:4001", "twice"); !e.Failure() || e.Error() != "EBMS:4001: twice" {
		t.Errorf("foreign code: %v", e)
	}
}

func TestErrorsOfPeers(t *testing.T) {
	t.Parallel()
	for severity, failure := range map[string]bool{"failure": true, "FAILURE": true, "error": true, "": true, "warning": false, "Warning": false} {
		if e := (&Error{Severity: severity}); e.Failure() != failure {
			t.Errorf("severity %q: failure %v", severity, e.Failure())
		}
	}
	if e := NewError(Other, "%s", "a\n\tb\x00"+strings.Repeat("ü", 300)); len(e.Detail) > 255 || !strings.HasPrefix(e.Detail, "a b ü") || !strings.HasSuffix(e.Detail, "...") {
		t.Errorf("detail %q", e.Detail)
	}
}

func TestForeignEnvelopes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"functional/ErrorMessageWithFault.xml":        "error EBMS:0103 Failure fault Receiver",
		"functional/ErrorMessageNoRefToMessageID.xml": "error EBMS:0001 failure",
		"functional/TestReceipt12.xml":                "receipt 3",
		"functional/TwoUserMessages.xml":              "EBMS:0009", // mustUnderstand is false
		"functional/UserMessageNoPartyID.xml":         "EBMS:0009",
		"soap12/PullRequest12.xml":                    "pull",
		"soap12/UserMessage12.xml":                    "EBMS:0003", // its payload is in the Body
		"soap11/UserMessage.xml":                      "VersionMismatch",
	} {
		b := corpus.Read(t, "as4/phase4/envelopes/"+name)
		if got := summary(t, b); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestDomibusEnvelopes reads the sample envelopes of the code base that Domibus and Harmony share. Their shape is
// real; some are broken on purpose, and some are older than the profile.
func TestDomibusEnvelopes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"MSHAS4Request-signOnly.xml":                          "1 user",
		"SOAPMessage2.xml":                                    "1 user",
		"SOAPMessage4.xml":                                    "1 user",
		"SOAPMessage4_compressed.xml":                         "1 user",
		"SOAPTestMessage.xml":                                 "1 user",
		"SoapRequest.xml":                                     "1 user",
		"SoapRequestBinaryToken.xml":                          "1 user",
		"bst_X509PKIPathv1_incoming_message.xml":              "1 user",
		"bst_x509v3_incoming_message.xml":                     "1 user",
		"is_incoming_message.xml":                             "1 user",
		"mshwebserviceit-soapenvelope.xml":                    "1 user",
		"request_BST_PKIP.xml":                                "1 user",
		"ski_incoming_message.xml":                            "1 user",
		"MSHAS4Response-signOnly.xml":                         "receipt 3",
		"MSHAS4Response.xml":                                  "receipt 3",
		"response_BST_PKIP.xml":                               "receipt 3",
		"soapEnvelope-SignalMessage-receipt-pull.xml":         "receipt 3",
		"validAS4Response.xml":                                "receipt 1",
		"validAS4Response2.xml":                               "receipt 2",
		"UserMessageReceipt.xml":                              "receipt 0", // a copy of the message, not of its references
		"soapEnvelope-UserMessage-receipt-split-and-join.xml": "receipt 0",
		"soapEnvelope-PullRequest.xml":                        "pull",
		"soapEnvelope-SignalMessage-error.xml":                "error EBMS:0001 failure fault Receiver",
		"InvalidBodyloadCidSOAPMessage.xml":                   "EBMS:0003", // a part in the SOAP Body
		"MSHAS4Request.xml":                                   "EBMS:0003", // the same
		"RawXMLMessageWithSpaces.xml":                         "EBMS:0011", // a part that is no cid:
		"RawXMLMessageWithSpacesAndPkiPath.xml":               "EBMS:0011",
		"SOAPMessage.xml":                                     "EBMS:0011",
		"PML.xml":                                             "EBMS:0009", // no eb:Messaging
		"SOAPMessageNoMessaging.xml":                          "EBMS:0009",
		"InvalidSOAPFaultResponse.xml":                        "EBMS:0009",
		"SOAPFaultResponse.xml":                               "EBMS:0009",
		"blue2redMessageFaultResponse.xml":                    "EBMS:0009",
		"blue2redMessageResponse.xml":                         "EBMS:0009",
		"blue2redGoodMessage.xml":                             "EBMS:0009", // no MessageInfo: as a back end hands it over
		"blue2redInvalidMessage.xml":                          "EBMS:0009",
		"mshwebserviceit-soapenvelope-response.xml":           "EBMS:0009", // text between the children of MessageInfo
	} {
		b := corpus.Read(t, "as4/harmony/envelopes/"+name)
		if got := summary(t, b); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func summary(t *testing.T, b []byte) string {
	e, err := ReadEnvelope(parse(t, b))
	if f, ok := err.(*Fault); ok {
		return f.Code
	}
	if err != nil {
		return err.(*Error).Code
	}
	m, err := ReadMessaging(e.Messaging)
	if err != nil {
		return err.(*Error).Code
	}
	if len(m.Users) > 0 {
		return fmt.Sprintf("%d user", len(m.Users))
	}
	s := m.Signals[0]
	switch {
	case s.Pull:
		return "pull"
	case s.Receipt != nil:
		return fmt.Sprintf("receipt %d", len(s.Receipt.References))
	}
	out := "error " + s.Errors[0].Code + " " + s.Errors[0].Severity
	if e.Fault != nil {
		out += " fault " + e.Fault.Code
	}
	return out
}

func FuzzReadMessaging(f *testing.F) {
	m := message()
	f.Add(AppendUserEnvelope(nil, &m, "_m1", "_b1"))
	f.Add(AppendSignalEnvelope(nil, &SignalMessage{Timestamp: m.Timestamp, MessageID: "x@y", Errors: []Error{*NewError(Other, "x")}}, "_m", "_b"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := xmltree.Parse(b, xmltree.Limits{})
		if err != nil {
			return
		}
		e, err := ReadEnvelope(d)
		if err != nil || e.Messaging == nil {
			return
		}
		got, err := ReadMessaging(e.Messaging)
		if err != nil {
			if got != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		for i := range got.Users {
			again, err := ReadEnvelope(parse(t, AppendUserEnvelope(nil, &got.Users[i], "_m", "_b")))
			if err != nil {
				t.Fatal(err)
			}
			back, err := ReadMessaging(again.Messaging)
			if err != nil {
				t.Fatalf("what was read cannot be written and read: %v", err)
			}
			want := got.Users[i]
			want.Timestamp = want.Timestamp.Truncate(time.Millisecond)
			if !reflect.DeepEqual(back.Users[0], want) {
				t.Fatalf("round trip\n%+v\n%+v", back.Users[0], want)
			}
		}
	})
}

func BenchmarkAppendUserEnvelope(b *testing.B) {
	m := message()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendUserEnvelope(buf[:0], &m, "_m1", "_b1")
	}
}
