package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"oots/edelivery/ebms"
	"oots/internal/backend"
)

// party names an access point.
type party struct {
	Type string `json:"type,omitempty" doc:"Type of the id, a URI."`
	ID   string `json:"id" minLength:"1" doc:"Id of the access point."`
}

// property is a message property or a part property.
type property struct {
	Name  string `json:"name" minLength:"1"`
	Type  string `json:"type,omitempty"`
	Value string `json:"value"`
}

// service is the service of a message.
type service struct {
	Type  string `json:"type,omitempty"`
	Value string `json:"value" minLength:"1"`
}

// payloadInfo describes one payload of a received message.
type payloadInfo struct {
	Number     int        `json:"number" doc:"From 1."`
	ContentID  string     `json:"contentId"`
	MimeType   string     `json:"mimeType"`
	Size       int64      `json:"size" doc:"In bytes."`
	Properties []property `json:"properties,omitempty"`
}

// message is the header of a received message.
type message struct {
	MessageID      string        `json:"messageId"`
	RefToMessageID string        `json:"refToMessageId,omitempty"`
	ConversationID string        `json:"conversationId"`
	From           party         `json:"from"`
	To             party         `json:"to"`
	Service        service       `json:"service"`
	Action         string        `json:"action"`
	Properties     []property    `json:"properties"`
	Payloads       []payloadInfo `json:"payloads"`
	SentAt         time.Time     `json:"sentAt"`
	ReceivedAt     time.Time     `json:"receivedAt"`
}

type one struct {
	ID string `path:"id" maxLength:"255" doc:"Message id."`
}

