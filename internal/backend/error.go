package backend

import "fmt"

// A Kind says what is wrong, in classes that every interface can tell apart.
type Kind int

// The kinds of errors.
const (
	Invalid   Kind = iota + 1 // a field is missing or has no acceptable value
	Refused                   // the P-Mode does not allow the message; Code says how
	Parties                   // sender or receiver
	Payloads                  // a payload is missing, not readable or not allowed
	Missing                   // there is no such message, or the account may not see it
	Ambiguous                 // the id is known on both sides of the access point
	Duplicate                 // the id has been used for another message
	Busy                      // somebody else is retrieving the message
	Denied                    // the account may not do this
)

// An Error is told to the back end. It holds nothing of a message but ids.
type Error struct {
	Kind    Kind
	Code    string // ebMS code for Refused, Parties and Duplicate
	Field   string // path of the field, for example "MessageProperties/Property[originalSender]"; "" for none
	Message string
}

// Error returns field and message.
func (e *Error) Error() string {
	if e.Field == "" {
		return e.Message
	}
	return e.Field + ": " + e.Message
}

func fail(k Kind, field, format string, args ...any) *Error {
	return &Error{Kind: k, Field: field, Message: fmt.Sprintf(format, args...)}
}

// notFound is the answer for an unknown message and for one that the account may not see: the two must not differ.
func notFound(id string) *Error { return fail(Missing, "", "No message with id [%s] found", id) }
