package configuration

import (
	_ "embed"
	"strings"
	"testing"
)

//go:embed testdata/network.xml
var network []byte

func parse(t testing.TB, b []byte) (*Configuration, Findings) {
	t.Helper()
	c, found := Parse(b)
	if c == nil {
		t.Fatalf("refused: %v", found)
	}
	return c, found
}

// mapping is what the file of the tests says on its P-Modes, one row for each parameter of the specification.
var mapping = []struct {
	parameter string
	mode      string // key of the P-Mode
	want      string
}{
	{"PMode.Agreement", requestMode, "urn:example:treaty (urn:example:kind)"},
	{"PMode.MEP", requestMode, "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/oneWay"},
	{"PMode.MEPBinding", requestMode, "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/push"},
	{"PMode.Initiator.Party", requestMode, "AP_AA_01 (urn:oasis:names:tc:ebcore:partyid-type:unregistered:example)"},
	{"PMode.Initiator.Role", requestMode, "urn:example:asks"},
	{"PMode.Responder.Party", requestMode, "AP_BB_01 (urn:oasis:names:tc:ebcore:partyid-type:unregistered:example), urn:example:bb"},
	{"PMode.Responder.Role", requestMode, "urn:example:answers"},
	{"PMode[1].Protocol.Address", requestMode, "https://ap.bb.example/msh"},
	{"PMode[1].BusinessInfo.Service", requestMode, "QueryManager (urn:example:type)"},
	{"PMode[1].BusinessInfo.Action", requestMode, "ExecuteQueryRequest"},
	{"PMode[1].BusinessInfo.Properties", requestMode, "originalSender string required, finalRecipient string required, urgent boolean"},
	{"PMode[1].BusinessInfo.PayloadProfile", requestMode, "at most 1048576 bytes, cid:document application/xml required, "},
	{"PMode[1].BusinessInfo.MPC", requestMode, "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/defaultMPC"},
	{"PMode[1].ErrorHandling.Report.AsResponse", requestMode, "true"},
	{"PMode[1].ErrorHandling.Report.ProcessErrorNotifyConsumer", requestMode, "false"},
	{"PMode[1].ErrorHandling.Report.ProcessErrorNotifyProducer", requestMode, "true"},
	{"PMode[1].ErrorHandling.Report.DeliveryFailuresNotifyProducer", requestMode, "true"},
	{"PMode[1].Security", requestMode, "eDeliveryAS4Policy_BST.xml RSA_SHA256"},
	{"PMode[1].Security", responseMode, "rsa"},
	{"PMode[1].Security.SendReceipt.NonRepudiation", requestMode, "true"},
	{"PMode[1].Security.SendReceipt.ReplyPattern", requestMode, "response"},
	{"PMode[1].PayloadService.CompressionType", requestMode, "application/gzip"},
	{"PMode[1].PayloadService.CompressionType", responseMode, ""},
	{"PMode[1].ReceptionAwareness.Retry", requestMode, "12;4;CONSTANT"},
	{"PMode[1].ReceptionAwareness.Retry", responseMode, "60;5;2;PROGRESSIVE"},
	{"PMode[1].ReceptionAwareness.DuplicateDetection", requestMode, "true"},
	{"PMode[1].Splitting", responseMode, "20 MB, 1440 min, compression true application/gzip"},
	{"Retention", requestMode, "downloaded 0, undownloaded 3600, sent 60 (success 120, failure 240), metadata 525600 deleted true, batch 1000"},
}

const (
	requestMode  = "AP_AA_01:AP_BB_01:query:request:treaty:requestLeg"
	responseMode = "AP_BB_01:AP_AA_01:query:response:treaty:responseLeg"
)

// TestMapping carries the file from Domibus to YAML to Domibus and looks up every parameter after each step.
func TestMapping(t *testing.T) {
	t.Parallel()
	c, found := parse(t, network)
	fromYAML, foundAgain := parse(t, AppendYAML(nil, c, found))
	back, _ := parse(t, AppendDomibus(nil, fromYAML))
	if len(found) != len(foundAgain) {
		t.Errorf("%d findings, %d after YAML", len(found), len(foundAgain))
	}
	for step, c := range map[string]*Configuration{"Domibus": c, "YAML": fromYAML, "Domibus again": back} {
		values := map[string]map[string]string{}
		for m := range c.Modes("") {
			values[m.Key()] = map[string]string{}
			for _, p := range m.Parameters() {
				values[m.Key()][p.Name] = p.Value
			}
		}
		named := map[string]bool{}
		for _, row := range mapping {
			got, ok := values[row.mode][row.parameter]
			if !ok || got != row.want {
				t.Errorf("%s: %s of %s is %q, want %q", step, row.parameter, row.mode, got, row.want)
			}
			named[row.parameter] = true
		}
		for name := range values[requestMode] {
			if !named[name] {
				t.Errorf("the table has no row for %s", name)
			}
		}
	}
	if d := Diff(c, back); len(d) > 0 {
		t.Errorf("lost on the way: %v", d)
	}
}

// TestComments finds in YAML what is not supported, above the element.
func TestComments(t *testing.T) {
	t.Parallel()
	c, found := parse(t, network)
	lines := strings.Split(string(AppendYAML(nil, c, found)), "\n")
	for _, tc := range []struct{ comment, element string }{
		{"messages are pulled", "name: collected"},
		{"open for discovery", "name: discovered"},
		{"messages would not be encrypted", "name: signedLeg"},
		{"receipts would not prove", "name: signedLeg"},
		{"eDelivery AS4 2.0", "name: laterLeg"},
		{"large messages are not split", "name: responseLeg"},
		{"is without TLS", "name: AP_CC_01"},
	} {
		ok := false
		for i, line := range lines {
			if !strings.HasPrefix(strings.TrimSpace(line), "# not supported: ") || !strings.Contains(line, tc.comment) {
				continue
			}
			for strings.HasPrefix(strings.TrimSpace(lines[i]), "#") {
				i++
			}
			ok = ok || strings.Contains(lines[i], tc.element)
		}
		if !ok {
			t.Errorf("no comment %q above %q", tc.comment, tc.element)
		}
	}
}
