package cli

import (
	"fmt"
	"time"

	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
)

// configTools are the commands on configurations.
type configTools struct {
	Test     configTest     `cmd:"" help:"Judge a configuration and everything that it names."`
	Describe configDescribe `cmd:"" help:"Say what a field is about."`
}

// configTest judges a configuration.
type configTest struct {
	File string `arg:"" optional:"" help:"Configuration of the access point." default:"oots.yaml" type:"path"`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (configTest) Help() string {
	return `It reads the configuration and the files that it names: keys, certificates, trust stores, P-Modes. Each finding has the
line, the field, what it means and what to try. Nothing is changed. It exits with 1 when the access point would not
start; warnings are what will trouble it later.

Example:
  oots config test oots.yaml`
}

// Run judges.
func (c configTest) Run(s streams) error {
	f, found, err := settings.ReadFile(c.File)
	if err != nil {
		return &hint{err, "oots quickstart"}
	}
	if f != nil {
		found = append(found, accesspoint.Examine(f, time.Now().UTC())...)
	}
	failed := settings.Failed(found)
	if c.JSON {
		if found == nil {
			found = []settings.Finding{}
		}
		err = lcmJSON(s.out, struct {
			File     string             `json:"file"`
			Sound    bool               `json:"sound"`
			Findings []settings.Finding `json:"findings"`
		}{c.File, !failed, found})
	} else {
		for _, x := range found {
			fmt.Fprintf(s.out, "%s: %s\n", c.File, x)
		}
		if !failed {
			fmt.Fprintf(s.out, "%s: the access point starts by it\n", c.File)
		}
	}
	if err == nil && failed {
		return errNo
	}
	return err
}

// configDescribe explains fields.
type configDescribe struct {
	Field string `arg:"" optional:"" help:"Field or section, such as as4.tls; the default is all."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (configDescribe) Help() string {
	return `The same text stands in docs/configuration.md and, as comments, in the file that oots quickstart writes.

Example:
  oots config describe as4.tls`
}

// Run explains.
func (c configDescribe) Run(s streams) error {
	all := settings.Describe(c.Field)
	if len(all) == 0 {
		return &hint{fmt.Errorf("there is no field %.80q", c.Field), "oots config describe"}
	}
	if c.JSON {
		return lcmJSON(s.out, all)
	}
	for _, d := range all {
		fmt.Fprintf(s.out, "%s  (%s)\n", d.Field, d.Kind)
		if d.Needed {
			fmt.Fprint(s.out, "    needed\n")
		}
		if d.Default != "" {
			fmt.Fprintf(s.out, "    default: %s\n", d.Default)
		}
		fmt.Fprintf(s.out, "    %s\n", d.Meaning)
		if d.Example != "" {
			fmt.Fprintf(s.out, "    example: %s\n", d.Example)
		}
	}
	return nil
}
