package cli

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"oots/directory"
	"oots/directory/discovery"
	"oots/directory/jades"
	"oots/directory/query"
	"oots/internal/clock"
	"oots/internal/lookup"
)

// signers are the flags that say whose signatures count.
type signers struct {
	Root      []string `help:"PEM file of the roots below which answers are signed; may be repeated. Roots of one environment only." placeholder:"FILE" type:"existingfile" sep:"none"`
	AnySigner bool     `help:"Accept every signer below the roots, not only the Commission's Common Services."`
}

// policy reads the roots.
func (f signers) policy() (jades.Policy, error) {
	if len(f.Root) == 0 {
		return jades.Policy{}, &hint{errors.New("no root is named, so no signature can count"), "--root with the PEM file of the environment's root certificate"}
	}
	p := jades.Policy{Roots: x509.NewCertPool()}
	for _, name := range f.Root {
		b, err := os.ReadFile(name)
		if err != nil {
			return jades.Policy{}, err
		}
		certs, err := jades.Certificates(b)
		if err != nil {
			return jades.Policy{}, fmt.Errorf("%s: %w", name, err)
		}
		for _, c := range certs {
			p.Roots.AddCert(c)
		}
	}
	if !f.AnySigner {
		p.Subject = jades.Commission()
	}
	return p, nil
}

// directorySource are the flags that say which directory is asked, and how.
type directorySource struct {
	signers
	Base        string   `help:"Base URL of the instance; without it the DNS is asked. eb/ or dsd/ is added where it is missing." placeholder:"URL"`
	DNS         []string `name:"dns" help:"Name server for --environment, HOST or HOST:PORT; may be repeated. The default is this machine's." placeholder:"SERVER" sep:"none"`
	Environment string   `help:"Environment whose names are resolved: acc, prod or testing." default:"prod" placeholder:"NAME"`
	Own         string   `help:"Country whose directory is asked when the DNS knows none of --country." placeholder:"CC"`
	Authentic   bool     `help:"Accept only answers of the DNS that a validating resolver marks as authentic (AD bit)."`
	CA          []string `name:"ca" help:"PEM file of authorities of web servers; the default is this machine's." placeholder:"FILE" type:"existingfile" sep:"none"`
	Line        []string `help:"Release line to accept: 2.0, 1.2, 1.1 or 1.0; may be repeated. The default offers all and takes the newest." enum:"2.0,1.2,1.1,1.0" sep:"none" placeholder:"LINE"`
	StrictRules bool     `help:"Refuse an answer that breaks a published rule of severity FATAL."`
	Verbose     bool     `short:"v" help:"Log what happens."`
}

// client makes the client of the directory of a country; country may be "" with --base only.
func (f directorySource) client(s streams, country string) (*lookup.Client, error) {
	trust, err := f.policy()
	if err != nil {
		return nil, err
	}
	pool, err := f.authorities()
	if err != nil {
		return nil, err
	}
	locator, err := f.locator(s, country, trust)
	if err != nil {
		return nil, err
	}
	d := lookup.Deps{
		Locator: locator, Transport: lookup.TransportOptions{Roots: pool, Log: s.log(f.Verbose)}.Transport(),
		Clock: clock.System(), Log: s.log(f.Verbose), Country: country, Versions: f.versions(),
	}
	if f.StrictRules {
		d.Rules = lookup.RefuseBrokenRules
	}
	return lookup.New(d), nil
}

func (f directorySource) authorities() (*x509.CertPool, error) {
	if len(f.CA) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	for _, name := range f.CA {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if !pool.AppendCertsFromPEM(b) {
			return nil, fmt.Errorf("%s: no certificate", name)
		}
	}
	return pool, nil
}

// versions are the release lines that --line names, or all, newest first.
func (f directorySource) versions() []directory.Version {
	all := []directory.Version{directory.V20, directory.V12, directory.V11, directory.V10}
	if len(f.Line) == 0 {
		return all
	}
	var out []directory.Version
	for _, v := range all {
		for _, l := range f.Line {
			if string(v) == "oots-cs:v"+l {
				out = append(out, v)
				break
			}
		}
	}
	return out
}

func (f directorySource) locator(s streams, country string, trust jades.Policy) (lookup.Locator, error) {
	if f.Base != "" {
		instance := strings.TrimRight(f.Base, "/")
		for _, segment := range []string{"/eb", "/dsd"} {
			instance = strings.TrimSuffix(instance, segment)
		}
		if _, err := discovery.CheckBase(instance); err != nil {
			return nil, &hint{err, "--base with an https URL such as https://query.example/eb/"}
		}
		return lookup.Static{
			{Service: query.EB}:  {BaseURL: instance + "/eb/", Trust: trust},
			{Service: query.DSD}: {BaseURL: instance + "/dsd/", Trust: trust},
		}, nil
	}
	if country == "" {
		return nil, &hint{errors.New("no directory is named"), "--base URL, or --country, whose directory the DNS names"}
	}
	servers := f.DNS
	if len(servers) == 0 {
		var err error
		if servers, err = discovery.SystemServers(); err != nil {
			return nil, &hint{fmt.Errorf("this machine names no name server: %w", err), "--dns SERVER"}
		}
	}
	return lookup.Discovered{
		Trust: map[string]jades.Policy{"": trust},
		Finder: discovery.NewFinder(discovery.Options{
			Resolver:    &discovery.Resolver{Servers: servers, Authentic: f.Authentic},
			Environment: discovery.Environment(f.Environment),
			Own:         f.Own, Fallback: f.Own != "",
			Now: time.Now, Log: s.log(f.Verbose),
		}),
	}, nil
}

// ask asks one query, in one of the versions or of those of --line. A refusal is told and is errNo.
func (f directorySource) ask(ctx context.Context, s streams, country string, r *query.Request, offered ...directory.Version) (*lookup.Fetched, error) {
	c, err := f.client(s, country)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	got, err := c.Fetch(ctx, r, offered...)
	if errors.Is(err, lookup.ErrNotRegistered) {
		return nil, &hint{fmt.Errorf("%s registers no such directory in environment %s", country, f.Environment), "another --environment, or --base URL"}
	}
	if err != nil {
		return nil, err
	}
	var no *directory.Refusal
	if !errors.As(got.Err, &no) {
		return got, nil
	}
	row, _ := query.Row(no.Code)
	fmt.Fprintf(s.err, "oots: the directory says %s: %s\n", no.Error(), row.Message)
	return nil, errNo
}

// origin is who answered, for people.
func origin(f *lookup.Fetched) string {
	v := f.Version
	if v == "" {
		v = directory.V10
	}
	return fmt.Sprintf("%s, %s, signed by %s", f.BaseURL, v, f.Signature.Certificate.Subject.CommonName)
}

// printIndented prints v as JSON for people and programs.
func printIndented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// captured are the headers that prove an answer.
func captured(h http.Header) []byte { return jades.AppendHeaders(nil, h) }

// keepAnswer writes the bytes of an answer as BASE.xml and BASE.headers, for oots cs verify.
func keepAnswer(base string, f *lookup.Fetched) error {
	if base == "" {
		return nil
	}
	if err := writeFile(base+".headers", captured(f.Header)); err != nil {
		return err
	}
	return writeFile(base+".xml", f.Body)
}
