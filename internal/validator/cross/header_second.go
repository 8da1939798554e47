package cross

// headerSecond compares the headers of the two requests of a preview, which are one exchange.
// [TDD 4.9 §2 step 12]
func headerSecond() pair {
	return pair{
		name: "EBMS-REQ1_EBMS-REQ2", title: "ebMS headers of the first and the second request", a: asks, b: asks, latest: true, strict: true,
		linked: func(s *set, a, b *Document) bool {
			if !a.header.Timestamp.Before(b.header.Timestamp) {
				return false
			}
			if x, y := s.message(a), s.message(b); x != nil && y != nil {
				return s.paired(x, y, nameRequestRequest)
			}
			return a.header.ExchangeID != "" && sameExchange(a.header, b.header)
		},
		checks: []check{
			{"OOTS-X-EBMS-REQ1_EBMS-REQ2-01", func(a, b *Document) []place {
				return unless(sameID(a.header.ConversationID, b.header.ConversationID), "ConversationId", "")
			}},
			{"OOTS-X-EBMS-REQ1_EBMS-REQ2-02", func(a, b *Document) []place {
				ok := a.header.ExchangeID == b.header.ExchangeID || sameID(a.header.ExchangeID, b.header.ExchangeID)
				return unless(ok, "MessageProperties/ExchangeId", b.header.ExchangeID)
			}},
			{"OOTS-X-EBMS-REQ1_EBMS-REQ2-03", func(a, b *Document) []place {
				return unless(a.header.SpecificationID == b.header.SpecificationID, "MessageProperties/SpecificationId", string(b.header.SpecificationID))
			}},
			{"OOTS-X-EBMS-REQ1_EBMS-REQ2-04", func(a, b *Document) []place {
				return unless(a.header.From == b.header.From && a.header.To == b.header.To, "PartyInfo", "")
			}},
			{"OOTS-X-EBMS-REQ1_EBMS-REQ2-05", func(a, b *Document) []place {
				same := a.header.OriginalSender == b.header.OriginalSender && a.header.FinalRecipient == b.header.FinalRecipient
				return unless(same, "MessageProperties", "")
			}},
			{"OOTS-X-EBMS-REQ1_EBMS-REQ2-06", func(a, b *Document) []place {
				return unless(a.header.MessageID != b.header.MessageID, "MessageInfo/MessageId", "")
			}},
		},
	}
}
