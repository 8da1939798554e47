package proof_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/proof"
	"oots/internal/store"
)

// sql runs statements in the store of a side, as a fault or somebody with the database would.
func (w *world) sql(s *side, statements ...string) {
	w.t.Helper()
	err := s.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		for _, statement := range statements {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestFindings names what is missing and what contradicts.
func TestFindings(t *testing.T) {
	t.Parallel()
	unlock := `DROP TRIGGER journal_unchanged`
	for _, tc := range []struct {
		name   string
		damage func(w *world, x exchanged)
		want   string // codes, sorted
		broken bool   // the log leads nowhere
	}{
		{"nothing", func(*world, exchanged) {}, "", false},
		{"receipt is gone", func(w *world, x exchanged) {
			w.sql(w.a, `UPDATE gateway_outbox SET receipt = NULL WHERE message_id = '`+x.request+`'`)
		}, "receipt-missing", false},
		{"receipt was changed", func(w *world, x exchanged) {
			w.sql(w.a, `UPDATE gateway_outbox SET receipt = replace(receipt, 'AP_', 'AP-') || ' ' WHERE message_id = '`+x.request+`'`, `UPDATE gateway_outbox SET receipt = CAST(replace(CAST(receipt AS TEXT), 'DigestValue>', 'DigestValue>A') AS BLOB) WHERE message_id = '`+x.request+`'`)
		}, "log-contradicts receipt-wrong", false},
		{"message was changed", func(w *world, x exchanged) {
			w.sql(w.a, `UPDATE gateway_outbox SET envelope = CAST(replace(CAST(envelope AS TEXT), '>c1<', '>c2<') AS BLOB) WHERE message_id = '`+x.request+`'`)
		}, "signature-wrong", false},
		{"message is gone", func(w *world, x exchanged) {
			w.sql(w.a, `DELETE FROM gateway_outbox WHERE message_id = '`+x.request+`'`)
		}, "message-missing", false},
		{"message of another conversation", func(w *world, x exchanged) {
			w.sql(w.a, `UPDATE gateway_outbox SET conversation_id = 'c' WHERE message_id = '`+x.request+`'`)
		}, "identifiers-contradict", false},
		{"rows are gone", func(w *world, x exchanged) {
			w.sql(w.a, `DROP TRIGGER journal_kept`, `DELETE FROM journal WHERE message_id = '`+x.request+`'`)
		}, "not-logged request-missing", false},
		{"answer is not in the log", func(w *world, x exchanged) {
			w.sql(w.a, `DROP TRIGGER journal_kept`, `DELETE FROM journal WHERE event = 'response_received'`)
		}, "answer-missing", true},
		{"a row was changed", func(w *world, x exchanged) {
			w.sql(w.a, unlock, `UPDATE journal SET detail = 'x' WHERE event = 'request_sent'`)
		}, "row-changed", true},
		{"a row of another message", func(w *world, x exchanged) {
			err := w.a.store.DB.Update(context.Background(), func(tx *store.Tx) error {
				return w.a.journal.RecordMessage(tx, audit.MessageEvent{Name: "sent", Box: "out", MessageID: x.request, ConversationID: x.conversation, SHA256: strings.Repeat("0", 64)})
			})
			if err != nil {
				w.t.Fatal(err)
			}
		}, "log-contradicts", true},
		{"a second request without a first", func(w *world, x exchanged) {
			w.sql(w.a, `DROP TRIGGER journal_kept`, `DELETE FROM journal WHERE event = 'request_sent'`)
			err := w.a.store.DB.Update(context.Background(), func(tx *store.Tx) error {
				return w.a.record(tx, exchange.RequestSent, x.conversation, x.exchange, x.request, []byte(`<Slot name="PreviewLocation"/>`))
			})
			if err != nil {
				w.t.Fatal(err)
			}
		}, "first-request-missing", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			x := w.exchange()
			tc.damage(w, x)
			for _, id := range []string{x.exchange, x.answer} {
				trace, err := w.prover(w.a).Trace(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, f := range trace.Findings {
					if f.Detail == "" {
						t.Errorf("%s says nothing", f.Code)
					}
					got = append(got, string(f.Code))
				}
				slices.Sort(got)
				if s := strings.Join(slices.Compact(got), " "); s != tc.want {
					t.Errorf("%s: findings %q, want %q: %+v", id, s, tc.want, trace.Findings)
				}
			}
			// Whatever is wrong, the export verifies and does not say what it cannot prove.
			dir := t.TempDir()
			m, err := w.prover(w.a).Export(t.Context(), x.exchange, dir, proof.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if broken := slices.ContainsFunc(m.Findings, func(f proof.Finding) bool { return f.Code == proof.LogBroken }); broken != tc.broken || (m.Log == nil) != tc.broken {
				t.Errorf("%+v, %+v", m.Log, m.Findings)
			}
			if r := verify(t, dir); !r.Valid {
				t.Errorf("%v; %+v", r.Fault, m.Findings)
			}
		})
	}
}

// TestUndelivered traces and exports a message that never arrived: there is no receipt, and nobody claims one.
func TestUndelivered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cut = true
	id := w.submit(w.a, "B", exchange.RequestSent, clock.UUID(), clock.UUID(), "<request/>")
	w.pump()
	trace, err := w.prover(w.a).Trace(t.Context(), id)
	if err != nil || len(trace.Findings) != 2 || trace.Findings[0].Code != proof.NotAcknowledged || trace.Findings[1].Code != proof.AnswerMissing || len(trace.Messages[0].Attempts) == 0 {
		t.Fatalf("%+v, %v", trace, err)
	}
	dir := w.export(w.a, id, proof.Options{Payloads: true})
	r := verify(t, dir)
	if !r.Valid || r.Manifest.Messages[0].Receipt != nil || len(r.Manifest.Messages[0].Payloads) != 2 {
		t.Fatalf("%+v, %v", r, r.Fault)
	}
	for _, c := range r.Contents {
		if c.File != "log/documents/1" && len(c.SignedBy) != 1 || c.SignedBy[0] != "AP_A" {
			t.Errorf("%s stands by %q", c.File, c.SignedBy)
		}
	}
}

// TestPaths leads from rows to a checkpoint that was signed before the export, and past rows of others.
func TestPaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.exchange()
	w.exchange()
	err := w.a.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		_, err := w.a.journal.Checkpoint(tx, audit.Interval, signer("A"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.exchange()
	r := verify(t, w.export(w.a, x.exchange, proof.Options{}))
	if !r.Valid || r.Manifest.Log.First != 1 || r.Manifest.Log.Last != 9 || r.Manifest.Log.Checkpoint != 18 {
		t.Errorf("%+v, %v", r.Manifest.Log, r.Fault)
	}
}

// TestKeyRollover exports an exchange when the key that signed it is gone: the one that followed it signs.
func TestKeyRollover(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.exchange()
	p := w.prover(w.a)
	p.Signer = proof.Among([]audit.Signer{signer("C"), signer("A, later")})
	dir := t.TempDir()
	if _, err := p.Export(t.Context(), x.exchange, dir, proof.Options{}); err != nil {
		t.Fatal(err)
	}
	if r := proof.Verify(os.DirFS(dir), proof.Trust{}); !r.Valid || len(r.Signers) != 3 {
		t.Errorf("%+v, %v", r, r.Fault)
	}
	if r := verify(t, dir); r.Valid || !strings.HasPrefix(r.Fault.File, "certificates/") {
		t.Errorf("the later key comes from an authority that is not trusted: %v", r.Fault)
	}
	resign(t, dir, "B", nil)
	if r := proof.Verify(os.DirFS(dir), proof.Trust{}); r.Valid {
		t.Error("what the other side has signed verifies")
	}
}

// TestEndlessConversation traces a message of a back end that knows one conversation only: the exchange is what refers
// to it.
func TestEndlessConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submit(w.a, "B", exchange.RequestSent, "1", "", "<request/>")
	w.pump()
	w.sql(w.a, `DROP TRIGGER journal_kept`, `DELETE FROM journal`)
	w.sql(w.a, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
		INSERT INTO gateway_outbox (message_id, peer_type, peer, action, conversation_id, state, attempts, next_attempt, lease_owner, lease_until, created_at,
			settled_at, error_code, content_type, boundary, envelope, signed_refs)
		SELECT 'm' || i, 't', 'p', 'a', '1', 'undelivered', 0, 0, '', 0, i, 0, '', '', '', '', '' FROM n`)
	trace, err := w.prover(w.a).Trace(t.Context(), id)
	if err != nil || len(trace.Messages) != 1 || trace.Findings[0].Code != proof.TooMany {
		t.Errorf("%d messages, %v, %v", len(trace.Messages), trace.Findings, err)
	}
}
