package ebms

import (
	"time"

	"oots/xml/xmltree"
)

func appendMessageInfo(dst []byte, at time.Time, id, ref string) []byte {
	dst = append(dst, "<eb:MessageInfo><eb:Timestamp>"...)
	dst = AppendTimestamp(dst, at)
	dst = append(dst, "</eb:Timestamp>"...)
	dst = appendElement(dst, "eb:MessageId", id)
	if ref != "" {
		dst = appendElement(dst, "eb:RefToMessageId", ref)
	}
	return append(dst, "</eb:MessageInfo>"...)
}

// AppendUserEnvelope appends a SOAP 1.2 envelope with m in its header and an empty Body. messagingID and
// bodyID become wsu:Id, which the signature refers to; they are NCNames. Only wsu:Id is written, because
// peers look for exactly that attribute in receipts. [AS4 1.15 §3.2] [SOAP 1.2 §5]
func AppendUserEnvelope(dst []byte, m *UserMessage, messagingID, bodyID string) []byte {
	dst = appendHead(dst, messagingID)
	dst = AppendUserMessage(dst, m)
	return appendTail(dst, bodyID)
}

// AppendSignalEnvelope appends a SOAP 1.2 envelope with the signal in its header and an empty Body.
func AppendSignalEnvelope(dst []byte, m *SignalMessage, messagingID, bodyID string) []byte {
	dst = appendHead(dst, messagingID)
	dst = AppendSignalMessage(dst, m)
	return appendTail(dst, bodyID)
}

// AppendFault appends a SOAP 1.2 envelope that holds only the fault. [SOAP 1.2 §5.4]
func AppendFault(dst []byte, f *Fault) []byte {
	dst = append(dst, `<env:Envelope xmlns:env="`+NSSOAP12+`"><env:Body><env:Fault><env:Code><env:Value>env:`...)
	dst = xmltree.AppendSafeText(dst, f.Code)
	dst = append(dst, `</env:Value></env:Code><env:Reason><env:Text xml:lang="en">`...)
	dst = xmltree.AppendSafeText(dst, token(f.Reason))
	return append(dst, "</env:Text></env:Reason></env:Fault></env:Body></env:Envelope>"...)
}

func appendHead(dst []byte, messagingID string) []byte {
	dst = append(dst, `<env:Envelope xmlns:env="`+NSSOAP12+`"><env:Header><eb:Messaging xmlns:eb="`+NS+`" xmlns:wsu="`+NSWSU+`" env:mustUnderstand="true"`...)
	dst = appendAttr(dst, "wsu:Id", messagingID)
	return append(dst, '>')
}

func appendTail(dst []byte, bodyID string) []byte {
	dst = append(dst, `</eb:Messaging></env:Header><env:Body xmlns:wsu="`+NSWSU+`"`...)
	dst = appendAttr(dst, "wsu:Id", bodyID)
	return append(dst, "></env:Body></env:Envelope>"...)
}

// An Envelope is the structure of a received SOAP 1.2 envelope. The elements are those of the document:
// compare them with what the signature covers by identity.
type Envelope struct {
	Messaging *xmltree.Element // the only eb:Messaging, child of Header; nil if Fault and nothing else came
	Body      *xmltree.Element
	Security  *xmltree.Element // the wsse:Security for us; nil if there is none
	Fault     *Fault           // the fault in the Body, if any
	Unmarked  bool             // eb:Messaging lacks mustUnderstand: tolerated, worth a line in the log
}

// ReadEnvelope checks the structure: SOAP 1.2, one Header before one Body, exactly one eb:Messaging, at
// most one wsse:Security for us, no other header that must be understood. The error is *Fault or *Error.
// [SOAP 1.2 §5] [AS4 1.15 §3.2]
func ReadEnvelope(d *xmltree.Document) (*Envelope, error) {
	root := d.Root
	if root.Name.Local != "Envelope" || root.Name.Space != NSSOAP12 {
		return nil, &Fault{"VersionMismatch", "The document is no SOAP 1.2 envelope."}
	}
	var header *xmltree.Element
	e := &Envelope{}
	for c := range root.Elements() {
		switch {
		case c.Is(NSSOAP12, "Header") && header == nil && e.Body == nil:
			header = c
		case c.Is(NSSOAP12, "Body") && e.Body == nil:
			e.Body = c
		default:
			return nil, NewError(InvalidHeader, "SOAP envelope: unexpected %.40s", c.Name.Local)
		}
	}
	if e.Body == nil {
		return nil, NewError(InvalidHeader, "SOAP envelope without Body")
	}
	for h := range header.Elements() {
		if err := e.header(h); err != nil {
			return nil, err
		}
	}
	e.Fault = readFault(e.Body)
	if e.Messaging == nil && e.Fault == nil {
		return nil, NewError(InvalidHeader, "no eb:Messaging header")
	}
	return e, nil
}

func (e *Envelope) header(h *xmltree.Element) error {
	switch {
	case h.Is(NS, "Messaging"):
		// A second one, whatever its role, is a message that two readers may see differently.
		if e.Messaging != nil {
			return NewError(InvalidHeader, "two eb:Messaging headers")
		}
		e.Messaging = h
		value, marked := h.Attr(NSSOAP12, "mustUnderstand")
		if e.Unmarked = !marked; marked && !isTrue(value) {
			return NewError(InvalidHeader, "eb:Messaging with mustUnderstand %.10q", value)
		}
	case h.Is(NSWSSE, "Security") && forUs(h):
		if e.Security != nil {
			return NewError(PolicyNoncompliance, "two wsse:Security headers")
		}
		e.Security = h
	default:
		if value, _ := h.Attr(NSSOAP12, "mustUnderstand"); isTrue(value) && forUs(h) {
			return &Fault{"MustUnderstand", "A header block that must be understood is not known."}
		}
	}
	return nil
}

func isTrue(s string) bool {
	s = trim(s)
	return s == "true" || s == "1"
}

// forUs reports whether a header block is targeted at the ultimate receiver or the next node, which are
// both this node. [SOAP 1.2 §2.2]
func forUs(h *xmltree.Element) bool {
	role, ok := h.Attr(NSSOAP12, "role")
	switch trim(role) {
	case "", NSSOAP12 + "/role/ultimateReceiver", NSSOAP12 + "/role/next":
		return true
	}
	return !ok
}

func readFault(body *xmltree.Element) *Fault {
	f := body.First(NSSOAP12, "Fault")
	if f == nil {
		return nil
	}
	code := f.First(NSSOAP12, "Code").First(NSSOAP12, "Value")
	local := token(code.Text())
	if n, err := nameOf(code); err == nil {
		local = n.Local
	}
	return &Fault{Code: local, Reason: token(f.First(NSSOAP12, "Reason").First(NSSOAP12, "Text").Text())}
}

func nameOf(e *xmltree.Element) (xmltree.Name, error) {
	if e == nil {
		return xmltree.Name{}, errNoElement
	}
	return e.QName(e.Text())
}

// BodyIsEmpty reports whether the SOAP Body has neither elements nor text: the profile puts every payload
// into a MIME part. [AS4 1.15 §3.2.2]
func BodyIsEmpty(body *xmltree.Element) bool {
	for range body.Elements() {
		return false
	}
	return body.Value() == ""
}
