package cross

import (
	"oots/edm"
	"oots/edm/exchange"
)

// headerError compares an error response with the header that carried it.
func headerError() pair {
	return pair{
		name: nameHeaderError, title: "ebMS header and error response", a: isHeader, b: isFailure, linked: stems,
		likely: func(a, b *Document) bool {
			return a.header != nil && b.failure != nil && a.header.Action == exchange.ExceptionResponse &&
				(a.header.OriginalSender == b.failure.Provider.ID || b.failure.Requester != nil && a.header.FinalRecipient == b.failure.Requester.ID)
		},
		checks: append(headerChecks(func(d *Document) carried {
			c := carried{exchange.ExceptionResponse, d.failure.Version, []edm.Identifier{d.failure.Provider.ID}, nil,
				"ErrorProvider/Identifier", "EvidenceRequester/Identifier"}
			if d.failure.Requester != nil {
				c.recipient = []edm.Identifier{d.failure.Requester.ID}
			}
			return c
		}, "OOTS-X-EBMS_ERR-01", "OOTS-X-EBMS_ERR-02", "OOTS-X-EBMS_ERR-03", "OOTS-X-EBMS_ERR-04",
			"OOTS-X-EBMS_ERR-05", "OOTS-X-EBMS_ERR-06", "OOTS-X-EBMS_ERR-07"), check{"OOTS-X-EBMS_ERR-08", alone}),
	}
}

// alone wants no part beside the message. [R-EDM-ebMS-023]
func alone(a, _ *Document) []place { return unless(len(a.header.parts) <= 1, "", "") }
