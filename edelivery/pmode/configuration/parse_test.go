package configuration

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

// TestFaults breaks the file in one way each.
func TestFaults(t *testing.T) {
	t.Parallel()
	entities := `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>` + "\n<db:configuration"
	for _, tc := range []struct {
		name, from, to string // the first occurrence is replaced
		line           int
		want           string
	}{
		{"truncated", "</businessProcesses>\n</db:configuration>", "", 144, "ends inside <businessProcesses>"},
		{"entity bomb", "<db:configuration", entities, 2, "DOCTYPE"},
		{"another root", "<db:configuration xmlns:db=\"http://domibus.eu/configuration\"", "<db:configuration xmlns:db=\"urn:x\"", 2, "the root element"},
		{"our party unknown", `party="AP_AA_01"`, `party="AP_XX_01"`, 2, `"AP_XX_01", which is to be ours`},
		{"no party", ` party="AP_AA_01"`, "", 2, "party is missing"},
		{"element unknown", `<role name="asks"`, `<rolle name="asks"`, 8, `"rolle" is not known`},
		{"text", `<roles>`, `<roles>hello`, 7, "text between the elements"},
		{"service unknown", `service="query"`, `service="qvery"`, 88, `service: nothing in services/service is called "qvery"`},
		{"channel unknown", `defaultMpc="standard"`, `defaultMpc="x"`, 88, "nothing in mpcs/mpc"},
		{"agreement unknown", `agreement="treaty"`, `agreement="x"`, 95, "nothing in agreements/agreement"},
		{"party of a process unknown", `initiatorParty name="ap_bb_01"`, `initiatorParty name="x"`, 98, "nothing in parties/party"},
		{"leg unknown", `leg name="testLeg"`, `leg name="x"`, 108, "nothing in legConfigurations/legConfiguration"},
		{"property unknown", `propertyRef property="sender"`, `propertyRef property="x"`, 37, "nothing in properties/property"},
		{"payload unknown", `attachment name="other"`, `attachment name="x"`, 51, "nothing in payloadProfiles/payload"},
		{"type of an id unknown", `partyId="AP_BB_01" partyIdType="network"`, `partyId="AP_BB_01" partyIdType="x"`, 19, "nothing in parties/partyIdTypes/partyIdType"},
		{"party twice", `party name="AP_BB_01"`, `party name="ap_aa_01"`, 18, `name "ap_aa_01" is also that of line 15`},
		{"id twice", `partyId="AP_BB_01"`, `partyId="ap_aa_01"`, 19, `also that of the party "AP_AA_01", line 15`},
		{"leg twice", `legConfiguration name="responseLeg"`, `legConfiguration name="requestLeg"`, 89, "also that of line 88"},
		{"leg twice in a process", `leg name="testLeg"`, `leg name="requestLeg"`, 108, "also that of line 106"},
		{"number", `retention_downloaded="0"`, `retention_downloaded="soon"`, 4, "no whole number"},
		{"number too small", `retention_downloaded="0"`, `retention_downloaded="-2"`, 4, "is negative"},
		{"truth", `enabled="true"`, `enabled="yes"`, 4, "neither true nor false"},
		{"attribute missing", ` retention_undownloaded="3600"`, ``, 4, "retention_undownloaded is missing"},
		{"no default channel", `default="true"`, `default="false"`, 4, "no channel is enabled and the default"},
		{"retry", "12;4;CONSTANT", "12;4;OFTEN", 79, "MINUTES;COUNT;CONSTANT"},
		{"reply pattern", `replyPattern="response"`, `replyPattern="later"`, 81, "want response or callback"},
		{"callback with push", `replyPattern="response"`, `replyPattern="callback"`, 88, "by callback are for messages that are pulled"},
		{"policy", "eDeliveryAS4Policy_BST.xml", "Own.xml", 55, `"Own.xml" is not known`},
		{"neither policy nor profile", ` profile="rsa"`, "", 56, "neither policy nor profile"},
		{"endpoint", "https://ap.bb.example/msh", "ftp://ap.bb.example", 18, "no address of a web service"},
		{"datatype", `datatype="boolean"`, `datatype="date"`, 35, "want string, boolean or integer"},
		{"payload size", `maxSize="1048576"`, `maxSize="-1048576"`, 49, "is negative"},
		{"angle brackets", `value="QueryManager"`, `value="Query&lt;Manager"`, 68, "< and > are not allowed"},
		{"empty name", `role name="asks"`, `role name=""`, 8, "name is empty"},
		{"empty list", "<initiatorParty name=\"AP_AA_01\"/>\n        <initiatorParty name=\"ap_bb_01\"/>", "", 96, "is empty: leave it out or fill it"},
		{"list missing", "<action name=\"request\" value=\"ExecuteQueryRequest\"/>", "<action/>", 73, "name is missing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := bytes.Replace(network, []byte(tc.from), []byte(tc.to), 1)
			if bytes.Equal(b, network) {
				t.Fatal("nothing was changed")
			}
			c, found := Parse(b)
			wantFinding(t, tc.name, c, found, tc.line, tc.want)
		})
	}
}

