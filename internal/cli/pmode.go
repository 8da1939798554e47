package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"oots/edelivery/pmode/configuration"
)

// pmodeTools are the commands around P-Mode files.
type pmodeTools struct {
	Check        pmodeCheck        `cmd:"" help:"Judge P-Mode files: faults and what is not supported, by line."`
	Explain      pmodeExplain      `cmd:"" help:"Say which party may send what to whom."`
	Convert      pmodeConvert      `cmd:"" help:"Write a P-Mode file in the other form."`
	Diff         pmodeDiff         `cmd:"" help:"Say what is other in the second of two files."`
	Activate     pmodeActivate     `cmd:"" help:"Put a P-Mode file in force."`
	History      pmodeHistory      `cmd:"" help:"List what is and was in force."`
	Show         pmodeShow         `cmd:"" help:"Write a version as it was put in force."`
	Rollback     pmodeRollback     `cmd:"" help:"Put an earlier version in force again."`
	Certificates pmodeCertificates `cmd:"" help:"Look at the certificates of the parties of a file."`
}

// readConfiguration reads and judges a file; c is nil when it has faults.
func readConfiguration(name string) (c *configuration.Configuration, found configuration.Findings, err error) {
	b, err := readPModeFile(name)
	if err != nil {
		return nil, nil, err
	}
	c, found = configuration.Parse(b)
	return c, found, nil
}

func readPModeFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > configuration.MaxBytes {
		return nil, fmt.Errorf("%s: %d bytes, at most %d are read", name, info.Size(), configuration.MaxBytes)
	}
	return os.ReadFile(name)
}

// soundConfiguration is readConfiguration for commands that need a file without faults.
func soundConfiguration(s streams, name string) (*configuration.Configuration, configuration.Findings, error) {
	c, found, err := readConfiguration(name)
	if err == nil && c == nil {
		printFindings(s.err, name, found, true)
		err = &hint{fmt.Errorf("%s has faults", name), "oots pmode check " + name}
	}
	return c, found, err
}

// printFindings prints one line each: file, line, meaning.
func printFindings(w io.Writer, name string, found configuration.Findings, errorsOnly bool) {
	for _, f := range found {
		if errorsOnly && f.Severity != configuration.Error {
			continue
		}
		where := name
		if f.Line > 0 {
			where = fmt.Sprintf("%s:%d", name, f.Line)
		}
		path := ""
		if f.Path != "" {
			path = f.Path + ": "
		}
		fmt.Fprintf(w, "%s: %s: %s%s\n", where, f.Severity, path, f.Message)
	}
}

// pmodeCheck judges files.
type pmodeCheck struct {
	Files []string `arg:"" name:"file" help:"P-Mode files, in the form of Domibus or in YAML." type:"existingfile"`
	JSON  bool     `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (pmodeCheck) Help() string {
	return `The configuration documents of Domibus 5.1 and 5.2 are read, and our YAML. An error refuses the file. What is
unsupported is understood and left out when the file is put in force, which needs your consent. It exits with 1 when a
file has an error.

Example:
  oots pmode check pmode.xml`
}

// pmodeVerdict is what became of one file.
type pmodeVerdict struct {
	File     string                 `json:"file"`
	Form     configuration.Form     `json:"form"`
	Taken    bool                   `json:"taken"`
	Summary  configuration.Summary  `json:"summary"`
	Findings configuration.Findings `json:"findings"`
}

// Run judges the files.
func (c pmodeCheck) Run(s streams) error {
	var all []pmodeVerdict
	refused := false
	for _, name := range c.Files {
		b, err := readPModeFile(name)
		if err != nil {
			return err
		}
		parsed, found := configuration.Parse(b)
		v := pmodeVerdict{name, configuration.FormOf(b), parsed != nil, configuration.Summarize(parsed, found), found}
		if v.Findings == nil {
			v.Findings = configuration.Findings{}
		}
		refused = refused || parsed == nil
		all = append(all, v)
		if !c.JSON {
			printFindings(s.out, name, found, false)
			fmt.Fprintf(s.out, "%s: %s\n", name, v.Summary)
		}
	}
	if c.JSON {
		if err := lcmJSON(s.out, all); err != nil {
			return err
		}
	}
	if refused {
		return errNo
	}
	return nil
}

// pmodeConvert writes the other form.
type pmodeConvert struct {
	File string `arg:"" help:"P-Mode file, in either form." type:"existingfile"`
	To   string `help:"Form to write: ${enum}." enum:"yaml,domibus" required:"" placeholder:"FORM"`
	Out  string `short:"o" help:"File to write. The default is the standard output." placeholder:"FILE"`
}

// Help is the text below the usage line.
func (pmodeConvert) Help() string {
	return `Everything that the file says is kept, whether it is supported or not. YAML has a comment on each section and above
whatever is not supported.

Example:
  oots pmode convert pmode.xml --to yaml -o pmode.yaml`
}

// Run converts.
func (c pmodeConvert) Run(s streams) error {
	parsed, found, err := soundConfiguration(s, c.File)
	if err != nil {
		return err
	}
	b := configuration.Append(nil, parsed, found, configuration.Form(c.To))
	if c.Out == "" {
		_, err = s.out.Write(b)
		return err
	}
	if same(c.File, c.Out) {
		return &hint{errors.New("the file would be overwritten by its other form"), "-o " + c.File + ".new"}
	}
	return os.WriteFile(c.Out, b, 0o600) // parties may have passwords
}

func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y) || filepath.Clean(a) == filepath.Clean(b)
}

// pmodeDiff compares.
type pmodeDiff struct {
	Old  string `arg:"" help:"P-Mode file." type:"existingfile"`
	New  string `arg:"" help:"P-Mode file, in the same or the other form." type:"existingfile"`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (pmodeDiff) Help() string {
	return `Elements are compared by name, field by field; their order and the case of names do not count. It exits with 0 when
there is no difference, with 1 when there is one.

Example:
  oots pmode diff pmode.xml pmode-next.xml`
}

// Run compares.
func (c pmodeDiff) Run(s streams) error {
	before, _, err := soundConfiguration(s, c.Old)
	if err != nil {
		return err
	}
	after, _, err := soundConfiguration(s, c.New)
	if err != nil {
		return err
	}
	changes := configuration.Diff(before, after)
	if c.JSON {
		if changes == nil {
			changes = []configuration.Change{}
		}
		err = lcmJSON(s.out, changes)
	} else {
		printPModeChanges(s.out, changes)
	}
	if err == nil && len(changes) > 0 {
		return errNo
	}
	return err
}

func printPModeChanges(w io.Writer, changes []configuration.Change) {
	fmt.Fprintln(w, count(len(changes), "change"))
	for _, c := range changes {
		fmt.Fprintf(w, "  %s\n", c)
	}
}

// day is a date for people.
func day(t time.Time) string { return t.Format(time.DateOnly) }
