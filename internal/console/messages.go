package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"oots/internal/gateway"
)

// perPage is how many messages a page lists.
const perPage = 50

// messagesPage finds messages. Its address holds the whole question, so it can be handed on.
type messagesPage struct {
	page
	Text, Partner, Action string
	Since, Until          string
	Boxes, States         []option
	Partners              []string // that are known, for the list of proposals
	Rows                  []messageLine
	Narrowed              bool   // something is asked for beyond the newest
	Older                 string // address of the next page; "" at the end
	Newest                string // address of the first page; "" on it
}

// option is one choice of a list.
type option struct {
	Value, Label string
	Chosen       bool
}

// messageLine is a message in a list.
type messageLine struct {
	gateway.Summary
	URL      string
	State    stateView
	BoxName  string
	At, Next instant
}

// question is what the address asks for.
func question(q url.Values, zone *time.Location) (f gateway.Filter, narrowed bool) {
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	f = gateway.Filter{Text: get("q"), Box: gateway.Box(get("box")), Partner: get("partner"), Action: get("action")}
	if f.Box != gateway.In && f.Box != gateway.Out {
		f.Box = ""
	}
	for _, s := range q["state"] {
		if s == openStates {
			f.States = append(f.States, gateway.Waiting, gateway.Sending, gateway.Received, gateway.Handling)
		} else if s == troubleStates {
			f.States = append(f.States, gateway.Undelivered, gateway.Unclear, gateway.Stuck)
		} else if slices.Contains(states[:], gateway.State(s)) {
			f.States = append(f.States, gateway.State(s))
		}
	}
	f.Since, f.Until = moment(get("since"), zone, 0), moment(get("until"), zone, 1)
	f.Before = moment(get("before"), zone, 0)
	narrowed = f.Text != "" || f.Box != "" || f.Partner != "" || f.Action != "" || len(f.States) > 0 || !f.Since.IsZero() || !f.Until.IsZero()
	return f, narrowed
}

// The groups of states that operators ask for most.
const (
	openStates    = "open"
	troubleStates = "trouble"
)

// moment reads a day, a minute, or an exact time; a day is its end when days is 1. What cannot be read is no bound.
func moment(s string, zone *time.Location, days int) time.Time {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t
		}
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t.AddDate(0, 0, days)
	}
	return time.Time{}
}

func (p *Console) messages(v *visit, a Account) error {
	q := v.R.URL.Query()
	f, narrowed := question(q, p.config.Zone)
	f.Limit = perPage + 1
	found, err := p.config.Gateway.Search(v.R.Context(), f)
	if err != nil {
		return err
	}
	pg, err := p.page(v, a, "/messages", v.T("console/messages.title"))
	if err != nil {
		return err
	}
	m := messagesPage{page: pg, Text: f.Text, Partner: f.Partner, Action: f.Action, Since: q.Get("since"), Until: q.Get("until"), Narrowed: narrowed, Partners: p.partnerNames()}
	if len(found) > perPage {
		found = found[:perPage]
		m.Older = p.asked(q, found[perPage-1].Created.UTC().Format(time.RFC3339Nano))
	}
	if !f.Before.IsZero() {
		m.Newest = p.asked(q, "")
	}
	for _, s := range found {
		m.Rows = append(m.Rows, p.messageLine(v, s))
	}
	chosen := q.Get("state")
	m.Boxes = []option{{"", v.T("console/messages.both"), f.Box == ""}, {string(gateway.Out), v.T("console/messages.out"), f.Box == gateway.Out}, {string(gateway.In), v.T("console/messages.in"), f.Box == gateway.In}}
	m.States = []option{{"", v.T("console/messages.any"), chosen == ""}, {openStates, v.T("console/messages.open"), chosen == openStates}, {troubleStates, v.T("console/messages.trouble"), chosen == troubleStates}}
	for _, s := range states {
		m.States = append(m.States, option{string(s), stateOf(v, s).Name, chosen == string(s)})
	}
	return v.Show(http.StatusOK, "messages", &m)
}

// asked is the address of the same question from another message on.
func (p *Console) asked(q url.Values, before string) string {
	out := url.Values{}
	for name, values := range q {
		for _, s := range values {
			if s != "" && name != "before" {
				out.Add(name, s)
			}
		}
	}
	if before != "" {
		out.Set("before", before)
	}
	return p.config.Base + "/messages?" + out.Encode()
}

func (p *Console) messageLine(v *visit, s gateway.Summary) messageLine {
	return messageLine{s, p.messageURL(s.Box, s.MessageID), stateOf(v, s.State), boxName(v, s.Box), p.at(v, s.Created), p.at(v, s.NextAttempt)}
}

func (p *Console) messageURL(box gateway.Box, id string) string {
	return p.config.Base + "/message?" + url.Values{"box": {string(box)}, "id": {id}}.Encode()
}

// partnerNames are the party ids of the P-Modes in force.
func (p *Console) partnerNames() (out []string) {
	if p.config.PModes == nil {
		return nil
	}
	source, err := p.config.PModes.Source()
	if err != nil {
		return nil
	}
	for _, peer := range source.PModes().Peers {
		out = append(out, peer.ID.Value)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
