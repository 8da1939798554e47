package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"strconv"

	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
	"oots/internal/clock"
	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// gatewayTools are the commands of those who operate an access point: what its console shows and does.
type gatewayTools struct {
	Messages     gatewayMessages     `cmd:"" help:"Find messages by identifier, state, partner, direction and time."`
	Message      gatewayMessage      `cmd:"" help:"Say where one message stands, and why: every attempt with its exact error."`
	Resend       gatewayResend       `cmd:"" help:"Send a message again that was given up, or of which it is unclear whether it has arrived."`
	Redeliver    gatewayRedeliver    `cmd:"" help:"Offer a message to the back end again that it did not take."`
	Cancel       gatewayCancel       `cmd:"" help:"Give up a message that waits."`
	Resolve      gatewayResolve      `cmd:"" help:"Declare a message settled that waits for an operator."`
	Queues       gatewayQueues       `cmd:"" help:"Say what waits for each partner and what comes from it."`
	Ping         gatewayPing         `cmd:"" help:"Send a test message to a partner and wait for its receipt."`
	Partner      gatewayPartner      `cmd:"" help:"Find out why a partner cannot be reached: name, connection, TLS, certificates, HTTP, AS4."`
	Ready        gatewayReady        `cmd:"" help:"Ask the access point at work whether it is ready."`
	Storage      gatewayStorage      `cmd:"" help:"Say how much room there is, and who takes it."`
	Certificates gatewayCertificates `cmd:"" help:"List the certificates of ours and of the partners."`
	Alerts       gatewayAlerts       `cmd:"" help:"List what has crossed a threshold."`
	Operators    operatorTools       `cmd:"" help:"Accounts of the console: invite, close, open, and the log of what they did."`
}

// reading runs f on the data of the access point of the configuration, which may be at work. Nothing is changed.
func (c configFile) reading(ctx context.Context, s streams, f func(settings.Config, *sqlstore.Store) error) error {
	file, err := c.read(s)
	if err != nil {
		return err
	}
	db, err := accesspoint.OpenForReading(ctx, file.Config)
	if err != nil {
		return unopened(err, c.Config)
	}
	return errors.Join(f(file.Config, db), db.Close())
}

// unopened says what to try when an access point does not open: what the error says, or else to judge its configuration.
func unopened(err error, config string) error {
	var known interface{ Remedy() string }
	if errors.As(err, &known) && known.Remedy() != "" {
		return err
	}
	return &hint{err, "oots config test " + config}
}

// withGateway runs f on the access point of the configuration, beside the process that runs it.
func (c configFile) withGateway(ctx context.Context, s streams, f func(*accesspoint.AccessPoint) error) error {
	file, err := c.read(s)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := accesspoint.OpenBeside(ctx, file.Config, accesspoint.Deps{Clock: clock.System(), Log: log, Version: programVersion()})
	if err != nil {
		return unopened(err, c.Config)
	}
	return errors.Join(f(a), a.Close())
}

// consoleOf is what the operations of the console need of an access point.
func consoleOf(a *accesspoint.AccessPoint) console.Config {
	return console.Config{DB: a.Store.DB, Store: accesspoint.Operators(a.Store, clock.System()), Gateway: a.Gateway, PModes: a.PModes, Clock: clock.System()}
}

// systemUser is who gave a command, as the machine knows: nobody can claim another one.
func systemUser() string {
	id := strconv.Itoa(os.Getuid())
	u, err := user.LookupId(id)
	if err != nil {
		return id
	}
	return u.Username + " (" + id + ")"
}

// gatewayAct is who does something with a message, and why.
type gatewayAct struct {
	configFile
	Actor  string `help:"Account for the log." default:"command"`
	Reason string `help:"Why; it stands in the log." required:"" placeholder:"TEXT"`
	JSON   bool   `name:"json" help:"Print JSON."`
}

