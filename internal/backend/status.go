package backend

import (
	"context"
	"errors"
	"time"

	"oots/edelivery/ebms"
	"oots/internal/gateway"
	"oots/internal/store"
)

// A Status is the state of a message in the words that back ends know.
type Status string

// The states. READY_TO_PULL and BEING_PULLED do not occur: nothing is pulled. [AS4 1.15 §3.2]
const (
	SendEnqueued      Status = "SEND_ENQUEUED"
	SendInProgress    Status = "SEND_IN_PROGRESS"
	WaitingForRetry   Status = "WAITING_FOR_RETRY"
	WaitingForReceipt Status = "WAITING_FOR_RECEIPT" // it has probably arrived, without a proof
	Acknowledged      Status = "ACKNOWLEDGED"
	SendFailure       Status = "SEND_FAILURE" // it is not sent any more; a late receipt makes ACKNOWLEDGED of it
	StatusReceived    Status = "RECEIVED"
	StatusDownloaded  Status = "DOWNLOADED"
	StatusDeleted     Status = "DELETED"
	NotFound          Status = "NOT_FOUND"
)

func (s *Sent) status() Status {
	switch s.State {
	case gateway.Sending:
		return SendInProgress
	case gateway.Acknowledged, gateway.Resolved:
		return Acknowledged
	case gateway.Undelivered, gateway.Cancelled:
		return SendFailure
	case gateway.Unclear:
		return WaitingForReceipt
	}
	if s.Attempts > 0 {
		return WaitingForRetry
	}
	return SendEnqueued
}

func (r *Received) status() Status {
	switch r.State {
	case Downloaded:
		return StatusDownloaded
	case Deleted:
		return StatusDeleted
	}
	return StatusReceived
}

// find looks a message up on the sides that role asks for; what the account may not see is not there.
func (s *Service) find(ctx context.Context, a Account, messageID string, role APRole) (sent *Sent, received *Received, err error) {
	if err := CheckMessageID(messageID, "messageID"); err != nil {
		return nil, nil, err
	}
	err = s.c.Store.View(ctx, func(tx *store.Tx) error {
		if role != Receiving {
			m, err := s.c.Store.Sent(tx, messageID)
			switch {
			case err == nil && a.sees(m.OriginalSender):
				sent = &m
			case err != nil && !errors.Is(err, store.ErrNotFound):
				return err
			}
		}
		if role != Sending {
			m, err := s.c.Store.Received(tx, messageID)
			switch {
			case err == nil && a.sees(corner(&m.Message, ebms.FinalRecipient)):
				received = &m
			case err != nil && !errors.Is(err, store.ErrNotFound):
				return err
			}
		}
		return nil
	})
	if err == nil && sent != nil && received != nil {
		err = fail(Ambiguous, "messageID", "Message with id [%s] exists as SENDING and as RECEIVING; say which access point role", messageID)
	}
	return sent, received, err
}

// Status returns the state of a message; NotFound, without an error, when there is none.
func (s *Service) Status(ctx context.Context, a Account, messageID string, role APRole) (Status, error) {
	sent, received, err := s.find(ctx, a, messageID, role)
	switch {
	case err != nil:
		return "", err
	case sent != nil:
		return sent.status(), nil
	case received != nil:
		return received.status(), nil
	}
	return NotFound, nil
}

// A MessageError is one thing that went wrong with a message.
type MessageError struct {
	Code   string // "EBMS:0301"
	Detail string
	Role   APRole
	At     time.Time
}

// Errors lists what went wrong with a message; none is no error.
func (s *Service) Errors(ctx context.Context, a Account, messageID string, role APRole) ([]MessageError, error) {
	sent, received, err := s.find(ctx, a, messageID, role)
	switch {
	case err != nil:
		return nil, err
	case received != nil, sent != nil && sent.ErrorCode == "":
		return nil, nil
	case sent == nil:
		return nil, notFound(messageID)
	}
	e := MessageError{Code: sent.ErrorCode, Role: Sending, At: sent.SettledAt}
	if e.At.IsZero() {
		e.At = sent.CreatedAt
	}
	if row, ok := ebms.Lookup(sent.ErrorCode); ok {
		e.Detail = row.ShortDescription
	}
	return []MessageError{e}, nil
}
