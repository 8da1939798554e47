package accesspoint

import (
	"context"
	"fmt"
	"os"
	"time"

	"oots/edelivery/pmode/configuration"
	"oots/edelivery/pmode/keystore"
	"oots/internal/accesspoint/settings"
	"oots/internal/pmodes"
	"oots/internal/sqlstore"
)

// OpenBeside assembles what a command needs that acts beside the process which runs the access point: it has neither
// listeners nor work of its own, takes nothing up that another has claimed, and puts no P-Modes in force. Commands have
// names of their own, so any number may act at the same time. What one has claimed when it is killed is free again when
// its lease ends.
func OpenBeside(ctx context.Context, c settings.Config, d Deps) (*AccessPoint, error) {
	c.Node = fmt.Sprintf("%s+command+%d", c.Node, os.Getpid())
	db, err := openData(ctx, c, sqlstore.OpenExisting)
	if err != nil {
		return nil, err
	}
	a := &AccessPoint{Config: c, Store: db, d: d, beside: true, reloader: &reloader{now: d.Clock.Now, log: d.Log}}
	for _, step := range []func(context.Context) error{a.openKeys, a.openPModes, a.openSending, a.openServices} {
		if err := step(ctx); err != nil {
			a.Close()
			return nil, err
		}
	}
	return a, nil
}

// Keystores are our keys and all certificates that the configuration names, ours first: what a command judges and signs
// proofs with.
func Keystores(c settings.Config) (*keystore.Store, error) {
	all, _, err := openOwn(c.Keys.Own)
	if err != nil {
		return nil, err
	}
	partners, err := openPartners(c.Partners)
	if err != nil {
		return nil, err
	}
	all.Join(partners)
	return all, nil
}

// Certificates looks at the certificates of the parties of the P-Modes in force, ours among them, without our keys.
func Certificates(ctx context.Context, c settings.Config, db *sqlstore.Store, now time.Time) ([]keystore.Watch, error) {
	_, content, err := pmodes.New(pmodes.Deps{DB: db.DB, Store: db.PModes()}).Version(ctx, 0)
	if err != nil {
		return nil, err
	}
	all, err := openPartners(c.Partners)
	if err != nil {
		return nil, err
	}
	for i, o := range c.Keys.Own {
		s, err := openPublic(o, fmt.Sprintf("keys.own[%d]", i+1))
		if err != nil {
			return nil, err
		}
		all.Join(s)
	}
	return keystore.Parties{Store: all, Now: now}.Watch(partyNames(content)), nil
}

// partyNames are those of a P-Mode file.
func partyNames(content []byte) (out []string) {
	c, _ := configuration.Parse(content)
	if c == nil {
		return nil
	}
	for _, p := range c.Parties {
		out = append(out, p.Name)
	}
	return out
}
