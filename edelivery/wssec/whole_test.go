package wssec

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"io"

	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
)

// An attachment is a MIME part in memory.
type attachment struct {
	ContentID, MediaType string
	Content              []byte
}

// secureWhole does what a sender does around Secure: it digests before and encrypts behind it.
func secureWhole(envelope []byte, atts []attachment, signer Identity, recipient *x509.Certificate, o Options) (secured []byte, out []attachment, refs []Reference, err error) {
	parts := make([]Attachment, len(atts))
	for i, a := range atts {
		d := NewDigest(xmldsig.SHA256, a.MediaType)
		d.Write(a.Content)
		sum, err := d.Sum()
		if err != nil {
			return nil, nil, nil, fmt.Errorf("attachment %s: %w", a.ContentID, err)
		}
		parts[i] = Attachment{ContentID: a.ContentID, MediaType: a.MediaType, Digest: sum}
	}
	s, err := Secure(envelope, parts, signer, recipient, o)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, a := range atts {
		sealed, err := xmlenc.Seal(xmlenc.AES128GCM, s.Key, a.Content)
		if err != nil {
			return nil, nil, nil, err
		}
		out = append(out, attachment{ContentID: a.ContentID, MediaType: "application/octet-stream", Content: sealed})
	}
	return s.Envelope, out, s.References, nil
}

// openWhole reads an attachment to its end; there are no octets beside an error.
func (v *Verified) openWhole(a attachment, keys []Identity) (plain []byte, mediaType string, err error) {
	o, err := v.Open(a.ContentID, a.MediaType, bytes.NewReader(a.Content), keys)
	if err != nil {
		return nil, "", err
	}
	if plain, err = io.ReadAll(o); err != nil {
		return nil, "", err
	}
	return plain, o.MediaType, nil
}
