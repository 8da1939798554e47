package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"oots/edelivery/ebms"
	"oots/internal/accesspoint/settings"
	"oots/internal/gateway"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// gatewayMessages finds messages.
type gatewayMessages struct {
	Text    string    `arg:"" optional:"" help:"Message, conversation or eb:RefToMessageId, or how one of them begins."`
	Box     string    `help:"Only messages sent (out) or received (in)." enum:"out,in,any" default:"any" placeholder:"BOX"`
	State   []string  `help:"Only messages in one of these states, such as waiting, undelivered, unclear, stuck." placeholder:"STATE"`
	Partner string    `help:"Only messages of this partner, by its party id." placeholder:"PARTY"`
	Action  string    `help:"Only messages with this eb:Action." placeholder:"ACTION"`
	Since   time.Time `help:"Only messages stored from then on." placeholder:"TIME"`
	Until   time.Time `help:"Only messages stored before." placeholder:"TIME"`
	Limit   int       `help:"How many at most." default:"50"`
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (gatewayMessages) Help() string {
	return `Newest first. Times are written as 2026-11-24T08:00:00Z. It exits with 1 when no message fits.

Examples:
  oots gateway messages --state undelivered,unclear,stuck
  oots gateway messages 7d0f3f2a --json`
}

// messageReport is a message in JSON.
type messageReport struct {
	Box            gateway.Box   `json:"box"`
	MessageID      string        `json:"messageId"`
	ConversationID string        `json:"conversationId,omitempty"`
	RefToMessageID string        `json:"refToMessageId,omitempty"`
	Partner        string        `json:"partner"`
	Service        string        `json:"service,omitempty"`
	Action         string        `json:"action,omitempty"`
	State          gateway.State `json:"state"`
	Attempts       int           `json:"attempts"`
	Created        time.Time     `json:"created"`
	NextAttempt    time.Time     `json:"nextAttempt,omitzero"`
	Settled        time.Time     `json:"settled,omitzero"`
	ErrorCode      string        `json:"errorCode,omitempty"`
	Bytes          int64         `json:"bytes"`
	Parts          int           `json:"parts"`
}

func summaryReport(s gateway.Summary) messageReport {
	return messageReport{s.Box, s.MessageID, s.ConversationID, s.RefToMessageID, s.Partner, s.Service, s.Action, s.State, s.Attempts, s.Created, s.NextAttempt, s.Settled, s.ErrorCode, s.Size, s.Parts}
}

// Run finds.
func (c gatewayMessages) Run(ctx context.Context, s streams) error {
	f := gateway.Filter{Text: c.Text, Partner: c.Partner, Action: c.Action, Since: c.Since, Until: c.Until, Limit: c.Limit}
	if c.Box != "any" {
		f.Box = gateway.Box(c.Box)
	}
	for _, x := range c.State {
		f.States = append(f.States, gateway.State(x))
	}
	return c.reading(ctx, s, func(_ settings.Config, db *sqlstore.Store) error {
		messages := gateway.NewReader(db.Gateway())
		found, err := messages.Search(ctx, f)
		if err != nil {
			return err
		}
		reports := []messageReport{}
		for _, x := range found {
			reports = append(reports, summaryReport(x))
		}
		if c.JSON {
			err = lcmJSON(s.out, reports)
		} else {
			err = printMessages(s.out, reports)
		}
		if err == nil && len(reports) == 0 {
			return errNo
		}
		return err
	})
}

func printMessages(out io.Writer, all []messageReport) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "Stored\tBox\tState\tMessage\tPartner\tAction\tAttempts\tError\tNext attempt")
	for _, m := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", stamp(m.Created), m.Box, m.State, m.MessageID, m.Partner, m.Action, m.Attempts, m.ErrorCode, stamp(m.NextAttempt))
	}
	return w.Flush()
}

