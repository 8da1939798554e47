// Package requester is corner 1: the evidence requester behind a procedure portal. It asks the
// directories, sends evidence requests, and settles what comes back, once. [TDD 4.4, 4.9]
//
// An Application is one user's run through one procedure; its ID is the ConversationId. It has one Card
// per requirement. A card is proved by the evidence of its exchanges, or by an upload of the user.
// Service does the work; package portal shows it.
package requester

import (
	"context"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/login"
	"oots/internal/store"
)

// A CardState is the state of a requirement as the user sees it. [ux-guidance §4]
type CardState string

// The states of a card.
const (
	ToDo     CardState = "todo"
	Asking   CardState = "asking"   // at least one exchange under way
	Ready    CardState = "preview"  // a preview is waiting for the user
	Received CardState = "received" // every evidence of the card has arrived
	Nothing  CardState = "nothing"  // empty answer or EDM:ERR:0004
	Failed   CardState = "failed"   // any other error
	Expired  CardState = "expired"  // EDM:ERR:0005, received or concluded
	Deferred CardState = "deferred" // Unavailable: see AvailableAt
	Uploaded CardState = "uploaded" // the user's own file
)

// An Application is one user in one procedure.
type Application struct {
	ID        string // bare UUID: the ConversationId of all its exchanges
	Procedure string
	User      login.Identity
	CreatedAt time.Time
	Submitted time.Time // zero until the user submits
	Cards     []Card    // in the order of the Evidence Broker
	Basket    []Wish    // what she has put together and not asked for yet
}

// A Card is one requirement of an application.
type Card struct {
	Requirement directory.Requirement // ID, Names, Descriptions
	State       CardState
	Exchanges   []Exchange // of the current attempt; newest last
	Upload      *Upload
}

// An Exchange is one evidence round trip.
type Exchange struct {
	ID            string // bare UUID: the ExchangeId
	ApplicationID string
	RequirementID string
	State         exchange.RequesterState
	EvidenceType  edm.EvidenceType
	Provider      edm.Agent
	Country       string // of the provider
	RequestID     string // of the request last sent
	SentAt        time.Time
	Deadline      time.Time     // when this side concludes a timeout; zero when settled
	Preview       *edm.Preview  // when State is PreviewRequired or later
	AvailableAt   time.Time     // when State is Deferred
	Error         edm.Code      // when State is Failed or Expired; "" when no code came from outside
	Reason        string        // for support, when Failed or Expired: a rule id, an ebMS code, or our words
	Declined      bool          // the answer was empty after a preview
	Evidence      []EvidenceDoc // metadata of what was delivered
	UpdatedAt     time.Time
}

// GivenUp is the Reason of an exchange that the user did not wait for.
const GivenUp = "given up by the user"

// An EvidenceDoc is one delivered document, without its bytes.
type EvidenceDoc struct {
	ID          string // number within the exchange: "0", "1", …
	Kind        edm.DocumentKind
	Title       string
	Issuer      edm.Texts
	IssuingDate edm.Date
	Format      string
	Language    string
	Size        int64
	SHA256      string
}

// An Upload is a file the user gave herself.
type Upload struct {
	Name, MediaType string
	Size            int64
	SHA256          string
	At              time.Time
}

// An Ask is what the user explicitly asked for on the confirmation page. [IR 2022/1463 art. 12]
type Ask struct {
	ApplicationID string
	RequirementID string
	Service       directory.DataService
	Distribution  int // index into Service.Distributions
	Country       string
	Answers       []edm.ProviderClassification
	Text          string // the text that the user confirmed, for the record
	Lang          string
}

// Outbox hands a message to the access point within tx: it is sent if and only if tx commits. It returns
// the ebMS message id and timestamp.
type Outbox interface {
	Submit(tx *store.Tx, e exchange.Envelope) (messageID string, at time.Time, err error)
}

// Directory is what the requester needs of the Common Services. Errors are *directory.Question,
// *directory.Refusal, or an infrastructure failure.
type Directory interface {
	Requirements(ctx context.Context, procedure, country string) ([]directory.Requirement, error)
	EvidenceTypes(ctx context.Context, requirementID, country string) (directory.Requirement, error)
	DataServices(ctx context.Context, q directory.DataServiceQuery) ([]directory.DataService, error)
}
