package proof_test

import (
	"strings"
	"testing"

	"oots/internal/audit"
	"oots/internal/gateway"
	"oots/internal/proof"
	"oots/internal/store"
)

// TestRecordUnproven keeps the text of strangers out of the log, and finds what they sent by its id.
func TestRecordUnproven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	record := proof.Record(w.a.journal)
	const id = "eleni.papadopoulou@stranger.test"
	err := w.a.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		if err := record(tx, gateway.Event{Name: gateway.EventRefused, Box: gateway.In, MessageID: id, ConversationID: "Eleni", Code: "EBMS:0101", Detail: "Eleni", Unproven: true}); err != nil {
			return err
		}
		return record(tx, gateway.Event{Name: gateway.EventRefused, Box: gateway.In, MessageID: "known@b.test", Partner: "AP_B", Code: "EBMS:0004", Detail: "in our words", Actor: "operator"})
	})
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]string{id: audit.UnprovenID(id), "known@b.test": "known@b.test"} {
		got, err := w.prover(w.a).Trace(t.Context(), asked)
		if err != nil || got.Kind != proof.ByMessage || len(got.Timeline) != 1 || got.Timeline[0].MessageID != want || (got.Timeline[0].Actor == "operator") != (want == asked) || strings.Contains(got.Timeline[0].Detail, "Eleni") || len(got.Findings) != 0 {
			t.Errorf("%s: %+v, %v", asked, got, err)
		}
	}
}
