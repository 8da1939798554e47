package accesspoint

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/pmode"
	"oots/edelivery/pmode/configuration"
	"oots/internal/accesspoint/settings"
	"oots/internal/alert"
	"oots/internal/audit"
	"oots/internal/backend"
	"oots/internal/backend/rest"
	"oots/internal/clock"
	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/pmodes"
	"oots/internal/sqlstore"
	"oots/internal/wsplugin"
)

// Deps are what an access point works with besides its configuration.
type Deps struct {
	Clock   clock.Clock
	Log     *slog.Logger
	Version string // of the program
	// Listen opens listeners; nil is net.Listen.
	Listen func(network, address string) (net.Listener, error)
}

// An AccessPoint is one in service.
type AccessPoint struct {
	Config  settings.Config
	Store   *sqlstore.Store
	PModes  *pmodes.Archive
	Gateway *gateway.Gateway
	Backend *backend.Service
	Journal *audit.Journal

	d        Deps
	keys     *keyring
	modes    pmode.Source
	out      *sending // to partners
	notices  *sending // to back ends
	public   *serving // TLS of the listener for partners; nil for plain HTTP
	internal *serving
	reloader *reloader
	figures  *figures
	health   *health
	keeper   *audit.Keeper
	pages    console.Config
	watch    *alert.Watch
	held     *os.File // the lock; nil of a command
	beside   bool     // a command beside the process that runs it
	servers  []*server
}

// outbox is the gateway, which is made after what submits to it.
type outbox struct{ *gateway.Gateway }

// Open assembles an access point: it opens the data folder, brings its schema up to date, takes up what an earlier life
// had claimed, and puts the P-Modes of the configuration in force when none are. Close releases it; Run does, too.
func Open(ctx context.Context, c settings.Config, d Deps) (*AccessPoint, error) {
	a, err := start(ctx, c, d)
	return a, unopened(string(c.Data.Folder), err)
}

