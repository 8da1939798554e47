// Package provider is corner 4: the data service of an evidence provider and the sessions of its preview
// space. It checks a request, finds the one person, prepares the evidence, waits for the user's decision
// and answers, once. [TDD 4.4, 4.9]
package provider

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/store"
)

// Outbox hands a message to the access point within tx: it is sent if and only if tx commits.
type Outbox interface {
	Submit(tx *store.Tx, e exchange.Envelope) (messageID string, at time.Time, err error)
}

// Errors of a Register.
var (
	ErrNoPerson       = errors.New("no person matches")
	ErrSeveralPersons = errors.New("several persons match")
)

// NotYet says that the evidence exists but can be delivered only at At.
type NotYet struct{ At time.Time }

// Error implements error.
func (NotYet) Error() string { return "evidence will be available later" }

// A Record is one evidence as the register and its renderer made it. A register that has the same evidence in
// several formats gives a record for each, with the same EvidenceID.
type Record struct {
	EvidenceID  string // bare UUID, stable for the same entry
	Title       string // in the register's language
	Issuer      edm.Agent
	IssuingDate edm.Date
	MediaType   string
	ConformsTo  string // URL of the data model; "" unless MediaType is structured [R-EDM-RESP-C044]
	Language    string // code of LanguageCode
	Content     []byte
	FileName    string
	Companions  []Companion
}

// A Companion is a document that goes with an evidence in its package and never alone. [TDD 4.5.2 §2.1]
type Companion struct {
	Kind       edm.DocumentKind // HumanReadableVersion, Translation or Annex
	EvidenceID string           // bare UUID of its own
	Title      string
	MediaType  string
	Language   string // code of LanguageCode
	Content    []byte
}

// A Register finds exactly one subject and renders its evidence of a type. No record for a matched subject
// is an empty slice. It returns ErrNoPerson, ErrSeveralPersons or NotYet; ErrSilent makes the
// data service not answer at all (demonstration only); any other error means that the register failed. The
// text of an error is logged: it must not name the person. Find is called outside of transactions, again
// when the process was killed meanwhile, and has to return when ctx ends.
type Register interface {
	Find(ctx context.Context, s Subject, evidenceType string, languages []string) ([]Record, error)
}

// A Subject is whom the evidence is to be about, and who acts for it. Exactly one of Natural and Legal is set, at
// most one of the two representatives. Its log form hides it. [TDD 4.5.1 §3.8]
type Subject struct {
	Natural             *edm.Person
	Legal               *edm.LegalPerson
	Representative      *edm.Person
	RepresentativeLegal *edm.LegalPerson
	Procedure           string // code of Procedures: what the evidence is for
}

// LogValue keeps names and identifiers out of logs.
func (Subject) LogValue() slog.Value { return slog.StringValue("subject") }

// ErrSilent is for the demonstration of a provider that never answers.
var ErrSilent = errors.New("the provider stays silent")

// A PreviewSession is what the preview space shows for one link.
type PreviewSession struct {
	Token          string
	ExchangeID     string // that of the conversation up to release line 1.2
	Version        edm.Version
	State          exchange.ProviderState
	Requester      edm.Agent
	Provider       edm.Agent
	Procedure      string
	Requirements   []edm.Requirement
	EvidenceType   edm.EvidenceType
	Documents      []PreviewDocument
	ExpiresAt      time.Time
	Announced      bool    // the second request has arrived
	ReturnLocation string  // "" while not known; since 2.0 it comes with the second request, before with the user
	Identified     bool    // the user proved to be who acted in the request
	Attempts       int     // failed identifications
	LoA            edm.LoA // that the user has to log in with; "" for any
	Company        bool    // a company acted in the request and has to log in again
	Represented    bool    // who acted did so for somebody else

	Questions []Question // that the user has to answer before there are documents; nil when there are none
}

// A PreviewDocument is one evidence in the preview, without its bytes.
type PreviewDocument struct {
	ID          string // number within the session
	Title       string
	Issuer      edm.Texts
	IssuingDate edm.Date
	MediaType   string
	Language    string
	Size        int64
	Chosen      bool // after the decision

	Kind       edm.DocumentKind  // MainEvidence, or what a companion is
	Companions []PreviewDocument // what goes along when the document is released; they are decided with it
}

// Errors of the preview space.
var (
	ErrNoSession   = errors.New("no such preview")
	ErrExpired     = errors.New("preview has expired")
	ErrDecided     = errors.New("preview is already decided")
	ErrOtherPerson = errors.New("another person than in the request")
	ErrNotYou      = errors.New("identification is needed first")
)
