package lcm_test

import (
	"bytes"
	"testing"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/corpus"
	"oots/internal/judge"
)

// TestJudge has another implementation judge what we write in 1.0 by the published schemas.
func TestJudge(t *testing.T) {
	t.Parallel()
	form := lcm.Form{ID: requestID, Line: directory.Line{Version: directory.V10}}
	eb := lcm.AppendRequest(nil, []directory.Partition{oldBroker()}, form)
	dsd := lcm.AppendRequest(nil, []directory.Partition{old(services(), directory.V10)}, form)
	docs := [][]byte{eb, dsd, bytes.ReplaceAll(eb, []byte("sdg:RelatedTo>"), []byte("sdg:LeadsTo>"))}
	verdicts := judge.Xmllint(t, corpus.Path(t, "edm/tdd-1.0/xsd/sdg/oots_driver_v1.0.0.xsd"), docs)
	for i, want := range []bool{true, true, false} {
		if v := verdicts[i]; v.Valid != want {
			t.Errorf("valid %v, want %v: %v\n%s", v.Valid, want, v.Messages, docs[i])
		}
	}
}
