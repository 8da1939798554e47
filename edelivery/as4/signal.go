package as4

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
)

// Receipt makes the signed non-repudiation receipt of a message: every reference of its signature, byte for
// byte. Sending it takes responsibility for the message. [AS4 §5.1.8] [AS4 1.15 §3.2]
func Receipt(r *Received, messageID string, at time.Time, self wssec.Identity) (*Entity, error) {
	refs := make([]ebms.Reference, len(r.References))
	for i := range r.References {
		refs[i] = ebms.Reference(r.References[i])
	}
	return signal(&ebms.SignalMessage{
		Timestamp: at, MessageID: messageID, RefToMessageID: r.Message.MessageID,
		Receipt: &ebms.Receipt{References: refs},
	}, &self)
}

// ErrorSignal makes an error signal about the message refTo, "" if its id is not known. self may be nil when
// there is no key to sign with; peers then take the error for a failed attempt only. [ebMS3 §6]
func ErrorSignal(errs []ebms.Error, refTo, messageID string, at time.Time, self *wssec.Identity) (*Entity, error) {
	if len(errs) == 0 {
		return nil, errors.New("as4: an error signal without errors")
	}
	return signal(&ebms.SignalMessage{Timestamp: at, MessageID: messageID, RefToMessageID: refTo, Errors: errs}, self)
}

// signal signs header and Body. Signals are plain SOAP and never encrypted.
func signal(m *ebms.SignalMessage, self *wssec.Identity) (*Entity, error) {
	envelope := ebms.AppendSignalEnvelope(make([]byte, 0, 8192), m, newID(), newID())
	if self != nil {
		s, err := wssec.Secure(envelope, nil, *self, nil, wssec.Options{})
		if err != nil {
			return nil, fmt.Errorf("as4: sign the signal: %w", err)
		}
		envelope = s.Envelope
	}
	return &Entity{ContentType: swa.SOAP + "; charset=UTF-8", Envelope: envelope}, nil
}

// ErrNoSignal says that an answer holds no ebMS signal: it is empty, a page of some proxy, or a message of
// another kind. It is no receipt; the message counts as not acknowledged.
var ErrNoSignal = errors.New("as4: the answer is no ebMS signal")

// A Signal is the answer to a message.
type Signal struct {
	ebms.SignalMessage
	Signed     bool              // the signature is valid and the peer's
	References []wssec.Reference // of the receipt; Raw is empty
	Fault      string            // code and reason of a SOAP fault in the Body; "" for none
	Envelope   []byte            // as it came, for the evidence
}

// ReadSignal reads the answer of peer, whatever the HTTP status was: some access points send errors with
// 400 or 500. An unsigned signal is returned with Signed false, and proves nothing. A signature that is
// broken or not the peer's is an *ebms.Error with EBMS:0302. An answer that is no signal at all is
// ErrNoSignal. The peer's certificates must be those in force: pass peer.At(now). [AS4 1.15 §3.2]
func ReadSignal(contentType string, body io.Reader, peer pmode.Party) (*Signal, error) {
	return readSignal(contentType, body, peer, func(v *wssec.Verified) error {
		if !slices.ContainsFunc(peer.Signing, v.Signer.Equal) {
			return errors.New("the signal is not signed by the party that was sent to")
		}
		return pmode.CheckSigning(v.Signer)
	})
}

// ReadSignal is the function ReadSignal for an access point that trusts more than pinned certificates.
func (t *Trust) ReadSignal(contentType string, body io.Reader, peer pmode.Party, now time.Time) (*Signal, error) {
	peer = peer.At(now)
	return readSignal(contentType, body, peer, func(v *wssec.Verified) error {
		_, err := t.check(v, peer, now)
		return err
	})
}

func readSignal(contentType string, body io.Reader, peer pmode.Party, trusted func(*wssec.Verified) error) (*Signal, error) {
	e, err := open(contentType, body, signalLimits.withDefaults(false))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoSignal, err)
	}
	_, err = e.mime.Next()
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("%w: %w", ErrNoSignal, err)
	}
	alone := err == io.EOF
	var units *ebms.Messaging
	if e.env.Messaging != nil {
		if units, err = ebms.ReadMessaging(e.env.Messaging); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoSignal, err)
		}
	}
	s, err := newSignal(e, units)
	if err != nil {
		return nil, err
	}
	if units == nil || e.env.Security == nil {
		return s, nil
	}
	if err := verifySignal(e, peer, alone, trusted); err != nil {
		return nil, err
	}
	s.Signed = true
	return s, nil
}

