package rule

import (
	_ "embed"
	"fmt"
	"iter"
	"strings"
	"sync"
)

// A Document is the kind of document that a rule is about, as the published ids spell it.
type Document string

// The kinds of documents. EDM, XML and PAIR stand for rules of ours that belong to no single one.
const (
	Request         Document = "REQ"      // evidence request [TDD 4.5.1]
	Response        Document = "RESP"     // evidence response [TDD 4.5.2]
	ErrorResponse   Document = "ERR"      // evidence error response [TDD 4.5.3]
	Header          Document = "ebMS"     // header of an evidence message [TDD 4.7.1]
	EvidenceMessage Document = "EDM"      // any of the three
	AnyDocument     Document = "XML"      // any document that has a content model
	TwoDocuments    Document = "PAIR"     // two documents that belong together; package cross has the pairs
	Requirements    Document = "EB-REQ"   // Evidence Broker, requirements of a procedure [TDD 3.2.4]
	EvidenceTypes   Document = "EB-EVI"   // Evidence Broker, evidence types of a requirement
	BrokerFailure   Document = "EB-ERR"   // Evidence Broker, refusal
	BrokerSubmit    Document = "EB-SUB"   // submission to the Evidence Broker [TDD 3.2.5]
	DataServices    Document = "DSD-RESP" // Data Service Directory, data services [TDD 3.1.4]
	DirectoryError  Document = "DSD-ERR"  // Data Service Directory, refusal or question
	DirectorySubmit Document = "DSD-SUB"  // submission to the Data Service Directory [TDD 3.1.5]
	SubmitSuccess   Document = "LCM-SUC"  // answer to a submission that was taken [TDD 3.6.3]
	SubmitFailure   Document = "LCM-ERR"  // answer to a submission that was refused
)

// Documents returns the kinds in the order of the conformance page.
func Documents() []Document {
	return []Document{
		Request, Response, ErrorResponse, Header, EvidenceMessage, AnyDocument, TwoDocuments,
		Requirements, EvidenceTypes, BrokerFailure, DataServices, DirectoryError,
		BrokerSubmit, DirectorySubmit, SubmitSuccess, SubmitFailure,
	}
}

// CommonServices reports whether the versions of the kind are those of oots-cs; the others are of oots-edm.
func (d Document) CommonServices() bool {
	return strings.HasPrefix(string(d), "EB-") || strings.HasPrefix(string(d), "DSD-") || strings.HasPrefix(string(d), "LCM-")
}

// A State says what becomes of a rule in this build.
type State string

const (
	// Checked: a breach is a Finding under the id of the rule.
	Checked State = "checked"
	// ReadAs: a breach is noticed without a Finding of that id. The document is no such document, another rule
	// covers it, or a service refuses the message; Note says which.
	ReadAs State = "read as"
	// Dead: the rule never fires. No document can break it as it is published, or every real document would,
	// so that nobody enforces it; Note says which.
	Dead State = "dead"
	// Unknown: the text is not known, only that the number exists. It is never pretended to be checked.
	Unknown State = "unknown"
)

// States returns the states in the order of the conformance page.
func States() []State { return []State{Checked, ReadAs, Dead, Unknown} }

// A Release is a release line in which a row holds.
type Release struct {
	Version string // "1.0", "1.1", "1.2" or "2.0"
	Assumed bool   // the text is known from another line, and is taken to hold in this one too
}

// A Row is what is known of one rule in some release lines. A rule that changed has a row for each form.
type Row struct {
	ID       ID
	Document Document
	Kind     string   // "S" structure, "C" content, "" where the id does not say
	Severity Severity // as published, whatever our policy; Fatal for a rule whose text is unknown
	Releases []Release
	State    State
	Context  string // where the rule looks: elements without prefix, slots by their name; "/" is the root
	Wrong    string // what a breach means
	Write    string // what to write instead; "" when there is nothing to correct
	Note     string // the reading chosen where the published rule is faulty, and other things to know; or ""
}

// Holds reports whether the row is about a release line such as "2.0".
func (r *Row) Holds(version string) bool {
	for _, l := range r.Releases {
		if l.Version == version {
			return true
		}
	}
	return false
}

//go:embed catalogue.tsv
var catalogueText string

// catalogue is read once; what it returns is never changed.
var catalogue = sync.OnceValues(func() ([]Row, error) { return parseCatalogue(catalogueText) })

// All yields every row, in the order of the catalogue: by document, then by id.
func All() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		rows, _ := catalogue()
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	}
}

// Rows returns the rows of a kind of document that hold in a release line such as "2.0".
func Rows(d Document, version string) []Row {
	var out []Row
	for r := range All() {
		if r.Document == d && r.Holds(version) {
			out = append(out, r)
		}
	}
	return out
}

// Lookup returns the newest row of a rule, and whether the catalogue has one.
func Lookup(id ID) (Row, bool) {
	for r := range All() {
		if r.ID == id {
			return r, true
		}
	}
	return Row{}, false
}

// LookupIn returns the row of a rule that holds in a release line, and whether there is one.
func LookupIn(id ID, version string) (Row, bool) {
	for r := range All() {
		if r.ID == id && r.Holds(version) {
			return r, true
		}
	}
	return Row{}, false
}

// parseCatalogue reads the table: a line of column names, then a row a line, columns parted by tabs. Lines
// that start with '#' and empty ones are passed over. The rows of one id follow each other, newest first.
func parseCatalogue(text string) ([]Row, error) {
	rows := make([]Row, 0, strings.Count(text, "\n"))
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		r, err := parseRow(strings.Split(line, "\t"))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func parseRow(columns []string) (Row, error) {
	if len(columns) != 9 {
		return Row{}, fmt.Errorf("%d columns, want 9", len(columns))
	}
	r := Row{
		ID: ID(columns[0]), Document: Document(columns[1]), State: State(columns[4]),
		Context: columns[5], Wrong: columns[6], Write: columns[7], Note: columns[8],
	}
	var ok bool
	if r.Severity, ok = severityOf(columns[2]); !ok {
		return Row{}, fmt.Errorf("%s: severity %q", r.ID, columns[2])
	}
	for v := range strings.FieldsSeq(columns[3]) {
		version, assumed := strings.CutSuffix(v, "?")
		r.Releases = append(r.Releases, Release{Version: version, Assumed: assumed})
	}
	r.Kind = kindOf(r.ID)
	return r, nil
}

func severityOf(word string) (Severity, bool) {
	for _, s := range [...]Severity{Fatal, Warning, Caution} {
		if s.String() == word {
			return s, true
		}
	}
	return Fatal, false
}

// kindOf takes the letter before the number of a published id.
func kindOf(id ID) string {
	last := id[strings.LastIndexByte(string(id), '-')+1:]
	if strings.HasPrefix(string(id), "R-") && len(last) == 4 && (last[0] == 'S' || last[0] == 'C') {
		return string(last[:1])
	}
	return ""
}
