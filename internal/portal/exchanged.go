package portal

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/web"
	"oots/rule"
)

// A Journal is the log of article 17 of Regulation (EU) 2022/1463.
type Journal interface {
	// Conversation lists what is known of one conversation, oldest first.
	Conversation(ctx context.Context, id string) ([]audit.Entry, error)
}

// exchangedPage tells the user what was exchanged about her, from the log of article 17, as long as that is kept; she
// can take it with her. [IR 2022/1463 art. 17] [Regulation (EU) 2016/679 art. 15, 20]
type exchangedPage struct {
	web.Frame
	Exchanges []past
	More      bool // older ones are in the file only
}

// past is one exchange of the log.
type past struct {
	ID       string
	Document edm.Texts // nil when the log has no request of it
	Provider edm.Texts
	Who      []persona // what the request said about her
	Events   []pastEvent
}

// pastEvent is one row of the log.
type pastEvent struct {
	At   time.Time
	Name exchange.EventName
	What string
	Code edm.Code
	Said string // the text of the explicit request
}

// maxPast bounds the page; the file has all.
const maxPast = 50

func (p *Portal) exchanged(v *visit) error {
	entries, err := p.entries(v)
	if err != nil || entries == nil {
		return err
	}
	page := exchangedPage{Frame: p.page(v, v.T("portal/exchanged.title"))}
	for _, conversation := range entries {
		for _, x := range pastExchanges(v, conversation) {
			if len(page.Exchanges) == maxPast {
				page.More = true
				break
			}
			page.Exchanges = append(page.Exchanges, x)
		}
	}
	return v.Show(http.StatusOK, "exchanged", &page)
}

// entries are those of the user's conversations, newest conversation first; nil when it has answered itself.
func (p *Portal) entries(v *visit) ([][]audit.Entry, error) {
	u := v.Session.Value.User
	if p.journal == nil {
		return nil, web.NotFound
	}
	if u == nil {
		return nil, v.Redirect("/mine")
	}
	ids, err := p.requester.Conversations(v.R.Context(), *u)
	if err != nil {
		return nil, err
	}
	out := [][]audit.Entry{}
	for _, id := range ids {
		e, err := p.journal.Conversation(v.R.Context(), id)
		if err != nil {
			return nil, err
		}
		if len(e) > 0 {
			out = append(out, e)
		}
	}
	return out, nil
}

// pastExchanges groups the entries of a conversation, the newest exchange first.
func pastExchanges(v *visit, entries []audit.Entry) []past {
	var out []past
	for _, e := range entries {
		i := slices.IndexFunc(out, func(x past) bool { return x.ID == e.ExchangeID })
		if i < 0 {
			out = append(out, past{ID: e.ExchangeID})
			i = len(out) - 1
		}
		out[i].add(v, e)
	}
	slices.Reverse(out)
	return out
}

func (x *past) add(v *visit, e audit.Entry) {
	event := pastEvent{At: e.At, Name: e.Name, What: happened(v, e.Name), Code: e.Code}
	switch e.Name {
	case exchange.ExplicitRequestGiven:
		event.Said = string(e.Document)
	case exchange.ErrorReceived:
		if _, refusal, _, err := edmxml.ParseResponse(e.Document); err == nil && refusal != nil && refusal.PreviewRequired() != nil {
			event.What, event.Code = v.T("portal/exchanged.preview"), ""
		}
	case exchange.RequestSent, exchange.RequestReceived:
		if q, _, err := edmxml.ParseRequest(e.Document); err == nil && x.Document == nil {
			x.Document, x.Provider, x.Who = q.Evidence.Titles, q.Provider.Names, personas(v, q)
		}
	}
	x.Events = append(x.Events, event)
}

// happened says an event in the user's words.
func happened(v *visit, name exchange.EventName) string {
	switch name {
	case exchange.ExplicitRequestGiven:
		return v.T("portal/exchanged.explicit")
	case exchange.RequestSent:
		return v.T("portal/exchanged.requestSent")
	case exchange.RequestRefused:
		return v.T("portal/exchanged.requestRefused")
	case exchange.ResponseReceived:
		return v.T("portal/exchanged.responseReceived")
	case exchange.ErrorReceived:
		return v.T("portal/exchanged.errorReceived")
	case exchange.ResponseRefused:
		return v.T("portal/exchanged.responseRefused")
	case exchange.EvidenceDelivered:
		return v.T("portal/exchanged.delivered")
	case exchange.EvidenceHandedOver:
		return v.T("portal/exchanged.handedOver")
	case exchange.Undelivered:
		return v.T("portal/exchanged.undelivered")
	case exchange.TimeoutConcluded:
		return v.T("portal/exchanged.timeout")
	case exchange.UserReturned:
		return v.T("portal/exchanged.returned")
	}
	return string(name)
}

// exported is one entry of the file that the user takes with her.
type exported struct {
	At             time.Time          `json:"at"`
	Event          exchange.EventName `json:"event"`
	ConversationID string             `json:"conversationId"`
	ExchangeID     string             `json:"exchangeId"`
	MessageID      string             `json:"messageId,omitempty"`
	RequestID      string             `json:"requestId,omitempty"`
	Code           edm.Code           `json:"code,omitempty"`
	Rule           rule.ID            `json:"rule,omitempty"`
	Detail         string             `json:"detail,omitempty"`
	DocumentType   string             `json:"documentType,omitempty"`
	Document       string             `json:"document,omitempty"`
	Parts          []exportedPart     `json:"parts,omitempty"`
}

type exportedPart struct {
	ContentID string `json:"contentId,omitempty"`
	MimeType  string `json:"mimeType"`
	SHA256    string `json:"sha256"`
}

func (p *Portal) exchangedFile(v *visit) error {
	entries, err := p.entries(v)
	if err != nil || entries == nil {
		return err
	}
	out := []exported{}
	for _, conversation := range entries {
		for _, e := range conversation {
			x := exported{
				At: e.At.UTC(), Event: e.Name, ConversationID: e.ConversationID, ExchangeID: e.ExchangeID, MessageID: e.MessageID, RequestID: e.RequestID,
				Code: e.Code, Rule: e.Rule, Detail: e.Detail, DocumentType: e.DocumentType, Document: string(e.Document),
			}
			for _, part := range e.Parts {
				x.Parts = append(x.Parts, exportedPart(part))
			}
			out = append(out, x)
		}
	}
	b, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	return v.Serve(web.Document{Name: v.T("portal/exchanged.file") + ".json", MediaType: "application/json", Content: b, Download: true})
}
