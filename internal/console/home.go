package console

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"oots/edelivery/pmode/keystore"
	"oots/internal/alert"
	"oots/internal/gateway"
)

// homePage is the access point at a glance.
type homePage struct {
	page
	Figures []figure
	Queues  []queueLine
	Alerts  []alertLine
	Watched bool // there are alerts at all
	Ending  []certificateLine
	Storage *storageView
	Trouble []messageLine // the newest messages that need a hand
	More    string        // address of all of them
}

// figure is a number that leads to what it counts.
type figure struct {
	Count int
	Text  string
	URL   string
	Class string
}

// queueLine is the queue of a partner.
type queueLine struct {
	gateway.Queue
	URL              string
	Age              string // of the oldest; "" for an empty queue
	NextAt, SlowedAt instant
	Class            string
}

// seen is how far back messages that were given up count as news.
const seen = 24 * time.Hour

// counted bounds what is counted for a figure.
const counted = 1000

// lifeOf is how long before its end a certificate is shown on the first page.
const lifeOf = 60 * 24 * time.Hour

func (p *Console) home(v *visit, a Account) error {
	ctx, now := v.R.Context(), v.Now().UTC()
	queues, err := p.config.Gateway.Queues(ctx)
	if err != nil {
		return err
	}
	pg, err := p.page(v, a, "/", v.T("console/home.title"))
	if err != nil {
		return err
	}
	out := homePage{page: pg, Watched: p.config.Alerts != nil, More: p.config.Base + "/messages?state=" + troubleStates}
	var waiting, received, stuck, unclear int
	for _, q := range queues {
		waiting, received, stuck, unclear = waiting+q.Waiting+q.Sending, received+q.Received, stuck+q.Stuck, unclear+q.Unclear
		out.Queues = append(out.Queues, p.queueLine(v, q, now))
	}
	slices.SortStableFunc(out.Queues, func(a, b queueLine) int { return cmp.Compare(rank(b.Class), rank(a.Class)) })
	given, err := p.config.Gateway.Search(ctx, gateway.Filter{Box: gateway.Out, States: []gateway.State{gateway.Undelivered}, Since: now.Add(-seen), Limit: counted})
	if err != nil {
		return err
	}
	out.Figures = []figure{
		p.figure(waiting, v.T("console/home.waiting"), "waiting", ""),
		p.figure(received, v.T("console/home.received"), "received", ""),
		p.figure(len(given), v.T("console/home.undelivered"), "undelivered", "bad"),
		p.figure(unclear, v.T("console/home.unclear"), "unclear", "warn"),
		p.figure(stuck, v.T("console/home.stuck"), "stuck", "bad"),
	}
	trouble, err := p.config.Gateway.Search(ctx, gateway.Filter{States: []gateway.State{gateway.Undelivered, gateway.Unclear, gateway.Stuck}, Limit: 5})
	if err != nil {
		return err
	}
	for _, s := range trouble {
		out.Trouble = append(out.Trouble, p.messageLine(v, s))
	}
	if err := p.watched(ctx, v, &out, now); err != nil {
		return err
	}
	return v.Show(http.StatusOK, "home", &out)
}

// watched fills in what alerts, certificates and disk say.
func (p *Console) watched(ctx context.Context, v *visit, out *homePage, now time.Time) error {
	if p.config.Alerts != nil {
		all, err := p.config.Alerts.Recent(ctx, maxAlerts)
		if err != nil {
			return err
		}
		for _, a := range alert.Lasting(all) {
			out.Alerts = append(out.Alerts, p.alertLine(v, a))
		}
	}
	if p.config.Certificates != nil {
		all, err := p.config.Certificates(ctx, now)
		if err != nil {
			return err
		}
		for _, w := range all {
			if w.Bad() || w.Status != keystore.Good && !w.Replaced && w.NotAfter.Sub(now) < lifeOf {
				out.Ending = append(out.Ending, p.certificateLine(v, w))
			}
		}
	}
	if p.config.Storage != nil {
		s, err := p.config.Storage(ctx)
		if err != nil {
			return err
		}
		view := viewStorage(v, s)
		out.Storage = &view
	}
	return nil
}

func (p *Console) figure(n int, text, state, class string) figure {
	if n == 0 {
		class = ""
	}
	return figure{n, text, p.config.Base + "/messages?state=" + state, class}
}

func (p *Console) queueLine(v *visit, q gateway.Queue, now time.Time) queueLine {
	l := queueLine{Queue: q, URL: p.config.Base + "/messages?" + url.Values{"partner": {q.Partner}}.Encode(), NextAt: p.at(v, q.NextAttempt), SlowedAt: p.at(v, q.Slowed)}
	if !q.Oldest.IsZero() {
		l.Age = span(v, now.Sub(q.Oldest))
	}
	switch {
	case q.Stuck > 0:
		l.Class = "bad"
	case q.Unclear > 0 || q.Slowed.After(now):
		l.Class = "warn"
	case q.Waiting+q.Sending+q.Received > 0:
		l.Class = "busy"
	default:
		l.Class = "good"
	}
	return l
}

func rank(class string) int { return slices.Index([]string{"good", "busy", "warn", "bad"}, class) }
