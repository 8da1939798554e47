package swa

import (
	"errors"
	"fmt"
)

// The kinds of failure. An *Error wraps one of them; compare with errors.Is.
var (
	// ErrMediaType: the entity is neither SOAP 1.2 nor multipart/related around it. HTTP 415.
	ErrMediaType = errors.New("swa: media type not supported")
	// ErrMalformed: the MIME structure is broken, contradicts itself, or has headers beyond any use. EBMS:0007.
	ErrMalformed = errors.New("swa: MIME structure broken")
	// ErrTooLarge: the message, a part, or the number of parts exceeds its limit. HTTP 413.
	ErrTooLarge = errors.New("swa: limit exceeded")
)

// An Error says what is wrong with an entity. Detail never repeats more than 64 bytes of the input.
type Error struct {
	Kind   error  // ErrMediaType, ErrMalformed or ErrTooLarge
	Detail string // for the log and the peer
}

// Error returns the kind and the detail.
func (e *Error) Error() string { return e.Kind.Error() + ": " + e.Detail }

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.Kind }

func malformed(format string, args ...any) error {
	return &Error{Kind: ErrMalformed, Detail: fmt.Sprintf(format, args...)}
}

func tooLarge(format string, args ...any) error {
	return &Error{Kind: ErrTooLarge, Detail: fmt.Sprintf(format, args...)}
}

func wrongMediaType(got string) error {
	return &Error{Kind: ErrMediaType, Detail: fmt.Sprintf("%.64q", got)}
}
