package accesspoint

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/accesspoint/settings"
	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/partner"
)

// console makes the operators' pages.
func (a *AccessPoint) console() (http.Handler, error) {
	return console.New(console.Config{
		Base: consoleBase, Node: a.Config.Node, DB: a.Store.DB, Store: a.Store.Console(), Sessions: a.Store.Sessions(a.d.Clock.Now), Gateway: a.Gateway, PModes: a.PModes,
		Diagnose: a.diagnose, Certificates: a.Certificates, Storage: console.StorageOf(string(a.Config.Data.Folder)),
		HTTP: a.internal == nil && !a.Config.Backend.TLS.Off, Clock: a.d.Clock, Log: a.d.Log,
	})
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
