package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"oots/directory/query"
	"oots/internal/lookup"
	"oots/internal/mirror"
)

// csMirror copies a directory.
type csMirror struct {
	directorySource
	Out           string        `required:"" help:"Folder of the copy; one of an earlier run is continued." type:"path" placeholder:"DIR"`
	Country       string        `help:"Country whose directories are copied, when the DNS is asked." placeholder:"CC"`
	Specification []string      `help:"Also ask for data services with this specification, as portals do; may be repeated. \"none\" asks only without." default:"oots-edm:v2.0" placeholder:"ID" sep:"none"`
	Refusals      bool          `help:"Also copy that a country has nothing for a requirement."`
	MaxAge        time.Duration `help:"Copy again what is older, such as 24h." placeholder:"AGE"`
	Parallel      int           `help:"Queries at a time, four at most." default:"2"`
	JSON          bool          `name:"json" help:"Print the summary as JSON."`
}

// Help is the text below the usage line.
func (csMirror) Help() string {
	return `It asks for the whole catalogue, for the requirements of each country and procedure, for the evidence types of each
requirement in each country, and for the data services of each type, and keeps each answer byte for byte beside its
headers. Every signature is verified. Release line 2.0 is copied, or each that --line names.

A run that is broken off goes on where it was. Answers that depend on what a user says cannot be copied: the question
is, what follows from it is not.

It exits with 0 when everything is there, and with 1 when some questions could not be copied.

Example:
  oots cs mirror --base https://query.example/ --root root.pem --out mirror`
}

// Run copies.
func (c csMirror) Run(ctx context.Context, s streams) error {
	if c.Parallel < 1 || c.Parallel > 4 {
		return &hint{errors.New("--parallel is outside 1 to 4"), "--parallel 2"}
	}
	client, err := c.instance(ctx, s)
	if err != nil {
		return err
	}
	defer client.Close()
	trust, err := c.policy()
	if err != nil {
		return err
	}
	versions := c.versions()
	if len(c.Line) == 0 {
		versions = versions[:1]
	}
	specifications := []string{""}
	for _, x := range c.Specification {
		if x != "none" {
			specifications = append(specifications, x)
		}
	}
	bar := newMeter(s.err)
	sum, err := (&mirror.Copier{
		Fetch: func(ctx context.Context, r *query.Request) (mirror.Answer, error) {
			f, err := client.Fetch(ctx, r, r.Version)
			if err != nil {
				return mirror.Answer{}, err
			}
			return mirror.Answer{Answer: f.Answer, Header: f.Header, Body: f.Body}, nil
		},
		Trust: trust, Versions: versions, Specifications: specifications, Refusals: c.Refusals, MaxAge: c.MaxAge, Parallel: c.Parallel,
		Progress: bar.show, Now: time.Now, Log: s.log(c.Verbose),
	}).Copy(ctx, c.Out)
	bar.end()
	var left *mirror.Incomplete
	if err != nil && !errors.As(err, &left) {
		return &hint{err, "the same command again: what was copied is kept"}
	}
	if c.JSON {
		if err := printIndented(s.out, sum); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(s.out, "%s holds %d answers of %d kB, of which %d are refusals or questions\n", c.Out, sum.Answers, sum.Bytes>>10, sum.Refusals)
	}
	if left != nil {
		fmt.Fprintf(s.err, "oots: %v\nTry: the same command again\n", left)
		return errNo
	}
	return nil
}

// instance is a client of one instance. With the DNS, the places of the country are settled once, so that the
// copy is of one directory.
func (c csMirror) instance(ctx context.Context, s streams) (*lookup.Client, error) {
	client, err := c.client(s, c.Country)
	if err != nil || c.Base != "" {
		return client, err
	}
	defer client.Close()
	fixed := make(lookup.Static)
	for _, service := range []query.Service{query.EB, query.DSD} {
		at, err := client.Locate(ctx, service, c.Country)
		if err != nil {
			return nil, err
		}
		fixed[lookup.Place{Service: service}] = at
	}
	return client.At(fixed), nil
}

// A meter shows the progress of a copy: on a terminal in one line, elsewhere a line for every thousand.
type meter struct {
	w        *os.File
	terminal bool
	last     time.Time
	shown    bool
}

func newMeter(w any) *meter {
	f, ok := w.(*os.File)
	if !ok {
		return &meter{}
	}
	info, err := f.Stat()
	return &meter{w: f, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (m *meter) show(p mirror.Progress) {
	if m.w == nil {
		return
	}
	line := fmt.Sprintf("%d of %d, %d from before, %d failed, at %s %s", p.Done, p.Known, p.Reused, p.Failed, p.Last.Query, p.Last.Country)
	switch {
	case m.terminal && (time.Since(m.last) > 100*time.Millisecond || p.Done == p.Known):
		m.last, m.shown = time.Now(), true
		fmt.Fprintf(m.w, "\r%-100.100s", line)
	case !m.terminal && p.Done%1000 == 0:
		fmt.Fprintln(m.w, line)
	}
}

func (m *meter) end() {
	if m.shown {
		fmt.Fprintln(m.w)
	}
}
