package query

import (
	"errors"
	"fmt"
	"strings"

	"oots/directory"
	"oots/directory/directoryxml"
	"oots/regrep"
	"oots/xml/xmltree"
)

// MaxAnswer bounds an answer in bytes. The whole catalogue of the acceptance environment takes 619 kB, and
// there is no paging.
const MaxAnswer = 32 << 20

// limits of an answer: about fifty times the largest seen.
var limits = xmltree.Limits{Bytes: MaxAnswer, Elements: 1_000_000}

// An Answer is a query:QueryResponse of a directory.
type Answer struct {
	Version      directory.Version // of the SpecificationIdentifier slot; "" in the 1.0 shape
	Requirements []directory.Requirement
	DataServices []directory.DataService
	Err          error // *directory.Refusal or *directory.Question of a failure; nil on success
}

// A FormatError says that bytes are no answer of a directory. It is never to be taken for "no result".
type FormatError struct {
	Line int // 1-based; 0 if unknown
	Msg  string
}

// Error gives line and reason.
func (e *FormatError) Error() string {
	if e.Line == 0 {
		return "no answer of a directory: " + e.Msg
	}
	return fmt.Sprintf("no answer of a directory: line %d: %s", e.Line, e.Msg)
}

// Read reads an answer of any release line. It fails with a *FormatError if b is no answer, or a success
// that holds nothing readable: an empty result is always announced by a refusal.
func Read(b []byte) (*Answer, error) {
	doc, err := Open(b)
	if err != nil {
		return nil, err
	}
	return ReadDocument(doc)
}

// Open parses an answer, so that it can be judged by package rules and read without being parsed twice. It
// fails with a *FormatError if b is no well-formed document within the bounds of an answer.
func Open(b []byte) (*xmltree.Document, error) {
	doc, err := xmltree.Parse(b, limits)
	if err == nil {
		return doc, nil
	}
	var s *xmltree.SyntaxError
	if errors.As(err, &s) {
		return nil, &FormatError{Line: s.Line, Msg: s.Msg}
	}
	return nil, &FormatError{Msg: err.Error()}
}

// ReadDocument is Read for a document that Open parsed.
func ReadDocument(doc *xmltree.Document) (*Answer, error) {
	root := doc.Root
	if !root.Is(regrep.NamespaceQuery, "QueryResponse") {
		return nil, &FormatError{Line: root.Line, Msg: "the root is not query:QueryResponse"}
	}
	a := &Answer{Version: directory.Version(regrep.ReadSlots(root).String(slotIdentifier))}
	status, _ := root.Attr("", "status")
	var err error
	switch status {
	case regrep.StatusSuccess:
		err = a.success(root)
	case regrep.StatusFailure:
		a.Err, err = failure(root, a.Version)
	default:
		err = &FormatError{Line: root.Line, Msg: "the status is neither Success nor Failure"}
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// success reads the registry objects. Objects with other slots are passed over, but one that announces a
// record and does not hold it spoils the answer.
func (a *Answer) success(root *xmltree.Element) error {
	if x := root.First(regrep.NamespaceRS, "Exception"); x != nil {
		return &FormatError{Line: x.Line, Msg: "an exception in a success"}
	}
	for o := range root.First(regrep.NamespaceRIM, "RegistryObjectList").All(regrep.NamespaceRIM, "RegistryObject") {
		if err := a.object(o); err != nil {
			return format(err)
		}
	}
	if len(a.Requirements)+len(a.DataServices) == 0 {
		return &FormatError{Line: root.Line, Msg: "a success without records"}
	}
	return nil
}

func (a *Answer) object(o *xmltree.Element) error {
	slots := regrep.ReadSlots(o)
	if slots.Has(slotRequirement) {
		r, err := directoryxml.ReadRequirement(slots.Any(slotRequirement))
		if err != nil {
			return err
		}
		a.Requirements = append(a.Requirements, r)
	}
	if slots.Has(slotDataService) {
		ds, err := directoryxml.ReadDataServices(slots.Any(slotDataService))
		if err != nil {
			return err
		}
		a.DataServices = append(a.DataServices, ds...)
	}
	return nil
}

// format turns an error of the reader of records into a *FormatError.
func format(err error) error {
	var e *directoryxml.Error
	if errors.As(err, &e) {
		return &FormatError{Line: e.Line, Msg: e.Msg}
	}
	return &FormatError{Msg: err.Error()}
}

// failure reads the exception that decides: a question wherever it stands, else the first.
func failure(root *xmltree.Element, v directory.Version) (refusal, fault error) {
	xs := regrep.ReadExceptions(root)
	if len(xs) == 0 {
		return nil, &FormatError{Line: root.Line, Msg: "a failure without exception"}
	}
	for i := range xs {
		if isQuestion(&xs[i]) {
			if q := question(&xs[i], v); q != nil {
				return q, nil
			}
			// A set of questions that cannot be read entirely is an ordinary refusal.
			return &directory.Refusal{Code: CodeQuestion, Detail: xs[i].Detail}, nil
		}
	}
	code := xs[0].Code
	if code == "" { // some servers leave it out; the type is what remains
		code = xs[0].Type
	}
	return &directory.Refusal{Code: code, Detail: xs[0].Detail}, nil
}

// isQuestion goes by the code; the severity decides when there is none, with either host of its URN.
func isQuestion(x *regrep.Exception) bool {
	return x.Code == CodeQuestion || x.Code == "" && strings.HasSuffix(x.Severity, ":ErrorSeverity:DSDErrorResponse:AdditionalInput")
}

// question reads the slots of DSD:ERR:0005, or returns nil when it cannot read all that is asked. Surplus
// slots are passed over: the territory of 1.x is one in 2.0.
func question(x *regrep.Exception, v directory.Version) *directory.Question {
	var q directory.Question
	if directoryxml.ReadReduced(x.Slots.Any(slotDataService), &q) != nil {
		return nil
	}
	if v != directory.V20 && x.Slots.Has(slotTerritory) {
		d, err := directoryxml.ReadDetermination(x.Slots.Any(slotTerritory))
		if err != nil {
			return nil
		}
		q.Determination = &d
	}
	for _, e := range x.Slots.Elements(slotConcepts) {
		c, err := directoryxml.ReadConcept(regrep.FirstChild(e))
		if err != nil {
			return nil
		}
		q.Concepts = append(q.Concepts, c)
	}
	if len(q.Concepts) == 0 && q.Determination == nil {
		return nil
	}
	return &q
}
