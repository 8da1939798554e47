package proof

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/wssec"
	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
	"oots/xml/xmltree"
)

// maxEnvelope bounds what is read as an envelope.
const maxEnvelope = 8 << 20

// signed is an envelope whose signature verifies, with the octets that it covers.
type signed struct {
	units      *ebms.Messaging
	signer     *x509.Certificate
	chain      []*x509.Certificate
	references []wssec.Reference
	info       []byte // canonical SignedInfo
	value      []byte // of the signature
	method     xmldsig.Method
	messaging  []byte // canonical eb:Messaging, as its digest covers it
	body       []byte // canonical Body
}

// policy takes every algorithm that a P-Mode can have agreed to.
func policy(known []*x509.Certificate) wssec.Policy {
	return wssec.Policy{
		Methods: []xmldsig.Method{xmldsig.RSASHA256, xmldsig.RSASHA384, xmldsig.RSASHA512, xmldsig.PSSSHA256, xmldsig.PSSSHA384, xmldsig.PSSSHA512,
			xmldsig.ECDSASHA256, xmldsig.ECDSASHA384, xmldsig.ECDSASHA512, xmldsig.Ed25519},
		Digests:          []xmldsig.Digest{xmldsig.SHA256, xmldsig.SHA384, xmldsig.SHA512},
		Contents:         []xmlenc.Content{xmlenc.AES128GCM, xmlenc.AES192GCM, xmlenc.AES256GCM},
		Transports:       wssec.LegacyTransports(),
		PlainAttachments: true,
		Candidates:       known,
	}
}

// open verifies the signature of an envelope with the certificate that it carries or that known has. Attachments are
// not there: their digests are in the references.
func open(envelope []byte, known []*x509.Certificate) (*signed, error) {
	doc, err := xmltree.Parse(envelope, xmltree.Limits{Bytes: maxEnvelope})
	if err != nil {
		return nil, fmt.Errorf("no XML: %w", err)
	}
	v, err := wssec.Verify(doc, policy(known))
	if err != nil {
		return nil, err
	}
	units, err := ebms.ReadMessaging(v.Messaging)
	if err != nil {
		return nil, err
	}
	s := &signed{units: units, signer: v.Signer, chain: v.Chain, references: v.References, info: v.SignedInfo}
	if err := s.octets(doc, v); err != nil {
		return nil, err
	}
	return s, nil
}

// octets finds the value of the signature and the octets of its two elements.
func (s *signed) octets(doc *xmltree.Document, v *wssec.Verified) error {
	sig, err := signature(doc)
	if err != nil {
		return err
	}
	s.value, s.method = sig.Value, sig.SignedInfo.Method
	for _, ref := range sig.SignedInfo.References {
		for _, part := range []struct {
			e  *xmltree.Element
			to *[]byte
		}{{v.Messaging, &s.messaging}, {v.Body, &s.body}} {
			if id, _ := part.e.Attr(ebms.NSWSU, "Id"); id == "" || ref.URI != "#"+id || len(ref.Transforms) != 1 {
				continue
			}
			if *part.to, err = c14n.Append(nil, part.e, c14n.Exclusive, ref.Transforms[0].PrefixList); err != nil {
				return err
			}
		}
	}
	return nil
}

func signature(doc *xmltree.Document) (*xmldsig.Signature, error) {
	for header := range doc.Root.All(ebms.NSSOAP12, "Header") {
		for security := range header.All(ebms.NSWSSE, "Security") {
			if e := security.First(ebms.NSDS, "Signature"); e != nil {
				return xmldsig.Read(e)
			}
		}
	}
	return nil, errors.New("no signature")
}

// user is the only user message of an envelope.
func (s *signed) user() (*ebms.UserMessage, error) {
	m, err := s.units.User()
	if err != nil {
		return nil, err
	}
	return m, nil
}

// receipt is the signal with the receipt.
func (s *signed) receipt() (*as4.Signal, error) {
	if len(s.units.Users) > 0 {
		return nil, errors.New("it holds a user message")
	}
	var found *as4.Signal
	for _, unit := range s.units.Signals {
		if unit.Receipt == nil {
			continue
		}
		if found != nil {
			return nil, errors.New("it holds two receipts")
		}
		found = &as4.Signal{SignalMessage: unit, Signed: true}
		for _, ref := range unit.Receipt.References {
			found.References = append(found.References, wssec.Reference(ref))
		}
	}
	if found == nil {
		return nil, errors.New("it holds no receipt")
	}
	return found, nil
}

// envelopeOf takes the SOAP envelope out of a signal that came with a MIME structure around it.
func envelopeOf(signal []byte) []byte {
	text := bytes.TrimLeft(signal, "\r\n")
	if !bytes.HasPrefix(text, []byte("--")) {
		return signal
	}
	boundary, _, _ := bytes.Cut(text[2:], []byte("\n"))
	u, err := as4.Unpack(`multipart/related; type="application/soap+xml"; boundary="`+strings.TrimSpace(string(boundary))+`"`, text)
	if err != nil {
		return signal
	}
	return u.Envelope
}

// acknowledgement is a receipt held against the message that it is for.
type acknowledgement struct {
	*signed
	signal *as4.Signal
}

// openReceipt verifies a receipt and that it names the references of message, down to the digests. [AS4 1.15 §10]
func openReceipt(envelope []byte, known []*x509.Certificate, messageID string, message *signed) (*acknowledgement, error) {
	s, err := open(envelope, known)
	if err != nil {
		return nil, err
	}
	signal, err := s.receipt()
	if err != nil {
		return nil, err
	}
	if err := as4.CheckReceipt(signal, messageID, message.references); err != nil {
		return nil, err
	}
	if s.signer.Equal(message.signer) {
		return nil, errors.New("message and receipt are signed by the same certificate: what an access point sends to itself proves nothing to others")
	}
	return &acknowledgement{s, signal}, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
