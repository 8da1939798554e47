package audit_test

import (
	"strings"
	"testing"
	"time"

	"oots/internal/audit"
	"oots/internal/store"
)

// TestUnproven: the log cannot be erased, so no text of a stranger gets into it; acts and who acted do.
func TestUnproven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const text = "Eleni Papadopoulou"
	e := audit.MessageEvent{Name: "refused", Box: "in", MessageID: text, ConversationID: text, RefToMessageID: text, Partner: text, Action: text,
		Code: "EBMS:0101", Detail: text, SHA256: "ab", Count: 7, Since: w.now.Add(-time.Hour)}
	err := w.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		if err := w.Journal.RecordMessage(tx, e.Unproven()); err != nil {
			return err
		}
		if err := w.Journal.RecordMessage(tx, audit.MessageEvent{Name: "resent", Box: "out", MessageID: "m@ap", Actor: "eleni"}); err != nil {
			return err
		}
		return w.Journal.RecordAct(tx, audit.ActEvent{Name: "resend", Actor: "eleni", Box: "out", MessageID: "m@ap", Outcome: "done"})
	})
	if err != nil {
		t.Fatal(err)
	}
	w.work()
	var rows []audit.Row
	if err := w.Files.Rows(func(r audit.Row) error { rows = append(rows, r); return nil }); err != nil || len(rows) != 3 {
		t.Fatalf("%v, %v", rows, err)
	}
	refused := rows[0]
	if line := string(refused.AppendLine(nil)); strings.Contains(line, text) || refused.MessageID != audit.UnprovenID(text) || refused.Code != "EBMS:0101" ||
		refused.Detail != "7 times since 2026-11-24T11:00:00Z " || refused.SignedSHA256 != "ab" {
		t.Errorf("%s", line)
	}
	if rows[1].Actor != "eleni" || rows[2].Actor != "eleni" || rows[2].Kind != audit.Act || rows[2].Code != "done" {
		t.Errorf("%+v", rows[1:])
	}
	if audit.UnprovenID("") != "" {
		t.Error("no id has one")
	}
	if r := w.verify(); r.Fault != nil {
		t.Error(r.Fault)
	}
}
