package lifecycle

import (
	"errors"

	"oots/directory"
	"oots/directory/lcm"
)

// The ways in which a revision came about.
const (
	OriginSubmission = "submission"
	OriginEditor     = "editor"
	OriginImport     = "import"
	OriginRestore    = "restore"
)

// A Submitter is who wants to change something, as whoever authenticated them says.
type Submitter struct {
	Country string // the Member State that they speak for; "" for none
	Actor   string // account or party, for the history
	Keeper  bool   // may submit for every country: the operator of the central instance, imports
}

// A Proposal is what a submitter wants to be in force.
type Proposal struct {
	Document   []byte                // an lcm:SubmitObjectsRequest, or nil:
	Partitions []directory.Partition // records that were made here; each replaces the whole of its country and service
	Version    directory.Version     // the release line that Document is judged by; "" is the one it announces
	Origin     string                // "" is OriginSubmission for a Document, OriginEditor for Partitions
	Note       string                // in the submitter's words
	Base       int64                 // the newest revision of the instance that the submitter has seen; 0 is "whatever is there"
}

// An Outcome is what became of a proposal.
type Outcome struct {
	Accepted  bool                 // nothing refuses it; it is in force unless it was a Check
	Request   string               // @id of the Document; "" when unreadable, or for Partitions
	Version   directory.Version    // the release line that Document was judged by
	Findings  []lcm.Finding        // by object and rule; warnings may stand in an accepted one
	Changes   []lcm.Change         // against what was in force; also when refused, as far as it could be read
	Counts    map[string]int       // how many records of each node it has
	Replaces  []directory.Revision // what it takes the place of
	Revisions []directory.Revision // what it became; none by Check, and none when refused
}

// Response is the outcome as an rs:RegistryResponse.
func (o *Outcome) Response() []byte { return lcm.AppendResponse(nil, o.Request, o.Findings) }

// ErrConflict says that somebody else changed a partition in the meantime. Nothing was changed; look at what is
// in force now, and propose again.
var ErrConflict = errors.New("changed by somebody else in the meantime")