// TestUnknownAttribute is taken over with a notice that hinders the activation.
func TestUnknownAttribute(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ from, to, want string }{
		{`payloadProfile="documents"`, `payloadProfiles="documents"`, `"payloadProfiles" is not known and was left out; did you mean payloadProfile?`},
		{`<services>`, `<services since="6.0">`, `"since" is not known`},
		{`<role name="asks"`, `<role db:name="x" name="asks"`, `"name" is not known`},
	} {
		_, found := parse(t, bytes.Replace(network, []byte(tc.from), []byte(tc.to), 1))
		ok := false
		for _, f := range found {
			ok = ok || f.Severity == Unsupported && f.Code == CodeUnknown && f.Line > 0 && strings.Contains(f.Message, tc.want)
		}
		if !ok {
			t.Errorf("%s: %v", tc.to, found)
		}
	}
}

func TestFaultsYAML(t *testing.T) {
	t.Parallel()
	c, found := parse(t, network)
	text := AppendYAML(nil, c, found)
	for _, tc := range []struct{ name, from, to, want string }{
		{"key unknown", "endpoint:", "endpiont:", `the key "endpiont" is not known`},
		{"key twice", "party: AP_AA_01", "party: AP_AA_01\nparty: AP_BB_01", "party"},
		{"alias", "party: AP_AA_01", "party: &a AP_AA_01", "anchors and aliases"},
		{"reference", "service: query", "service: qvery", `called "qvery"`},
		{"value missing", "party: AP_AA_01", "party:", "want a value"},
		{"no list", "\nroles:\n", "\nroles: none\nx:\n", "want a list"},
		{"no mapping", "- name: asks", "- asks\n  - name: asks", "want keys and values"},
		{"tabs", "\nroles:\n", "\n\troles:\n", ""},
		{"second document", "party: AP_AA_01", "---\na: 1\n---\nparty: AP_AA_01", ""},
		{"truth", "enabled: true", "enabled: on", "neither true nor false"},
	} {
		b := bytes.Replace(text, []byte(tc.from), []byte(tc.to), 1)
		if bytes.Equal(b, text) {
			t.Errorf("%s: nothing was changed", tc.name)
			continue
		}
		c, found := Parse(b)
		ok := false
		for _, f := range found {
			ok = ok || f.Severity == Error && f.Line > 0 && strings.Contains(f.Message, tc.want)
		}
		if c != nil || !ok {
			t.Errorf("%s: %v", tc.name, found)
		}
	}
	for _, text := range []string{"", "# nothing\n", "- a\n", "a\n", "a: &a [*a]\n", "[[[[", "party: x\n"} {
		if c, found := ParseYAML([]byte(text)); c != nil || !found.Has(Error) {
			t.Errorf("%q: taken", text)
		}
	}
}

// TestMany refuses lists that are longer than any network.
func TestMany(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	for i := range maxItems + 1 {
		fmt.Fprintf(&b, `<role name="r%d" value="v"/>`, i)
	}
	c, found := Parse(bytes.Replace(network, []byte("<roles>"), append([]byte("<roles>"), b.Bytes()...), 1))
	if c != nil || !strings.Contains(fmt.Sprint(found), "more than 2000 role") {
		t.Errorf("%.300v", found)
	}
}

// TestLargest goes through the largest file that is read in no more than the steps that it needs.
func TestLargest(t *testing.T) {
	if testing.Short() {
		t.Skip("goes through a million of steps")
	}
	t.Parallel()
	parties, processes := new(bytes.Buffer), new(bytes.Buffer)
	for i := range maxItems - 3 {
		fmt.Fprintf(parties, `<party name="p%d" endpoint="https://p%d.example/"><identifier partyId="urn:p:%d"/></party>`, i, i, i)
	}
	for i := range maxItems - 4 {
		fmt.Fprintf(processes, `<process name="p%d" mep="oneway" binding="push" initiatorRole="asks" responderRole="answers"><legs><leg name="submitLeg"/></legs></process>`, i)
	}
	b := bytes.Replace(network, []byte("</parties>"), append(parties.Bytes(), "</parties>"...), 1)
	b = bytes.Replace(b, []byte("</businessProcesses>"), append(processes.Bytes(), "</businessProcesses>"...), 1)
	c, found := parse(t, b)
	if s := Summarize(c, found); s.Parties != maxItems || s.Processes != maxItems || s.Modes != maxModes {
		t.Errorf("%s", s)
	}
	if all := c.Explain(); len(all) < maxItems {
		t.Errorf("%d statements", len(all))
	}
	if d := Diff(c, c); len(d) > 0 {
		t.Error(d)
	}
	if s, found := c.Set(Choice{Certificates: nobody{}}); s != nil || !found.Has(Error) {
		t.Error("a set without certificates")
	}
}

// nobody has no certificates.
type nobody struct{}

func (nobody) Party(string) ([]*x509.Certificate, *x509.Certificate, error) {
	return nil, nil, fs.ErrNotExist
}

func FuzzParse(f *testing.F) {
	f.Add(network)
	c, found := Parse(network)
	f.Add(AppendYAML(nil, c, found))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, found := Parse(b)
		if (c == nil) != found.Has(Error) {
			t.Fatalf("a result beside an error, or neither: %v", found)
		}
		if c == nil {
			return
		}
		asXML := AppendDomibus(nil, c)
		again, bad := Parse(AppendYAML(nil, c, found))
		if again == nil {
			t.Fatalf("our YAML is refused: %v", bad)
		}
		if !bytes.Equal(AppendDomibus(nil, again), asXML) || len(Diff(c, again)) > 0 {
			t.Fatalf("changed by YAML: %v", Diff(c, again))
		}
		if back, bad := Parse(asXML); back == nil || len(Diff(c, back)) > 0 {
			t.Fatalf("changed by XML: %v", bad)
		}
		Summarize(c, found)
		c.Explain()
	})
}
