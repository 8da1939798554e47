package node

import (
	"context"
	"strings"
	"time"

	"oots/codelist"
	"oots/directory"
	"oots/directory/discovery"
	"oots/directory/jades"
	"oots/directory/query"
	"oots/internal/lookup"
)

// namesTTL is how long the records of a demonstration are good: it may move to other ports.
const namesTTL = time.Minute

// openNames opens the name server, in whose zone every country points to the directories of the
// demonstration, as in reality most point to the Commission's. [TDD 3.4]
func (d *Demonstration) openNames() error {
	if d.options.Names == "" {
		return nil
	}
	places := make(map[discovery.Where]string)
	for _, c := range codelist.OOTSCountries.Codes() {
		for _, s := range []directory.Service{directory.EvidenceBroker, directory.DataServiceDirectory} {
			places[discovery.Where{Service: s, Country: c}] = d.options.Bases.Front + "/" + string(s) + "/"
		}
	}
	zone, err := discovery.NewZone(discovery.Testing, places, "localhost", namesTTL, uint32(d.options.Clock.Now().Unix()))
	if err != nil {
		return err
	}
	d.names, err = discovery.Listen(d.options.Names, zone, d.options.Log)
	return err
}

// Names is the address of the name server, host:port for UDP and TCP, "" when there is none; and a name that
// it knows.
func (d *Demonstration) Names() (address, example string) {
	if d.names == nil {
		return "", ""
	}
	example, err := discovery.Name("EL", directory.EvidenceBroker, discovery.Testing)
	if err != nil {
		return "", ""
	}
	return d.names.Addr(), strings.TrimSuffix(example, ".")
}

// serveNames answers until ctx ends; at once when there is no name server.
func (d *Demonstration) serveNames(ctx context.Context) {
	if d.names == nil {
		return
	}
	if err := d.names.Serve(ctx); err != nil {
		d.options.Log.Error("name server", "error", err)
	}
}

// locator is how a country finds the directories: by the DNS where the demonstration has a name server.
func (d *Demonstration) locator(country string, trust jades.Policy, places discovery.Memory) lookup.Locator {
	if d.names == nil {
		return lookup.Static{
			{Service: query.EB}:  {BaseURL: d.options.Bases.Front + "/eb/", Trust: trust},
			{Service: query.DSD}: {BaseURL: d.options.Bases.Front + "/dsd/", Trust: trust},
		}
	}
	return lookup.Discovered{
		Trust: map[string]jades.Policy{"": trust},
		Finder: discovery.NewFinder(discovery.Options{
			Resolver: &discovery.Resolver{Servers: []string{d.names.Addr()}}, Environment: discovery.Testing,
			Own: country, Memory: places, Now: d.options.Clock.Now, Log: d.options.Log,
		}),
	}
}
