package ebms

import (
	"fmt"
	"strings"
)

// An Error is one eb:Error of a signal, and the Go error by which a message is refused. [ebMS3 §6.2]
type Error struct {
	Code                string // "EBMS:0003"; other prefixes are possible on receipt
	Severity            string // as written by the peer; ours are lower case
	Category            string
	Origin              string
	ShortDescription    string
	RefToMessageInError string
	Description         string // one sentence for people
	Lang                string // xml:lang of Description; ours is "en"
	Detail              string // xs:token; for the peer's operator, never personal data
}

// NewError returns an error of the table with a detail for the peer. A code that the table does not have
// becomes a failure without a name.
func NewError(c string, format string, args ...any) *Error {
	row, ok := Lookup(c)
	if !ok {
		row = Row{Code: c, Severity: SeverityFailure, Category: "Content", Origin: "ebMS"}
	}
	return &Error{
		Code: c, Severity: row.Severity, Category: row.Category, Origin: row.Origin,
		ShortDescription: row.ShortDescription, Detail: token(fmt.Sprintf(format, args...)),
	}
}

// Error returns code, name and detail.
func (e *Error) Error() string {
	s := e.Code
	if e.ShortDescription != "" {
		s += " " + e.ShortDescription
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// Failure reports whether the error refuses the message. Peers write severities in any case, and some
// write "error": everything but a warning is a failure. [AS4 1.15 §3.2]
func (e *Error) Failure() bool {
	return !strings.EqualFold(strings.Trim(e.Severity, xmlSpace), SeverityWarning)
}

// maxDetail bounds a detail in bytes, so that a peer's input echoed in it stays short.
const maxDetail = 255

// token makes an xs:token out of s: printable, white space collapsed, at most maxDetail bytes.
func token(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))), " ")
	if len(s) > maxDetail {
		s = strings.ToValidUTF8(s[:maxDetail-3], "") + "..."
	}
	return s
}

// A Fault is a SOAP fault: the message could not be understood as AS4. [SOAP 1.2 §5.4]
type Fault struct {
	Code   string // VersionMismatch, MustUnderstand, Sender or Receiver
	Reason string // one English sentence
}

// Error returns code and reason.
func (f *Fault) Error() string { return "SOAP fault " + f.Code + ": " + f.Reason }
