package edm

import (
	"errors"
	"time"

	"oots/rule"
)

// An ErrorResponse is an evidence error response: query:QueryResponse with exceptions. [TDD 4.5.3]
type ErrorResponse struct {
	RequestID  string // "" only when the request was unreadable
	Version    Version
	ID         string // EvidenceResponseIdentifier, bare UUID
	Provider   Agent  // ErrorProvider, class ERRP
	Requester  *Agent // nil only when the request was unreadable
	Exceptions []Exception
}

// PreviewRequired returns the exception that asks for a preview, or nil.
func (e *ErrorResponse) PreviewRequired() *Exception {
	for i := range e.Exceptions {
		if e.Exceptions[i].Preview != nil {
			return &e.Exceptions[i]
		}
	}
	return nil
}

// A Code is an error code of the exchange, EDM:ERR:0001 to EDM:ERR:0008.
type Code string

// The codes of EDMErrorCodes; Table has what belongs to each.
const (
	FailedAuthentication  Code = "EDM:ERR:0001"
	MissingAuthorization  Code = "EDM:ERR:0002"
	InvalidRequest        Code = "EDM:ERR:0003"
	ObjectNotFound        Code = "EDM:ERR:0004"
	TimedOut              Code = "EDM:ERR:0005"
	UnresolvedReference   Code = "EDM:ERR:0006"
	UnsupportedCapability Code = "EDM:ERR:0007"
	QueryFailed           Code = "EDM:ERR:0008"
)

// The severities of an exception.
const (
	SeverityError           = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
	SeverityPreviewRequired = "urn:sr.oots.tech.ec.europa.eu:codes:ErrorSeverity:EDMErrorResponse:PreviewRequired"
)

// A CodeRow is one row of the exception table. [TDD 4.5.3]
type CodeRow struct {
	Code    Code
	Type    string // xsi:type with the prefix that the rules compare literally [R-EDM-ERR-C013]
	Message string // as published
}

// Table is the exception table in the order of the codes.
var Table = [...]CodeRow{
	{FailedAuthentication, "rs:AuthenticationExceptionType", "Failed Authentication"},
	{MissingAuthorization, "rs:AuthorizationExceptionType", "Missing Authorization"},
	{InvalidRequest, "rs:InvalidRequestExceptionType", "Syntactically or semantically invalid request"},
	{ObjectNotFound, "rs:ObjectNotFoundExceptionType", "Object not found"},
	{TimedOut, "rs:TimeoutExceptionType", "Exceeding timeout period"},
	{UnresolvedReference, "rs:UnresolvedReferenceExceptionType", "Referenced object that cannot be resolved"},
	{UnsupportedCapability, "rs:UnsupportedCapabilityExceptionType", "Optional feature or capability is not supported"},
	{QueryFailed, "query:QueryExceptionType", "Invalid query syntax or semantics that must be corrected"},
}

// Row returns the table row of c, and whether c is a code of the list.
func (c Code) Row() (CodeRow, bool) {
	for _, r := range Table {
		if r.Code == c {
			return r, true
		}
	}
	return CodeRow{}, false
}

// An Exception is one rs:Exception. As a Go error it refuses a request: Code, Detail and Findings travel
// to the other side, Err stays in our log and is never shown to a peer or a user.
type Exception struct {
	Code     Code
	Severity string // SeverityError or SeverityPreviewRequired
	Message  string // as received; "" when written: the table's message is used
	Detail   string // rule id or short explanation; never personal data
	At       time.Time
	Preview  *Preview       // only with SeverityPreviewRequired
	Findings []rule.Finding // may be empty: not every refusal has a named rule
	Err      error
}

// A Preview is where the user can look at the evidence.
type Preview struct {
	Location     string // https, unguessable, one exchange [R-EDM-ERR-C019]
	Descriptions Texts
	Method       string // GET, POST or PUT; up to 1.2, where it is to be there
}

// Error gives code and detail, and nothing of the cause.
func (e *Exception) Error() string {
	if e.Detail != "" {
		return string(e.Code) + ": " + e.Detail
	}
	return string(e.Code)
}

// Unwrap returns the cause that stays with us.
func (e *Exception) Unwrap() error { return e.Err }

// Refuse builds the exception for findings of which at least one is Fatal: EDM:ERR:0003 with the first
// rule as detail.
func Refuse(fs []rule.Finding) *Exception {
	return &Exception{Code: InvalidRequest, Severity: SeverityError, Detail: string(rule.First(fs).Rule), Findings: fs}
}

// AsException returns the exception in err's chain, or EDM:ERR:0008 around err.
func AsException(err error) *Exception {
	var e *Exception
	if errors.As(err, &e) {
		return e
	}
	return &Exception{Code: QueryFailed, Severity: SeverityError, Err: err}
}
