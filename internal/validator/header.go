package validator

import (
	"errors"
	"slices"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/ebms/schema"
	"oots/edm"
	"oots/edm/exchange"
	"oots/rule"
	"oots/xml/xmltree"
)

// header judges eb:Messaging. Signals have no rules beyond the content model.
func (r *Report) header(root *xmltree.Element) {
	at := messaging(root)
	r.Findings = schema.Check(at)
	m, err := ebms.ReadMessaging(at)
	if err != nil {
		if len(r.Findings) == 0 {
			r.Findings = []rule.Finding{{Rule: RuleUnreadable, Severity: rule.Fatal, Line: at.Line, Path: at.Path(),
				Got: clip(detail(err)), Want: "a header of the eDelivery profile"}}
		}
		return
	}
	i, inLine := 0, r.inLine()
	for user := range at.All(ebms.NS, "UserMessage") {
		if i == len(m.Users) {
			break
		}
		for _, f := range r.user(&m.Users[i], inLine) {
			e, attr := locate(user, f.Path)
			f.Line, f.Path = e.Line, e.Path()+attr
			r.Findings = append(r.Findings, f)
		}
		i++
	}
}

// otherServices are those of OOTS that carry no evidence messages, whose headers have no published rules: tests
// of the connection, and submissions to the Common Services. [ebMS3 §5.2.2.8] [TDD 3.6.3]
var otherServices = [...]string{ebms.TestService, "LifecycleManager"}

// user applies the rules of the exchange to a user message of its service.
func (r *Report) user(m *ebms.UserMessage, rules *edm.Rules) []rule.Finding {
	if slices.Contains(otherServices[:], m.Service.Value) {
		r.Notes = append(r.Notes, "The service is not that of the evidence exchange: the header was checked against its content model only.")
		return nil
	}
	message := envelope(m)
	message.Version = r.line()
	return append(exchange.CheckTransport(message.Follows(), m.From.Role, m.To.Role, m.Service.Type, m.Service.Value, rules),
		exchange.CheckEnvelopeWith(message, rules)...)
}

// detail is the cause of an error of ebMS without its code.
func detail(err error) string {
	var e *ebms.Error
	if errors.As(err, &e) {
		return e.Detail
	}
	return err.Error()
}

// envelope reads a user message as the header of an exchange with empty parts.
func envelope(m *ebms.UserMessage) exchange.Envelope {
	h := exchange.Header{
		MessageID: m.MessageID, Timestamp: m.Timestamp,
		From:   edm.Identifier{Scheme: m.From.ID.Type, Value: m.From.ID.Value},
		To:     edm.Identifier{Scheme: m.To.ID.Type, Value: m.To.ID.Value},
		Action: exchange.Action(m.Action), ConversationID: m.ConversationID,
		PropertyNames: []string{},
	}
	for _, p := range m.Properties {
		h.Receive(exchange.Property{Name: p.Name, Type: p.Type, Value: p.Value})
	}
	var parts []exchange.Attachment
	for i := range m.Parts {
		mime, _ := m.Parts[i].Property("MimeType")
		parts = append(parts, exchange.Attachment{MimeType: mime})
	}
	return exchange.Assemble(h, parts)
}

// locate follows the path of a header finding, such as MessageProperties/ExchangeId, as far as the document
// goes, and returns the attribute that the path ends with.
func locate(user *xmltree.Element, path string) (e *xmltree.Element, attr string) {
	e = user
	for step := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(step, "@") {
			return e, "/" + step
		}
		name, _, _ := strings.Cut(step, "[")
		next := e.First(ebms.NS, name)
		for p := range e.All(ebms.NS, "Property") {
			if is, _ := p.Attr("", "name"); is == name && next == nil {
				next = p
			}
		}
		if next == nil {
			return e, ""
		}
		e = next
	}
	return e, ""
}
