package accesspoint_test

import (
	"bytes"
	"strings"
	"testing"

	"oots/internal/accesspoint"
	"oots/internal/clock"
	"oots/internal/console"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// TestOperatorsInJournal holds the log of operators by that of exchanges: who did it, and the chain, not the words.
func TestOperatorsInJournal(t *testing.T) {
	t.Parallel()
	db, err := sqlstore.Open(t.Context(), t.TempDir(), bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	operators := accesspoint.Operators(db, clock.System())
	act := console.Act{At: clock.System().Now(), Account: "night.shift", Action: console.ActCancel, Object: "m1@ap.example", Detail: "Ms Smith rang"}
	err = db.DB.Update(t.Context(), func(tx *store.Tx) error { return operators.Record(tx, act) })
	if err != nil {
		t.Fatal(err)
	}
	var event, actor, message, detail, chain string
	err = db.DB.View(t.Context(), func(tx *store.Tx) error {
		if err := tx.Row(`SELECT chain FROM console_act`, nil, &chain); err != nil {
			return err
		}
		return tx.Row(`SELECT event, actor, message_id, detail FROM journal`, nil, &event, &actor, &message, &detail)
	})
	if err != nil || event != "operator: cancel" || actor != "night.shift" || message != "m1@ap.example" || !strings.HasSuffix(detail, "entry 1 of the log of operators, "+chain) {
		t.Errorf("%q %q %q %q %v", event, actor, message, detail, err)
	}
}
