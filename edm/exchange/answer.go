package exchange

import "oots/edm"

// Answer is the header of an answer to a request with header h: parties and corners change sides, the
// release line and the identifiers of correlation stay. No look-up is needed. RefToMessageId is not used.
// [exchange-flow §8]
func (h Header) Answer(a Action) Header {
	v := h.Follows()
	return Header{
		Version:         v,
		From:            h.To,
		To:              h.From,
		Action:          a,
		ConversationID:  trim(h.ConversationID),
		ExchangeID:      trim(h.ExchangeID),
		SpecificationID: announced(v),
		OriginalSender:  h.FinalRecipient,
		FinalRecipient:  h.OriginalSender,
	}
}

// Answerable reports whether an answer to h could be written at all: it would have to repeat the
// conversation and, since 2.0, the exchange identifier, which must therefore be UUIDs, and go to the access
// point and the corner that h comes from. [TDD 4.7.1]
func (h Header) Answerable() bool {
	repeats := isUUID(h.ConversationID) && (h.Follows().Before(edm.V20) || isUUID(h.ExchangeID))
	return repeats && h.From.Value != "" && h.OriginalSender.Value != ""
}

// Request is the header of the first or second request of an exchange. From is the access point of the
// requester, to that of the provider as the directory names it; the corners are the identifiers of the
// agents in the body. Before 2.0 the exchange identifier stays with us.
func Request(conversation, exchange string, version edm.Version, from, to, requester, provider edm.Identifier) Header {
	return Header{
		Version:         version,
		From:            from,
		To:              to,
		Action:          ExecuteQueryRequest,
		ConversationID:  conversation,
		ExchangeID:      exchange,
		SpecificationID: announced(version),
		OriginalSender:  requester,
		FinalRecipient:  provider,
	}
}

// announced is the SpecificationId of a header that follows v.
func announced(v edm.Version) edm.Version {
	if v.Before(edm.V20) {
		return ""
	}
	return v
}
