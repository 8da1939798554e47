package sqlstore_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// A log is a journal over an empty store, with a clock that a test moves.
type log struct {
	*audit.Journal
	t     *testing.T
	dir   string
	store *sqlstore.Store
	now   time.Time
}

func newLog(t *testing.T) *log {
	t.Helper()
	l := &log{t: t, dir: t.TempDir(), now: time.Date(2027, 9, 14, 8, 30, 0, 0, time.UTC)} // a leap day lies ahead
	var err error
	if l.store, err = sqlstore.Open(t.Context(), l.dir, bytes.Repeat([]byte{3}, 32)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.store.Close() })
	l.Journal = audit.New(l.store.Journal(), clock.Clock{Now: func() time.Time { return l.now }, NewUUID: clock.UUID})
	return l
}

func (l *log) record(events ...exchange.Event) {
	l.t.Helper()
	err := l.store.DB.Update(l.t.Context(), func(tx *store.Tx) error {
		for _, e := range events {
			if err := l.Record(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *log) entries(exchangeID string) (out []exchange.Event, err error) {
	l.t.Helper()
	err = l.store.DB.View(l.t.Context(), func(tx *store.Tx) error {
		entries, err := l.Entries(tx, exchangeID)
		for _, e := range entries {
			if !edm.IsUUID(e.ID) {
				l.t.Errorf("entry %q", e.ID)
			}
			out = append(out, e.Event)
		}
		return err
	})
	return out, err
}

// TestJournal keeps everything that article 17 asks for, in the order in which it happened.
func TestJournal(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	full := exchange.Event{
		Name: exchange.ResponseReceived, At: l.now, ConversationID: "c", ExchangeID: "x", MessageID: "m@ap", RequestID: "urn:uuid:1",
		Code: edm.ObjectNotFound, Rule: "R-EDM-RESP-S001", Detail: "why", Document: []byte("<Eleni/>"), DocumentType: exchange.MediaTypeRegRep,
		Parts: []exchange.Part{{ContentID: "1@ap", MimeType: "application/pdf", SHA256: "ab"}},
	}
	before := exchange.Event{Name: exchange.RequestSent, ExchangeID: "x"} // without a time: the clock's
	l.record(before, full, exchange.Event{Name: exchange.RequestReceived, ExchangeID: "y"})
	before.At = l.now
	got, err := l.entries("x")
	if want := []exchange.Event{before, full}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("entries\n%+v, want\n%+v; %v", got, want, err)
	}
}

// TestJournalIsPartOfTheTransaction keeps nothing of what did not happen.
func TestJournalIsPartOfTheTransaction(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	stop := errors.New("stop")
	err := l.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(l.Record(tx, exchange.Event{ExchangeID: "x"}), stop)
	})
	if got, _ := l.entries("x"); !errors.Is(err, stop) || len(got) != 0 {
		t.Errorf("%d entries, %v", len(got), err)
	}
}

// TestJournalIsSealed looks into the files, and moves a document to another entry.
func TestJournalIsSealed(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	l.record(exchange.Event{ExchangeID: "x", Document: []byte("<Papadopoulou/>")}, exchange.Event{ExchangeID: "y", Document: []byte("<Dimou/>")})
	names, err := filepath.Glob(filepath.Join(l.dir, sqlstore.FileName+"*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%v, %v", names, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("Papadopoulou")) {
			t.Errorf("the document is readable in %s", filepath.Base(name))
		}
	}
	err = l.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Exec(`DROP TRIGGER journal_document`); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE journal SET document = (SELECT document FROM journal WHERE exchange_id = 'y') WHERE exchange_id = 'x'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.entries("x"); err == nil {
		t.Error("a document of another entry was given out")
	}
}

// TestJournalIsErased at the end of its retention, and not before. [IR 2022/1463 art. 17]
func TestJournalIsErased(t *testing.T) {
	t.Parallel()
	l := newLog(t)
	l.record(exchange.Event{ExchangeID: "x"})
	erase := func(want int64) {
		t.Helper()
		err := l.store.DB.Update(t.Context(), func(tx *store.Tx) error {
			n, err := l.Erase(tx)
			if n != want {
				t.Errorf("%d entries erased at %v, want %d", n, l.now, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	l.now = l.now.AddDate(1, 0, 0)
	l.record(exchange.Event{ExchangeID: "y"})
	erase(0)
	l.now = l.now.Add(24*time.Hour + time.Millisecond)
	erase(1)
	if got, _ := l.entries("y"); len(got) != 1 {
		t.Errorf("%d entries of the younger exchange", len(got))
	}
}