// newSignal makes the value of an envelope; nothing of it is verified. units is nil when there is only a fault.
func newSignal(e *opened, units *ebms.Messaging) (*Signal, error) {
	s := &Signal{Envelope: e.root.Content}
	if f := e.env.Fault; f != nil {
		s.Fault = strings.TrimSpace(f.Code + " " + f.Reason)
	}
	if units == nil {
		return s, nil
	}
	var err error
	if s.SignalMessage, err = merge(units); err != nil {
		return nil, err
	}
	if s.Receipt != nil {
		for _, ref := range s.Receipt.References {
			s.References = append(s.References, wssec.Reference(ref))
		}
	}
	return s, nil
}

// merge makes one signal of the units of an answer: a receipt may come with a warning beside it.
func merge(units *ebms.Messaging) (ebms.SignalMessage, error) {
	if len(units.Users) > 0 || len(units.Signals) == 0 {
		return ebms.SignalMessage{}, ErrNoSignal
	}
	s := units.Signals[0]
	for i := range units.Signals[1:] {
		other := &units.Signals[i+1]
		if other.Receipt != nil && s.Receipt != nil || other.RefToMessageID != s.RefToMessageID {
			return ebms.SignalMessage{}, ebms.NewError(ebms.InvalidReceipt, "signals that contradict each other")
		}
		if other.Receipt != nil {
			s.MessageID, s.Timestamp, s.Receipt = other.MessageID, other.Timestamp, other.Receipt
		}
		s.Errors = append(s.Errors, other.Errors...)
	}
	if s.Pull {
		return ebms.SignalMessage{}, ErrNoSignal
	}
	return s, nil
}

// verifySignal checks signature and signer. alone says that the envelope has no parts beside it.
func verifySignal(e *opened, peer pmode.Party, alone bool, trusted func(*wssec.Verified) error) error {
	v, err := wssec.Verify(e.doc, wssec.Policy{Candidates: peer.Signing})
	if err != nil {
		return ebms.NewError(ebms.InvalidReceipt, "signature of the signal: %v", err)
	}
	if v.Messaging != e.env.Messaging || v.Body != e.env.Body || !alone {
		return ebms.NewError(ebms.InvalidReceipt, "the signature covers something else than the signal")
	}
	if err := v.Complete(); err != nil {
		return ebms.NewError(ebms.InvalidReceipt, "signature of the signal: %v", err)
	}
	if err := trusted(v); err != nil {
		return ebms.NewError(ebms.InvalidReceipt, "signer of the signal: %v", err)
	}
	return nil
}

// CheckReceipt compares a signal with the message it should acknowledge: signed, for this message, and with
// exactly the references that were signed, in any order. Transforms compare by algorithm. The result is nil
// or EBMS:0302. [AS4 1.15 §3.2]
func CheckReceipt(s *Signal, messageID string, sent []wssec.Reference) *ebms.Error {
	switch {
	case s == nil || s.Receipt == nil:
		return ebms.NewError(ebms.InvalidReceipt, "no receipt")
	case !s.Signed:
		return ebms.NewError(ebms.InvalidReceipt, "the receipt is not signed")
	case s.RefToMessageID != messageID:
		return ebms.NewError(ebms.InvalidReceipt, "the receipt is for another message")
	case len(s.References) == 0:
		return ebms.NewError(ebms.InvalidReceipt, "the receipt has no non-repudiation information")
	}
	want, got := keys(sent), keys(s.References)
	if !slices.Equal(want, got) {
		return ebms.NewError(ebms.InvalidReceipt, "the receipt has %d references, %d were signed, and not all are equal", len(got), len(want))
	}
	return nil
}

// keys returns what receipts are compared by, sorted.
func keys(refs []wssec.Reference) []string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.URI + "\n" + r.DigestMethod + "\n" + unspaced(r.DigestValue) + "\n" + strings.Join(r.Transforms, "\n")
	}
	slices.Sort(out)
	return out
}

// unspaced drops the white space that base64 text may hold.
func unspaced(s string) string {
	if !strings.ContainsAny(s, " \t\r\n") {
		return s
	}
	return strings.Join(strings.Fields(s), "")
}