// execute does it and prints where the message stands now. It answers no when the state does not allow it.
func (c gatewayAct) execute(ctx context.Context, s streams, action console.Action, box gateway.Box, id string) error {
	return c.withGateway(ctx, s, func(a *accesspoint.AccessPoint) error {
		conf := consoleOf(a)
		err := conf.Execute(ctx, console.Order{Who: c.Actor, Action: action, Box: box, MessageID: id, Reason: c.Reason, Origin: systemUser()})
		switch {
		case errors.Is(err, store.ErrNotFound):
			return noMessage(id, box)
		case errors.Is(err, gateway.ErrState), errors.Is(err, gateway.ErrDeleted):
			fmt.Fprintln(s.err, "oots:", &hint{err, "oots gateway message " + id})
			return errNo
		case err != nil:
			return err
		}
		d, err := a.Gateway.Look(ctx, box, id)
		if err != nil {
			return err
		}
		if c.JSON {
			return lcmJSON(s.out, summaryReport(d.Summary))
		}
		fmt.Fprintf(s.out, "%s: %s, now %s\n", id, action, d.State)
		return nil
	})
}

func noMessage(id string, box gateway.Box) error {
	where := "sent or received"
	switch box {
	case gateway.Out:
		where = "sent"
	case gateway.In:
		where = "received"
	}
	return &hint{fmt.Errorf("no message of this id was %s: %s", where, id), "oots gateway messages " + id[:min(len(id), 8)]}
}

// gatewayResend sends again.
type gatewayResend struct {
	ID string `arg:"" help:"eb:MessageId."`
	gatewayAct
}

// Help is the text below the usage line.
func (gatewayResend) Help() string {
	return `The same bytes are sent again by the running access point, with the repetition of the P-Mode. A partner that has the
message already says so. It exits with 1 when the state of the message does not allow it, or its payloads are deleted.

Example:
  oots gateway resend 7d0f3f2a-1111-4e6a-9d1e-0a4f5e7f0001@ap.example --reason "the partner has renewed its certificate"`
}

// Run sends again.
func (c gatewayResend) Run(ctx context.Context, s streams) error {
	return c.execute(ctx, s, console.ActResend, gateway.Out, c.ID)
}

// gatewayRedeliver offers again.
type gatewayRedeliver struct {
	ID string `arg:"" help:"eb:MessageId."`
	gatewayAct
}

// Help is the text below the usage line.
func (gatewayRedeliver) Help() string {
	return `A message that is stuck is offered to the back end once more, from the first attempt on. It exits with 1 when the
message is in another state.

Example:
  oots gateway redeliver 77aa88bb-5555-4e6a-9d1e-0a4f5e7f0005@ap.example --reason "the back end is mended"`
}

// Run offers again.
func (c gatewayRedeliver) Run(ctx context.Context, s streams) error {
	return c.execute(ctx, s, console.ActRedeliver, gateway.In, c.ID)
}

// gatewayCancel gives up.
type gatewayCancel struct {
	ID string `arg:"" help:"eb:MessageId."`
	gatewayAct
}

// Help is the text below the usage line.
func (gatewayCancel) Help() string {
	return `The message is not sent any more, and the back end is told that it will not arrive. One that is being sent at this
moment cannot be cancelled. It exits with 1 when the state of the message does not allow it.

Example:
  oots gateway cancel 33cc44dd-3333-4e6a-9d1e-0a4f5e7f0003@ap.example --reason "withdrawn by the sender"`
}

// Run gives up.
func (c gatewayCancel) Run(ctx context.Context, s streams) error {
	return c.execute(ctx, s, console.ActCancel, gateway.Out, c.ID)
}

// gatewayResolve declares settled.
type gatewayResolve struct {
	ID  string `arg:"" help:"eb:MessageId."`
	Box string `help:"Which side it is on: ${enum}." enum:"out,in" required:"" placeholder:"BOX"`
	gatewayAct
}

// Help is the text below the usage line.
func (gatewayResolve) Help() string {
	return `In the outbox it is a message of which it is unclear whether it has arrived: the back end is told that it has. In the
inbox it is one that the back end did not take: it will not be offered any more. It exits with 1 when the message is in
another state.

Example:
  oots gateway resolve 55ee66ff-4444-4e6a-9d1e-0a4f5e7f0004@ap.example --box out --reason "the partner has confirmed it"`
}

// Run declares settled.
func (c gatewayResolve) Run(ctx context.Context, s streams) error {
	return c.execute(ctx, s, console.ActResolve, gateway.Box(c.Box), c.ID)
}