func start(ctx context.Context, c settings.Config, d Deps) (*AccessPoint, error) {
	if c.Data.DSN != "" {
		return nil, &fault{"data.dsn", "", errors.New("PostgreSQL is not supported by this version"), "data.folder, which holds a database of its own"}
	}
	if d.Listen == nil {
		d.Listen = net.Listen
	}
	key, err := sealingKey(c.Keys.Sealing)
	if err != nil {
		return nil, err
	}
	dir := string(c.Data.Folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &fault{"data.folder", dir, err, ""}
	}
	held, err := lock(dir, c.Node)
	if err != nil {
		return nil, &fault{"data.folder", dir, err, "ending it, or another name in the field node"}
	}
	db, err := sqlstore.Open(ctx, dir, key)
	if err != nil {
		held.Close()
		return nil, &fault{"data.folder", dir, err, cure(err)}
	}
	a := &AccessPoint{Config: c, Store: db, d: d, held: held, reloader: &reloader{now: d.Clock.Now, log: d.Log}}
	if err := a.assemble(ctx); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

var errTaken = errors.New("another process with the same name works in it")

// fileName is a name that can be one of a file.
func fileName(s string) string { return url.PathEscape(s) }

// Close releases the data folder.
func (a *AccessPoint) Close() error {
	for _, s := range a.servers {
		s.close()
	}
	err := a.Store.Close()
	if a.held != nil {
		err = errors.Join(err, a.held.Close())
	}
	return err
}

func (a *AccessPoint) assemble(ctx context.Context) error {
	for _, step := range []func(context.Context) error{a.openKeys, a.openPModes, a.openTLS, a.openServices, a.recover, a.openConsole, a.openHandlers} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// openKeys reads our keys and the certificates of partners.
func (a *AccessPoint) openKeys(context.Context) error {
	a.keys = &keyring{own: a.Config.Keys.Own, partners: a.Config.Partners, party: a.Config.Party, now: a.d.Clock.Now}
	return a.keys.load()
}

// openPModes takes up the P-Modes in force, or puts those of the configuration in force.
func (a *AccessPoint) openPModes(ctx context.Context) error {
	d := pmodes.Deps{DB: a.Store.DB, Store: a.Store.PModes(), Clock: a.d.Clock, Certificates: a.keys.certificates, Self: a.Config.Party}
	var err error
	if a.PModes, err = pmodes.Open(ctx, d); err != nil {
		return &fault{"pmodes", "", err, "oots pmode history --config FILE"}
	}
	a.modes, err = a.PModes.Source()
	switch {
	case errors.Is(err, pmodes.ErrNone) && a.beside:
		return &fault{"pmodes", "", err, "to start the access point first, which puts those of pmodes.file in force"}
	case errors.Is(err, pmodes.ErrNone):
		return a.firstPModes(ctx)
	}
	return err
}

// firstPModes puts the file of the configuration in force.
func (a *AccessPoint) firstPModes(ctx context.Context) error {
	file := string(a.Config.PModes.File)
	b, err := readBounded(file)
	if err != nil {
		return &fault{"pmodes.file", file, err, "oots pmode activate FILE --config CONFIG"}
	}
	p, err := a.PModes.Propose(ctx, b)
	if err != nil {
		return &fault{"pmodes.file", file, err, ""}
	}
	_, err = a.PModes.Activate(ctx, p, pmodes.Act{Actor: "first start", Note: filepath.Base(file), Partial: a.Config.PModes.Partial})
	if err != nil {
		return &fault{"pmodes.file", file, fmt.Errorf("%w: %s", err, worst(p.Findings)), "oots pmode check " + file}
	}
	a.d.Log.Info("P-Modes are in force", "version", 1, "file", filepath.Base(file))
	a.modes, err = a.PModes.Source()
	return err
}

// worst are the first findings that keep a file from being put in force.
func worst(all configuration.Findings) string {
	var out []string
	for _, f := range all {
		if f.Severity != configuration.Warning && len(out) < 5 {
			out = append(out, f.String())
		}
	}
	return strings.Join(out, "; ")
}

// watched reads files, and looks after them from then on.
func (a *AccessPoint) watched(name string, files func() []settings.Path, load func() error) error {
	a.reloader.add(&resource{name: name, files: files, load: load})
	return load()
}

// openSending makes what reaches the servers of others.
func (a *AccessPoint) openSending(context.Context) error {
	c := &a.Config
	a.out = &sending{trust: c.AS4.Trust, machine: c.AS4.TrustMachine, client: c.AS4.Client, tls: c.AS4.TLS, proxy: c.AS4.Proxy, field: "as4.trust"}
	a.notices = &sending{trust: c.Backend.Trust, tls: c.Backend.TLS, proxy: c.Backend.Proxy, field: "backend.trust"}
	return errors.Join(a.watched("as4.trust", a.out.files, a.out.load), a.watched("backend.trust", a.notices.files, a.notices.load))
}

// openTLS reads certificates, keys and trust.
func (a *AccessPoint) openTLS(ctx context.Context) error {
	c, err := &a.Config, a.openSending(ctx)
	if !c.AS4.TLS.Off {
		a.public = &serving{settings: c.AS4.TLS, field: "as4.tls", verified: true}
		err = errors.Join(err, a.watched("as4.tls", a.public.files, a.public.load))
	}
	if !c.Backend.TLS.Off && c.Backend.TLS.Certificate != "" {
		a.internal = &serving{settings: c.Backend.TLS, field: "backend.tls"}
		err = errors.Join(err, a.watched("backend.tls", a.internal.files, a.internal.load))
	}
	if a.internal == nil && !c.Backend.TLS.Off && !c.Backend.Listen.Local() {
		err = errors.Join(err, &fault{"backend.tls", "", errors.New("the listener can be reached from other machines and has no TLS"),
			"certificate and key, or off: true behind a proxy, or 127.0.0.1 in backend.listen"})
	}
	return err
}

func (a *AccessPoint) openServices(context.Context) error {
	c, log := &a.Config, a.d.Log
	a.figures = newFigures(a)
	a.Journal = audit.New(a.Store.Journal(), a.d.Clock)
	var err error
	if !a.beside {
		if a.keeper, err = audit.NewKeeper(a.Journal, a.Store.DB, string(c.Data.Journal), a.signer, log); err != nil {
			return &fault{"data.journal", string(c.Data.Journal), err, ""}
		}
	}
	rules, err := a.rules()
	if err != nil {
		return err
	}
	late := &outbox{}
	a.Backend, err = backend.New(backend.Config{
		Store: a.Store.Backend(), Gateway: late, PModes: a.modes, Clock: a.d.Clock, Suffix: c.Domain, Owner: c.Node, Log: log,
		Pending: c.Backend.Pending, Grace: atLeast(time.Duration(c.Backend.Grace)), Keep: time.Duration(c.Backend.Keep),
		Rules: rules, Pusher: wsplugin.Pusher{Client: a.noticeClient()},
	})
	if err != nil {
		return err
	}
	own := a.keys.identities()
	a.Gateway, err = gateway.New(gateway.Config{
		Self: own[0], PModes: a.modes, Store: a.Store.Gateway(), Spool: a.Store.Spool, Client: &http.Client{Transport: a.out}, Clock: a.d.Clock,
		Suffix: c.Domain, Owner: c.Node, Reading: c.AS4.Reading, Inbound: c.AS4.Inbound, Outbound: c.AS4.Outbound, Log: log,
		Limits: as4.Limits{
			Message: int64(c.AS4.Limits.Message), Part: int64(c.AS4.Limits.Part), Plain: int64(c.AS4.Limits.Plain), AllPlain: int64(c.AS4.Limits.Plain), Parts: c.AS4.Limits.Parts,
			Idle: time.Duration(c.AS4.Limits.Idle),
		},
		PerPartner: gateway.PartnerLimits{
			Inbound: c.AS4.Share.Inbound, Outbound: c.AS4.Share.Outbound, Rate: float64(c.AS4.Share.Rate), Burst: c.AS4.Share.Burst,
		},
		Consume: a.Backend.Consume, Fail: a.Backend.Fail, Sent: a.Backend.Sent, Record: a.record, Metrics: a.figures,
	})
	if err != nil {
		return err
	}
	late.Gateway = a.Gateway
	a.Gateway.SetIdentities(a.keys.identities())
	a.reloader.add(&resource{name: "keys", files: a.keys.files, load: a.loadKeys, due: a.keys.turned})
	return nil
}

// atLeast keeps a grace of nothing from meaning the default.
func atLeast(d time.Duration) time.Duration {
	if d == 0 {
		return -1
	}
	return d
}

// loadKeys exchanges our keys and the certificates of partners.
func (a *AccessPoint) loadKeys() error {
	if err := a.keys.load(); err != nil {
		return err
	}
	a.Gateway.SetIdentities(a.keys.identities())
	_, err := a.PModes.Reload(context.Background())
	return err
}

// noticeClient reaches back ends.
func (a *AccessPoint) noticeClient() *http.Client {
	return &http.Client{Transport: a.notices, Timeout: 5 * time.Minute}
}

// rules say which back ends are told of what.
func (a *AccessPoint) rules() (out []backend.Rule, err error) {
	for i, n := range a.Config.Backend.Notices {
		field := fmt.Sprintf("backend.notices[%d]", i+1)
		r := backend.Rule{Name: n.Name, Recipient: n.Recipient, URL: n.URL, Username: n.User, Keep: n.Keep}
		for _, k := range n.Kinds {
			r.Kinds = append(r.Kinds, backend.NoticeKind(k))
		}
		if r.Retry, err = pmode.ParseRetry(n.Retry); err != nil {
			return nil, &fault{field + ".retry", "", err, "60;10;CONSTANT"}
		}
		if r.Password, err = n.Password.Text(); err != nil {
			return nil, &fault{field + ".password", "", err, ""}
		}
		if n.Form == "webhook" {
			secret, err := n.Secret.Text()
			if err == nil && len(secret) < 16 {
				err = errors.New("a webhook needs a secret of at least 16 bytes")
			}
			if err != nil {
				return nil, &fault{field + ".secret", "", err, "file:PATH"}
			}
			r.Pusher = rest.Webhook{Client: a.noticeClient(), Secret: []byte(secret), Now: a.d.Clock.Now}
		}
		out = append(out, r)
	}
	return out, nil
}

// recover takes up what an earlier life of this process had claimed.
func (a *AccessPoint) recover(ctx context.Context) error {
	return errors.Join(a.Gateway.Recover(ctx), a.Backend.Recover(ctx))
}

// Reload looks at every file of certificates, keys and trust at once, and at the P-Modes in force.
func (a *AccessPoint) Reload() {
	a.d.Log.Info("told to look at the files again")
	a.reloader.look(true)
}

// Addresses are where the listeners listen, in the order partners, back ends, machines; after Listen.
func (a *AccessPoint) Addresses() (as4, backend, monitor net.Addr) {
	return a.servers[0].addr(), a.servers[1].addr(), a.servers[2].addr()
}
