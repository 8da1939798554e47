package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"oots/internal/mirror"
	"oots/internal/pki"
)

// csServe serves a mirror.
type csServe struct {
	signers
	Dir     string `arg:"" help:"Folder that oots cs mirror made." type:"existingdir"`
	Listen  string `help:"Address to listen on." default:"127.0.0.1:8454" placeholder:"HOST:PORT"`
	Cert    string `help:"PEM file with the certificate of the web server and those above it." placeholder:"FILE" type:"existingfile"`
	Key     string `help:"PEM file with its key." placeholder:"FILE" type:"existingfile"`
	Keys    string `help:"Without --cert: folder of an authority for tests, made when missing." default:"mirror-keys" type:"path" placeholder:"DIR"`
	Verbose bool   `short:"v" help:"Log what happens."`
}

// Help is the text below the usage line.
func (csServe) Help() string {
	return `Every answer is verified when the copy is loaded; one that was changed is named, and nothing is served. What was not
copied is answered with 404, which no client takes for "nothing".

Example:
  oots cs serve-mirror mirror --root root.pem --cert server.pem --key server.key.pem --listen :8443`
}

// Run loads and serves until it is interrupted.
func (c csServe) Run(ctx context.Context, s streams) error {
	trust, err := c.policy()
	if err != nil {
		return err
	}
	m, err := mirror.Load(c.Dir, trust, time.Now())
	if err != nil {
		var bad *mirror.FileError
		if errors.As(err, &bad) {
			fmt.Fprintf(s.err, "oots: %s is not served:\n%v\n", c.Dir, err)
			return errNo
		}
		return err
	}
	certificate, err := c.certificate(s)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return &hint{err, "another --listen"}
	}
	sum := m.Summary()
	fmt.Fprintf(s.out, "%d answers, copied from %s to %s, all verified\nListening on https://localhost:%d/\n", sum.Answers,
		sum.Oldest.Format(time.RFC3339), sum.Newest.Format(time.RFC3339), l.Addr().(*net.TCPAddr).Port)
	server := &http.Server{
		Handler:           m,
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2", "http/1.1"}},
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: time.Minute,
		MaxHeaderBytes: 32 << 10,
		ErrorLog:       slog.NewLogLogger(s.log(c.Verbose).Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.ServeTLS(l, "", "") }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return server.Shutdown(grace)
}

func (c csServe) certificate(s streams) (tls.Certificate, error) {
	if c.Cert != "" || c.Key != "" {
		return tls.LoadX509KeyPair(c.Cert, c.Key)
	}
	authority, err := pki.Open(c.Keys, time.Now())
	if err != nil {
		return tls.Certificate{}, err
	}
	pair, err := authority.Server("mirror", "localhost", "127.0.0.1", "::1")
	if err != nil {
		return tls.Certificate{}, err
	}
	fmt.Fprintf(s.out, "Clients trust the web server with --ca %s\n", authority.RootFile())
	return tls.Certificate{Certificate: [][]byte{pair.Certificate.Raw}, PrivateKey: pair.Key, Leaf: pair.Certificate}, nil
}
