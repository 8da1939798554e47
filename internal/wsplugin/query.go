package wsplugin

import (
	"strings"
	"time"

	"oots/edelivery/ebms"
	"oots/internal/backend"
)

// status tells where a message stands; an id that is not known is NOT_FOUND and no fault.
func (h *Handler) status(c *call) (answer, error) {
	id, role, err := c.message()
	if err != nil {
		return nil, err
	}
	s, err := h.c.Backend.Status(c.ctx, c.account, id, role)
	if err != nil {
		return nil, err
	}
	return func(dst []byte) []byte {
		return appendResponse(dst, c.space(), "getStatusResponse", func(dst []byte) []byte { return append(dst, s...) })
	}, nil
}

// message reads messageID and, where the operation asks for it, accessPointRole.
func (c *call) message() (id string, role backend.APRole, err error) {
	if id, err = c.text("messageID"); err != nil {
		return "", "", err
	}
	role, err = c.role()
	return id, role, err
}

// errors lists what went wrong with a message.
func (h *Handler) errors(c *call) (answer, error) {
	id, role, err := c.message()
	if err != nil {
		return nil, err
	}
	list, err := h.c.Backend.Errors(c.ctx, c.account, id, role)
	if err != nil {
		return nil, err
	}
	code := "domibusErrorCode"
	if c.space() == NSLegacy {
		code = "errorCode"
	}
	return func(dst []byte) []byte {
		return appendResponse(dst, c.space(), "getMessageErrorsResponse", func(dst []byte) []byte {
			for _, e := range list {
				dst = append(dst, "<item>"...)
				dst = appendElement(dst, code, strings.Replace(e.Code, ":", "_", 1))
				dst = appendElement(dst, "errorDetail", e.Detail)
				dst = appendElement(dst, "messageInErrorId", id)
				dst = appendElement(dst, "mshRole", string(e.Role))
				dst = appendElement(dst, "timestamp", e.At.UTC().Format(time.RFC3339))
				dst = append(dst, "</item>"...)
			}
			return dst
		})
	}, nil
}

// filter reads the children that narrow a list.
func (c *call) filter() (f backend.Filter, err error) {
	for _, s := range []struct {
		name string
		to   *string
	}{
		{"messageId", &f.MessageID}, {"conversationId", &f.ConversationID}, {"refToMessageId", &f.RefToMessageID},
		{"fromPartyId", &f.FromPartyID}, {"finalRecipient", &f.FinalRecipient}, {"originalSender", &f.OriginalSender},
	} {
		if *s.to, err = c.text(s.name); err != nil {
			return f, err
		}
		if len(*s.to) > 1024 {
			return f, invalid(s.name, "is too long")
		}
	}
	for _, s := range []struct {
		name string
		to   *time.Time
	}{{"receivedFrom", &f.From}, {"receivedTo", &f.To}} {
		text, err := c.text(s.name)
		if err != nil {
			return f, err
		}
		if text == "" {
			continue
		}
		at, ok := dateTime(text)
		if !ok {
			return f, invalid(s.name, "is no date and time")
		}
		*s.to = at
	}
	return f, nil
}

// dateTime reads xsd:dateTime; without a zone it is UTC.
func dateTime(s string) (time.Time, bool) {
	if at, ok := ebms.ParseTimestamp(s); ok {
		return at, true
	}
	at, err := time.Parse("2006-01-02T15:04:05.999999999", s)
	return at, err == nil
}

// appendIDs answers with message ids.
func (c *call) appendIDs(name string, ids []string) answer {
	return func(dst []byte) []byte {
		return appendResponse(dst, c.space(), name, func(dst []byte) []byte {
			for _, id := range ids {
				dst = appendElement(dst, "messageID", id)
			}
			return dst
		})
	}
}

// pending lists the messages that wait for the account.
func (h *Handler) pending(c *call) (answer, error) {
	f, err := c.filter()
	if err != nil {
		return nil, err
	}
	ids, err := h.c.Backend.Pending(c.ctx, c.account, f)
	return c.appendIDs("listPendingMessagesResponse", ids), err
}

// mark marks a message as downloaded.
func (h *Handler) mark(c *call) (answer, error) {
	id, err := c.text("messageID")
	if err != nil {
		return nil, err
	}
	return c.appendIDs("markMessageAsDownloadedResponse", []string{id}), h.c.Backend.MarkDownloaded(c.ctx, c.account, id)
}

// pushFailed lists the messages whose push was not taken.
func (h *Handler) pushFailed(c *call) (answer, error) {
	f, err := c.filter()
	if err != nil {
		return nil, err
	}
	ids, err := h.c.Backend.PushFailed(c.ctx, c.account, f)
	return c.appendIDs("listPushFailedMessagesResponse", ids), err
}

// pushAgain pushes failed ones again.
func (h *Handler) pushAgain(c *call) (answer, error) {
	var ids []string
	for e := range c.operation.Elements() {
		if e.Name.Local == "messageID" {
			ids = append(ids, e.Value())
		}
	}
	return func(dst []byte) []byte { return dst }, h.c.Backend.PushAgain(c.ctx, c.account, ids)
}
