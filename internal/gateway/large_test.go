package gateway_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/spool"
	"oots/internal/store"
)

// large is the content of a part that does not fit into memory's share.
func large() []byte {
	b := make([]byte, 5<<20)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func (w *world) submitLarge(t *testing.T, content []byte) string {
	t.Helper()
	var id string
	err := w.a.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		var err error
		id, _, err = w.a.Submit(tx, gateway.Submission{
			To: party("B"), Action: "ExecuteQueryResponse", ConversationID: clock.UUID(),
			Properties: []ebms.Property{{Name: "originalSender", Value: "C1"}, {Name: "finalRecipient", Value: "C4"}},
			Payloads:   []as4.Payload{{ContentID: "large@a.test", MimeType: "application/octet-stream", Compress: true, Content: as4.Bytes(content)}},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// spooled counts the files in a side's spool.
func (s *side) spooled(t *testing.T) int {
	t.Helper()
	e, err := os.ReadDir(filepath.Join(s.dir, "spool"))
	if err != nil {
		t.Fatal(err)
	}
	return len(e)
}

func TestLargePartsLieInFilesAndLeaveNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	content := large()
	id := w.submitLarge(t, content)
	if n := w.a.spooled(t); n != 1 {
		t.Errorf("%d files in the sender's spool, want the compressed part", n)
	}
	if _, err := w.a.Send(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := w.a.spooled(t); n != 0 {
		t.Errorf("%d files in the sender's spool after the receipt", n)
	}
	if n := w.b.spooled(t); n != 1 {
		t.Errorf("%d files in the receiver's spool, want 1", n)
	}
	var got []byte
	w.b.take = func(d gateway.Delivery) error {
		if _, ok := d.Payloads[0].Content.(*spool.File); !ok {
			t.Errorf("the part is handed over as %T", d.Payloads[0].Content)
		}
		r, err := d.Payloads[0].Content.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		got, err = io.ReadAll(r)
		return err
	}
	pump(t, w.b)
	if sha256.Sum256(got) != sha256.Sum256(content) {
		t.Errorf("%d bytes arrived, want %d equal ones", len(got), len(content))
	}
	if n := w.b.spooled(t); n != 0 {
		t.Errorf("%d files in the receiver's spool after delivery", n)
	}
	if state := w.a.row(t, "gateway_outbox", "state", id); state != "acknowledged" {
		t.Errorf("outbox state %s", state)
	}
}

func TestSecondAttemptAfterRestartSendsTheSameBytes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cut = true
	w.submitLarge(t, large())
	pump(t, w.a)
	again := w.side(t, "A", "B", w.a.dir, "a-1") // the program starts again
	if err := again.Recover(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.clock.Add(gateway.DefaultRetry.Interval)
	w.cut = false
	pump(t, again)
	pump(t, w.b)
	if len(w.sent) != 2 || !bytes.Equal(w.sent[0], w.sent[1]) {
		t.Error("the second attempt sent other bytes [AS4 1.15 §12]")
	}
	if len(w.b.delivered) != 1 {
		t.Errorf("delivered %d", len(w.b.delivered))
	}
}

// TestBrokenTransferLeavesNothing cuts and changes a large message at many places: nothing is delivered, no
// file stays, and the good message is accepted afterwards.
func TestBrokenTransferLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cut = true
	w.submitLarge(t, large())
	pump(t, w.a)
	good, contentType := w.sent[0], w.types[0]
	// The token that names the receiver is not signed, and a change of it changes nothing: so the changes are
	// made in what counts.
	places := []int{
		10, bytes.Index(good, []byte("ExecuteQueryResponse")), bytes.Index(good, []byte("SignatureValue>")) + 40, bytes.Index(good, []byte("<ds:DigestValue>")) + 20,
		300_000, 1 << 20, len(good) - 200, len(good) - 60, len(good) - 5,
	}
	for _, at := range places {
		for _, broken := range [][]byte{good[:at], changedAt(good, at)} {
			rec := post(w, broken, contentType)
			if rec.Code == http.StatusOK && bytes.Contains(rec.Body.Bytes(), []byte("Receipt>")) {
				t.Errorf("broken at %d: acknowledged", at)
			}
		}
	}
	if n := w.b.spooled(t); n != 0 {
		t.Errorf("%d files are left", n)
	}
	pump(t, w.b)
	if len(w.b.delivered) != 0 {
		t.Error("a broken message was delivered")
	}
	first := post(w, good, contentType)
	second := post(w, good, contentType) // a duplicate must not leave a second copy of the part
	if !bytes.Equal(first.Body.Bytes(), second.Body.Bytes()) || w.b.spooled(t) != 1 {
		t.Errorf("after a duplicate %d files are in the spool", w.b.spooled(t))
	}
}

func changedAt(b []byte, at int) []byte {
	c := bytes.Clone(b)
	c[at] ^= 0x20
	return c
}

func TestStoreThatFailsLeavesNoFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cut = true
	w.submitLarge(t, large())
	pump(t, w.a)
	if err := w.b.store.Close(); err != nil {
		t.Fatal(err)
	}
	rec := post(w, w.sent[0], w.types[0])
	if rec.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503: nothing is stored, so nothing is acknowledged", rec.Code)
	}
	if n := w.b.spooled(t); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

func TestOrphansAreSwept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	part, err := w.a.store.Spool.Create()
	if err != nil {
		t.Fatal(err)
	}
	part.Write(large())
	if _, err := part.Finish(); err != nil { // and the process dies before its transaction
		t.Fatal(err)
	}
	w.clock.Add(time.Since(w.clock.Now()) + 2*time.Hour)
	if _, err := w.a.Purge(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := w.a.spooled(t); n != 1 {
		t.Fatal("a part whose process lives was swept")
	}
	again := w.side(t, "A", "B", w.a.dir, "a-1")
	if err := again.Recover(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := w.a.spooled(t); n != 0 {
		t.Errorf("%d orphans are left", n)
	}
}
