package as4

import (
	"errors"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
)

// A Refusal is why a message is not accepted, and what the sender is told. It carries either ebMS errors,
// or a SOAP fault when the message could not be understood as AS4, or only an HTTP status.
type Refusal struct {
	Errors []ebms.Error
	Status int    // of the HTTP response
	RefTo  string // MessageId of the refused message; "" if it is not known
	Fault  string // VersionMismatch, MustUnderstand or Sender; "" for none
	Reason string // one sentence that goes with Fault
	Cause  error  // for our log; never told to the peer
}

// Refuse returns the Refusal with one ebMS error. refTo is the MessageId of the refused message, detail one
// sentence for the operator of the peer.
func Refuse(code, refTo, detail string) *Refusal {
	return refuse(ebms.NewError(code, "%s", detail), refTo)
}

func refuse(e *ebms.Error, refTo string) *Refusal {
	x := *e
	x.RefToMessageInError = refTo
	return &Refusal{Errors: []ebms.Error{x}, Status: StatusError, RefTo: refTo}
}

// Code returns the first ebMS code, or the fault code, or "".
func (r *Refusal) Code() string {
	if len(r.Errors) > 0 {
		return r.Errors[0].Code
	}
	return r.Fault
}

// Detail returns what the peer is told, in one sentence.
func (r *Refusal) Detail() string {
	if len(r.Errors) > 0 {
		return r.Errors[0].Detail
	}
	return r.Reason
}

// Error returns code, detail and the cause.
func (r *Refusal) Error() string {
	s := "as4: refused: " + r.Code() + ": " + r.Detail()
	if r.Cause != nil {
		s += ": " + r.Cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Cause }

// Entity returns the answer to the sender: a signed error signal, or a bare SOAP fault. It is nil when the
// status says all. self may be nil: then an error signal is not signed. [AS4 1.15 §3.2] [ebMS3 §6]
func (r *Refusal) Entity(messageID string, at time.Time, self *wssec.Identity) (*Entity, error) {
	switch {
	case len(r.Errors) > 0:
		return ErrorSignal(r.Errors, r.RefTo, messageID, at, self)
	case r.Fault != "":
		return &Entity{ContentType: swa.SOAP + "; charset=UTF-8", Envelope: ebms.AppendFault(nil, &ebms.Fault{Code: r.Fault, Reason: r.Reason})}, nil
	}
	return nil, nil
}

// refusalOf judges an error of reading. The HTTP level answers what is not even an envelope; everything
// that was understood as AS4 gets an ebMS error with status 200.
func refusalOf(err error, refTo string) *Refusal {
	var r *Refusal
	var e *ebms.Error
	var f *ebms.Fault
	var sec *wssec.Error
	var ours *spoolError
	switch {
	case errors.As(err, &ours):
		r = &Refusal{Status: StatusBusy, RefTo: refTo}
	case errors.As(err, &r):
		r.about(refTo)
		return r
	case errors.As(err, &e):
		r = refuse(e, refTo)
	case errors.As(err, &sec):
		r = Refuse(sec.Code, refTo, sec.Detail)
	case errors.As(err, &f):
		r = &Refusal{Status: StatusFault, Fault: f.Code, Reason: f.Reason, RefTo: refTo}
	case errors.Is(err, errSlow):
		r = &Refusal{Status: StatusTimeout, RefTo: refTo}
	case errors.Is(err, swa.ErrMediaType):
		r = &Refusal{Status: StatusMediaType, Fault: "Sender", Reason: "The entity is neither a SOAP 1.2 envelope nor multipart/related around one."}
	case errors.Is(err, swa.ErrTooLarge):
		r = &Refusal{Status: StatusTooLarge, RefTo: refTo}
	case errors.Is(err, swa.ErrMalformed):
		r = Refuse(ebms.MimeInconsistency, refTo, mimeDetail(err))
		r.Status = StatusMalformed
	default: // the connection broke while the body was read
		r = &Refusal{Status: StatusMalformed, RefTo: refTo}
	}
	r.Cause = err
	return r
}

// about names the refused message, unless that was done.
func (r *Refusal) about(refTo string) {
	if r.RefTo != "" {
		return
	}
	r.RefTo = refTo
	for i := range r.Errors {
		r.Errors[i].RefToMessageInError = refTo
	}
}

func mimeDetail(err error) string {
	var m *swa.Error
	if errors.As(err, &m) {
		return m.Detail
	}
	return "MIME structure broken"
}
