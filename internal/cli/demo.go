package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/demo"
	"oots/internal/node"
)

// demoRun is one journey without a browser.
type demoRun struct {
	Dir       string   `help:"Folder for keys and databases. With it, a journey that was killed is continued; without it they are thrown away."`
	Catalogue []string `help:"Captured answers of real directories to import instead of the demonstration's catalogue. More files may follow." type:"path" placeholder:"FILE" sep:"none"`
	More      []string `arg:"" optional:"" name:"file" help:"Further files for --catalogue." type:"path"`
	Procedure string   `help:"Procedure code." default:"T3"`
	Subject   string   `help:"Test person; oots demo --subject list names them." default:"eleni"`
	Decline   bool     `help:"Decline in the preview."`
	EDM       string   `name:"edm" help:"Release line of the exchange that the answering Member State speaks: v1.0, v1.1, v1.2 or v2.0." default:"v2.0" placeholder:"LINE"`
	Out       string   `help:"Folder for the evidence and every byte of the journey." default:"out"`
	JSON      bool     `name:"json" help:"Print the result as JSON instead of the steps."`
	Verbose   bool     `short:"v" help:"Log what happens."`
}

// Help is the text below the usage line.
func (demoRun) Help() string {
	return `A test person logs in at the portal of one Member State, asks the directories who has her document, asks
for it explicitly, looks at it in the preview space of the other Member State and releases it. Evidence,
EDM messages, AS4 entities with their HTTP headers, receipts, and signed directory answers land in --out.
It exits with 0 when evidence arrived and with 1 when none did.

Examples:
  oots demo --out out
  oots demo --subject hans --procedure T1
  oots demo --edm v1.2
  oots demo --catalogue eb_requirements_catalogue.xml --procedure T3`
}

// unfinished is the file in --dir that names a journey under way.
const unfinished = "journey.json"

// pending is what unfinished holds.
type pending struct {
	Application string `json:"application"`
	Subject     string `json:"subject"`
	Procedure   string `json:"procedure"`
	Decline     bool   `json:"decline"`
	Ports       []int  `json:"ports"` // links that are already given out lead to them
}

// Run makes the journey.
func (c demoRun) Run(ctx context.Context, s streams) error {
	if c.Subject == "list" {
		return listSubjects(s)
	}
	catalogue, counted, err := c.catalogue()
	if err != nil {
		return err
	}
	dir := c.Dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "oots-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	before, resumed := c.resume(dir)
	if !resumed {
		if err := c.clear(before); err != nil {
			return err
		}
	}
	subject, err := findSubject(before.Subject)
	if err != nil {
		return err
	}
	speaks := edm.Version("oots-edm:" + c.EDM)
	if speaks.Line() == "" {
		return fmt.Errorf("--edm %s: the release lines are v1.0, v1.1, v1.2 and v2.0", c.EDM)
	}
	listeners, err := listen("oots demo", before.Ports)
	if err != nil {
		return err
	}
	before.Ports = ports(listeners)
	d, err := node.Open(ctx, node.Options{
		Dir: dir, Catalogue: catalogue, Clock: clock.System(), Log: s.log(c.Verbose), T1: 5 * time.Minute, Recorder: c.Out, Names: "127.0.0.1:0",
		Speaks: map[string][]edm.Version{subject.Identity.Country: {speaks}},
		Bases:  node.Bases{Front: base(listeners[0]), States: []string{base(listeners[1]), base(listeners[2])}},
	})
	if err != nil {
		return err
	}
	defer d.Close()
	c.sayf(s, "Two access points, two portals and the directories are up: %s\n", strings.Join(append([]string{d.Bases().Front}, d.Bases().States...), " "))
	c.sayf(s, "Catalogue: %d requirements, %d frameworks, %d countries, %d evidence type lists, %d data services\n\n",
		counted.Requirements, counted.Frameworks, counted.Countries, counted.Lists, counted.Services)

	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- d.Serve(serving, listeners) }()
	defer func() { stop(); <-served }()

	began := time.Now()
	j := &node.Journey{
		Demonstration: d, Subject: subject, Procedure: before.Procedure, Decline: before.Decline,
		Tell: func(step node.Step) {
			c.sayf(s, "%7.3fs  %s\n", time.Since(began).Seconds(), step.Text)
		},
		Wait: func(ctx context.Context) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(20 * time.Millisecond):
				return nil
			}
		},
		Opened: func(id string) {
			before.Application = id
			writeJSON(filepath.Join(dir, unfinished), before)
		},
	}
	if resumed {
		j.Application = before.Application
	}
	result, err := j.Run(ctx)
	if err != nil {
		if errors.Is(err, node.ErrNothingToAsk) || errors.Is(err, node.ErrNoPath) {
			fmt.Fprintln(s.err, "oots:", err)
			return errNo
		}
		return err
	}
	os.Remove(filepath.Join(dir, unfinished))
	return c.finish(s, result)
}

