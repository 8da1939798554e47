package wssec

import (
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

// digestAttachment hashes the content of an attachment as its media type asks: XML in exclusive canonical form,
// other text with CR LF line ends, anything else as it is. [SwA Profile 1.1.1 §5.4]
func digestAttachment(d xmldsig.Digest, mediaType string, content []byte) ([]byte, error) {
	h := d.Hash().New()
	essence, _, _ := strings.Cut(mediaType, ";")
	essence = strings.ToLower(strings.TrimSpace(essence))
	switch {
	case isXML(essence):
		doc, err := xmltree.Parse(content, xmltree.Limits{})
		if err != nil {
			return nil, err
		}
		if err := c14n.WriteDocument(h, doc, c14n.Exclusive, nil); err != nil {
			return nil, err
		}
	case strings.HasPrefix(essence, "text/"):
		writeCRLF(h, content)
	default:
		h.Write(content)
	}
	return h.Sum(nil), nil
}

func isXML(essence string) bool {
	switch essence {
	case "text/xml", "application/xml":
		return true
	}
	return strings.HasSuffix(essence, "+xml") && (strings.HasPrefix(essence, "application/") || strings.HasPrefix(essence, "image/"))
}

// writeCRLF writes b with every CR LF, CR and LF as CR LF.
func writeCRLF(h hash.Hash, b []byte) {
	crlf := []byte("\r\n")
	from := 0
	for i := 0; i < len(b); i++ {
		if b[i] != '\r' && b[i] != '\n' {
			continue
		}
		h.Write(b[from:i])
		h.Write(crlf)
		if b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n' {
			i++
		}
		from = i + 1
	}
	h.Write(b[from:])
}
