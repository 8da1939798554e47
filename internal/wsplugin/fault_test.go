package wsplugin_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"oots/edelivery/ebms"
	"oots/internal/wsplugin"
)

// stored counts what the access point keeps of submissions.
func (s *side) stored() (n int) {
	s.t.Helper()
	for _, table := range []string{"backend_sent", "gateway_outbox", "gateway_part"} {
		n += s.count(table)
	}
	return n
}

// TestSubmissionFaults breaks a good submission in one place each: the fault names it, and nothing is stored.
func TestSubmissionFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	good := soap(messaging("m1@c1.test", partInfo("cid:doc@c1.test", "text/xml")), `<_1:submitRequest>`+payload("cid:doc@c1.test", "text/xml", []byte("<x/>"))+`</_1:submitRequest>`)
	for _, c := range []struct{ name, old, new, want string }{
		{"no header", between(good, "<eb:Messaging", "</eb:Messaging>"), "", "WS_PLUGIN_0007 Header/Messaging: is missing"},
		{"no UserMessage", between(good, "<eb:UserMessage>", "</eb:UserMessage>"), "", "WS_PLUGIN_0007 Messaging/UserMessage: is missing"},
		{"two MessageInfo", "<eb:PartyInfo>", "<eb:MessageInfo/><eb:PartyInfo>", "WS_PLUGIN_0007 MessageInfo: occurs twice"},
		{"long MessageId", "m1@c1.test", strings.Repeat("m", 256), "WS_PLUGIN_0007 MessageInfo/MessageId: has 256 characters, more than 255"},
		{"MessageId not ASCII", "m1@c1.test", "é@c1.test", "WS_PLUGIN_0007 MessageInfo/MessageId: has a character outside printable ASCII"},
		{"no PartyInfo", between(good, "<eb:PartyInfo>", "</eb:PartyInfo>"), "", "WS_PLUGIN_0007 PartyInfo: is missing"},
		{"no To", between(good, "<eb:To>", "</eb:To>"), "", "EBMS:0003 PartyInfo/To/PartyId: is missing or empty: the receiver is not looked up"},
		{"unknown To", ">AP_DE_01<", ">AP_XX_01<", "EBMS:0003 PartyInfo/To/PartyId: no P-Mode names this access point"},
		{"foreign From", ">AP_FR_01<", ">AP_XX_01<", "EBMS:0003 PartyInfo/From/PartyId: is not this access point"},
		{"wrong role", gwRole + "</eb:Role></eb:To>", "x</eb:Role></eb:To>", "EBMS:0010 PartyInfo/To/Role: is not that of the P-Mode"},
		{"no Service", between(good, "<eb:Service", "</eb:Service>"), "", "WS_PLUGIN_0007 CollaborationInfo/Service: is missing"},
		{"no Action", between(good, "<eb:Action>", "</eb:Action>"), "", "WS_PLUGIN_0007 CollaborationInfo/Action: is missing"},
		{"empty Action", ">ExecuteQueryRequest<", "><", "WS_PLUGIN_0007 CollaborationInfo/Action: is missing or empty"},
		{"unknown action", ">ExecuteQueryRequest<", ">DeleteEverything<", "EBMS:0010 CollaborationInfo: no matching leg or process"},
		{"unknown service", ">QueryManager<", ">Other<", "EBMS:0010 CollaborationInfo: no matching leg or process"},
		{"agreement", "<eb:Service", "<eb:AgreementRef>x</eb:AgreementRef><eb:Service", "EBMS:0010 CollaborationInfo/AgreementRef: is not that of the P-Mode"},
		{"no finalRecipient", between(good, `<eb:Property name="finalRecipient"`, "</eb:Property>"), "", "EBMS:0010 MessageProperties:"},
		{"property without name", `name="originalSender"`, "", "WS_PLUGIN_0007 MessageProperties/Property/@name: is missing or empty"},
		{"property not agreed", "<eb:MessageProperties>", `<eb:MessageProperties><eb:Property name="x">y</eb:Property>`, "EBMS:0010 MessageProperties:"},
		{"pull", "<eb:PayloadInfo>", "<eb:ProcessingType>PULL</eb:ProcessingType><eb:PayloadInfo>", "WS_PLUGIN_0007 ProcessingType: only PUSH is served"},
		{"empty PartProperties", between(good, `<eb:Property name="MimeType"`, "</eb:Property>"), "", "WS_PLUGIN_0005 PayloadInfo/PartInfo[1]/PartProperties: is there and empty"},
		{"part without payload", `payloadId="cid:doc@c1.test"`, `payloadId="cid:other@c1.test"`, "WS_PLUGIN_0005 PayloadInfo/PartInfo[1]/@href: no payload has this payloadId"},
		{"payload without id", `payloadId="cid:doc@c1.test"`, ``, "WS_PLUGIN_0005 payload[1]/@payloadId: is missing or empty"},
		{"part without href", `href="cid:doc@c1.test"`, ``, "WS_PLUGIN_0001 PayloadInfo/PartInfo[1]: has no href and the request no bodyload"},
		{"two parts, one payload", "</eb:PayloadInfo>", partInfo("cid:doc@c1.test", "text/xml") + "</eb:PayloadInfo>", "WS_PLUGIN_0005 PayloadInfo/PartInfo[2]/@href: is that of another PartInfo"},
		{"bodyload with id", "<_1:submitRequest>", `<_1:submitRequest><bodyload payloadId="x"><value/></bodyload>`, "WS_PLUGIN_0005 bodyload/@payloadId: is not allowed"},
		{"two payloads of one id", "<_1:submitRequest>", "<_1:submitRequest>" + payload("CID:DOC@C1.TEST", "text/xml", nil), "WS_PLUGIN_0005 payload[2]/@payloadId: is that of another payload"},
		{"file of ours", "MimeType", "FilePath", "WS_PLUGIN_0005 PayloadInfo/PartInfo[1]/PartProperties/Property[FilePath]: is not accepted"},
		{"compression of the client", "MimeType", "CompressionType", "WS_PLUGIN_0005 PayloadInfo/PartInfo[1]/PartProperties/Property[CompressionType]: is set by the access point"},
		{"bad content id", "doc@c1.test", "d c@c1.test", "WS_PLUGIN_0005 PayloadInfo/PartInfo[d c@c1.test]/@href: is not a content id that can be sent"},
		{"bad media type", ">text/xml<", ">text<", "WS_PLUGIN_0005 PayloadInfo/PartInfo[doc@c1.test]/PartProperties/Property[MimeType]: is no media type"},
		{"bad base64", "<value>PHgvPg==", "<value>PHgvPg=", "WS_PLUGIN_0005 payload[cid:doc@c1.test]/value: is not base64"},
		{"bits that are not used", "<value>PHgvPg==", "<value>PHgvPh==", "WS_PLUGIN_0005 payload[cid:doc@c1.test]/value: is not base64"},
		{"text behind the padding", "<value>PHgvPg==", "<value>PHgvPg==AAAA", "WS_PLUGIN_0005 payload[cid:doc@c1.test]/value: is not base64"},
		{"no value", between(good, "<value>", "</value>"), "", "WS_PLUGIN_0005 payload[cid:doc@c1.test]/value: has no value"},
		{"attachment that did not come", "PHgvPg==", `<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:x"/>`, "WS_PLUGIN_0005 payload[cid:doc@c1.test]/value: xop:Include names no attachment of the request"},
		{"empty element within the text", "PHgvPg==", `PHgv<x/>Pg==`, "WS_PLUGIN_0005 payload[cid:doc@c1.test]/value: has an element that is not one xop:Include"},
		{"element within the text", "PHgvPg==", `PHgv<x></x>Pg==`, "WS_PLUGIN:0007 Envelope: has an element within the text of a payload value"},
	} {
		if strings.Count(good, c.old) == 0 || c.old == "" {
			t.Fatalf("%s: nothing to break", c.name)
		}
		got := faultText(w.fr.envelope("admin", strings.ReplaceAll(good, c.old, c.new)))
		if !strings.HasPrefix(got, "soap:Receiver "+c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := w.fr.stored(); got != 0 {
		t.Errorf("%d rows are stored of nonsense", got)
	}
	w.fr.body(w.fr.envelope("admin", good), wsplugin.NS, "submitResponse")
}

// between is the text from the first start up to the next end, both included.
func between(s, start, end string) string {
	_, rest, ok := strings.Cut(s, start)
	if !ok {
		return ""
	}
	inner, _, ok := strings.Cut(rest, end)
	if !ok {
		return ""
	}
	return start + inner + end
}

// TestEnvelopeFaults posts what is no request.
func TestEnvelopeFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	list := soap("", `<_1:listPendingMessagesRequest/>`)
	for _, c := range []struct{ name, body, want string }{
		{"nothing", "", "soap:Receiver WS_PLUGIN:0007 Envelope:"},
		{"cut off", list[:len(list)-20], "soap:Receiver WS_PLUGIN:0007 Envelope: is cut off"},
		{"DOCTYPE", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + list, "soap:Receiver WS_PLUGIN:0007 Envelope: holds a DOCTYPE"},
		{"processing instruction", strings.Replace(list, "<soap:Body", "<?x y?><soap:Body", 1), "soap:Receiver WS_PLUGIN:0007 Envelope: line 1"},
		{"SOAP 1.1", strings.ReplaceAll(list, ebms.NSSOAP12, ebms.NSSOAP11), "soap:VersionMismatch the envelope is not SOAP 1.2"},
		{"no SOAP", "<x/>", "soap:VersionMismatch the document is no SOAP envelope"},
		{"unknown operation", soap("", "<_1:dropAllRequest/>"), "soap:Receiver WS_PLUGIN:0007 Body: dropAllRequest is no operation"},
		{"another namespace", soap("", "<listPendingMessagesRequest/>"), "soap:Receiver WS_PLUGIN:0007 Envelope: the child of Body is no operation"},
		{"empty Body", soap("", ""), "soap:Receiver WS_PLUGIN:0007 Envelope: Body is empty"},
		{"two operations", soap("", "<_1:listPendingMessagesRequest/><_1:listPendingMessagesRequest/>"), "soap:Receiver WS_PLUGIN:0007 Envelope: Body has two children"},
		{"header to be understood", soap(`<x:Y xmlns:x="urn:x" soap:mustUnderstand="true"/>`, "<_1:listPendingMessagesRequest/>"), "soap:MustUnderstand Header: Y must be understood"},
		{"no messageID", soap("", "<_1:retrieveMessageRequest/>"), "soap:Receiver WS_PLUGIN:0007 messageID: is missing or empty"},
		{"long messageID", soap("", "<_1:statusRequest><messageID>"+strings.Repeat("m", 256)+"</messageID></_1:statusRequest>"), "soap:Receiver WS_PLUGIN:0007 messageID: has 256 characters"},
		{"two messageID", soap("", "<_1:statusRequest><messageID>a</messageID><messageID>b</messageID></_1:statusRequest>"), "soap:Receiver WS_PLUGIN:0007 statusRequest/messageID: occurs twice"},
		{"no role", soap("", "<_1:statusRequestWithAccessPointRole><messageID>a</messageID></_1:statusRequestWithAccessPointRole>"), "soap:Receiver WS_PLUGIN:0007 accessPointRole: is neither SENDING nor RECEIVING"},
		{"errors of no message", soap("", "<_1:getErrorsRequest><messageID>a</messageID></_1:getErrorsRequest>"), "soap:Receiver WS_PLUGIN:0009 No message with id [a] found"},
		{"nothing to push again", soap("", "<_1:rePushFailedMessagesRequest/>"), "soap:Receiver WS_PLUGIN:0007 messageID: 0 ids"},
		{"push again what did not fail", soap("", "<_1:rePushFailedMessagesRequest><messageID>a</messageID></_1:rePushFailedMessagesRequest>"), "soap:Receiver WS_PLUGIN:0009 No message with id [a] found"},
	} {
		rec := w.fr.post("admin", "application/soap+xml; charset=UTF-8", strings.NewReader(c.body))
		got := faultText(parse(t, rec))
		if !strings.HasPrefix(got, c.want) || rec.Code != http.StatusInternalServerError || rec.Header().Get("Content-Type") != "application/soap+xml;charset=UTF-8" {
			t.Errorf("%s: %d %q, want %q", c.name, rec.Code, got, c.want)
		}
	}
	if rec := w.fr.post("admin", "application/json", strings.NewReader("{}")); rec.Code != http.StatusUnsupportedMediaType {
		t.Errorf("JSON: %d", rec.Code)
	}
	r := httptest.NewRequest(http.MethodPut, "https://ap.test/wsplugin", nil)
	rec := httptest.NewRecorder()
	if w.fr.handler.ServeHTTP(rec, r); rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", rec.Code)
	}
}

