package wsplugin

import (
	"strconv"
	"strings"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/backend"
	"oots/xml/xmltree"
)

// bodyloadID is the content id that a bodyload travels under: the profile leaves the SOAP body empty.
const bodyloadID = "bodyload"

// A given is one payload of a request.
type given struct {
	contentType string
	value
	used bool
}

// submit stores a message to be sent.
func (h *Handler) submit(c *call) (answer, error) {
	m, parts, err := readHeader(c.messaging)
	if err != nil {
		return nil, err
	}
	payloads, bodyload, err := c.payloads()
	if err != nil {
		return nil, err
	}
	s := backend.Submission{Message: m}
	for i, p := range parts {
		payload, err := bind(i, p, payloads, bodyload)
		if err != nil {
			return nil, err
		}
		s.Payloads = append(s.Payloads, payload)
	}
	id, err := h.c.Backend.Submit(c.ctx, c.account, s)
	if err != nil {
		return nil, err
	}
	return func(dst []byte) []byte {
		return appendResponse(dst, c.space(), "submitResponse", func(dst []byte) []byte {
			dst = appendElement(dst, "messageID", id)
			if c.space() == NS {
				dst = appendElement(dst, "messageEntityID", entityID(id))
			}
			return dst
		})
	}, nil
}

// payloads reads the payload elements, by payloadId in lower case without "cid:", and the bodyload.
func (c *call) payloads() (payloads map[string]*given, bodyload *given, err error) {
	payloads = map[string]*given{}
	markers, n := 0, 0
	for e := range c.operation.Elements() {
		name := e.Name.Local
		if name != "payload" && name != "bodyload" {
			continue // unknown siblings are accepted, as without validation against the schema
		}
		v, marked := c.value(e)
		if marked {
			markers++
		}
		contentType, _ := e.Attr("", "contentType")
		g := &given{contentType: strings.TrimSpace(contentType), value: v}
		id, has := e.Attr("", "payloadId")
		id = strings.TrimSpace(id)
		if name == "bodyload" {
			switch {
			case bodyload != nil:
				return nil, nil, invalid("submitRequest/bodyload", "occurs twice")
			case has:
				return nil, nil, payloadError("bodyload/@payloadId", "is not allowed")
			}
			bodyload = g
			continue
		}
		n++
		if id == "" {
			return nil, nil, payloadError("payload["+strconv.Itoa(n)+"]/@payloadId", "is missing or empty")
		}
		if payloads[key(id)] != nil {
			return nil, nil, payloadError("payload["+strconv.Itoa(n)+"]/@payloadId", "is that of another payload")
		}
		payloads[key(id)] = g
	}
	if markers != len(c.split.inlines) {
		return nil, nil, envelopeError("text of a payload value outside of a payload")
	}
	return payloads, bodyload, nil
}

func payloadError(field, message string) error {
	return &backend.Error{Kind: backend.Payloads, Field: field, Message: message}
}

// key compares payloadId and href: without the scheme, in any case.
func key(id string) string {
	id = strings.ToLower(id)
	return strings.TrimPrefix(id, "cid:")
}

// bind makes the payload of one PartInfo.
func bind(i int, p partInfo, payloads map[string]*given, bodyload *given) (as4.Payload, error) {
	field := "PayloadInfo/PartInfo[" + strconv.Itoa(i+1) + "]"
	id, g, name := strings.TrimPrefix(p.href, "cid:"), payloads[key(p.href)], "payload["+p.href+"]"
	if p.href == "" {
		id, g, name = bodyloadID, bodyload, "bodyload"
	}
	switch {
	case g == nil && p.href == "":
		return as4.Payload{}, &backend.Error{Kind: backend.Payloads, Code: "WS_PLUGIN:0001", Field: field, Message: "has no href and the request no bodyload"}
	case g == nil:
		return as4.Payload{}, payloadError(field+"/@href", "no payload has this payloadId")
	case g.used:
		return as4.Payload{}, payloadError(field+"/@href", "is that of another PartInfo")
	case g.err != nil:
		return as4.Payload{}, payloadError(name+"/value", g.err.Error())
	}
	g.used = true
	out := as4.Payload{ContentID: id, MimeType: g.contentType, Content: g.content}
	for _, q := range p.properties {
		switch {
		case strings.EqualFold(q.Name, ebms.MimeType):
			out.MimeType = q.Value
		case strings.EqualFold(q.Name, ebms.CompressionType):
			return as4.Payload{}, payloadError(field+"/PartProperties/Property[CompressionType]", "is set by the access point")
		case strings.EqualFold(q.Name, "FilePath"):
			// The original reads the file or address that stands here itself.
			return as4.Payload{}, payloadError(field+"/PartProperties/Property[FilePath]", "is not accepted: payloads are in the request")
		default:
			out.Properties = append(out.Properties, q)
		}
	}
	if out.MimeType == "" {
		out.MimeType = "text/xml"
	}
	return out, nil
}

// attribute returns an attribute in no namespace.
func attribute(e *xmltree.Element, name string) string {
	v, _ := e.Attr("", name)
	return strings.TrimSpace(v)
}
