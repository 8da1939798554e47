package vectors

import (
	"bytes"
	"context"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/wssec"
)

// TestAnswers gives the sender of v04 answers that the corpus has not: other codes, other statuses, no signal.
func TestAnswers(t *testing.T) {
	t.Parallel()
	run := corpusRun(t)
	cases, err := readManifest(corpusMessagesDir(t))
	if err != nil {
		t.Fatal(err)
	}
	modes, err := ReadPModes(run.PModes, run.Keys, run.Choice)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{run: run, dir: corpusMessagesDir(t), cases: cases, access: &access{modes: modes}}
	sent, err := s.original(&Case{}).read(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	message, err := as4.Unpack(sent.contentType, sent.body)
	if err != nil {
		t.Fatal(err)
	}
	read := func(id string) entity {
		t.Helper()
		e, err := (&Case{ID: id}).read(s.dir)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	failure := func(code string, signer string) entity {
		t.Helper()
		var self *wssec.Identity
		if signer != "" {
			id, err := run.Keys.Identity(signer)
			if err != nil {
				t.Fatal(err)
			}
			self = &id
		}
		signal, err := as4.ErrorSignal([]ebms.Error{*ebms.NewError(code, "made here")}, message.Message.MessageID, "error@yy.example", time.Now().UTC(), self)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := signal.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		return entity{signal.ContentType, b.Bytes()}
	}
	fault := entity{"application/soap+xml; charset=UTF-8", ebms.AppendFault(nil, &ebms.Fault{Code: "Receiver", Reason: "busy"})}
	for _, tc := range []struct {
		name   string
		status int
		answer entity
		want   Outcome
	}{
		{"R10 unsigned error", 200, failure(ebms.ProcessingModeMismatch, ""), Outcome{State: Retrying, Code: ebms.ProcessingModeMismatch}},
		{"R11 signed error that is final", 200, failure(ebms.ProcessingModeMismatch, "AP_YY_01"), Outcome{State: Final, Code: ebms.ProcessingModeMismatch, Notified: ebms.ProcessingModeMismatch}},
		{"R12 signed EBMS:0004", 200, failure(ebms.Other, "AP_YY_01"), Outcome{State: Retrying, Code: ebms.Other}},
		{"R12 signed EBMS:0202", 200, failure(ebms.DeliveryFailure, "AP_YY_01"), Outcome{State: Retrying, Code: ebms.DeliveryFailure}},
		{"R14 unsigned EBMS:4001", 200, failure("EBMS:4001", ""), Outcome{State: Retrying, Code: "EBMS:4001"}},
		{"R04 error signed by another party", 200, failure(ebms.ProcessingModeMismatch, "AP_ZZ_01"), Outcome{State: Retrying, Code: ebms.InvalidReceipt}},
		{"R04 error signed by ourselves", 200, failure(ebms.ProcessingModeMismatch, "AP_XX_01"), Outcome{State: Retrying, Code: ebms.InvalidReceipt}},
		{"R15 SOAP fault only", 500, fault, Outcome{State: Retrying, Code: ebms.MissingReceipt}},
		{"R24 receipt with 500", 500, read("r09-receipt-v04-extra-child"), Outcome{State: Acknowledged}},
		{"M27 signed error with 500", 500, failure(ebms.FailedAuthentication, "AP_YY_01"), Outcome{State: Final, Code: ebms.FailedAuthentication, Notified: ebms.FailedAuthentication}},
		{"M25 redirect", 308, entity{"text/plain", nil}, Outcome{State: Retrying, Code: ebms.MissingReceipt}},
		{"M26 page of a proxy", 200, entity{"text/html", []byte("<html><body>welcome</body></html>")}, Outcome{State: Retrying, Code: ebms.MissingReceipt}},
		{"M26 bad gateway", 502, entity{"text/html", nil}, Outcome{State: Retrying, Code: ebms.MissingReceipt}},
		{"M28 bad request with text", 400, entity{"text/plain", []byte("no")}, Outcome{State: Retrying, Code: ebms.MissingReceipt}},
		{"M29 accepted and empty", 202, entity{"", nil}, Outcome{State: Retrying, Code: ebms.MissingReceipt}},
		{"M29 no content", 204, entity{"", nil}, Outcome{State: Retrying, Code: ebms.MissingReceipt}},
		{"R08 the message itself comes back", 200, sent, Outcome{State: Retrying, Code: ebms.MissingReceipt}},
		{"an answer above 1 MiB", 200, entity{"application/soap+xml", bytes.Repeat([]byte(" "), 2<<20)}, Outcome{State: Retrying, Code: ebms.ConnectionFailure}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, err := s.sender(context.Background(), message)
			if err != nil {
				t.Fatal(err)
			}
			defer a.close()
			got, err := a.send(context.Background(), message, tc.status, tc.answer)
			if err != nil {
				t.Fatal(err)
			}
			if got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}
