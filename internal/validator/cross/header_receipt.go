package cross

import (
	"slices"
	"strings"

	"oots/edelivery/ebms"
)

// headerReceipt compares the receipt or the error of an access point with the header of the message that it is
// about. Digests need the bytes of the message: "oots as4 unpack" compares them. [AS4 1.15 §3.2.6]
func headerReceipt() pair {
	return pair{
		name: "EBMS_RECEIPT", title: "ebMS header and the signal that answers it", a: isHeader, b: func(d *Document) bool { return d.signal != nil },
		linked: func(_ *set, a, b *Document) bool {
			return a.header.MessageID == b.signal.RefToMessageID || a.stem() == b.stem()
		},
		checks: []check{
			{"OOTS-X-EBMS_RECEIPT-01", func(a, b *Document) []place {
				return unless(a.header.MessageID == b.signal.RefToMessageID, "RefToMessageId", "")
			}},
			{"OOTS-X-EBMS_RECEIPT-02", func(a, b *Document) []place {
				return unless(!b.signal.Timestamp.Before(a.header.Timestamp), "Timestamp", "")
			}},
			{"OOTS-X-EBMS_RECEIPT-03", receipted},
			{"OOTS-X-EBMS_RECEIPT-04", func(a, b *Document) []place {
				return unless(len(b.signal.Errors) == 0, "Error", "")
			}},
		},
	}
}

// receipted finds parts of the message that no reference of the receipt names.
func receipted(a, b *Document) []place {
	if b.signal.Receipt == nil || b.signal.Receipt.CopyOnly {
		return nil
	}
	missing := slices.ContainsFunc(a.header.parts, func(p part) bool {
		return !slices.ContainsFunc(b.signal.Receipt.References, func(r ebms.Reference) bool {
			raw, decoded, ok := ebms.ContentID(r.URI)
			return ok && (raw == p.contentID || decoded == p.contentID || strings.EqualFold(raw, p.contentID))
		})
	})
	return unless(!missing, "Receipt", "")
}
