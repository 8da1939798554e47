package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
	"oots/internal/clock"
)

// configFile is the configuration that a command works with.
type configFile struct {
	Config string `help:"Configuration of the access point." default:"oots.yaml" placeholder:"FILE" type:"path"`
}

// read reads the configuration; with faults it says them and fails.
func (c configFile) read(s streams) (*settings.File, error) {
	f, found, err := settings.ReadFile(c.Config)
	if err != nil {
		return nil, &hint{err, "oots quickstart, or --config FILE"}
	}
	for _, x := range found {
		fmt.Fprintf(s.err, "%s: %s\n", c.Config, x)
	}
	if f == nil {
		return nil, &hint{fmt.Errorf("%s has faults", c.Config), "oots config describe FIELD"}
	}
	return f, nil
}

// serveAccessPoint runs an access point.
type serveAccessPoint struct {
	configFile
}

// Help is the text below the usage line.
func (serveAccessPoint) Help() string {
	return `It runs until it is interrupted or told to terminate, finishes what it has begun, and exits with 0. On SIGHUP it looks
at its files of certificates, keys and trust at once; it does so by itself as well, and takes up P-Modes that oots pmode
activate puts in force. What it logs goes to the standard error.

Example:
  oots serve --config oots.yaml`
}

// Run serves.
func (c serveAccessPoint) Run(ctx context.Context, s streams) error {
	f, err := c.read(s)
	if err != nil {
		return err
	}
	a, err := accesspoint.Open(ctx, f.Config, accesspoint.Deps{Clock: clock.System(), Log: accesspoint.NewLog(s.err, f.Config.Log), Version: programVersion()})
	if err != nil {
		return unopened(err, c.Config)
	}
	if err := a.Listen(); err != nil {
		return errors.Join(err, a.Close())
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		for {
			select {
			case <-hup:
				a.Reload()
			case <-ended:
				return
			}
		}
	}()
	public, internal, monitor := a.Addresses()
	fmt.Fprintf(s.out, "Partners   %s\nBack ends  %s\nMachines   http://%s/readyz\nConsole    %s\nStop with Ctrl-C.\n", public, internal, monitor, accesspoint.ConsoleURL(f.Config))
	return a.Run(ctx)
}
