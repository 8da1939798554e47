package gateway

import (
	"time"

	"oots/edelivery/ebms"
)

// A Box is one side of the access point.
type Box string

// The boxes: what we send and what we receive.
const (
	Out Box = "out"
	In  Box = "in"
)

// A Filter says which messages Search returns; a zero field does not restrict.
type Filter struct {
	Text    string  // message, conversation or eb:RefToMessageId, or how one of them begins: four characters at least
	Box     Box     // "" is both
	States  []State // any of them
	Partner string  // value of the other access point's party id
	Action  string
	Since   time.Time // stored at or after it
	Until   time.Time // stored before it
	Before  time.Time // for the next page: Created of the last message of this one
	Limit   int       // 0 is 50; at most 1000
}

// A Summary is one message in a list.
type Summary struct {
	Box            Box
	MessageID      string
	ConversationID string
	RefToMessageID string // "" for none
	Partner        string // value of the other access point's party id
	Service        string
	Action         string // "" for a receipt of ours that goes by callback
	State          State
	Attempts       int       // of sending, or of handing over to the back end
	Created        time.Time // submitted, or received
	NextAttempt    time.Time // zero unless it waits
	Settled        time.Time // zero while under way
	ErrorCode      string    // of the last attempt or of what ended it
	Size           int64     // bytes of its payloads before encryption
	Parts          int
}

// An Attempt is one try to send a message, or to hand one over to the back end. Its texts hold no payload and no
// personal data.
type Attempt struct {
	At       time.Time
	Number   int           // from 1; begins anew when an operator sends again
	Duration time.Duration // until the answer or the failure
	Outcome  string        // one of the Outcome constants
	Code     string        // ebMS code, "" for none
	Detail   string        // what went wrong, or what the peer says; for an operator
	Status   int           // of the HTTP response; 0 for none
	Layers   []Layer       // how long each layer of the connection took; those of a connection that was kept are missing
}

// A Layer is one step of an attempt on the network.
type Layer struct {
	Name     string // "dns", "tcp", "tls" or "answer"
	Duration time.Duration
}

// Outcomes of attempts.
const (
	OutcomeReceipt     = "receipt"           // a valid receipt
	OutcomeTaken       = "taken"             // our signal was taken
	OutcomeName        = "name not resolved" // DNS
	OutcomeRefused     = "connection refused"
	OutcomeUnreachable = "unreachable" // no route, no answer to the connection
	OutcomeTLS         = "tls"         // handshake or certificate
	OutcomeBroken      = "connection broken"
	OutcomeTimeout     = "timeout"
	OutcomeBusy        = "busy"        // 429 or 503: the peer asks for time
	OutcomeNoSignal    = "no signal"   // an answer that is no ebMS signal
	OutcomeBadReceipt  = "bad receipt" // EBMS:0302
	OutcomeError       = "error"       // an ebMS error of the peer
	OutcomeDelivered   = "delivered"   // the back end took it
	OutcomeRejected    = "rejected"    // the back end did not take it
	OutcomeLocal       = "local"       // this access point could not try: P-Mode gone, payload unreadable
)

// A Dossier is everything that is kept of one message.
type Dossier struct {
	Summary
	Message  ebms.UserMessage // read from the envelope; zero for a signal
	Attempts []Attempt        // oldest first
	Envelope []byte           // the SOAP envelope as sent or received
	Receipt  []byte           // the receipt as received or given; nil for none
	Parts    []PartFacts
	Deleted  time.Time // when the payloads were deleted; zero while they are here
}

// PartFacts is what is known of a payload, also after it was deleted.
type PartFacts struct {
	ContentID string
	MimeType  string
	Size      int64 // bytes before encryption; as compressed in the outbox
}

// A Queue is what waits for or comes from one partner.
type Queue struct {
	Partner     string // value of its party id
	Waiting     int    // to be sent
	Sending     int
	Unclear     int       // wait for an operator
	Received    int       // to be handed over, those being handed over included
	Stuck       int       // wait for an operator
	Oldest      time.Time // of what waits in either direction; zero for none
	NextAttempt time.Time // of what is to be sent; zero for none
	// Slowed is when the next attempt to the partner is made although more is due: it could not be reached, or has asked
	// for time. Zero when it is not slowed. It is what this process knows.
	Slowed    time.Time
	Throttled int64 // messages of it that this process has answered with 503 because they were too many
}

// An EventName says what has happened to a message.
type EventName string

// The events of a message.
const (
	EventSubmitted    EventName = "submitted"
	EventSent         EventName = "sent" // one attempt, whatever came of it
	EventAcknowledged EventName = "acknowledged"
	EventUnclear      EventName = "unclear"
	EventFailed       EventName = "failed"
	EventReceived     EventName = "received"
	EventDuplicate    EventName = "duplicate"
	EventRefused      EventName = "refused"
	EventDelivered    EventName = "delivered"
	EventStuck        EventName = "stuck"
	EventDeleted      EventName = "deleted"
	EventResent       EventName = "resent"
	EventCancelled    EventName = "cancelled"
	EventResolved     EventName = "resolved"
)

// An Event is one fact about a message, told in the transaction that makes it a fact.
type Event struct {
	At             time.Time
	Name           EventName
	Box            Box
	MessageID      string
	ConversationID string
	RefToMessageID string
	Partner        string // value of the other access point's party id; "" when it is not proven
	Action         string
	Code           string // ebMS code, or one of ours that begins with OOTS:
	Detail         string // for an operator; no personal data
	// Digest is SHA-256 in hexadecimal: of the SOAP envelope for submitted, sent, received, duplicate; of the signal for
	// acknowledged; for deleted of the signed digests of the payloads, see PayloadDigest.
	Digest string

	Actor string // who has done it, see WithActor; "" when nobody has
	// Unproven says that nobody is proven to have sent it: MessageID is what a stranger has written.
	Unproven bool
	// Count is how often it happened since Since, where one event stands for many: refusals of strangers by code, and
	// what is repeated with one message. 0 is once.
	Count int
	Since time.Time
}

// Metrics counts and measures; implementations are safe for concurrent use and fast.
type Metrics interface {
	// Count adds one. Partner is the value of a party id that a P-Mode has, or "".
	Count(name, partner, outcome string)
	// Observe adds a measurement.
	Observe(name string, d time.Duration)
}

// The names that Metrics gets.
const (
	MetricAttempts  = "attempts"  // by outcome
	MetricSettled   = "settled"   // by state
	MetricReceived  = "received"  // by "received", "duplicate", "refused", "throttled", "busy"
	MetricDelivered = "delivered" // by outcome
	MetricSend      = "send"      // time of one attempt
	MetricReceive   = "receive"   // time from the first byte to the stored receipt
)

// The codes of ours, where no ebMS code says it.
const (
	// CodeCancelled ends a message that an operator has cancelled that cannot have arrived.
	CodeCancelled = "OOTS:CANCELLED"
	// CodeUncertain ends a message that an operator has cancelled after an attempt that had a connection: it may
	// have arrived, and its receipt may still come, which then counts.
	CodeUncertain = "OOTS:UNCERTAIN"
	// CodeResolved ends a message that an operator has declared settled.
	CodeResolved = "OOTS:RESOLVED"
)
