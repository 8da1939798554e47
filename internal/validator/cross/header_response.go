package cross

import (
	"slices"

	"oots/edm"
	"oots/edm/exchange"
)

// headerResponse compares an evidence response and its documents with the header that carried them.
func headerResponse() pair {
	return pair{
		name: nameHeaderResponse, title: "ebMS header and evidence response", a: isHeader, b: isAnswer, linked: stems,
		likely: func(a, b *Document) bool {
			return a.header != nil && b.answer != nil && a.header.Action == exchange.ExecuteQueryResponse &&
				(oneOf(providers(b.answer), a.header.OriginalSender) || a.header.FinalRecipient == b.answer.Requester.ID)
		},
		checks: append(headerChecks(func(d *Document) carried {
			return carried{exchange.ExecuteQueryResponse, d.answer.Version, providers(d.answer), []edm.Identifier{d.answer.Requester.ID},
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
		format := (*d).Evidence.Distribution.Format
		return p == nil || format == "" || p.mimeType == format
	}, func(d **edm.Document) string { return (*d).Evidence.Distribution.Format })
}