type listQuestion struct {
	ConversationID string    `query:"conversationId"`
	RefToMessageID string    `query:"refToMessageId"`
	FromPartyID    string    `query:"from" doc:"Id of the access point that sent it."`
	FinalRecipient string    `query:"finalRecipient"`
	OriginalSender string    `query:"originalSender"`
	ReceivedFrom   time.Time `query:"receivedFrom"`
	ReceivedTo     time.Time `query:"receivedTo"`
	Limit          int       `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type listAnswer struct {
	Body struct {
		Messages []string `json:"messages" doc:"Message ids."`
	}
}

func (h *Handler) list(ctx context.Context, q *listQuestion) (*listAnswer, error) {
	ids, err := h.c.Backend.Pending(ctx, account(ctx), backend.Filter{
		ConversationID: q.ConversationID, RefToMessageID: q.RefToMessageID, FromPartyID: q.FromPartyID, FinalRecipient: q.FinalRecipient,
		OriginalSender: q.OriginalSender, From: q.ReceivedFrom, To: q.ReceivedTo, Limit: q.Limit,
	})
	if err != nil {
		return nil, h.problemOf(err)
	}
	out := &listAnswer{}
	out.Body.Messages = append([]string{}, ids...)
	return out, nil
}

func properties(ps []ebms.Property) []property {
	out := make([]property, 0, len(ps))
	for _, p := range ps {
		out = append(out, property(p))
	}
	return out
}

type headerAnswer struct{ Body message }

func (h *Handler) header(ctx context.Context, q *one) (*headerAnswer, error) {
	r, err := h.c.Backend.Retrieve(ctx, account(ctx), q.ID, false)
	if err != nil {
		return nil, h.problemOf(err)
	}
	m := &r.Message
	out := &headerAnswer{Body: message{
		MessageID: m.MessageID, RefToMessageID: m.RefToMessageID, ConversationID: m.ConversationID,
		From: party{m.From.ID.Type, m.From.ID.Value}, To: party{m.To.ID.Type, m.To.ID.Value}, Service: service(m.Service), Action: m.Action,
		Properties: properties(m.Properties), Payloads: []payloadInfo{}, SentAt: m.Timestamp, ReceivedAt: r.ReceivedAt,
	}}
	for i, p := range r.Payloads {
		info := payloadInfo{Number: i + 1, ContentID: p.ContentID, MimeType: p.MimeType, Properties: properties(p.Properties)}
		if p.Content != nil {
			info.Size = p.Content.Size()
		}
		out.Body.Payloads = append(out.Body.Payloads, info)
	}
	return out, nil
}

type payloadQuestion struct {
	ID     string `path:"id" maxLength:"255"`
	Number int    `path:"number" minimum:"1"`
}

// payload streams one payload. It claims nothing: who has read all marks the message.
func (h *Handler) payload(ctx context.Context, q *payloadQuestion) (*huma.StreamResponse, error) {
	r, err := h.c.Backend.Retrieve(ctx, account(ctx), q.ID, false)
	if err != nil {
		return nil, h.problemOf(err)
	}
	if q.Number > len(r.Payloads) {
		return nil, &problem{Status: http.StatusNotFound, Title: "Not Found", Field: "number", Detail: "the message has " + strconv.Itoa(len(r.Payloads)) + " payloads"}
	}
	p := r.Payloads[q.Number-1]
	if p.Content == nil {
		return nil, h.problemOf(errors.New("payload without content"))
	}
	src, err := p.Content.Open()
	if err != nil {
		return nil, h.problemOf(err)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer src.Close()
		c.SetHeader("Content-Type", p.MimeType)
		c.SetHeader("Content-Length", strconv.FormatInt(p.Content.Size(), 10))
		c.SetHeader("Content-Disposition", "attachment")
		c.SetHeader("X-Content-Type-Options", "nosniff")
		c.SetStatus(http.StatusOK)
		if _, err := io.Copy(c.BodyWriter(), src); err != nil {
			h.c.Log.Warn("a payload could not be handed over", "message", q.ID, "err", err) // its length tells the client
		}
	}}, nil
}

func (h *Handler) mark(ctx context.Context, q *one) (*struct{}, error) {
	if err := h.c.Backend.MarkDownloaded(ctx, account(ctx), q.ID); err != nil {
		return nil, h.problemOf(err)
	}
	return nil, nil
}

type sideQuestion struct {
	ID   string `path:"id" maxLength:"255"`
	Side string `query:"side" enum:"SENDING,RECEIVING" doc:"Needed only for an id that is known on both sides."`
}

type statusAnswer struct {
	Body struct {
		Status string `json:"status" doc:"For example SEND_ENQUEUED, WAITING_FOR_RETRY, ACKNOWLEDGED, SEND_FAILURE, RECEIVED, DOWNLOADED, DELETED. SEND_FAILURE says that the message is not sent any more. It may have arrived all the same, when an attempt was made whose answer was lost: then a late receipt turns it into ACKNOWLEDGED."`
	}
}

func (h *Handler) status(ctx context.Context, q *sideQuestion) (*statusAnswer, error) {
	s, err := h.c.Backend.Status(ctx, account(ctx), q.ID, backend.APRole(q.Side))
	if err == nil && s == backend.NotFound {
		err = &problem{Status: http.StatusNotFound, Title: "Not Found", Detail: "no message with this id"}
	}
	if err != nil {
		return nil, h.problemOf(err)
	}
	out := &statusAnswer{}
	out.Body.Status = string(s)
	return out, nil
}

type errorItem struct {
	Code   string    `json:"code" doc:"ebMS code, for example EBMS:0301."`
	Detail string    `json:"detail,omitempty"`
	Side   string    `json:"side"`
	At     time.Time `json:"at"`
}

type errorsAnswer struct {
	Body struct {
		Errors []errorItem `json:"errors"`
	}
}

func (h *Handler) errors(ctx context.Context, q *sideQuestion) (*errorsAnswer, error) {
	list, err := h.c.Backend.Errors(ctx, account(ctx), q.ID, backend.APRole(q.Side))
	if err != nil {
		return nil, h.problemOf(err)
	}
	out := &errorsAnswer{}
	out.Body.Errors = []errorItem{}
	for _, e := range list {
		out.Body.Errors = append(out.Body.Errors, errorItem{e.Code, e.Detail, string(e.Role), e.At})
	}
	return out, nil
}
