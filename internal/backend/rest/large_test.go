package rest_test

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/backend"
	"oots/internal/store"
)

// A held content can be read once; who reads it again waits.
type held struct {
	opened  atomic.Int64
	reading chan struct{} // closed when somebody waits
	free    chan struct{}
}

const heldText = "<x/>"

func (h *held) Size() int64 { return int64(len(heldText)) }

func (h *held) Open() (io.ReadCloser, error) {
	if h.opened.Add(1) == 2 {
		close(h.reading)
		<-h.free
	}
	return io.NopCloser(strings.NewReader(heldText)), nil
}

// TestLargeSubmissionHoldsNobody: while a payload is packed, others write to the database.
func TestLargeSubmissionHoldsNobody(t *testing.T) {
	t.Parallel()
	fr, _ := newWorld(t)
	content := &held{reading: make(chan struct{}), free: make(chan struct{})}
	submission := backend.Submission{
		Message: ebms.UserMessage{
			To: ebms.Party{ID: ebms.PartyID{Type: partyType, Value: "AP_DE"}}, Service: ebms.Service{Type: ebrs, Value: "QueryManager"}, Action: "ExecuteQueryRequest",
			ConversationID: "c-1", Properties: []ebms.Property{{Name: "originalSender", Value: "C1"}, {Name: "finalRecipient", Value: "C4"}},
		},
		Payloads: []as4.Payload{{ContentID: "x@fr.test", MimeType: "text/xml", Content: content}},
	}
	done := make(chan error, 1)
	go func() {
		_, err := fr.backend.Submit(context.Background(), backend.Account{Name: "admin", Role: backend.Admin}, submission)
		done <- err
	}()
	<-content.reading
	if err := fr.store.DB.Update(t.Context(), func(*store.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
	close(content.free)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
