// Package proof rebuilds one exchange from what the access point and the log of article 17 hold, and exports what a
// third party needs to judge it: messages and receipts as they were signed, the rows of the log with their way to a
// signed checkpoint, and certificates. [TDD 4.8] [IR 2022/1463 art. 17]
//
// Verify judges an export with nothing but its folder: no database, no configuration, no network. What an export proves
// is who signed what, and that nothing of it was changed; not that nothing was left out, for who makes it chooses what is in
// it. Whether a certificate belongs to an authority is for whoever names the certificates to trust. The content of evidence
// is not part of it unless it is asked for and still there.
package proof

import (
	"context"
	"crypto/x509"
	"io"
	"time"

	"oots/edelivery/ebms"
	"oots/internal/audit"
	"oots/internal/store"
)

// ErrUnknown says that neither a message nor the log knows an identifier. It is a store.ErrNotFound.
var ErrUnknown error = unknown{}

type unknown struct{}

func (unknown) Error() string { return "neither a message nor the log knows this identifier" }

// Is implements the interface of errors.Is.
func (unknown) Is(target error) bool { return target == store.ErrNotFound }

// A Box is the side of the access point that a message is on.
type Box string

// The boxes.
const (
	Out Box = "out"
	In  Box = "in"
)

// A Message is one message as the access point keeps it.
type Message struct {
	Box            Box
	MessageID      string
	ConversationID string
	RefToMessageID string
	Partner        ebms.PartyID
	Action         string
	State          string // of the gateway
	ErrorCode      string
	At             time.Time // submitted or received
	Settled        time.Time // zero while under way
	Envelope       []byte    // SOAP envelope as it was sent or received; nil when it is gone
	Receipt        []byte    // the signal: received for a message of ours, given for one of theirs; nil when there is none
	Attempts       []Attempt
}

// An Attempt is one try to send a message or to hand it over.
type Attempt struct {
	At       time.Time     `json:"at"`
	Number   int           `json:"number"`
	Duration time.Duration `json:"nanoseconds"`
	Outcome  string        `json:"outcome"`
	Code     string        `json:"code,omitempty"`
	Detail   string        `json:"detail,omitempty"`
	Status   int           `json:"status,omitempty"` // of HTTP
}

// A Payload is a part of a message that is still there.
type Payload struct {
	ContentID string
	MimeType  string // "" for a message of ours, whose header says it
	Open      func() (io.ReadCloser, error)
}

// Most is how much one identifier may bring: back ends there are that give all their messages one conversation.
const Most = 2000

// Messages are the boxes of the access point.
type Messages interface {
	// Messages lists the messages with that message id, conversation id or RefToMessageId, oldest first, of each box at
	// most Most.
	Messages(tx *store.Tx, id string) ([]Message, error)
	// Payloads lists what is left of the parts: for a message of ours as signed, for one of theirs in clear.
	Payloads(tx *store.Tx, box Box, messageID string) ([]Payload, error)
}

// Log is the log of exchanges and messages.
type Log interface {
	// Log lists the rows with that conversation, exchange, message or request, RefToMessageId or Content-ID, in order, at
	// most Most.
	Log(tx *store.Tx, id string) ([]audit.Stored, error)
	// Mentions lists the rows whose document holds the text: for identifiers of answers and of evidence.
	Mentions(tx *store.Tx, text string) ([]audit.Stored, error)
	// Digests lists the digests of the rows from the first position to the last, in order. When one is missing, those
	// before it come with store.ErrNotFound.
	Digests(tx *store.Tx, from, to int64) ([]string, error)
	// Checkpoint is the first signed checkpoint at or behind a position; store.ErrNotFound when there is none.
	Checkpoint(tx *store.Tx, position int64) (audit.Checkpoint, error)
	// Head is position and hash of the last row.
	Head(tx *store.Tx) (position int64, hash string, err error)
}

// A Source is what proofs are made of. Everything is read in one transaction that only reads.
type Source interface {
	View(ctx context.Context, f func(*store.Tx) error) error
	Messages
	Log
}

// A Prover makes traces and exports for one access point.
type Prover struct {
	Source Source
	Now    func() time.Time
	// Signer returns the key that signs an export at that time. Ours are the certificates that our messages and receipts
	// of the exchange were signed with, newest first. See Among.
	Signer func(ours []*x509.Certificate, at time.Time) (audit.Signer, error)
	// Certificates are those that a signer may have been issued by, or may be named by without being in the message.
	Certificates []*x509.Certificate
}
