package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"oots/internal/proof"
)

// traceRun rebuilds an exchange.
type traceRun struct {
	ID string `arg:"" help:"Message id, conversation, exchange or request identifier, RefToMessageId, Content-ID, or identifier of an answer or an evidence."`
	proveFolder
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (traceRun) Help() string {
	return `All messages of the exchange in both directions, their receipts and attempts, and the rows of the log, in the
order of time; then what is missing and what contradicts. The access point may be at work: nothing is changed. It exits
with 1 when nothing knows the identifier, or when something is missing or contradicts.

Examples:
  oots trace 1f3c9a4e-5b1c-4b8e-9b68-0d0c6e0f3a55 --config oots.yaml
  oots trace 1f3c9a4e-5b1c-4b8e-9b68-0d0c6e0f3a55 --data oots-data/AT`
}

// Run traces.
func (c traceRun) Run(ctx context.Context, s streams) error {
	return c.with(ctx, func(p *proof.Prover) error {
		t, err := p.Trace(ctx, c.ID)
		if errors.Is(err, proof.ErrUnknown) {
			fmt.Fprintln(s.err, "oots:", &hint{unknown(c.ID, err), "an identifier as oots gateway messages or the log of the sender names it"})
			return errNo
		}
		if err != nil {
			return err
		}
		if c.JSON {
			err = lcmJSON(s.out, t)
		} else {
			err = printTrace(s.out, t)
		}
		if err == nil && len(t.Findings) > 0 {
			err = errNo
		}
		return err
	})
}

func printTrace(out io.Writer, t *proof.Trace) error {
	fmt.Fprintf(out, "%s is a %s\n", t.ID, t.Kind)
	for _, l := range []struct {
		name string
		ids  []string
	}{{"conversation", t.Conversations}, {"exchange", t.Exchanges}, {"request", t.Requests}} {
		for _, id := range l.ids {
			fmt.Fprintf(out, "%-14s%s\n", l.name, id)
		}
	}
	for _, m := range t.Messages {
		receipt := "no receipt"
		if !m.Receipt.IsZero() {
			receipt = "receipt " + m.ReceiptID
		}
		fmt.Fprintf(out, "message %-6s%s %s, %s %s, %s, %s\n", m.Box, m.MessageID, m.Action, direction(m.Box), m.Partner, strings.TrimSpace(m.State+" "+m.ErrorCode), receipt)
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for _, s := range t.Timeline {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.At.UTC().Format("2006-01-02T15:04:05.000Z"), stepSource(s), s.What, s.MessageID, strings.TrimSpace(s.Code+" "+s.Detail))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(t.Findings) == 0 {
		fmt.Fprintln(out, "\nNothing is missing and nothing contradicts.")
		return nil
	}
	fmt.Fprintln(out)
	for _, f := range t.Findings {
		fmt.Fprintf(out, "%s: %s %s\n", f.Code, f.Detail, strings.Trim(f.MessageID+" "+f.Exchange, " "))
	}
	return nil
}

func direction(b proof.Box) string {
	if b == proof.Out {
		return "to"
	}
	return "from"
}

func stepSource(s proof.Step) string {
	switch {
	case s.Source == proof.FromLog:
		return fmt.Sprintf("log %d", s.Position)
	case s.Clock == proof.Theirs:
		return s.Source + ", their clock"
	}
	return s.Source
}

// proofTime is how proofs print a time.
const proofTime = time.RFC3339