// TestLimits: every bound is answered with 413 and a fault, and leaves nothing in the spool.
func TestLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{plugin: func(c *wsplugin.Config) {
		c.Limits = wsplugin.Limits{Request: 2 << 20, Envelope: 16 << 10, Part: 600_000, Parts: 3}
	}})
	large := func(n int) []byte { return bytes.Repeat([]byte{'x'}, n) }
	doc := func(n int) string { return payload("cid:doc@c1.test", "text/xml", large(n)) }
	wrap := func(payloads string) string {
		return soap(messaging("m1@c1.test", partInfo("cid:doc@c1.test", "text/xml")), `<_1:submitRequest>`+payloads+`</_1:submitRequest>`)
	}
	for _, c := range []struct{ name, body, want string }{
		{"payload", wrap(doc(600_001)), "a payload has more than 600000 bytes"},
		{"request", wrap(doc(500_000) + strings.Replace(doc(600_000), "doc@", "d2@", 1) + strings.Replace(doc(600_000), "doc@", "d3@", 1)), "the request is above the limit"},
		{"envelope", wrap(strings.Repeat("<x/>", 5000)), "the envelope without its payloads has more than 16384 bytes"},
		{"comment", wrap("<!--" + strings.Repeat("x", 20_000) + "-->"), "the envelope without its payloads"},
		{"comment in a value", wrap("<payload><value><!--" + strings.Repeat("x", 20_000) + "--></value></payload>"), "a comment has more than"},
		{"tag", wrap(`<x y="` + strings.Repeat("x", 20_000) + `"/>`), "a tag has more than"},
		{"payloads", wrap(strings.Repeat(doc(10), 4)), "more than 3 payloads"},
	} {
		rec := w.fr.post("admin", "text/xml", strings.NewReader(c.body))
		if got := faultText(parse(t, rec)); rec.Code != http.StatusRequestEntityTooLarge || !strings.Contains(got, c.want) {
			t.Errorf("%s: %d %q", c.name, rec.Code, got)
		}
	}
	if w.fr.stored() != 0 || w.fr.files() != 0 {
		t.Errorf("%d rows, %d files are left", w.fr.stored(), w.fr.files())
	}
	w.fr.body(w.fr.envelope("admin", wrap(doc(600_000))), wsplugin.NS, "submitResponse")
}