// sayf prints a line for a person; nothing when JSON is asked for.
func (c demoRun) sayf(s streams, format string, args ...any) {
	if !c.JSON {
		fmt.Fprintf(s.out, format, args...)
	}
}

// catalogue is the demonstration's own, or the imported one with the demonstration's providers added to
// it; the counts are those of what was imported.
func (c demoRun) catalogue() (directory.Catalogue, directory.Counts, error) {
	if len(c.Catalogue) == 0 {
		if len(c.More) > 0 {
			return directory.Catalogue{}, directory.Counts{}, &hint{fmt.Errorf("unexpected argument %s", c.More[0]), "oots demo --catalogue FILE…"}
		}
		own, err := demo.Catalogue()
		return own, own.Counts(), err
	}
	imported, err := demo.Import(append(c.Catalogue, c.More...))
	if err != nil {
		return directory.Catalogue{}, directory.Counts{}, &hint{err, "a captured answer of the Evidence Broker or the Data Service Directory, unchanged"}
	}
	counted := imported.Counts()
	merged, err := demo.Overlay(imported)
	return merged, counted, err
}

// resume finds the journey that an earlier run with the same --dir did not finish.
func (c demoRun) resume(dir string) (pending, bool) {
	p := pending{Subject: c.Subject, Procedure: c.Procedure, Decline: c.Decline, Ports: make([]int, 3)}
	b, err := os.ReadFile(filepath.Join(dir, unfinished))
	if err != nil {
		return p, false
	}
	var old pending
	if json.Unmarshal(b, &old) != nil || old.Application == "" || len(old.Ports) != 3 {
		return p, false
	}
	return old, true
}

// clear removes what an earlier journey left in --out, which its journey.json gives away, and begins a new
// journey.json.
func (c demoRun) clear(p pending) error {
	mark := filepath.Join(c.Out, "journey.json")
	if _, err := os.Stat(mark); err == nil {
		old, err := filepath.Glob(filepath.Join(c.Out, "evidence*.pdf"))
		if err != nil {
			return err
		}
		for _, name := range append(old, filepath.Join(c.Out, "edm"), filepath.Join(c.Out, "as4"), filepath.Join(c.Out, "directories")) {
			if err := os.RemoveAll(name); err != nil {
				return err
			}
		}
	}
	return writeJSON(mark, p)
}

// finish writes the evidence and journey.json, and says what is where.
func (c demoRun) finish(s streams, r *node.Result) error {
	var files []string
	for i, e := range r.Evidence {
		name := "evidence.pdf"
		if i > 0 {
			name = fmt.Sprintf("evidence-%d.pdf", i+1)
		}
		if err := writeFile(filepath.Join(c.Out, name), e.Content); err != nil {
			return err
		}
		files = append(files, name)
	}
	if err := writeJSON(filepath.Join(c.Out, "journey.json"), r); err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	if len(files) == 0 {
		c.sayf(s, "\nNo evidence arrived. The bytes are in %s.\n", c.Out)
		return errNo
	}
	c.sayf(s, "\nThe evidence is %s. Every byte of the journey is in %s:\n", filepath.Join(c.Out, files[0]), c.Out)
	c.sayf(s, "  edm/          the messages in clear\n  as4/          the signed and encrypted entities, their HTTP headers, the receipts\n  directories/  the signed answers of EB and DSD\n  journey.json  identifiers, states, durations\n")
	return nil
}

func listSubjects(s streams) error {
	for _, p := range demo.Subjects() {
		if _, err := fmt.Fprintf(s.out, "%-15s %s %-42s %s\n", p.Key, p.Identity.Country, p.Identity.Name(), p.What()); err != nil {
			return err
		}
	}
	return nil
}

func findSubject(key string) (demo.Subject, error) {
	for _, p := range demo.Subjects() {
		if p.Key == key {
			return p, nil
		}
	}
	return demo.Subject{}, &hint{fmt.Errorf("no test person is called %q", key), "oots demo --subject list"}
}

func writeFile(name string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o644)
}

func writeJSON(name string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(name, append(b, '\n'))
}
