package as4

import (
	"crypto/x509"
	"errors"
	"io"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
)

// errUnexpected says that a posted signal changes nothing.
var errUnexpected = errors.New("a signal that was not asked for")

// lonelySignal answers a signal that was posted by itself. Receipts and errors belong into HTTP responses. One
// that arrives otherwise goes to Receiver.Signals if a party has signed it whose P-Mode says so; any other changes
// nothing. It is never answered with another signal. [AS4 1.15 §3.2] [ebMS3 §4.2.3]
func (r *Receiver) lonelySignal(e *opened, units *ebms.Messaging) error {
	if units.Signals[0].Pull {
		return Refuse(ebms.ProcessingModeMismatch, units.Signals[0].MessageID, "pull is not agreed")
	}
	nothing := &Refusal{Status: StatusNothing, RefTo: units.Signals[0].RefToMessageID, Cause: errUnexpected}
	if r.Signals == nil || e.env.Security == nil {
		return nothing
	}
	peer, err := r.callbackPeer(e)
	if err != nil {
		nothing.Cause = err
		return nothing
	}
	s, err := newSignal(e, units)
	if err != nil {
		nothing.Cause = err
		return nothing
	}
	s.Signed = true
	if err := r.Signals(s, peer); err != nil {
		return &Refusal{Status: StatusBusy, RefTo: s.RefToMessageID, Cause: err}
	}
	nothing.Cause = nil
	return nothing
}

// callbackPeer returns the party that has signed a posted signal, if its P-Mode allows it to post signals.
func (r *Receiver) callbackPeer(e *opened) (pmode.Party, error) {
	if _, err := e.mime.Next(); err != io.EOF {
		return pmode.Party{}, errUnexpected
	}
	now := r.now()
	var may []pmode.Party
	var candidates []*x509.Certificate
	for _, p := range r.modes().Peers {
		if p.Callback {
			p = p.At(now)
			may, candidates = append(may, p), append(candidates, p.Signing...)
		}
	}
	if len(may) == 0 {
		return pmode.Party{}, errUnexpected
	}
	v, err := wssec.Verify(e.doc, wssec.Policy{Candidates: candidates})
	if err != nil {
		return pmode.Party{}, err
	}
	if v.Messaging != e.env.Messaging || v.Body != e.env.Body {
		return pmode.Party{}, errUnexpected
	}
	if err := v.Complete(); err != nil {
		return pmode.Party{}, err
	}
	for _, p := range may {
		if _, err := r.Trust.check(v, p, now); err == nil {
			return p, nil
		}
	}
	return pmode.Party{}, distrust(v.Signer, pmode.Party{}, "the signal is of no party that may post signals")
}
