package gateway

import (
	"context"
	"net/http"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/store"
)

// A State is where a message stands in the outbox or inbox.
type State string

// The states of the outbox: Waiting → Sending → Acknowledged, or back to Waiting, or Undelivered. Unclear is a
// message that the receiver calls a duplicate of an earlier attempt: it has probably arrived, without a proof.
const (
	Waiting      State = "waiting"
	Sending      State = "sending"
	Acknowledged State = "acknowledged"
	Undelivered  State = "undelivered"
	Unclear      State = "unclear"
	Cancelled    State = "cancelled" // by an operator
	Resolved     State = "resolved"  // by an operator; in both boxes
)

// The states of the inbox: Received → Handling → Handled, or back to Received, or Stuck. Tested is a
// message of the test service, which nobody consumes.
const (
	Received State = "received"
	Handling State = "handling"
	Handled  State = "handled"
	Stuck    State = "stuck"
	Tested   State = "tested"
)

// An Outbound is one row of the outbox.
type Outbound struct {
	MessageID      string
	To             ebms.PartyID
	Action         string
	ConversationID string
	State          State
	Attempts       int
	NextAttempt    time.Time
	CreatedAt      time.Time
	SettledAt      time.Time   // zero while under way
	ErrorCode      string      // ebMS code that ended it, or of the last attempt
	Entity         *as4.Entity // without key and parts once settled
	Receipt        []byte      // raw signal, once acknowledged
}

// signal reports whether o is a receipt of ours on its way by callback: it has no action, nobody is told when
// it fails, and an empty answer takes it.
func (o *Outbound) signal() bool { return o.Action == "" }

// An Inbound is one row of the inbox.
type Inbound struct {
	Message     ebms.UserMessage
	Payloads    []as4.Payload // empty once handled
	Fingerprint string
	State       State
	Attempts    int
	NextAttempt time.Time
	ReceivedAt  time.Time
	ReceiptType string // Content-Type of the receipt
	Receipt     []byte // given again to a duplicate, byte for byte
	Envelope    []byte // raw SOAP envelope as received, kept as evidence
}

// Store keeps the outbox and the inbox. Claim, Settle and Retry are conditional: they act only when the
// row is in the state, and under the lease, that the caller believes; ErrNotFound otherwise.
type Store interface {
	Update(ctx context.Context, f func(*store.Tx) error) error
	View(ctx context.Context, f func(*store.Tx) error) error

	// Sweep removes what was spooled before cutoff and belongs to no message.
	Sweep(tx *store.Tx, cutoff time.Time) error
	// Release gives back what owner had claimed and not settled, at once.
	Release(tx *store.Tx, owner string) error

	PutOutbound(tx *store.Tx, o Outbound) error
	ClaimOutbound(tx *store.Tx, now time.Time, owner string, until time.Time) (Outbound, error)
	// Outbound returns a message that is under way, without key and parts; ErrNotFound when there is none.
	Outbound(tx *store.Tx, messageID string) (Outbound, error)
	// ConcludeOutbound settles a message that is under way, whoever has claimed it.
	ConcludeOutbound(tx *store.Tx, messageID string, s State, code string, receipt []byte, at time.Time) error
	ExtendOutbound(tx *store.Tx, messageID, owner string, until time.Time) error
	SettleOutbound(tx *store.Tx, messageID, owner string, s State, code string, receipt []byte, at time.Time) error
	RetryOutbound(tx *store.Tx, messageID, owner, code string, next time.Time) error

	PutInbound(tx *store.Tx, in Inbound) error
	Inbound(tx *store.Tx, messageID string) (Inbound, error)
	ClaimInbound(tx *store.Tx, now time.Time, owner string, until time.Time) (Inbound, error)
	SettleInbound(tx *store.Tx, messageID, owner string, s State, at time.Time) error
	RetryInbound(tx *store.Tx, messageID, owner string, next time.Time) error
}

// A Wire is one HTTP entity as it went over the wire, for whoever wants to see every byte.
type Wire struct {
	At        time.Time
	Sent      bool   // by this access point
	Signal    bool   // a receipt or an error, in the HTTP response
	MessageID string // of the user message it carries or answers; "" if unreadable
	Action    string
	// ConversationID is that of the user message; "" if unreadable.
	ConversationID string
	Status         int // HTTP status, for a Signal
	Header         http.Header
	Body           []byte // nil when it is above WireLimit
}

// WireLimit is the size in bytes up to which an entity is shown to an observer.
const WireLimit = 64 << 20
