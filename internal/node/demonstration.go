package node

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"oots/directory"
	"oots/directory/discovery"
	"oots/directory/jades"
	"oots/directory/lcm"
	"oots/directory/query"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/demo"
	"oots/internal/dsd"
	"oots/internal/eb"
	"oots/internal/gateway"
	"oots/internal/lifecycle"
	"oots/internal/login/eidasnode"
	"oots/internal/lookup"
	"oots/internal/pki"
)

// Bases are the https addresses of a demonstration, without a slash at the end.
type Bases struct {
	Front  string   // start page and directories
	States []string // one per state of demo.States, in that order
}

// Options are what a demonstration is opened with.
type Options struct {
	Dir       string // keys, databases; made when missing
	Catalogue directory.Catalogue
	Bases     Bases
	Clock     clock.Clock
	Log       *slog.Logger
	T1        time.Duration     // the provider's; the requester waits a minute more
	Retry     gateway.RetryPlan // zero is the default
	Record    bool              // keep every byte in Dir/wire, per conversation
	Recorder  string            // keep every byte of one conversation in this folder
	Transport http.RoundTripper // between the parts; nil is TLS over the network
	// Names is host:port of a name server that leads every country to the directories, 0 for any free port; the
	// portals then find them by the DNS. "" runs none.
	Names string
	// Speaks are the release lines of the exchange that a country's portal and access point know; a country
	// that is not in it knows those of the catalogue.
	Speaks map[string][]edm.Version
	// Wait passes the time that an answer without evidence has to take; nil passes it for real.
	Wait  func(ctx context.Context, d time.Duration) error
	Rules *edm.Rules // how the rules of the messages are applied; nil as published, in our readings
	// Variant is what else is different; the zero value is the demonstration as it is.
	Variant Variant
}

// A Demonstration is two Member States and the directories between them, in one process. All connections
// go over TLS under one generated authority.
type Demonstration struct {
	States []*MemberState
	Common *CommonServices
	Front  http.Handler // start page, /eb/, /dsd/, /sr/, /lcm/, /as4

	options   Options
	authority *pki.Authority
	server    pki.Pair
	names     *discovery.Server // nil without
	signer    *jades.Keyring
	eidas     *eidasnode.Node
}

