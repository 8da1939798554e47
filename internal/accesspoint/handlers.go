package accesspoint

import (
	"context"
	"net/http"
	"time"

	"oots/internal/backend/rest"
	"oots/internal/console"
	"oots/internal/wsplugin"
)

// The paths of the interfaces for back ends. Those of SOAP are where back ends of Domibus look for its plugins.
const (
	restBase    = "/backend"
	consoleBase = "/console"
)

var soapPaths = [...]string{"/services/wsplugin", "/domibus/services/wsplugin", "/domibus/services/backend"}

// The listener for machines takes no bodies and few clients.
const (
	monitorIdle        = 10 * time.Second
	monitorConnections = 64
)

// openHandlers makes what the three listeners serve.
func (a *AccessPoint) openHandlers(context.Context) error {
	public := http.NewServeMux()
	for _, p := range a.Config.AS4.Paths {
		public.Handle(p, a.Gateway)
	}
	internal, err := a.backEndHandler()
	if err != nil {
		return err
	}
	a.health = newHealth(a)
	monitor := http.NewServeMux()
	monitor.HandleFunc("GET /healthz", a.health.alive)
	monitor.HandleFunc("GET /readyz", a.health.ready)
	monitor.Handle("GET /metrics", a.figures.handler())
	c := &a.Config
	a.servers = []*server{
		a.server("as4", c.AS4.Listen, a.public, armed(time.Duration(c.AS4.Limits.Idle), public)),
		a.server("backend", c.Backend.Listen, a.internal, paced(time.Duration(c.Backend.Idle), internal)),
		a.server("monitor", c.Monitor.Listen, nil, paced(monitorIdle, monitor)),
	}
	a.servers[0].most, a.servers[1].most, a.servers[2].most = c.AS4.Connections, c.Backend.Connections, monitorConnections
	a.servers[0].proxy, a.servers[1].proxy, a.servers[2].proxy = c.AS4.TLS.Off, true, true
	return nil
}

// backEndHandler serves the interfaces for back ends and operators.
func (a *AccessPoint) backEndHandler() (http.Handler, error) {
	mux, c, log := http.NewServeMux(), &a.Config.Backend, a.d.Log
	if c.SOAP {
		h, err := wsplugin.New(wsplugin.Config{
			Backend: a.Backend, Spool: a.Store.Spool, MTOM: c.MTOM, Log: log,
			Limits: wsplugin.Limits{Request: int64(c.Request), Part: int64(c.Part), AtOnce: c.AtOnce},
		})
		if err != nil {
			return nil, err
		}
		for _, p := range soapPaths {
			mux.Handle(p, h)
			mux.Handle(p+"/", h)
		}
	}
	if c.REST {
		h, err := rest.New(rest.Config{
			Backend: a.Backend, Spool: a.Store.Spool, Base: restBase, Suffix: a.Config.Domain, Version: a.d.Version, Log: log,
			Limits: rest.Limits{Request: int64(c.Request), Part: int64(c.Part), AtOnce: c.AtOnce},
		})
		if err != nil {
			return nil, err
		}
		mux.Handle(restBase+"/", h)
	}
	if c.Console.Serve {
		h, err := console.New(a.pages)
		if err != nil {
			return nil, err
		}
		mux.Handle(consoleBase+"/", h)
		mux.Handle("GET /{$}", http.RedirectHandler(consoleBase+"/", http.StatusFound))
	}
	return mux, nil
}
