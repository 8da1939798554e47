package wssec

import (
	"bytes"
	"errors"
	"hash"
	"strings"

	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmltree"
)

// digestElement hashes the exclusive canonical form of e.
func digestElement(d xmldsig.Digest, e *xmltree.Element, prefixList []string) ([]byte, error) {
	h := d.Hash().New()
	if err := c14n.Write(h, e, c14n.Exclusive, prefixList); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

// A Digest hashes the content of an attachment as its media type asks: XML in exclusive canonical form, other
// text with CR LF line ends, anything else as it is. [SwA Profile 1.1.1 §5.4]
//
// All but XML is hashed while it is written. XML is kept until Sum, and is refused above the limit that
// xmltree has for a document: only a peer that signs its attachments as XML comes this way.
type Digest struct {
	h    hash.Hash
	form form
	cr   bool         // the last octet was a CR, whose line end is written already
	xml  bytes.Buffer // of an XML attachment
	long bool
}

type form int

const (
	asIs form = iota
	asText
	asXML
)

// errLongXML says that an attachment is too large to be canonicalised.
var errLongXML = errors.New("XML attachment is too large")

// NewDigest returns an empty Digest for an attachment of a media type, whose parameters are ignored.
// It is nil for a digest method that is unknown.
func NewDigest(d xmldsig.Digest, mediaType string) *Digest {
	if d.Hash() == 0 {
		return nil
	}
	essence, _, _ := strings.Cut(mediaType, ";")
	essence = strings.ToLower(strings.TrimSpace(essence))
	x := &Digest{h: d.Hash().New()}
	switch {
	case isXML(essence):
		x.form = asXML
	case strings.HasPrefix(essence, "text/"):
		x.form = asText
	}
	return x
}

func isXML(essence string) bool {
	switch essence {
	case "text/xml", "application/xml":
		return true
	}
	return strings.HasSuffix(essence, "+xml") && (strings.HasPrefix(essence, "application/") || strings.HasPrefix(essence, "image/"))
}

// Write adds octets of the content. It fails only for XML that is too large.
func (d *Digest) Write(b []byte) (int, error) {
	switch d.form {
	case asIs:
		d.h.Write(b)
	case asText:
		d.writeText(b)
	case asXML:
		if d.long = d.long || d.xml.Len()+len(b) > xmltree.Default.Bytes; d.long {
			return 0, errLongXML
		}
		d.xml.Write(b)
	}
	return len(b), nil
}

// writeText hashes b with every CR LF, CR and LF as CR LF, also where CR and LF come in two writes.
func (d *Digest) writeText(b []byte) {
	crlf := []byte("\r\n")
	from := 0
	for i, c := range b {
		if c != '\r' && c != '\n' {
			d.cr = false
			continue
		}
		d.h.Write(b[from:i])
		from = i + 1
		if c == '\n' && d.cr {
			d.cr = false
			continue
		}
		d.h.Write(crlf)
		d.cr = c == '\r'
	}
	d.h.Write(b[from:])
}

// Sum returns the digest. It fails for XML that cannot be read.
func (d *Digest) Sum() ([]byte, error) {
	if d.form != asXML {
		return d.h.Sum(nil), nil
	}
	if d.long {
		return nil, errLongXML
	}
	doc, err := xmltree.Parse(d.xml.Bytes(), xmltree.Limits{})
	if err != nil {
		return nil, err
	}
	if err := c14n.WriteDocument(d.h, doc, c14n.Exclusive, nil); err != nil {
		return nil, err
	}
	return d.h.Sum(nil), nil
}
