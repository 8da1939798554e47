package wsplugin

import (
	"strconv"
	"strings"

	"oots/edelivery/ebms"
	"oots/internal/backend"
	"oots/xml/xmltree"
)

// A partInfo is one PartInfo of a submission.
type partInfo struct {
	href       string // "" refers to the bodyload
	properties []ebms.Property
}

// A headerReader reads eb:Messaging of a submission. The order of elements is free, as the schema of the plugin has it,
// and most are optional; the first error is kept.
type headerReader struct{ err error }

// readHeader reads the header of a submission; errors name the element.
func readHeader(messaging *xmltree.Element) (m ebms.UserMessage, parts []partInfo, err error) {
	if messaging == nil {
		return m, nil, invalid("Header/Messaging", "is missing")
	}
	r := &headerReader{}
	user := r.one(messaging, "UserMessage", "Messaging/UserMessage", true)
	mpc, _ := user.Attr("", "mpc")
	m.MPC = strings.TrimSpace(mpc)
	info := r.one(user, "MessageInfo", "MessageInfo", false)
	// Control characters and white space around the id are dropped, as the plugin does.
	m.MessageID = printed(r.one(info, "MessageId", "MessageInfo/MessageId", false).Text())
	m.RefToMessageID = printed(r.one(info, "RefToMessageId", "MessageInfo/RefToMessageId", false).Text())
	party := r.one(user, "PartyInfo", "PartyInfo", true)
	m.From = r.party(party, "From")
	m.To = r.party(party, "To")
	c := r.one(user, "CollaborationInfo", "CollaborationInfo", true)
	agreement := r.one(c, "AgreementRef", "CollaborationInfo/AgreementRef", false)
	m.AgreementRef, m.AgreementType = agreement.Value(), typeOf(agreement)
	service := r.one(c, "Service", "CollaborationInfo/Service", true)
	m.Service = ebms.Service{Type: typeOf(service), Value: service.Value()}
	m.Action = r.one(c, "Action", "CollaborationInfo/Action", true).Value()
	m.ConversationID = r.one(c, "ConversationId", "CollaborationInfo/ConversationId", false).Value()
	if e := r.one(user, "ProcessingType", "ProcessingType", false); e.Value() != "" && e.Value() != "PUSH" {
		r.fail("ProcessingType", "only PUSH is served")
	}
	m.Properties = r.properties(r.one(user, "MessageProperties", "MessageProperties", false), "MessageProperties")
	parts = r.parts(r.one(user, "PayloadInfo", "PayloadInfo", false))
	return m, parts, r.err
}

func invalid(field, message string) error {
	return &backend.Error{Kind: backend.Invalid, Field: field, Message: message}
}

func (r *headerReader) fail(field, message string) {
	if r.err == nil {
		r.err = invalid(field, message)
	}
}

// one returns the only child eb:name; nil when there is none.
func (r *headerReader) one(e *xmltree.Element, name, field string, required bool) (found *xmltree.Element) {
	for c := range e.All(ebms.NS, name) {
		if found != nil {
			r.fail(field, "occurs twice")
		}
		found = c
	}
	if found == nil && required {
		r.fail(field, "is missing")
	}
	return found
}

func (r *headerReader) party(e *xmltree.Element, name string) ebms.Party {
	p := r.one(e, name, "PartyInfo/"+name, false)
	if p == nil {
		return ebms.Party{}
	}
	id := r.one(p, "PartyId", "PartyInfo/"+name+"/PartyId", true)
	role := r.one(p, "Role", "PartyInfo/"+name+"/Role", false)
	return ebms.Party{ID: ebms.PartyID{Type: typeOf(id), Value: id.Value()}, Role: role.Value()}
}

func (r *headerReader) properties(e *xmltree.Element, field string) (out []ebms.Property) {
	for p := range e.All(ebms.NS, "Property") {
		name, _ := p.Attr("", "name")
		name = strings.TrimSpace(name)
		if name == "" {
			r.fail(field+"/Property/@name", "is missing or empty")
		}
		out = append(out, ebms.Property{Name: name, Type: typeOf(p), Value: p.Value()})
	}
	return out
}

// parts reads PayloadInfo.
func (r *headerReader) parts(e *xmltree.Element) (out []partInfo) {
	n := 0
	for p := range e.All(ebms.NS, "PartInfo") {
		n++
		field := "PayloadInfo/PartInfo[" + strconv.Itoa(n) + "]"
		href, _ := p.Attr("", "href")
		part := partInfo{href: strings.TrimSpace(href)}
		if ps := r.one(p, "PartProperties", field+"/PartProperties", false); ps != nil {
			part.properties = r.properties(ps, field+"/PartProperties")
			if len(part.properties) == 0 && r.err == nil {
				r.err = &backend.Error{Kind: backend.Payloads, Field: field + "/PartProperties", Message: "is there and empty"}
			}
		}
		out = append(out, part)
	}
	return out
}

func typeOf(e *xmltree.Element) string {
	t, _ := e.Attr("", "type")
	return strings.TrimSpace(t)
}

// printed drops control characters and the white space around a text.
func printed(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}
