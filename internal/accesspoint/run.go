package accesspoint

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"oots/internal/accesspoint/settings"
)

// A server is one listener with what it serves.
type server struct {
	name   string
	listen settings.Address
	tls    *serving
	http   *http.Server
	most   int  // connections
	proxy  bool // all of them may come from one address
	l      net.Listener
}

// server makes one of the listeners. Requests have no time limit as a whole, for large messages take long: the handlers
// end those that stand still.
func (a *AccessPoint) server(name string, listen settings.Address, t *serving, h http.Handler) *server {
	h = a.figures.counted(name, h)
	if a.Config.Log.Access {
		h = accessLog(a.d.Log, name, h)
	}
	s := &server{name: name, listen: listen, tls: t, http: &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.d.Log.With("listener", name).Handler(), slog.LevelDebug), // handshakes that fail are no errors of ours
	}}
	s.http.Protocols = new(http.Protocols)
	s.http.Protocols.SetHTTP1(true)
	if t != nil {
		s.http.TLSConfig = t.config()
	}
	return s
}

func (s *server) addr() net.Addr { return s.l.Addr() }

func (s *server) close() {
	if s.l != nil {
		s.l.Close()
	}
}

func (s *server) serve() error {
	var err error
	if s.tls != nil {
		err = s.http.ServeTLS(s.l, "", "")
	} else {
		err = s.http.Serve(s.l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("listener %s: %w", s.name, err)
}

// Listen opens the listeners; what comes waits for Run.
func (a *AccessPoint) Listen() error {
	for _, s := range a.servers {
		l, err := a.d.Listen("tcp", string(s.listen))
		if err != nil {
			for _, o := range a.servers {
				o.close()
				o.l = nil
			}
			return &fault{s.name + ".listen", "", err, "another port"}
		}
		s.l = bound(l, s.most, s.proxy)
	}
	return nil
}

// Run works until ctx ends. Then it takes no new connection, finishes the requests that have begun within the time of
// the configuration, gives back what it has claimed, and closes the data folder. It returns nil when all of that was
// done.
func (a *AccessPoint) Run(ctx context.Context) error {
	if a.servers[0].l == nil {
		if err := a.Listen(); err != nil {
			return err
		}
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var working, serving sync.WaitGroup
	a.work(work, &working)
	for _, s := range a.servers {
		a.d.Log.Info("listening", "listener", s.name, "address", s.addr().String(), "tls", s.tls != nil)
		serving.Go(func() {
			if err := s.serve(); err != nil {
				fail(err)
			}
		})
	}
	<-ctx.Done()
	a.d.Log.Info("ending: no new requests are taken")
	a.health.end()
	err := a.shutdown(&serving)
	stop()
	working.Wait()
	err = errors.Join(failure(ctx), err, a.recover(context.Background()), a.Close())
	a.d.Log.Info("ended", "clean", err == nil)
	return err
}

// failure is why ctx ended, if it was not told to.
func failure(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// shutdown ends the listeners: that of machines last, so that they see it.
func (a *AccessPoint) shutdown(serving *sync.WaitGroup) error {
	bound, cancel := context.WithTimeout(context.Background(), time.Duration(a.Config.Stop))
	defer cancel()
	var ending sync.WaitGroup
	late := make([]error, len(a.servers))
	for i, s := range a.servers[:2] {
		ending.Go(func() { late[i] = s.http.Shutdown(bound) })
	}
	ending.Wait()
	late[2] = a.servers[2].http.Shutdown(bound)
	for i, err := range late {
		if err != nil {
			a.d.Log.Warn("requests were cut off: the time to finish them was over", "listener", a.servers[i].name)
			a.servers[i].http.Close()
		}
	}
	serving.Wait()
	return nil
}

// work starts what the process does by itself.
func (a *AccessPoint) work(ctx context.Context, group *sync.WaitGroup) {
	c := &a.Config
	group.Go(func() { a.Gateway.Run(ctx, time.Duration(c.AS4.Poll)) })
	group.Go(func() { a.Backend.Run(ctx, time.Duration(c.AS4.Poll)) })
	group.Go(func() { a.keeper.Run(ctx, keepEvery) })
	group.Go(func() { a.watch.Run(ctx, time.Duration(c.Alerts.Every)) })
	group.Go(func() { a.reloader.run(ctx, time.Duration(c.Monitor.Reload)) })
	group.Go(func() {
		a.PModes.Run(ctx, time.Duration(c.PModes.Poll), func(err error) {
			a.d.Log.Error("P-Modes that were put in force are not taken up; those before stay in use", "err", err)
		})
	})
	group.Go(func() { a.repeat(ctx, time.Duration(c.Backend.Purge), "retention", a.purge) })
}

// keepEvery is how often the second copy of the log of exchanges is brought up to date.
const keepEvery = 5 * time.Second

// purge deletes payloads whose time is over.
func (a *AccessPoint) purge(ctx context.Context) error {
	n, err := a.Backend.Purge(ctx)
	if n > 0 {
		a.d.Log.Info("payloads deleted: their time was over", "messages", n)
	}
	return err
}

// repeat does a job now and after every interval.
func (a *AccessPoint) repeat(ctx context.Context, every time.Duration, what string, job func(context.Context) error) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if err := job(ctx); err != nil && ctx.Err() == nil {
			a.d.Log.Error("periodic work failed", "what", what, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
