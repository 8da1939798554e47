package cross

import (
	"oots/edm"
	"oots/edm/exchange"
)

// headerRequest compares an evidence request with the header that carried it.
func headerRequest() pair {
	return pair{
		name: nameHeaderRequest, title: "ebMS header and evidence request", a: isHeader, b: isRequest, linked: stems,
		likely: func(a, b *Document) bool {
			return a.header != nil && b.request != nil && a.header.Action == exchange.ExecuteQueryRequest &&
				(oneOf(requesters(b.request), a.header.OriginalSender) || a.header.FinalRecipient == b.request.Provider.ID)
		},
		checks: append(headerChecks(func(d *Document) carried {
			return carried{exchange.ExecuteQueryRequest, d.request.Version, requesters(d.request), []edm.Identifier{d.request.Provider.ID},
				"EvidenceRequester/Identifier", "EvidenceProvider/Identifier"}
		}, "OOTS-X-EBMS_REQ-01", "OOTS-X-EBMS_REQ-02", "OOTS-X-EBMS_REQ-03", "OOTS-X-EBMS_REQ-04",
			"OOTS-X-EBMS_REQ-05", "OOTS-X-EBMS_REQ-06", "OOTS-X-EBMS_REQ-07"), check{"OOTS-X-EBMS_REQ-08", alone}),
	}
}
