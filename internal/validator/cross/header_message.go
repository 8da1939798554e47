package cross

import (
	"oots/edm"
	"oots/edm/exchange"
	"oots/rule"
)

// The names of the pairs of a header with the message that it carries.
const (
	nameHeaderRequest  = "EBMS_REQ"
	nameHeaderResponse = "EBMS_RESP"
	nameHeaderError    = "EBMS_ERR"
)

const service = "QueryManager"

// A carried is what the header has to say of a message. [TDD 4.7 §2]
type carried struct {
	action            exchange.Action
	version           edm.Version
	sender, recipient []edm.Identifier // who may be the corners; none when the message does not name them
	senderAt          string           // where the message names them
	recipientAt       string
}

// headerChecks makes the checks that are the same for the three messages, under seven ids in this order.
func headerChecks(of func(*Document) carried, ids ...rule.ID) []check {
	return []check{
		{ids[0], func(a, b *Document) []place {
			return unless(a.header.Action == of(b).action, "", string(a.header.Action))
		}},
		{ids[1], func(a, b *Document) []place {
			return unless(a.header.service == service, "", a.header.service)
		}},
		{ids[2], func(a, b *Document) []place {
			v := of(b).version
			ok := a.header.SpecificationID == v || a.header.SpecificationID == "" && v != edm.V20
			return unless(ok, "SpecificationIdentifier/Value", string(v))
		}},
		{ids[3], func(a, b *Document) []place {
			c := of(b)
			return unless(oneOf(c.sender, a.header.OriginalSender), c.senderAt, "")
		}},
		{ids[4], func(a, b *Document) []place {
			c := of(b)
			return unless(oneOf(c.recipient, a.header.FinalRecipient), c.recipientAt, "")
		}},
		{ids[5], func(a, b *Document) []place {
			ok := len(a.header.parts) > 0 && a.header.parts[0].mimeType == exchange.MediaTypeRegRep
			return unless(ok, "", "")
		}},
		{ids[6], func(a, b *Document) []place {
			at := b.at()
			ok := at.IsZero() || a.header.Timestamp.IsZero() || !a.header.Timestamp.Before(at.Truncate(1e9))
			return unless(ok, "", "")
		}},
	}
}

// stems links documents that came as one: in one stored entity, or in files of the same stem.
func stems(_ *set, a, b *Document) bool {
	x, y := a.entity(), b.entity()
	if x != "" && y != "" {
		return x == y
	}
	return a.stem() == b.stem()
}
