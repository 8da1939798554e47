package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"oots/edm/convert"
	"oots/rule"
)

// convertMessage rewrites a message in another release line.
type convertMessage struct {
	File           string `arg:"" help:"An evidence request, response or error, or - for the standard input."`
	To             string `required:"" help:"Release line to write, such as v1.2." placeholder:"LINE"`
	Out            string `help:"File to write instead of the standard output." placeholder:"FILE"`
	JSON           bool   `name:"json" help:"Print what it costs as JSON: an array on the standard error."`
	Strict         bool   `help:"Exit with 1 when anything is lost or changed."`
	ReturnLocation string `help:"Way back of the user, which a second request of 2.0 has and one of 1.x has not." placeholder:"URL"`
	Procedure      string `help:"Procedure of a request of 1.0 that has none." placeholder:"CODE"`
}

// Help is the text below the usage line.
func (convertMessage) Help() string {
	return `What the other release line cannot say, says otherwise, or demands is told on the standard error, a line each:

  lost      the other line cannot say it
  changed   it says it differently, or less exactly
  invented  it demands it, and it was derived: identifiers, a country, PreviewMethod GET
  missing   it demands it, and nothing tells it: the result is not valid

Translations and annexes of 2.0 become evidences of their own in 1.x, with the metadata of their main evidence;
the way back puts each evidence into a package of its own. Identifiers that 2.0 adds are derived from the message,
so that the same message gives the same result. A valid message stays valid.

It exits with 0 when the message is written, whatever was lost; with 1 when something is missing, when the message
was not valid before, or, with --strict, when something was lost or changed; with 2 when it cannot be read.

Examples:
  oots edm convert --to v1.2 request.xml > request-1.2.xml
  oots edm convert --to v2.0 --return-location https://portal.example/return/1 --out second.xml second-1.2.xml`
}

// Run writes the message, and then what it cost.
func (c convertMessage) Run(s streams) error {
	to, err := lineOf(c.To)
	if err != nil {
		return err
	}
	m, findings, err := readMessage(c.File)
	if err != nil {
		return err
	}
	out, losses := m.convert(to, convert.Given{ReturnLocation: c.ReturnLocation, Procedure: c.Procedure})
	if err := out.write(s, c.Out); err != nil {
		return err
	}
	if err := c.tell(s.err, losses); err != nil {
		return err
	}
	refused := rule.Refuses(findings)
	if refused {
		fmt.Fprintf(s.err, "oots: %s was not valid before: %s\n", c.File, rule.First(findings))
	}
	for _, l := range losses {
		refused = refused || l.Kind == convert.Missing || c.Strict && l.Kind != convert.Invented
	}
	if refused {
		return errNo
	}
	return nil
}

// jsonLoss is the JSON form of what a conversion costs.
type jsonLoss struct {
	Kind string `json:"kind"`
	Path string `json:"path"`
	What string `json:"what"`
	Why  string `json:"why"`
}

func (c convertMessage) tell(w io.Writer, losses []convert.Loss) error {
	if c.JSON {
		all := make([]jsonLoss, len(losses))
		for i, l := range losses {
			all[i] = jsonLoss{string(l.Kind), l.Path, l.What, l.Why}
		}
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range losses {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", l.Kind, l.Path, l.What, l.Why)
	}
	return t.Flush()
}
