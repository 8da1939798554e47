package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"oots/edelivery/ebms"
	"oots/internal/gateway"
	"oots/internal/store"
	"oots/internal/web"
)

// messagePage is one message: where it stands and why, what happened to it, and what can be done. It never shows the
// content of a payload.
type messagePage struct {
	page
	gateway.Dossier
	View        stateView
	BoxName     string
	Why         string
	Out         bool
	At, Next    instant
	Timeline    []event
	Acts        []actLink // what may be done now
	Done        []actLine // what operators did with it
	PartnerTest string    // address where the partner can be tested; "" when that does not help
	Answers     string    // address of the message that this one answers; "" for none
	Exchange    string    // address of all messages of the conversation
	TraceURL    string    // "" where there are no traces
	Envelopes   string    // address of the envelope; "" when it is not there or not for the visitor
	Receipts    string
}

// event is one thing on the timeline.
type event struct {
	At     instant
	Title  string
	State  stateView // Class "" for what is neither good nor bad
	Detail string
	Facts  []string
}

// actLink leads to the page that asks before something is done.
type actLink struct{ Text, URL string }

// actLine is one entry of the log.
type actLine struct {
	Act
	Name string
	When instant
}

// look finds the message of the address.
func (p *Console) look(v *visit, q url.Values) (gateway.Dossier, error) {
	box := gateway.Box(q.Get("box"))
	if box != gateway.Out && box != gateway.In || q.Get("id") == "" {
		return gateway.Dossier{}, p.noMessage()
	}
	d, err := p.config.Gateway.Look(v.R.Context(), box, q.Get("id"))
	if errors.Is(err, store.ErrNotFound) {
		return d, p.noMessage()
	}
	return d, err
}

func (p *Console) noMessage() error {
	return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/messages"}
}

func (p *Console) message(v *visit, a Account) error {
	d, err := p.look(v, v.R.URL.Query())
	if err != nil {
		return err
	}
	pg, err := p.page(v, a, "/messages", v.T("console/message.title"))
	if err != nil {
		return err
	}
	m := messagePage{
		page: pg, Dossier: d, View: stateOf(v, d.State), BoxName: boxName(v, d.Box), Why: why(v, &d), Out: d.Box == gateway.Out,
		At: p.at(v, d.Created), Next: p.at(v, d.NextAttempt), Timeline: p.timeline(v, &d), Acts: p.possible(v, a, &d),
	}
	b := p.config.Base
	if d.ConversationID != "" {
		m.Exchange = b + "/messages?" + url.Values{"q": {d.ConversationID}}.Encode()
	}
	if d.RefToMessageID != "" {
		m.Answers = b + "/messages?" + url.Values{"q": {d.RefToMessageID}}.Encode()
	}
	if p.config.Diagnose != nil && p.config.PModes != nil && m.Out && (d.State == gateway.Undelivered || d.State == gateway.Waiting && len(d.Attempts) > 0) {
		m.PartnerTest = b + "/partners"
	}
	if p.config.Proof != nil {
		m.TraceURL = b + "/trace?" + url.Values{"id": {d.MessageID}}.Encode()
	}
	if key := (url.Values{"box": {string(d.Box)}, "id": {d.MessageID}}).Encode(); a.Role.May(Operator) {
		if len(d.Envelope) > 0 {
			m.Envelopes = b + "/message/envelope?" + key
		}
		if len(d.Receipt) > 0 {
			m.Receipts = b + "/message/receipt?" + key
		}
	}
	err = p.config.DB.View(v.R.Context(), func(tx *store.Tx) error {
		acts, err := p.config.Store.Acts(tx, ActFilter{Object: d.MessageID, Limit: 20})
		m.Done = p.actLines(v, acts)
		return err
	})
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, "message", &m)
}

