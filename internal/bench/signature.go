package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/clock"
	"oots/xml/xmldsig"
	"oots/xml/xmltree"
)

// signers is a pair in mode Signature: user message without payload there, receipt back, both signed. It is the
// way through the packages of a message handler, which itself takes no keys but those of its profile.
type signers struct {
	*wire
	method             xmldsig.Method
	sender, receiver   wssec.Identity
	sending, receiving pmode.Party
	agreed             *pmode.Set
}

const soap = "application/soap+xml; charset=UTF-8"

func openSignature(load Load, keys *Keys) (pair, error) {
	s := &signers{method: map[Key]xmldsig.Method{P256: xmldsig.ECDSASHA256, Ed25519: xmldsig.Ed25519}[load.Key]}
	if s.method == "" {
		s.method = xmldsig.RSASHA256
	}
	var err error
	if s.sender, err = keys.identity(load.Key, sendingID.Value); err != nil {
		return nil, err
	}
	if s.receiver, err = keys.identity(load.Key, receivingID.Value); err != nil {
		return nil, err
	}
	if s.wire, err = openWire(load, keys, s); err != nil {
		return nil, err
	}
	s.sending, s.receiving = party(sendingID, s.url, s.sender), party(receivingID, s.url, s.receiver)
	s.agreed = modes(s.receiving, s.sending)
	return s, nil
}

// operations are two signatures, made and checked.
func (s *signers) operations() (func() error, error) {
	return func() error {
		for _, id := range []wssec.Identity{s.sender, s.receiver} {
			value, err := xmldsig.Sign(id.Key, s.method, message)
			if err != nil {
				return err
			}
			if err := xmldsig.Verify(id.Certificate.PublicKey, s.method, message, value); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// exchange is the sending end.
func (s *signers) exchange(ctx context.Context) error {
	m := userMessage()
	plain := ebms.AppendUserEnvelope(make([]byte, 0, 4096), &m, elementID(), elementID())
	secured, err := wssec.Secure(plain, nil, s.sender, nil, wssec.Options{Method: s.method})
	if err != nil {
		return err
	}
	status, _, body, _, err := as4.Post(ctx, s.client, s.url, &as4.Entity{ContentType: soap, Envelope: secured.Envelope, References: secured.References})
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("HTTP %d", status)
	}
	units, _, err := s.verify(body, s.receiving)
	if err != nil {
		return err
	}
	if len(units.Signals) != 1 || units.Signals[0].Receipt == nil {
		return errors.New("no receipt")
	}
	receipt := as4.Signal{SignalMessage: units.Signals[0], Signed: true}
	for _, r := range receipt.Receipt.References {
		receipt.References = append(receipt.References, wssec.Reference(r))
	}
	if e := as4.CheckReceipt(&receipt, m.MessageID, secured.References); e != nil {
		return e
	}
	return nil
}

// ServeHTTP is the receiving end.
func (s *signers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err == nil {
		body, err = s.receive(body)
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", soap)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

func (s *signers) receive(envelope []byte) ([]byte, error) {
	units, references, err := s.verify(envelope, s.sending)
	if err != nil {
		return nil, err
	}
	m, refused := units.User()
	if refused != nil {
		return nil, refused
	}
	if _, _, refused := s.agreed.Match(m); refused != nil {
		return nil, refused
	}
	receipt := ebms.SignalMessage{Timestamp: now(), MessageID: newID(), RefToMessageID: m.MessageID, Receipt: &ebms.Receipt{}}
	for _, r := range references {
		receipt.Receipt.References = append(receipt.Receipt.References, ebms.Reference(r))
	}
	plain := ebms.AppendSignalEnvelope(make([]byte, 0, 8192), &receipt, elementID(), elementID())
	secured, err := wssec.Secure(plain, nil, s.receiver, nil, wssec.Options{Method: s.method})
	if err != nil {
		return nil, err
	}
	return secured.Envelope, nil
}

// verify reads an envelope, checks its signature, and that it is the party's.
func (s *signers) verify(envelope []byte, from pmode.Party) (*ebms.Messaging, []wssec.Reference, error) {
	doc, err := xmltree.Parse(envelope, xmltree.Limits{NoProcInst: true})
	if err != nil {
		return nil, nil, err
	}
	env, err := ebms.ReadEnvelope(doc)
	if err != nil {
		return nil, nil, err
	}
	units, err := ebms.ReadMessaging(env.Messaging)
	if err != nil {
		return nil, nil, err
	}
	v, err := wssec.Verify(doc, wssec.Policy{Methods: []xmldsig.Method{s.method}, Candidates: from.Signing})
	if err != nil {
		return nil, nil, err
	}
	if v.Messaging != env.Messaging || v.Body != env.Body || !bytes.Equal(v.Signer.Raw, from.Signing[0].Raw) {
		return nil, nil, errors.New("signed is something else, or by somebody else")
	}
	return units, v.References, v.Complete()
}

// elementID is an id that an element can have.
func elementID() string { return "_" + clock.UUID() }
