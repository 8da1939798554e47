package gateway

import (
	"context"
	"net/http"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
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
	Service        string
	Action         string
	ConversationID string
	RefToMessageID string
	State          State
	Attempts       int
	NextAttempt    time.Time
	CreatedAt      time.Time
	SettledAt      time.Time   // zero while under way
	ErrorCode      string      // ebMS code that ended it, or of the last attempt
	Entity         *as4.Entity // without key and parts once they are deleted
	Receipt        []byte      // raw signal, once acknowledged

	Plan      pmode.Retry      // as agreed when it was submitted; the zero value is that of the configuration
	Keeping   *pmode.Retention // of its payloads, likewise; nil is that of the configuration
	StartedAt time.Time        // when the plan began; zero is CreatedAt
	ExpiresAt time.Time        // when the plan ends; zero is never
	Silent    bool             // no back end is told what becomes of it: a ping
	Parts     []PartFacts
	Deleted   time.Time // when the payloads were deleted

	// Unreadable says why the content of the row cannot be read: damaged, or sealed with another key. Then the fields are
	// those that can be.
	Unreadable error
}

// signal reports whether o is a receipt of ours on its way by callback: it has no action, nobody is told when
// it fails, and an empty answer takes it.
func (o *Outbound) signal() bool { return o.Action == "" }

// settled reports whether nothing more happens to o by itself.
func (o *Outbound) settled() bool { return o.State != Waiting && o.State != Sending }

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

	PayloadDigest string    // see PayloadDigest
	PurgeAt       time.Time // when the payloads go although no back end took them; zero is never

	// Unreadable says why the content of the row cannot be read: damaged, or sealed with another key. Then Message has ids,
	// sender, service and action only.
	Unreadable error
}

// A Claim says what work may be taken, and by whom.
type Claim struct {
	Partner   string // value of a party id
	MessageID string // this one and no other, unless ""
	Owner     string
	Now       time.Time
	Until     time.Time // end of the lease
}

// Due is how much is due to be sent to one partner.
type Due struct {
	Partner string // value of a party id
	Count   int    // at most the limit that was asked for
}

// A Key names one message of one box.
type Key struct {
	Box       Box
	MessageID string
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
	// Revive gives back what was claimed under a lease that has run out, and makes due what waits for a time that a clock
	// has set which was ahead of now. What busy names is left alone. It returns how many.
	Revive(tx *store.Tx, now time.Time, busy []Key) (int64, error)

	PutOutbound(tx *store.Tx, o Outbound) error
	// Due says to which partners something is due.
	Due(tx *store.Tx, now time.Time, limit int) ([]Due, error)
	// ClaimOutbound takes what is due longest to a partner, although it may be Unreadable.
	ClaimOutbound(tx *store.Tx, c Claim) (Outbound, error)
	// Outbound returns a message in whatever state, without key and parts; ErrNotFound when there is none.
	Outbound(tx *store.Tx, messageID string) (Outbound, error)
	// ConcludeOutbound settles a message that is under way, or by a late receipt one that was given up, whoever has
	// claimed it.
	ConcludeOutbound(tx *store.Tx, messageID string, s State, code string, receipt []byte, at time.Time) error
	ExtendOutbound(tx *store.Tx, messageID, owner string, until time.Time) error
	SettleOutbound(tx *store.Tx, messageID, owner string, s State, code string, receipt []byte, at time.Time) error
	RetryOutbound(tx *store.Tx, messageID, owner, code string, next time.Time) error
	// PostponeOutbound is RetryOutbound without counting the attempt.
	PostponeOutbound(tx *store.Tx, messageID, owner, code string, next time.Time) error
	// Overdue lists what waits for a partner beyond the end of its plan.
	Overdue(tx *store.Tx, partner string, now time.Time, limit int) ([]string, error)
	// MoveOutbound changes the state of a message that is in one of from, for an operator.
	MoveOutbound(tx *store.Tx, messageID string, from []State, to State, code string, at time.Time) error
	// ResendOutbound makes a message that is in one of from wait again, from the first attempt on.
	ResendOutbound(tx *store.Tx, messageID string, from []State, at, expires time.Time) error

	PutInbound(tx *store.Tx, in Inbound) error
	Inbound(tx *store.Tx, messageID string) (Inbound, error)
	// ClaimInbound takes what is due longest, although it may be Unreadable.
	ClaimInbound(tx *store.Tx, now time.Time, owner string, until time.Time) (Inbound, error)
	SettleInbound(tx *store.Tx, messageID, owner string, s State, at time.Time) error
	RetryInbound(tx *store.Tx, messageID, owner string, next time.Time) error
	// MoveInbound changes the state of a message that is in one of from, for an operator.
	MoveInbound(tx *store.Tx, messageID string, from []State, to State, at time.Time) error

	// PutAttempt adds an attempt to the history of a message.
	PutAttempt(tx *store.Tx, k Key, a Attempt) error
	// Keep says when the payloads of a message are to be deleted.
	Keep(tx *store.Tx, k Key, until time.Time) error
	// Erase deletes the payloads and the key of a settled message; digest is what was deleted, "" when nothing was there.
	// Forget is when its row may go; zero is never.
	Erase(tx *store.Tx, k Key, at, forget time.Time) (digest string, err error)
	// Expired lists settled messages whose payloads are to be deleted by now.
	Expired(tx *store.Tx, now time.Time, limit int) ([]Key, error)
	// Forget deletes the rows of messages whose time is over, at most limit, and returns how many.
	Forget(tx *store.Tx, now time.Time, limit int) (int64, error)
	// Scrub makes sure that deleted bytes are in no file any more.
	Scrub(ctx context.Context) error

	Search(tx *store.Tx, f Filter) ([]Summary, error)
	Look(tx *store.Tx, k Key) (Dossier, error)
	Queues(tx *store.Tx) ([]Queue, error)
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
