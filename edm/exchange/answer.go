package exchange

import (
	"strings"

	"oots/edm"
)

// Answer is the header of an answer to a request with header h: parties and corners change sides, the
// identifiers of correlation stay. No look-up is needed. RefToMessageId is not used. [exchange-flow §8]
func (h Header) Answer(a Action) Header {
	return Header{
		From:            h.To,
		To:              h.From,
		Action:          a,
		ConversationID:  strings.TrimSpace(h.ConversationID),
		ExchangeID:      strings.TrimSpace(h.ExchangeID),
		SpecificationID: h.SpecificationID,
		OriginalSender:  h.FinalRecipient,
		FinalRecipient:  h.OriginalSender,
	}
}

// Answerable reports whether an answer to h could be written at all: it would have to repeat the
// conversation and the exchange identifier, which must therefore be UUIDs, and go to the access point and
// the corner that h comes from. [TDD 4.7.1]
func (h Header) Answerable() bool {
	return isUUID(h.ConversationID) && isUUID(h.ExchangeID) && h.From.Value != "" && h.OriginalSender.Value != ""
}

// Request is the header of the first or second request of an exchange. From is the access point of the
// requester, to that of the provider as the directory names it; the corners are the identifiers of the
// agents in the body.
func Request(conversation, exchange string, version edm.Version, from, to, requester, provider edm.Identifier) Header {
	return Header{
		From:            from,
		To:              to,
		Action:          ExecuteQueryRequest,
		ConversationID:  conversation,
		ExchangeID:      exchange,
		SpecificationID: version,
		OriginalSender:  requester,
		FinalRecipient:  provider,
	}
}