// stamp is a time for people, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// gatewayMessage shows one message.
type gatewayMessage struct {
	ID  string `arg:"" help:"eb:MessageId."`
	Box string `help:"Which side it is on; the default is where it is found first, the outbox before the inbox." enum:"out,in,any" default:"any" placeholder:"BOX"`
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (gatewayMessage) Help() string {
	return `It prints header, state, every attempt with outcome and exact error, and what is known of the payloads; never their
content.

Example:
  oots gateway message 7d0f3f2a-1111-4e6a-9d1e-0a4f5e7f0001@ap.example`
}

// dossierReport is everything about a message in JSON.
type dossierReport struct {
	messageReport
	From     string          `json:"from,omitempty"`
	To       string          `json:"to,omitempty"`
	Receipt  bool            `json:"receipt"`
	Deleted  time.Time       `json:"payloadsDeleted,omitzero"`
	Tried    []attemptReport `json:"tried"`
	Payloads []partReport    `json:"payloads"`
}

type attemptReport struct {
	At           time.Time          `json:"at"`
	Number       int                `json:"number"`
	Outcome      string             `json:"outcome"`
	Code         string             `json:"code,omitempty"`
	Detail       string             `json:"detail,omitempty"`
	Status       int                `json:"httpStatus,omitempty"`
	Milliseconds float64            `json:"milliseconds"`
	Layers       map[string]float64 `json:"layers,omitempty"` // milliseconds
}

type partReport struct {
	ContentID string `json:"contentId"`
	MimeType  string `json:"mimeType"`
	Bytes     int64  `json:"bytes"`
}

// Run shows.
func (c gatewayMessage) Run(ctx context.Context, s streams) error {
	boxes := []gateway.Box{gateway.Out, gateway.In}
	if c.Box != "any" {
		boxes = []gateway.Box{gateway.Box(c.Box)}
	}
	return c.reading(ctx, s, func(_ settings.Config, db *sqlstore.Store) error {
		messages := gateway.NewReader(db.Gateway())
		for _, box := range boxes {
			d, err := messages.Look(ctx, box, c.ID)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			report := reportDossier(&d)
			if c.JSON {
				return lcmJSON(s.out, report)
			}
			return report.print(s.out)
		}
		return noMessage(c.ID, gateway.Box(strings.TrimPrefix(c.Box, "any")))
	})
}

func reportDossier(d *gateway.Dossier) dossierReport {
	out := dossierReport{messageReport: summaryReport(d.Summary), From: d.Message.From.ID.Value, To: d.Message.To.ID.Value, Receipt: len(d.Receipt) > 0, Deleted: d.Deleted, Tried: []attemptReport{}, Payloads: []partReport{}}
	for _, x := range d.Attempts {
		r := attemptReport{At: x.At, Number: x.Number, Outcome: x.Outcome, Code: x.Code, Detail: x.Detail, Status: x.Status, Milliseconds: millisecondsOf(x.Duration)}
		for _, l := range x.Layers {
			if r.Layers == nil {
				r.Layers = map[string]float64{}
			}
			r.Layers[l.Name] = millisecondsOf(l.Duration)
		}
		out.Tried = append(out.Tried, r)
	}
	for _, p := range d.Parts {
		out.Payloads = append(out.Payloads, partReport{p.ContentID, p.MimeType, p.Size})
	}
	return out
}

func millisecondsOf(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (r *dossierReport) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, value)
		}
	}
	line("message", r.MessageID)
	line("box", string(r.Box))
	line("state", string(r.State))
	line("stored", stamp(r.Created))
	line("next attempt", stamp(r.NextAttempt))
	line("settled", stamp(r.Settled))
	if r.ErrorCode != "" {
		line("error", strings.TrimSpace(r.ErrorCode+" "+shortDescription(r.ErrorCode)))
	}
	line("partner", r.Partner)
	line("from", r.From)
	line("to", r.To)
	line("service", r.Service)
	line("action", r.Action)
	line("conversation", r.ConversationID)
	line("answers", r.RefToMessageID)
	line("receipt", map[bool]string{true: "here", false: "none"}[r.Receipt])
	line("payloads deleted", stamp(r.Deleted))
	for _, p := range r.Payloads {
		line("payload", fmt.Sprintf("%s, %s, %d bytes", p.ContentID, p.MimeType, p.Bytes))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, x := range r.Tried {
		fmt.Fprintf(out, "%s  attempt %d: %s", stamp(x.At), x.Number, x.Outcome)
		for _, s := range []string{x.Code, map[bool]string{true: fmt.Sprintf("HTTP %d", x.Status)}[x.Status != 0]} {
			if s != "" {
				fmt.Fprintf(out, ", %s", s)
			}
		}
		fmt.Fprintf(out, ", %.0f ms\n", x.Milliseconds)
		if x.Detail != "" {
			fmt.Fprintf(out, "    %s\n", x.Detail)
		}
	}
	return nil
}

func shortDescription(code string) string {
	for _, r := range ebms.Table {
		if r.Code == code {
			return r.ShortDescription
		}
	}
	return ""
}

// gatewayQueues lists queues.
type gatewayQueues struct {
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (gatewayQueues) Help() string {
	return `What a partner is slowed by is known to the process that sends, so the console shows it and this does not.

Example:
  oots gateway queues`
}

// queueReport is a queue in JSON.
type queueReport struct {
	Partner     string    `json:"partner"`
	Waiting     int       `json:"waiting"`
	Sending     int       `json:"sending"`
	Unclear     int       `json:"unclear"`
	Received    int       `json:"received"`
	Stuck       int       `json:"stuck"`
	Oldest      time.Time `json:"oldest,omitzero"`
	NextAttempt time.Time `json:"nextAttempt,omitzero"`
}

// Run lists.
func (c gatewayQueues) Run(ctx context.Context, s streams) error {
	return c.reading(ctx, s, func(_ settings.Config, db *sqlstore.Store) error {
		messages := gateway.NewReader(db.Gateway())
		queues, err := messages.Queues(ctx)
		if err != nil {
			return err
		}
		reports := []queueReport{}
		for _, q := range queues {
			reports = append(reports, queueReport{q.Partner, q.Waiting, q.Sending, q.Unclear, q.Received, q.Stuck, q.Oldest, q.NextAttempt})
		}
		if c.JSON {
			return lcmJSON(s.out, reports)
		}
		w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "Partner\tWaiting\tSending\tUnclear\tReceived\tStuck\tOldest\tNext attempt")
		for _, q := range reports {
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\n", q.Partner, q.Waiting, q.Sending, q.Unclear, q.Received, q.Stuck, stamp(q.Oldest), stamp(q.NextAttempt))
		}
		return w.Flush()
	})
}
