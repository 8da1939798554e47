package requester_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/requester"
	"oots/internal/store"
)

// TestSettledExchangesForgetThePerson looks into the store.
func TestSettledExchangesForgetThePerson(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	request := func() *edm.Request {
		var r requester.Record
		err := p.at.DB.View(t.Context(), func(tx *store.Tx) (err error) {
			r, err = p.at.Requester().ExchangeByID(tx, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return r.Request
	}
	if request() == nil {
		t.Fatal("an open exchange needs its request")
	}
	p.deliver()
	if request() != nil {
		t.Error("the request, and the person in it, is kept")
	}
}

// TestStoredEvidenceIsWhatArrived replaces the stored bytes behind the back of the service.
func TestStoredEvidenceIsWhatArrived(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	p.deliver()
	err := p.at.DB.Update(t.Context(), func(tx *store.Tx) error {
		n, err := tx.Exec(`UPDATE requester_evidence SET content = $1`, p.at.Seal.Seal([]byte("%PDF-forged"), "requester_evidence:"+id+":0"))
		if n != 1 {
			t.Errorf("%d rows", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, b, err := p.requester.Evidence(t.Context(), id, "0"); err == nil || b != nil {
		t.Error("forged evidence was given out")
	}
}

// TestNothingReadableOnDisk looks for names and evidence in the files of both nodes.
func TestNothingReadableOnDisk(t *testing.T) {
	t.Parallel()
	p, _, id := answered(t)
	p.deliver()
	p.wantState(id, exchange.Answered)
	other, _ := p.ask(eleni)
	if err := p.requester.Upload(t.Context(), other, requirement, "Diplom of Eleni.pdf", "application/pdf", []byte("%PDF-own")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range p.dirs {
		for name, b := range files(t, dir) {
			for _, s := range []string{"Papadopoulou", "1998-03-25", "%PDF-", "Diplom of Eleni"} {
				if bytes.Contains(b, []byte(s)) {
					t.Errorf("%q is readable in %s", s, name)
				}
			}
		}
	}
}

// TestEvidenceNeverReachesTheLog has answers in which an evidence stands where the document should be.
func TestEvidenceNeverReachesTheLog(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*exchange.Envelope){
		"no document":      func(e *exchange.Envelope) { *e = exchange.Assemble(e.Header, e.Attachments) },
		"mislabelled":      func(e *exchange.Envelope) { e.Body = e.Attachments[0].Content },
		"XML evidence":     func(e *exchange.Envelope) { e.Body, e.BodyType = []byte("<grade/>"), "application/xml" },
		"unknown exchange": func(e *exchange.Envelope) { e.Body, e.ExchangeID = e.Attachments[0].Content, clock.UUID() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _, _ := answered(t)
			e := p.last()
			p.lose()
			edit(&e)
			p.bring(e)
			last := p.atLog.events[len(p.atLog.events)-1]
			if last.Name != exchange.ResponseRefused || last.Document != nil {
				t.Errorf("event %s with a document of %d bytes", last.Name, len(last.Document))
			}
			if n := len(last.Parts); n == 0 || last.Parts[n-1].SHA256 == "" {
				t.Error("the log does not even know the digest")
			}
		})
	}
}

// TestUnwantedEvidenceIsDeleted looks into the store after the user has replaced what had arrived.
func TestUnwantedEvidenceIsDeleted(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(*pair, string) error{
		"reset": func(p *pair, app string) error { return p.requester.Reset(p.t.Context(), app, requirement) },
		"own file": func(p *pair, app string) error {
			return p.requester.Upload(p.t.Context(), app, requirement, "d.pdf", "application/pdf", []byte("%PDF-own"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, app, id := answered(t)
			p.deliver()
			p.wantState(id, exchange.Answered)
			if err := replace(p, app); err != nil {
				t.Fatal(err)
			}
			if n := rows(t, p.at.DB, "requester_evidence"); n != 0 {
				t.Errorf("%d documents are kept", n)
			}
			if _, _, err := p.requester.Evidence(t.Context(), id, "0"); !errors.Is(err, requester.ErrNoEvidence) {
				t.Errorf("evidence: %v", err)
			}
		})
	}
}

// rows counts what a table holds.
func rows(t *testing.T, db *store.DB, table string) int {
	t.Helper()
	n := 0
	if err := db.View(t.Context(), func(tx *store.Tx) error { return tx.Row(`SELECT COUNT(*) FROM `+table, nil, &n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// spoil changes one row behind the back of the service.
func spoil(t *testing.T, db *store.DB, query string, args ...any) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		n, err := tx.Exec(query, args...)
		if n != 1 {
			t.Errorf("%d rows changed", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestOneBrokenRowDoesNotStopTheOthers makes one exchange unreadable: the timeouts of the others are concluded.
func TestOneBrokenRowDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	_, broken := p.ask(eleni)
	p.clock.Add(time.Second) // the broken one is due first
	_, id := p.ask(dimitris)
	spoil(t, p.at.DB, `UPDATE requester_exchange SET data = $1 WHERE id = $2`, []byte("spoiled"), broken)
	p.clock.Add(exchange.DefaultRequester.T1 + time.Second)
	n, err := p.requester.Expire(t.Context())
	if n != 1 || err == nil || !strings.Contains(err.Error(), broken) {
		t.Errorf("expired %d, %v; want one, and an error that names the other", n, err)
	}
	p.wantState(id, exchange.Expired)
}

// TestWhatNobodyNeedsIsNotSent has a user whose eID also tells how to reach her.
func TestWhatNobodyNeedsIsNotSent(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	user := eleni
	user.Person.PhoneNumber, user.Person.EmailAddress, user.Person.PlaceOfBirth = "+30 210 0000000", "eleni@example.el", "Athens"
	p.ask(user)
	body := p.last().Body
	for _, private := range []string{"+30 210", "eleni@"} {
		if bytes.Contains(body, []byte(private)) {
			t.Errorf("%q was sent", private)
		}
	}
	if !bytes.Contains(body, []byte("Athens")) {
		t.Error("what helps to find her was not sent")
	}
}

// TestAskingTakesThePlaceOfTheUpload deletes the file: one of the two proves the requirement.
func TestAskingTakesThePlaceOfTheUpload(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, err := p.requester.Open(t.Context(), "T3", eleni)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.requester.Upload(t.Context(), app.ID, requirement, "d.pdf", "application/pdf", []byte("%PDF-own")); err != nil {
		t.Fatal(err)
	}
	p.wantCard(app.ID, requester.Uploaded)
	if _, err := p.requester.Ask(t.Context(), diplomaAsk(app.ID)); err != nil {
		t.Fatal(err)
	}
	p.wantCard(app.ID, requester.Asking)
	if n := rows(t, p.at.DB, "requester_card WHERE upload IS NOT NULL OR upload_content IS NOT NULL"); n != 0 {
		t.Error("the file is kept")
	}
}

// TestNothingIsHandedOver when nothing has come.
func TestNothingIsHandedOver(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	app, id := p.ask(kostas)
	p.deliver()
	p.wantState(id, exchange.Empty)
	if err := p.requester.Submit(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	if last := p.atLog.events[len(p.atLog.events)-1]; last.Name != exchange.ResponseReceived {
		t.Errorf("last event is %s", last.Name)
	}
}
