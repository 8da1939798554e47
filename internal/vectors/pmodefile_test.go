package vectors

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/internal/corpus"
	"oots/internal/pki"
)

//go:embed testdata/pmode.xml
var pmodeXML []byte

// partyKeys makes the keys of AP_AA_01 and AP_BB_01 once; AP_CC_01 has none.
var partyKeys = sync.OnceValues(func() (string, error) {
	a, err := pki.Open(keyDir, time.Now())
	for _, name := range []string{"AP_AA_01", "AP_BB_01"} {
		if err == nil {
			_, err = a.AccessPoint(name, "AA")
		}
	}
	return keyDir, err
})

func testKeys(t testing.TB) *Keys {
	t.Helper()
	dir, err := partyKeys()
	if err != nil {
		t.Fatal(err)
	}
	k, err := OpenKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestPModeFile(t *testing.T) {
	t.Parallel()
	p, err := ReadPModes(pmodeXML, testKeys(t), PModeChoice{})
	if err != nil {
		t.Fatal(err)
	}
	s := p.Set
	if p.Self != "AP_BB_01" || s.Self.ID != (ebms.PartyID{Value: "urn:example:bb"}) || s.Self.Role != "urn:example:responder" || len(s.Self.Signing) != 1 {
		t.Errorf("self %s %+v", p.Self, s.Self)
	}
	if len(s.Peers) != 1 || s.Peers[0].ID != (ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:test", Value: "aa"}) ||
		s.Peers[0].Role != "urn:example:initiator" || s.Peers[0].URL != "https://localhost:9443/as4" {
		t.Errorf("peers %+v", s.Peers)
	}
	if !slices.Equal(p.Without, []string{"AP_CC_01"}) {
		t.Errorf("without certificate: %v", p.Without)
	}
	if s.Service != (ebms.Service{Type: "urn:example:type", Value: "QueryManager"}) || s.Agreement.Value != "urn:example:agreement" ||
		!slices.Equal(s.Actions, []string{"ExecuteQueryRequest", "ExecuteQueryResponse"}) {
		t.Errorf("service %+v agreement %+v actions %v", s.Service, s.Agreement, s.Actions)
	}
	if !p.Compress["ExecuteQueryRequest"] || p.Compress["ExecuteQueryResponse"] {
		t.Errorf("compression %v", p.Compress)
	}
	if len(s.Properties) != 3 || !s.Properties[0].Required || s.Properties[2].Required || s.Properties[2].Name != ebms.TrackingIdentifier {
		t.Errorf("properties %+v", s.Properties)
	}
	sender, err := ReadPModes(pmodeXML, testKeys(t), PModeChoice{Self: "ap_aa_01", Sending: true})
	if err != nil {
		t.Fatal(err)
	}
	if sender.Self != "AP_AA_01" || sender.Set.Self.Role != "urn:example:initiator" || sender.Set.Peers[0].Role != "urn:example:responder" {
		t.Errorf("as sender: %s %+v", sender.Self, sender.Set)
	}
}

func TestPModeFileRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, from, to string
		choice         PModeChoice
		want           string
	}{
		{"doctype", "<db:configuration", "<!DOCTYPE x><db:configuration", PModeChoice{}, "DOCTYPE"},
		{"no xml", "</db:configuration>", "", PModeChoice{}, "P-Mode file"},
		{"another root", "http://domibus.eu/configuration", "urn:other", PModeChoice{}, "the root element is"},
		{"no processes", "businessProcesses", "somethingElse", PModeChoice{}, "businessProcesses/roles/role is missing"},
		{"self unknown", `party="AP_BB_01"`, `party="AP_XX_01"`, PModeChoice{}, `party "AP_XX_01", which is to be ours, is not among the parties`},
		{"self has no certificate", "", "", PModeChoice{Self: "AP_CC_01"}, "no such file"},
		{"self only answers", `<initiatorParty name="ap_bb_01"/>`, "", PModeChoice{Sending: true}, `no process lets "AP_BB_01" send`},
		{"two-way", "200704/oneWay", "200704/twoWay", PModeChoice{}, "the exchange pattern is two-way"},
		{"pull", "200704/push", "200704/pull", PModeChoice{}, "messages are pulled"},
		{"role unknown", `initiatorRole="asks"`, `initiatorRole="x"`, PModeChoice{}, `line 57: error: process "oots": initiatorRole: nothing in roles/role is called "x"`},
		{"leg unknown", `<leg name="testLeg"/>`, `<leg name="x"/>`, PModeChoice{}, `nothing in legConfigurations/legConfiguration is called "x"`},
		{"sign only", "eDeliveryAS4Policy_BST.xml", "signOnly.xml", PModeChoice{}, "messages would not be encrypted"},
		{"no security", "eDeliveryAS4Policy_BST.xml", "doNothingPolicy.xml", PModeChoice{}, "neither signed nor encrypted"},
		{"another profile", `profile="RSA"`, `profile="ecc"`, PModeChoice{}, `the profile "ecc" belongs to eDelivery AS4 2.0`},
		{"another signature", "RSA_SHA256", "RSA_SHA1", PModeChoice{}, `"RSA_SHA1" is not that of eDelivery AS4 1.15`},
		{"neither policy nor profile", ` profile="RSA"`, "", PModeChoice{}, "neither policy nor profile"},
		{"two services", `service="query" action="response"`, `service="other" action="response"`, PModeChoice{}, "nothing in services/service"},
		{"service chosen wrongly", "", "", PModeChoice{Service: "LifecycleManager"}, `no leg of the party "AP_BB_01" has the service "LifecycleManager"`},
		{"property unknown", `<propertyRef property="tracking"/>`, `<propertyRef property="x"/>`, PModeChoice{}, `nothing in properties/property is called "x"`},
		{"recipient not required", `key="finalRecipient" datatype="string" required="true"`, `key="finalRecipient" datatype="string" required="false"`, PModeChoice{}, "finalRecipient must be required"},
		{"type of a party id unknown", `partyIdType="TEST"`, `partyIdType="x"`, PModeChoice{}, `nothing in parties/partyIdTypes/partyIdType is called "x"`},
		{"party without identifier", `<identifier partyId="urn:example:bb"/>`, "", PModeChoice{}, "identifier is missing"},
		{"plain HTTP", "https://localhost:9443", "http://localhost:9443", PModeChoice{}, "is without TLS"},
		{"name leaves the folder", "AP_CC_01", "../ca", PModeChoice{}, "is no name of a key"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := pmodeXML
			if tc.from != "" {
				text = bytes.ReplaceAll(text, []byte(tc.from), []byte(tc.to))
				if bytes.Equal(text, pmodeXML) {
					t.Fatal("nothing was changed")
				}
			}
			p, err := ReadPModes(text, testKeys(t), tc.choice)
			if err == nil || p != nil {
				t.Fatalf("read %+v", p)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestPModeFileOfCorpus(t *testing.T) {
	t.Parallel()
	keys, err := OpenKeys(corpus.Path(t, "as4/generated/keys"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadPModes(corpus.Read(t, "as4/generated/pmode-AP_YY_01.xml"), keys, PModeChoice{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Self != "AP_YY_01" || len(p.Set.Peers) != 2 || len(p.Set.Actions) != 3 || len(p.Without) != 0 {
		t.Errorf("%+v", p)
	}
	roots, err := keys.Roots()
	if err != nil || roots == nil {
		t.Errorf("roots %v, %v", roots, err)
	}
}

func FuzzReadPModes(f *testing.F) {
	f.Add(pmodeXML)
	keys, err := OpenKeys(f.TempDir()) // making keys in every fuzzing process takes its time away
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := ReadPModes(b, keys, PModeChoice{}); err != nil && p != nil {
			t.Fatal("a result beside an error")
		}
	})
}
