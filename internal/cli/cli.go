// Package cli is the commands of oots: one file per command, each with its help and an example.
//
// A command exits with 0 when it is done, 1 when the answer is no (a signature that does not verify, a
// journey without evidence), and 2 when it was called wrongly or failed. Errors end with what to try.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kong"
)

// Exit codes of every command.
const (
	exitDone    = 0
	exitNo      = 1
	exitFailure = 2
)

// streams are what a command reads and writes.
type streams struct {
	out, err io.Writer
}

// log writes what goes wrong inside, for people who run a demonstration.
func (s streams) log(verbose bool) *slog.Logger {
	level := slog.LevelError
	if verbose {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: level}))
}

// errNo ends a command whose answer is no: it has said so already.
var errNo = errors.New("the answer is no")

// A hint is an error with what to try next.
type hint struct {
	err error
	try string
}

func (h *hint) Error() string { return h.err.Error() + "\nTry: " + h.try }
func (h *hint) Unwrap() error { return h.err }

// commands are the words of the command line.
type commands struct {
	Localserve  localserve       `cmd:"" help:"Run two Member States on this machine, with portals, directories and previews."`
	Demo        demoRun          `cmd:"" help:"Run one complete journey without a browser and keep every byte of it."`
	As4         as4Tools         `cmd:"" name:"as4" help:"Tools for AS4: stored entities, partners, golden cases."`
	Quickstart  quickstart       `cmd:"" help:"Make an access point: configuration, keys, certificate requests."`
	Serve       serveAccessPoint `cmd:"" help:"Run an access point."`
	Config      configTools      `cmd:"" help:"Configurations of access points: judge one, explain fields."`
	Account     accountTools     `cmd:"" help:"Accounts of the systems behind the access point."`
	Gateway     gatewayTools     `cmd:"" help:"Operate an access point: messages, queues, partners, certificates, alerts, operators."`
	Pmode       pmodeTools       `cmd:"" name:"pmode" help:"P-Modes: check, explain, convert, compare, put in force, go back."`
	Edm         edmTools         `cmd:"" name:"edm" help:"Make and rewrite messages of the exchange."`
	Trace       traceRun         `cmd:"" help:"Rebuild an exchange from messages, receipts and log."`
	Prove       proveRun         `cmd:"" help:"Export the proof of an exchange, or judge an export."`
	Validate    validate         `cmd:"" help:"Check documents against content models and business rules."`
	Validator   validatorTools   `cmd:"" name:"validator" help:"The validator as pages and as an HTTP interface."`
	Lcm         lcmTools         `cmd:"" name:"lcm" help:"Submissions to the Common Services: check, submit, compare, restore."`
	Coordinator coordinatorTools `cmd:"" name:"coordinator" help:"Accounts of those who edit what the directories hold."`
	Eb          ebTools          `cmd:"" name:"eb" help:"Ask an Evidence Broker: requirements, evidence types."`
	Dsd         dsdTools         `cmd:"" name:"dsd" help:"Ask a Data Service Directory: who delivers evidence."`
	Cs          csTools          `cmd:"" name:"cs" help:"Signed answers of the Common Services: verify, copy, serve."`
	Sr          srTools          `cmd:"" name:"sr" help:"Look into a Semantic Repository: find assets, show them."`
	Codelist    codelistTools    `cmd:"" name:"codelist" help:"Code lists in files: convert, compare, check."`
	Matching    matchingTools    `cmd:"" name:"matching" help:"How a person is matched with a register: measure, explain, set."`
	Scenario    scenarioTools    `cmd:"" name:"scenario" help:"Test cases of the Projectathons: list them, run them."`
	Explain     explain          `cmd:"" help:"Say what a rule is about and what to write."`
	Bench       benchmarks       `cmd:"" help:"Measure this program on this machine."`
	Version     version          `cmd:"" help:"Print the version of this program and what it speaks."`
	Help        help             `cmd:"" help:"Print help for a command, or for all."`
}

// as4Tools are the tools for AS4: with stored entities, with partners, with golden cases.
type as4Tools struct {
	Unpack  unpack    `cmd:"" help:"Verify and print a stored AS4 entity."`
	Ping    ping      `cmd:"" help:"Send a test message to an access point and check its receipt."`
	Send    send      `cmd:"" help:"Send payloads to an access point and check the receipt."`
	Receive receive   `cmd:"" help:"Receive messages of a partner into a folder."`
	Vectors vectorRun `cmd:"" help:"Run folders of golden messages and canonical forms."`
	Keys    partyKeys `cmd:"" help:"Make keys and certificates for tests with partners."`
}

// Main runs the command named by args and returns the exit code.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := streams{out: stdout, err: stderr}
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("oots"),
		kong.Description("The EU Once-Only Technical System in one program.\n\nBegin with: oots demo --out out"),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Summary: true}),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(stderr, "oots:", err)
		return exitFailure
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help has printed and asked to leave
		return exitDone
	}
	if err != nil {
		fmt.Fprintf(stderr, "oots: %v\nTry: oots help\n", err)
		return exitFailure
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	parsed.Bind(s, parser)
	err = parsed.Run()
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errNo):
		return exitNo
	}
	fmt.Fprintln(stderr, "oots:", err)
	return exitFailure
}
