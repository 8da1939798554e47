// Package backend is what an access point offers to the systems behind it, corners 1 and 4: accounts, submission,
// a queue of received messages that stay until they are marked as downloaded, the state and errors of a message,
// and notices that are pushed with repetition. [eDelivery four corner model]
//
// It knows no wire format. internal/wsplugin speaks it in SOAP as the WS plugin of Domibus does, so that a national
// back end moves by changing one address; other interfaces can be put beside it on the same queues. It sits on the
// gateway: a submission is stored with the outgoing message in one transaction, and a received message is put into
// the queue in the transaction that marks it as handled.
package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/store"
)

// A Gateway sends messages; *gateway.Gateway is one.
type Gateway interface {
	Prepare(s gateway.Submission) (*gateway.Prepared, error)
	Commit(tx *store.Tx, p *gateway.Prepared) (at time.Time, err error)
}

// Config is what a Service is made of.
type Config struct {
	Store   Store
	Gateway Gateway
	PModes  pmode.Source
	Clock   clock.Clock
	Suffix  string // behind the @ of content ids that a back end gave without one
	Owner   string // names this process in leases: unique among those of one store, the same after a restart
	Log     *slog.Logger

	Pending int           // ids in one list of pending messages; 0 means 500
	Grace   time.Duration // how long a downloaded message can be retrieved again; 0 means an hour, negative not at all
	Keep    time.Duration // how long a message that nobody downloads is kept; 0 means for ever

	Rules  []Rule // who is told of what; none means that back ends ask
	Pusher Pusher // of rules without their own
}

// A Service is the interface of one access point to its back ends. It is safe for concurrent use.
type Service struct {
	c     Config
	known *known
	woken chan struct{}
}

// defaults of Config.
const (
	defaultPending = 500
	defaultGrace   = time.Hour
)

// New makes a service.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Gateway == nil || c.PModes == nil || c.Suffix == "" || c.Owner == "" || c.Log == nil {
		return nil, errors.New("backend: store, gateway, P-Modes, suffix, owner and log are required")
	}
	for i := range c.Rules {
		if err := c.Rules[i].Check(); err != nil {
			return nil, err
		}
		if c.Rules[i].Pusher == nil && c.Pusher == nil {
			return nil, fmt.Errorf("backend: rule %s: no pusher", c.Rules[i].Name)
		}
	}
	if c.Pending <= 0 {
		c.Pending = defaultPending
	}
	if c.Grace == 0 {
		c.Grace = defaultGrace
	}
	return &Service{c: c, known: newKnown(), woken: make(chan struct{}, 1)}, nil
}

// An APRole is the side of the access point on which it knows a message.
type APRole string

// The sides. AnyRole asks for the only one there is.
const (
	AnyRole   APRole = ""
	Sending   APRole = "SENDING"
	Receiving APRole = "RECEIVING"
)

// A ReceivedState is where a received message stands.
type ReceivedState string

// The states of a received message: Ready → Downloaded → Deleted. A deleted one has no payload any more.
const (
	Ready      ReceivedState = "ready"
	Downloaded ReceivedState = "downloaded"
	Deleted    ReceivedState = "deleted"
)

// A Received is a message in the queue.
type Received struct {
	Message      ebms.UserMessage
	Payloads     []as4.Payload // with properties; only where they are asked for
	State        ReceivedState
	ReceivedAt   time.Time
	DownloadedAt time.Time // zero until then
}

// A Sent is a message that a back end has submitted.
type Sent struct {
	MessageID      string
	Account        string // who submitted it
	Fingerprint    string // of header and payloads
	ConversationID string
	OriginalSender string
	FinalRecipient string
	CreatedAt      time.Time

	// What the outbox says; set when it is read.
	State     gateway.State
	Attempts  int
	ErrorCode string // of the end, or of the last attempt
	SettledAt time.Time
}

// A Filter narrows a list. Zero fields mean anything.
type Filter struct {
	MessageID, ConversationID, RefToMessageID   string
	FromPartyID, FinalRecipient, OriginalSender string
	From, To                                    time.Time // of the reception, both included
	Limit                                       int
}

// Store keeps accounts, queues and notices. What is called conditional acts only when the row is as the caller
// believes, and gives store.ErrNotFound otherwise.
type Store interface {
	Update(ctx context.Context, f func(*store.Tx) error) error
	View(ctx context.Context, f func(*store.Tx) error) error

	PutAccount(tx *store.Tx, a Account) error
	Account(tx *store.Tx, name string) (Account, error)
	// AccountOf finds the account with this certificate.
	AccountOf(tx *store.Tx, certificate string) (Account, error)
	Accounts(tx *store.Tx) ([]Account, error)
	// SetFailures writes the count of failed logins in a row and the end of the suspension.
	SetFailures(tx *store.Tx, name string, failures int, until time.Time) error

	PutSent(tx *store.Tx, s Sent) error
	Sent(tx *store.Tx, messageID string) (Sent, error)

	// PutReceived takes the message out of the inbox, its payloads with it, without copying files.
	PutReceived(tx *store.Tx, r Received) error
	Received(tx *store.Tx, messageID string) (Received, error)
	// Pending lists the ids of messages that are Ready, oldest first.
	Pending(tx *store.Tx, f Filter) ([]string, error)
	// Claim gives the message with its payloads to holder until the lease ends; conditional on nobody else holding it,
	// and on its being Ready, or downloaded after since.
	Claim(tx *store.Tx, messageID, holder string, now, until, since time.Time) (Received, error)
	// Extend prolongs a lease that holder has.
	Extend(tx *store.Tx, messageID, holder string, until time.Time) error
	// Unclaim ends the lease of holder and marks the message as downloaded at, unless at is zero; conditional.
	Unclaim(tx *store.Tx, messageID, holder string, at time.Time) error
	// Mark marks a message that is Ready as downloaded; conditional.
	Mark(tx *store.Tx, messageID string, at time.Time) error
	// Expired lists messages downloaded before the one instant or received before the other and not downloaded, that
	// nobody holds now and that are not deleted. A zero instant is never.
	Expired(tx *store.Tx, downloaded, received, now time.Time, limit int) ([]string, error)
	// Delete deletes the payloads of a message that is not deleted yet; conditional.
	Delete(tx *store.Tx, messageID string, at time.Time) error

	// Holds reports whether a message in the outbox or in the queue is made of this content.
	Holds(tx *store.Tx, c as4.Content) (bool, error)

	PutNotice(tx *store.Tx, n Notice) error
	// ClaimNotice takes the notice that is due longest, of those before which no other of the same message waits.
	ClaimNotice(tx *store.Tx, now time.Time, owner string, until time.Time) (Notice, error)
	// SettleNotice ends a notice under way or gives it another time; conditional on the lease.
	SettleNotice(tx *store.Tx, id, owner string, s NoticeState, reason string, next time.Time) error
	// FailedNotices lists the messages with a notice that failed.
	FailedNotices(tx *store.Tx, f Filter) ([]string, error)
	// Renotify puts the failed notices of a message to wait again; conditional on there being one.
	Renotify(tx *store.Tx, messageID string, now time.Time) error
	// ReleaseNotices gives back what owner had claimed and not settled.
	ReleaseNotices(tx *store.Tx, owner string) error
}
