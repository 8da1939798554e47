package vectors

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strings"
)

// What follows reads envelopes with the standard library only. A receipt that our handler made is compared
// here with the message that it was made for, so a mistake of the handler's own parser cannot hide itself.

const dsig = "http://www.w3.org/2000/09/xmldsig#"

// envelopeOf returns the SOAP envelope of an entity: the entity itself, or the first part.
func envelopeOf(e entity) ([]byte, error) {
	media, params, err := mime.ParseMediaType(e.contentType)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(media, "multipart/related") {
		return e.body, nil
	}
	part, err := multipart.NewReader(bytes.NewReader(e.body), params["boundary"]).NextRawPart()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(part, 16<<20))
}

// digestsIn lists the ds:Reference elements below the elements called parent as "URI method value", sorted.
func digestsIn(envelope []byte, parent string) ([]string, error) {
	d := xml.NewDecoder(bytes.NewReader(envelope))
	var out []string
	var inside int
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			slices.Sort(out)
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local == parent {
				inside++
			}
			if inside == 0 || e.Name.Local != "Reference" || e.Name.Space != dsig {
				continue
			}
			var ref struct {
				URI    string `xml:",attr"`
				Method struct {
					Algorithm string `xml:",attr"`
				} `xml:"DigestMethod"`
				Value string `xml:"DigestValue"`
			}
			if err := d.DecodeElement(&ref, &e); err != nil {
				return nil, err
			}
			out = append(out, ref.URI+" "+ref.Method.Algorithm+" "+strings.Join(strings.Fields(ref.Value), ""))
		case xml.EndElement:
			if e.Name.Local == parent {
				inside--
			}
		}
	}
}

// checkReferences compares the references of a receipt with those of the signature of a message.
func checkReferences(message entity, receipt []byte) error {
	envelope, err := envelopeOf(message)
	if err != nil {
		return fmt.Errorf("the message: %w", err)
	}
	want, err := digestsIn(envelope, "SignedInfo")
	if err != nil {
		return fmt.Errorf("the message: %w", err)
	}
	got, err := digestsIn(receipt, "NonRepudiationInformation")
	if err != nil {
		return fmt.Errorf("the receipt: %w", err)
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		return fmt.Errorf("the receipt has %d references, the message %d, and they are not the same", len(got), len(want))
	}
	return nil
}
