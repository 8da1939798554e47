package cross

import (
	"slices"

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
	sender, recipient edm.Identifier // corners; the zero value when the message does not name it
	senderAt          string         // where the message names them
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
			return unless(c.sender == (edm.Identifier{}) || a.header.OriginalSender == c.sender, c.senderAt, "")
		}},
		{ids[4], func(a, b *Document) []place {
			c := of(b)
			return unless(c.recipient == (edm.Identifier{}) || a.header.FinalRecipient == c.recipient, c.recipientAt, "")
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

// stems links a header with the message in a file of the same stem.
func stems(_ *set, a, b *Document) bool { return a.stem() == b.stem() }

// headerRequest compares an evidence request with the header that carried it.
func headerRequest() pair {
	return pair{
		name: nameHeaderRequest, title: "ebMS header and evidence request", a: isHeader, b: isRequest, linked: stems,
		likely: func(a, b *Document) bool { return a.header != nil && a.header.Action == exchange.ExecuteQueryRequest },
		checks: append(headerChecks(func(d *Document) carried {
			return carried{exchange.ExecuteQueryRequest, d.request.Version, requesterID(d.request), d.request.Provider.ID,
				"EvidenceRequester/Identifier", "EvidenceProvider/Identifier"}
		}, "OOTS-X-EBMS_REQ-01", "OOTS-X-EBMS_REQ-02", "OOTS-X-EBMS_REQ-03", "OOTS-X-EBMS_REQ-04",
			"OOTS-X-EBMS_REQ-05", "OOTS-X-EBMS_REQ-06", "OOTS-X-EBMS_REQ-07"), check{"OOTS-X-EBMS_REQ-08", alone}),
	}
}

// headerError compares an error response with the header that carried it.
func headerError() pair {
	return pair{
		name: nameHeaderError, title: "ebMS header and error response", a: isHeader, b: isFailure, linked: stems,
		likely: func(a, b *Document) bool { return a.header != nil && a.header.Action == exchange.ExceptionResponse },
		checks: append(headerChecks(func(d *Document) carried {
			c := carried{exchange.ExceptionResponse, d.failure.Version, d.failure.Provider.ID, edm.Identifier{},
				"ErrorProvider/Identifier", "EvidenceRequester/Identifier"}
			if d.failure.Requester != nil {
				c.recipient = d.failure.Requester.ID
			}
			return c
		}, "OOTS-X-EBMS_ERR-01", "OOTS-X-EBMS_ERR-02", "OOTS-X-EBMS_ERR-03", "OOTS-X-EBMS_ERR-04",
			"OOTS-X-EBMS_ERR-05", "OOTS-X-EBMS_ERR-06", "OOTS-X-EBMS_ERR-07"), check{"OOTS-X-EBMS_ERR-08", alone}),
	}
}

// alone wants no part beside the message. [R-EDM-ebMS-023]
func alone(a, _ *Document) []place { return unless(len(a.header.parts) <= 1, "", "") }

// headerResponse compares an evidence response and its documents with the header that carried them.
func headerResponse() pair {
	return pair{
		name: nameHeaderResponse, title: "ebMS header and evidence response", a: isHeader, b: isAnswer, linked: stems,
		likely: func(a, b *Document) bool { return a.header != nil && a.header.Action == exchange.ExecuteQueryResponse },
		checks: append(headerChecks(func(d *Document) carried {
			return carried{exchange.ExecuteQueryResponse, d.answer.Version, providerID(d.answer), d.answer.Requester.ID,
				"EvidenceProvider/Identifier", "EvidenceRequester/Identifier"}
		}, "OOTS-X-EBMS_RESP-01", "OOTS-X-EBMS_RESP-02", "OOTS-X-EBMS_RESP-03", "OOTS-X-EBMS_RESP-04",
			"OOTS-X-EBMS_RESP-05", "OOTS-X-EBMS_RESP-06", "OOTS-X-EBMS_RESP-07"),
			check{"OOTS-X-EBMS_RESP-08", referred},
			check{"OOTS-X-EBMS_RESP-09", superfluous},
			check{"OOTS-X-EBMS_RESP-10", mediaTypes},
		),
	}
}

// documents are those of all packages, in their order.
func documents(r *edm.Response) []*edm.Document {
	var all []*edm.Document
	for i := range r.Packages {
		for j := range r.Packages[i].Documents {
			all = append(all, &r.Packages[i].Documents[j])
		}
	}
	return all
}

func (h *header) part(contentID string) *part {
	for i := range h.parts {
		if h.parts[i].contentID == contentID {
			return &h.parts[i]
		}
	}
	return nil
}

// referred finds documents without a part. [TDD 4.5.2 §3]
func referred(a, b *Document) []place {
	return each(documents(b.answer), "RepositoryItemRef[%d]",
		func(d **edm.Document) bool { return a.header.part((*d).ContentID) != nil },
		func(d **edm.Document) string { return (*d).ContentID })
}

// superfluous finds parts behind the first that no document refers to.
func superfluous(a, b *Document) []place {
	all := documents(b.answer)
	for i := range a.header.parts {
		p := &a.header.parts[i]
		known := slices.ContainsFunc(all, func(d *edm.Document) bool { return d.ContentID == p.contentID })
		if i > 0 && !known {
			return []place{{"RegistryObjectList", clip(p.contentID)}}
		}
	}
	return nil
}

// mediaTypes finds documents whose part has another media type than the metadata say.
func mediaTypes(a, b *Document) []place {
	return each(documents(b.answer), "Evidence[%d]/Distribution/Format", func(d **edm.Document) bool {
		p := a.header.part((*d).ContentID)
		return p == nil || p.mimeType == (*d).Evidence.Distribution.Format
	}, func(d **edm.Document) string { return (*d).Evidence.Distribution.Format })
}
