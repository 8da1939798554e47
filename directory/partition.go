package directory

import "time"

// A Service names what a submission goes to. [TDD 3.6.3]
type Service string

// The services that a Member State fills. SemanticRepository holds its code lists.
const (
	EvidenceBroker       Service = "eb"
	DataServiceDirectory Service = "dsd"
	SemanticRepository   Service = "sr"
)

// A Partition is everything that one Member State has said to one service. A submission replaces it whole.
// [TDD 3.6.3]
//
// For the Evidence Broker, Requirements hold the frameworks and lists of the country only; the names of a
// requirement are there when the submission brought them. For the Data Service Directory there are Services,
// for the Semantic Repository CodeLists.
type Partition struct {
	Country string // code of OOTS_Country; EU is the Commission's own
	Service Service
	Catalogue
}

// A Revision is one state of a partition in its history: what was in force from At until the next.
type Revision struct {
	Number  int64 // grows by one over all partitions of an instance
	Country string
	Service Service
	At      time.Time
	Actor   string // account or party that made it; never a natural person's name in a published place
	Origin  string // "submission", "editor", "import", "restore"
	Request string // @id of the submission, "" otherwise
	Digest  string // SHA-256 of the content, lower-case hex
	Objects int    // how many records
	Note    string // in the actor's words; "" for none
}
