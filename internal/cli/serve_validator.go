package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"oots/internal/clock"
	"oots/internal/validator/page"
	"oots/internal/validator/policy"
)

// validatorTools serve the validator.
type validatorTools struct {
	Serve serveValidator `cmd:"" help:"Serve the validator to browsers and programs."`
}

// serveValidator serves the pages and the HTTP interface of the validator.
type serveValidator struct {
	Listen    string `help:"Address and port to listen on." default:"127.0.0.1:8450" placeholder:"HOST:PORT"`
	Rules     string `help:"YAML with severities of your own, as for oots validate." type:"existingfile" placeholder:"FILE"`
	Codelists string `help:"Folder with newer code lists in Genericode (*.gc), in force instead of those built in." type:"existingdir" placeholder:"DIR"`
	Verbose   bool   `short:"v" help:"Log a line for each request, without addresses and without anything of a document."`
}

// Help is the text below the usage line.
func (serveValidator) Help() string {
	return `Pages: paste or choose a document, see each finding beside its line, download the report. For programs:

  POST /api/validate    one XML document, or several as multipart/form-data; the answer is JSON
  GET  /api/rules/{id}  what is known of a rule
  GET  /openapi.json    the description of both, OpenAPI 3.1

Nothing of a document is stored or logged. A document may have 16 MB, a request two of them; who sends too much
is told to wait. It speaks HTTP without TLS: put a proxy in front of it before other machines may reach it.

Examples:
  oots validator serve
  curl --data-binary @request.xml -H 'Content-Type: application/xml' http://127.0.0.1:8450/api/validate`
}

// Run serves until it is interrupted.
func (x serveValidator) Run(ctx context.Context, s streams) error {
	rules, _, err := policy.Open(x.Rules, x.Codelists)
	if err != nil {
		return &hint{err, "oots help validate"}
	}
	p, err := page.New(page.Config{Version: programVersion(), Rules: rules, HTTP: true, Clock: clock.System(), Log: s.log(x.Verbose)})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", x.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return &hint{fmt.Errorf("%s is in use by another program", x.Listen), "oots validator serve --listen 127.0.0.1:9450"}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Validator  http://%s/\nInterface  http://%s/openapi.json\nStop with Ctrl-C.\n", l.Addr(), l.Addr())
	return serveHTTP(ctx, l, p)
}

// serveHTTP answers until ctx ends, and then finishes what it has begun.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		ended <- server.Shutdown(grace)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
