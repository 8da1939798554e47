package cross

import (
	"oots/edm/exchange"
)

// asks and answers tell the directions of an exchange apart.
func asks(d *Document) bool {
	return d.header != nil && d.header.Action == exchange.ExecuteQueryRequest
}
func answers(d *Document) bool { return d.header != nil && !asks(d) }

// sameExchange compares the ExchangeId, which headers have since 2.0; before, the conversation is the only tie.
func sameExchange(a, b *header) bool {
	if a.ExchangeID == "" && b.ExchangeID == "" {
		return sameID(a.ConversationID, b.ConversationID)
	}
	return sameID(a.ExchangeID, b.ExchangeID)
}

// headerAnswer compares the header of an answer with that of its request: parties and corners change sides, what
// correlates stays. [TDD 4.7 §2.5] [exchange-flow §8]
func headerAnswer() pair {
	return pair{
		name: "EBMS-REQ_EBMS-ANS", title: "ebMS headers of a request and of its answer", a: asks, b: answers, latest: true,
		linked: func(s *set, a, b *Document) bool {
			if x, y := s.message(a), s.message(b); x != nil && y != nil {
				return s.paired(x, y, nameRequestResponse, nameRequestError)
			}
			return sameExchange(a.header, b.header) && !a.header.Timestamp.After(b.header.Timestamp)
		},
		checks: []check{
			{"OOTS-X-EBMS-REQ_EBMS-ANS-01", func(a, b *Document) []place {
				return unless(sameID(a.header.ConversationID, b.header.ConversationID), "ConversationId", "")
			}},
			{"OOTS-X-EBMS-REQ_EBMS-ANS-02", func(a, b *Document) []place {
				ok := a.header.ExchangeID == b.header.ExchangeID || sameID(a.header.ExchangeID, b.header.ExchangeID)
				return unless(ok, "MessageProperties/ExchangeId", b.header.ExchangeID)
			}},
			{"OOTS-X-EBMS-REQ_EBMS-ANS-03", func(a, b *Document) []place {
				return unless(a.header.SpecificationID == b.header.SpecificationID, "MessageProperties/SpecificationId", string(b.header.SpecificationID))
			}},
			{"OOTS-X-EBMS-REQ_EBMS-ANS-04", func(a, b *Document) []place {
				return unless(a.header.From == b.header.To && a.header.To == b.header.From, "PartyInfo", "")
			}},
			{"OOTS-X-EBMS-REQ_EBMS-ANS-05", func(a, b *Document) []place {
				return unless(a.header.OriginalSender == b.header.FinalRecipient, "MessageProperties/finalRecipient", "")
			}},
			{"OOTS-X-EBMS-REQ_EBMS-ANS-06", func(a, b *Document) []place {
				return unless(a.header.FinalRecipient == b.header.OriginalSender, "MessageProperties/originalSender", "")
			}},
			{"OOTS-X-EBMS-REQ_EBMS-ANS-07", func(a, b *Document) []place {
				return unless(!b.header.Timestamp.Before(a.header.Timestamp), "MessageInfo/Timestamp", "")
			}},
			{"OOTS-X-EBMS-REQ_EBMS-ANS-08", func(a, b *Document) []place {
				return unless(a.header.MessageID != b.header.MessageID, "MessageInfo/MessageId", "")
			}},
		},
	}
}
