package cli

import (
	"fmt"
	"strings"

	"oots/edelivery/pmode/configuration"
)

// pmodeExplain says a file in words.
type pmodeExplain struct {
	File string `arg:"" help:"P-Mode file, in the form of Domibus or in YAML." type:"existingfile"`
	Self string `help:"Party from where to look. The default is the one that the file says." placeholder:"PARTY"`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (pmodeExplain) Help() string {
	return `For each process and leg it says who may send what to whom, and how: protection, receipt, repetition, properties,
payloads, retention. Behind a property stands "?" when it may be absent.

Example:
  oots pmode explain pmode.xml`
}

// Run explains.
func (c pmodeExplain) Run(s streams) error {
	parsed, _, err := soundConfiguration(s, c.File)
	if err != nil {
		return err
	}
	self := c.Self
	if self == "" {
		self = parsed.Party
	}
	all := parsed.Explain()
	if c.JSON {
		if all == nil {
			all = []configuration.Statement{}
		}
		return lcmJSON(s.out, all)
	}
	fmt.Fprintf(s.out, "We are %s.\n", self)
	process := ""
	for _, st := range all {
		if st.Process != process {
			process = st.Process
			fmt.Fprintf(s.out, "\nProcess %s", process)
			if st.Agreement != "" {
				fmt.Fprintf(s.out, " under the agreement %s", st.Agreement)
			}
			fmt.Fprintln(s.out)
		}
		for _, sentence := range st.Sentences(self) {
			fmt.Fprintf(s.out, "  %s\n", sentence)
		}
		fmt.Fprintf(s.out, "    leg %s, line %d: %s\n", st.Leg, st.Line, strings.Join(st.Terms, "; "))
	}
	return nil
}
