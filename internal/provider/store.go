package provider

import (
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/store"
)

// A Preview is one preview session as the service keeps it.
type Preview struct {
	TokenHash      string // SHA-256 of the token in the link, hexadecimal
	State          exchange.ProviderState
	Deadline       time.Time       // of T2, then of T3; zero when settled
	Header         exchange.Header // of the request that is to be answered: the first, then the second
	First          edm.Request     // the person is taken out when the session is settled
	RequestID      string          // of the request that is to be answered
	ReturnLocation string          // "" until the second request
	Documents      []StoredDocument
	Opened         bool
	Identified     bool
	Attempts       int
	Asking         bool // several persons match: the user's answers decide, and there are no documents yet
	Answers        int  // how often she has answered in vain
	Decision       Decision
	UpdatedAt      time.Time
}

// A Waiting is a first request that nothing is wrong with and whose evidence is still to be found.
type Waiting struct {
	Header   exchange.Header
	Request  edm.Request
	Since    time.Time
	Deadline time.Time // of T1
}

// A StoredDocument is the metadata of one prepared evidence, or of a companion, which follows its evidence. Its
// content lies beside it, sealed, until the decision.
type StoredDocument struct {
	PreviewDocument
	EvidenceID string
	IssuerID   edm.Identifier
	ConformsTo string
	Of         string // id of the evidence that a companion goes with; "" on evidence
}

// A Decision is what the user decided, or what was decided for her.
type Decision string

// The decisions.
const (
	Undecided     Decision = ""
	Chosen        Decision = "chosen"         // the documents marked Chosen go out; none is a refusal
	NotIdentified Decision = "not_identified" // too many failed identifications
	NotMatched    Decision = "not_matched"    // no answer of hers has made the match sure
)

// Store keeps the ids of requests, the requests that wait for their evidence, and the preview sessions. All
// methods work within tx; look-ups return store.ErrNotFound. Requests, sessions and documents are sealed at
// rest.
type Store interface {
	// ClaimRequest notes a request id for good; it reports false when the id was there before.
	ClaimRequest(tx *store.Tx, requestID string, at time.Time) (bool, error)

	// AddMiss counts one look into a register in vain under each of whos; what is kept of them is a keyed hash.
	AddMiss(tx *store.Tx, whos []string, at time.Time) error
	// Misses is how many of them there are under who after since.
	Misses(tx *store.Tx, who string, since time.Time) (int, error)
	// DeleteMisses forgets those before before.
	DeleteMisses(tx *store.Tx, before time.Time) error

	// AddWaiting stores a request that waits for its evidence.
	AddWaiting(tx *store.Tx, w Waiting) error
	// ClaimWaiting gives the request that has waited longest, and that nobody else looks after, to owner until
	// until, and returns its id; store.ErrNotFound when there is none.
	ClaimWaiting(tx *store.Tx, now time.Time, owner string, until time.Time) (requestID string, err error)
	// ReleaseWaiting gives back what owner had claimed.
	ReleaseWaiting(tx *store.Tx, owner string) error
	// WaitingRequest returns a waiting request.
	WaitingRequest(tx *store.Tx, requestID string) (Waiting, error)
	// TakeWaiting removes a request, whoever has claimed it, and reports whether it was still there: who
	// removes it answers it.
	TakeWaiting(tx *store.Tx, requestID string) (bool, error)
	// Overdue lists the ids of waiting requests whose deadline lies before now, earliest first.
	Overdue(tx *store.Tx, now time.Time) ([]string, error)

	// AddPreview stores a new session with the content of its documents, in their order.
	AddPreview(tx *store.Tx, p Preview, contents [][]byte) error
	// UpdatePreview replaces the session if its stored state is still from; it reports whether it was.
	UpdatePreview(tx *store.Tx, p Preview, from exchange.ProviderState) (bool, error)
	// PreviewByToken returns a session.
	PreviewByToken(tx *store.Tx, tokenHash string) (Preview, error)
	// Content returns the bytes of one document.
	Content(tx *store.Tx, tokenHash, docID string) ([]byte, error)
	// AddContents stores the bytes of the documents with the ids.
	AddContents(tx *store.Tx, tokenHash string, docIDs []string, contents [][]byte) error
	// DeleteContents removes the bytes of every document of the session but those in keep.
	DeleteContents(tx *store.Tx, tokenHash string, keep []string) error
	// Due lists the token hashes of open sessions whose deadline lies before now, earliest first.
	Due(tx *store.Tx, now time.Time) ([]string, error)
	// StalePreviews lists the token hashes of sessions that were last changed before before and whose deadline,
	// if they have one, lies before it too; oldest first.
	StalePreviews(tx *store.Tx, before time.Time) ([]string, error)
	// DeletePreview removes a session and its documents; there need be none.
	DeletePreview(tx *store.Tx, tokenHash string) error
}
