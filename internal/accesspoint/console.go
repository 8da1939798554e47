package accesspoint

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/accesspoint/settings"
	"oots/internal/alert"
	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/partner"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// openConsole makes the watch over thresholds, which works whether the pages are served or not.
func (a *AccessPoint) openConsole(context.Context) error {
	a.pages = console.Config{
		Base: consoleBase, Node: a.Config.Node, DB: a.Store.DB, Store: Operators(a.Store, a.d.Clock), Sessions: a.Store.Sessions(a.d.Clock.Now), Gateway: a.Gateway, PModes: a.PModes,
		Proof: prover{a}, Diagnose: a.diagnose, Certificates: a.Certificates, Storage: console.StorageOf(string(a.Config.Data.Folder)),
		HTTP: a.internal == nil && !a.Config.Backend.TLS.Off, Strangers: new(console.Strangers), URL: a.Config.Backend.Console.URL, Clock: a.d.Clock, Log: a.d.Log,
	}
	tellers, thresholds, err := a.alerts()
	if err != nil {
		return err
	}
	a.watch, err = alert.New(alert.Config{
		DB: a.Store.DB, Store: a.Store.Alerts(), Gauges: append(console.Gauges(a.pages), a.journalGauge()), Thresholds: thresholds, Tellers: tellers, Clock: a.d.Clock, Log: a.d.Log,
	})
	a.pages.Alerts = a.watch
	return err
}

// Operators is the store of the operators of an access point, whose acts also go into the log of exchanges: by number
// and chain, as reasons are free text and may name persons. So the signed heads of that log hold the other one too.
func Operators(db *sqlstore.Store, c clock.Clock) console.Store {
	journal := audit.New(db.Journal(), c)
	return console.Journaled{Store: db.Console(), Journal: func(tx *store.Tx, a console.Act) error {
		e := audit.MessageEvent{At: a.At, Name: "operator: " + string(a.Action), Actor: a.Account, Detail: fmt.Sprintf("entry %d of the log of operators, %s", a.Seq, a.Chain)}
		switch a.Action {
		case console.ActResend, console.ActRedeliver, console.ActCancel, console.ActResolve, console.ActEnvelope:
			e.MessageID = a.Object
		}
		return journal.RecordMessage(tx, e)
	}}
}

// alerts are who is told of what.
func (a *AccessPoint) alerts() (tellers []alert.Teller, thresholds map[alert.Kind]alert.Threshold, err error) {
	c := &a.Config.Alerts
	if c.Mail.Server != "" {
		password, err := c.Mail.Password.Text()
		if err != nil {
			return nil, nil, &fault{"alerts.mail.password", "", err, ""}
		}
		m := &alert.Mail{Host: c.Mail.Server, Port: c.Mail.Port, From: c.Mail.From, To: c.Mail.To, Username: c.Mail.User, Password: password, Node: a.Config.Node, Now: a.d.Clock.Now}
		if err := m.Check(); err != nil {
			return nil, nil, &fault{"alerts.mail", "", err, ""}
		}
		tellers = append(tellers, m)
	}
	if c.Webhook.URL != "" {
		secret, err := c.Webhook.Secret.Text()
		if err != nil {
			return nil, nil, &fault{"alerts.webhook.secret", "", err, ""}
		}
		h := &alert.Webhook{URL: c.Webhook.URL, Secret: []byte(secret), Node: a.Config.Node, Client: a.noticeClient(), Now: a.d.Clock.Now}
		if err := h.Check(); err != nil {
			return nil, nil, &fault{"alerts.webhook", "", err, ""}
		}
		tellers = append(tellers, h)
	}
	thresholds = map[alert.Kind]alert.Threshold{}
	for _, t := range c.Thresholds {
		thresholds[alert.Kind(t.Kind)] = alert.Threshold{Raise: float64(t.Raise), Clear: float64(t.Clear), Off: t.Off}
	}
	return tellers, thresholds, nil
}

// diagnose tries a partner layer by layer, with the trust that messages have.
func (a *AccessPoint) diagnose(ctx context.Context, p pmode.Party) partner.Report {
	return partner.Diagnose(ctx, p, partner.Tools{TLS: a.out.current.Load().TLSClientConfig.Clone(), Now: a.d.Clock.Now, Ping: a.ping})
}

// ping sends a message of the test service and says what came of it.
func (a *AccessPoint) ping(ctx context.Context, to ebms.PartyID) (partner.Pong, error) {
	id, err := a.Gateway.Ping(ctx, to)
	if id == "" {
		return partner.Pong{}, err
	}
	d, lost := a.Gateway.Look(ctx, gateway.Out, id)
	if lost != nil || len(d.Attempts) == 0 {
		return partner.Pong{MessageID: id}, errors.Join(err, lost)
	}
	last := d.Attempts[len(d.Attempts)-1]
	p := partner.Pong{MessageID: id, Status: last.Status, Code: last.Code, Detail: last.Detail}
	if err != nil && p.Code == "" {
		p.Code = d.ErrorCode
	}
	return p, nil
}

// ConsoleURL is where operators find their pages.
func ConsoleURL(c settings.Config) string {
	if u := strings.TrimSuffix(c.Backend.Console.URL, "/"); u != "" {
		return u + consoleBase
	}
	scheme := "http"
	if c.Backend.TLS.Certificate != "" {
		scheme = "https"
	}
	return scheme + "://" + strings.Replace(string(c.Backend.Listen), "0.0.0.0", "localhost", 1) + consoleBase
}
