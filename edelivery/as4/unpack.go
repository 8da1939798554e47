package as4

import (
	"bytes"
	"crypto/x509"
	"errors"
	"io"

	"oots/edelivery/ebms"
	"oots/edelivery/swa"
	"oots/edelivery/wssec"
)

// An Unpacked is an entity taken apart for people to look at. Nothing of it is trusted.
type Unpacked struct {
	Envelope   []byte // the SOAP envelope as it is
	Message    *ebms.UserMessage
	Signals    []ebms.SignalMessage
	Fault      *ebms.Fault
	Parts      []UnpackedPart
	Signer     *x509.Certificate // of a valid signature; anybody can have made it
	References []wssec.Reference
	Problems   []error // what a receiver would refuse, in the order found
	Tolerated  []string
}

// An UnpackedPart is one part as it is in the entity, still encrypted.
type UnpackedPart struct {
	ContentID string
	MediaType string         // of the MIME part
	Size      int            // bytes as transferred, transfer encoding undone
	Info      *ebms.PartInfo // its PartInfo; nil if there is none
}

// Unpack takes an entity apart, checks the signature with the certificate in the message itself, and lists
// the parts. It has no key and decrypts nothing; whether the signer is the right one it cannot say. The
// error is a *Refusal and means that there is not even an envelope; all else is in Problems.
func Unpack(contentType string, body []byte) (*Unpacked, error) {
	e, err := open(contentType, bytes.NewReader(body), Limits{}.withDefaults(false))
	if err != nil {
		return nil, refusalOf(err, "")
	}
	u := &Unpacked{Envelope: e.root.Content, Fault: e.env.Fault, Tolerated: e.tolerated()}
	u.readUnits(e)
	if err := u.listParts(e.mime); err != nil {
		return nil, refusalOf(err, "")
	}
	v, err := wssec.Verify(e.doc, wssec.Policy{})
	if err != nil {
		u.Problems = append(u.Problems, err)
		return u, nil
	}
	u.Signer, u.References = v.Signer, v.References
	if !ebms.BodyIsEmpty(v.Body) {
		u.Problems = append(u.Problems, ebms.NewError(ebms.FeatureNotSupported, "the SOAP Body is not empty"))
	}
	return u, nil
}

func (u *Unpacked) readUnits(e *opened) {
	if e.env.Messaging == nil {
		return
	}
	units, err := ebms.ReadMessaging(e.env.Messaging)
	if err != nil {
		u.Problems = append(u.Problems, err)
		return
	}
	u.Signals = units.Signals
	if len(units.Users) == 0 {
		return
	}
	m, refused := units.User()
	if refused != nil {
		u.Problems = append(u.Problems, refused)
		return
	}
	u.Message = m
}

func (u *Unpacked) listParts(mime *swa.Reader) error {
	var pairs pairing
	if u.Message != nil {
		pairs = newPairing(u.Message.Parts)
	}
	for {
		p, err := mime.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		n, err := io.Copy(io.Discard, p)
		if err != nil {
			return err
		}
		part := UnpackedPart{ContentID: p.ContentID, MediaType: p.MediaType, Size: int(n)}
		if i, ok := pairs.take(p.ContentID); ok {
			part.Info = &u.Message.Parts[i]
		}
		u.Parts = append(u.Parts, part)
	}
	if u.Message == nil {
		return nil
	}
	if err := pairs.check(); err != nil {
		u.Problems = append(u.Problems, err)
	}
	return nil
}

// Valid reports whether nothing was found that a receiver would refuse, as far as that can be told without
// its keys and P-Modes.
func (u *Unpacked) Valid() bool { return len(u.Problems) == 0 }

// Problem returns all problems as one error, or nil.
func (u *Unpacked) Problem() error { return errors.Join(u.Problems...) }
