package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"oots/edelivery/pmode"
	"oots/edelivery/pmode/keystore"
	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
	"oots/internal/alert"
	"oots/internal/console"
	"oots/internal/gateway"
	diagnosis "oots/internal/partner"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// partnerArg is a partner of the P-Modes in force.
type partnerArg struct {
	Party string `arg:"" help:"Party id of the partner, as the P-Modes name it."`
}

// find gives the partner, or an error that names those that there are.
func (p partnerArg) find(a *accesspoint.AccessPoint) (pmode.Party, error) {
	source, err := a.PModes.Source()
	if err != nil {
		return pmode.Party{}, err
	}
	var names []string
	for _, peer := range source.PModes().Peers {
		if strings.EqualFold(peer.ID.Value, p.Party) {
			return peer, nil
		}
		names = append(names, peer.ID.Value)
	}
	return pmode.Party{}, &hint{fmt.Errorf("no P-Mode names a partner %.80q", p.Party), "one of " + strings.Join(names, ", ")}
}

// gatewayPing sends a test message.
type gatewayPing struct {
	partnerArg
	configFile
	Timeout time.Duration `help:"Longest wait for the receipt." default:"90s"`
	JSON    bool          `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (gatewayPing) Help() string {
	return `The message goes the way of all messages, with our keys and the P-Modes in force, and is in the outbox afterwards. It
exits with 1 when no valid receipt came; oots gateway partner says at which layer.

Example:
  oots gateway ping AP_EL_01`
}

// Run sends.
func (c gatewayPing) Run(ctx context.Context, s streams) error {
	return c.withGateway(ctx, s, func(a *accesspoint.AccessPoint) error {
		peer, err := c.find(a)
		if err != nil {
			return err
		}
		waiting, cancel := context.WithTimeout(ctx, c.Timeout)
		defer cancel()
		id, failed := a.Gateway.Ping(waiting, peer.ID)
		if id == "" {
			return failed
		}
		d, err := a.Gateway.Look(ctx, gateway.Out, id)
		if err != nil {
			return err
		}
		report := reportDossier(&d)
		if c.JSON {
			err = lcmJSON(s.out, report)
		} else {
			err = report.print(s.out)
		}
		switch {
		case err != nil:
			return err
		case errors.Is(failed, gateway.ErrPing):
			return errNo
		}
		return failed
	})
}

// gatewayPartner diagnoses.
type gatewayPartner struct {
	partnerArg
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (gatewayPartner) Help() string {
	return `It tries the name, the connection, TLS, the certificates of the P-Mode, HTTP, and a test message, each with a longest
time, and says of each what it means and what to try. It exits with 1 when the partner cannot be reached.

Example:
  oots gateway partner AP_EL_01`
}

// diagnosisReport is a diagnosis in JSON.
type diagnosisReport struct {
	diagnosis.Report
	Reached bool                                 `json:"reached"`
	Broken  diagnosis.Layer                      `json:"broken,omitempty"`
	Advice  map[diagnosis.Layer]diagnosis.Advice `json:"advice,omitempty"`
}

// Run diagnoses.
func (c gatewayPartner) Run(ctx context.Context, s streams) error {
	return c.withGateway(ctx, s, func(a *accesspoint.AccessPoint) error {
		peer, err := c.find(a)
		if err != nil {
			return err
		}
		r := a.Diagnose(ctx, peer)
		out := diagnosisReport{Report: r, Reached: r.Reached(), Broken: r.Broken(), Advice: map[diagnosis.Layer]diagnosis.Advice{}}
		for _, x := range r.Steps {
			if x.Cause != "" {
				out.Advice[x.Layer] = x.Cause.Advice()
			}
		}
		if c.JSON {
			err = lcmJSON(s.out, out)
		} else {
			printDiagnosis(s.out, &r)
		}
		if err == nil && !out.Reached {
			return errNo
		}
		return err
	})
}

func printDiagnosis(out io.Writer, r *diagnosis.Report) {
	fmt.Fprintf(out, "%s at %s\n", r.Party.Value, r.URL)
	for _, s := range r.Steps {
		fmt.Fprintf(out, "%-13s%s", s.Layer, s.Verdict)
		if s.Verdict != diagnosis.NotTried {
			fmt.Fprintf(out, ", %.1f ms", millisecondsOf(s.Took))
		}
		fmt.Fprintln(out)
		for _, f := range s.Facts {
			fmt.Fprintf(out, "    %s: %s\n", f.Name, f.Value)
		}
		if s.Detail != "" {
			fmt.Fprintf(out, "    %s\n", s.Detail)
		}
		if s.Cause != "" {
			a := s.Cause.Advice()
			fmt.Fprintf(out, "    %s\n    Try: %s\n", a.Meaning, a.Try)
		}
	}
}

// gatewayStorage measures.
type gatewayStorage struct {
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (gatewayStorage) Help() string {
	return `Example:
  oots gateway storage`
}

// Run measures.
func (c gatewayStorage) Run(ctx context.Context, s streams) error {
	return c.reading(ctx, s, func(conf settings.Config, _ *sqlstore.Store) error {
		m, err := console.StorageOf(string(conf.Data.Folder))(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return lcmJSON(s.out, m)
		}
		_, err = fmt.Fprintf(s.out, "%s\nfree      %d of %d bytes\ndatabase  %d bytes\npayloads  %d bytes in %s\n", m.Path, m.Free, m.Total, m.Database, m.Payloads, count(m.Files, "file"))
		return err
	})
}

// gatewayCertificates lists certificates.
type gatewayCertificates struct {
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (gatewayCertificates) Help() string {
	return `Those of all parties of the P-Modes in force, ours among them. It exits with 1 when messages fail because of one now.

Example:
  oots gateway certificates`
}

// Run lists.
func (c gatewayCertificates) Run(ctx context.Context, s streams) error {
	return c.reading(ctx, s, func(conf settings.Config, db *sqlstore.Store) error {
		all, err := accesspoint.Certificates(ctx, conf, db, time.Now().UTC())
		if err != nil {
			return err
		}
		if all == nil {
			all = []keystore.Watch{}
		}
		if c.JSON {
			err = lcmJSON(s.out, all)
		} else {
			err = printWatched(s, all)
		}
		if err == nil && anyBad(all) {
			return errNo
		}
		return err
	})
}

// gatewayAlerts lists alerts.
type gatewayAlerts struct {
	All bool `help:"Those that are over as well."`
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (gatewayAlerts) Help() string {
	return `What the running access point has measured last. It exits with 1 when an alert lasts.

Example:
  oots gateway alerts --all`
}

// Run lists.
func (c gatewayAlerts) Run(ctx context.Context, s streams) error {
	return c.reading(ctx, s, func(_ settings.Config, db *sqlstore.Store) error {
		var all []alert.Alert
		err := db.DB.View(ctx, func(tx *store.Tx) (err error) {
			all, err = db.Alerts().Recent(tx, 1000)
			return err
		})
		if err != nil {
			return err
		}
		lasting := alert.Lasting(all)
		if !c.All {
			all = lasting
		}
		if c.JSON {
			err = lcmJSON(s.out, append([]alert.Alert{}, all...))
		} else {
			w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
			fmt.Fprintln(w, "Since\tUntil\tAlert")
			for _, x := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\n", stamp(x.Raised), stamp(x.Cleared), x.Sentence())
			}
			err = w.Flush()
		}
		if err == nil && len(lasting) > 0 {
			return errNo
		}
		return err
	})
}
