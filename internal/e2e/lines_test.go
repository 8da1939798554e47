package e2e

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/node"
	"oots/regrep"
	"oots/xml/xmltree"
)

// Each exchange is in the newest release line that both sides have, its answer in that of its request.
// [TDD 4.5.1, 4.5.2]
func TestReleaseLines(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		at, el  []edm.Version
		want    edm.Version
		decline bool
		subject string
		state   exchange.RequesterState
	}{
		{"2.0 asks 1.2", nil, []edm.Version{edm.V12}, edm.V12, false, "eleni", exchange.Answered},
		{"2.0 asks 1.1", nil, []edm.Version{edm.V11}, edm.V11, false, "eleni", exchange.Answered},
		{"2.0 asks 1.0", nil, []edm.Version{edm.V10}, edm.V10, false, "eleni", exchange.Answered},
		{"1.2 asks all", []edm.Version{edm.V12}, edm.Versions(), edm.V12, false, "eleni", exchange.Answered},
		{"highest common", []edm.Version{edm.V10, edm.V11}, edm.Versions(), edm.V11, false, "eleni", exchange.Answered},
		{"1.2 declined", nil, []edm.Version{edm.V12}, edm.V12, true, "eleni", exchange.Empty},
		{"1.2 nobody found", nil, []edm.Version{edm.V12}, edm.V12, false, "nikos", exchange.Failed},
		{"1.2 available later", nil, []edm.Version{edm.V12}, edm.V12, false, "sofia", exchange.Deferred},
		{"1.0 register fails", nil, []edm.Version{edm.V10}, edm.V10, false, "maria", exchange.Failed},
		{"1.2 never answers", nil, []edm.Version{edm.V12}, edm.V12, false, "dimitris", exchange.Expired},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			speaks := map[string][]edm.Version{}
			if tc.at != nil {
				speaks["AT"] = tc.at
			}
			if tc.el != nil {
				speaks["EL"] = tc.el
			}
			recording := t.TempDir()
			u := newUnionWith(t, func(o *node.Options) { o.Speaks, o.Recorder = speaks, recording })
			j := u.journey(tc.subject, "T3")
			j.Decline = tc.decline
			r, err := j.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Exchanges) != 1 || r.Exchanges[0].State != tc.state {
				t.Fatalf("exchanges: %+v", r.Exchanges)
			}
			if tc.state == exchange.Answered && (len(r.Evidence) != 1 || !bytes.HasPrefix(r.Evidence[0].Content, []byte("%PDF-"))) {
				t.Errorf("%d documents", len(r.Evidence))
			}
			wantMessages := map[exchange.RequesterState]int{
				exchange.Answered: 4, exchange.Empty: 4, exchange.Failed: 2, exchange.Deferred: 2, exchange.Expired: 1,
			}[tc.state]
			for _, f := range files(t, filepath.Join(recording, "edm", "*.xml"), wantMessages) {
				b, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				doc, err := xmltree.Parse(b, xmltree.Default)
				if err != nil {
					t.Fatal(err)
				}
				if got := edm.Version(regrep.ReadSlots(doc.Root).String("SpecificationIdentifier")); got != tc.want {
					t.Errorf("%s announces %q", filepath.Base(f), got)
				}
			}
		})
	}
}
