package ebms

import (
	"oots/xml/xmltree"
)

// AppendUserMessage appends eb:UserMessage with the prefix eb, which the caller has bound. The same value
// gives the same bytes. The caller has checked m.
func AppendUserMessage(dst []byte, m *UserMessage) []byte {
	dst = append(dst, "<eb:UserMessage"...)
	if m.MPC != "" {
		dst = appendAttr(dst, "mpc", m.MPC)
	}
	dst = append(dst, '>')
	dst = appendMessageInfo(dst, m.Timestamp.UTC(), m.MessageID, m.RefToMessageID)
	dst = append(dst, "<eb:PartyInfo>"...)
	dst = appendParty(dst, "eb:From", m.From)
	dst = appendParty(dst, "eb:To", m.To)
	dst = append(dst, "</eb:PartyInfo><eb:CollaborationInfo>"...)
	if m.AgreementRef != "" {
		dst = appendTyped(dst, "eb:AgreementRef", m.AgreementType, m.AgreementRef)
	}
	dst = appendTyped(dst, "eb:Service", m.Service.Type, m.Service.Value)
	dst = appendElement(dst, "eb:Action", m.Action)
	dst = appendElement(dst, "eb:ConversationId", m.ConversationID)
	dst = append(dst, "</eb:CollaborationInfo>"...)
	if len(m.Properties) > 0 {
		dst = append(dst, "<eb:MessageProperties>"...)
		dst = appendProperties(dst, m.Properties)
		dst = append(dst, "</eb:MessageProperties>"...)
	}
	if len(m.Parts) > 0 {
		dst = append(dst, "<eb:PayloadInfo>"...)
		for i := range m.Parts {
			dst = append(dst, "<eb:PartInfo"...)
			dst = appendAttr(dst, "href", m.Parts[i].Href)
			dst = append(dst, '>')
			if len(m.Parts[i].Properties) > 0 {
				dst = append(dst, "<eb:PartProperties>"...)
				dst = appendProperties(dst, m.Parts[i].Properties)
				dst = append(dst, "</eb:PartProperties>"...)
			}
			dst = append(dst, "</eb:PartInfo>"...)
		}
		dst = append(dst, "</eb:PayloadInfo>"...)
	}
	return append(dst, "</eb:UserMessage>"...)
}

// AppendSignalMessage appends eb:SignalMessage with the prefix eb, which the caller has bound. References
// of a receipt are written as their Raw bytes. [AS4 §5.1.8]
func AppendSignalMessage(dst []byte, m *SignalMessage) []byte {
	dst = append(dst, "<eb:SignalMessage>"...)
	dst = appendMessageInfo(dst, m.Timestamp, m.MessageID, m.RefToMessageID)
	if m.Receipt != nil {
		dst = append(dst, `<eb:Receipt><ebbp:NonRepudiationInformation xmlns:ebbp="`+NSEBBP+`">`...)
		for i := range m.Receipt.References {
			dst = append(dst, "<ebbp:MessagePartNRInformation>"...)
			dst = append(dst, m.Receipt.References[i].Raw...)
			dst = append(dst, "</ebbp:MessagePartNRInformation>"...)
		}
		dst = append(dst, "</ebbp:NonRepudiationInformation></eb:Receipt>"...)
	}
	for i := range m.Errors {
		dst = appendError(dst, &m.Errors[i])
	}
	return append(dst, "</eb:SignalMessage>"...)
}

func appendError(dst []byte, e *Error) []byte {
	dst = append(dst, "<eb:Error"...)
	for _, a := range [...]struct{ name, value string }{
		{"category", e.Category}, {"refToMessageInError", e.RefToMessageInError}, {"errorCode", e.Code},
		{"origin", e.Origin}, {"severity", e.Severity}, {"shortDescription", e.ShortDescription},
	} {
		if a.value != "" {
			dst = appendAttr(dst, a.name, a.value)
		}
	}
	if e.Description == "" && e.Detail == "" {
		return append(dst, "/>"...)
	}
	dst = append(dst, '>')
	if e.Description != "" {
		lang := e.Lang
		if lang == "" {
			lang = "en"
		}
		dst = append(dst, "<eb:Description"...)
		dst = appendAttr(dst, "xml:lang", lang)
		dst = append(dst, '>')
		dst = xmltree.AppendSafeText(dst, e.Description)
		dst = append(dst, "</eb:Description>"...)
	}
	if e.Detail != "" {
		dst = appendElement(dst, "eb:ErrorDetail", token(e.Detail))
	}
	return append(dst, "</eb:Error>"...)
}

func appendParty(dst []byte, name string, p Party) []byte {
	dst = append(append(append(dst, '<'), name...), '>')
	dst = appendTyped(dst, "eb:PartyId", p.ID.Type, p.ID.Value)
	dst = appendElement(dst, "eb:Role", p.Role)
	return append(append(append(dst, "</"...), name...), '>')
}

func appendProperties(dst []byte, ps []Property) []byte {
	for i := range ps {
		dst = append(dst, "<eb:Property"...)
		dst = appendAttr(dst, "name", ps[i].Name)
		if ps[i].Type != "" {
			dst = appendAttr(dst, "type", ps[i].Type)
		}
		dst = append(dst, '>')
		dst = xmltree.AppendSafeText(dst, ps[i].Value)
		dst = append(dst, "</eb:Property>"...)
	}
	return dst
}

func appendTyped(dst []byte, name, kind, value string) []byte {
	dst = append(append(dst, '<'), name...)
	if kind != "" {
		dst = appendAttr(dst, "type", kind)
	}
	dst = append(dst, '>')
	dst = xmltree.AppendSafeText(dst, value)
	return append(append(append(dst, "</"...), name...), '>')
}

func appendElement(dst []byte, name, value string) []byte { return appendTyped(dst, name, "", value) }

func appendAttr(dst []byte, name, value string) []byte {
	dst = append(append(append(dst, ' '), name...), `="`...)
	return append(xmltree.AppendSafeAttr(dst, value), '"')
}

// isXML reports whether XML 1.0 can carry r. [XML 1.0 §2.2]
func isXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000
}
