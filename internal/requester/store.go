package requester

import (
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/login"
	"oots/internal/store"
)

// A Record is an Exchange as the service keeps it: with what the user never sees.
type Record struct {
	Exchange
	To       edm.Identifier   // access point of the provider
	Request  *edm.Request     // as first sent; nil once the exchange is settled: the person is not kept longer
	Explicit ExplicitRequest  // what the user asked for
	Returns  ReturnPermission // zero until the second request is out
	SetAside bool             // left behind by Reset or by a new attempt: its card does not count it
}

// An ExplicitRequest is the record of article 14(4) of Regulation (EU) 2018/1724.
type ExplicitRequest struct {
	At         time.Time
	Text, Lang string
}

// A ReturnPermission lets the user come back from the preview space.
type ReturnPermission struct {
	TokenHash string // SHA-256 of the token, hexadecimal
	Until     time.Time
}

// A SentRequest ties a request id and a message id to an exchange. Rows outlive the exchange, so that a
// late answer is recognised.
type SentRequest struct {
	RequestID  string
	MessageID  string
	ExchangeID string
	SentAt     time.Time
}

// Store keeps applications and exchanges. All methods work within tx; look-ups return store.ErrNotFound.
// Persons, requests, evidence and uploads are sealed at rest.
type Store interface {
	// AddApplication stores a new application with the requirements of its cards.
	AddApplication(tx *store.Tx, a Application) error
	// Application returns an application with requirements, uploads and basket; cards have no exchanges and no state.
	Application(tx *store.Tx, id string) (Application, error)
	// ApplicationsOf lists the ids of user's applications, newest first. Users are told apart by UserText, of which
	// only a keyed hash is stored.
	ApplicationsOf(tx *store.Tx, user login.Identity) ([]string, error)
	// ConversationsOf lists the ids of all that user ever opened, newest first, also of those that are deleted.
	ConversationsOf(tx *store.Tx, user login.Identity) ([]string, error)
	// ForgetConversations takes the conversations that began before before from their users.
	ForgetConversations(tx *store.Tx, before time.Time) error
	// PutUser replaces the identity of the user by another login of hers.
	PutUser(tx *store.Tx, applicationID string, user login.Identity, at time.Time) error
	// PutBasket replaces what the user has put together.
	PutBasket(tx *store.Tx, applicationID string, basket []Wish, at time.Time) error
	// SetSubmitted stamps an application that has no stamp yet; it reports whether it did.
	SetSubmitted(tx *store.Tx, id string, at time.Time) (bool, error)
	// PutUpload stores or replaces the user's own file for a requirement.
	PutUpload(tx *store.Tx, applicationID, requirementID string, u Upload, content []byte) error
	// DeleteUpload removes it; there need be none.
	DeleteUpload(tx *store.Tx, applicationID, requirementID string) error

	// AddExchange stores a new exchange.
	AddExchange(tx *store.Tx, r Record) error
	// UpdateExchange replaces what AddExchange stored if the stored state is still from; it reports whether it was.
	UpdateExchange(tx *store.Tx, r Record, from exchange.RequesterState) (bool, error)
	// ExchangeByID, and by what a message or a browser brings.
	ExchangeByID(tx *store.Tx, id string) (Record, error)
	ExchangeByRequest(tx *store.Tx, requestID string) (Record, error)
	ExchangeByMessage(tx *store.Tx, messageID string) (Record, SentRequest, error)
	ExchangeByReturn(tx *store.Tx, tokenHash string) (Record, error)
	// Exchanges lists all of an application, oldest first.
	Exchanges(tx *store.Tx, applicationID string) ([]Record, error)
	// Due lists open exchanges whose deadline lies before now, earliest first.
	Due(tx *store.Tx, now time.Time) ([]string, error)

	// AddRequest stores what was sent.
	AddRequest(tx *store.Tx, r SentRequest) error

	// AddEvidence stores the content of one document of an exchange.
	AddEvidence(tx *store.Tx, exchangeID, docID string, content []byte) error
	// EvidenceContent returns it.
	EvidenceContent(tx *store.Tx, exchangeID, docID string) ([]byte, error)
	// DeleteEvidence removes the content of every document of an exchange; there need be none.
	DeleteEvidence(tx *store.Tx, exchangeID string) error

	// Stale lists applications that were submitted before submitted, and those not submitted to which
	// nothing has happened since idle, oldest first.
	Stale(tx *store.Tx, submitted, idle time.Time) ([]string, error)
	// HasOpen reports whether an exchange of an application is under way: only those have a deadline.
	HasOpen(tx *store.Tx, applicationID string) (bool, error)
	// DeleteApplication removes an application with its exchanges, evidence and uploads. What was sent stays
	// known by its ids, which say nothing of a person.
	DeleteApplication(tx *store.Tx, id string) error
}
