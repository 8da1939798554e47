package cli

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// help prints the help of one command, or of the program.
type help struct {
	Command []string `arg:"" optional:"" help:"Words of the command, for example: as4 unpack"`
}

// Help is the text below the usage line.
func (help) Help() string { return "Example:\n  oots help demo" }

// Run prints what the command's --help prints.
func (h help) Run(s streams, parser *kong.Kong) error {
	ctx, err := kong.Trace(parser, append(append([]string{}, h.Command...), "--help"))
	if err != nil {
		return err
	}
	if ctx.Error != nil {
		return &hint{fmt.Errorf("no command is called %q", h.Command), "oots help"}
	}
	return ctx.PrintUsage(false)
}
