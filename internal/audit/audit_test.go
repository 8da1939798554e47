package audit_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/corpus"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

var makeSigner = sync.OnceValue(func() audit.Signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "AP_XX_01"}, NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return audit.Signer{Key: crypto.Signer(key), Certificate: cert}
})

// A world is the log of a node with its files, and a clock that a test moves.
type world struct {
	*audit.Keeper
	t     *testing.T
	store *sqlstore.Store
	dir   string
	now   time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: filepath.Join(t.TempDir(), "journal"), now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	var err error
	if w.store, err = sqlstore.Open(t.Context(), t.TempDir(), bytes.Repeat([]byte{3}, 32)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	j := audit.New(w.store.Journal(), clock.Clock{Now: func() time.Time { return w.now }, NewUUID: clock.UUID})
	if w.Keeper, err = audit.NewKeeper(j, w.store.DB, w.dir, makeSigner, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return w
}

// write adds n rows of both kinds.
func (w *world) write(n int) {
	w.t.Helper()
	err := w.store.DB.Update(w.t.Context(), func(tx *store.Tx) error {
		for i := range n {
			id := fmt.Sprintf("m%d@ap", i)
			e := exchange.Event{Name: exchange.RequestSent, ExchangeID: "x", MessageID: id, Detail: "<&> \u2028 ü", Document: []byte("<Eleni/>" + id),
				Parts: []exchange.Part{{ContentID: "1@ap", MimeType: "application/pdf", SHA256: "ab"}}}
			if err := w.Journal.Record(tx, e); err != nil {
				return err
			}
			if err := w.Journal.RecordMessage(tx, audit.MessageEvent{Name: "submitted", Box: "out", MessageID: id, SHA256: "cd"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) work() {
	w.t.Helper()
	if err := w.Work(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) verify() audit.Report {
	w.t.Helper()
	r, err := audit.Verify(w.t.Context(), w.store.DB, w.store.Journal(), w.Files)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// change runs statements as somebody would who can write the database.
func (w *world) change(statements ...string) {
	w.t.Helper()
	err := w.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		for _, trigger := range []string{"journal_unchanged", "journal_document", "journal_kept", "journal_checkpoint_unchanged", "journal_checkpoint_kept"} {
			if _, err := tx.Exec("DROP TRIGGER IF EXISTS " + trigger); err != nil {
				return err
			}
		}
		for _, s := range statements {
			if n, err := tx.Exec(s); err != nil || n == 0 {
				return errors.Join(err, fmt.Errorf("%s: %d rows", s, n))
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) segments() []string {
	w.t.Helper()
	names, err := w.Files.Segments()
	if err != nil {
		w.t.Fatal(err)
	}
	return names
}

func TestVerify(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(300) // more than one batch
	w.work()
	w.now = w.now.AddDate(0, 1, 0)
	w.write(2)
	w.work()
	w.write(1) // committed, not copied yet
	r := w.verify()
	if r.Fault != nil || r.First != 1 || r.Last != 606 || r.Copied != 604 || r.Documents != 303 || r.Checkpoints != 2 || r.Unsigned != 0 || len(r.Signers) != 1 {
		t.Errorf("%+v", r)
	}
	if got := strings.Join(w.segments(), " "); got != "2026-11.log 2026-12.log" {
		t.Errorf("segments %s", got)
	}
	info, err := os.Stat(filepath.Join(w.dir, "2026-11.log"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestAppendOnly: the database refuses what a log does not do.
func TestAppendOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(1)
	w.work()
	for _, statement := range []string{
		`UPDATE journal SET detail = 'x'`, `UPDATE journal SET hash = ''`, `UPDATE journal SET document = x'00'`, `UPDATE journal SET position = 9`,
		`DELETE FROM journal`, `UPDATE journal_checkpoint SET position = 9`, `DELETE FROM journal_checkpoint`,
	} {
		err := w.store.DB.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(statement); return err })
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// TestDocumentErased: the chain stands when documents are gone.
func TestDocumentErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(3)
	err := w.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE journal SET document = NULL WHERE position = 3`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := w.verify(); r.Fault != nil || r.Documents != 2 || r.Erased != 1 {
		t.Errorf("%+v", r)
	}
}

// TestKilled cuts the files at every byte behind what was there, as a process that is killed leaves them, and goes on:
// every row is there once.
func TestKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(1)
	w.work()
	name := filepath.Join(w.dir, "2026-11.log")
	begin, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	w.write(1)
	w.work()
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if n > 0 && n < len(begin)-3 && n%7 != 0 {
			continue
		}
		if err := os.WriteFile(name, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		var err error
		if w.Files, err = audit.OpenFiles(w.dir); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Copy(t.Context()); err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
		got, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(got, whole) {
			t.Fatalf("cut at %d: %d bytes, want %d; %v", n, len(got), len(whole), err)
		}
	}
}

// TestTwoProcesses append at once; every row is there once.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, err := audit.NewKeeper(w.Journal, w.store.DB, w.dir, makeSigner, w.Log)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 20 {
		w.write(3)
		for _, k := range []*audit.Keeper{w.Keeper, other} {
			wg.Go(func() {
				if _, err := k.Copy(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if r := w.verify(); r.Fault != nil || r.Copied != 120 {
		t.Errorf("%+v", r)
	}
}

// TestRetention erases whole beginnings of the log in both places, and the rest verifies. [IR 2022/1463 art. 17]
func TestRetention(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(2)
	w.work()
	w.now = w.now.AddDate(0, 1, 0)
	w.write(2)
	w.work()
	w.now = w.now.AddDate(0, 11, 5) // the first rows are older than the retention
	w.write(2)
	w.work()
	r := w.verify()
	if r.Fault != nil || r.First != 5 || r.Last != 12 || r.Copied != 12 {
		t.Fatalf("%+v, %+v", r, r.Fault)
	}
	if got := strings.Join(w.segments(), " "); got != "2026-12.log 2027-11.log" {
		t.Errorf("segments %s", got)
	}
	w.now = w.now.AddDate(3, 0, 0) // everything is
	w.work()
	if r = w.verify(); r.Fault != nil || r.First != 0 || r.Last != 0 {
		t.Fatalf("%+v, %+v", r, r.Fault)
	}
	w.write(1)
	w.work()
	if r = w.verify(); r.Fault != nil || r.First != 13 {
		t.Fatalf("%+v, %+v", r, r.Fault)
	}
}

// TestLineWithTools follows a row with a shell, as the description of its form says.
func TestLineWithTools(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(2)
	w.work()
	script := `previous=` + audit.Origin + `
while IFS= read -r line; do
	content=$(printf '%s' "$line" | sed 's/,"previous":"[0-9a-f]*","hash":"[0-9a-f]*"}$/}/')
	digest=$(printf '%s' "$content" | sha256sum | cut -d' ' -f1)
	previous=$(printf '%s %s' "$previous" "$digest" | sha256sum | cut -d' ' -f1)
done < "$1"
printf %s "$previous"`
	out, err := exec.Command(corpus.Tool(t, "sh"), "-c", script, "sh", filepath.Join(w.dir, "2026-11.log")).Output()
	if head := w.verify().Head; err != nil || string(out) != head {
		t.Errorf("%s, want %s; %v", out, head, err)
	}
}

func FuzzParseLine(f *testing.F) {
	s := audit.Chained(0, audit.Origin, audit.Row{ID: "i", At: time.Unix(1, 0), Kind: audit.Message, Event: "sent", Parts: []exchange.Part{{MimeType: "a/b"}}}, []byte("x"))
	f.Add(s.AppendLine(nil))
	f.Add([]byte(`{"position":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := audit.ParseLine(b)
		if err != nil {
			if r.Position != 0 || r.ID != "" {
				t.Error("a row beside an error")
			}
			return
		}
		if !bytes.Equal(bytes.TrimSuffix(r.AppendLine(nil), []byte("\n")), bytes.TrimSuffix(b, []byte("\n"))) {
			t.Error("another text")
		}
	})
}

func FuzzReadCheckpoint(f *testing.F) {
	c, err := audit.NewCheckpoint(1, audit.Origin, time.Unix(1, 0), audit.Interval, audit.Signer{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.Text)
	if c, err = audit.NewRestored(1, audit.Origin, time.Unix(1, 0), audit.Head{Position: 2}, audit.Signer{}); err != nil {
		f.Fatal(err)
	}
	f.Add(c.Text)
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := audit.ReadCheckpoint(b); err == nil {
			again, err := audit.NewCheckpoint(c.Position, c.Hash, c.At, c.Reason, audit.Signer{})
			if c.Copy != nil {
				again, err = audit.NewRestored(c.Position, c.Hash, c.At, *c.Copy, audit.Signer{})
			}
			if err != nil || !bytes.Equal(again.Text, b) {
				t.Error("another text")
			}
		}
	})
}
