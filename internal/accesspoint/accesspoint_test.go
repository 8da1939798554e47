package accesspoint

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"oots/internal/accesspoint/settings"
)

// TestQuickstartIsReady starts what Begin has made, without any other step, and lets it send a message to itself.
func TestQuickstartIsReady(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(nil)
	if status, r := n.ready(); status != http.StatusOK || r.Status != "ready" || len(r.Checks) < 6 {
		t.Fatalf("%d %+v", status, r)
	}
	if status, body := n.get("/healthz"); status != http.StatusOK || !strings.Contains(body, `"alive"`) {
		t.Errorf("%d %s", status, body)
	}
	n.account("register")
	id := n.submit("AP_AT_01", []byte("<request/>"))
	n.pending(id)
	n.until("receipt", func() bool { return n.status(id, "SENDING") == "ACKNOWLEDGED" })
	if status, b := n.do(http.MethodGet, "/backend/v1/messages/"+id+"/payloads/1", "", nil); status != http.StatusOK || string(b) != "<request/>" {
		t.Errorf("%d %s", status, b)
	}
}

// TestTwoNodes exchanges messages between two access points that Begin has made: one way by the JSON interface, the
// other by SOAP.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	at, el := begin(t, "AT"), begin(t, "EL")
	introduce(t, at, el)
	at.start(nil)
	el.start(nil)
	for _, n := range []*node{at, el} {
		n.account("register")
	}

	large := bytes.Repeat([]byte("<evidence/>"), 100_000)
	id := at.submit("AP_EL_01", large)
	el.pending(id)
	if status, b := el.do(http.MethodGet, "/backend/v1/messages/"+id+"/payloads/1", "", nil); status != http.StatusOK || !bytes.Equal(b, large) {
		t.Errorf("payload: %d, %d bytes", status, len(b))
	}
	if status, b := el.do(http.MethodPost, "/backend/v1/messages/"+id+"/downloaded", "", nil); status > 299 {
		t.Errorf("mark: %d %s", status, b)
	}
	if got := el.status(id, "RECEIVING"); got != "DOWNLOADED" {
		t.Errorf("status at the receiver: %s", got)
	}
	at.until("receipt", func() bool { return at.status(id, "SENDING") == "ACKNOWLEDGED" })

	for _, path := range []string{"/domibus/services/wsplugin", "/services/wsplugin/submitMessage"} {
		answer := el.soap(path, soapSubmit("AP_EL_01", "AP_AT_01"))
		_, rest, found := strings.Cut(answer, "<messageID>")
		id, _, _ = strings.Cut(rest, "</messageID>")
		if !found {
			t.Fatalf("%s: %s", path, answer)
		}
		at.pending(id)
		got := at.soap("/domibus/services/wsplugin", `<p:retrieveMessageRequest><messageID>`+id+`</messageID></p:retrieveMessageRequest>`)
		if !strings.Contains(got, "PHJlc3BvbnNlLz4=") {
			t.Errorf("retrieved: %s", got)
		}
		at.until("mark", func() bool { return at.status(id, "RECEIVING") == "DOWNLOADED" })
	}
	if got := at.soap("/domibus/services/backend", `<l:listPendingMessagesRequest xmlns:l="http://org.ecodex.backend/1_1/"/>`); !strings.Contains(got, "listPendingMessagesResponse") {
		t.Errorf("the older interface: %s", got)
	}
	if status, b := at.do(http.MethodGet, "/backend/openapi.json", "", nil); status != http.StatusOK || !bytes.Contains(b, []byte(`"openapi"`)) {
		t.Errorf("description: %d", status)
	}
	for _, secret := range []string{password, "evidence/", "C4", "?side"} {
		if strings.Contains(at.log.String()+el.log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

// soap posts the child of a Body, or a header with one.
func (n *node) soap(path, body string) string {
	n.t.Helper()
	header := ""
	if h, b, ok := strings.Cut(body, "|"); ok {
		header, body = h, b
	}
	_, b := n.do(http.MethodPost, path, "text/xml", strings.NewReader(`<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:p="http://eu.domibus.wsplugin/"><s:Header>`+header+`</s:Header><s:Body>`+body+`</s:Body></s:Envelope>`))
	return string(b)
}

// soapSubmit is header and body of a submission with one payload.
func soapSubmit(from, to string) string {
	return `<eb:Messaging xmlns:eb="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"><eb:UserMessage>` +
		`<eb:PartyInfo><eb:From><eb:PartyId type="` + partyIDType + `">` + from + `</eb:PartyId><eb:Role>` + gatewayRole + `</eb:Role></eb:From>` +
		`<eb:To><eb:PartyId type="` + partyIDType + `">` + to + `</eb:PartyId><eb:Role>` + gatewayRole + `</eb:Role></eb:To></eb:PartyInfo>` +
		`<eb:CollaborationInfo><eb:Service type="` + serviceType + `">QueryManager</eb:Service><eb:Action>ExecuteQueryResponse</eb:Action><eb:ConversationId>c-1</eb:ConversationId></eb:CollaborationInfo>` +
		`<eb:MessageProperties><eb:Property name="originalSender">C4</eb:Property><eb:Property name="finalRecipient">C1</eb:Property></eb:MessageProperties>` +
		`<eb:PayloadInfo><eb:PartInfo href="cid:response@c4.example"><eb:PartProperties><eb:Property name="MimeType">application/x-ebrs+xml</eb:Property></eb:PartProperties></eb:PartInfo></eb:PayloadInfo></eb:UserMessage></eb:Messaging>|` +
		`<p:submitRequest><payload payloadId="cid:response@c4.example" contentType="application/x-ebrs+xml"><value>PHJlc3BvbnNlLz4=</value></payload></p:submitRequest>`
}

// TestOneProcess keeps a second process with the same name from the data folder.
func TestOneProcess(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(nil)
	_, err := Open(t.Context(), n.config(nil), n.ap.d)
	if err == nil || !strings.Contains(err.Error(), "another process with the same name works in it") {
		t.Errorf("a second process: %v", err)
	}
	n.end()
	again, err := Open(t.Context(), n.config(nil), n.ap.d)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

// TestRefusals of what cannot work.
func TestRefusals(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	for _, c := range []struct {
		name, want string
		change     func(*settings.Config)
	}{
		{"PostgreSQL", "data.dsn: PostgreSQL is not supported by this version; try data.folder", func(c *settings.Config) { c.Data.DSN = "env:DSN" }},
		{"sealing key missing", "keys.sealing: open", func(c *settings.Config) { c.Keys.Sealing = "file:/nowhere" }},
		{"own key missing", "keys.own[1].file", func(c *settings.Config) { c.Keys.Own[0].File = "/nowhere" }},
		{"P-Modes missing", "pmodes.file", func(c *settings.Config) { c.PModes.File = "/nowhere" }},
		{"plain beyond this machine", "backend.tls: the listener can be reached from other machines", func(c *settings.Config) { c.Backend.Listen = "0.0.0.0:0" }},
		{"suite without forward secrecy", "as4.tls.suites[1]", func(c *settings.Config) { c.AS4.TLS.Suites = []string{"TLS_RSA_WITH_AES_128_CBC_SHA"} }},
		{"group", "as4.tls.groups[1]", func(c *settings.Config) { c.AS4.TLS.Groups = []string{"x448"} }},
		{"clients without trust", "as4.tls.clientTrust", func(c *settings.Config) { c.AS4.TLS.Clients = "require" }},
	} {
		c2 := n.config(c.change)
		ap, err := Open(t.Context(), c2, Deps{Clock: testClock(), Log: discard()})
		if err == nil {
			ap.Close()
			t.Errorf("%s: it started", c.name)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