// Open makes or continues the demonstration kept in o.Dir.
func Open(ctx context.Context, o Options) (*Demonstration, error) {
	states := demo.States()
	if len(o.Bases.States) != len(states) {
		return nil, fmt.Errorf("node: %d addresses for %d Member States", len(o.Bases.States), len(states))
	}
	authority, err := pki.Open(filepath.Join(o.Dir, "keys"), o.Clock.Now())
	if err != nil {
		return nil, err
	}
	o.Catalogue.Services = speaking(o.Catalogue.Services, o.Speaks)
	d := &Demonstration{options: o, authority: authority}
	if d.server, err = authority.Server("server", "localhost", "127.0.0.1", "::1"); err != nil {
		return nil, err
	}
	if o.Transport == nil {
		d.options.Transport = &http.Transport{
			TLSClientConfig:    tlsConfig(authority.Pool()),
			DisableCompression: true,
			ForceAttemptHTTP2:  false,
			IdleConnTimeout:    30 * time.Second,
		}
	}
	recorder := d.recorder()
	common, err := d.openDirectories(ctx, states)
	if err == nil {
		err = d.openNames()
	}
	if err == nil {
		err = d.openStates(ctx, states, recorder, &common)
	}
	if err == nil {
		err = d.Common.openGateway(ctx, common)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// speaking returns the services with the release lines that their country speaks.
func speaking(services []directory.DataService, speaks map[string][]edm.Version) []directory.DataService {
	if len(speaks) == 0 {
		return services
	}
	out := slices.Clone(services)
	for i := range out {
		if lines, ok := speaks[out[i].Country()]; ok {
			out[i].ConformsTo = lines
		}
	}
	return out
}

func (d *Demonstration) recorder() *Recorder {
	complain := func(err error) { d.options.Log.Error("recording failed", "err", err) }
	switch {
	case d.options.Recorder != "":
		return NewRecorder(d.options.Recorder, true, complain)
	case d.options.Record:
		return NewRecorder(d.WireDir(), false, complain)
	}
	return nil
}

// WireDir is where a recording demonstration keeps its bytes.
func (d *Demonstration) WireDir() string { return filepath.Join(d.options.Dir, "wire") }

// Clock is the time of the demonstration.
func (d *Demonstration) Clock() clock.Clock { return d.options.Clock }

// Bases are the addresses.
func (d *Demonstration) Bases() Bases { return d.options.Bases }

// RootFile is the file of the authority's certificate.
func (d *Demonstration) RootFile() string { return d.authority.RootFile() }

// Sides returns who asks and who answers when s needs a document: her records lie in her country, so the
// other one asks.
func (d *Demonstration) Sides(s demo.Subject) (asking, answering *MemberState) {
	for _, m := range d.States {
		if m.Country == s.Identity.Country {
			answering = m
		} else {
			asking = m
		}
	}
	return asking, answering
}

// openDirectories opens the Common Services, all but their access point, which needs its peers.
func (d *Demonstration) openDirectories(ctx context.Context, states []demo.State) (commonServicesConfig, error) {
	o := &d.options
	none := commonServicesConfig{}
	var err error
	if d.signer, err = d.openSigner(); err != nil {
		return none, err
	}
	keys := filepath.Join(o.Dir, "keys")
	c := commonServicesConfig{base: o.Bases.Front, dir: o.Dir, states: states, client: d.httpClient(), clock: o.Clock, log: o.Log, retry: o.Retry}
	if c.sealing, err = pki.SealingKey(keys); err != nil {
		return none, err
	}
	if c.pair, err = d.authority.AccessPoint(CommonServicesParty.Value, lcm.Commission); err != nil {
		return none, err
	}
	var countries []string
	for _, s := range states {
		countries = append(countries, s.Country)
	}
	who, err := uploadTokens(keys, countries)
	if err != nil {
		return none, err
	}
	if d.Common, err = openCommonServices(ctx, c, o.Catalogue); err != nil {
		return none, err
	}
	source := d.Common.Lifecycle
	mux := http.NewServeMux()
	mux.Handle("/eb/", eb.New(eb.Deps{Source: source, Signer: d.signer, Clock: o.Clock, Log: o.Log}))
	mux.Handle("/dsd/", dsd.New(dsd.Deps{Source: source, Signer: d.signer, Clock: o.Clock, Log: o.Log}))
	mux.Handle(lifecycle.PathSubmissions, &lifecycle.Upload{Service: source, Who: who})
	mux.HandleFunc("/as4", func(w http.ResponseWriter, r *http.Request) { d.Common.Gateway.ServeHTTP(w, r) })
	asset, err := d.mountRepository(ctx, mux, who)
	if err != nil {
		return none, err
	}
	if err := d.mountScreens(mux, asset); err != nil {
		return none, err
	}
	if err := d.mountEIDAS(mux); err != nil {
		return none, err
	}
	if err := d.mountFront(mux); err != nil {
		return none, err
	}
	d.Front = mux
	return c, nil
}

func (d *Demonstration) openStates(ctx context.Context, states []demo.State, recorder *Recorder, common *commonServicesConfig) error {
	o := d.options
	sealing, err := pki.SealingKey(filepath.Join(o.Dir, "keys"))
	if err != nil {
		return err
	}
	configs := make([]stateConfig, len(states))
	for i, s := range states {
		pair, err := d.authority.AccessPoint(s.AccessPoint.Value, s.Country)
		if err != nil {
			return err
		}
		client, err := d.newLookup(s.Country, recorder)
		if err != nil {
			return err
		}
		configs[i] = stateConfig{
			State: s, base: o.Bases.States[i], dir: o.Dir, pair: pair, sealing: sealing, directory: client,
			client: d.httpClient(), clock: o.Variant.clock(s.Country, o.Clock), log: o.Log, t1: o.T1, retry: o.Retry, recorder: recorder, allowed: d.knows,
			speaks: o.Speaks[s.Country], rules: o.Rules, wait: o.Wait, variant: &d.options.Variant, eidas: d.eidas,
		}
	}
	for i := range configs {
		configs[i].peer = o.Variant.peer(configs[1-i].Country, configs[1-i].party())
		configs[i].common = commonServicesParty(common.base, common.pair.Certificate)
		common.peers = append(common.peers, o.Variant.peer(configs[i].Country, configs[i].party()))
		m, err := openState(ctx, configs[i])
		if err != nil {
			return err
		}
		d.States = append(d.States, m)
	}
	return nil
}

func (d *Demonstration) httpClient() *http.Client {
	return &http.Client{
		Transport:     d.options.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// knows reports whether host is one of the demonstration: previews elsewhere are not followed.
func (d *Demonstration) knows(host string) bool {
	for _, b := range d.options.Bases.States {
		if u, err := url.Parse(b); err == nil && (u.Host == host || u.Hostname() == host) {
			return true
		}
	}
	return false
}

// newLookup makes a client of the demonstration's directories.
func (d *Demonstration) newLookup(country string, recorder *Recorder) (*lookup.Client, error) {
	trust := jades.Policy{Roots: d.authority.Pool(), Subject: jades.Subject{Organization: "oots demonstration", OrganizationalUnit: "OOTS"}}
	disk, err := lookup.OpenDisk(filepath.Join(d.options.Dir, "directories", lower(country)))
	if err != nil {
		return nil, err
	}
	deps := lookup.Deps{
		Locator:   d.locator(country, trust, disk),
		Disk:      disk,
		Fresh:     lookup.Freshness{Catalogue: freshFor, Services: freshFor},
		Transport: d.options.Transport, Clock: d.options.Clock, Log: d.options.Log, Country: country,
		Versions: d.options.Variant.Lines,
	}
	if recorder != nil {
		deps.Tap = recorder.Directory
	}
	c := lookup.New(deps)
	for url, list := range demo.CodeLists(d.options.Catalogue) {
		if err := c.AddCodeList(url, list); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Step lets both Member States and the Common Services work until there is nothing to do.
func (d *Demonstration) Step(ctx context.Context) error {
	for busy := true; busy; {
		busy = false
		for _, m := range d.States {
			b, err := m.Work(ctx)
			if err != nil {
				return err
			}
			busy = busy || b
		}
		b, err := d.Common.Work(ctx)
		if err != nil {
			return err
		}
		busy = busy || b
	}
	return nil
}

// Serve answers on listeners (front, then one per Member State) and works until ctx ends.
func (d *Demonstration) Serve(ctx context.Context, listeners []net.Listener) error {
	handlers := []http.Handler{d.Front}
	for _, m := range d.States {
		handlers = append(handlers, m.Handler)
	}
	if len(listeners) != len(handlers) {
		return fmt.Errorf("node: %d listeners for %d servers", len(listeners), len(handlers))
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(handlers))
	var servers []*http.Server
	for i, h := range handlers {
		s := &http.Server{
			Handler:           h,
			TLSConfig:         d.serverTLS(),
			ReadHeaderTimeout: 10 * time.Second,
			ReadTimeout:       2 * time.Minute,
			WriteTimeout:      2 * time.Minute,
			IdleTimeout:       2 * time.Minute,
			MaxHeaderBytes:    32 << 10,
			ErrorLog:          slog.NewLogLogger(d.options.Log.Handler(), slog.LevelDebug),
		}
		if i == 0 { // a query too long has an answer of the directories, not of HTTP
			s.MaxHeaderBytes = query.MaxHeaderBytes
		}
		servers = append(servers, s)
		go func() { ended <- s.ServeTLS(listeners[i], "", "") }()
	}
	working := make(chan struct{}, len(d.States)+3)
	go func() { d.watchSigner(ctx); working <- struct{}{} }()
	go func() { d.serveNames(ctx); working <- struct{}{} }()
	go func() { d.Common.Run(ctx); working <- struct{}{} }()
	for _, m := range d.States {
		go func() { m.Run(ctx); working <- struct{}{} }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-ended:
	}
	stop()
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for _, s := range servers {
		s.Shutdown(grace)
	}
	for range cap(working) {
		<-working
	}
	return err
}

func (d *Demonstration) serverTLS() *tls.Config {
	c := tlsConfig(nil)
	c.Certificates = []tls.Certificate{{Certificate: [][]byte{d.server.Certificate.Raw}, PrivateKey: d.server.Key, Leaf: d.server.Certificate}}
	c.NextProtos = []string{"h2", "http/1.1"}
	return c
}

// Close releases the databases.
func (d *Demonstration) Close() error {
	var errs []error
	if d.Common != nil {
		errs = append(errs, d.Common.Close())
	}
	for _, m := range d.States {
		errs = append(errs, m.Close())
	}
	if d.names != nil {
		d.names.Close() // fails when Serve has closed it
	}
	return errors.Join(errs...)
}

func lower(s string) string { return strings.ToLower(s) }