// why says in one sentence why the message is where it is.
func why(v *visit, d *gateway.Dossier) string {
	last := ""
	if n := len(d.Attempts); n > 0 {
		last = outcomeOf(v, d.Attempts[n-1]).Name
	}
	code := d.ErrorCode
	if name := errorName(code); name != "" {
		code += " " + name
	}
	switch d.State {
	case gateway.Waiting:
		if d.Attempts == nil {
			return v.T("console/message.waitingFirst")
		}
		return v.T("console/message.waitingAgain", "n", len(d.Attempts), "last", last)
	case gateway.Sending:
		return v.T("console/message.sending")
	case gateway.Acknowledged:
		return v.T("console/message.acknowledged")
	case gateway.Undelivered:
		return v.T("console/message.undelivered", "n", d.Summary.Attempts, "code", code, "last", last)
	case gateway.Unclear:
		return v.T("console/message.unclear")
	case gateway.Received:
		if d.Summary.Attempts > 0 {
			return v.T("console/message.receivedAgain", "n", d.Summary.Attempts)
		}
		return v.T("console/message.received")
	case gateway.Handling:
		return v.T("console/message.handling")
	case gateway.Handled:
		return v.T("console/message.handled")
	case gateway.Stuck:
		return v.T("console/message.stuck", "n", d.Summary.Attempts)
	case gateway.Tested:
		return v.T("console/message.tested")
	case gateway.Resolved:
		return v.T("console/message.resolved")
	case gateway.Cancelled:
		return v.T("console/message.cancelled")
	}
	return ""
}

// errorName is the short description of an ebMS code, "" for another one.
func errorName(code string) string {
	i := slices.IndexFunc(ebms.Table[:], func(r ebms.Row) bool { return r.Code == code })
	if i < 0 {
		return ""
	}
	return ebms.Table[i].ShortDescription
}

// timeline is what happened, oldest first.
func (p *Console) timeline(v *visit, d *gateway.Dossier) []event {
	begun := event{At: p.at(v, d.Created), Title: v.T("console/message.eventReceived")}
	if d.Box == gateway.Out {
		begun.Title = v.T("console/message.eventSubmitted")
	}
	out := []event{begun}
	for _, x := range d.Attempts {
		title := v.T("console/message.eventHanded", "n", x.Number)
		if d.Box == gateway.Out {
			title = v.T("console/message.eventSent", "n", x.Number)
		}
		e := event{At: p.at(v, x.At), Title: title, State: outcomeOf(v, x), Detail: x.Detail}
		if x.Code != "" {
			text := x.Code
			if name := errorName(x.Code); name != "" {
				text += " " + name
			}
			e.Facts = append(e.Facts, text)
		}
		if x.Status != 0 {
			e.Facts = append(e.Facts, v.T("console/message.status", "status", x.Status, "text", http.StatusText(x.Status)))
		}
		for _, l := range x.Layers {
			e.Facts = append(e.Facts, l.Name+" "+span(v, l.Duration))
		}
		if x.Duration > 0 {
			e.Facts = append(e.Facts, v.T("console/message.took", "time", span(v, x.Duration)))
		}
		out = append(out, e)
	}
	if !d.Settled.IsZero() {
		out = append(out, event{At: p.at(v, d.Settled), Title: v.T("console/message.eventSettled"), State: stateOf(v, d.State)})
	}
	if !d.Deleted.IsZero() {
		out = append(out, event{At: p.at(v, d.Deleted), Title: v.T("console/message.eventDeleted")})
	}
	return out
}

// envelope hands over the SOAP envelope as it was sent or received, as text: header and signature, no payload.
func (p *Console) envelope(v *visit, a Account) error {
	d, err := p.look(v, v.R.URL.Query())
	if err != nil {
		return err
	}
	return p.hand(v, a, &d, "envelope", d.Envelope)
}

// receipt hands over the receipt.
func (p *Console) receipt(v *visit, a Account) error {
	d, err := p.look(v, v.R.URL.Query())
	if err != nil {
		return err
	}
	return p.hand(v, a, &d, "receipt", d.Receipt)
}

func (p *Console) hand(v *visit, a Account, d *gateway.Dossier, what string, content []byte) error {
	if len(content) == 0 {
		return p.noMessage()
	}
	if err := p.note(v, Act{Account: a.Name, Action: ActEnvelope, Object: d.MessageID, Detail: what}); err != nil {
		return err
	}
	return v.Serve(web.Document{Name: d.MessageID + "-" + what + ".txt", MediaType: "text/plain; charset=utf-8", Content: content, Download: true})
}
